//! `keyfob config add`: a profile from flags, or by asking for what they leave out.
//!
//! Asks on a terminal only; a script that left something out is told the flags.

use crate::app::App;
use crate::base::{ProfileName, Scopes, TargetName, printable_line};
use crate::commands::selector::absolute;
use crate::config::edit::{IfExists, NewProfile, add_profile};
use crate::config::{Setting, check};
use crate::provider::ENTRA;
use crate::provider::entra::{Cloud, Hosts, complete};

use super::entra::{self, EntraArgs};
use super::registration::{Format, Registration};
use super::{Error, Failure, Place};

/// What `config add` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  keyfob config add work --issuer https://id.example.com --client-id keyfob-cli \\
      --scope 'openid profile offline_access'
  keyfob config add --entra contoso.onmicrosoft.com
  keyfob config add corp --entra contoso.onmicrosoft.com \\
      --client-id c0ffee00-1111-2222-3333-444444444444 \\
      --target 'orders=api://orders/.default'")]
pub(super) struct AddArgs {
    /// Name the profile
    #[arg(value_parser = ProfileName::parse)]
    name: Option<ProfileName>,
    /// Give the issuer URL, exactly as the provider writes it
    #[arg(long, value_name = "URL", conflicts_with_all = ["provider", "cloud"])]
    issuer: Option<String>,
    /// Name the provider instead of an issuer: `entra`
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Give the tenant, as in `--entra`
    #[arg(long, value_name = "TENANT", requires = "provider")]
    tenant: Option<String>,
    /// Give the id of the registered client
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    #[command(flatten)]
    entra: EntraArgs,
    #[command(flatten)]
    client: ClientArgs,
    /// List the scopes, with spaces between them
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// Name the audience, for providers that want one
    #[arg(long)]
    audience: Option<String>,
    /// Name the resource, an absolute URI (RFC 8707)
    #[arg(long, value_name = "URI")]
    resource: Option<String>,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// Choose where sessions rest: `keyring`, `sealed` or `memory`
    #[arg(long)]
    store: Option<String>,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE")]
    ca_file: Option<String>,
    /// Add a target with its own scopes (may be repeated)
    #[arg(long, value_name = "NAME=SCOPES", value_parser = target)]
    target: Vec<(TargetName, String)>,
    /// Add a parameter to the authorization request (may be repeated)
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    authorize: Vec<(String, String)>,
    /// Take the place of a profile of that name
    #[arg(long)]
    replace: bool,
}

/// Where the client's secret is found; never the secret.
#[derive(Debug, clap::Args)]
struct ClientArgs {
    /// Read the client's secret from this variable
    #[arg(
        long = "client-secret-env",
        value_name = "NAME",
        group = "secret_place"
    )]
    secret_env: Option<String>,
    /// Read the client's secret from this file
    #[arg(
        long = "client-secret-file",
        value_name = "FILE",
        group = "secret_place"
    )]
    secret_file: Option<String>,
    /// Read the client's secret from the keyring, by this name
    #[arg(
        long = "client-secret-keyring",
        value_name = "NAME",
        group = "secret_place"
    )]
    secret_keyring: Option<String>,
    /// Choose how the secret is sent: `basic` or `post`
    #[arg(
        long = "client-authentication",
        value_name = "WAY",
        requires = "secret_place"
    )]
    authentication: Option<String>,
}

/// How a person signs in.
#[derive(Debug, clap::Args)]
struct SignInArgs {
    /// Choose how to sign in: `browser` or `device`
    #[arg(long)]
    flow: Option<String>,
    /// Choose how the answer comes: `auto`, `form_post` or `query`
    #[arg(long, value_name = "MODE")]
    response_mode: Option<String>,
    /// Choose the redirect host: `127.0.0.1`, `localhost` or `[::1]`
    #[arg(long, value_name = "HOST")]
    redirect_host: Option<String>,
    /// Fix the redirect port, if the client is registered with one
    #[arg(long, value_name = "PORT")]
    redirect_port: Option<String>,
    /// Set the redirect path, if the client is registered with one
    #[arg(long, value_name = "PATH")]
    redirect_path: Option<String>,
    /// Give the command that opens a URL
    #[arg(long, value_name = "COMMAND")]
    browser: Option<String>,
    /// Let `keyfob token` open a browser on a terminal
    #[arg(long)]
    interactive: bool,
    /// Set how long a sign-in may take, such as `5m`
    #[arg(long, value_name = "TIME")]
    timeout: Option<String>,
}

