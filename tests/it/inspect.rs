//! `keyfob inspect`: what a token says, and whether anyone vouches for it.

use keyfob::issuer::{Endpoint, Provider};

use crate::support::{World, provider};

#[test]
fn a_sessions_token_is_shown_verified_with_times_and_meanings() {
    let provider = provider();
    let world = signed_in(&provider);

    let access = world.run("inspect work").ok().silent();
    let id = world.run("inspect work --id-token").ok().silent();
    let json = world.run("inspect work --json").ok().silent().json();

    for wanted in ["✓ verified", "iat", "5d0c1f3e", provider.issuer()] {
        assert!(
            access.stdout.contains(wanted),
            "{wanted}: {}",
            access.stdout
        );
    }
    let left = ["in 10 min", "in 9 min"];
    assert!(
        left.iter().any(|left| access.stdout.contains(left)),
        "{}",
        access.stdout
    );
    assert!(id.stdout.starts_with("ID token"), "{}", id.stdout);
    assert!(id.stdout.contains("keyfob-cli"), "{}", id.stdout);
    assert_eq!(json["verified"], true);
    assert_eq!(json["claims"]["iss"], provider.issuer());
    let token = world.run("token work").ok().line();
    assert!(!access.stdout.contains(&token), "a claim sheet is no token");
}

#[test]
fn a_token_from_stdin_or_a_file_is_verified_by_a_profile_that_has_its_issuer() {
    let provider = provider();
    let world = signed_in(&provider);
    let token = world.run("token work").ok().line();
    let file = world.write("token.txt", format!("Bearer {token}\n"));

    let piped = world.run_with("inspect - --verify", &token).ok();
    let filed = world
        .run(&format!("inspect --file {}", file.display()))
        .ok();

    assert!(piped.stdout.contains("✓ verified"), "{}", piped.stdout);
    assert!(filed.stdout.contains("✓ verified"), "{}", filed.stdout);
}

#[test]
fn a_changed_token_is_refused_with_the_failed_check() {
    let provider = provider();
    let world = signed_in(&provider);
    let token = world.run("token work").ok().line();
    let at = token.len() - 20;
    let other = if &token[at..=at] == "A" { "B" } else { "A" };
    let forged = format!("{}{other}{}", &token[..at], &token[at + 1..]);

    let shown = world.run_with("inspect -", &forged).ok();
    let json = world.run_with("inspect - --json", &forged).ok().json();
    let held = world.run_with("inspect - --verify", &forged).exits(9);

    assert!(shown.stdout.contains("✗ refused"), "{}", shown.stdout);
    assert_eq!(json["failed_check"], "signature");
    assert_eq!(json["verified"], false);
    assert!(held.stderr.contains("signature"), "{held:#?}");
}

#[test]
fn a_token_of_an_unknown_issuer_causes_no_request() {
    let (known, stranger) = (provider(), provider());
    let world = signed_in(&known);
    let other = signed_in(&stranger);
    let token = other.run("token work").ok().line();
    let before = stranger.log().len();

    let shown = world.run_with("inspect -", &token).ok();
    world.run_with("inspect - --verify", &token).exits(9);

    assert!(shown.stdout.contains("? unverified"), "{}", shown.stdout);
    assert_eq!(stranger.log().len(), before);
}

#[test]
fn what_is_no_token_is_shown_as_what_it_is() {
    let world = World::new();
    for text in ["", "two words", "\u{1b}[2J\u{1b}]0;owned\u{7}"] {
        let output = world.run_with("inspect -", text).exits(2);
        assert!(!output.stderr.contains('\u{1b}'), "{output:#?}");
    }

    for text in ["hello", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
        let output = world.run_with("inspect -", text).ok();
        let tame = |c: char| !c.is_control() || c == '\n';
        assert!(output.stdout.chars().all(tame), "{output:#?}");
        assert!(!output.stdout.contains("✓"), "{output:#?}");
    }
}

#[test]
fn userinfo_is_asked_with_the_token_in_the_header_and_shown_as_the_providers_word() {
    let provider = provider();
    let world = signed_in(&provider);

    let text = world.run("inspect work --userinfo").ok().silent();
    let json = world
        .run("inspect work --userinfo --json")
        .ok()
        .silent()
        .json();

    assert_eq!(provider.requests(Endpoint::UserInfo), 2);
    assert!(text.stdout.contains("Amara Okafor"), "{}", text.stdout);
    assert!(text.stdout.contains("? unverified"), "{}", text.stdout);
    assert_eq!(json["kind"], "userinfo");
    assert_eq!(json["verified"], false);
    assert_eq!(json["claims"]["email"], "amara@practice.example");
    world.run("inspect - --userinfo").exits(2);
    World::at(&provider).run("inspect work --userinfo").exits(3);
}

fn signed_in(provider: &Provider) -> World {
    let world = World::at(provider);
    world.sign_in();
    world
}
