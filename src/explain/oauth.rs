//! The words of the standards, and those of Entra.
//!
//! Data only: what follows from an error is decided elsewhere.

mod core;
mod entra;
mod more;
mod suberror;

use super::Row;

/// Every family.
pub(super) const FAMILIES: &[&[Row]] = &[core::ROWS, more::ROWS, entra::ROWS, suberror::ROWS];
