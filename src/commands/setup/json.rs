//! A JSON file of another program's, changed in one place: every other byte stays, the order, the
//! white space and what nobody here knows included.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::format::{Format, Odd};

/// The texts in one object of the file's outermost one, such as docker's `credHelpers`.
pub(super) struct Members {
    /// Whose file it is.
    pub(super) program: &'static str,
    /// The object's name.
    pub(super) within: &'static str,
}

/// One member of an object, by its places in the text.
#[derive(Clone, Debug)]
struct Member {
    name: String,
    starts: usize,
    value: Range<usize>,
}

/// An object: its members, and where its end is.
struct Object {
    members: Vec<Member>,
    end: usize,
}

impl Object {
    fn find(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Format for Members {
    fn values(&self, text: Option<&str>, key: &str) -> Result<Vec<String>, Odd> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            return Ok(Vec::new());
        };
        let Some((_, inner)) = self.inner(text)? else {
            return Ok(Vec::new());
        };
        let value = inner.find(key).map(|member| {
            let value = text.get(member.value.clone()).unwrap_or_default();
            serde_json::from_str::<String>(value).map_err(|_| {
                Odd::broken(self.program, &format!("`{key}` has no text as its value"))
            })
        });
        Ok(value.transpose()?.into_iter().collect())
    }

    fn with(
        &self,
        text: Option<&str>,
        key: &str,
        values: &[String],
    ) -> Result<Option<String>, Odd> {
        let given = text.unwrap_or_default();
        let value = values.first().map(|value| {
            let (key, value) = (quoted(key), quoted(value));
            (format!("{key}: {value}"), value)
        });
        let Some((member, value)) = value else {
            return self.without(given, key).map(Some);
        };
        if given.trim().is_empty() {
            return Ok(Some(self.anew(&member)));
        }
        let outer = self.outer(given)?;
        let text = match self.inner(given)? {
            Some((_, inner)) => match inner.find(key) {
                Some(found) => replaced(given, found.value.clone(), &value),
                None => inserted(given, &inner, &member),
            },
            None if outer.members.is_empty() => self.anew(&member),
            None => {
                let gap = gap(given, &outer);
                let name = quoted(self.within);
                let new = match gap.rsplit_once('\n') {
                    Some((_, indent)) => {
                        format!("{name}: {{{gap}{indent}{member}{gap}}}")
                    }
                    None => format!("{name}: {{{member}}}"),
                };
                // What is `null` there means the same as nothing.
                match outer.find(self.within) {
                    Some(null) => replaced(given, null.starts..null.value.end, &new),
                    None => inserted(given, &outer, &new),
                }
            }
        };
        Ok(Some(text))
    }
}

impl Members {
    /// A file with nothing else in it, laid out as docker does.
    fn anew(&self, member: &str) -> String {
        let name = quoted(self.within);
        format!("{{\n\t{name}: {{\n\t\t{member}\n\t}}\n}}\n")
    }

    fn without(&self, text: &str, key: &str) -> Result<String, Odd> {
        let Some((holder, inner)) = self.inner(text)? else {
            return Ok(text.to_owned());
        };
        let Some(found) = inner.find(key) else {
            return Ok(text.to_owned());
        };
        if inner.members.len() > 1 {
            return Ok(removed(text, &inner, found));
        }
        Ok(removed(text, &self.outer(text)?, &holder))
    }

