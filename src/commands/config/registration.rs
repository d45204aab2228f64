//! The app to register at Entra, for `keyfob config add --entra` without a client id: as text to
//! follow in the portal, as a script for `az`, and as the body for Microsoft Graph.
//!
//! Asks for nothing beyond what a sign-in needs: a public client with one redirect, delegated
//! permissions only, never a secret.

use serde_json::{Value, json};

use crate::base::{ProfileName, Scopes};
use crate::commands::shell_word::quoted;
use crate::provider::entra::{Authority, Form, Tenant};

/// How the registration is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(super) enum Format {
    /// Steps to follow in the portal
    Text,
    /// A shell script for the Azure CLI
    Az,
    /// The body of a request to Microsoft Graph
    Graph,
}

/// What is to be registered.
pub(super) struct Registration<'a> {
    /// Where, as the person wrote it.
    pub(super) authority: &'a Authority,
    /// The profile that will use it, if it has a name yet.
    pub(super) profile: Option<&'a ProfileName>,
    /// Everything that its targets ask for, each with its API.
    pub(super) scopes: &'a Scopes,
    /// The words of the command that say so, to be typed again with the client's id.
    pub(super) repeated: Vec<String>,
    /// Whether people will sign in with a device code.
    pub(super) device_code: bool,
    /// The redirect, as it must be registered.
    pub(super) redirect: String,
}

/// Microsoft Graph, to which scopes without a resource belong.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Graph's delegated permissions that a sign-in may need, with their ids.
const PERMISSIONS: [(&str, &str); 5] = [
    ("openid", "37f7f235-527c-4136-accd-4a02d197296e"),
    ("profile", "14dad69e-099b-42c9-810b-d002981feec1"),
    ("email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0"),
    ("offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182"),
    ("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4688b"),
];

/// The permission that stands for all that was consented to.
const DEFAULT: &str = ".default";

/// Optional claims of ID tokens: who to suggest, which session, when, member or guest.
const ID_CLAIMS: [&str; 4] = ["login_hint", "sid", "auth_time", "acct"];

/// Optional claims of access tokens for the app's own API: an app's or a user's.
const ACCESS_CLAIMS: [&str; 1] = ["idtyp"];

const CONSENT: &str = "Where people may not consent for themselves, an admin does it for all:";

/// What stands where the new app's id belongs.
const CLIENT_ID: &str = "APPLICATION_ID";

