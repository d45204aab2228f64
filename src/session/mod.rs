//! From a profile to a token that still works.
//!
//! A sign-in leaves a session behind: a refresh token in the store, short-lived tokens in the
//! cache, and an entry that says whose it is. Every change happens under the session's lock, in an
//! order that loses nothing: the new refresh token is safe before the new access token is shown.

pub mod attempt;
pub mod prompt;

mod ask;
mod client;
mod error;
mod groups;
mod keep;
mod key;
mod local;
mod parcel;
mod pin;
mod plan;
mod record;
mod refused;
mod renewal;
mod role;
mod seat;
mod setback;
mod sign_in;
mod sign_out;
mod source;
mod spill;
mod tenants;

pub use ask::{Ask, Kind, Ticket};
pub use attempt::By;
pub use client::{
    as_provider_wants, client, is_shared, presented, secret_name, wanted, wanted_at_sign_in,
};
pub use error::Error;
pub use groups::ListedGroups;
pub use keep::{Keep, entries, entries_in, unreadable};
pub use key::SessionKey;
pub use local::{Local, Reach};
pub use parcel::{Damaged, Parcel};
pub use pin::Pin;
pub use record::{Ended, Entry, Held, Record, Shown};
pub use role::{RoleTicket, Roles};
pub use seat::{accounts, find, sit};
pub use sign_in::{ready, save};
pub use sign_out::{Ending, Farewell, Fate};
pub use source::TokenSource;
