//! The socket on Unix (unix(7)).

use std::fs::{self, Permissions};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, FdFlags, fcntl_setfd};
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, connect, socket};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{SigId, low_level};

use super::super::clock::{Clock as _, SystemClock};
use super::super::files::{self, FileError};
use super::super::lock::{Acquired, Lock, LockError};
use super::{Peer, SocketError, peer};

/// Whoever is asked whether it lives answers from its queue, which costs it nothing.
const LIVENESS: Duration = Duration::from_secs(2);

/// Tells whether there is a socket, without connecting to it: one look at a name.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
}

/// Listens at a path until it is dropped.
#[derive(Debug)]
pub struct Listener {
    inner: UnixListener,
    path: PathBuf,
    /// The file behind the name, to remove no other.
    file: (u64, u64),
    woken: UnixStream,
    waker: UnixStream,
    signals: Vec<SigId>,
    _lock: Lock,
}

/// What a wait at a listener came to.
#[derive(Debug)]
pub enum Event {
    /// The user, or root, has connected.
    Connected(Connection),
    /// Somebody else has, and was hung up on.
    Refused(Peer),
    /// The wait is over, or somebody called, or a signal came.
    Woken,
}

/// Ends a listener's wait, from any thread.
#[derive(Debug)]
pub struct Waker(UnixStream);

impl Waker {
    /// Ends the wait, or the next one.
    pub fn wake(&self) {
        // A full pipe wakes as well.
        drop((&self.0).write(&[0]));
    }
}

impl Listener {
    /// Listens at `path`, in a folder of the user's own, which is made if it is missing. A socket
    /// that a killed process left behind is replaced; one that answers is not.
    ///
    /// # Errors
    ///
    /// [`SocketError::InUse`] when somebody listens there; otherwise why the path cannot be used.
    pub fn bind(path: &Path) -> Result<Self, SocketError> {
        let broken = |doing| move |error| SocketError::new(doing, path, error);
        if let Some(folder) = path.parent() {
            files::private_dir(folder)?;
        }
        let lock = own(path)?;
        make_way(path)?;
        // Born under another name, so that it is 0600 as soon as it has its own, whatever the
        // umask: a mode is only taken away here, never given.
        let unnamed = beside(path, "new");
        files::remove(&unnamed)?;
        let inner = match UnixListener::bind(&unnamed) {
            Ok(inner) => inner,
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                let path = path.to_owned();
                return Err(SocketError::TooLong { path });
            }
            Err(error) => return Err(FileError::new("create", path, error).into()),
        };
        fs::set_permissions(&unnamed, Permissions::from_mode(0o600))
            .and_then(|()| fs::rename(&unnamed, path))
            .map_err(broken("name"))?;
        let named = fs::symlink_metadata(path).map_err(broken("look at"))?;
        // A peer that goes away between `poll` and `accept` must not hold the caller.
        inner.set_nonblocking(true).map_err(broken("use"))?;
        let (waker, woken) = UnixStream::pair().map_err(broken("use"))?;
        for end in [&waker, &woken] {
            end.set_nonblocking(true).map_err(broken("use"))?;
        }
        Ok(Self {
            inner,
            path: path.to_owned(),
            file: (named.dev(), named.ino()),
            woken,
            waker,
            signals: Vec::new(),
            _lock: lock,
        })
    }

    /// Lets signals that ask the program to end, end a wait as well. What else they do is decided
    /// by [`Interrupts`](super::super::interrupt::Interrupts), which must be watched meanwhile.
    ///
    /// # Errors
    ///
    /// What the system said.
    pub fn wake_on_signals(&mut self) -> io::Result<()> {
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            let end = self.waker.try_clone()?;
            self.signals.push(low_level::pipe::register(signal, end)?);
        }
        Ok(())
    }

    /// Returns what ends a wait.
    ///
    /// # Errors
    ///
    /// What the system said.
    pub fn waker(&self) -> io::Result<Waker> {
        self.waker.try_clone().map(Waker)
    }

    /// Waits for a connection, at most for `wait`; for a call alone when there is `room` for none.
    ///
    /// # Errors
    ///
    /// What the system said.
    pub fn wait(&self, wait: Duration, room: bool) -> io::Result<Event> {
        let wait = Timespec {
            tv_sec: i64::try_from(wait.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: wait.subsec_nanos().into(),
        };
        let mut both = [
            PollFd::new(&self.woken, PollFlags::IN),
            PollFd::new(&self.inner, PollFlags::IN),
        ];
        let watched = if room { &mut both[..] } else { &mut both[..1] };
        match poll(watched, Some(&wait)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        while matches!((&self.woken).read(&mut [0; 64]), Ok(1..)) {}
        if !room {
            return Ok(Event::Woken);
        }
        match self.inner.accept() {
            Ok((stream, _)) => taken(stream),
            Err(error) if passes(&error) => Ok(Event::Woken),
            Err(error) => Err(error),
        }
    }
}

/// Takes a connection, or hangs up on a stranger.
fn taken(stream: UnixStream) -> io::Result<Event> {
    stream.set_nonblocking(false)?;
    let peer = peer::of(&stream)?;
    Ok(if is_trusted(peer) {
        Event::Connected(Connection { stream, peer })
    } else {
        Event::Refused(peer)
    })
}

/// The peer went away again, or another thread was faster.
fn passes(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted
    )
}