    fn outer(&self, text: &str) -> Result<Object, Odd> {
        if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
            return Err(Odd::broken(self.program, &error.to_string()));
        }
        let start = after_space(text.as_bytes(), 0);
        match text.as_bytes().get(start) {
            Some(b'{') => Ok(object(text, start)),
            _ => Err(Odd::broken(self.program, "it is no JSON object")),
        }
    }

    /// The object that is meant, with the member that holds it; none when there is none.
    fn inner(&self, text: &str) -> Result<Option<(Member, Object)>, Odd> {
        let outer = self.outer(text)?;
        let mut found = outer
            .members
            .into_iter()
            .filter(|member| member.name == self.within);
        let Some(holder) = found.next() else {
            return Ok(None);
        };
        if found.next().is_some() {
            let why = format!("it has `{}` twice", self.within);
            return Err(Odd::broken(self.program, &why));
        }
        match text.as_bytes().get(holder.value.start) {
            Some(b'{') => {
                let inner = object(text, holder.value.start);
                Ok(Some((holder, inner)))
            }
            Some(b'n') => Ok(None),
            _ => {
                let why = format!("`{}` is no JSON object", self.within);
                Err(Odd::broken(self.program, &why))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn replaced(text: &str, range: Range<usize>, with: &str) -> String {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    format!("{before}{with}{after}")
}

/// Puts a member at the end of an object.
fn inserted(text: &str, object: &Object, member: &str) -> String {
    match object.members.last() {
        Some(last) => {
            let new = format!(",{}{member}", gap(text, object));
            replaced(text, last.value.end..last.value.end, &new)
        }
        None => replaced(text, object.end..object.end, member),
    }
}

/// Takes a member out, with the comma that is one too many then.
fn removed(text: &str, object: &Object, gone: &Member) -> String {
    let index = object
        .members
        .iter()
        .position(|it| it.starts == gone.starts);
    let before = index.and_then(|index| object.members.get(index.checked_sub(1)?));
    let after = index.and_then(|index| object.members.get(index + 1));
    let range = match (before, after) {
        (Some(before), _) => before.value.end..gone.value.end,
        (None, Some(after)) => gone.starts..after.starts,
        (None, None) => gone.starts..object.end,
    };
    replaced(text, range, "")
}

/// What stands before the last member of an object: how its members are set apart.
fn gap<'a>(text: &'a str, object: &Object) -> &'a str {
    let Some(last) = object.members.last() else {
        return "";
    };
    let before = text.get(..last.starts).unwrap_or_default();
    let end = before.trim_end_matches([' ', '\t', '\r', '\n']).len();
    before.get(end..).unwrap_or_default()
}

/// Takes an object apart. The text is known to be JSON.
fn object(text: &str, start: usize) -> Object {
    let bytes = text.as_bytes();
    let mut members = Vec::new();
    let mut at = after_space(bytes, start + 1);
    while let Some(b'"') = bytes.get(at) {
        let name = at..after_text(bytes, at);
        let colon = after_space(bytes, name.end);
        let value = after_space(bytes, colon + 1);
        let end = after_value(bytes, value);
        let written = text.get(name.clone()).unwrap_or_default();
        members.push(Member {
            name: serde_json::from_str(written).unwrap_or_default(),
            starts: name.start,
            value: value..end,
        });
        at = after_space(bytes, end);
        if bytes.get(at) == Some(&b',') {
            at = after_space(bytes, at + 1);
        }
    }
    Object { members, end: at }
}

fn after_space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.iter().skip(from);
    from + rest.take_while(|byte| b" \t\r\n".contains(byte)).count()
}

/// Where a text in quotes ends.
fn after_text(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    loop {
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') => return at + 1,
            Some(_) => at += 1,
            None => return at,
        }
    }
}

