//! One refresh token for an account's profiles at Entra: many APIs and tenants, one sign-in; and
//! nobody's tokens for anybody else.

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::Duration;

use keyfob::sys::clock::{Clock as _, SystemClock};

use crate::agent::Agent;
use crate::support::entra::{AWAY, Entra, HOME, client_info, object, said};
use crate::support::{Running, World};

const OPEN: &str = "openid profile offline_access";

fn scopes(api: &str) -> String {
    format!("{OPEN} api://{api}/.default")
}

/// Three profiles of one person, who has signed in for `work`.
fn signed_in(entra: &Entra) -> World {
    let (orders, mail) = (scopes("orders"), scopes("mail"));
    let world = entra.world(&[
        ("work", HOME, &orders, ""),
        ("mail", HOME, &mail, ""),
        ("guest", AWAY, &orders, ""),
    ]);
    entra.login(&world, "work", "amara").1.ok();
    world
}

#[test]
fn a_second_api_and_a_second_tenant_need_no_second_sign_in() {
    let entra = Entra::start();
    let world = signed_in(&entra);

    let work = world.run("token work").ok().line();
    let mail = world.run("token mail").ok().silent().line();
    let guest = world.run("token guest").ok().silent().line();

    assert_eq!(BTreeSet::from([&work, &mail, &guest]).len(), 3);
    let refreshes = entra.refreshes();
    assert_eq!(refreshes.len(), 2, "{refreshes:#?}");
    let asked = |at: usize, name: &str| refreshes[at].get(name).map(String::as_str);
    assert_eq!(
        (asked(0, "tenant"), asked(1, "tenant")),
        (Some(HOME), Some(AWAY))
    );
    assert!(asked(0, "scope").unwrap().contains("api://mail/.default"));
    assert_eq!(asked(0, "client_info"), Some("1"));
    assert!(asked(0, "scope").unwrap().contains("offline_access"));
    // Each has its own token, and all of them one session.
    for (profile, token) in [("work", &work), ("mail", &mail), ("guest", &guest)] {
        assert_eq!(
            world.run(&format!("token {profile}")).ok().silent().line(),
            *token
        );
    }
    assert_eq!(entra.refreshes().len(), 2);
    assert_eq!(world.sessions().len(), 1);
    let list: serde_json::Value =
        serde_json::from_str(&world.run("list --json").ok().stdout).unwrap();
    let signed_in = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["state"] == "signed_in");
    assert_eq!(signed_in.count(), 3, "{list:#}");
    // Who somebody is differs from tenant to tenant.
    let away = world.run("inspect guest --id-token --json").ok().stdout;
    assert!(
        away.contains(&object("amara", AWAY)) && away.contains(AWAY),
        "{away}"
    );
    let home = world.run("inspect mail --id-token --json").ok().stdout;
    assert!(home.contains(&object("amara", HOME)), "{home}");
}

#[test]
fn twenty_at_once_for_two_profiles_cause_one_refresh_for_each_token_and_lose_none() {
    let entra = Entra::start();
    let world = signed_in(&entra);
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();

    let askers: Vec<Running> = (0..20)
        .map(|number| world.spawn(["token work", "token guest"][number % 2]))
        .collect();
    let tokens: BTreeSet<String> = askers
        .into_iter()
        .map(|asker| asker.wait().ok().silent().line())
        .collect();

    assert_eq!(tokens.len(), 2);
    let refreshes = entra.refreshes();
    assert_eq!(refreshes.len(), 2);
    // The second one spent what the first one brought.
    assert_ne!(refreshes[0]["refresh_token"], refreshes[1]["refresh_token"]);
    for profile in ["work", "guest", "mail"] {
        world.run(&format!("token {profile} --renew")).ok();
    }
    let spent: BTreeSet<String> = entra
        .refreshes()
        .iter()
        .map(|form| form["refresh_token"].clone())
        .collect();
    assert_eq!(spent.len(), 5, "each refresh spends the newest");
}

