//! The practice provider as Microsoft Entra ID: its addresses, its tokens, its errors.
//!
//! What is played was recorded or documented by others; no real tenant was ever asked. Called by
//! its loopback address it is a cloud of its own, with two tenants, people, guests and APIs.
//! Nothing here is secret, and nobody has a password.

mod api;
mod authorize;
mod device;
mod directory;
mod errors;
mod graph;
mod memory;
mod metadata;
mod mint;
mod pages;
mod place;
mod refusal;
mod resource;
mod script;
mod token;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::issuer::log::Endpoint;
use crate::issuer::message::{Answer, Method, Request};
use crate::issuer::realm::Realm;

pub use directory::Account;
pub use script::{Script, ScriptError, ScriptInfo};

use directory::{Asked, CONTOSO};
use memory::Memory;
use place::{Kind, Place};
use refusal::Refusal;
use resource::{PUBLIC_APP, SINGLE_TENANT_APP};
use script::Scripts;

/// How the practice Entra is to be.
#[derive(Clone, Debug, Default)]
pub struct Entra {
    /// What it does besides behaving.
    pub scripts: Vec<Script>,
    /// How long access tokens live; a random time of 60 to 90 minutes without.
    pub access_life: Option<Duration>,
}

impl Entra {
    /// The GUID of the tenant where most people are at home.
    pub const HOME: &'static str = CONTOSO.id;
    /// Its domain.
    pub const HOME_DOMAIN: &'static str = "contoso.onmicrosoft.com";
    /// The GUID of the other tenant.
    pub const OTHER: &'static str = directory::FABRIKAM.id;
    /// An app that is always there: public, for `http://localhost`.
    pub const APP: &'static str = PUBLIC_APP;
    /// One like it that may not be used on `common`.
    pub const SINGLE_TENANT_APP: &'static str = SINGLE_TENANT_APP;
}

/// The practice Entra while it runs.
pub(in crate::issuer) struct Stage {
    pub(in crate::issuer) account: Option<&'static Account>,
    access_life: Option<Duration>,
    scripts: Scripts,
    /// The origin of the place that only a careless client calls.
    trap: String,
    memory: Mutex<Memory>,
}

impl Stage {
    /// Sets the stage, at this origin.
    pub(in crate::issuer) fn new(entra: &Entra, who: Option<&str>, origin: &str) -> Self {
        Self {
            account: who.and_then(Account::find),
            access_life: entra.access_life,
            scripts: Scripts::new(&entra.scripts),
            trap: origin.to_owned(),
            memory: Mutex::default(),
        }
    }

    /// Goes on with these scripts and no others.
    pub(in crate::issuer) fn set_scripts(&self, scripts: &[Script]) {
        self.scripts.set(scripts);
    }

    /// Ends every sign-in, as an administrator would.
    pub(in crate::issuer) fn revoke_everything(&self) {
        self.memory().revoke_all();
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request on its way to an endpoint of a tenant.
struct Call<'a> {
    realm: &'a Realm,
    stage: &'a Stage,
    place: &'a Place,
    request: &'a Request,
    asked: Asked,
    version: u8,
}

impl Call<'_> {
    fn refuse(&self, refusal: &Refusal) -> Answer {
        refusal.answer(self.realm, self.place, self.request)
    }
}

/// Answers any request.
pub(in crate::issuer) fn answer(
    realm: &Realm,
    stage: &Stage,
    request: &Request,
) -> (Endpoint, Answer) {
    let host = request.header("host").unwrap_or_default();
    let Some(place) = Place::of(realm, host) else {
        let text = "this provider does not answer to that Host\n";
        return (Endpoint::Nowhere, Answer::text(421, text));
    };
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    match (segments.as_slice(), request.method) {
        ([""], Method::Get) => (Endpoint::Front, pages::front(&place)),
        (["trap", ..], _) => (Endpoint::Trap, Answer::text(200, "nobody should be here\n")),
        (["devicelogin"], _) => {
            let answer = device::page(realm, stage, &place, request);
            (Endpoint::DevicePage, answer)
        }
        (["sign-in"], Method::Post) => {
            let answer = authorize::decided(realm, stage, &place, request);
            (Endpoint::SignIn, answer)
        }
        (["oidc", "userinfo"], _) => (Endpoint::UserInfo, graph::userinfo(realm, stage, request)),
        (["orders", ..], _) => (Endpoint::Echo, api::answer(realm, stage, &place, request)),
        (["v1.0", rest @ ..], _) if is_graph(&place) => {
            let answer = graph::answer(realm, stage, &place, request, rest);
            (Endpoint::Graph, answer)
        }
        (["common", "discovery", "instance"], Method::Get) => {
            (Endpoint::Discovery, metadata::instance(&place, request))
        }
        ([tenant, rest @ ..], _) if place.kind != Kind::Graph => {
            of_tenant(realm, stage, &place, request, (tenant, rest))
        }
        _ => (Endpoint::Nowhere, nothing()),
    }
}

fn is_graph(place: &Place) -> bool {
    place.kind == Kind::Graph || place.graph() == place.origin
}

fn nothing() -> Answer {
    Answer::text(404, "there is nothing here\n")
}

/// Answers a request for a tenant's endpoint; customers' directories have a user flow before it.
fn of_tenant(
    realm: &Realm,
    stage: &Stage,
    place: &Place,
    request: &Request,
    (tenant, rest): (&str, &[&str]),
) -> (Endpoint, Answer) {
    let known = Asked::parse(tenant);
    let (policy, rest) = match (known, rest) {
        (Some(Asked::One(one)), [policy, rest @ ..]) if place.is_policy(one, policy) => {
            (Some(one.policy), rest)
        }
        _ => (None, rest),
    };
    let version = if rest.contains(&"v2.0") { 2 } else { 1 };
    let endpoint = match rest {
        ["v2.0", ".well-known", "openid-configuration"]
        | [".well-known", "openid-configuration"] => Endpoint::Discovery,
        ["discovery", "v2.0", "keys"] | ["discovery", "keys"] => Endpoint::Keys,
        ["oauth2", "v2.0", name] | ["oauth2", name] => match *name {
            "authorize" => Endpoint::Authorize,
            "token" => Endpoint::Token,
            "devicecode" => Endpoint::Device,
            "logout" => Endpoint::EndSession,
            _ => return (Endpoint::Nowhere, nothing()),
        },
        _ => return (Endpoint::Nowhere, nothing()),
    };
    let Some(asked) = known else {
        let refusal = Refusal::new(90_002).saying(format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and \
             are signing into the correct cloud. Check with your subscription administrator, \
             this may happen if there are no active subscriptions for the tenant."
        ));
        let answer = if endpoint == Endpoint::Authorize {
            pages::refusal(realm, place, &refusal)
        } else {
            refusal.answer(realm, place, request)
        };
        return (endpoint, answer);
    };
    let call = Call {
        realm,
        stage,
        place,
        request,
        asked,
        version,
    };
    let answer = match (endpoint, request.method) {
        (Endpoint::Discovery, Method::Get) => {
            metadata::answer(realm, place, (asked, policy), version, request)
        }
        (Endpoint::Keys, Method::Get) => metadata::keys(realm, stage, place, version, request),
        (Endpoint::Authorize, Method::Get | Method::Post) => authorize::answer(&call),
        (Endpoint::EndSession, Method::Get | Method::Post) => authorize::sign_out(&call),
        (Endpoint::Token, Method::Post) => token::answer(&call),
        (Endpoint::Device, Method::Post) => device::answer(&call),
        _ => call.refuse(&Refusal::new(900_561)),
    };
    (endpoint, answer)
}
