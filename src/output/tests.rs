//! Formats, read back by their readers' rules.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp(1_790_000_000);

struct World {
    token: Secret,
    scopes: Scopes,
    profile: ProfileName,
    issuer: Issuer,
}

impl World {
    fn with(token: &str) -> Self {
        Self {
            token: Secret::new(token.to_owned()),
            scopes: Scopes::parse("openid orders.read").unwrap(),
            profile: ProfileName::parse("work").unwrap(),
            issuer: Issuer::parse("https://id.example.com").unwrap(),
        }
    }

    fn view(&self) -> View<'_> {
        View {
            kind: TokenKind::Access,
            token: &self.token,
            token_type: "bearer",
            expires_at: Some(Timestamp(NOW.0 + 60)),
            scopes: &self.scopes,
            profile: &self.profile,
            target: None,
            issuer: &self.issuer,
        }
    }
}

fn printed(format: &str, view: &View<'_>) -> String {
    let secret = by_name(format).unwrap().print(view, NOW).unwrap();
    secret.expose().to_owned()
}

#[test]
fn each_format_prints_what_its_reader_expects() {
    let world = World::with("abc.def-ghi_~+/=");
    let view = world.view();

    assert_eq!(printed("raw", &view), "abc.def-ghi_~+/=\n");
    assert_eq!(
        printed("header", &view),
        "Authorization: Bearer abc.def-ghi_~+/=\n"
    );
    assert_eq!(
        printed("curl", &view),
        "header = \"Authorization: Bearer abc.def-ghi_~+/=\"\n"
    );
    assert_eq!(printed("bearer", &view), "Bearer abc.def-ghi_~+/=\n");
    assert_eq!(
        printed("wget", &view),
        "header = Authorization: Bearer abc.def-ghi_~+/=\nmax_redirect = 0\n"
    );
    assert_eq!(
        printed("env", &view),
        "export KEYFOB_ACCESS_TOKEN='abc.def-ghi_~+/='\n\
         export KEYFOB_TOKEN_EXPIRES_AT='1790000060'\n"
    );
    assert_eq!(
        serde_json::from_str::<Value>(&printed("json", &view)).unwrap(),
        json!({"access_token": "abc.def-ghi_~+/=", "token_type": "bearer",
            "expires_at": 1_790_000_060, "expires_in": 60, "scope": "openid orders.read",
            "profile": "work", "issuer": "https://id.example.com"})
    );
}

#[test]
fn what_is_not_known_is_left_out_and_an_id_token_is_named_as_one() {
    let world = World::with("abc");
    let target = TargetName::parse("orders").unwrap();
    let view = View {
        kind: TokenKind::Id,
        expires_at: None,
        scopes: &Scopes::default(),
        target: Some(&target),
        ..world.view()
    };

    assert_eq!(
        printed("env", &view),
        "export KEYFOB_ID_TOKEN='abc'\nunset KEYFOB_TOKEN_EXPIRES_AT\n"
    );
    assert_eq!(
        serde_json::from_str::<Value>(&printed("json", &view)).unwrap(),
        json!({"id_token": "abc", "token_type": "bearer", "profile": "work",
            "target": "orders", "issuer": "https://id.example.com"})
    );
}

#[test]
fn no_format_prints_a_token_that_could_break_out_of_it() {
    for bad in [
        "a\nb",
        "a\r",
        "\0",
        "a\u{1b}[2J",
        "a b",
        "\t",
        "a\u{7f}",
        "ab\u{9b}",
        "é",
        "a\u{202e}",
        "",
    ] {
        let world = World::with(bad);
        for format in ALL {
            let refused = format.print(&world.view(), NOW).unwrap_err();

            assert_eq!(refused.exit(), Exit::Verification);
            assert!(!refused.to_string().contains(char::is_control));
        }
    }
    let refused = by_name("raw")
        .unwrap()
        .print(&World::with("ab\ncd").view(), NOW);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the access token holds a line feed (character 3), so it is not printed"
    );
}

#[test]
fn a_token_of_another_type_is_not_presented_as_a_bearer_token() {
    let world = World::with("abc");
    let view = View {
        token_type: "DPoP",
        ..world.view()
    };

    for name in ["header", "bearer", "curl", "wget"] {
        let refused = by_name(name).unwrap().print(&view, NOW).unwrap_err();
        assert_eq!(refused.exit(), Exit::Usage, "{name}");
    }
    for name in ["raw", "json", "env"] {
        assert!(by_name(name).unwrap().print(&view, NOW).is_ok(), "{name}");
    }
}

#[test]
fn every_format_is_found_by_its_name_and_says_what_it_is_for() {
    for format in ALL {
        assert_eq!(by_name(format.name()).unwrap().about(), format.about());
    }
    assert!(by_name("netrc").is_none());
}

/// Reads one option as curl does (`tool_parsecfg.c`): a name, `=`, and a quoted value in which a
/// backslash makes `t n r v` special and keeps any other character.
fn curl_reads(config: &str) -> (String, String) {
    let (name, rest) = config.split_once(" = \"").unwrap();
    let mut value = String::new();
    let mut letters = rest.chars();
    loop {
        match letters.next().unwrap() {
            '"' => break,
            '\\' => value.push(match letters.next().unwrap() {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'v' => '\u{b}',
                other => other,
            }),
            plain => value.push(plain),
        }
    }
    assert_eq!(letters.as_str(), "\n", "nothing follows the value");
    (name.to_owned(), value)
}

/// Reads a word as a POSIX shell does (XCU §2.2): single quotes, and `\` outside of them.
fn shell_reads(line: &str) -> String {
    let mut word = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => word.extend(letters.by_ref().take_while(|letter| *letter != '\'')),
            '\\' => word.extend(letters.next()),
            plain => word.push(plain),
        }
    }
    word
}

proptest! {
    #[test]
    fn every_reader_gets_back_the_token_that_was_printed(token in "[!-~]{1,80}") {
        let world = World::with(&token);
        let view = world.view();
        let bearer = format!("Authorization: Bearer {token}");

        let (name, value) = curl_reads(&printed("curl", &view));
        prop_assert_eq!(name, "header");
        prop_assert_eq!(&value, &bearer);

        let env = printed("env", &view);
        let word = env.lines().next().unwrap().strip_prefix("export ").unwrap();
        prop_assert_eq!(shell_reads(word), format!("KEYFOB_ACCESS_TOKEN={token}"));

        let json: Value = serde_json::from_str(&printed("json", &view)).unwrap();
        prop_assert_eq!(&json["access_token"], &token);
        prop_assert_eq!(printed("bearer", &view), format!("Bearer {token}\n"));
        prop_assert_eq!(printed("wget", &view), format!("header = {bearer}\nmax_redirect = 0\n"));
        prop_assert_eq!(printed("header", &view), bearer + "\n");
    }

    #[test]
    fn no_text_is_printed_unless_every_character_is_visible_ascii(token in any::<String>()) {
        let fine = !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic());
        let world = World::with(&token);
        for format in ALL {
            prop_assert_eq!(format.print(&world.view(), NOW).is_ok(), fine);
        }
    }
}
