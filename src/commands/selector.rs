//! The `PROFILE[/TARGET]` argument and the flags that many commands share.
//!
//! Never decides a profile: it only says what the person typed.

use clap::Args;

use crate::config::{Overrides, Selector, Setting};

/// Which profile, and which of its targets.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Which {
    /// Profile, or profile and target as in `work/orders`
    #[arg(value_name = "PROFILE[/TARGET]", value_parser = Selector::parse)]
    selector: Option<Selector>,
}

/// Flags that override a profile's settings for one run.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Override the profile")]
pub(super) struct Override {
    /// Issuer URL
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Client id registered at the issuer
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Where refresh tokens rest: keyring, sealed, agent or memory
    #[arg(long, value_name = "STORE")]
    store: Option<String>,
    /// PEM file of certificates to trust as well
    #[arg(long, value_name = "FILE")]
    ca_file: Option<String>,
}

impl Which {
    /// Returns what was typed.
    pub(super) fn selector(&self) -> Selector {
        self.selector.clone().unwrap_or_default()
    }
}

impl Override {
    /// Tells whether nothing is overridden.
    pub(super) fn is_empty(&self) -> bool {
        let Self {
            issuer,
            client_id,
            store,
            ca_file,
        } = self;
        [issuer, client_id, store, ca_file]
            .iter()
            .all(|flag| flag.is_none())
    }

    /// Returns the issuer that was typed.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Returns the client id that was typed.
    pub(super) fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// Returns the flags as the topmost layer of the configuration.
    pub(super) fn overrides(&self) -> Overrides {
        Overrides::default()
            .with(Setting::Issuer, "--issuer", self.issuer.as_deref())
            .with(Setting::ClientId, "--client-id", self.client_id.as_deref())
            .with(Setting::Store, "--store", self.store.as_deref())
            .with(
                Setting::CaFile,
                "--ca-file",
                self.ca_file.as_deref().map(absolute).as_deref(),
            )
    }
}

/// A path in the file must not depend on where keyfob is started; one on the command line may.
pub(super) fn absolute(path: &str) -> String {
    std::path::absolute(path).map_or_else(
        |_| path.to_owned(),
        |path| path.to_string_lossy().into_owned(),
    )
}
