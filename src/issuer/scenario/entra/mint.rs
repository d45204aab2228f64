//! Tokens with Entra's claims: ID tokens by the endpoint's version, access tokens by the
//! resource's registration.
//!
//! `sub` is another for every app; a guest has another `oid` in every tenant. Graph's tokens do not
//! verify, and those of personal accounts are opaque, as the real ones.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Stage;
use super::directory::{CONSUMERS, Seat};
use super::place::Place;
use super::resource::{Kind, Wish};
use super::script::Habit;
use crate::base::Timestamp;
use crate::issuer::keys::Algorithm;
use crate::issuer::mint::{Draft, Occasion, Signer};
use crate::issuer::random::{base64url, bytes, digest, token};
use crate::issuer::realm::Realm;

/// Up to so many groups stand in a token.
const MOST_GROUPS: usize = 200;

/// Whom a token is for, and where it is made.
pub(super) struct Subject<'a> {
    pub(super) stage: &'a Stage,
    pub(super) place: &'a Place,
    pub(super) client: &'a str,
    pub(super) seat: Seat,
}

/// What an access token is made of, besides its subject.
pub(super) struct Terms<'a> {
    pub(super) wish: &'a Wish,
    pub(super) expires: Timestamp,
    /// Whether the client understands challenges.
    pub(super) is_capable: bool,
    pub(super) is_strong: bool,
}

/// Makes an ID token.
pub(super) fn id_token(
    realm: &Realm,
    subject: &Subject<'_>,
    version: u8,
    wish: &Wish,
    (nonce, occasion): (Option<&str>, Occasion),
) -> String {
    let now = realm.clock.now();
    let seat = subject.seat;
    let mut claims = common(realm, subject, subject.client, version);
    let mut say = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    say("aud", json!(subject.client));
    say("exp", json!(now.plus(Duration::from_secs(3600))));
    if let (Some(nonce), Occasion::SignIn) = (nonce, occasion) {
        say("nonce", json!(nonce));
    }
    say("login_hint", json!(seat.account.hint()));
    if version == 2 {
        if wish.has("profile") {
            say("name", json!(seat.account.name()));
            say("preferred_username", json!(seat.account.upn));
            say("oid", json!(seat.oid));
        }
        if wish.has("email") {
            say("email", json!(seat.account.upn));
        }
    } else {
        claims.append(&mut older_names(seat));
    }
    claims.append(&mut groups(subject));
    let mut draft = draft(realm, subject.stage, version, claims);
    realm.faults.bend_id_token(realm, occasion, &mut draft);
    draft.seal()
}

/// Makes a person's access token.
pub(super) fn access_token(realm: &Realm, subject: &Subject<'_>, terms: &Terms<'_>) -> String {
    let seat = subject.seat;
    let resource = terms.wish.resource;
    let is_personal = *seat.tenant == CONSUMERS;
    if is_personal || subject.stage.scripts.has(Habit::Opaque) {
        return format!("EwB4{}{}", token(), base64url(&bytes::<32>()));
    }
    let mut claims = common(realm, subject, resource.id, resource.version);
    let mut say = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    say("aud", json!(terms.wish.audience()));
    say("exp", json!(terms.expires));
    say("oid", json!(seat.oid));
    say("name", json!(seat.account.name()));
    say("scp", json!(terms.wish.granted().join(" ")));
    let (app, strength) = match resource.version {
        1 => ("appid", "appidacr"),
        _ => ("azp", "azpacr"),
    };
    say(app, json!(subject.client));
    say(strength, json!("0"));
    if terms.is_capable {
        say("xms_cc", json!(["cp1"]));
    }
    if terms.is_strong {
        say("acrs", json!(["c1"]));
    }
    if resource.version == 1 {
        say("acr", json!("1"));
        say("ipaddr", json!("127.0.0.1"));
        claims.append(&mut older_names(seat));
    } else {
        say("preferred_username", json!(seat.account.upn));
    }
    if resource.kind == Kind::Plain {
        claims.append(&mut groups(subject));
    }
    let mut draft = draft(realm, subject.stage, resource.version, claims);
    if resource.kind == Kind::Graph {
        draft.header.insert("nonce".to_owned(), json!(token()));
        if let Signer::Key(key) = draft.signer {
            draft.signer = Signer::Spoilt(key);
        }
    }
    draft.seal()
}

