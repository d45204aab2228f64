//! Entra's numbers, by family. Microsoft adds and reuses them; the texts here are ours.
//!
//! Numbers are for people: nothing in keyfob decides by them.
#![expect(
    clippy::unreadable_literal,
    reason = "a number is searched for as Microsoft writes it"
)]

mod account;
mod client;
mod consent;
mod device;
mod grant;
mod registration;
mod service;
mod sign_in;
mod tenant;

use super::Row;

/// Every family.
pub(super) const FAMILIES: &[&[Row]] = &[
    sign_in::ROWS,
    account::ROWS,
    device::ROWS,
    consent::ROWS,
    client::ROWS,
    registration::ROWS,
    grant::ROWS,
    tenant::ROWS,
    service::ROWS,
];
