//! A directory that knows one name, whose password is a fresh token: as much of LDAP as a simple bind
//! needs (RFC 4511 §4.2).

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::guard::Guard;

/// Open until dropped.
pub(crate) struct Ldap {
    port: u16,
    stopped: Arc<AtomicBool>,
    bound: Arc<AtomicUsize>,
}

impl Ldap {
    /// Lets `name` in with a token of this guard's provider about this subject.
    pub(crate) fn start(guard: Guard, name: &str, subject: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let stopped = Arc::new(AtomicBool::new(false));
        let bound = Arc::new(AtomicUsize::new(0));
        let (is_stopped, count) = (Arc::clone(&stopped), Arc::clone(&bound));
        let (name, subject) = (name.to_owned(), subject.to_owned());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if is_stopped.load(Ordering::SeqCst) {
                    return;
                }
                // Who leaves early leaves.
                let let_in = serve(stream, |who, password| {
                    let claims = guard.claims(password);
                    who == name && claims.is_some_and(|claims| claims["sub"] == subject.as_str())
                });
                count.fetch_add(usize::from(let_in == Some(true)), Ordering::SeqCst);
            }
        });
        Self {
            port,
            stopped,
            bound,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How often somebody was let in.
    pub(crate) fn bound(&self) -> usize {
        self.bound.load(Ordering::SeqCst)
    }
}

impl Drop for Ldap {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

/// Reads one bind request, and answers it: success, or 49, invalid credentials.
fn serve(mut stream: TcpStream, is_right: impl FnOnce(&str, &str) -> bool) -> Option<bool> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).ok()?;
    let mut bytes = vec![0; length(head[1], &mut stream)?];
    stream.read_exact(&mut bytes).ok()?;
    let mut message = bytes.as_slice();
    let number = value(&mut message, 0x02)?;
    let mut bind = value(&mut message, 0x60)?;
    let _version = value(&mut bind, 0x02)?;
    let name = std::str::from_utf8(value(&mut bind, 0x04)?).ok()?;
    let password = std::str::from_utf8(value(&mut bind, 0x80)?).ok()?;
    let let_in = is_right(name, password);
    let code = if let_in { 0 } else { 49 };
    let number_length = u8::try_from(number.len()).ok()?;
    let mut answer = vec![0x30, 11 + number_length, 0x02, number_length];
    answer.extend(number);
    answer.extend([0x61, 7, 0x0a, 1, code, 0x04, 0, 0x04, 0]);
    stream.write_all(&answer).ok()?;
    // It says goodbye, which needs no answer.
    drop(stream.read(&mut [0; 64]));
    Some(let_in)
}

/// Takes one value of this kind off the front (BER, with definite lengths, as RFC 4511 §5.1 asks).
fn value<'a>(from: &mut &'a [u8], kind: u8) -> Option<&'a [u8]> {
    let (&found, rest) = from.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let length = length(first, &mut rest)?;
    if found != kind || rest.len() < length {
        return None;
    }
    let (value, rest) = rest.split_at(length);
    *from = rest;
    Some(value)
}

/// A length of one byte, or of as many as the first one says.
fn length(first: u8, from: &mut impl std::io::Read) -> Option<usize> {
    if first < 0x80 {
        return Some(usize::from(first));
    }
    let mut bytes = vec![0; usize::from(first & 0x7f)];
    from.read_exact(&mut bytes).ok()?;
    let length = bytes.iter().try_fold(0_usize, |sum, byte| {
        sum.checked_mul(256)?.checked_add(usize::from(*byte))
    })?;
    (length < 1 << 20).then_some(length)
}
