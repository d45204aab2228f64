//! Every check holds for what it should, fails for what it should, and agrees with the strict verifier.

use serde_json::{Value, json};

use super::*;
use crate::base::{Audience, Issuer};
use crate::jwt::testing::{Signer, signer, stranger};
use crate::jwt::{ExpectAccess, verify_access_token};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://id.example.com";
const API: &str = "api://orders";

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "alice", "aud": API, "exp": NOW + 600, "iat": NOW, "nbf": NOW,
        "azp": "cli", "scp": "orders.read orders.write", "roles": ["Reader"], "acr": "gold",
        "acrs": ["c1", "c2"], "tid": "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
    })
}

fn with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

/// What a test demands besides issuer, audience and time.
#[derive(Default)]
struct Asked {
    kind: Option<TokenKind>,
    client_id: Option<&'static str>,
    clients: Vec<String>,
    tenants: Vec<String>,
    scopes: Vec<String>,
    roles: Vec<String>,
    classes: Vec<String>,
    contexts: Vec<String>,
    ahead: Option<i64>,
    leeway: Option<Duration>,
    at_jwt: bool,
    any_audience: bool,
}

impl Asked {
    fn of(&self, signer: &Signer, token: &str) -> Report {
        let issuers = TokenIssuers::Exact(Issuer::parse(ISSUER).unwrap());
        let audiences = if self.any_audience {
            Vec::new()
        } else {
            vec![API.to_owned()]
        };
        let terms = Terms {
            kind: self.kind,
            issuers: &issuers,
            audiences: &audiences,
            client_id: self.client_id,
            clients: &self.clients,
            tenants: &self.tenants,
            scopes: &self.scopes,
            roles: &self.roles,
            classes: &self.classes,
            contexts: &self.contexts,
            algorithms: &[Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa],
            types: if self.at_jwt {
                AccessTokenTypes::Standard
            } else {
                AccessTokenTypes::Any
            },
            ahead: self.ahead,
            now: Timestamp(NOW),
            leeway: self.leeway.unwrap_or(Duration::from_secs(60)),
            detail: Detail::Every,
        };
        check(token, Some(&signer.keys()), &terms)
    }
}

fn failed(report: &Report) -> Vec<&'static str> {
    let failed = report.lines.iter().filter(|line| line.mark == Mark::Fails);
    failed.map(|line| line.step.name()).collect()
}

fn marks(report: &Report, step: Step) -> Vec<Mark> {
    let lines = report.lines.iter().filter(|line| line.step == step);
    lines.map(|line| line.mark).collect()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_good_token_holds_and_every_check_says_what_it_saw() {
    let asked = Asked {
        ahead: Some(-2),
        clients: texts(&["cli", "other"]),
        tenants: texts(&["8eaef023-2b34-4da1-9baa-8bc8c9d6a490"]),
        scopes: texts(&["orders.read"]),
        roles: texts(&["Reader"]),
        classes: texts(&["silver", "gold"]),
        contexts: texts(&["c1"]),
        ..Asked::default()
    };
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let signer = signer(algorithm);

        let report = asked.of(signer, &signer.token(&claims()));

        assert_eq!(report.outcome, Outcome::Holds, "{report:?}");
        let steps: Vec<&str> = report.lines.iter().map(|line| line.step.name()).collect();
        let all = [
            "clock",
            "audience",
            "kind",
            "issuer",
            "subject",
            "time",
            "key",
            "signature",
            "permissions",
            "client",
            "strength",
        ];
        assert_eq!(steps, all);
        assert!(report.lines.iter().all(|line| line.mark == Mark::Holds));
    }
}

#[test]
fn each_fault_fails_its_own_check_and_no_other() {
    let signer = signer(Algorithm::Es256);
    let plain = Asked::default();
    for (changes, step) in [
        (json!({ "aud": "api://billing" }), "audience"),
        (json!({ "aud": "api://orders/" }), "audience"),
        (json!({ "aud": null }), "audience"),
        (json!({ "iss": "https://id.example.com/" }), "issuer"),
        (json!({ "iss": null }), "issuer"),
        (json!({ "sub": null }), "subject"),
        (json!({ "sub": "" }), "subject"),
        (json!({ "exp": NOW - 61 }), "time"),
        (json!({ "exp": null }), "time"),
        (json!({ "iat": null }), "time"),
        (json!({ "nbf": NOW + 61 }), "time"),
        (json!({ "iat": NOW + 61 }), "time"),
    ] {
        let report = plain.of(signer, &signer.token(&with(&changes)));
        assert_eq!(failed(&report), [step], "{changes}");
        assert_eq!(report.outcome, Outcome::Fails);
    }
}

