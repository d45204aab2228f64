//! Browsers that are small shell commands, run for real.

use std::fs;

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn vars(pairs: &[(&str, &str)]) -> Vars {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Vars::new(pairs.iter().map(owned))
}

#[test]
fn the_url_is_one_argument_and_no_shell_sees_it() {
    let home = tempfile::tempdir().unwrap();
    let seen = home.path().join("seen");
    let hostile = url("https://id.example.com/a?x=$(id)&y=`id`;'\"|%00 -z");
    let script = format!(
        "sh -c 'printf \"%%s\\n\" \"$#\" \"$1\" > {}' x",
        seen.display()
    );

    Desktop::new(Some(script), &Vars::default())
        .open(&hostile)
        .unwrap();

    let expected = format!("1\n{hostile}\n");
    assert_eq!(fs::read_to_string(seen).unwrap(), expected);
    assert!(!expected.contains(' ') && !expected.contains('"'));
}

#[test]
fn only_private_web_pages_are_opened() {
    let desktop = Desktop::new(Some("true".to_owned()), &Vars::default());

    for text in [
        "http://id.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "vscode://x",
    ] {
        let error = desktop.open(&url(text)).unwrap_err();
        assert!(matches!(error, BrowserError::Unsafe { .. }), "{text}");
    }
    for text in ["https://a/", "http://localhost:1/", "http://[::1]/"] {
        assert!(desktop.open(&url(text)).is_ok(), "{text}");
    }
}

#[test]
fn a_browser_that_fails_at_once_is_an_error() {
    let open = |command: &str| {
        let desktop = Desktop::new(Some(command.to_owned()), &Vars::default());
        desktop.open(&url("https://a/")).unwrap_err()
    };

    assert!(matches!(open("false"), BrowserError::Failed { .. }));
    assert!(matches!(
        open("/nowhere/browser"),
        BrowserError::NotStarted { .. }
    ));
    assert!(matches!(open(" "), BrowserError::Command { .. }));
    assert!(matches!(open("a 'b"), BrowserError::Command { .. }));
}

#[test]
fn a_browser_that_stays_open_is_not_awaited_and_its_failure_is_told_once() {
    let home = tempfile::tempdir().unwrap();
    let go = home.path().join("go");
    let wait = format!("while ! test -e {}; do sleep 0.01; done", go.display());
    let desktop = Desktop::new(Some(format!("sh -c '{wait}; exit 3'")), &Vars::default());

    desktop.open(&url("https://a/")).unwrap();

    assert!(desktop.failure().is_none());
    fs::File::create(go).unwrap();
    let failure = loop {
        if let Some(failure) = desktop.failure() {
            break failure;
        }
        thread::yield_now();
    };
    assert!(failure.to_string().contains('3'), "{failure}");
    assert!(desktop.failure().is_none());
}

#[test]
fn the_variable_is_a_list_and_the_profile_comes_first() {
    let list = vars(&[("BROWSER", "/nowhere/a:false:true")]);
    let bad = vars(&[("BROWSER", "false")]);

    assert!(Desktop::new(None, &list).open(&url("https://a/")).is_ok());
    assert!(Desktop::new(None, &bad).open(&url("https://a/")).is_err());
    let profile = Some("true".to_owned());
    assert!(Desktop::new(profile, &bad).open(&url("https://a/")).is_ok());
}

#[test]
fn a_browser_is_expected_where_there_is_a_desktop() {
    let likely = |pairs: &[(&str, &str)]| {
        is_likely(&Env {
            vars: vars(pairs),
            ..Env::default()
        })
    };
    let ssh = ("SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22");

    assert!(likely(&[("DISPLAY", ":0")]));
    assert!(likely(&[("WAYLAND_DISPLAY", "wayland-0")]));
    assert!(likely(&[("WSL_DISTRO_NAME", "Debian")]));
    assert!(likely(&[ssh, ("DISPLAY", "localhost:10.0")]));
    assert!(likely(&[ssh, ("BROWSER", "helper")]));
    assert!(!likely(&[ssh, ("WSL_DISTRO_NAME", "Debian")]));
    assert_eq!(likely(&[]), cfg!(target_os = "macos"));
}
