//! Which provider a profile means: by an issuer, or by a provider's name, a tenant and a cloud.
//!
//! Never lets a setting of Entra's stand where it would mean nothing.

use crate::base::{Issuer, TenantId};
use crate::provider::entra::{Authority, Cloud};
use crate::provider::{self, ENTRA};

use super::super::error::ConfigError;
use super::super::layers::{Effective, Origin};
use super::super::setting::Setting;
use super::super::value;
use super::{Decider, rank};

impl Decider<'_> {
    /// The issuer as it is written, or made of a provider and a tenant: whichever was said in
    /// the higher layer.
    pub(super) fn issuer(&mut self) -> Result<Issuer, ConfigError> {
        let written = self.layers.find(Setting::Issuer);
        let provider = self.layers.find(Setting::Provider);
        let tenant = self.layers.find(Setting::Tenant);
        let (of_issuer, of_provider) = (rank(written.as_ref()), rank(provider.as_ref()));
        let of_provider = of_provider.min(rank(tenant.as_ref()));
        if let (Some(written), true) = (&written, of_issuer == of_provider) {
            return Err(self.conflict(&written.origin, "issuer", "provider", "each names one"));
        }
        if of_issuer < of_provider {
            let issuer = self.needed(Setting::Issuer, None, value::issuer)?;
            self.recognise(&issuer);
            Ok(issuer)
        } else {
            self.entra_issuer()
        }
    }

    /// Finds out whose issuer it is: by its host, or because lower layers would make the same one,
    /// as they do when a session's own issuer is given back as a flag.
    fn recognise(&mut self, issuer: &Issuer) {
        self.provider = provider::of(issuer);
        // Only Entra's addresses have such parts, and taking an address apart takes time.
        if *self.provider == ENTRA {
            self.authority = Authority::of(issuer);
        }
        if let Some(authority) = self.authority.clone() {
            self.show_parts(&authority, &Origin::Setting(Setting::Issuer.key()));
        }
        let tenant = self.layers.find(Setting::Tenant);
        let cloud = self.layers.find(Setting::Cloud);
        let (Some(tenant), Some(cloud)) = (tenant, cloud) else {
            return;
        };
        let parts = (value::tenant(&tenant.text), value::cloud(&cloud.text));
        if let (Ok(tenant), Ok(cloud)) = parts {
            let made = Authority::new(cloud, tenant);
            if made.address() == *issuer {
                (self.provider, self.authority) = (&ENTRA, Some(made));
            }
        }
    }

    /// Notes the cloud and the tenant of an address, where nobody wrote them.
    fn show_parts(&mut self, authority: &Authority, origin: &Origin) {
        let parts = [
            (Setting::Tenant, authority.tenant.to_string()),
            (Setting::Cloud, authority.cloud.to_string()),
        ];
        for (setting, value) in parts {
            self.decided.entry(setting).or_insert_with(|| Effective {
                key: setting.key().to_owned(),
                value,
                origin: origin.clone(),
            });
        }
    }

    fn entra_issuer(&mut self) -> Result<Issuer, ConfigError> {
        let provider = self.value(Setting::Provider, value::provider)?;
        if provider.is_none() && self.layers.find(Setting::Tenant).is_none() {
            return Err(self.missing(Setting::Issuer, None));
        }
        self.needed(Setting::Provider, Some("tenant"), value::provider)?;
        let tenant = self.needed(Setting::Tenant, Some("provider"), value::tenant)?;
        let cloud = self.value(Setting::Cloud, value::cloud)?;
        let authority = Authority::new(cloud.unwrap_or_else(Cloud::public), tenant);
        self.show_parts(&authority, &Origin::Provider(ENTRA.name));
        let issuer = authority.address();
        (self.provider, self.authority) = (&ENTRA, Some(authority));
        let shown = Effective {
            key: Setting::Issuer.key().to_owned(),
            value: issuer.to_string(),
            origin: Origin::Provider(ENTRA.name),
        };
        self.decided.insert(Setting::Issuer, shown);
        Ok(issuer)
    }

    /// The list of tenants, which means something only where more than one could sign in.
    pub(super) fn tenants(&mut self) -> Result<Vec<TenantId>, ConfigError> {
        let tenants = self.value(Setting::Tenants, value::tenants)?;
        let any = self.authority.as_ref().is_some_and(|at| at.tenant.is_any());
        match (tenants, self.layers.find(Setting::Tenants)) {
            (Some(_), Some(found)) if !any => {
                let reason = "a list is for `organizations` and `common`, where any could sign in";
                Err(self.conflict(&found.origin, "tenants", "tenant", reason))
            }
            (tenants, _) => Ok(tenants.unwrap_or_default()),
        }
    }

    pub(super) fn app_keys(&mut self) -> Result<bool, ConfigError> {
        let own = self.value(Setting::AppKeys, value::switch)?;
        match self.layers.find(Setting::AppKeys) {
            Some(found) if own == Some(true) && self.authority.is_none() => {
                let reason = "only Entra has keys of an app's own";
                Err(self.conflict(&found.origin, "app_keys", "issuer", reason))
            }
            _ => Ok(own.unwrap_or(false)),
        }
    }
}
