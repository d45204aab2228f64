//! The provider on the wire: what a client sees, asked by a real HTTP client.
//!
//! Nothing here reaches into the provider; even tokens are taken apart by hand.

mod authorize;
mod device;
mod entra;
mod faults;
mod gate;
mod happy;
mod other;
mod pages;
mod pushed;
mod refresh;
mod token;
mod wire;
