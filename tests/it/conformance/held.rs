//! Statements that no other test proves: the real program, or its sources.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use keyfob::issuer::{Endpoint, PushedRequests};
use url::Url;

use crate::support::{Front, World, approve, provider, provider_with};
use crate::{files_below, root};

#[test]
fn no_web_view_is_built_in() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = "));

    for name in names.map(|name| name.trim_matches('"')) {
        let is_view = ["webview", "web-view", "webkit", "wry", "cef", "tauri"]
            .iter()
            .any(|word| name == *word || name.starts_with(&format!("{word}-")));
        assert!(!is_view && !name.contains("webview2"), "{name}");
    }
}

#[test]
fn every_sign_in_asks_with_values_of_its_own() {
    let provider = provider_with(|settings| settings.pushed = PushedRequests::Unsupported);
    let world = World::at(&provider);
    let mut seen = BTreeSet::new();

    for _ in 0..3 {
        let mut running = world.spawn("login work --no-browser");
        let address = running.address();
        approve(&address).deliver();
        running.wait().ok();

        let value = |name: &str| {
            let mut found = address.query_pairs().filter(|(known, _)| known == name);
            let (_, value) = found.next().unwrap();
            assert!(found.next().is_none(), "`{name}` is there twice");
            value.into_owned()
        };
        assert_eq!(value("code_challenge_method"), "S256");
        for name in ["state", "nonce", "code_challenge"] {
            let value = value(name);
            assert_eq!(value.len(), 43, "{name}");
            assert!(seen.insert(value), "`{name}` comes twice");
        }
    }
}

#[test]
fn a_request_refused_for_its_challenge_is_not_sent_without() {
    let provider = provider();
    let world = World::at(&provider);
    let mut running = world.spawn("login work --no-browser");

    let answer = approve(&running.address()).without("code");
    let refused = answer.with("error", "invalid_request");
    refused
        .with("error_description", "S256 is not supported")
        .deliver();
    let output = running.wait();

    assert_eq!(output.status, 5, "{output:#?}");
    let told = output
        .stderr
        .lines()
        .filter(|line| line.contains("/authorize?"));
    assert_eq!(told.count(), 1, "{output:#?}");
    assert_eq!(provider.requests(Endpoint::Token), 0);
    assert_eq!(world.sessions(), [""; 0]);
}

#[test]
fn no_implicit_and_no_password_grant_is_asked_for() {
    for (path, line) in production() {
        for word in [
            "\"password\" =>",
            "grant_type=password",
            "exchange_password",
            "use_implicit_flow",
            "response_type=token",
            "response_type=id_token",
            "(\"response_type\"",
        ] {
            assert!(!line.contains(word), "{path}: {line}");
        }
    }
    let world = World::new();
    let help = world.run("login --help").ok().stdout + &world.run("config add --help").ok().stdout;
    for word in ["--password", "--username", "implicit"] {
        assert!(!help.contains(word), "{word}");
    }
}

#[test]
fn nothing_is_decided_by_what_is_inside_an_access_token() {
    // Looking inside is for those that show or note what is there, and for what they call.
    let may_look = [
        "src/audit/token_id.rs",
        "src/commands/demo.rs",
        "src/commands/explain/aws.rs",
        "src/commands/groups.rs",
        "src/commands/inspect.rs",
        "src/flow/exchange.rs",
    ];
    for (path, line) in production() {
        let looks = ["Unverified::parse(", "jwt::inspect(", "verify_access"]
            .iter()
            .any(|word| line.contains(word));
        let is_apart = path.starts_with("src/jwt/") || may_look.contains(&path.as_str());
        assert!(!looks || is_apart, "{path}: {line}");
    }
}

#[test]
fn the_last_page_follows_no_parameter() {
    let provider = provider();
    let world = World::at(&provider);
    let mut running = world.spawn("login work --no-browser");

    let mut answer = approve(&running.address());
    for name in ["next", "url", "redirect_uri", "return_to", "RelayState"] {
        answer = answer.with(name, "https://evil.example/");
    }
    let page = answer.deliver();

    assert_eq!(page.status, 200);
    assert!(!page.text.contains("evil"), "{}", page.text);
    for name in ["location", "refresh", "link"] {
        assert!(!page.headers.contains_key(name), "{name}");
    }
    running.wait().ok();
}

#[test]
fn no_secret_is_in_any_address_that_is_asked_for() {
    let front = Front::plain();
    let provider = front.provider(|_| {});
    let world = World::at(&provider);

    world.sign_in();
    for line in [
        "token work --renew",
        "inspect work --userinfo",
        "logout work",
    ] {
        world.run(line).ok();
    }

    let seen = front.seen();
    let asked: Vec<&str> = seen.lines().filter_map(request_line).collect();
    assert!(asked.len() > 6, "{asked:#?}");
    for secret in front.secrets() {
        for line in &asked {
            assert!(!line.contains(&secret), "{line}");
        }
    }
}