impl Registration<'_> {
    /// Prints it, with a last line end.
    pub(super) fn print(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Az => self.az(),
            Format::Graph => format!("{:#}\n", self.body()),
        }
    }

    fn text(&self) -> String {
        let tenant = &self.authority.tenant;
        let mut lines = vec![
            format!(
                "Register an app for {}, at {}:",
                self.place(),
                self.portal()
            ),
            "Microsoft Entra ID > App registrations > New registration".to_owned(),
            String::new(),
            row("Name", "keyfob"),
            row("Supported account types", self.audience().1),
            row(
                "Redirect URI",
                "platform \"Mobile and desktop applications\" (in the list:",
            ),
            row(
                "",
                "\"Public client/native\"), and this address, to the letter:",
            ),
            row("", &self.redirect),
            row(
                "",
                "Not \"Web\": it wants a secret. Not \"Single-page application\":",
            ),
            row("", "its sessions end after 24 hours."),
            String::new(),
        ];
        lines.extend(self.pages());
        lines.extend([
            String::new(),
            CONSENT.to_owned(),
            format!("  {}", self.consent(CLIENT_ID)),
            String::new(),
            "Next, with the \"Application (client) ID\" of its overview page:".to_owned(),
            format!("  {}", self.next(CLIENT_ID)),
            String::new(),
        ]);
        if tenant.is_any() {
            let hint = "  (with `--tenants GUID,…` only those tenants may sign in)".to_owned();
            lines.insert(lines.len() - 1, hint);
        }
        lines.join("\n")
    }

    /// What is set in the pages of the app once it is there.
    fn pages(&self) -> Vec<String> {
        let mut lines = vec![
            "Then, in the pages of the new app:".to_owned(),
            String::new(),
            row("Authentication", self.toggle()),
            row("Manifest", "requestedAccessTokenVersion: 2"),
            row(
                "Token configuration",
                &format!("optional claims, ID: {}", ID_CLAIMS.join(", ")),
            ),
            row(
                "",
                &format!("optional claims, access: {}", ACCESS_CLAIMS.join(", ")),
            ),
            row(
                "API permissions",
                &format!("Microsoft Graph, delegated: {}", self.of_graph().join(", ")),
            ),
        ];
        for (api, permissions) in self.of_apis() {
            let what = match permissions.join(", ").as_str() {
                ".default" => "those that you need".to_owned(),
                named => named.to_owned(),
            };
            lines.push(row("", &format!("{api}, delegated: {what}")));
        }
        lines
    }

    fn az(&self) -> String {
        let graph = format!("https://{}/v1.0/applications", self.graph());
        let body = self.body().to_string();
        let mut lines = vec![
            "#!/bin/sh".to_owned(),
            "# Registers keyfob as a public client. Needs the Azure CLI and the right to register apps."
                .to_owned(),
            "set -eu".to_owned(),
        ];
        if let Some(cloud) = self.az_cloud() {
            lines.push(format!("az cloud set --name {cloud}"));
        }
        let login = match &self.authority.tenant {
            Tenant::Id(_) | Tenant::Domain(_) => {
                format!(" --tenant {}", quoted(&self.authority.tenant.to_string()))
            }
            Tenant::Common | Tenant::Organizations | Tenant::Consumers => String::new(),
        };
        lines.extend([
            format!("az login --allow-no-subscriptions --output none{login}"),
            format!(
                "client_id=$(az rest --method post --url {} \\\n  \
                 --headers Content-Type=application/json \\\n  \
                 --body {} \\\n  --query appId --output tsv)",
                quoted(&graph),
                quoted(&body)
            ),
            "az ad sp create --id \"$client_id\" --output none".to_owned(),
        ]);
        let graph = (GRAPH.to_owned(), self.further_of_graph());
        for (api, permissions) in std::iter::once(graph).chain(self.of_apis()) {
            lines.extend(permission_lines(&api, &permissions));
        }
        for (what, line) in [(CONSENT, self.consent("")), ("Next:", self.next(""))] {
            lines.push(format!(
                "printf '%s\\n  %s%s\\n' {} {} \"$client_id\"",
                quoted(what),
                quoted(&line)
            ));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// The body of `POST /v1.0/applications`.
    fn body(&self) -> Value {
        let claims = |names: &[&str]| -> Value {
            let claim = |name: &&str| json!({ "name": name, "essential": false });
            names.iter().map(claim).collect()
        };
        let of_graph = self.of_graph();
        let granted = PERMISSIONS
            .iter()
            .filter(|(name, _)| of_graph.contains(name));
        let granted: Vec<Value> = granted
            .map(|(_, id)| json!({ "id": id, "type": "Scope" }))
            .collect();
        json!({
            "displayName": "keyfob",
            "signInAudience": self.audience().0,
            "isFallbackPublicClient": self.device_code,
            "publicClient": { "redirectUris": [self.redirect] },
            "api": { "requestedAccessTokenVersion": 2 },
            "optionalClaims": {
                "idToken": claims(&ID_CLAIMS),
                "accessToken": claims(&ACCESS_CLAIMS),
            },
            "requiredResourceAccess": [{ "resourceAppId": GRAPH, "resourceAccess": granted }],
        })
    }

    fn place(&self) -> String {
        let Authority { cloud, tenant, .. } = self.authority;
        let cloud = cloud
            .named()
            .map_or("a cloud of its own", |cloud| cloud.title);
        match tenant {
            Tenant::Id(_) | Tenant::Domain(_) => format!("the tenant {tenant} in {cloud}"),
            Tenant::Common | Tenant::Organizations | Tenant::Consumers => {
                format!("`{tenant}` in {cloud}")
            }
        }
    }

    fn portal(&self) -> String {
        match self.authority.cloud.named().and_then(|cloud| cloud.portal) {
            Some(host) => format!("https://{host}"),
            None => "the cloud's portal".to_owned(),
        }
    }

    fn graph(&self) -> &'static str {
        let known = self.authority.cloud.named().and_then(|cloud| cloud.graph);
        known.unwrap_or("graph.microsoft.com")
    }

    fn az_cloud(&self) -> Option<&'static str> {
        match self.authority.cloud.named()?.name {
            "us-government" => Some("AzureUSGovernment"),
            "china" => Some("AzureChinaCloud"),
            _ => None,
        }
    }

    /// `signInAudience`, and the words of the portal for it.
    fn audience(&self) -> (&'static str, &'static str) {
        match (&self.authority.form, &self.authority.tenant) {
            (Form::B2c { .. }, _) => (
                "AzureADandPersonalMicrosoftAccount",
                "Accounts in any identity provider or organizational directory",
            ),
            (_, Tenant::Id(_) | Tenant::Domain(_)) => (
                "AzureADMyOrg",
                "Accounts in this organizational directory only (single tenant)",
            ),
            (_, Tenant::Organizations) => (
                "AzureADMultipleOrgs",
                "Accounts in any organizational directory (multitenant)",
            ),
            (_, Tenant::Common) => (
                "AzureADandPersonalMicrosoftAccount",
                "Accounts in any organizational directory and personal accounts",
            ),
            (_, Tenant::Consumers) => (
                "PersonalMicrosoftAccount",
                "Personal Microsoft accounts only",
            ),
        }
    }

    fn toggle(&self) -> &'static str {
        if self.device_code {
            "Allow public client flows: Yes (the device code flow needs it)"
        } else {
            "Allow public client flows: No (Yes only to sign in with a device code)"
        }
    }

    fn consent(&self, client_id: &str) -> String {
        let Authority { cloud, tenant, .. } = self.authority;
        let tenant = match tenant {
            Tenant::Id(_) | Tenant::Domain(_) => tenant.to_string(),
            Tenant::Common | Tenant::Organizations | Tenant::Consumers => {
                "organizations".to_owned()
            }
        };
        format!(
            "{}/{tenant}/adminconsent?client_id={client_id}",
            cloud.origin()
        )
    }

    /// The command that adds the profile.
    fn next(&self, client_id: &str) -> String {
        let name = self.profile.map_or("work", ProfileName::as_str);
        let at = match &self.authority.form {
            Form::Workforce => self.authority.tenant.to_string(),
            Form::ExternalId { .. } | Form::B2c { .. } => self.authority.address().to_string(),
        };
        let mut line = format!("keyfob config add {name} --entra {}", quoted(&at));
        let cloud = self.authority.cloud.to_string();
        if cloud != "public" {
            line = format!("{line} --cloud {}", quoted(&cloud));
        }
        for word in &self.repeated {
            line = format!("{line} {}", quoted(word));
        }
        format!("{line} --client-id {client_id}")
    }

    /// The permissions of Microsoft Graph: what every sign-in needs, and what is asked for.
    fn of_graph(&self) -> Vec<&str> {
        let mut names = vec!["openid", "profile", "offline_access"];
        for scope in self.scopes.iter() {
            let name = match scope.rsplit_once('/') {
                Some((api, name)) if self.is_graph(api) => name,
                Some(_) => continue,
                None => scope,
            };
            if !names.contains(&name) && name != DEFAULT {
                names.push(name);
            }
        }
        names
    }

    /// The permissions of Graph whose ids are not known here.
    fn further_of_graph(&self) -> Vec<String> {
        let known = |name: &&str| PERMISSIONS.iter().any(|(known, _)| known == name);
        let further = self.of_graph().into_iter().filter(|name| !known(name));
        further.map(str::to_owned).collect()
    }

    /// Other APIs with the permissions that are asked for, in their order.
    fn of_apis(&self) -> Vec<(String, Vec<String>)> {
        let mut apis: Vec<(String, Vec<String>)> = Vec::new();
        for scope in self.scopes.iter() {
            let Some((api, permission)) = scope.rsplit_once('/') else {
                continue;
            };
            if self.is_graph(api) {
                continue;
            }
            let (api, permission) = (api.to_owned(), permission.to_owned());
            match apis.iter_mut().find(|(known, _)| *known == api) {
                Some((_, permissions)) => permissions.push(permission),
                None => apis.push((api, vec![permission])),
            }
        }
        apis
    }

    fn is_graph(&self, api: &str) -> bool {
        api == GRAPH || api.strip_prefix("https://") == Some(self.graph())
    }
}

/// Looks an API's permissions up by name, for their ids are the API's own.
fn permission_lines(api: &str, permissions: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for permission in permissions {
        if permission == DEFAULT {
            let line = "# Add the permissions that you need of this API:";
            lines.push(format!("{line} {}", quoted(api)));
            continue;
        }
        let named = permission.replace(['\'', '`', '\\'], "");
        let query = format!("oauth2PermissionScopes[?value=='{named}'].id | [0]");
        let api = quoted(api);
        lines.extend([
            format!("api=$(az ad sp show --id {api} --query appId --output tsv)"),
            format!(
                "scope=$(az ad sp show --id {api} --query {} --output tsv)",
                quoted(&query)
            ),
            "az ad app permission add --id \"$client_id\" --api \"$api\" \
             --api-permissions \"$scope=Scope\""
                .to_owned(),
        ]);
    }
    lines
}

fn row(name: &str, text: &str) -> String {
    format!("  {name:<24} {text}").trim_end().to_owned()
}

#[cfg(test)]
mod tests;