/// Adds the profile and says what to type next.
pub(super) fn run(args: &AddArgs, app: &App, place: Place<'_>) -> Result<(), Failure> {
    if let Some(page) = args.registration(place)? {
        return Ok(place.console.answer(&page)?);
    }
    let mut new = args.complete(place)?;
    entra::settle(&mut new, &args.entra, app, place)?;
    let name = new.name.clone();
    place.change(|source| add_profile(source, &new))?;
    place.note(&format!("Added profile `{name}` to {}.", place.shown()));
    place.note_default(&place.load()?);
    place.note(&format!("Next: `keyfob login {name}`"));
    Ok(())
}

impl AddArgs {
    /// Returns what to register, when there is a tenant and no client: unless the profile has a name
    /// already and somebody can be asked for the client.
    fn registration(&self, place: Place<'_>) -> Result<Option<String>, Failure> {
        let will_ask = self.name.is_some() && place.console.can_ask();
        let wanted = self.entra.format.is_some() || !will_ask;
        let Some(authority) = self.entra.authority()? else {
            return Ok(None);
        };
        if self.client_id.is_some() || !wanted {
            return Ok(None);
        }
        let scopes = self.all_scopes(&authority.cloud)?;
        let host = self.sign_in.redirect_host.as_deref();
        let path = self
            .sign_in
            .redirect_path
            .as_deref()
            .filter(|path| *path != "/");
        let registration = Registration {
            authority: &authority,
            profile: self.name.as_ref(),
            scopes: &scopes,
            repeated: self.repeated(),
            device_code: self.entra.device_code || self.sign_in.flow.as_deref() == Some("device"),
            redirect: format!(
                "http://{}{}",
                host.unwrap_or(ENTRA.redirect_host),
                path.unwrap_or_default()
            ),
        };
        Ok(Some(
            registration.print(self.entra.format.unwrap_or(Format::Text)),
        ))
    }

    /// Everything that a sign-in and its targets will ask for, as Entra wants it written.
    fn all_scopes(&self, cloud: &Cloud) -> Result<Scopes, Failure> {
        let targets = self.target.iter().map(|(_, scopes)| scopes);
        let mut all = Scopes::default();
        for text in self.scope.iter().chain(targets) {
            let scopes = Scopes::parse(text).map_err(|error| Error::Scope(error.into()))?;
            let scopes =
                complete(&scopes, Hosts::of(cloud)).map_err(|error| Error::Scope(error.into()))?;
            scopes.iter().for_each(|scope| all.add(scope));
        }
        Ok(all)
    }

    /// The flags about scopes and flow, as they were given.
    fn repeated(&self) -> Vec<String> {
        let targets = self.target.iter();
        let targets = targets.map(|(name, scopes)| ("--target", format!("{name}={scopes}")));
        let scope = self.scope.iter().map(|scope| ("--scope", scope.clone()));
        let flow = self
            .sign_in
            .flow
            .iter()
            .map(|flow| ("--flow", flow.clone()));
        let flags = scope.chain(targets).chain(flow);
        flags
            .flat_map(|(flag, text)| [flag.to_owned(), text])
            .collect()
    }

    /// Takes what the flags say, and asks for the rest where somebody can answer.
    fn complete(&self, place: Place<'_>) -> Result<NewProfile, Failure> {
        let mut values = self.values();
        let missing = self.missing();
        let flags: Vec<&'static str> = missing.iter().map(|(_, flag)| *flag).collect();
        if !place.console.can_ask() && (self.name.is_none() || !flags.is_empty()) {
            let name = self.name.is_none().then_some("a name");
            let flags = name.into_iter().chain(flags).collect();
            return Err(Error::Missing { flags }.into());
        }
        let name = match &self.name {
            Some(name) => name.clone(),
            None => ProfileName::parse(&ask(place, Setting::DefaultProfile, "profile name", None)?)
                .map_err(|_| Error::NoAnswer)?,
        };
        for (setting, _) in &missing {
            let question = if *setting == Setting::Issuer {
                "issuer URL of the provider, or Entra tenant"
            } else {
                setting.means()
            };
            let answer = ask(place, *setting, question, None)?;
            values.push((*setting, answer));
        }
        if !missing.is_empty() && self.scope.is_none() {
            let default = Setting::Scopes.default();
            let answer = ask(place, Setting::Scopes, "scopes", default)?;
            values.push((Setting::Scopes, answer));
        }
        values.sort_by_key(|(setting, _)| *setting);
        Ok(NewProfile {
            name,
            values,
            targets: self.target.clone(),
            authorize: self.authorize.clone(),
            remark: None,
            if_exists: if self.replace {
                IfExists::Replace
            } else {
                IfExists::Refuse
            },
        })
    }

