//! `keyfob login` with a browser: the real program, the practice provider, a person in between.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use keyfob::issuer::{Endpoint, Fault, PushedRequests};

use crate::support::{
    Answer, Front, PASSPHRASE, World, approve, approve_as, assert_private, provider, provider_with,
};

/// As many as a hostile page can hold open.
const IDLE: usize = 200;

#[test]
fn a_first_session_goes_as_it_is_written_down() {
    let provider = provider();
    let world = World::new().with("KEYFOB_STORE", "sealed");
    let (issuer, scopes) = (provider.issuer(), "openid profile offline_access");
    let client = ["--issuer", issuer, "--client-id", "keyfob-cli"];

    let add = [
        &["config", "add", "work"],
        &client[..],
        &["--scope", scopes],
    ]
    .concat();
    world.run_words(&add).ok();
    world.login("work").ok().says("Signed in");
    let token = world.run("token work").ok().silent();
    let curl = world.run("token work --format curl").ok().silent();
    let shown = world.run("inspect work").ok().silent();
    let list = world.run("list").ok().silent();
    let out = world.run("logout work").ok().says("Signed out");
    let after = world.run("token work").exits(3);

    let header = format!("header = \"Authorization: Bearer {}\"\n", token.line());
    assert_eq!(curl.stdout, header);
    assert!(shown.stdout.contains("✓ verified"), "{shown:#?}");
    assert!(list.stdout.contains("signed in"), "{list:#?}");
    assert!(after.stderr.contains("keyfob login work"), "{after:#?}");
    assert_eq!(world.sessions(), [""; 0]);
    assert!(!world.has_record(issuer, "work"));
    assert_private(
        &world,
        &[&token.line()],
        &[&token, &shown, &list, &out, &after],
    );
}

#[test]
fn no_secret_of_a_whole_session_is_ever_written_in_the_clear() {
    let front = Front::plain();
    let provider = front.provider(|_| {});
    let world = World::at(&provider);

    let runs = [
        world.sign_in(),
        world.run("token work --renew").ok(),
        world.run("token work --id-token").ok(),
        world.run("inspect work --userinfo").ok(),
        world.run("list --json").ok(),
    ];

    let secrets = front.secrets();
    // A code, a verifier, and twice a refresh, an access and an ID token.
    assert!(secrets.len() >= 8, "{}", secrets.len());
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    assert_private(&world, &secrets, &runs.iter().collect::<Vec<_>>());
    assert!(!front.seen().contains(PASSPHRASE));
    world.run("logout work").ok();
    assert_private(&world, &secrets, &[]);
}

#[test]
fn a_browser_is_opened_unless_told_not_to() {
    let provider = provider();
    let world = World::at(&provider);

    let mut running = world.spawn("login work");
    let address = running.address();
    approve(&address).deliver();
    running.wait().ok();
    world.login("work").ok();

    // The browser runs on its own and may write late; the second sign-in opened none.
    let opened = world.opened();
    assert!(
        opened.is_empty() || opened == [address.to_string()],
        "{opened:?}"
    );
    assert!(
        !opened.is_empty() || world.wait_until_opened(),
        "no browser was opened"
    );
}

#[test]
fn what_is_not_the_answer_never_ends_the_wait() {
    let provider = provider();
    let world = World::with_profile(&provider, "response_mode = \"query\"");
    let mut running = world.spawn("login work --no-browser");
    let answer = approve(&running.address());
    let host = answer.host();
    let get = |target: &str, host: &str| {
        raw(
            &answer,
            &format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        )
    };
    let query = |answer: &Answer| answer.request().uri().path_and_query().unwrap().to_string();
    let good = query(&answer);
    let state = answer.get("state").unwrap();
    let code = answer.get("code").unwrap();

    for (what, target, host) in [
        ("no parameters", "/", host.as_str()),
        ("another path", "/callback", &host),
        ("the path of an icon", "/favicon.ico", &host),
        ("another host", &good, "evil.example"),
        ("another port", &good, "127.0.0.1:1"),
        (
            "another state",
            &query(&answer.clone().with("state", "guessed")),
            &host,
        ),
        ("no state", &query(&answer.clone().without("state")), &host),
        ("the state twice", &format!("{good}&state={state}"), &host),
        ("the code twice", &format!("{good}&code={code}"), &host),
        (
            "an error with another state",
            "/?error=access_denied&state=guessed",
            &host,
        ),
        ("an error without a state", "/?error=access_denied", &host),
    ] {
        let status = get(target, host);
        assert!((400..500).contains(&status), "{what}: {status}");
    }
    for method in ["POST", "PUT", "HEAD", "OPTIONS", "TRACE"] {
        let text = format!("{method} {good} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n");
        let status = raw(&answer, &text);
        assert!((400..502).contains(&status), "{method}: {status}");
    }
    assert_eq!(
        raw(&answer, "\u{16}\u{3}\u{1} not HTTP at all\r\n\r\n"),
        400
    );
    assert_eq!(provider.requests(Endpoint::Token), 0);

    assert_eq!(answer.deliver().status, 200);
    running.wait().ok();
}

