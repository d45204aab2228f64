//! The outside world: the only folder, beside `store`, that touches it.
//!
//! Environment, clock, network, browser, terminal, files, locks and signals each have one file
//! here, so that everything above can be read, and tested, without a machine in mind. Nothing in
//! this folder knows a profile, a token or a message of any standard: bytes in, bytes out.
//!
//! | file | speaks to |
//! |---|---|
//! | [`askpass`] | the program that asks the user in a window |
//! | [`browser`] | the user's browser |
//! | [`child`] | the command that keyfob becomes, or runs |
//! | [`clock`] | wall clock and monotonic clock |
//! | [`console`] | stdout, stderr and the terminal |
//! | [`mod@env`] | variables and folders, captured once |
//! | [`files`] | files, atomic and private |
//! | [`harden`] | the kernel, about this process |
//! | [`http`] | providers, over TLS |
//! | [`interrupt`] | Ctrl-C and its kin |
//! | [`lock`] | the other keyfob processes |
//! | [`locked`] | the memory that is not swapped out |
//! | [`loopback`] | the browser's answer to a sign-in |
//! | [`process`] | the system, about other processes |
//! | [`program`] | other programs of the user's, when they are asked something |
//! | [`service`] | what starts the user's services |
//! | [`socket`] | other processes of the user |
//! | [`whereabouts`] | the system, about this process |

pub mod askpass;
pub mod browser;
pub mod child;
pub mod clock;
pub mod console;
pub mod env;
pub mod files;
pub mod harden;
pub mod http;
pub mod interrupt;
pub mod lock;
pub mod locked;
pub mod loopback;
pub mod process;
pub mod program;
pub mod service;
pub mod socket;
pub mod tls;
pub mod whereabouts;