fn after_value(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    loop {
        match bytes.get(at) {
            Some(b'"') => at = after_text(bytes, at),
            Some(b'{' | b'[') => {
                depth += 1;
                at += 1;
            }
            Some(b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n') if depth == 0 => return at,
            Some(b'}' | b']') => {
                depth -= 1;
                at += 1;
            }
            Some(_) => {
                at += 1;
                continue;
            }
            None => return at,
        }
        if depth == 0 {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCKER: Members = Members {
        program: "docker",
        within: "credHelpers",
    };

    fn set(text: &str, key: &str, value: &str) -> String {
        let with = DOCKER.with(Some(text), key, &[value.to_owned()]);
        with.unwrap().unwrap()
    }

    fn values(text: &str, key: &str) -> Vec<String> {
        DOCKER.values(Some(text), key).unwrap()
    }

    /// Every shape, and what it becomes.
    const SHAPES: &[(&str, &str)] = &[
        (
            "",
            "{\n\t\"credHelpers\": {\n\t\t\"r.io\": \"keyfob\"\n\t}\n}\n",
        ),
        (
            "{}",
            "{\n\t\"credHelpers\": {\n\t\t\"r.io\": \"keyfob\"\n\t}\n}\n",
        ),
        (
            "{\n\t\"auths\": {\"a\": {}},\n\t\"x\": [1, {\"credHelpers\": {}}]\n}",
            "{\n\t\"auths\": {\"a\": {}},\n\t\"x\": [1, {\"credHelpers\": {}}],\n\t\"credHelpers\": {\n\t\t\"r.io\": \"keyfob\"\n\t}\n}",
        ),
        (
            "{\"a\":1.50,\"b\":\"}\\\"{\"}",
            "{\"a\":1.50,\"b\":\"}\\\"{\",\"credHelpers\": {\"r.io\": \"keyfob\"}}",
        ),
        (
            "{\r\n  \"credHelpers\": {\r\n    \"b.io\": \"x\"\r\n  },\r\n  \"c\": null\r\n}\r\n",
            "{\r\n  \"credHelpers\": {\r\n    \"b.io\": \"x\",\r\n    \"r.io\": \"keyfob\"\r\n  },\r\n  \"c\": null\r\n}\r\n",
        ),
        (
            "{\"credHelpers\":{}, \"z\":2}",
            "{\"credHelpers\":{\"r.io\": \"keyfob\"}, \"z\":2}",
        ),
        (
            "{ \"cred\\u0048elpers\" : { \"r.\\u0069o\" : \"old\" } }",
            "{ \"cred\\u0048elpers\" : { \"r.\\u0069o\" : \"keyfob\" } }",
        ),
    ];

    #[test]
    fn one_place_changes_and_every_other_byte_stays() {
        for (before, after) in SHAPES {
            assert_eq!(set(before, "r.io", "keyfob"), *after, "{before}");
            assert_eq!(values(after, "r.io"), ["keyfob"]);
        }
    }

    #[test]
    fn what_is_taken_out_leaves_what_was_there() {
        let (before, _) = SHAPES[2];
        let gone = |text: &str| DOCKER.with(Some(text), "r.io", &[]).unwrap().unwrap();

        assert_eq!(gone(&set(before, "r.io", "keyfob")), before);
        assert_eq!(gone(&set(SHAPES[4].0, "r.io", "keyfob")), SHAPES[4].0);
        assert_eq!(
            gone("{\"credHelpers\":{\"r.io\":\"keyfob\", \"b\":\"x\"}}"),
            "{\"credHelpers\":{\"b\":\"x\"}}"
        );
        assert_eq!(
            gone("{\"credHelpers\":{\"r.io\":\"keyfob\"},\"b\":1}"),
            "{\"b\":1}"
        );
        assert_eq!(gone("{\"credHelpers\":{\"r.io\":\"keyfob\"}}"), "{}");
        assert_eq!(gone("{\"b\":1}"), "{\"b\":1}");
    }

    #[test]
    fn what_docker_would_not_read_is_refused() {
        for text in [
            "{",
            "[]",
            "\"x\"",
            "{\"credHelpers\":[]}",
            "{\"credHelpers\":{},\"credHelpers\":{}}",
            "{\"credHelpers\":{\"r.io\":7}}",
            "{} x",
            "{/* mine */}",
            "\u{feff}{}",
        ] {
            assert!(DOCKER.values(Some(text), "r.io").is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_stays_json_with_one_more_member(
            keys in proptest::collection::vec("[a-z\"\\\\{}\u{e9}]{0,4}", 0..4),
            host in "[a-z0-9.:\"\\\\]{1,8}",
        ) {
            let members: serde_json::Map<_, _> =
                keys.into_iter().map(|key| (key, serde_json::json!({"x": [1]}))).collect();
            let before = serde_json::Value::from(members);
            for text in [before.to_string(), serde_json::to_string_pretty(&before).unwrap()] {
                let after = set(&text, &host, "keyfob");

                let mut read: serde_json::Value = serde_json::from_str(&after).unwrap();
                let added = read.as_object_mut().unwrap().remove("credHelpers");
                proptest::prop_assert_eq!(added, Some(serde_json::json!({host.clone(): "keyfob"})));
                proptest::prop_assert_eq!(&read, &before);
                let back = DOCKER.with(Some(&after), &host, &[]).unwrap().unwrap();
                let back: serde_json::Value = serde_json::from_str(&back).unwrap();
                proptest::prop_assert_eq!(back, before.clone());
            }
        }
    }
}
