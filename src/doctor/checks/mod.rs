//! The checks, one file each.

pub(super) mod agent;
pub(super) mod browser;
pub(super) mod client;
pub(super) mod clock;
pub(super) mod discovery;
pub(super) mod files;
pub(super) mod leftovers;
pub(super) mod names;
pub(super) mod proxy;
pub(super) mod redirect;
pub(super) mod scopes;
pub(super) mod secret;
pub(super) mod session;
pub(super) mod store;
pub(super) mod terminal;
pub(super) mod tls;