#[test]
fn with_several_accounts_a_person_chooses_and_is_told_how() {
    let entra = Entra::start();
    let (orders, mail) = (scopes("orders"), scopes("mail"));
    let profiles = [
        ("work", HOME, orders.as_str(), ""),
        ("admin", HOME, orders.as_str(), ""),
        ("third", HOME, mail.as_str(), ""),
        (
            "fourth",
            HOME,
            mail.as_str(),
            "account = \"BELA@contoso.example\"",
        ),
    ];
    let world = entra.world(&profiles);
    entra.login(&world, "work", "amara").1.ok();
    // Whoever is asked for may be one who is not there yet.
    let (address, signed_in) = entra.login(&world, "admin --account bela@contoso.example", "bela");
    signed_in.ok();
    assert!(
        address
            .query()
            .unwrap()
            .contains("login_hint=bela%40contoso.example"),
        "{address}"
    );
    assert_eq!(world.sessions().len(), 2);

    let unclear = world.run("token third").exits(3);

    for word in [
        "several accounts",
        "amara@contoso.example",
        "bela@contoso.example",
        "--account",
    ] {
        assert!(unclear.stderr.contains(word), "{word}: {unclear:#?}");
    }
    assert!(
        unclear
            .stderr
            .contains(&format!("{}.{HOME}", object("bela", HOME))),
        "{unclear:#?}"
    );
    assert_eq!(entra.refreshes().len(), 0, "nobody is guessed");
    world
        .run("login third --account bela@contoso.example")
        .ok()
        .says("signed in already");
    world.run("token third").ok();
    // The token is there already; whose it is shows when a new one is asked for.
    world.run("token fourth").ok().silent();
    world.run("token fourth --renew").ok();
    let whose = |at: usize| person_at(&entra, at);
    assert_eq!((whose(0), whose(1)), ("bela".into(), "bela".into()));
    // By its id as well, and back again.
    let id = format!("{}.{HOME}", object("amara", HOME));
    world
        .run(&format!("login third --account {id}"))
        .ok()
        .says("amara");
    world.run("token third").ok();
    assert_eq!(whose(2), "amara");
}

#[test]
fn who_signs_in_must_be_who_was_asked_for_and_the_flags_must_agree() {
    let entra = Entra::start();
    let world = signed_in(&entra);
    // Who signs in must be who was asked for.
    let (_, other) = entra.login(&world, "guest --account carl@contoso.example", "amara");
    other.exits(4).says("nothing was kept");
    world.run("token guest").ok().silent();
    world.run("login guest --account x --login-hint y").exits(2);
    world
        .run("login guest --account x --prompt select_account")
        .exits(2)
        .says("select_account");
    world
        .run("login guest --login-hint x --prompt select_account")
        .exits(2)
        .says("select_account");
}

/// Whose the refresh token of a refresh is, by a token that comes of it.
fn person_at(entra: &Entra, at: usize) -> String {
    entra.person_of(&entra.refreshes()[at]["refresh_token"])
}

#[test]
fn a_sign_in_as_another_account_says_so_and_keeps_the_one_before() {
    let entra = Entra::start();
    let world = signed_in(&entra);

    let (address, changed) = entra.login(&world, "work --prompt select_account", "bela");

    let changed = changed.ok();
    assert!(
        !address.query().unwrap().contains("login_hint"),
        "{address}"
    );
    assert!(
        changed
            .stderr
            .contains("was signed in as amara@contoso.example"),
        "{changed:#?}"
    );
    assert_eq!(world.sessions().len(), 2);
    let command = format!("login work --account {}.{HOME}", object("amara", HOME));
    assert!(changed.stderr.contains(&command), "{changed:#?}");
    world.run("token work --renew").ok();
    assert_eq!(person_at(&entra, 0), "bela");
    world.run(&command).ok();
    world.run("token work --renew").ok();
    assert_eq!(person_at(&entra, 1), "amara");
    // The next sign-in begins with the account before, in the provider's own words.
    let (address, _) = entra.login(&world, "work", "amara");
    assert!(
        address.query().unwrap().contains("login_hint=O.amara"),
        "{address}"
    );
}

