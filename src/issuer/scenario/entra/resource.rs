//! The APIs that tokens can be for, the apps that may ask, and Entra's rules for scopes.
//!
//! One resource a request; `/.default` stands alone; a scope without a prefix is Graph's.

use super::refusal::Refusal;
use crate::issuer::clients::Client;
use crate::issuer::realm::Realm;

/// The app that is always there: public, of any tenant, on `http://localhost`.
pub(super) const PUBLIC_APP: &str = "c0ffee00-1111-4222-8333-444455556666";

/// An app like it that only its own tenant, contoso, may use.
pub(super) const SINGLE_TENANT_APP: &str = "c0ffee00-5555-4666-8777-888899990000";

/// Scopes about the person, which go with any resource.
pub(super) const IDENTITY: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// An API.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Resource {
    /// Its app id.
    pub(super) id: &'static str,
    /// Its names; tokens of version 1 are for the one that was asked for.
    pub(super) names: &'static [&'static str],
    /// Which access tokens it is registered for.
    pub(super) version: u8,
    pub(super) scopes: &'static [&'static str],
    pub(super) kind: Kind,
}

/// What is special about an API's tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Nothing: they can be verified.
    Plain,
    /// They are Graph's: nobody else can verify them.
    Graph,
}

pub(super) static GRAPH: Resource = Resource {
    id: "00000003-0000-0000-c000-000000000000",
    names: &[
        "https://graph.microsoft.com",
        "https://graph.microsoft.us",
        "https://microsoftgraph.chinacloudapi.cn",
    ],
    version: 1,
    scopes: &[
        "User.Read",
        "User.ReadBasic.All",
        "GroupMember.Read.All",
        "Group.Read.All",
        "Directory.Read.All",
        "Mail.Read",
    ],
    kind: Kind::Graph,
};

/// The sample API of one's own, with tokens of version 2.
pub(super) static ORDERS: Resource = Resource {
    id: "0de25000-aaaa-4bbb-8ccc-ddddeeeeffff",
    names: &["api://orders"],
    version: 2,
    scopes: &["Orders.Read", "Orders.Write"],
    kind: Kind::Plain,
};

static RESOURCES: [&Resource; 5] = [
    &GRAPH,
    &ORDERS,
    &Resource {
        id: "1e9ac400-aaaa-4bbb-8ccc-ddddeeeeffff",
        names: &["api://invoices"],
        version: 1,
        scopes: &["Invoices.Read"],
        kind: Kind::Plain,
    },
    &Resource {
        id: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        names: &[
            "https://management.azure.com",
            "https://management.core.windows.net/",
        ],
        version: 1,
        scopes: &["user_impersonation"],
        kind: Kind::Plain,
    },
    &Resource {
        id: "499b84ac-1321-427f-aa17-267ca6975798",
        names: &[],
        version: 1,
        scopes: &["user_impersonation", "vso.code"],
        kind: Kind::Plain,
    },
];

/// What one request asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Wish {
    pub(super) resource: &'static Resource,
    /// The resource's name as it was asked for; nothing for a scope without a prefix.
    pub(super) prefix: String,
    /// Scopes of the resource; `.default` is one.
    pub(super) scopes: Vec<String>,
    /// Which of [`IDENTITY`] came along.
    pub(super) identity: Vec<&'static str>,
    /// Whether another resource came along too.
    pub(super) is_mixed: bool,
}

