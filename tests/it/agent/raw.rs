//! A client that says what it likes, and an agent that does.

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

/// Longer than the agent takes for anything here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection on which anything can be said.
pub(super) struct Raw(UnixStream);

impl Raw {
    pub(super) fn connect(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    /// Connects and says hello.
    pub(super) fn greeted(socket: &Path) -> Self {
        let mut raw = Self::connect(socket);
        let hello = raw.ask(r#"{"hello":[1]}"#);
        assert_eq!(hello["version"], 1, "{hello}");
        raw
    }

    /// Sends bytes as they are; a peer that has hung up does not hear them.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        drop(self.0.write_all(bytes));
    }

    /// Sends a frame.
    pub(super) fn say(&mut self, text: &str) {
        let length = u32::try_from(text.len()).unwrap();
        self.send(&[&length.to_be_bytes(), text.as_bytes()].concat());
    }

    /// Hears a frame; none when the peer hangs up.
    pub(super) fn hear(&mut self) -> Option<String> {
        let mut prefix = [0; 4];
        self.0.read_exact(&mut prefix).ok()?;
        let mut bytes = vec![0; usize::try_from(u32::from_be_bytes(prefix)).unwrap()];
        self.0.read_exact(&mut bytes).ok()?;
        Some(String::from_utf8(bytes).unwrap())
    }

    /// Says something and hears the answer.
    #[track_caller]
    pub(super) fn ask(&mut self, text: &str) -> Value {
        self.say(text);
        let answer = self.hear().expect("the agent answers");
        serde_json::from_str(&answer).unwrap()
    }
}

/// Stands where an agent would, and treats one connection as it likes.
pub(super) fn impostor(
    socket: &Path,
    treat: impl FnOnce(&mut Raw) + Send + 'static,
) -> JoinHandle<()> {
    keyfob::sys::files::private_dir(socket.parent().unwrap()).unwrap();
    let listener = UnixListener::bind(socket).unwrap();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        treat(&mut Raw(stream));
    })
}
