//! One process that keeps sessions in memory for all others of its user.
//!
//! For machines without a keyring, for keyrings that ask at every use, and for hosts reached by
//! SSH. It hands out access and ID tokens over a private socket, and never a refresh token.
#![doc = include_str!("PROTOCOL.md")]

mod around;
mod client;
mod desk;
mod forwards;
pub mod frame;
mod lifecycle;
mod lock;
mod not_now;
mod question;
mod restricted;
mod server;
mod session;
mod terms;
mod wire;

#[cfg(test)]
mod tests;

pub use around::{Around, Asking};
pub use client::{AgentError, Client, Said};
pub use desk::{Agent, Sessions};
pub use forwards::serve_all;
pub use lifecycle::{End, Lives};
pub use question::{NotAgreed, PATIENCE, Person};
pub use server::{Desk, serve};
pub use session::{Meaning, Session};
