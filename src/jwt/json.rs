//! JSON read strictly (RFC 8259, RFC 7515 §4): a member name that comes twice is an error at every
//! level, and so is nesting deeper than anything real.
//!
//! Never picks one of two values for a name: two readers could pick differently.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::base::printable_line;

/// Arrays and objects inside each other; real tokens, key sets and metadata stay below 8.
const DEPTH: u8 = 32;

/// Why bytes are not the JSON object that was wanted.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JsonError {
    /// A member name comes twice in one object.
    #[error("the member `{0}` comes twice")]
    Duplicate(String),
    /// Not JSON.
    #[error("it is not JSON (line {line}, column {column})")]
    NotJson {
        /// Line of the first fault, from 1.
        line: usize,
        /// Column of the first fault.
        column: usize,
    },
    /// JSON, but not an object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// Nested deeper than 32 levels.
    #[error("it is nested too deep")]
    TooDeep,
}

/// Reads one JSON object and nothing else.
///
/// # Errors
///
/// Every [`JsonError`]; none holds a value from the text, only a member's name.
pub fn strict_object(bytes: &[u8]) -> Result<Map<String, Value>, JsonError> {
    let fault = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Strict {
        levels: DEPTH,
        fault: &fault,
    };
    let read = seed
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    match read {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(JsonError::NotAnObject),
        Err(error) => Err(fault.take().unwrap_or(JsonError::NotJson {
            line: error.line(),
            column: error.column(),
        })),
    }
}

/// Reads any value, with so many levels left below it.
#[derive(Clone, Copy)]
struct Strict<'a> {
    levels: u8,
    fault: &'a RefCell<Option<JsonError>>,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(self, fault: JsonError) -> E {
        self.fault.replace(Some(fault));
        E::custom("refused")
    }

    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.levels.checked_sub(1) {
            Some(levels) => Ok(Self { levels, ..self }),
            None => Err(self.refuse(JsonError::TooDeep)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let below = self.below::<A::Error>()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                let name = printable_line(&name).into_owned();
                return Err(self.refuse(JsonError::Duplicate(name)));
            }
            let value = members.next_value_seed(below)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_that_comes_twice_is_refused_at_every_level() {
        let twice = |name: &str| Err(JsonError::Duplicate(name.into()));

        assert_eq!(strict_object(br#"{"a":1,"a":1}"#), twice("a"));
        assert_eq!(strict_object(br#"{"x":[{"b":1,"\u0062":2}]}"#), twice("b"));
        assert!(strict_object(br#"{"a":{"a":1},"b":{"a":2}}"#).is_ok());
    }

    #[test]
    fn only_one_object_of_sane_depth_is_read() {
        let deep = |levels| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));

        assert_eq!(strict_object(b"[]"), Err(JsonError::NotAnObject));
        assert!(strict_object(deep(32).as_bytes()).is_ok());
        assert_eq!(strict_object(deep(33).as_bytes()), Err(JsonError::TooDeep));
        for text in [
            "",
            "{}{}",
            "{} x",
            "\u{feff}{}",
            r#"{"a":1e400}"#,
            r#"{"a":"\ud800"}"#,
        ] {
            let read = strict_object(text.as_bytes());
            assert!(matches!(read, Err(JsonError::NotJson { .. })), "{text:?}");
        }
        assert!(strict_object(b"{\"a\":\"\xff\"}").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
            drop(strict_object(&bytes));
        }
    }
}