#[test]
#[rustfmt::skip]
fn each_demand_that_is_not_met_fails_its_own_check() {
    let signer = signer(Algorithm::Es256);
    let asked = Asked::default;
    let cli = || texts(&["cli"]);
    for (demand, changes, step) in [
        (Asked { ahead: Some(301), ..asked() }, json!({}), "clock"),
        (Asked { kind: Some(TokenKind::Id), ..asked() }, json!({}), "kind"),
        (Asked { at_jwt: true, ..asked() }, json!({}), "kind"),
        (Asked { tenants: texts(&["x"]), ..asked() }, json!({}), "issuer"),
        (Asked { scopes: texts(&["orders"]), ..asked() }, json!({}), "permissions"),
        (Asked { roles: texts(&["Admin"]), ..asked() }, json!({}), "permissions"),
        (Asked { clients: texts(&["x"]), ..asked() }, json!({}), "client"),
        (Asked { clients: cli(), ..asked() }, json!({ "azp": null }), "client"),
        (Asked { classes: texts(&["x"]), ..asked() }, json!({}), "strength"),
        (Asked { contexts: texts(&["c3"]), ..asked() }, json!({}), "strength"),
    ] {
        let report = demand.of(signer, &signer.token(&with(&changes)));
        assert_eq!(failed(&report), [step], "{changes}");
    }
}

#[test]
fn every_check_is_made_although_an_earlier_one_has_failed() {
    let signer = signer(Algorithm::EdDsa);
    let asked = Asked {
        ahead: Some(-4000),
        ..Asked::default()
    };
    let changes = json!({ "aud": "x", "iss": "https://y.example", "exp": NOW - 3600 });

    let report = asked.of(signer, &signer.token(&with(&changes)));

    assert_eq!(failed(&report), ["clock", "audience", "issuer", "time"]);
    assert_eq!(report.first_failed().unwrap().step, Step::Clock);
    assert_eq!(marks(&report, Step::Signature), [Mark::Holds]);
}

#[test]
fn a_signature_counts_only_with_the_providers_own_key_and_an_agreed_algorithm() {
    let signer = signer(Algorithm::Es256);
    let plain = Asked::default();
    let good = signer.token(&claims());
    let (input, _) = good.rsplit_once('.').unwrap();
    let other = stranger();

    let forged = plain.of(signer, &other.token(&claims()));
    let changed = plain.of(signer, &format!("{input}.{}", "A".repeat(86)));
    let none = plain.of(
        signer,
        &format!(
            "{}.",
            signer
                .with_header(&json!({ "alg": "none" }), &claims())
                .rsplit_once('.')
                .unwrap()
                .0
        ),
    );
    let unknown_kid = json!({ "alg": "ES256", "kid": "elsewhere" });
    let unknown = plain.of(signer, &signer.with_header(&unknown_kid, &claims()));
    let unnamed = plain.of(
        signer,
        &other.with_header(&json!({ "alg": "ES256" }), &claims()),
    );

    assert_eq!(failed(&forged), ["signature"]);
    assert_eq!(failed(&changed), ["signature"]);
    assert_eq!(failed(&none), ["key"]);
    assert_eq!(failed(&unknown), ["key"]);
    assert_eq!(failed(&unnamed), ["signature"]);
    assert!(
        [forged, changed, unknown]
            .iter()
            .all(Report::wants_new_keys)
    );
}

#[test]
fn tokens_that_only_their_api_can_verify_are_never_called_badly_signed() {
    let signer = signer(Algorithm::Rs256);
    let plain = Asked::default();
    let nonce = json!({ "alg": "RS256", "kid": signer.kid(), "typ": "JWT", "nonce": "x" });
    let token = signer.with_header(&nonce, &claims());
    let graph = with(&json!({ "aud": "https://graph.microsoft.com/" }));
    let guid = with(&json!({ "aud": "00000003-0000-0000-c000-000000000000" }));
    for (token, design) in [
        (token, Design::Graph),
        (signer.token(&graph), Design::Graph),
        (signer.token(&guid), Design::Graph),
        ("EwBwA8l6BAAU".to_owned(), Design::Opaque),
        ("a.b.c.d.e".to_owned(), Design::Encrypted),
    ] {
        let report = plain.of(signer, &token);
        assert_eq!(report.outcome, Outcome::NotVerifiable(design), "{token}");
        assert!(marks(&report, Step::Signature).is_empty());
    }
    assert_eq!(plain.of(signer, "a.b.c").outcome, Outcome::Fails);
    assert_eq!(plain.of(signer, "a.b").outcome, Outcome::Fails);
}

