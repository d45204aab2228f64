//! Whom the practice provider plays: itself, or a real provider with all its habits.
//!
//! A scenario answers every request in the place of the provider's own endpoints, from what is
//! written about that provider; it shares no code with the client that talks to it.

pub(super) mod entra;

pub use entra::{Account, Entra, Script, ScriptError, ScriptInfo};
