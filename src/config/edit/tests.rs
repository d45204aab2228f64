//! Edits keep what a person wrote, and never yield a file that is refused.

use crate::base::{Diagnostic, Exit, Hint};

use super::*;

const FILE: &str = r#"# my profiles
store = "keyring" # the desktop's

# the day job
[profile.work]
issuer   = "https://id.example.com" # not the old one
client_id = "keyfob-cli"
scopes = ["openid", "a"]

[profile.work.target.orders]
scopes = "orders.read"

# for tests
[profile."eu.west"]
issuer = "https://eu.example.com"
client_id = "c"
"#;

fn source(text: &str) -> Source<'_> {
    let path = "/c.toml";
    Source { text, path }
}

fn new(name: &str) -> NewProfile {
    NewProfile {
        name: ProfileName::parse(name).unwrap(),
        values: vec![
            (Setting::Issuer, "https://new.example.com".into()),
            (Setting::ClientId, "n".into()),
        ],
        targets: Vec::new(),
        authorize: Vec::new(),
        remark: None,
        if_exists: IfExists::Refuse,
    }
}

#[test]
fn a_first_profile_reads_as_if_typed() {
    let mut profile = new("work");
    profile.values.extend([
        (Setting::Scopes, "openid profile".into()),
        (Setting::RedirectPort, "8400".into()),
        (Setting::Interactive, "true".into()),
        (Setting::ClientSecret, "env:SECRET".into()),
    ]);
    profile.authorize = vec![("prompt".into(), "login".into())];
    profile.targets = vec![(TargetName::parse("orders").unwrap(), "orders.read".into())];

    let text = add_profile(source(""), &profile).unwrap();

    assert_eq!(
        text,
        r#"[profile.work]
issuer = "https://new.example.com"
client_id = "n"
scopes = "openid profile"
redirect_port = 8400
interactive = true
client_secret = { env = "SECRET" }

[profile.work.authorize]
prompt = "login"

[profile.work.target.orders]
scopes = "orders.read"
"#
    );
}

#[test]
fn a_new_profile_comes_last_and_changes_nothing_else() {
    let text = add_profile(source(FILE), &new("two")).unwrap();

    let added = "\n[profile.two]\nissuer = \"https://new.example.com\"\nclient_id = \"n\"\n";
    assert_eq!(text, format!("{FILE}{added}"));
}

#[test]
fn a_profile_can_be_added_however_the_others_are_written() {
    for text in [
        "profile.work.issuer = 'https://a'\n",
        "profile = { work = { issuer = 'https://a' } }\n",
        "[profile]\nwork = { issuer = 'https://a' }\n",
        "[profile]\n",
        "# only a comment\n",
        "store = 'memory'",
    ] {
        let edited = add_profile(source(text), &new("two")).unwrap();

        let config = Config::parse(&edited, "", &Vars::default()).unwrap();
        assert!(
            config.names().any(|name| name.as_str() == "two"),
            "{edited}"
        );
        assert_eq!(text.contains("work"), edited.contains("work"), "{edited}");
        assert_eq!(
            text.contains('#'),
            edited.contains("# only a comment"),
            "{edited}"
        );
    }
}

#[test]
fn an_existing_profile_is_replaced_only_when_asked() {
    let mut profile = new("work");

    let refused = add_profile(source(FILE), &profile).unwrap_err();
    profile.if_exists = IfExists::Replace;
    let text = add_profile(source(FILE), &profile).unwrap();

    assert_eq!(refused.to_string(), "the profile `work` exists already");
    assert_eq!(refused.exit(), Exit::Usage);
    assert!(
        !text.contains("id.example.com") && !text.contains("orders"),
        "{text}"
    );
    assert!(text.contains("# the day job\n[profile.work]\n"), "{text}");
    let (work, west) = (text.find("profile.work"), text.find("eu.west"));
    assert!(work < west, "{text}");
}

