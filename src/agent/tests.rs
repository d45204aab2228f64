//! The protocol's document against its code, and frames that nobody should send.

use proptest::prelude::*;

use super::frame::*;
use crate::base::{Exit, Hint, Issuer, Relayed, Scopes, Secret, Timestamp};
use crate::session::Fate;

const DOCUMENT: &str = include_str!("PROTOCOL.md");

/// The examples in the document, each with the heading that it stands under.
fn examples() -> Vec<(String, String)> {
    let mut examples = Vec::new();
    let (mut heading, mut example) = (String::new(), None::<String>);
    for line in DOCUMENT.lines() {
        match (&mut example, line) {
            (None, "```json") => example = Some(String::new()),
            (Some(text), "```") => {
                examples.push((heading.clone(), std::mem::take(text)));
                example = None;
            }
            (Some(text), line) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, line) if line.starts_with('#') => heading = line.to_owned(),
            (None, _) => {}
        }
    }
    examples
}

/// A frame's bytes, without the prefix, which must say how many they are.
fn body(frame: &[u8]) -> &[u8] {
    let (prefix, body) = frame.split_first_chunk().unwrap();
    assert_eq!(length(*prefix), Some(body.len()));
    body
}

#[test]
fn every_example_in_the_document_is_read_and_stands_under_its_name() {
    let examples = examples();
    assert!(examples.len() > 15, "{examples:#?}");

    for (heading, text) in examples {
        let bytes = text.as_bytes();
        let name = match (Request::parse(bytes), Answer::parse(bytes)) {
            (Ok(request), None) => request.name(),
            (Err(_), Some(answer)) => answer.name(),
            (Err(_), None) => {
                Hello::parse(bytes).unwrap();
                "Hello"
            }
            (Ok(_), Some(_)) => panic!("a request and an answer at once: {text}"),
        };
        assert!(
            heading.to_lowercase().contains(&name.to_lowercase()),
            "{name} under {heading}"
        );
    }
}

#[test]
fn every_name_in_the_code_is_in_the_document() {
    for name in Request::NAMES.iter().chain(&Answer::NAMES) {
        let heading = format!("### `{name}`\n");
        assert!(DOCUMENT.contains(&heading) || *name == "hello", "{name}");
    }
    for name in Reason::NAMES {
        assert!(DOCUMENT.contains(&format!("| `{name}` |")), "{name}");
        let reason: Reason = serde_json::from_str(&format!("\"{name}\"")).unwrap();
        let is_failed = reason == Reason::Failed;
        assert_eq!(is_failed, name == "failed");
    }
    assert!(DOCUMENT.contains(&MOST_BYTES.to_string()));
    let known: Vec<String> = DOCUMENT
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .map(str::to_owned)
        .collect();
    for name in known {
        let name = name.as_str();
        assert!(
            Request::NAMES.contains(&name) || Answer::NAMES.contains(&name),
            "{name}"
        );
    }
}