impl Wish {
    /// Reads a `scope` parameter, by the rules of version 2.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let mut wish = Self {
            resource: &GRAPH,
            prefix: String::new(),
            scopes: Vec::new(),
            identity: Vec::new(),
            is_mixed: false,
        };
        for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
            if let Some(known) = IDENTITY.into_iter().find(|known| *known == scope) {
                wish.identity.push(known);
                continue;
            }
            let (resource, prefix, name) = find(scope)?;
            if wish.scopes.is_empty() {
                (wish.resource, wish.prefix) = (resource, prefix.to_owned());
            } else if resource != wish.resource {
                wish.is_mixed = true;
                continue;
            }
            wish.scopes.push(name.to_owned());
        }
        if wish.scopes.is_empty() && wish.identity.is_empty() {
            return Err(Refusal::new(900_144));
        }
        let is_static = |scope: &String| scope == ".default";
        if wish.scopes.iter().any(is_static) && (wish.scopes.len() > 1 || wish.is_mixed) {
            return Err(Refusal::new(70_011).saying(format!(
                "The provided value for the input parameter 'scope' is not valid. The scope \
                 '{text}' is not valid: .default scope can't be combined with resource-specific \
                 scopes."
            )));
        }
        Ok(wish)
    }

    /// The same, for a request that may have one resource only.
    pub(super) fn parse_one(text: &str) -> Result<Self, Refusal> {
        let wish = Self::parse(text)?;
        if wish.is_mixed {
            return Err(Refusal::new(28_000));
        }
        Ok(wish)
    }

    /// Reads `resource` of version 1, which names an API whole.
    pub(super) fn of_resource(name: &str, scope: Option<&str>) -> Result<Self, Refusal> {
        let identity = scope.unwrap_or("openid offline_access");
        let mut wish = Self::parse(identity)?;
        let whole = format!("{name}/.default");
        let (resource, prefix, _) = find(&whole)?;
        wish.resource = resource;
        prefix.clone_into(&mut wish.prefix);
        wish.scopes = vec![".default".to_owned()];
        Ok(wish)
    }

    /// Tells whether one of the identity scopes was asked for.
    pub(super) fn has(&self, name: &str) -> bool {
        self.identity.contains(&name)
    }

    /// The scopes that the token will have.
    pub(super) fn granted(&self) -> Vec<&str> {
        if self.scopes.iter().any(|scope| scope == ".default") {
            return self.resource.scopes.to_vec();
        }
        self.scopes.iter().map(String::as_str).collect()
    }

    /// The `scope` of the answer: never `offline_access`, and each with its resource.
    pub(super) fn said(&self) -> String {
        let named = |scope: &str| match self.prefix.as_str() {
            "" => scope.to_owned(),
            prefix => format!("{prefix}/{scope}"),
        };
        let identity = self.identity.iter().filter(|one| **one != "offline_access");
        let mut all: Vec<String> = identity.map(|one| (*one).to_owned()).collect();
        all.extend(self.granted().into_iter().map(named));
        if self.scopes.iter().any(|scope| scope == ".default") {
            all.push(named(".default"));
        }
        all.join(" ")
    }

    /// Who the access token is for.
    pub(super) fn audience(&self) -> String {
        match (self.resource.version, self.prefix.as_str()) {
            (1, prefix) if !prefix.is_empty() => prefix.to_owned(),
            _ => self.resource.id.to_owned(),
        }
    }
}

/// Takes a scope apart: whose it is, by which name, and what.
fn find(scope: &str) -> Result<(&'static Resource, &str, &str), Refusal> {
    let Some((prefix, name)) = scope.rsplit_once('/') else {
        return if GRAPH.scopes.contains(&scope) || scope == ".default" {
            Ok((&GRAPH, "", scope))
        } else {
            Err(Refusal::new(650_053).saying(format!(
                "The application asked for scope '{scope}' that doesn't exist on the resource \
                 '{}'.",
                GRAPH.id
            )))
        };
    };
    let owns = |resource: &&&Resource| resource.id == prefix || resource.names.contains(&prefix);
    let Some(resource) = RESOURCES.iter().find(owns) else {
        return Err(Refusal::new(500_011).saying(format!(
            "The resource principal named {prefix} was not found in the tenant named Contoso. \
             This can happen if the application has not been installed by the administrator of \
             the tenant or consented to by any user in the tenant."
        )));
    };
    if name != ".default" && !resource.scopes.contains(&name) {
        return Err(Refusal::new(650_053).saying(format!(
            "The application asked for scope '{name}' that doesn't exist on the resource '{}'.",
            resource.id
        )));
    }
    Ok((resource, prefix, name))
}

/// Finds an app by its id.
pub(super) fn client(realm: &Realm, id: &str) -> Result<Client, Refusal> {
    let known = match id {
        PUBLIC_APP | SINGLE_TENANT_APP => Some(Client::public(id)),
        _ => realm.client(id),
    };
    known.ok_or_else(|| {
        Refusal::new(700_016).saying(format!(
            "Application with identifier '{id}' was not found in the directory 'Contoso'. This \
             can happen if the application has not been installed by the administrator of the \
             tenant or consented to by any user in the tenant. You may have sent your \
             authentication request to the wrong tenant."
        ))
    })
}
