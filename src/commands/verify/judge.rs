//! What tokens are judged by: the issuer and client of a profile, its provider's keys, and what the
//! person demands.
//!
//! Offline no request is made at all; otherwise metadata and keys come by the rules that every
//! sign-in goes by, and keys are fetched anew at most once a minute.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::Args;
use crate::app::{App, Room};
use crate::base::{Diagnostic, Exit, Hint, TokenIssuers, printable_line};
use crate::commands::Failure;
use crate::config::{Profile, Selector, Setting};
use crate::flow::documents::Freshness;
use crate::flow::{Client, exchange, metadata};
use crate::jwt::checks::{Detail, Report, Terms, check};
use crate::jwt::{AccessTokenTypes, Algorithm, KeySet, KeySetError, TokenKind};
use crate::session::Reach as _;
use crate::sys::files::{self, FileError};

/// The largest key set that is read from a file.
const LARGEST_KEYS: usize = 1024 * 1024;

/// What a client is called that nobody has named: no token is for it.
const NOBODY: &str = "keyfob-verify";

/// What tokens are judged by.
pub(super) struct Judge<'a> {
    args: &'a Args,
    app: &'a App,
    room: Room<'a>,
    issuers: TokenIssuers,
    client_id: Option<String>,
    audiences: Vec<String>,
    algorithms: Vec<Algorithm>,
    client: Option<Client>,
    keys: RefCell<Keys>,
    ahead: Option<i64>,
    detail: Detail,
}

/// The keys that there are, and whether newer ones may be had.
struct Keys {
    set: Option<KeySet>,
    may_be_old: bool,
    /// Why there are none.
    fault: Option<String>,
}

/// What stands in the way of judging anything.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoJudge {
    #[error("the key set cannot be read")]
    File(#[source] FileError),
    #[error("`{path}` is no key set")]
    Keys { path: String, source: KeySetError },
    #[error("without a request nobody can tell which tenant `{0}` is")]
    Tenant(String),
}

impl Diagnostic for NoJudge {
    fn exit(&self) -> Exit {
        match self {
            Self::File(_) | Self::Keys { .. } => Exit::Usage,
            Self::Tenant(_) => Exit::Config,
        }
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(
            match self {
                Self::File(_) => "correct `--jwks`",
                Self::Keys { .. } => {
                    "give a JSON document with `keys`, as the provider's `jwks_uri` has it"
                }
                Self::Tenant(_) => "write the tenant's GUID into the profile, or give `--issuer`",
            }
            .into(),
        ))
    }
}

impl<'a> Judge<'a> {
    /// Finds out what tokens are to be judged by; `own` is the profile that the token comes from.
    pub(super) fn new(
        args: &'a Args,
        app: &'a App,
        own: Option<&Selector>,
        detail: Detail,
    ) -> Result<Self, Failure> {
        let mut overrides = args.over.overrides();
        let said = args.over.client_id().map(str::to_owned);
        let by_flags = args.over.issuer().is_some();
        if by_flags && said.is_none() {
            overrides = overrides.with(Setting::ClientId, "--client-id", Some(NOBODY));
        }
        let none = Selector::default();
        let selector = args.profile.as_ref().or(own).unwrap_or(&none);
        let (profile, target) = app.profile(selector, &overrides)?;
        let target = profile.target(target.as_ref())?.clone();
        let client_id = if by_flags {
            said
        } else {
            Some(profile.client_id.to_string())
        };
        let mut audiences = args.audience.clone();
        if audiences.is_empty() {
            audiences.extend(target.audience.map(|audience| audience.to_string()));
            audiences.extend(target.resource.map(|resource| resource.to_string()));
        }
        let mut judge = Self {
            args,
            app,
            issuers: TokenIssuers::Exact(profile.issuer.clone()),
            client_id,
            audiences,
            algorithms: Vec::new(),
            client: None,
            keys: RefCell::new(Keys {
                set: None,
                may_be_old: false,
                fault: None,
            }),
            ahead: None,
            detail,
            room: app.open(profile)?,
        };
        judge.prepare()?;
        Ok(judge)
    }

