//! Faults of the machine and of the network, and what becomes of the session.
//!
//! Each trial does something bad to a renewal by the real program, looks at what is said, puts it
//! right, and goes on as its user would. What holds whatever happens: an answer that the provider
//! honours or a clear error, in bounded time; afterwards a session as good as before; never a
//! second spend of a refresh token; never a secret in the clear. A session may be lost only where
//! the provider ended it and its answer never reached this machine's disk.
//!
//! A sample by default; `KEYFOB_EVERY_BOUNDARY=1` takes every case. The table is `faults.txt`, in
//! the build folder.

mod clock;
mod files;
mod home;
mod keyring;
mod sleep;
mod table;
mod trial;
mod trouble;