#[test]
fn a_set_value_keeps_its_comment_and_its_form() {
    let cases = [
        ("store", "memory", "store = \"memory\" # the desktop's\n"),
        ("default_profile", "work", "default_profile = \"work\"\n"),
        (
            "work.issuer",
            "https://b",
            "issuer   = \"https://b\" # not the old one\n",
        ),
        ("profile.work.issuer", "https://c", "\"https://c\" # not"),
        (
            "work.scopes",
            "openid b c",
            "scopes = [\"openid\", \"b\", \"c\"]\n",
        ),
        ("work.redirect_port", "8400", "redirect_port = 8400\n"),
        (
            "work.client_secret",
            "keyring:k",
            "client_secret = { keyring = \"k\" }\n",
        ),
        ("work.timeout", "5m", "timeout = \"5m\"\n"),
        (
            "work.target.orders.audience",
            "o",
            "scopes = \"orders.read\"\naudience = \"o\"\n",
        ),
        (
            "work.target.a.b.scopes",
            "x",
            "[profile.work.target.\"a.b\"]\nscopes = \"x\"\n",
        ),
        (
            "work.authorize.prompt",
            "login",
            "[profile.work.authorize]\nprompt = \"login\"\n",
        ),
        (
            "eu.west.flow",
            "device",
            "client_id = \"c\"\nflow = \"device\"\n",
        ),
    ];
    for (key, value, wanted) in cases {
        let text = set(source(FILE), key, value).unwrap();

        assert!(text.contains(wanted), "{key}: {text}");
        assert!(
            text.contains("# the day job\n[profile.work]\n"),
            "{key}: {text}"
        );
        let lines = |text: &str| text.lines().count();
        assert!(lines(&text) - lines(FILE) <= 3, "{key}: {text}");
    }
}

#[test]
fn an_edit_that_would_break_the_file_is_refused() {
    let cases = [
        (
            "work.redirect_port",
            "x",
            "`work.redirect_port` is wrong: `x` is no port",
        ),
        ("work.client_secret", "hunter2", "never the secret itself"),
        ("default_profile", "gone", "there is no profile `gone`"),
        ("work.authorize.state", "x", "keyfob sets it itself"),
        ("wrok.scopes", "x", "`wrok.scopes` names no setting"),
        ("issuer", "https://a", "`issuer` names no setting"),
        ("work.target.orders", "x", "names no setting"),
        ("", "x", "`` names no setting"),
    ];
    for (key, value, wanted) in cases {
        let said = set(source(FILE), key, value).unwrap_err().to_string();

        assert!(said.contains(wanted), "{key}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let hint = set(source(FILE), "wrok.scopes", "x").unwrap_err().hint();
    assert_eq!(hint, Some(Hint::Try("did you mean `work.scopes`?".into())));
}

#[test]
fn a_wrong_value_can_be_set_right_but_a_broken_file_cannot_be_edited() {
    let wrong = FILE.replace("client_id = \"c\"", "redirect_port = 'x'");

    let text = set(source(&wrong), "eu.west.redirect_port", "80").unwrap();
    let error = set(source(&wrong), "store", "memory").unwrap_err();
    let broken = add_profile(source("a = ["), &new("two")).unwrap_err();

    assert!(text.contains("redirect_port = 80"), "{text}");
    assert!(error.to_string().contains("`x` is no port"), "{error}");
    assert!(broken.to_string().starts_with("/c.toml:1:"), "{broken}");
}

#[test]
fn a_value_is_taken_away_and_what_is_not_there_is_said() {
    let text = unset(source(FILE), "work.scopes").unwrap();
    assert_eq!(text, FILE.replace("scopes = [\"openid\", \"a\"]\n", ""));

    let text = unset(source(FILE), "work.target.orders").unwrap();
    assert!(!text.contains("orders"), "{text}");

    for key in ["work.flow", "work.target.x", "work.authorize.prompt"] {
        let error = unset(source(FILE), key).unwrap_err();
        assert_eq!(error.to_string(), format!("`{key}` is not set in the file"));
    }
}

#[test]
fn a_removed_profile_is_no_longer_the_default() {
    let file = format!("default_profile = 'work'\n{FILE}");
    let name = ProfileName::parse("work").unwrap();

    let text = remove_profile(source(&file), &name).unwrap();

    assert!(!text.contains("work"), "{text}");
    assert!(
        text.contains("# for tests\n[profile.\"eu.west\"]\n"),
        "{text}"
    );
    let error = remove_profile(source(&text), &name).unwrap_err();
    assert_eq!(error.to_string(), "there is no profile `work`");
}
