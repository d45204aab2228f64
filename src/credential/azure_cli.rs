//! The Azure CLI, `az`, as Azure's SDKs, Terraform and kubelogin run it to get a token.
//!
//! keyfob stands in for it on a `PATH` that is given to one program. It answers
//! `account get-access-token` for listed resources, and what Terraform asks beside that:
//! `account show` and `version`. Everything else is refused; nothing is ever handed on to the real
//! `az`, which has another account.

use serde::Serialize;

use super::azure::{Arity, Known, Options, resource, resource_of, shown, subscription, tenant};
use super::{
    ARM, Appends, Asked, Call, Found, Misread, Person, Protocol, Reason, Reply, Request, Step, Why,
    json_text,
};
use crate::base::{Secret, Timestamp};

pub(super) struct AzureCli;

const TOKEN: &str = "token";
const ACCOUNT: &str = "account";

/// The version that first had every field which is answered with here.
const ANSWERS_LIKE: &str = "2.54.0";

/// What az calls a tenant that it knows no subscription of.
const TENANT_LEVEL: &str = "N/A(tenant level account)";

/// Where programs of Azure find the subscription that they work in.
const SUBSCRIPTIONS: [&str; 2] = ["ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"];

const OPTIONS: &[Known] = &[
    (&["--output", "-o"], Arity::Once),
    (&["--subscription", "-s", "--name", "-n"], Arity::Once),
];

const TOKEN_OPTIONS: &[Known] = &[
    (&["--output", "-o"], Arity::Once),
    (&["--scope"], Arity::Once),
    (&["--resource"], Arity::Once),
    (&["--tenant", "-t"], Arity::Once),
    (&["--subscription", "-s", "--name", "-n"], Arity::Once),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    access_token: &'a str,
    expires_on: String,
    #[serde(rename = "expires_on")]
    expires_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    token_type: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account<'a> {
    id: Option<&'a str>,
    is_default: bool,
    name: &'a str,
    tenant_id: Option<&'a str>,
    user: User<'a>,
}

#[derive(Serialize)]
struct User<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Version {
    azure_cli: &'static str,
    azure_cli_core: &'static str,
    extensions: Extensions,
}

#[derive(Serialize)]
struct Extensions {
    keyfob: &'static str,
}

impl Protocol for AzureCli {
    fn name(&self) -> &'static str {
        "azure-cli"
    }

    fn about(&self) -> &'static str {
        "Azure's SDKs, Terraform and kubelogin, in place of az"
    }

    fn help(&self) -> &'static str {
        "A program that would run az runs keyfob when keyfob is what az means on its PATH:
  mkdir ~/keyfob-az && ln -s /usr/bin/keyfob ~/keyfob-az/az
  PATH=~/keyfob-az:$PATH terraform plan

The resources must be listed, by a short name, a URI or a GUID:
  keyfob config set work.azure 'arm keyvault https://storage.azure.com'

Answered are `account get-access-token`, for a listed resource and the profile's own tenant,
`account show`, with the subscription of ARM_SUBSCRIPTION_ID or AZURE_SUBSCRIPTION_ID, and
`version`. Everything else is refused, and never reaches the real az."
    }

    fn listed_under(&self) -> &'static str {
        "azure"
    }

    fn also_called(&self) -> Option<&'static str> {
        Some("az")
    }

    fn appends(&self) -> Appends {
        Appends::CommandLine
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
        let (step, known, after) = match words.as_slice() {
            ["account", "get-access-token", ..] => (TOKEN, TOKEN_OPTIONS, 2),
            ["account", "show", ..] => (ACCOUNT, OPTIONS, 2),
            ["version", ..] => ("", &OPTIONS[..1], 1),
            _ => return Err(not_here(call)),
        };
        let options = Options::read(&call.words[after..], known).ok_or_else(|| not_here(call))?;
        if options.get("--output").is_some_and(|form| form != "json") {
            return Err(not_here(call));
        }
        match step {
            TOKEN => token(&options),
            ACCOUNT => account(&options, call),
            _ => Ok(Step::Answer(version())),
        }
    }

    fn answer(&self, request: &Request, found: &Found<'_>) -> Secret {
        let subscription = request.subscription.as_deref();
        if request.form == ACCOUNT {
            let account = Account {
                id: subscription.or(found.tenant),
                is_default: true,
                name: subscription.unwrap_or(TENANT_LEVEL),
                tenant_id: found.tenant,
                user: User {
                    name: found.username,
                    kind: "user",
                },
            };
            return Secret::json(&account, "\n");
        }
        let token = found.token.expose();
        let answer = Answer {
            access_token: token,
            expires_on: local(found.expires, (found.zone)()),
            expires_at: found.expires.0,
            subscription,
            tenant: found.tenant,
            token_type: "Bearer",
        };
        Secret::json(&answer, "\n")
    }

    /// Whoever reads `az login` on stderr takes the CLI for one without an account, and asks its next
    /// source of tokens; without it, the message is shown as it is.
    fn refuse(&self, _request: Option<&Request>, why: &Why<'_>) -> Option<Reply> {
        let hint = why.hint.unwrap_or("see keyfob credential azure-cli --help");
        let next = match why.reason {
            Reason::Failed | Reason::NotChanged => hint.to_owned(),
            Reason::Misread | Reason::SignInNeeded | Reason::Unlisted => format!(
                "Please run 'az login' to setup account, or, as keyfob answers here in place of \
                 az: {hint}"
            ),
        };
        Some(Reply {
            stdout: String::new(),
            stderr: Some(format!("ERROR: {}\n{next}", why.message)),
            exit: why.exit,
        })
    }
}

