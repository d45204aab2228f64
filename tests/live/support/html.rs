//! Just enough of HTML to fill in a form the way a person with a browser would. Not a parser: it
//! reads the tags of the pages these tests meet, and knows their attributes.

use std::collections::BTreeMap;

/// A form with what it would send: its hidden and prefilled fields, and the buttons to choose from.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) method: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) buttons: Vec<Button>,
}

/// An input, with the kind that tells whether a person fills it in.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) value: String,
    pub(crate) checked: bool,
}

impl Field {
    /// Whether it is one of several to choose from.
    pub(crate) fn is_choice(&self) -> bool {
        self.kind == "radio"
    }
}

/// A button: most have no name and send nothing.
#[derive(Debug)]
pub(crate) struct Button {
    pub(crate) name: Option<String>,
    pub(crate) value: String,
}

/// Every form of a page, with the buttons that stand outside and name it.
pub(crate) fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<(Option<String>, Form)> = Vec::new();
    let mut inside = false;
    for tag in tags(page) {
        let mut attributes = tag.attributes;
        let mut take = |name: &str| attributes.remove(name);
        match tag.name.as_str() {
            "form" => {
                inside = true;
                let form = Form {
                    action: take("action").unwrap_or_default(),
                    method: take("method")
                        .unwrap_or_else(|| "get".to_owned())
                        .to_lowercase(),
                    ..Form::default()
                };
                forms.push((take("id"), form));
            }
            "/form" => inside = false,
            "input" if inside => {
                let (Some(name), Some((_, form))) = (take("name"), forms.last_mut()) else {
                    continue;
                };
                let kind = take("type").unwrap_or_else(|| "text".to_owned());
                let value = take("value").unwrap_or_default();
                let checked = take("checked").is_some();
                form.fields.push(Field {
                    name,
                    kind,
                    value,
                    checked,
                });
            }
            "button" => {
                let owner = take("form");
                let button = Button {
                    name: take("name"),
                    value: take("value").unwrap_or_default(),
                };
                let form = match owner {
                    Some(_) => forms.iter_mut().find(|(id, _)| *id == owner),
                    None => forms.last_mut().filter(|_| inside),
                };
                if let Some((_, form)) = form {
                    form.buttons.push(button);
                }
            }
            _ => {}
        }
    }
    forms.into_iter().map(|(_, form)| form).collect()
}

/// The words of a page without its tags, styles and scripts.
pub(crate) fn text(page: &str) -> String {
    let mut words = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        words.push_str(before);
        words.push(' ');
        let skipped = ["style", "script", "title"]
            .into_iter()
            .find(|tag| after.starts_with(tag));
        rest = match skipped {
            Some(tag) => after
                .split_once(&format!("</{tag}>"))
                .map_or("", |(_, rest)| rest),
            None => after.split_once('>').map_or("", |(_, rest)| rest),
        };
    }
    words.push_str(rest);
    unescape(&words.split_whitespace().collect::<Vec<_>>().join(" "))
}

struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
}

fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let name: String = after
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "/!-".contains(*c))
            .collect();
        let (attributes, left) = attributes(after.strip_prefix(&name).unwrap_or(after));
        rest = left;
        tags.push(Tag {
            name: name.to_lowercase(),
            attributes,
        });
    }
    tags
}

/// The attributes up to the tag's end, and what stands after it.
fn attributes(tag: &str) -> (BTreeMap<String, String>, &str) {
    let mut found = BTreeMap::new();
    let mut rest = tag.trim_start();
    while !rest.is_empty() && !rest.starts_with('>') {
        let end = rest.find([' ', '\n', '\t', '=', '>']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end.max(1));
        rest = after.trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = match after.trim_start() {
                quoted if quoted.starts_with(['"', '\'']) => {
                    let (quote, inner) = quoted.split_at(1);
                    inner.split_once(quote).unwrap_or((inner, ""))
                }
                plain => plain.split_at(plain.find([' ', '\n', '>']).unwrap_or(plain.len())),
            };
            rest = rest.trim_start();
        }
        found.insert(name.to_lowercase(), unescape(value));
    }
    (found, rest.strip_prefix('>').unwrap_or(rest))
}

fn unescape(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (name, sign)| {
        text.replace(name, sign)
    })
}

#[test]
fn a_button_outside_its_form_belongs_to_the_form_it_names() {
    let page = r#"<form id="a" method=post action="/x?y=1&amp;z=2"><input type=hidden name=k
        value="v&quot;"></form><button form="a" name=go value=yes>Go</button>"#;

    let [form] = &forms(page)[..] else {
        unreachable!("one form")
    };

    assert_eq!(
        (form.action.as_str(), form.method.as_str()),
        ("/x?y=1&z=2", "post")
    );
    assert_eq!(
        (form.fields[0].name.as_str(), form.fields[0].value.as_str()),
        ("k", "v\"")
    );
    assert_eq!(form.buttons[0].name.as_deref(), Some("go"));
}
