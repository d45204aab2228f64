//! Who is at the other end of a socket: what the kernel says, never what the peer says.

use std::io;
use std::os::unix::net::UnixStream;

use super::Peer;

/// Asks the kernel (unix(7), `SO_PEERCRED`).
#[cfg(target_os = "linux")]
pub(super) fn of(stream: &UnixStream) -> io::Result<Peer> {
    let found = rustix::net::sockopt::socket_peercred(stream)?;
    let pid = rustix::process::Pid::as_raw(Some(found.pid));
    Ok(Peer {
        uid: found.uid.as_raw(),
        // Zero when the peer lives in a container that this process cannot look into.
        pid: u32::try_from(pid).ok().filter(|pid| *pid != 0),
    })
}

/// Asks the kernel (unix(4), `LOCAL_PEERCRED` and `LOCAL_PEERPID`).
#[cfg(target_os = "macos")]
pub(super) fn of(stream: &UnixStream) -> io::Result<Peer> {
    use nix::sys::socket::{getsockopt, sockopt};

    let found = getsockopt(stream, sockopt::LocalPeerCred)?;
    let pid = getsockopt(stream, sockopt::LocalPeerPid).ok();
    Ok(Peer {
        uid: found.uid(),
        pid: pid.and_then(|pid| u32::try_from(pid).ok()),
    })
}

/// Nobody to ask: then nobody is trusted.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(super) fn of(_: &UnixStream) -> io::Result<Peer> {
    Err(io::ErrorKind::Unsupported.into())
}
