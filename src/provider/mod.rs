//! x
pub mod entra;
