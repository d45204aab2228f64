//! What the token endpoint refuses, and what a refusal costs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::wire::{Wire, authorize_path, parts, quick, text};
use crate::base::Secret;
use crate::issuer::random::{base64url, digest};
use crate::issuer::{Client, Registration, Settings};

#[test]
fn a_replayed_code_ends_what_the_first_use_got() {
    let wire = Wire::start(quick());
    let code = wire.code(&[]);
    let first = wire.trade(&code, &[]).json();

    let second = wire.trade(&code, &[]);

    assert_eq!(
        (second.status, second.error().as_str()),
        (400, "invalid_grant")
    );
    assert_eq!(second.header("cache-control"), "no-store");
    assert_eq!(wire.echo(text(&first, "access_token")).status, 401);
    let refreshed = wire.refresh(text(&first, "refresh_token"), &[]);
    assert_eq!(refreshed.error(), "invalid_grant");
}

#[test]
fn a_code_is_gone_after_a_wrong_verifier_or_redirect_uri() {
    let wire = Wire::start(quick());

    for change in [
        (
            "code_verifier",
            "another-verifier-of-at-least-43-characters-xx",
        ),
        ("code_verifier", "short"),
        ("redirect_uri", "http://127.0.0.1:4711/other"),
        ("redirect_uri", "http://127.0.0.1:4712/callback"),
    ] {
        let code = wire.code(&[]);
        assert_eq!(
            wire.trade(&code, &[change]).error(),
            "invalid_grant",
            "{change:?}"
        );
        assert_eq!(
            wire.trade(&code, &[]).error(),
            "invalid_grant",
            "{change:?}"
        );
    }
}

#[test]
fn a_verifier_that_is_too_short_to_be_secret_is_refused_even_when_it_fits() {
    let wire = Wire::start(quick());
    let challenge = base64url(&digest("short"));

    let code = wire.code(&[("code_challenge", &challenge)]);

    assert_eq!(
        wire.trade(&code, &[("code_verifier", "short")]).error(),
        "invalid_grant"
    );
}

#[test]
fn a_code_needs_all_of_its_parameters_its_client_and_its_time() {
    let wire = Wire::start(Settings {
        registration: Registration::Open,
        ..quick()
    });

    for name in ["code_verifier", "redirect_uri", "client_id", "grant_type"] {
        let reply = wire.trade(&wire.code(&[]), &[(name, "")]);
        assert_eq!(reply.error(), "invalid_request", "{name}");
    }
    let code = wire.code(&[]);
    assert_eq!(
        wire.trade(&code, &[("client_id", "somebody-else")]).error(),
        "invalid_grant"
    );
    wire.provider.set_clock_skew(61);
    assert_eq!(wire.trade(&code, &[]).error(), "invalid_grant");
    assert_eq!(wire.trade("made-up", &[]).error(), "invalid_grant");
    let odd = wire.trade(&code, &[("grant_type", "password")]);
    assert_eq!(odd.error(), "unsupported_grant_type");
}

#[test]
fn a_body_that_is_no_form_or_repeats_itself_is_refused() {
    let wire = Wire::start(quick());

    let json = ureq::post(wire.at("/token"))
        .config()
        .http_status_as_error(false)
        .build()
        .content_type("application/json")
        .send("{}")
        .unwrap();
    let twice = wire.post("/token", &[("grant_type", "a"), ("grant_type", "b")]);

    assert_eq!(json.status(), 400);
    assert_eq!(twice.error(), "invalid_request");
    assert_eq!(wire.get("/token").status, 405);
    assert_eq!(wire.get("/token").header("allow"), "POST");
}

#[test]
fn no_refresh_token_comes_without_offline_access_and_no_id_token_without_openid() {
    let wire = Wire::start(quick());

    let code = wire.code(&[("scope", "openid profile")]);
    let online = wire.trade(&code, &[]).json();
    let code = wire.code(&[("scope", "orders.read offline_access")]);
    let plain = wire.trade(&code, &[]).json();

    assert!(online.get("refresh_token").is_none() && online.get("id_token").is_some());
    assert!(plain.get("id_token").is_none() && plain.get("refresh_token").is_some());
    let token = text(&plain, "access_token");
    let userinfo = wire.get_with(
        "/userinfo",
        &[("Authorization", &format!("Bearer {token}"))],
    );
    assert_eq!(userinfo.status, 403);
    assert!(
        userinfo
            .header("www-authenticate")
            .contains("insufficient_scope")
    );
}