#[test]
fn a_sign_in_works_while_200_idle_connections_are_held_open() {
    let provider = provider();
    let world = World::at(&provider);
    let mut running = world.spawn("login work --no-browser");
    let answer = approve(&running.address());
    let port = answer.to.port().unwrap();

    let idle: Vec<TcpStream> = (0..IDLE)
        .map(|number| {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
            if number % 2 == 0 {
                // It may be shut out already: that is as good.
                drop(stream.write_all(b"GET / HTTP/1.1\r\n"));
            }
            stream
        })
        .collect();
    let page = answer.deliver();

    assert_eq!(page.status, 200);
    running.wait().ok();
    assert_eq!(idle.len(), IDLE);
}

#[test]
#[cfg(unix)]
fn an_interrupted_sign_in_frees_the_port_and_keeps_nothing() {
    for signal in ["INT", "TERM"] {
        let provider = provider();
        let world = World::at(&provider);
        let mut running = world.spawn("login work --no-browser");
        let answer = approve(&running.address());

        running.signal(signal);
        let output = running.wait().exits(4);

        assert!(output.stderr.contains("interrupted"), "{output:#?}");
        let port = answer.to.port().unwrap();
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
        assert_eq!(world.sessions(), [""; 0]);
    }
}

#[test]
fn a_sign_in_that_nobody_finishes_ends_at_its_deadline() {
    let provider = provider();
    let world = World::at(&provider);

    let mut running = world.spawn("login work --no-browser --timeout 1s");
    let answer = approve(&running.address());
    let output = running.wait().exits(4).says("--timeout");

    assert!(output.stderr.contains("within 1 s"), "{output:#?}");
    let port = answer.to.port().unwrap();
    assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
    assert_eq!(world.sessions(), [""; 0]);
}

#[test]
fn a_declined_sign_in_shows_why_and_exits_4() {
    let provider = provider();
    let world = World::at(&provider);
    let mut running = world.spawn("login work --no-browser");
    let answer = approve(&running.address());

    let declined = answer
        .without("code")
        .with("error", "access_denied")
        .with("error_description", "<b onload=x>no\u{1b}[2J</b>");
    let page = declined.deliver();
    let output = running.wait().exits(4).says("access_denied");

    assert_eq!(page.status, 400);
    assert!(page.text.contains("&lt;b onload=x&gt;no"), "{}", page.text);
    assert!(!page.text.contains("<b onload"), "{}", page.text);
    assert!(!output.stderr.contains('\u{1b}'), "{output:#?}");
    assert_eq!(provider.requests(Endpoint::Token), 0);
}

#[test]
fn the_last_page_can_do_nothing_and_is_not_kept() {
    let provider = provider();
    let world = World::at(&provider);
    let mut running = world.spawn("login work --no-browser");

    let page = approve(&running.address()).deliver();
    running.wait().ok();

    let field = |name: &str| page.headers[name].to_str().unwrap();
    let policy = field("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("script"), "{policy}");
    assert!(field("cache-control").contains("no-store"));
    assert!(field("content-type").starts_with("text/html"));
    assert!(!page.text.contains("<script"), "{}", page.text);
    for wanted in ["amara", "work", "close", "viewport", "color-scheme"] {
        assert!(page.text.contains(wanted), "{wanted}: {}", page.text);
    }
}

#[test]
fn the_answer_comes_as_a_form_unless_the_profile_says_otherwise() {
    for (mode, posted) in [("auto", true), ("form_post", true), ("query", false)] {
        let provider = provider();
        let world = World::with_profile(&provider, &format!("response_mode = \"{mode}\""));
        let mut running = world.spawn("login work --no-browser");

        let answer = approve(&running.address());
        assert_eq!(answer.posted, posted, "{mode}");
        assert_eq!(answer.deliver().status, 200, "{mode}");
        running.wait().ok();
    }
}

#[test]
fn a_request_is_pushed_when_that_is_offered_or_required() {
    for (pushed, times) in [
        (PushedRequests::Offered, 1),
        (PushedRequests::Required, 1),
        (PushedRequests::Unsupported, 0),
    ] {
        let provider = provider_with(|settings| settings.pushed = pushed);
        let world = World::at(&provider);
        let mut running = world.spawn("login work --no-browser");

        let address = running.address();
        approve(&address).deliver();
        running.wait().ok();

        assert_eq!(provider.requests(Endpoint::Pushed), times, "{pushed:?}");
        let names: Vec<_> = address.query_pairs().map(|(name, _)| name).collect();
        if times == 1 {
            assert_eq!(names, ["client_id", "request_uri"], "{pushed:?}");
        } else {
            assert!(
                names.iter().any(|name| name == "code_challenge"),
                "{names:?}"
            );
        }
    }
}

#[test]
fn the_redirect_uri_is_what_the_profile_says() {
    let provider = provider();
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let more = format!(
        "redirect_host = \"localhost\"\nredirect_port = {port}\nredirect_path = \"/callback\""
    );
    let world = World::with_profile(&provider, &more);
    let mut running = world.spawn("login work --no-browser");

    let answer = approve(&running.address());

    assert_eq!(
        answer.to.as_str(),
        format!("http://localhost:{port}/callback")
    );
    assert_eq!(answer.deliver().status, 200);
    running.wait().ok();
}

#[test]
fn a_fixed_port_that_is_taken_is_said() {
    let provider = provider();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let world = World::with_profile(&provider, &format!("redirect_port = {port}"));

    let output = world.run("login work --no-browser");

    assert!(output.status != 0, "{output:#?}");
    assert!(output.stderr.contains(&port.to_string()), "{output:#?}");
}

#[test]
fn profiles_and_accounts_live_side_by_side() {
    let provider = provider_with(|settings| settings.auto_approve = None);
    let issuer = provider.issuer();
    let world = World::with_profiles(&[("home", issuer, ""), ("work", issuer, "")]);
    for (profile, person) in [("home", "jonas"), ("work", "amara")] {
        let mut running = world.spawn(&format!("login {profile} --no-browser"));
        approve_as(&running.address(), person).deliver();
        running.wait().ok().says(person);
    }

    let home = world.run("token home").ok().line();
    let work = world.run("token work").ok().line();
    world.run("logout home").ok();

    assert_ne!(home, work);
    assert_eq!(world.run("token work").ok().line(), work);
    world.run("token home").exits(3);
    // Which of several is meant has to be said.
    world.run("token").exits(2);
}

#[test]
fn a_sign_in_that_fails_leaves_the_session_before_it_alone() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let before = world.run("token work").ok().line();

    provider.set_faults(&[Fault::parse("id.aud.wrong").unwrap()]);
    world.login("work").exits(9);
    provider.set_faults(&[]);

    assert_eq!(world.run("token work").ok().line(), before);
    world.run("token work --renew").ok();
}