    fn prepare(&mut self) -> Result<(), Failure> {
        if let Some(path) = &self.args.jwks {
            self.keys.get_mut().set = Some(from_file(path)?);
        }
        if self.args.offline {
            self.issuers = offline_issuers(&self.room.profile)?;
            let only = self.room.profile.provider.algorithms;
            let known = Algorithm::ALL.iter().copied();
            self.algorithms = known
                .filter(|known| only.is_empty() || only.contains(&known.name()))
                .collect();
            return Ok(());
        }
        let wire = self.room.wire()?;
        let client = self.room.client(wire)?;
        self.issuers = client.metadata.issuers.clone();
        self.algorithms = exchange::access_algorithms(&client);
        let skew = metadata::skew(wire, &self.room.profile.issuer);
        self.ahead = skew.ok().and_then(|skew| skew.0);
        self.client = Some(client);
        if self.args.jwks.is_none() {
            self.fetch(Freshness::AsTold);
        }
        Ok(())
    }

    /// Fetches the keys; why they cannot be had is for whoever needs them.
    fn fetch(&self, freshness: Freshness) {
        let Some(client) = &self.client else { return };
        let fetched = self
            .room
            .wire()
            .map_err(|error| error.to_string())
            .and_then(|wire| {
                metadata::keys(wire, &client.metadata, freshness).map_err(|error| error.to_string())
            });
        let mut keys = self.keys.borrow_mut();
        match fetched {
            Ok(new) => {
                *keys = Keys {
                    set: Some(new.set),
                    may_be_old: new.may_be_old,
                    fault: None,
                };
            }
            Err(fault) => {
                keys.may_be_old = false;
                keys.fault = Some(fault);
            }
        }
    }

    /// Makes every check of a token; with newer keys, if it names one that is not known.
    pub(super) fn judge(&self, token: &str) -> Report {
        let report = self.check(token);
        if report.wants_new_keys() && self.keys.borrow().may_be_old {
            self.fetch(Freshness::Anew);
            return self.check(token);
        }
        report
    }

    fn check(&self, token: &str) -> Report {
        let profile = &self.room.profile;
        let kind = self.args.kind();
        let leeway = self.args.leeway.unwrap_or(match kind {
            Some(TokenKind::Id) => profile.leeway,
            Some(TokenKind::Access) | None => profile.access_leeway,
        });
        let terms = Terms {
            kind,
            issuers: &self.issuers,
            audiences: &self.audiences,
            client_id: self.client_id.as_deref(),
            clients: &self.args.client,
            tenants: &self.args.tenant,
            scopes: &self.args.scope,
            roles: &self.args.role,
            classes: &self.args.acr,
            contexts: &self.args.acrs,
            algorithms: &self.algorithms,
            types: if self.args.at_jwt {
                AccessTokenTypes::Standard
            } else {
                AccessTokenTypes::Any
            },
            ahead: self.ahead,
            now: self.app.clock().now(),
            leeway,
            detail: self.detail,
        };
        check(token, self.keys.borrow().set.as_ref(), &terms)
    }

    /// Returns the profile that tokens are judged by.
    pub(super) fn profile(&self) -> &Profile {
        &self.room.profile
    }

    /// Returns whom a token may be for.
    pub(super) fn audiences(&self) -> &[String] {
        &self.audiences
    }

    /// Returns who must have made a token.
    pub(super) fn issuers(&self) -> &TokenIssuers {
        &self.issuers
    }

    /// Says why there are no keys.
    pub(super) fn fault(&self) -> Option<String> {
        self.keys.borrow().fault.clone()
    }
}

fn from_file(path: &Path) -> Result<KeySet, NoJudge> {
    let bytes = files::read_bounded(path, LARGEST_KEYS).map_err(NoJudge::File)?;
    KeySet::parse(&bytes).map_err(|source| NoJudge::Keys {
        path: printable_line(&PathBuf::from(path).to_string_lossy()).into_owned(),
        source,
    })
}

/// Says who makes a profile's tokens, without its metadata.
fn offline_issuers(profile: &Profile) -> Result<TokenIssuers, NoJudge> {
    profile
        .issuer_rule(None)
        .unasked()
        .ok_or_else(|| NoJudge::Tenant(profile.issuer.to_string()))
}
