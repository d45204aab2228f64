//! Somebody between the program and the bus: passes everything on, until told to bend what the
//! keyring answers. The bus and the keyring behind are real.
//!
//! Knows of the D-Bus protocol only where a message begins and ends, what kind it is, and which
//! field names the signature of its body (D-Bus Specification, "Message Format").

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::world::World;

/// What is done to an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Bend {
    /// It comes later.
    Late(Duration),
    /// The connection ends in its middle.
    Cut,
    /// It is no message.
    Noise,
    /// It has no body, and says that it has none.
    Empty,
    /// Its body is zeros of the same length.
    Zeros,
    /// Its body is text, and says so.
    Text,
    /// Its header announces more than D-Bus allows.
    Huge,
    /// An error comes in its place.
    Error(&'static str),
}

/// Stands between until dropped.
pub(crate) struct Meddler {
    bend: Arc<Mutex<Option<Bend>>>,
}

impl Meddler {
    /// Stands between the bus that the world's programs know and those who are started from now on.
    pub(crate) fn before_the_bus(world: &mut World) -> Self {
        let (bus, ours) = (world.path("run/bus"), world.path("run/meddler"));
        let listener = UnixListener::bind(&ours).expect("a world can be written");
        world.set(
            "DBUS_SESSION_BUS_ADDRESS",
            format!("unix:path={}", ours.display()),
        );
        let bend = Arc::new(Mutex::new(None));
        let shared = Arc::clone(&bend);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (bus, bend) = (bus.clone(), Arc::clone(&shared));
                thread::spawn(move || stand_between(&client, &bus, &bend));
            }
        });
        Self { bend }
    }

    /// Bends every answer from now on.
    pub(crate) fn bend(&self, how: Option<Bend>) {
        *self.bend.lock().unwrap_or_else(PoisonError::into_inner) = how;
    }

    /// The same, for whoever does it later.
    pub(crate) fn bender(&self, how: Bend) -> impl FnOnce() + Send + 'static {
        let bend = Arc::clone(&self.bend);
        move || *bend.lock().unwrap_or_else(PoisonError::into_inner) = Some(how)
    }
}

fn stand_between(client: &UnixStream, bus: &PathBuf, bend: &Mutex<Option<Bend>>) {
    let Ok(server) = UnixStream::connect(bus) else {
        return;
    };
    let (mut from, mut to) = (
        client.try_clone().expect("a socket"),
        server.try_clone().expect("a socket"),
    );
    thread::spawn(move || {
        drop(io::copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Write));
    });
    // Whoever leaves early leaves.
    drop(answers(&server, client, bend));
    drop(client.shutdown(Shutdown::Both));
    drop(server.shutdown(Shutdown::Both));
}

/// Passes the bus's words on: lines of text first, messages then.
fn answers(
    mut bus: &UnixStream,
    mut client: &UnixStream,
    bend: &Mutex<Option<Bend>>,
) -> io::Result<()> {
    let mut first = [0];
    loop {
        bus.read_exact(&mut first)?;
        // No line of the authentication begins with a letter that says the byte order.
        if [b'l', b'B'].contains(&first[0]) {
            break;
        }
        let mut line = vec![first[0]];
        while line.last() != Some(&b'\n') {
            bus.read_exact(&mut first)?;
            line.push(first[0]);
        }
        client.write_all(&line)?;
    }
    loop {
        let mut message = Message::read(first[0], bus)?;
        let how = *bend.lock().unwrap_or_else(PoisonError::into_inner);
        match how.filter(|_| message.is_the_keyrings()) {
            Some(how) => message.bend(how, client)?,
            None => client.write_all(&message.bytes())?,
        }
        bus.read_exact(&mut first)?;
    }
}

/// A message in pieces.
struct Message {
    /// Byte order, kind, flags, version, length of the body, serial, length of the fields.
    head: [u8; 16],
    fields: Vec<u8>,
    body: Vec<u8>,
}

const ANSWER: u8 = 2;
const ERROR: u8 = 3;

impl Message {
    fn read(first: u8, mut from: impl Read) -> io::Result<Self> {
        let mut head = [first; 16];
        from.read_exact(&mut head[1..])?;
        let number = |at: usize| {
            let bytes = head[at..at + 4].try_into().expect("four bytes");
            u32::from_le_bytes(bytes) as usize
        };
        assert_eq!(first, b'l', "the bus writes as this machine does");
        let mut fields = vec![0; number(12).next_multiple_of(8)];
        let mut body = vec![0; number(4)];
        from.read_exact(&mut fields)?;
        from.read_exact(&mut body)?;
        Ok(Self { head, fields, body })
    }

    fn bytes(&self) -> Vec<u8> {
        [&self.head[..], &self.fields, &self.body].concat()
    }

    /// An answer, and none of the bus's own.
    fn is_the_keyrings(&self) -> bool {
        let bus = b"org.freedesktop.DBus\0";
        self.head[1] == ANSWER && !self.fields.windows(bus.len()).any(|part| part == bus)
    }

    fn bend(&mut self, how: Bend, mut to: &UnixStream) -> io::Result<()> {
        match how {
            Bend::Late(by) => thread::sleep(by),
            Bend::Cut => {
                let bytes = self.bytes();
                to.write_all(&bytes[..bytes.len() / 2])?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Bend::Noise => return to.write_all(&[0xa5; 64]),
            Bend::Huge => self.head[4..8].copy_from_slice(&u32::MAX.to_le_bytes()),
            Bend::Zeros => self.body.fill(0),
            Bend::Empty => self.replace(ANSWER, &[], "", Vec::new()),
            Bend::Text => self.replace(ANSWER, &[], "s", text("nonsense")),
            Bend::Error(name) => self.replace(ERROR, &[(4, name)], "s", text("said so")),
        }
        to.write_all(&self.bytes())
    }

    /// Makes it another message that answers the same call.
    fn replace(&mut self, kind: u8, more: &[(u8, &str)], signature: &str, body: Vec<u8>) {
        let mut fields = Vec::new();
        let begin = |fields: &mut Vec<u8>, code: u8, kind: &str| {
            fields.resize(fields.len().next_multiple_of(8), 0);
            fields.push(code);
            fields.push(1);
            fields.extend(kind.as_bytes());
            fields.push(0);
        };
        begin(&mut fields, 5, "u");
        fields.extend(self.answers_to().to_le_bytes());
        for (code, value) in more {
            begin(&mut fields, *code, "s");
            fields.extend(text(value));
        }
        if !signature.is_empty() {
            begin(&mut fields, 8, "g");
            fields.push(u8::try_from(signature.len()).expect("a short signature"));
            fields.extend(signature.as_bytes());
            fields.push(0);
        }
        let length = u32::try_from(fields.len()).expect("few fields");
        self.head[1] = kind;
        self.head[4..8].copy_from_slice(&u32::try_from(body.len()).expect("short").to_le_bytes());
        self.head[12..16].copy_from_slice(&length.to_le_bytes());
        fields.resize(fields.len().next_multiple_of(8), 0);
        self.fields = fields;
        self.body = body;
    }

    /// The serial of the call that it answers: the field with code 5, an unsigned number.
    fn answers_to(&self) -> u32 {
        let mark = [5, 1, b'u', 0];
        let found = self
            .fields
            .chunks(8)
            .find(|part| part.starts_with(&mark))
            .expect("an answer says what it answers");
        u32::from_le_bytes(found[4..8].try_into().expect("four bytes"))
    }
}

/// A text as D-Bus writes it: its length, itself, a zero.
fn text(text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).expect("a short text");
    [&length.to_le_bytes()[..], text.as_bytes(), &[0]].concat()
}
