//! Scopes as Entra's version 2 endpoints want them: each with its resource, one resource at a time.
//!
//! A resource alone (a name of [`RESOURCES`], a GUID or a URI) stands for everything that was
//! consented to there, `/.default`. What Entra would refuse, or silently give to Microsoft Graph,
//! is refused here, before any request. Never guesses which API a bare scope belongs to.

use super::{Authority, Cloud, Form};
use crate::base::{Diagnostic, Exit, Hint, Scopes, TenantId, printable_line};

/// Scopes that belong to no resource (OIDC Core §5.4 and §11).
const OF_NO_RESOURCE: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// What every request asks for besides its resource: whom it is for, and a refresh token, which
/// lives for 90 days only if each renewal brings a new one.
const ALWAYS: [&str; 3] = ["openid", "profile", "offline_access"];

/// Scopes of OIDC Core §5.4 that Entra does not know.
const UNKNOWN: [&str; 2] = ["address", "phone"];

/// What Azure AD Graph was called; its tokens open nothing any more.
const RETIRED: [&str; 2] = ["graph.windows.net", "00000002-0000-0000-c000-000000000000"];

/// The scope that stands for everything that was consented to.
const DEFAULT: &str = ".default";

/// Short names of the resources that people ask for most, as they are in the public cloud.
const RESOURCES: [(&str, &str); 8] = [
    ("aks", "6dae42f8-4368-4678-94ff-3960e28e3630"),
    ("arm", "https://management.azure.com"),
    ("devops", "499b84ac-1321-427f-aa17-267ca6975798"),
    ("graph", "https://graph.microsoft.com"),
    ("keyvault", "https://vault.azure.net"),
    ("postgres", "https://ossrdbms-aad.database.windows.net"),
    ("sql", "https://database.windows.net"),
    ("storage", "https://storage.azure.com"),
];

/// What the short names stand for in one cloud: where its Graph and its Resource Manager are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Hosts<'a> {
    /// Whether the other short names stand for what they do in the public cloud.
    pub is_public: bool,
    /// The host of Microsoft Graph, if there is one.
    pub graph: Option<&'a str>,
    /// The host of the Azure Resource Manager, if there is one.
    pub arm: Option<&'a str>,
}

impl Hosts<'_> {
    /// Returns those of a cloud; one that a person wrote down has the names of the public cloud.
    pub fn of(cloud: &Cloud) -> Self {
        match cloud.named() {
            Some(named) => Self {
                is_public: named.name == "public",
                graph: named.graph,
                arm: named.arm,
            },
            None => Self::of(&Cloud::public()),
        }
    }
}

/// Why scopes cannot be asked for in one request.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ScopesError {
    /// Names a permission without saying whose: Entra would look for it at Microsoft Graph.
    #[error(
        "`{scope}` does not say which API it belongs to, and Entra would take it for Microsoft \
         Graph's: write `api://…/{scope}`, or `graph/{scope}` if it is Graph's"
    )]
    NoResource {
        /// The scope.
        scope: String,
    },
    /// Asks for everything that was consented to, and for single permissions of the same resource.
    #[error(
        "`{resource}/.default` means all that was consented to, so it cannot stand beside \
         `{scope}`: keep one of the two"
    )]
    Mixed {
        /// The resource.
        resource: String,
        /// A scope of it.
        scope: String,
    },
    /// A token is for one resource.
    #[error(
        "a token is for one API, and these scopes name two: `{first}` and `{second}`; give each \
         its own `[profile.….target.…]` table"
    )]
    TwoResources {
        /// The first one.
        first: String,
        /// Another one.
        second: String,
    },
    /// A scope that Entra does not have.
    #[error("Entra has no scope `{0}`: leave it out")]
    Unknown(String),
    /// A short name that this cloud has no known address for.
    #[error("`{0}` is a short name in the public cloud only: write the URI of the API instead")]
    NotInThisCloud(String),
    /// The retired Azure AD Graph.
    #[error("Azure AD Graph (`{0}`) is retired: use `graph`, which is Microsoft Graph")]
    Retired(String),
}

impl Diagnostic for ScopesError {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        None
    }
}

/// The resource of a request, as its scopes name it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part<'a> {
    /// Belongs to no resource.
    Bare(&'a str),
    /// A resource, and one of its permissions; none for all that was consented to.
    Of(&'a str, Option<&'a str>),
}

/// Writes scopes as the provider at `authority` wants them: at Entra, each with its resource. Others
/// are left alone, and so is B2C, where a client id alone is a scope.
///
/// # Errors
///
/// [`ScopesError`], which says what to write instead.
pub fn written_out(scopes: &Scopes, authority: Option<&Authority>) -> Result<Scopes, ScopesError> {
    match authority {
        Some(authority) if !matches!(authority.form, Form::B2c { .. }) => {
            complete(scopes, Hosts::of(&authority.cloud))
        }
        Some(_) | None => Ok(scopes.clone()),
    }
}