#[test]
fn a_provider_behind_a_private_authority_needs_its_ca_file() {
    let front = Front::tls();
    let provider = front.provider(|_| {});
    let world = World::at(&provider);
    let trust = world.write("ca.pem", front.certificate());

    let refused = world.run("login work --no-browser").exits(6);
    assert!(refused.stderr.contains("certificate"), "{refused:#?}");
    assert_eq!(front.seen(), "");

    let trust = trust.display().to_string();
    let mut running = world.spawn(&format!("login work --no-browser --ca-file {trust}"));
    let address = running.address();
    assert_eq!(address.scheme(), "https");
    // The person's browser trusts it anyway; here it goes around the front.
    let behind = address.as_str().replacen(
        provider.issuer(),
        &format!("http://127.0.0.1:{}", provider.port()),
        1,
    );
    approve(&behind.parse().unwrap()).deliver();
    running.wait().ok();
    world
        .run(&format!("token work --renew --ca-file {trust}"))
        .ok();
}

#[test]
fn over_ssh_the_line_that_brings_the_answer_here_is_printed() {
    let provider = provider();
    let world = World::at(&provider).with("SSH_CONNECTION", "10.0.0.7 50000 10.0.0.9 22");
    let mut running = world.spawn("login work --no-browser");

    let answer = approve(&running.address());
    answer.deliver();
    let output = running.wait().ok();

    let port = answer.to.port().unwrap();
    assert!(output.stderr.contains("ssh -"), "{output:#?}");
    assert!(
        output.stderr.contains(&format!("{port}:127.0.0.1:{port}")),
        "{output:#?}"
    );
}

#[test]
fn the_request_asks_for_what_the_profile_and_the_flags_say() {
    let provider = provider_with(|settings| settings.pushed = PushedRequests::Unsupported);
    let more = "audience = \"https://a.example.com\"\n\
                [profile.work.authorize]\nui_locales = \"sv\"\n";
    let world = World::with_profile(&provider, more);
    let mut running =
        world.spawn("login work --no-browser --login-hint amara@example.com --prompt consent");

    let address = running.address();
    let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();

    for (name, value) in [
        ("response_type", "code"),
        ("code_challenge_method", "S256"),
        ("scope", "openid profile email offline_access"),
        ("audience", "https://a.example.com"),
        ("ui_locales", "sv"),
        ("login_hint", "amara@example.com"),
        ("prompt", "consent"),
    ] {
        assert_eq!(
            asked.get(name).map(String::as_str),
            Some(value),
            "{name}: {asked:#?}"
        );
    }
    for drawn in ["state", "nonce", "code_challenge"] {
        assert_eq!(asked[drawn].len(), 43, "{drawn}");
    }
}

#[test]
fn an_issuer_with_a_path_is_found() {
    let provider = provider_with(|settings| settings.path = "/tenant/one".to_owned());
    let world = World::at(&provider);

    world.sign_in();

    world.run("token work --renew").ok();
    world.run("inspect work --verify").ok();
}

/// Sends bytes to where the answer goes; returns the status, 0 when the connection just ends.
fn raw(answer: &Answer, text: &str) -> u16 {
    let port = answer.to.port().unwrap();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    let mut reply = Vec::new();
    drop(stream.read_to_end(&mut reply));
    let reply = String::from_utf8_lossy(&reply);
    let status = reply.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or(0)
}