/// Makes the access token of an app that acts for itself; it has roles, and no scopes.
pub(super) fn app_token(
    realm: &Realm,
    (stage, place): (&Stage, &Place),
    (client, tenant): (&str, &str),
    wish: &Wish,
    expires: Timestamp,
) -> String {
    let oid = object_of(client);
    let version = wish.resource.version;
    let now = realm.clock.now();
    let app = if version == 1 { "appid" } else { "azp" };
    let claims = json!({
        "aud": wish.audience(), "iss": issuer(place, tenant, version), "iat": now, "nbf": now,
        "exp": expires, "tid": tenant, "oid": oid, "sub": oid, "idtyp": "app",
        "roles": ["Orders.Process"], "uti": token(), "rh": "1.AXoA.", "aio": token(),
        app: client, "ver": format!("{version}.0"),
    });
    let claims = claims.as_object().cloned().unwrap_or_default();
    draft(realm, stage, version, claims).seal()
}

/// What every token of a person says.
fn common(realm: &Realm, subject: &Subject<'_>, app: &str, version: u8) -> Map<String, Value> {
    let now = realm.clock.now();
    let seat = subject.seat;
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    say("iss", json!(issuer(subject.place, seat.tenant.id, version)));
    say("iat", json!(now));
    say("nbf", json!(now));
    say("aio", json!(token()));
    say("rh", json!(format!("1.AXoA{}.", base64url(&bytes::<12>()))));
    say("sub", json!(pairwise(app, seat.oid)));
    say("tid", json!(seat.tenant.id));
    say("uti", json!(base64url(&bytes::<16>())));
    say("ver", json!(format!("{version}.0")));
    if !seat.account.roles.is_empty() {
        say("roles", json!(seat.account.roles));
    }
    if seat.is_guest {
        let home = seat.account.home.id;
        say("idp", json!(subject.place.older_issuer(home)));
        say("acct", json!(1));
    }
    claims
}

fn issuer(place: &Place, tenant: &str, version: u8) -> String {
    match version {
        1 => place.older_issuer(tenant),
        _ => place.issuer(tenant),
    }
}

fn older_names(seat: Seat) -> Map<String, Value> {
    let account = seat.account;
    let names = json!({
        "unique_name": account.upn, "upn": account.upn, "given_name": account.given,
        "family_name": account.family, "name": account.name(), "oid": seat.oid, "amr": ["pwd"],
    });
    names.as_object().cloned().unwrap_or_default()
}

/// The groups, as far as a token holds them.
fn groups(subject: &Subject<'_>) -> Map<String, Value> {
    let seat = subject.seat;
    let scripts = &subject.stage.scripts;
    let mut claims = Map::new();
    let count = seat.account.groups;
    if count > 0 && scripts.has(Habit::HasGroups) {
        claims.insert("hasgroups".to_owned(), json!(true));
    } else if count > MOST_GROUPS || (count > 0 && scripts.has(Habit::GroupsAtTrap)) {
        let path = format!("{}/users/{}/getMemberObjects", seat.tenant.id, seat.oid);
        let endpoint = if scripts.has(Habit::GroupsAtTrap) {
            format!("{}/trap/{path}", subject.stage.trap)
        } else {
            format!("https://graph.windows.net/{path}")
        };
        claims.insert("_claim_names".to_owned(), json!({"groups": "src1"}));
        let sources = json!({"src1": {"endpoint": endpoint}});
        claims.insert("_claim_sources".to_owned(), sources);
    } else if count > 0 {
        let ids: Vec<String> = seat.account.group_ids().collect();
        claims.insert("groups".to_owned(), json!(ids));
    }
    claims
}

/// One person is somebody else to every app.
fn pairwise(app: &str, oid: &str) -> String {
    base64url(&digest(&format!("{app} {oid}")))
}

/// The object id of an app's own account.
fn object_of(client: &str) -> String {
    let sum = digest(client);
    let hex = crate::base::hex(sum.split_at(6).0);
    format!("5e41ce00-0000-4000-8000-{hex}")
}

/// Drafts a token; version 1 names its key twice.
fn draft(realm: &Realm, stage: &Stage, version: u8, claims: Map<String, Value>) -> Draft {
    let mut draft = Draft::new(realm, "JWT", claims);
    if stage.scripts.has(Habit::AppKeys) {
        draft.sign_with(realm.keys.forger(Algorithm::Rs256));
    }
    if version == 1 {
        let kid = draft.header.get("kid").cloned().unwrap_or_default();
        draft.header.insert("x5t".to_owned(), kid);
    }
    draft
}

/// The home account of a person: `client_info`, base64url of `{"uid","utid"}`.
pub(super) fn client_info(seat: Seat) -> String {
    let account = seat.account;
    let info = json!({"uid": account.oid, "utid": account.home.id});
    base64url(info.to_string().as_bytes())
}

/// Draws how long an access token lives when nobody says: it is never the same.
pub(super) fn random_life() -> Duration {
    let drawn = u64::from(u16::from_be_bytes(bytes::<2>()));
    Duration::from_secs(3599 + drawn % (5400 - 3599 + 1))
}
