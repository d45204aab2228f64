//! Under which name the provider was called, and the addresses that follow from it.
//!
//! Called by a loopback address, it is a cloud of its own there. Called by one of Entra's names
//! (which only a test can make lead here), it answers with that name's addresses and issuers.

use super::directory::{Asked, Tenant};
use crate::issuer::realm::Realm;

/// What a host is the host of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Sign-in, and at a loopback address everything else.
    Cloud,
    /// Sign-in of customers (External ID).
    ExternalId,
    /// Sign-in of customers (Azure AD B2C), by a user flow.
    B2c,
    /// Microsoft Graph.
    Graph,
}

/// The name that was called.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Scheme and host.
    pub(super) origin: String,
    pub(super) kind: Kind,
    /// Issuers of version 1, with `{tenantid}`.
    older: String,
    graph: String,
    /// Where a device's code is typed in.
    pub(super) devices: String,
}

/// Entra's own names: host, Graph's host, start of version 1 issuers.
const CLOUDS: [(&str, &str, &str); 4] = [
    (
        "login.microsoftonline.com",
        "graph.microsoft.com",
        "https://sts.windows.net",
    ),
    (
        "sts.windows.net",
        "graph.microsoft.com",
        "https://sts.windows.net",
    ),
    (
        "login.microsoftonline.us",
        "graph.microsoft.us",
        "https://sts.windows.net",
    ),
    (
        "login.partner.microsoftonline.cn",
        "microsoftgraph.chinacloudapi.cn",
        "https://sts.chinacloudapi.cn",
    ),
];

/// Where people type codes of the public cloud.
const DEVICE_HOST: &str = "microsoft.com";

impl Place {
    /// Finds the place by the `Host` field; `None` for a name that is nobody's here.
    pub(super) fn of(realm: &Realm, host: &str) -> Option<Self> {
        if realm.authorities.iter().any(|ours| ours == host) {
            let origin = match &realm.settings.front {
                Some(front) if front.ends_with(&format!("//{host}")) => front.clone(),
                _ => format!("http://{host}"),
            };
            return Some(Self {
                older: origin.clone(),
                graph: origin.clone(),
                devices: format!("{origin}/devicelogin"),
                origin,
                kind: Kind::Cloud,
            });
        }
        let named = |kind, graph: &str, older: &str| {
            Some(Self {
                origin: format!("https://{host}"),
                kind,
                older: older.to_owned(),
                graph: format!("https://{graph}"),
                devices: format!("https://{DEVICE_HOST}/devicelogin"),
            })
        };
        for (login, graph, older) in CLOUDS {
            if host == login {
                return named(Kind::Cloud, graph, older);
            }
            if host == graph {
                return named(Kind::Graph, graph, older);
            }
        }
        let (_, graph, older) = CLOUDS[0];
        match host {
            DEVICE_HOST => named(Kind::Cloud, graph, older),
            "contoso.ciamlogin.com" => named(Kind::ExternalId, graph, older),
            "contoso.b2clogin.com" => named(Kind::B2c, graph, older),
            _ => None,
        }
    }

    /// Returns the issuer of version 2 tokens of a tenant, by its GUID or the template.
    pub(super) fn issuer(&self, tenant: &str) -> String {
        match self.kind {
            Kind::ExternalId => format!("https://{tenant}.ciamlogin.com/{tenant}/v2.0"),
            Kind::B2c => format!("{}/{tenant}/v2.0/", self.origin),
            Kind::Cloud | Kind::Graph => format!("{}/{tenant}/v2.0", self.origin),
        }
    }

    /// Returns the issuer of version 1 tokens.
    pub(super) fn older_issuer(&self, tenant: &str) -> String {
        format!("{}/{tenant}/", self.older)
    }

    /// Returns where Graph is.
    pub(super) fn graph(&self) -> &str {
        &self.graph
    }

    /// Returns the start of the addresses of a tenant.
    pub(super) fn base(&self, asked: Asked, policy: Option<&str>) -> String {
        let segment = asked.segment();
        match policy {
            Some(policy) => format!("{}/{segment}/{policy}", self.origin),
            None => format!("{}/{segment}", self.origin),
        }
    }

    /// Tells whether a segment is the user flow that tenants of customers have.
    pub(super) fn is_policy(&self, tenant: &Tenant, segment: &str) -> bool {
        self.kind == Kind::B2c && segment.eq_ignore_ascii_case(tenant.policy)
    }

    /// Returns the cloud's own name, as metadata tells it.
    pub(super) fn cloud_name(&self) -> &'static str {
        match self.origin.rsplit_once('.') {
            Some((_, "us")) => "microsoftonline.us",
            Some((_, "cn")) => "partner.microsoftonline.cn",
            _ => "microsoftonline.com",
        }
    }
}
