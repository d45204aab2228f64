//! `keyfob list`: who is signed in, without asking anybody.

use crate::support::{World, provider};

#[test]
fn every_profile_is_listed_with_what_is_held() {
    let provider = provider();
    let issuer = provider.issuer();
    let world = World::with_profiles(&[("home", issuer, ""), ("work", issuer, "")]);
    world.sign_in();
    let before = provider.log().len();

    let list = world.run("list").ok().silent();
    let json = world.run("list --json").ok().silent().json();

    assert_eq!(provider.log().len(), before, "nobody was asked");
    let row = |name: &str| {
        let row = list.stdout.lines().find(|line| line.starts_with(name));
        row.unwrap_or_else(|| panic!("no {name}: {list:#?}"))
            .to_owned()
    };
    assert!(row("home").contains("signed out"), "{list:#?}");
    for wanted in ["amara", "signed in", "refresh", "access", "sealed", issuer] {
        assert!(row("work").contains(wanted), "{wanted}: {list:#?}");
    }
    let work = json
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["profile"] == "work")
        .unwrap();
    assert_eq!(work["state"], "signed_in");
    assert_eq!(work["account"], "amara");
    assert_eq!(work["store"], "sealed");
    assert_eq!(work["refresh_token"], true);
    assert!(
        work["access_tokens"][0]["expires_in"].as_u64().unwrap() > 500,
        "{work}"
    );
}

#[test]
fn the_list_needs_no_passphrase_and_shows_no_secret() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    std::fs::remove_file(world.path("passphrase")).unwrap();

    let list = world.run("list").ok().silent();
    let json = world.run("list --json").ok().silent();

    for text in [&list.stdout, &json.stdout] {
        assert!(text.contains("work"));
        assert!(!text.contains(&token));
        assert!(!text.contains("eyJ"), "{text}");
    }
}

#[test]
fn a_name_that_drives_the_terminal_is_shown_tamed() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let entry = world
        .path("state/keyfob/sessions")
        .join(&world.sessions()[0]);
    let text = std::fs::read_to_string(&entry).unwrap();
    let evil = text.replace("\"amara\"", "\"\\u001b[2J\\u202eamara\"");
    assert_ne!(text, evil);
    keyfob::sys::files::write_private(&entry, evil.as_bytes()).unwrap();

    for line in ["list", "list --json"] {
        let output = world.run(line).ok();
        let tame = |c: char| !c.is_control() || c == '\n';
        assert!(output.stdout.chars().all(tame), "{output:#?}");
        assert!(!output.stdout.contains('\u{202e}'), "{output:#?}");
    }
}

#[test]
fn a_user_without_profiles_is_told_what_to_do() {
    let world = World::new();

    let list = world.run("list").ok().says("keyfob config add");
    let json = world.run("list --json").ok();

    assert_eq!(list.stdout, "");
    assert_eq!(json.stdout.trim(), "[]");
}
