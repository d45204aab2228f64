//! Who gets in: a bounded number of connections, each with seconds to say something sensible.
//!
//! Runs on the waiting thread, without one of its own: sockets never block here, and whoever holds
//! many open, or says nothing, is put out for whoever comes next.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use zeroize::Zeroizing;

use super::request::{self, Expected, Refusal, Request};
use crate::sys::clock::{Clock, SystemClock};

/// How many connections may wait at once; browsers open two or three.
const MOST_OPEN: usize = 32;
/// How many may be waiting to be hung up on, besides.
const MOST_CLOSING: usize = 32;
/// How long a request may take to arrive.
const ARRIVE: Duration = Duration::from_secs(2);
/// How long the other side may take to read the answer and hang up.
const HANG_UP: Duration = Duration::from_secs(2);
/// How many connections are taken in one turn, so that a flood cannot keep the loop from its end.
const TURN: usize = 256;

/// The gate: open connections, oldest first.
pub(super) struct Gate<'a> {
    sockets: &'a [TcpListener],
    expected: &'a Expected,
    clock: &'a SystemClock,
    open: VecDeque<Visitor>,
    closing: VecDeque<Visitor>,
}

struct Visitor {
    stream: TcpStream,
    since: Duration,
    heard: Zeroizing<Vec<u8>>,
}

/// A request that came through, and who is to get the answer.
pub(super) struct Passed {
    pub(super) request: Request,
    visitor: Visitor,
}

/// What became of a visitor in one look.
enum Look {
    Gone,
    Passed(Request),
    Refused(Refusal),
    Waits,
}

impl<'a> Gate<'a> {
    pub(super) fn new(
        sockets: &'a [TcpListener],
        expected: &'a Expected,
        clock: &'a SystemClock,
    ) -> Self {
        Self {
            sockets,
            expected,
            clock,
            open: VecDeque::new(),
            closing: VecDeque::new(),
        }
    }

    /// Takes who is at the door, and returns the next request that came through, if one did.
    pub(super) fn next(&mut self) -> Option<Passed> {
        self.hang_up_on_the_late();
        if let Some(passed) = self.look_at_all() {
            return Some(passed);
        }
        for _ in 0..TURN {
            let visitor = self.admit()?;
            if self.open.len() >= MOST_OPEN {
                // Nobody who has said enough is put out for somebody new.
                if let Some(passed) = self.look_at_all() {
                    self.open.push_back(visitor);
                    return Some(passed);
                }
                while self.open.len() >= MOST_OPEN {
                    self.open.pop_front();
                }
            }
            self.open.push_back(visitor);
            if let Some(passed) = self.look_at(self.open.len() - 1).1 {
                return Some(passed);
            }
        }
        None
    }

    fn admit(&self) -> Option<Visitor> {
        for socket in self.sockets {
            let Ok((stream, _)) = socket.accept() else {
                continue;
            };
            // Without NODELAY a page of two segments takes 44 ms; see `tiny_http`.
            let ready = stream.set_nonblocking(true).and(stream.set_nodelay(true));
            if ready.is_ok() {
                return Some(Visitor {
                    stream,
                    since: self.clock.elapsed(),
                    heard: Zeroizing::default(),
                });
            }
        }
        None
    }

    fn look_at_all(&mut self) -> Option<Passed> {
        let mut at = 0;
        while at < self.open.len() {
            let (stays, passed) = self.look_at(at);
            if passed.is_some() {
                return passed;
            }
            at += usize::from(stays);
        }
        None
    }

    /// Looks at one; tells whether it stays where it is, and returns it when it came through.
    fn look_at(&mut self, at: usize) -> (bool, Option<Passed>) {
        let Some(visitor) = self.open.get_mut(at) else {
            return (false, None);
        };
        let look = visitor.look(self.expected);
        if matches!(look, Look::Waits) {
            return (true, None);
        }
        let Some(visitor) = self.open.remove(at) else {
            return (false, None);
        };
        match look {
            Look::Passed(request) => return (false, Some(Passed { request, visitor })),
            Look::Refused(refusal) => self.reply(visitor, &refused(refusal)),
            Look::Gone | Look::Waits => {}
        }
        (false, None)
    }

    fn hang_up_on_the_late(&mut self) {
        let now = self.clock.elapsed();
        self.open.retain(|visitor| now < visitor.since + ARRIVE);
        self.closing
            .retain_mut(|visitor| now < visitor.since + HANG_UP && !visitor.has_hung_up());
    }

    /// Answers who came through.
    pub(super) fn answer(&mut self, passed: Passed, answer: &[u8]) {
        self.reply(passed.visitor, answer);
    }

    /// Sends an answer, which fits the socket's buffer, and leaves the hanging up to the other
    /// side: to hang up first, with bytes unread, would tear the answer out of its hands.
    fn reply(&mut self, mut visitor: Visitor, answer: &[u8]) {
        visitor.heard = Zeroizing::default();
        visitor.since = self.clock.elapsed();
        let sent = visitor
            .stream
            .set_nonblocking(false)
            .and(visitor.stream.set_write_timeout(Some(HANG_UP)))
            .and_then(|()| visitor.stream.write_all(answer))
            .and_then(|()| visitor.stream.shutdown(Shutdown::Write))
            .and_then(|()| visitor.stream.set_nonblocking(true));
        if sent.is_ok() {
            if self.closing.len() >= MOST_CLOSING {
                self.closing.pop_front();
            }
            self.closing.push_back(visitor);
        }
    }

    /// Waits until the last one answered has the answer and hung up, or long enough.
    pub(super) fn see_off(&mut self) {
        let Some(mut last) = self.closing.pop_back() else {
            return;
        };
        while self.clock.elapsed() < last.since + HANG_UP && !last.has_hung_up() {
            self.clock.sleep(Duration::from_millis(2));
        }
    }
}

impl Visitor {
    fn look(&mut self, expected: &Expected) -> Look {
        let mut block = Zeroizing::new([0; 8 << 10]);
        loop {
            match self.stream.read(block.as_mut_slice()) {
                Ok(0) => return Look::Gone,
                Ok(read) => self.hear(block.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Look::Waits,
                Err(_) => return Look::Gone,
            }
            match request::read(&self.heard, expected) {
                request::Read::Complete(request) => return Look::Passed(request),
                request::Read::Refused(refusal) => return Look::Refused(refusal),
                request::Read::More => {}
            }
        }
    }

    /// Keeps what was said in a buffer that never moves, since it may hold a code.
    fn hear(&mut self, said: &[u8]) {
        if self.heard.capacity() == 0 {
            let most = request::MOST_HEADER + request::MOST_FORM + (16 << 10);
            self.heard = Zeroizing::new(Vec::with_capacity(most));
        }
        self.heard.extend_from_slice(said);
    }

    fn has_hung_up(&mut self) -> bool {
        let mut block = [0; 4 << 10];
        match self.stream.read(&mut block) {
            Ok(read) => read == 0,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }
}

fn refused(refusal: Refusal) -> Vec<u8> {
    let status = refusal.status;
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Refused");
    let body = super::relay::junk(status);
    let length = body.len();
    let body = if refusal.bodiless { "" } else { &body };
    format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
