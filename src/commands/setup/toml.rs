//! cargo's TOML, changed in one place: comments, order and what nobody here knows stay.

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::format::{Format, Odd, line_end};

/// The credential provider of a registry, whose name is the key.
pub(super) struct Registries;

const SETTING: &str = "credential-provider";

impl Format for Registries {
    fn values(&self, text: Option<&str>, key: &str) -> Result<Vec<String>, Odd> {
        let document = read(text.unwrap_or_default())?;
        let registry = table(document.as_item(), "registries").and_then(|it| table(it, key));
        let value = registry.and_then(|registry| registry.get(SETTING)?.as_value());
        let value = value.map(|value| value.clone().decorated("", "").to_string());
        Ok(value.into_iter().collect())
    }

    fn with(
        &self,
        text: Option<&str>,
        key: &str,
        values: &[String],
    ) -> Result<Option<String>, Odd> {
        let text = text.unwrap_or_default();
        let mut document = read(text)?;
        let registries = document.entry("registries").or_insert_with(implicit);
        let registries = registries.as_table_like_mut();
        let registries =
            registries.ok_or_else(|| Odd::broken("cargo", "`registries` is no table"))?;
        let registry = registries.entry(key).or_insert_with(implicit);
        let registry: Option<&mut dyn TableLike> = registry.as_table_like_mut();
        let registry = registry.ok_or_else(|| Odd::broken("cargo", "a registry is no table"))?;
        match values.first() {
            None => {
                registry.remove(SETTING);
            }
            Some(value) => {
                let mut value: Value = value
                    .parse()
                    .map_err(|_| Odd::broken("cargo", "a value is no TOML"))?;
                // What stands behind the value, such as a comment, stays.
                if let Some(old) = registry.get(SETTING).and_then(Item::as_value) {
                    *value.decor_mut() = old.decor().clone();
                }
                registry.insert(SETTING, Item::Value(value));
            }
        }
        Ok(Some(ended_as(text, document.to_string())))
    }
}

/// The writer ends every line alike, and the last one too.
fn ended_as(text: &str, mut new: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') && new.ends_with('\n') {
        new.pop();
    }
    match line_end(text) {
        "\r\n" => new.replace("\r\n", "\n").replace('\n', "\r\n"),
        _ => new,
    }
}

/// Reads a file of cargo's.
pub(super) fn read(text: &str) -> Result<DocumentMut, Odd> {
    text.parse()
        .map_err(|error: toml_edit::TomlError| Odd::broken("cargo", error.message()))
}

/// Finds a table in a table.
pub(super) fn table<'a>(within: &'a Item, name: &str) -> Option<&'a Item> {
    within.get(name).filter(|item| item.is_table_like())
}

fn implicit() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = r#"["/k/cargo-credential-keyfob"]"#;

    fn with(text: &str, values: &[&str]) -> String {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Registries.with(Some(text), "my", &values).unwrap().unwrap()
    }

    #[test]
    fn one_setting_changes_and_all_else_stays() {
        for (before, after) in [
            (
                "# mine\n[registries.my]  # x\nindex = \"sparse+https://a/\"\n\n[net]\nretry=2",
                "# mine\n[registries.my]  # x\nindex = \"sparse+https://a/\"\nVALUE\n\n[net]\nretry=2",
            ),
            (
                "registries.my.index = 'https://a'\nregistries.other.index = 'b'\n",
                "registries.my.index = 'https://a'\nregistries.my.VALUE\nregistries.other.index = 'b'\n",
            ),
            (
                "[registries]\nmy = { index = \"a\" }\n",
                "[registries]\nmy = { index = \"a\" , VALUE }\n",
            ),
            (
                "[registries.my]\r\nindex = \"a\"\r\n",
                "[registries.my]\r\nindex = \"a\"\r\nVALUE\r\n",
            ),
            (
                "[registries.my]\ncredential-provider = \"cargo:token\" # mine\n",
                "[registries.my]\nVALUE # mine\n",
            ),
        ] {
            let after = after.replace("VALUE", &format!("credential-provider = {VALUE}"));

            assert_eq!(with(before, &[VALUE]), after);
            assert_eq!(Registries.values(Some(&after), "my").unwrap(), [VALUE]);
            let old = Registries.values(Some(before), "my").unwrap();
            let old: Vec<&str> = old.iter().map(String::as_str).collect();
            assert_eq!(with(&after, &old), before);
        }
    }

    #[test]
    fn what_cargo_would_not_read_is_refused() {
        for text in ["[", "registries = 1\n[registries.my]", "a = 1\na = 2\n"] {
            assert!(Registries.values(Some(text), "my").is_err(), "{text}");
        }
        for text in ["registries = 1\n", "registries.my = 1\n"] {
            let with = Registries.with(Some(text), "my", &[VALUE.to_owned()]);
            assert!(with.is_err(), "{text}");
        }
    }
}
