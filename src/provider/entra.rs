//! x
pub mod groups;
pub mod scopes;