#[test]
fn a_device_sign_in_says_who_asks_for_what_and_opens_nothing() {
    let provider = provider();
    let world = World::at(&provider).with("DISPLAY", ":0");

    let output = world.run("login work --device").ok();

    let said = |word: &str| output.stderr.contains(word);
    for word in ["`keyfob-cli`", provider.issuer(), "openid profile email"] {
        assert!(said(word), "{word}: {output:#?}");
    }
    assert!(said("only if you started this yourself"), "{output:#?}");
    let lines: Vec<&str> = output.stderr.lines().map(str::trim).collect();
    let alone = format!("{}/device", provider.issuer());
    assert!(lines.contains(&alone.as_str()), "{output:#?}");
    let is_code = |line: &&&str| line.len() == 9 && line.as_bytes()[4] == b'-';
    assert_eq!(lines.iter().filter(is_code).count(), 1, "{output:#?}");
    assert!(said("compare"), "{output:#?}");
    assert_eq!(world.opened(), [""; 0]);

    let log = provider.log();
    let of = |endpoint| log.iter().filter(move |seen| seen.endpoint == endpoint);
    let mut last = of(Endpoint::Device).next().unwrap().at;
    for poll in of(Endpoint::Token) {
        assert!(poll.at.0 > last.0, "polled before the interval was over");
        last = poll.at;
    }
}

#[test]
fn a_sign_in_with_a_browser_never_turns_into_a_code() {
    let provider = provider();
    let world = World::with_profile(&provider, "");
    let missing = world.path("no-such-browser");
    let config = fs::read_to_string(world.path("config/keyfob/config.toml")).unwrap();
    let browser = format!("browser = \"{}\"", missing.display());
    let config: Vec<&str> = config
        .lines()
        .map(|line| {
            if line.starts_with("browser") {
                &browser
            } else {
                line
            }
        })
        .collect();
    world.configure(&config.join("\n"));

    for line in [
        "login work --timeout 1s",
        "login work --no-browser --timeout 1s",
    ] {
        world.run(line).exits(4);
    }

    assert_eq!(provider.requests(Endpoint::Device), 0);
}

#[test]
fn a_sign_in_weaker_than_the_profile_asks_for_is_refused() {
    // The provider signs in with class `1`.
    for (wanted, status) in [("1", 0), ("urn:mfa 1", 0), ("urn:mfa", 9)] {
        let provider = provider();
        let more = format!("[profile.work.authorize]\nacr_values = \"{wanted}\"");
        let world = World::with_profile(&provider, &more);

        let output = world.login("work").exits(status);

        assert_eq!(world.sessions().len(), usize::from(status == 0));
        assert_eq!(output.stderr.contains("strength"), status == 9);
    }
}

#[test]
fn the_id_token_of_a_sign_out_is_in_no_address() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work --id-token").ok().line();

    let running = world.spawn("logout work --everywhere");
    assert!(world.wait_until_opened(), "no browser was opened");
    let address: Url = world.opened()[0].parse().unwrap();
    // A browser takes its time; the session is gone here all the same, and nobody waits for it.
    assert_eq!(world.sessions(), [""; 0]);
    world.run("token work").exits(3);
    let elsewhere = fetch(&address, "/");
    let page = fetch(&address, address.path());
    let output = running.wait().ok();

    assert!(elsewhere.starts_with("HTTP/1.1 404"), "{elsewhere}");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let (_, form) = page.split_once("<form ").unwrap();
    assert!(form.contains("method=\"post\""), "{page}");
    assert!(form.contains(&format!("name=\"id_token_hint\" value=\"{token}\"")));
    assert!(page.contains("Referrer-Policy: no-referrer"), "{page}");
    assert!(address.path().len() > 40, "{address}");
    for place in [address.as_str(), &output.stderr, &world.opened().concat()] {
        assert!(!place.contains(&token), "{place}");
    }
    // One visit.
    assert!(TcpListener::bind(("127.0.0.1", address.port().unwrap())).is_ok());
}

/// The request line at the end of a line; what stands before it is the body of the request before.
fn request_line(line: &str) -> Option<&str> {
    let line = line.trim_end().strip_suffix(" HTTP/1.1")?;
    let start = ["GET /", "POST /"]
        .iter()
        .filter_map(|method| line.rfind(method))
        .max()?;
    line.get(start..)
}

/// Asks for a path where the address leads.
fn fetch(address: &Url, path: &str) -> String {
    let port = address.port().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The lines of the program's own code, tests and the practice provider left out.
fn production() -> Vec<(String, String)> {
    let root = root();
    let mut lines = Vec::new();
    for path in files_below(&root.join("src"), ".rs") {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let name = name.replace('\\', "/");
        if name.starts_with("src/issuer/") || name.contains("tests") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        lines.extend(code.map(|line| (name.clone(), line.to_owned())));
    }
    lines
}