impl Drop for Listener {
    fn drop(&mut self) {
        for signal in self.signals.drain(..) {
            low_level::unregister(signal);
        }
        let named = fs::symlink_metadata(&self.path);
        if named.is_ok_and(|named| (named.dev(), named.ino()) == self.file) {
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Becomes the only one who may use the name.
fn own(path: &Path) -> Result<Lock, SocketError> {
    let lock = beside(path, "lock");
    match Lock::acquire(&lock, Duration::ZERO, &SystemClock::new(), &mut || false) {
        Ok(Acquired::Locked(lock)) => Ok(lock),
        Ok(Acquired::GivenUp) => Err(in_use(path, None)),
        Err(LockError::Held { pid, .. }) => Err(in_use(path, pid)),
        Err(error) => Err(error.into()),
    }
}

/// Makes sure that nothing at the path is lost by replacing it.
fn make_way(path: &Path) -> Result<(), SocketError> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(FileError::new("open", path, error).into()),
    };
    if !found.file_type().is_socket() {
        return Err(files::not_plain(path, &found, "socket").into());
    }
    // Others, such as `ssh -R`, listen without our lock.
    match Connection::connect(path, LIVENESS) {
        Err(SocketError::Nobody { .. }) => Ok(()),
        Ok(connection) => Err(in_use(path, connection.peer.pid)),
        Err(SocketError::TimedOut { .. }) => Err(in_use(path, None)),
        Err(error) => Err(error),
    }
}

fn in_use(path: &Path, pid: Option<u32>) -> SocketError {
    SocketError::InUse {
        path: path.to_owned(),
        pid,
    }
}

/// A name beside the socket's.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Root can read everything of this user anyway.
fn is_trusted(peer: Peer) -> bool {
    peer.uid == rustix::process::geteuid().as_raw() || peer.uid == 0
}

/// A connection to a peer that this process trusts: the same user, or root.
#[derive(Debug)]
pub struct Connection {
    stream: UnixStream,
    peer: Peer,
}

impl Connection {
    /// Connects to a listener, waiting at most `patience` for a place in its queue.
    ///
    /// # Errors
    ///
    /// [`SocketError::Nobody`] when nobody listens; [`SocketError::Foreign`] when a stranger does.
    pub fn connect(path: &Path, patience: Duration) -> Result<Self, SocketError> {
        let owned = || path.to_owned();
        let address =
            SocketAddrUnix::new(path).map_err(|_| SocketError::TooLong { path: owned() })?;
        let made = || -> io::Result<UnixStream> {
            let socket = socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
            // macOS cannot do it in the same call.
            fcntl_setfd(&socket, FdFlags::CLOEXEC)?;
            // What limits sending also limits the wait for a place in the queue (unix(7)).
            set_socket_timeout(&socket, Timeout::Send, Some(patience))?;
            connect(&socket, &address)?;
            Ok(socket.into())
        };
        let stream =
            made().map_err(
                |error| match error.raw_os_error().map(Errno::from_raw_os_error) {
                    Some(Errno::NOENT | Errno::CONNREFUSED | Errno::NOTSOCK | Errno::PROTOTYPE) => {
                        SocketError::Nobody { path: owned() }
                    }
                    Some(Errno::AGAIN | Errno::TIMEDOUT) => SocketError::TimedOut {
                        path: owned(),
                        after: patience,
                    },
                    Some(Errno::ACCESS | Errno::PERM) => FileError::new("open", path, error).into(),
                    Some(_) | None => SocketError::new("connect to", path, error),
                },
            )?;
        let peer = peer::of(&stream).map_err(|error| SocketError::new("ask", path, error))?;
        if !is_trusted(peer) {
            let (path, uid) = (owned(), peer.uid);
            return Err(SocketError::Foreign { path, uid });
        }
        Ok(Self { stream, peer })
    }

    /// Returns who is at the other end.
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// Returns what ends this connection from another thread.
    ///
    /// # Errors
    ///
    /// What the system said.
    pub fn hook(&self) -> io::Result<Hook> {
        self.stream.try_clone().map(Hook)
    }

    /// Fills `bytes`, all of them within a time; tells whether there were any, or the peer has
    /// ended the connection.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::TimedOut`], [`io::ErrorKind::UnexpectedEof`] when it ends in the middle,
    /// or what the system said.
    pub fn receive(&self, bytes: &mut [u8], within: Duration) -> io::Result<bool> {
        let clock = SystemClock::new();
        let mut filled = 0;
        while filled < bytes.len() {
            self.stream.set_read_timeout(Some(left(&clock, within)?))?;
            match (&self.stream).read(&mut bytes[filled..]) {
                Ok(0) if filled == 0 => return Ok(false),
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => filled += read,
                Err(error) if passes(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Sends all of `bytes` within a time.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::TimedOut`], or what the system said.
    pub fn send(&self, bytes: &[u8], within: Duration) -> io::Result<()> {
        let clock = SystemClock::new();
        let mut sent = 0;
        while sent < bytes.len() {
            self.stream.set_write_timeout(Some(left(&clock, within)?))?;
            match (&self.stream).write(&bytes[sent..]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => sent += written,
                Err(error) if passes(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What is left of a time; the system takes no time at all for "for ever".
fn left(clock: &SystemClock, within: Duration) -> io::Result<Duration> {
    match within.checked_sub(clock.elapsed()) {
        Some(left) if !left.is_zero() => Ok(left),
        Some(_) | None => Err(io::ErrorKind::TimedOut.into()),
    }
}

/// Ends a connection that another thread waits at.
#[derive(Debug)]
pub struct Hook(UnixStream);

impl Hook {
    /// Ends it.
    pub fn end(&self) {
        // It may have ended by itself.
        drop(self.0.shutdown(Shutdown::Both));
    }
}