    fn values(&self) -> Vec<(Setting, String)> {
        let (client, sign_in) = (&self.client, &self.sign_in);
        // With `--entra` it is a part of the address, which is settled later.
        let cloud = self
            .entra
            .cloud
            .as_ref()
            .filter(|_| self.entra.entra.is_none());
        let interactive = sign_in.interactive.then(|| "true".to_owned());
        let given = [
            (Setting::Issuer, self.issuer.clone()),
            (Setting::Provider, self.provider.clone()),
            (Setting::Tenant, self.tenant.clone()),
            (Setting::Tenants, self.entra.tenants.clone()),
            (Setting::Cloud, cloud.cloned()),
            (Setting::ClientId, self.client_id.clone()),
            (Setting::ClientSecret, client.secret_reference()),
            (Setting::ClientAuthentication, client.authentication.clone()),
            (Setting::Scopes, self.scope.clone()),
            (Setting::Audience, self.audience.clone()),
            (Setting::Resource, self.resource.clone()),
            (Setting::Flow, sign_in.flow.clone()),
            (Setting::ResponseMode, sign_in.response_mode.clone()),
            (Setting::RedirectHost, sign_in.redirect_host.clone()),
            (Setting::RedirectPort, sign_in.redirect_port.clone()),
            (Setting::RedirectPath, sign_in.redirect_path.clone()),
            (Setting::Browser, sign_in.browser.clone()),
            (Setting::Interactive, interactive),
            (Setting::Store, self.store.clone()),
            (Setting::CaFile, self.ca_file.as_deref().map(absolute)),
            (Setting::Timeout, sign_in.timeout.clone()),
        ];
        let said = given.into_iter();
        said.filter_map(|(setting, text)| Some((setting, text?)))
            .collect()
    }

    /// What no profile can be without.
    fn missing(&self) -> Vec<(Setting, &'static str)> {
        let mut missing = Vec::new();
        match (&self.issuer, &self.provider, &self.tenant) {
            _ if self.entra.entra.is_some() => {}
            (None, None, _) => missing.push((Setting::Issuer, "`--issuer`")),
            (None, Some(_), None) => missing.push((Setting::Tenant, "`--tenant`")),
            _ => {}
        }
        if self.client_id.is_none() {
            missing.push((Setting::ClientId, "`--client-id`"));
        }
        missing
    }
}

impl ClientArgs {
    fn secret_reference(&self) -> Option<String> {
        let env = self.secret_env.as_ref().map(|name| format!("env:{name}"));
        let file = || {
            self.secret_file
                .as_deref()
                .map(|path| format!("file:{}", absolute(path)))
        };
        let keyring = || {
            self.secret_keyring
                .as_ref()
                .map(|name| format!("keyring:{name}"))
        };
        env.or_else(file).or_else(keyring)
    }
}

/// Asks until the answer can be used, three times at most.
fn ask(
    place: Place<'_>,
    setting: Setting,
    question: &str,
    default: Option<&str>,
) -> Result<String, Failure> {
    for _ in 0..3 {
        let answer = place.console.ask(question, default)?;
        let is_tenant = setting == Setting::Issuer && entra::tenant_in(&answer).is_some();
        match check(setting, &answer) {
            Ok(()) => return Ok(answer),
            Err(_) if is_tenant => return Ok(answer),
            Err(reason) => place.note(&format!("Not so: {reason}.")),
        }
    }
    Err(Error::NoAnswer.into())
}

fn target(text: &str) -> Result<(TargetName, String), String> {
    let (name, scopes) = text.split_once('=').ok_or("write it as NAME=SCOPES")?;
    let name = TargetName::parse(name).map_err(|error| error.to_string())?;
    check(Setting::Scopes, scopes).map_err(|error| error.to_string())?;
    Ok((name, scopes.to_owned()))
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((printable_line(name).into_owned(), value.to_owned()))
}