#[test]
fn tokens_of_another_account_are_refused_and_the_session_stays() {
    let entra = Entra::start();
    let world = signed_in(&entra);
    entra.change(|_, answer| answer["client_info"] = client_info("bela").into());

    world
        .run("token work --renew")
        .exits(9)
        .says("another account");
    world.run("token guest").exits(9).says("another account");

    // The first token of a tenant needs the word of the endpoint.
    entra.change(|_, answer| drop(answer.as_object_mut().unwrap().remove("client_info")));
    world.run("token guest").exits(9).says("another account");
    world.run("token work --renew").ok();
    entra.behave();
    world.run("token guest").ok();
    // From then on that tenant's own tokens are continued, with or without it.
    entra.change(|_, answer| drop(answer.as_object_mut().unwrap().remove("client_info")));
    world.run("token guest --renew").ok();
    let issuer = entra.issuer(AWAY);
    entra.change(move |_, answer| {
        let now = 1 + SystemClock::new().now().0;
        answer["id_token"] = crate::support::entra::sign(&serde_json::json!({
            "iss": issuer, "aud": "keyfob-cli", "sub": "somebody else", "tid": AWAY,
            "iat": now, "exp": now + 3600,
        }))
        .into();
    });
    world.run("token guest --renew").exits(9).says("sub");
    entra.behave();
    for profile in ["work", "mail", "guest"] {
        world.run(&format!("token {profile} --renew")).ok();
    }
}

#[test]
fn what_one_tenant_refuses_ends_nothing_for_the_others() {
    let entra = Entra::start();
    let world = signed_in(&entra);
    entra.refuse(|form| {
        let is_refused = form["tenant"] == AWAY && form["grant_type"] == "refresh_token";
        is_refused.then(|| said("invalid_grant", None))
    });

    world.run("token guest").exits(3).says("AADSTS50076");
    let asked = entra.refreshes().len();
    world.run("token guest").exits(3);
    assert_eq!(entra.refreshes().len(), asked, "it was said a moment ago");
    world.run("token work --renew").ok();
    world.run("token mail").ok();

    // What explains only is no reason to sign in, and what is dead is dead for all.
    entra.refuse(|_| Some(said("invalid_grant", Some("message_only"))));
    world.run("token mail --renew").exits(5);
    entra.refuse(|_| Some(said("invalid_grant", Some("bad_token"))));
    world.run("token mail --renew").exits(3).says("has ended");
    let asked = entra.refreshes().len();
    world.run("token work --renew").exits(3).says("has ended");
    assert_eq!(entra.refreshes().len(), asked);
    entra.behave();
    entra.login(&world, "mail", "amara").1.ok();
    world.run("token guest").ok();
}

#[test]
fn a_challenge_at_one_tenant_carries_the_capability_and_is_keyed_by_its_claims() {
    let entra = Entra::start();
    let world = signed_in(&entra);
    let plain = world.run("token mail").ok().line();
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;

    let met = world
        .run_with("token guest --claims-challenge -", claims)
        .ok()
        .line();

    let last = entra.refreshes().pop().unwrap();
    assert_eq!(
        last["claims"],
        r#"{"access_token":{"nbf":{"essential":true,"value":"1"},"xms_cc":{"values":["cp1"]}}}"#
    );
    assert_eq!(last["tenant"], AWAY);
    assert_eq!(world.run("token mail").ok().line(), plain);
    assert_eq!(world.run("token guest").ok().line(), met);
}

#[test]
fn who_signs_out_of_one_profile_signs_out_of_the_account_and_is_told() {
    let entra = Entra::start();
    let world = signed_in(&entra);
    world.run("token mail").ok();

    let out = world.run("logout mail").ok();

    assert!(
        out.stderr.contains("shared its session with `work`"),
        "{out:#?}"
    );
    assert_eq!(world.sessions().len(), 0);
    assert_eq!(world.cached().len(), 0);
    for profile in ["work", "mail", "guest"] {
        world.run(&format!("token {profile}")).exits(3);
    }
    assert_eq!(entra.refreshes().len(), 1);
}

#[test]
fn a_session_from_before_goes_on_until_the_next_sign_in() {
    let entra = Entra::start();
    let world = World::new();
    let browser = world.browser_command();
    world.configure(&format!(
        "[profile.work]\nissuer = \"{}\"\nclient_id = \"keyfob-cli\"\nscopes = \"{}\"\n\
         store = \"sealed\"\nbrowser = \"{browser}\"\n",
        entra.issuer(HOME),
        scopes("orders")
    ));
    entra.login(&world, "work", "amara").1.ok();
    let before = world.sessions();
    entra.configure(
        &world,
        &[
            ("work", HOME, &scopes("orders"), ""),
            ("mail", HOME, &scopes("mail"), ""),
        ],
    );

    world.run("token work").ok();
    world.run("token work --renew").ok();
    world.run("token mail").exits(3);
    assert_eq!(world.sessions(), before);
    // Another account that signs in changes nothing for it.
    entra.login(&world, "mail", "bela").1.ok();
    world.run("token work --renew").ok();
    let last = entra.refreshes().len() - 1;
    assert_eq!(person_at(&entra, last), "amara");
    world.run("logout mail").ok();

    entra.login(&world, "work", "amara").1.ok();
    assert_eq!(world.sessions().len(), 1);
    assert_ne!(world.sessions(), before);
    world.run("token mail").ok();
}