/// Writes scopes as Entra wants them, with what every request needs besides.
///
/// # Errors
///
/// [`ScopesError`], which says what to write instead.
pub fn complete(scopes: &Scopes, hosts: Hosts<'_>) -> Result<Scopes, ScopesError> {
    let mut complete = Scopes::default();
    let mut resource: Option<String> = None;
    let (mut everything, mut permission_of) = (false, None);
    for scope in scopes.iter() {
        let (of, permission) = match part(scope)? {
            Part::Bare(scope) => {
                complete.add(scope);
                continue;
            }
            Part::Of(of, permission) => (address(of, hosts)?, permission),
        };
        if let Some(first) = resource.as_ref().filter(|first| !is_same(first, &of)) {
            return Err(ScopesError::TwoResources {
                first: shown(first),
                second: shown(&of),
            });
        }
        match permission {
            None => everything = true,
            Some(permission) => permission_of = Some(permission),
        }
        if let (true, Some(permission)) = (everything, permission_of) {
            return Err(ScopesError::Mixed {
                resource: shown(&of),
                scope: shown(permission),
            });
        }
        complete.add(&format!("{of}/{}", permission.unwrap_or(DEFAULT)));
        resource = Some(of);
    }
    for scope in ALWAYS {
        complete.add(scope);
    }
    Ok(complete)
}

/// Writes one scope, or the resource that stands for one, as Entra wants it.
///
/// # Errors
///
/// [`ScopesError`], which says what to write instead.
pub fn complete_one(scope: &str, hosts: Hosts<'_>) -> Result<Scopes, ScopesError> {
    let mut scopes = Scopes::default();
    scopes.add(scope);
    complete(&scopes, hosts)
}

/// Returns the resource that scopes written by [`complete`] name.
pub fn resource(scopes: &Scopes) -> Option<&str> {
    scopes.iter().find_map(|scope| match part(scope) {
        Ok(Part::Of(resource, _)) => Some(resource),
        Ok(Part::Bare(_)) | Err(_) => None,
    })
}

/// Takes a scope apart.
fn part(scope: &str) -> Result<Part<'_>, ScopesError> {
    if OF_NO_RESOURCE.contains(&scope) {
        return Ok(Part::Bare(scope));
    }
    if UNKNOWN.contains(&scope) {
        return Err(ScopesError::Unknown(scope.to_owned()));
    }
    if is_resource(scope) {
        return Ok(Part::Of(scope, None));
    }
    // The last `/` parts them; before it, a resource may end in one (`https://a//.default`) or have
    // a path of its own (`api://contoso.com/orders/read`).
    match scope.rsplit_once('/') {
        Some((resource, permission)) if !permission.is_empty() && may_be_resource(resource) => {
            Ok(Part::Of(
                resource,
                Some(permission).filter(|permission| *permission != DEFAULT),
            ))
        }
        _ => Err(ScopesError::NoResource {
            scope: shown(scope),
        }),
    }
}

/// Tells whether a text before a permission can be a resource.
fn may_be_resource(text: &str) -> bool {
    let host = text.split_once("://").map(|(_, rest)| rest);
    is_resource(text) || host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
}

/// Tells whether a text is a resource by itself: a short name, a GUID, or a URI without a path.
fn is_resource(text: &str) -> bool {
    let uri = |scheme: &str| {
        let rest = text.strip_prefix(scheme)?;
        let host = rest.trim_end_matches('/');
        Some(!host.is_empty() && !host.contains('/'))
    };
    named(text).is_some()
        || is_guid(text)
        || ["https://", "http://", "api://"]
            .into_iter()
            .find_map(uri)
            .unwrap_or(false)
}

fn named(text: &str) -> Option<&'static str> {
    let known = RESOURCES.iter().find(|(name, _)| *name == text);
    known.map(|(_, address)| *address)
}

/// Writes a short name out as the resource that it stands for in this cloud.
fn address(resource: &str, hosts: Hosts<'_>) -> Result<String, ScopesError> {
    let Some(public) = named(resource) else {
        let name = resource
            .trim_start_matches("https://")
            .trim_end_matches('/');
        return if RETIRED.contains(&name) {
            Err(ScopesError::Retired(shown(resource)))
        } else {
            Ok(resource.to_owned())
        };
    };
    let host = match resource {
        "graph" => hosts.graph,
        "arm" => hosts.arm,
        // A GUID of a first-party application is the same in all clouds.
        _ if hosts.is_public || is_guid(public) => return Ok(public.to_owned()),
        _ => None,
    };
    host.map(|host| format!("https://{host}"))
        .ok_or_else(|| ScopesError::NotInThisCloud(resource.to_owned()))
}

/// Tells whether two texts name one resource: its last `/` says nothing.
fn is_same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

fn is_guid(text: &str) -> bool {
    TenantId::parse(text).is_ok()
}

fn shown(text: &str) -> String {
    printable_line(text).into_owned()
}

#[cfg(test)]
mod tests;
