//! What the tests of the whole program share: a user of one's own, a provider, a person.
//!
//! Nothing here is inherited from the machine but `PATH`, and nothing waits without a deadline.

mod child;
pub(crate) mod entra;
mod front;
mod person;
mod provider;
mod secrets;
mod sts;
mod world;

pub(crate) use child::{Output, Running};
pub(crate) use front::Front;
pub(crate) use person::{Answer, approve, approve_as, approve_device, get, leads};
pub(crate) use provider::{entra, faulty, introspect, provider, provider_with, settings};
pub(crate) use secrets::assert_private;
pub(crate) use sts::Sts;
pub(crate) use world::{PASSPHRASE, World, entra_profile, entra_world, let_pass};
