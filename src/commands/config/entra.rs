//! The Entra side of `keyfob config add`: which tenant is meant, which GUID it has, whose client id
//! it is.
//!
//! The only part of `keyfob config` that reaches the network, and only for the public metadata of a
//! tenant that was named by a domain. Sends nothing that identifies anybody.

use crate::app::App;
use crate::base::{ClientId, Diagnostic, Exit, Hint, Vars};
use crate::config::edit::{NewProfile, Source, add_profile};
use crate::config::{Config, Overrides, Setting};
use crate::flow::{self, metadata};
use crate::provider::entra::{Authority, AuthorityError, Cloud, CloudError, Form, Tenant};
use crate::provider::first_party::{self, Family};
use crate::session::Reach as _;

use super::registration::Format;
use super::{Failure, Place};

/// What `config add` takes for Entra.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Microsoft Entra ID")]
pub(super) struct EntraArgs {
    /// Tenant: GUID, domain or address; alone, print which app to register
    #[arg(long, value_name = "TENANT", conflicts_with_all = ["issuer", "provider"])]
    pub(super) entra: Option<String>,
    /// Name the cloud, as in `us-government`, or give its address
    #[arg(long, value_name = "CLOUD")]
    pub(super) cloud: Option<String>,
    /// Let these tenants alone sign in at `organizations` or `common`
    #[arg(long, value_name = "GUIDS")]
    pub(super) tenants: Option<String>,
    /// Choose how the registration is printed
    #[arg(
        long,
        value_name = "FORMAT",
        requires = "entra",
        conflicts_with = "client_id"
    )]
    pub(super) format: Option<Format>,
    /// Register for sign-in with a device code too
    #[arg(long, requires = "entra", conflicts_with = "client_id")]
    pub(super) device_code: bool,
    /// Use a client id of Microsoft's own tools all the same
    #[arg(long, requires = "client_id")]
    pub(super) borrowed_client_id: bool,
}

/// Why a profile for Entra cannot be added.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// No address of Entra's.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// Not a client of one's own.
    #[error("`{client_id}` is the client id of {tool}, not of an app of yours: {why}")]
    Borrowed {
        client_id: ClientId,
        tool: &'static str,
        why: &'static str,
    },
    /// No cloud.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// An address names its cloud already.
    #[error("`--cloud {given}` and the address in `--entra` name two clouds")]
    TwoClouds { given: Cloud },
    /// The cloud knows no such tenant.
    #[error("there is no tenant `{tenant}` in {cloud}")]
    NoTenant { tenant: Tenant, cloud: String },
}

impl Diagnostic for Error {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Authority(_) => Some(Hint::Try(
                "write `--entra` as the tenant's GUID, or as one of its domains".into(),
            )),
            Self::Borrowed { .. } => Some(Hint::Try(
                "register an app of your own: `keyfob config add --entra TENANT` prints how; or add \
                 `--borrowed-client-id`"
                    .into(),
            )),
            Self::Cloud(_) => None,
            Self::TwoClouds { .. } => Some(Hint::Try("leave `--cloud` out".into())),
            Self::NoTenant { .. } => Some(Hint::Try(
                "check the domain for a slip, or name the tenant's cloud with `--cloud`".into(),
            )),
        }
    }
}

impl EntraArgs {
    /// Returns the place that `--entra` and `--cloud` name.
    pub(super) fn authority(&self) -> Result<Option<Authority>, Error> {
        let Some(text) = &self.entra else {
            return Ok(None);
        };
        let found = Authority::parse(text)?;
        let Some(cloud) = &self.cloud else {
            return Ok(Some(found));
        };
        let cloud = Cloud::parse(cloud)?;
        if text.contains("://") || found.form != Form::Workforce {
            let same = found.cloud == cloud;
            return same
                .then_some(Some(found))
                .ok_or(Error::TwoClouds { given: cloud });
        }
        Ok(Some(Authority::new(cloud, found.tenant)))
    }
}

/// Makes the values of a new profile what is kept: an Entra address becomes its tenant's GUID, and
/// a metadata address the issuer that it belongs to.
pub(super) fn settle(
    new: &mut NewProfile,
    args: &EntraArgs,
    app: &App,
    place: Place<'_>,
) -> Result<(), Failure> {
    tidy_issuer(new);
    let named = match args.authority()? {
        Some(authority) => Some(authority),
        None => written(new),
    };
    let Some(authority) = named else {
        return Ok(());
    };
    refuse_borrowed(new, args, place)?;
    write(new, &authority);
    let Tenant::Domain(domain) = &authority.tenant else {
        return Ok(());
    };
    match look_up(new, app, place)? {
        Some(pinned) => {
            write(new, &pinned);
            new.remark = Some((place_of_tenant(&pinned), domain.clone()));
            place.note(&format!("The tenant `{domain}` is {}.", pinned.tenant));
        }
        None => place.note(&format!(
            "The tenant `{domain}` could not be looked up now; its GUID is kept on first contact."
        )),
    }
    Ok(())
}

/// People paste the address of the metadata; the issuer is what it begins with (OIDC Discovery §4).
fn tidy_issuer(new: &mut NewProfile) {
    for (setting, text) in &mut new.values {
        let base = text.strip_suffix("/.well-known/openid-configuration");
        if let (Setting::Issuer, Some(base)) = (*setting, base) {
            *text = base.to_owned();
        }
    }
}

