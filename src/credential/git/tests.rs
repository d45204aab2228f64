//! Transcripts of git's protocol, and what git would never send.

use super::super::testing::{answer, found, misread, sent, serve};
use super::*;

fn get(text: &str) -> super::super::testing::Sample {
    sent(&["get"], text.as_bytes())
}

#[test]
fn an_older_git_gets_a_name_and_a_password() {
    let request = serve(&Git, &get("protocol=https\nhost=git.example.com\n\n"));

    assert_eq!(
        request.asked,
        Asked::Site(Site::parse("https://git.example.com").unwrap())
    );
    assert_eq!(
        answer(&Git, &request, &found()),
        "username=oauth2\npassword=t0ken\npassword_expiry_utc=1000003600\n"
    );
}

#[test]
fn a_git_that_announces_it_gets_a_bearer_token_that_is_not_stored() {
    let text = "capability[]=authtype\ncapability[]=state\nprotocol=https\n\
                host=git.example.com:8443\npath=team/a.git\nwwwauth[]=Bearer realm=\"x\"\n\n";

    let request = serve(&Git, &get(text));

    assert_eq!(
        request.asked,
        Asked::Site(Site::parse("https://git.example.com:8443/team/a.git").unwrap())
    );
    assert_eq!(
        answer(&Git, &request, &found()),
        "capability[]=authtype\nauthtype=Bearer\ncredential=t0ken\nephemeral=1\n\
         password_expiry_utc=1000003600\n"
    );
}

#[test]
fn a_server_that_does_not_ask_for_a_bearer_token_gets_a_password() {
    for (challenges, form) in [
        ("", PASSWORD),
        ("wwwauth[]=Basic realm=\"GitLab\"\n", PASSWORD),
        ("wwwauth[]=Bearertoken\n", PASSWORD),
        (
            "wwwauth[]=Bearer\nwwwauth[]=\nwwwauth[]=Basic realm=\"a\"\n",
            PASSWORD,
        ),
        (
            "wwwauth[]=Basic realm=\"a\"\nwwwauth[]=bearer authorization_uri=b\n",
            AUTHTYPE,
        ),
    ] {
        let text = format!("capability[]=authtype\nprotocol=https\nhost=a.example\n{challenges}\n");

        assert_eq!(serve(&Git, &get(&text)).form, form, "{challenges}");
    }
}

#[test]
fn a_cleared_list_of_capabilities_announces_nothing() {
    let text = "capability[]=authtype\ncapability[]=\nprotocol=https\nhost=a.example\n\
                wwwauth[]=Bearer\n\n";

    assert_eq!(serve(&Git, &get(text)).form, PASSWORD);
}

#[test]
fn nobody_is_asked_when_git_says_that_nobody_is_there() {
    let vars = crate::base::Vars::new([("GIT_TERMINAL_PROMPT".to_owned(), "0".to_owned())]);
    let words = ["get".to_owned()];
    let call = Call {
        words: &words,
        sent: b"protocol=https\nhost=a.example\n\n",
        vars: &vars,
    };

    let Ok(Step::Serve(request)) = Git.read(&call) else {
        panic!("nothing is asked for");
    };

    assert_eq!(request.person, Person::Never);
}

#[test]
fn what_is_erased_is_named_with_its_server() {
    let text = b"protocol=https\nhost=a.example\nusername=x\npassword=old\n\n";

    let step = Git.read(&sent(&["erase"], text).call()).unwrap();

    let Step::Reject(request, secret) = step else {
        panic!("{step:?}");
    };
    assert!(secret.matches("old"));
    assert_eq!(
        request.asked,
        Asked::Site(Site::parse("https://a.example").unwrap())
    );
}

#[test]
fn nothing_is_said_where_there_is_nothing_to_say() {
    let about = b"protocol=https\nhost=a.example\n\n";
    for (operation, text) in [
        ("store", &about[..]),
        ("erase", &about[..]),
        ("fetch-of-tomorrow", &about[..]),
        ("get", b"protocol=http\nhost=a.example\n\n"),
        ("get", b"protocol=ssh\nhost=a.example\n\n"),
        ("get", b"protocol=cert\npath=/home/me/key\n\n"),
    ] {
        let step = Git.read(&sent(&[operation], text).call()).unwrap();

        assert!(
            matches!(&step, Step::Answer(said) if said.is_empty()),
            "{operation}: {step:?}"
        );
    }
    let step = Git.read(&sent(&["capability"], b"").call()).unwrap();
    assert!(matches!(step, Step::Answer(said) if said == "version 0\ncapability authtype\n"));
}

#[test]
fn what_git_would_not_send_is_refused() {
    let long = format!("protocol=https\nhost={}\n\n", "a".repeat(70_000));
    for (text, said) in [
        (
            "protocol=https\nhost=good.example\rhost=evil.example\n\n",
            "a carriage return",
        ),
        (
            "protocol=https\r\nhost=good.example\r\n\r\n",
            "a carriage return",
        ),
        ("protocol=https\nhost=good\0.example\n\n", "a NUL character"),
        ("protocol=https\nhost=\n\n", "the host is missing"),
        (
            "protocol=https\n\nhost=good.example\n\n",
            "the host is missing",
        ),
        ("host=good.example\n\n", "the protocol is missing"),
        ("", "the protocol is missing"),
        ("protocol=https\ngood.example\n\n", "is not `key=value`"),
        ("protocol=https\n=good.example\n\n", "is not `key=value`"),
        (&long, "is longer than"),
        (
            "protocol=https\nhost=good.example/x\n\n",
            "a host with or without a port",
        ),
        (
            "protocol=https\nhost=me@good.example\n\n",
            "must not carry a user name",
        ),
        ("protocol=https\nhost=good.example\\evil\n\n", "white space"),
        (
            "protocol=https\nhost=good.example?x\n\n",
            "a query or a fragment",
        ),
        (
            "protocol=https\nhost=good.example\npath=../other\n\n",
            "`..`",
        ),
        (
            "protocol=https\nhost=good.example\npath=a%2f..%2fb\n\n",
            "`..`",
        ),
        (
            "protocol=https\nhost=good.example:port\n\n",
            "is not the address of a server",
        ),
        (
            "protocol=https\nhost=g\u{f6}\u{f6}d.example\n\n",
            "white space",
        ),
    ] {
        let message = misread(&Git, &get(text));

        assert!(message.contains(said), "{text:?}: {message}");
    }
    let message = misread(&Git, &sent(&["get"], b"protocol=https\nhost=\xff\n\n"));
    assert!(message.contains("UTF-8"), "{message}");
}

proptest::proptest! {
    #[test]
    fn no_request_ever_names_two_hosts(text in "(protocol=https|host=[a-z.\r\0]{1,6}|path=[a-z/]{0,4}|\n|\r){0,8}") {
        if let Ok(Step::Serve(request)) = Git.read(&get(&text).call()) {
            let last = text.split("\n\n").next().unwrap().lines().rev()
                .find_map(|line| line.strip_prefix("host=")).unwrap_or_default().to_owned();
            let Asked::Site(site) = request.asked else { panic!("no site") };
            proptest::prop_assert!(!text.split("\n\n").next().unwrap().contains('\r'));
            proptest::prop_assert_eq!(site.host_and_port(), last);
        }
    }
}
