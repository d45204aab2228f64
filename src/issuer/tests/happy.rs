//! What goes well.

use super::wire::{REDIRECT, Wire, authorize_path, parts, quick, text, verifies};
use crate::base::Issuer;
use crate::issuer::{Algorithm, Endpoint, Host, Person, Settings};

#[test]
fn the_metadata_is_the_same_at_every_well_known_address() {
    let wire = Wire::start(Settings {
        path: "/tenant/one".to_owned(),
        ..quick()
    });
    let issuer = wire.provider.issuer().to_owned();
    let root = issuer.strip_suffix("/tenant/one").unwrap();

    let own = wire.get("/.well-known/openid-configuration").json();

    assert_eq!(text(&own, "issuer"), issuer);
    assert!(Issuer::parse(&issuer).is_ok());
    assert_eq!(text(&own, "token_endpoint"), format!("{issuer}/token"));
    for name in ["openid-configuration", "oauth-authorization-server"] {
        let url = format!("{root}/.well-known/{name}/tenant/one");
        assert_eq!(wire.try_get(&url, &[]).unwrap().json(), own);
        let url = format!("{root}/.well-known/{name}");
        assert_eq!(wire.try_get(&url, &[]).unwrap().status, 404);
    }
    assert_eq!(wire.provider.requests(Endpoint::Discovery), 3);
}

#[test]
fn a_sign_in_by_redirect_gives_tokens_that_the_keys_verify() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let wire = Wire::start(Settings {
            algorithm,
            ..quick()
        });

        let callback = wire.authorize(&[]).callback();
        let tokens = wire.trade(&callback["code"], &[]);

        assert_eq!(callback["state"], "the-state");
        assert_eq!(callback["iss"], wire.provider.issuer());
        assert_eq!(tokens.status, 200);
        assert_eq!(tokens.header("cache-control"), "no-store");
        let tokens = tokens.json();
        let keys = wire.get("/jwks").json();
        let (header, claims) = parts(text(&tokens, "id_token"));
        assert_eq!(header["alg"], algorithm.name());
        assert_eq!(header["kid"], keys["keys"][0]["kid"]);
        assert!(verifies(text(&tokens, "id_token"), &keys["keys"][0]));
        assert!(verifies(text(&tokens, "access_token"), &keys["keys"][0]));
        assert_eq!(text(&claims, "iss"), wire.provider.issuer());
        assert_eq!(text(&claims, "aud"), "keyfob-cli");
        assert_eq!(text(&claims, "nonce"), "the-nonce");
        assert_eq!(text(&claims, "sub"), Person::find("amara").unwrap().subject);
        assert_eq!(text(&claims, "email"), "amara@practice.example");
        let (header, claims) = parts(text(&tokens, "access_token"));
        assert_eq!(header["typ"], "at+jwt");
        assert_eq!(text(&claims, "aud"), "https://api.practice.example");
        assert_eq!(text(&claims, "client_id"), "keyfob-cli");
    }
}

#[test]
fn the_echo_says_who_called_it() {
    let wire = Wire::start(quick());
    let tokens = wire.sign_in();

    let reply = wire.echo(text(&tokens, "access_token"));

    assert_eq!(reply.status, 200);
    let said = reply.json();
    assert_eq!(text(&said, "name"), "Amara Okafor");
    assert_eq!(said["scopes"][5], "orders.read");
    assert_eq!(said["audience"][0], "https://api.practice.example");
    assert_eq!(text(&said, "method"), "GET");
    assert_eq!(text(&said, "path"), "/echo");
}

#[test]
fn userinfo_has_what_the_scopes_allow() {
    let wire = Wire::start(quick());
    let tokens = wire.sign_in();
    let header = format!("Bearer {}", text(&tokens, "access_token"));

    let reply = wire.get_with("/userinfo", &[("Authorization", &header)]);

    assert_eq!(reply.status, 200);
    assert_eq!(text(&reply.json(), "name"), "Amara Okafor");
    assert_eq!(reply.json()["groups"][0], "engineering");
}

#[test]
fn a_refresh_rotates_the_refresh_token_and_keeps_the_session() {
    let wire = Wire::start(quick());
    let first = wire.sign_in();

    let reply = wire.refresh(text(&first, "refresh_token"), &[]);

    assert_eq!(reply.status, 200);
    let second = reply.json();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["access_token"], second["access_token"]);
    let (_, before) = parts(text(&first, "id_token"));
    let (_, after) = parts(text(&second, "id_token"));
    for claim in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(before[claim], after[claim], "{claim}");
    }
    assert!(after.get("nonce").is_none());
}

#[test]
fn a_person_signs_in_on_the_page_and_is_remembered() {
    let wire = Wire::start(Settings {
        auto_approve: None,
        ..quick()
    });

    let page = wire.authorize(&[("login_hint", "jonas")]);
    let form = [
        ("ticket", page.field("ticket")),
        ("person", "jonas".to_owned()),
        ("decision", "allow".to_owned()),
    ];
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let reply = wire.post("/sign-in", &form);

    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("value=\"jonas\" checked"),
        "{}",
        page.body
    );
    assert!(reply.callback().contains_key("code"));
    let cookie = reply
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let again = wire.get_with(
        &authorize_path(&[("prompt", "none")]),
        &[("Cookie", &cookie)],
    );
    assert!(again.callback().contains_key("code"));
    let used = wire.post("/sign-in", &form);
    assert_eq!(used.status, 400);
}

#[test]
fn a_form_post_carries_the_code_in_a_page_that_submits_itself() {
    let wire = Wire::start(quick());

    let page = wire.authorize(&[("response_mode", "form_post")]);

    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!("action=\"{REDIRECT}\"")));
    assert_eq!(page.field("state"), "the-state");
    assert_eq!(page.field("iss"), wire.provider.issuer());
    assert_eq!(wire.trade(&page.field("code"), &[]).status, 200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'sha256-"), "{policy}");
    assert!(
        policy.contains("form-action 'self' http://127.0.0.1:4711"),
        "{policy}"
    );
    assert!(page.body.contains("<button"), "for browsers without script");
}

#[test]
fn a_provider_named_localhost_answers_on_both_addresses() {
    let wire = Wire::start(Settings {
        host: Host::Localhost,
        ..quick()
    });
    let issuer = wire.provider.issuer().to_owned();
    let port = issuer.rsplit(':').next().unwrap().to_owned();

    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let url = format!("http://{host}:{port}/.well-known/openid-configuration");
        let reply = wire.try_get(&url, &[]).unwrap();
        assert_eq!(text(&reply.json(), "issuer"), issuer);
    }
}