#[test]
fn an_id_token_is_for_its_client_and_is_told_from_an_access_token() {
    let signer = signer(Algorithm::Es256);
    let asked = Asked {
        client_id: Some("cli"),
        any_audience: true,
        ..Asked::default()
    };
    let id = json!({
        "iss": ISSUER, "sub": "alice", "aud": "cli", "exp": NOW + 600, "iat": NOW, "nonce": "n",
    });

    let own = asked.of(signer, &signer.token(&id));
    let mut several = id.clone();
    several["aud"] = json!(["cli", "other"]);
    let owed = asked.of(signer, &signer.token(&several));
    let as_access = Asked {
        kind: Some(TokenKind::Access),
        client_id: Some("cli"),
        any_audience: true,
        ..Asked::default()
    };
    let as_access = as_access.of(signer, &signer.token(&id));

    assert_eq!(own.kind, Some(TokenKind::Id));
    assert_eq!(own.outcome, Outcome::Holds, "{own:?}");
    assert_eq!(failed(&owed), ["client"]);
    assert_eq!(failed(&as_access), ["kind"]);
}

#[test]
fn what_a_person_should_know_is_a_warning_and_no_failure() {
    let signer = signer(Algorithm::EdDsa);
    let plain = Asked::default();
    let app = json!({ "scp": null, "roles": null, "idtyp": "app" });
    let open_door = plain.of(signer, &signer.token(&with(&app)));
    let late = plain.of(signer, &signer.token(&with(&json!({ "exp": NOW - 30 }))));
    let any = Asked {
        any_audience: true,
        ahead: Some(90),
        ..Asked::default()
    };
    let any = any.of(signer, &signer.token(&claims()));

    assert_eq!(marks(&open_door, Step::Permissions), [Mark::Warns]);
    assert_eq!(marks(&late, Step::Time), [Mark::Warns]);
    assert_eq!(marks(&any, Step::Audience), [Mark::Warns]);
    assert_eq!(marks(&any, Step::Clock), [Mark::Warns]);
    for report in [open_door, late, any] {
        assert_eq!(report.outcome, Outcome::Holds, "{report:?}");
    }
}

#[test]
fn without_keys_nothing_is_decided_but_what_fails_fails() {
    let signer = signer(Algorithm::Es256);
    let issuers = TokenIssuers::Exact(Issuer::parse(ISSUER).unwrap());
    let audiences = texts(&[API]);
    let terms = Terms {
        kind: None,
        issuers: &issuers,
        audiences: &audiences,
        client_id: None,
        clients: &[],
        tenants: &[],
        scopes: &[],
        roles: &[],
        classes: &[],
        contexts: &[],
        algorithms: Algorithm::ALL,
        types: AccessTokenTypes::Any,
        ahead: None,
        now: Timestamp(NOW),
        leeway: Duration::ZERO,
        detail: Detail::Exceptions,
    };

    let good = check(&signer.token(&claims()), None, &terms);
    let bad = check(&signer.token(&with(&json!({ "aud": "x" }))), None, &terms);

    assert_eq!(good.outcome, Outcome::Undecided);
    assert_eq!(bad.outcome, Outcome::Fails);
}

#[test]
fn the_report_and_the_strict_verifier_agree_about_every_fault() {
    let signer = signer(Algorithm::Rs256);
    let (issuer, audience) = (
        Issuer::parse(ISSUER).unwrap(),
        Audience::parse(API).unwrap(),
    );
    let expect = ExpectAccess {
        issuer: &issuer,
        key_issuer: &issuer,
        algorithms: &[Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa],
        audience: Some(&audience),
        types: AccessTokenTypes::Any,
        now: Timestamp(NOW),
        leeway: Duration::from_secs(60),
    };
    let changes = [
        json!({}),
        json!({ "aud": [API, "more"] }),
        json!({ "aud": ["more"] }),
        json!({ "aud": [] }),
        json!({ "aud": 7 }),
        json!({ "iss": "https://id.example.com." }),
        json!({ "sub": 7 }),
        json!({ "sub": "a\u{1b}b" }),
        json!({ "exp": NOW - 59 }),
        json!({ "exp": NOW - 60 }),
        json!({ "exp": "soon" }),
        json!({ "nbf": NOW + 60 }),
        json!({ "nbf": NOW + 61 }),
        json!({ "iat": NOW + 61 }),
        json!({ "iat": null }),
        json!({ "typ": "ID" }),
        json!({ "token_use": "id" }),
    ];
    let as_access = Asked {
        kind: Some(TokenKind::Access),
        ..Asked::default()
    };
    for changes in changes {
        let token = signer.token(&with(&changes));
        let report = as_access.of(signer, &token);
        let strict = verify_access_token(&token, &signer.keys(), &expect);
        assert_eq!(
            report.outcome == Outcome::Holds,
            strict.is_ok(),
            "{changes}: {report:?} {strict:?}"
        );
    }
}

#[test]
fn no_leeway_reaches_beyond_five_minutes() {
    let signer = signer(Algorithm::EdDsa);
    let asked = Asked {
        leeway: Some(Duration::from_secs(3600)),
        ..Asked::default()
    };
    let of = |exp: i64| asked.of(signer, &signer.token(&with(&json!({ "exp": exp }))));

    assert_eq!(of(NOW - 299).outcome, Outcome::Holds);
    assert_eq!(failed(&of(NOW - 301)), ["time"]);
}