#[test]
fn what_a_killed_process_got_from_one_tenant_is_not_lost_to_another() {
    let entra = Entra::start();
    let world = signed_in(&entra);
    entra.hold_keys();
    let asker = world.spawn("token guest");
    // The answer is there, and waits in the journal for the keys that verify it.
    let clock = SystemClock::new();
    while !entra.keys_are_wanted() {
        assert!(
            clock.elapsed() < Duration::from_secs(30),
            "nobody asked for the keys"
        );
        thread::yield_now();
    }
    asker.signal("KILL");
    drop(asker.wait());
    entra.behave();
    let brought = entra.brought();

    world.run("token work --renew").ok().silent();

    let spent: Vec<String> = entra
        .refreshes()
        .iter()
        .map(|form| form["refresh_token"].clone())
        .collect();
    assert_eq!(spent.len(), 2);
    assert_eq!(spent[1], brought, "the newest was spent");
    // Nothing of it was taken for a token of this tenant.
    let token = world.run("token work").ok().line();
    assert_ne!(token, brought.replace("rt-", "at-"));
    world.run("token guest").ok();
}

#[test]
fn the_agent_keeps_one_session_for_all_profiles_of_an_account() {
    let entra = Entra::start();
    let world = World::new();
    let (orders, mail) = (scopes("orders"), scopes("mail"));
    entra.configure(
        &world,
        &[("work", HOME, &orders, ""), ("guest", AWAY, &mail, "")],
    );
    let config = fs::read_to_string(world.path("config/keyfob/config.toml")).unwrap();
    world.configure(&config.replace("store = \"sealed\"", "store = \"agent\""));
    let agent = Agent::start(&world, "");
    entra.login(&world, "work", "amara").1.ok();

    let guest = world.run("token guest").ok().silent().line();

    assert_ne!(world.run("token work").ok().line(), guest);
    assert_eq!(world.run("token guest").ok().line(), guest);
    assert_eq!(entra.refreshes().len(), 1);
    assert_eq!(world.sessions().len(), 0, "nothing is on the disk");
    assert!(!world.path("state/keyfob/seats").exists());
    let list = world.run("list --json").ok().stdout;
    assert_eq!(list.matches("signed_in\"").count(), 2, "{list}");
    let met = world.run_with(
        "token guest --claims-challenge -",
        r#"{"access_token":{"x":null}}"#,
    );
    assert_ne!(met.ok().line(), guest);
    assert!(entra.refreshes()[1]["claims"].contains("cp1"));
    // Who signs in again keeps everybody where they are, and what was met.
    entra.login(&world, "work", "amara").1.ok();
    entra.change(|_, answer| drop(answer.as_object_mut().unwrap().remove("client_info")));
    world.run("token guest").ok();
    world
        .run("logout guest")
        .ok()
        .says("shared its session with `work`");
    world.run("token work").exits(3);
    agent.signal("TERM");
    agent.end();
}

#[test]
fn a_token_for_a_family_of_clients_is_noted() {
    let entra = Entra::start();
    entra.change(|_, answer| answer["foci"] = "1".into());
    let world = signed_in(&entra);

    let noted = fs::read_to_string(
        world
            .path("state/keyfob/sessions")
            .join(&world.sessions()[0]),
    );

    assert!(noted.unwrap().contains("\"is_family\": true"));
    world.run("token work").ok();
}

#[test]
fn a_sign_in_that_asks_for_no_refresh_token_takes_none_away() {
    let entra = Entra::start();
    let world = signed_in(&entra);
    entra.change(|form, answer| {
        if form["grant_type"] == "authorization_code" {
            drop(answer.as_object_mut().unwrap().remove("refresh_token"));
        }
    });

    entra.login(&world, "mail", "amara").1.ok();

    world.run("token work --renew").ok();
    world.run("token mail --renew").ok();
}