#[test]
fn an_access_token_is_for_the_resource_or_audience_that_was_granted() {
    let wire = Wire::start(quick());
    let (a, b) = ("https://a.example/api", "urn:example:b");
    let path = format!("{}&resource={a}&resource={b}", authorize_path(&[]));
    let code = || wire.get(&path).callback().remove("code").unwrap();
    let aud = |tokens: &serde_json::Value| parts(text(tokens, "access_token")).1["aud"].clone();

    let both = wire.trade(&code(), &[]).json();
    let one = wire.trade(&code(), &[("resource", b)]).json();
    let other = wire.trade(&code(), &[("resource", "https://c.example")]);
    let refreshed = wire
        .refresh(text(&both, "refresh_token"), &[("resource", a)])
        .json();
    let named = wire
        .trade(&wire.code(&[("audience", "orders")]), &[])
        .json();

    assert_eq!(aud(&both), serde_json::json!([a, b]));
    assert_eq!(aud(&one), b);
    assert_eq!(other.error(), "invalid_target");
    assert_eq!(aud(&refreshed), a);
    assert_eq!(aud(&named), "orders");
    let changed = wire.refresh(text(&named, "refresh_token"), &[("audience", "reports")]);
    assert_eq!(changed.error(), "invalid_target");
}

#[test]
fn a_service_acts_for_itself_with_its_secret_in_either_place() {
    let wire = Wire::start(quick());
    let secret = wire.provider.service_secret().expose().to_owned();
    let basic = format!(
        "Basic {}",
        STANDARD.encode(format!("keyfob-service:{secret}"))
    );
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "orders.read"),
    ];

    let in_header = wire.post_with("/token", &form, &[("Authorization", &basic)]);
    let in_body = wire.post(
        "/token",
        &[
            form[0],
            form[1],
            ("client_id", "keyfob-service"),
            ("client_secret", &secret),
        ],
    );

    for reply in [in_header, in_body] {
        assert_eq!(reply.status, 200, "{reply:?}");
        let tokens = reply.json();
        assert!(tokens.get("refresh_token").is_none() && tokens.get("id_token").is_none());
        let (_, claims) = parts(text(&tokens, "access_token"));
        assert_eq!(claims["sub"], "keyfob-service");
        assert_eq!(
            wire.echo(text(&tokens, "access_token")).json()["name"],
            serde_json::Value::Null
        );
    }
}

#[test]
fn client_authentication_is_strict() {
    let wire = Wire::start(quick());
    let secret = wire.provider.service_secret().expose().to_owned();
    let basic =
        |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let form = [("grant_type", "client_credentials")];
    let with = |more: &[(&str, &str)], header: Option<&str>| {
        let form: Vec<_> = form.iter().chain(more).copied().collect();
        let headers: Vec<_> = header
            .iter()
            .map(|value| ("Authorization", *value))
            .collect();
        let reply = wire.post_with("/token", &form, &headers);
        (reply.status, reply.error())
    };
    let refused = (401, "invalid_client".to_owned());

    assert_eq!(with(&[], Some(&basic("keyfob-service", "wrong"))), refused);
    assert_eq!(with(&[], Some("Basic !!!")), refused);
    assert_eq!(with(&[], Some("Bearer x")), refused);
    assert_eq!(with(&[], Some(&basic("keyfob-cli", ""))), refused);
    assert_eq!(with(&[("client_id", "keyfob-service")], None), refused);
    assert_eq!(with(&[("client_id", "nobody")], None), refused);
    assert_eq!(
        with(&[("client_id", "keyfob-cli"), ("client_secret", "x")], None),
        refused
    );
    let twice = [("client_secret", secret.as_str())];
    assert_eq!(
        with(&twice, Some(&basic("keyfob-service", &secret))).1,
        "invalid_request"
    );
    let mixed = [("client_id", "keyfob-cli")];
    assert_eq!(
        with(&mixed, Some(&basic("keyfob-service", &secret))).1,
        "invalid_request"
    );
    assert_eq!(
        with(&[("client_id", "keyfob-cli")], None).1,
        "unauthorized_client"
    );
    let person = [("scope", "openid")];
    assert_eq!(
        with(&person, Some(&basic("keyfob-service", &secret))).1,
        "invalid_scope"
    );
}

#[test]
fn a_basic_secret_is_form_decoded_first() {
    let (id, secret) = ("svc:1", "a+b%c&d=e é");
    let wire = Wire::start(Settings {
        clients: vec![Client::confidential(id, Secret::new(secret.to_owned()))],
        ..quick()
    });
    let encode =
        |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let pair = format!("{}:{}", encode(id), encode(secret));
    let basic = format!("Basic {}", STANDARD.encode(pair));

    let form = [("grant_type", "client_credentials")];
    let reply = wire.post_with("/token", &form, &[("Authorization", &basic)]);

    assert_eq!(reply.status, 200, "{reply:?}");
}

#[test]
fn tokens_follow_the_providers_clock() {
    let wire = Wire::start(Settings {
        clock_skew: -600,
        ..quick()
    });
    let tokens = wire.sign_in();
    let (_, claims) = parts(text(&tokens, "id_token"));
    let iat = claims["iat"].as_i64().unwrap();

    assert_eq!(claims["exp"].as_i64().unwrap() - iat, 600);
    assert_eq!(wire.echo(text(&tokens, "access_token")).status, 200);
    wire.provider.set_clock_skew(1);
    let reply = wire.echo(text(&tokens, "access_token"));
    assert_eq!(reply.status, 401);
    assert!(
        reply
            .header("www-authenticate")
            .contains("error=\"invalid_token\"")
    );
}