/// The place that other flags name: Entra's own hosts in `--issuer`, or `--provider` and `--tenant`.
fn written(new: &NewProfile) -> Option<Authority> {
    let value = |wanted: Setting| {
        let mut values = new.values.iter();
        let found = values.find(|(setting, _)| *setting == wanted);
        found.map(|(_, text)| text.as_str())
    };
    if let Some(issuer) = value(Setting::Issuer) {
        return tenant_in(issuer);
    }
    let tenant = Tenant::parse(value(Setting::Tenant)?).ok()?;
    let cloud = value(Setting::Cloud).map_or_else(|| Ok(Cloud::public()), Cloud::parse);
    Some(Authority::new(cloud.ok()?, tenant))
}

/// Finds Entra's tenant in what should be an issuer. A loopback address may be any provider's, and a
/// domain without `https://` is more likely half an issuer.
pub(super) fn tenant_in(text: &str) -> Option<Authority> {
    let found = Authority::parse(text).ok()?;
    let is_entra = match &found.tenant {
        _ if text.contains("://") => found.cloud.named().is_some(),
        Tenant::Domain(domain) => {
            domain.ends_with(".onmicrosoft.com") || found.form != Form::Workforce
        }
        Tenant::Id(_) | Tenant::Common | Tenant::Organizations | Tenant::Consumers => true,
    };
    is_entra.then_some(found)
}

/// A borrowed id would work, and nobody could tell keyfob from the tool whose it is.
fn refuse_borrowed(new: &NewProfile, args: &EntraArgs, place: Place<'_>) -> Result<(), Error> {
    let mut values = new.values.iter();
    let Some((_, text)) = values.find(|(setting, _)| *setting == Setting::ClientId) else {
        return Ok(());
    };
    let Ok(client_id) = ClientId::parse(text) else {
        return Ok(());
    };
    let Some(party) = first_party::owner(&client_id) else {
        return Ok(());
    };
    let why = match party.family {
        Family::Shared => {
            "its refresh tokens open every app of its family, and an admin cannot tell you from it"
        }
        Family::Alone => {
            "the consent screen would name Microsoft, and an admin cannot tell you \
             from it"
        }
    };
    let tool = party.tool;
    if args.borrowed_client_id {
        place.note(&format!(
            "keyfob: warning: this is the client id of {tool}: {why}"
        ));
        return Ok(());
    }
    Err(Error::Borrowed {
        client_id,
        tool,
        why,
    })
}

/// Puts a place into the values, in the form that reads best.
fn write(new: &mut NewProfile, authority: &Authority) {
    let place = [
        Setting::Issuer,
        Setting::Provider,
        Setting::Tenant,
        Setting::Cloud,
    ];
    new.values.retain(|(setting, _)| !place.contains(setting));
    let mut put = |setting, text: String| new.values.push((setting, text));
    match &authority.form {
        Form::Workforce => {
            put(Setting::Provider, "entra".to_owned());
            put(Setting::Tenant, authority.tenant.to_string());
            if authority.cloud != Cloud::public() {
                put(Setting::Cloud, authority.cloud.to_string());
            }
        }
        Form::ExternalId { .. } | Form::B2c { .. } => {
            put(Setting::Issuer, authority.address().to_string());
        }
    }
    new.values.sort_by_key(|(setting, _)| *setting);
}

fn place_of_tenant(authority: &Authority) -> Setting {
    match authority.form {
        Form::Workforce => Setting::Tenant,
        Form::ExternalId { .. } | Form::B2c { .. } => Setting::Issuer,
    }
}

/// Asks the tenant's metadata for its GUID; `None` when the provider cannot be reached now.
fn look_up(new: &NewProfile, app: &App, place: Place<'_>) -> Result<Option<Authority>, Failure> {
    let path = place.shown();
    let empty = Source {
        text: "",
        path: &path,
    };
    let config = Config::parse(&add_profile(empty, new)?, &path, &Vars::default())?;
    let profile = config.profile(Some(&new.name), &Overrides::default())?;
    let Some(authority) = profile.entra.clone() else {
        return Ok(None);
    };
    let rule = profile.issuer_rule(None);
    let room = app.open(profile)?;
    match metadata::fetch(room.wire()?, &rule) {
        Ok(found) => Ok(found
            .issuers
            .tenant()
            .map(|tenant| authority.pinned_to(tenant))),
        Err(flow::Error::NoMetadata { status, .. }) if (400..500).contains(&status) => {
            Err(Error::NoTenant {
                tenant: authority.tenant,
                cloud: authority.cloud.named().map_or_else(
                    || authority.cloud.to_string(),
                    |cloud| cloud.title.to_owned(),
                ),
            }
            .into())
        }
        Err(error) if error.is_passing() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_should_be_an_issuer_is_a_tenant_only_where_it_cannot_be_another_s() {
        for text in [
            "contoso.onmicrosoft.com",
            "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
            "organizations",
            "shop.ciamlogin.com",
            "https://login.microsoftonline.com/contoso.com/v2.0",
            "https://shop.b2clogin.com/shop.onmicrosoft.com/b2c_1_in/v2.0",
        ] {
            assert!(tenant_in(text).is_some(), "{text}");
        }
        for text in [
            "id.example.com",
            "https://id.example.com",
            "http://127.0.0.1:8080/t/v2.0",
            "https://login.microsoftonline.com.evil.example/common/v2.0",
            "contoso",
        ] {
            assert!(tenant_in(text).is_none(), "{text}");
        }
    }
}
