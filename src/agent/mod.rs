//! One process that keeps sessions in memory for all others of its user.
//!
//! For machines without a keyring, for keyrings that ask at every use, and for hosts reached by
//! SSH. It hands out access and ID tokens over a private socket, and never a refresh token.
#![doc = include_str!("PROTOCOL.md")]

mod client;
mod desk;
pub mod frame;
mod lifecycle;
mod lock;
mod server;
mod wire;

#[cfg(test)]
mod tests;

pub use client::{AgentError, Client, Meaning, Said, Session};
pub use desk::{Agent, Sessions};
pub use lifecycle::{End, Lives};
pub use server::{Desk, serve};