#[test]
fn what_is_not_known_is_ignored_in_both_directions() {
    let request = br#"{"ask":"token","profile":"work","colour":{"deep":[1]},"wish":{"taste":1}}"#;
    let Request::Token(ask) = Request::parse(request).unwrap() else {
        panic!();
    };
    assert_eq!((ask.profile.as_str(), ask.wish), ("work", Wish::default()));
    let answer = br#"{"answer":"done","how":"well"}"#;
    assert!(matches!(Answer::parse(answer), Some(Answer::Done)));
    let answer = br#"{"answer":"error","reason":"tired","messages":["m"],"exit":77}"#;
    let Some(Answer::Error(fault)) = Answer::parse(answer) else {
        panic!();
    };
    assert_eq!(fault.reason, Reason::Failed);
    assert_eq!(Answer::parse(br#"{"answer":"song"}"#).map(|_| ()), None);
}

#[test]
fn a_request_that_is_not_known_is_named_and_one_that_is_none_is_not_repeated() {
    let fault = Request::parse(br#"{"ask":"sing"}"#).unwrap_err();
    assert_eq!(fault.reason, Reason::UnknownRequest);
    assert!(fault.messages[0].contains("`sing`"), "{fault:?}");

    let fault = Request::parse(br#"{"ask":"lock","passphrase":["hunter22"]}"#).unwrap_err();
    assert_eq!(fault.reason, Reason::BadRequest);
    assert!(!format!("{fault:?}").contains("hunter22"), "{fault:?}");
}

#[test]
fn a_client_without_a_common_version_is_told() {
    assert!(Hello::parse(br#"{"hello":[0,1,2]}"#).is_ok());
    let fault = Hello::parse(br#"{"hello":[2]}"#).unwrap_err();
    assert_eq!(fault.reason, Reason::Version);
}

#[test]
fn an_error_that_is_relayed_arrives_as_it_was() {
    let there = Relayed::new(
        ["outer".to_owned(), "inner".to_owned()],
        Some(Hint::Run("keyfob login a".into())),
        Exit::SignInNeeded,
    );

    let frame = Answer::Error(Fault::of(Reason::Failed, &there)).print();

    let Some(Answer::Error(fault)) = Answer::parse(body(&frame)) else {
        panic!();
    };
    assert_eq!(fault.relayed(), there);
}

#[test]
fn what_becomes_of_a_token_arrives_as_it_was() {
    for fate in [Fate::Dead, Fate::None, Fate::Alive("busy".into())] {
        let said = format!("{fate:?}");
        let text = serde_json::to_string(&FateText::from(fate)).unwrap();
        let back: FateText = serde_json::from_str(&text).unwrap();
        assert_eq!(format!("{:?}", Fate::from(back)), said);
    }
}

#[test]
fn an_answer_that_does_not_fit_becomes_an_error() {
    let answer = Answer::Ticket(Box::new(TokenAnswer {
        token: Secret::new("t".repeat(MOST_BYTES)),
        expires: Timestamp(0),
        scopes: Scopes::default(),
        renewed: false,
        caveat: None,
        issuer: Issuer::parse("https://a").unwrap(),
    }));

    let frame = answer.print();

    assert!(matches!(
        Answer::parse(body(&frame)),
        Some(Answer::Error(_))
    ));
}

#[test]
fn a_length_is_believed_up_to_the_limit() {
    let most = u32::try_from(MOST_BYTES).unwrap();
    assert_eq!(length([0, 0, 0, 0]), Some(0));
    assert_eq!(length(most.to_be_bytes()), Some(MOST_BYTES));
    assert_eq!(length((most + 1).to_be_bytes()), None);
    assert_eq!(length([0xff; 4]), None);
}

/// JSON that is nearly a message: known names, odd values.
fn nearly() -> impl Strategy<Value = String> {
    let name = prop::sample::select([Request::NAMES.as_slice(), Answer::NAMES.as_slice()].concat());
    let members = prop::collection::vec(
        prop_oneof![
            Just(r#""profile":"work""#.to_owned()),
            Just(r#""profile":"../..""#.to_owned()),
            Just(r#""issuer":"http://evil""#.to_owned()),
            Just(r#""wish":{"scopes":"a  b"}"#.to_owned()),
            Just(r#""min_life":-1"#.to_owned()),
            Just(r#""passphrase":"x""#.to_owned()),
            Just(r#""tokens":[{}]"#.to_owned()),
            Just(r#""exit":300"#.to_owned()),
            Just(r#""messages":[]"#.to_owned()),
            "\"[a-z]{1,8}\":(null|true|\\[\\]|\\{\\}|\"[^\"\\\\]{0,9}\"|[0-9]{1,22})",
        ],
        0..5,
    );
    (name, members, any::<bool>()).prop_map(|(name, members, ask)| {
        let tag = if ask { "ask" } else { "answer" };
        let mut all = vec![format!("\"{tag}\":\"{name}\"")];
        all.extend(members);
        format!("{{{}}}", all.join(","))
    })
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop(Request::parse(&bytes));
        drop(Answer::parse(&bytes));
        drop(Hello::parse(&bytes));
    }

    #[test]
    fn no_message_that_is_nearly_right_makes_the_parser_panic(text in nearly()) {
        if let Ok(request) = Request::parse(text.as_bytes()) {
            let frame = request.print().unwrap();
            let again = Request::parse(body(&frame)).unwrap();
            prop_assert_eq!(again.name(), request.name());
        }
        if let Some(answer) = Answer::parse(text.as_bytes()) {
            let frame = answer.print();
            let again = Answer::parse(body(&frame)).unwrap();
            prop_assert_eq!(again.name(), answer.name());
            if let Answer::Error(fault) = again {
                drop(fault.relayed());
            }
        }
    }
}