fn not_here(call: &Call<'_>) -> Misread {
    let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
    Misread::NotHere {
        program: "az",
        asked: shown(call.words),
        hint: match words.as_slice() {
            ["login", ..] => "run `keyfob login`",
            ["logout", ..] => "run `keyfob logout`",
            ["account", "get-access-token", ..] => "people get a token by `keyfob token`",
            _ => "run the real az by its whole path",
        },
    }
}

fn token(options: &Options<'_>) -> Result<Step, Misread> {
    let (of, scope) = match (options.get("--scope"), options.get("--resource")) {
        (None, None) => (ARM.to_owned(), ARM.to_owned()),
        (Some(scope), None) => (resource_of(scope)?, scope.to_owned()),
        // The `/` that a resource ends in is a part of its name in the scope.
        (None, Some(name)) => (resource(name)?, format!("{name}/.default")),
        (Some(_), Some(_)) => {
            return Err(Misread::Form {
                what: "`--scope` with `--resource`",
                wanted: "possible: a token is for one of them",
            });
        }
    };
    Ok(Step::Serve(Request {
        asked: Asked::Named(of),
        scopes: Some(scope),
        tenant: options.get("--tenant").map(tenant).transpose()?,
        subscription: options
            .get("--subscription")
            .map(subscription)
            .transpose()?,
        person: Person::AsAgreed,
        form: TOKEN,
        ..Request::default()
    }))
}

/// What is known of an account: its tenant, by a token for the cloud's Resource Manager, and the
/// subscription that the program's own variables name. Without one it is what az calls a tenant
/// level account, whose id is the tenant's.
fn account(options: &Options<'_>, call: &Call<'_>) -> Result<Step, Misread> {
    let set = SUBSCRIPTIONS.iter().find_map(|name| call.vars.get(name));
    let subscription = options.get("--subscription").or(set).map(subscription);
    Ok(Step::Serve(Request {
        asked: Asked::Named(ARM.to_owned()),
        scopes: Some(ARM.to_owned()),
        subscription: subscription.transpose()?,
        person: Person::AsAgreed,
        form: ACCOUNT,
        ..Request::default()
    }))
}

/// Says as which version of az this answers, and that it is none.
fn version() -> String {
    json_text(&Version {
        azure_cli: ANSWERS_LIKE,
        azure_cli_core: ANSWERS_LIKE,
        extensions: Extensions {
            keyfob: env!("CARGO_PKG_VERSION"),
        },
    })
}

/// An instant as az writes it: as the clocks on the wall show it, without saying where.
fn local(at: Timestamp, zone: jiff::tz::TimeZone) -> String {
    let at = jiff::Timestamp::from_second(at.0).unwrap_or(jiff::Timestamp::MAX);
    at.to_zoned_datetime(zone)
        .strftime("%Y-%m-%d %H:%M:%S.000000")
        .to_string()
}

#[cfg(test)]
mod tests;
