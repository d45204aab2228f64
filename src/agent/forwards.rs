//! The restricted sockets that are open: each has a listener, a thread and an end of its own.
//!
//! Nothing is given before it is written in the audit trail. When the time is over, when one is
//! closed, and when the agent ends, its socket goes away with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};
use std::time::Duration;
use std::{fmt, io};

use ring::rand::{SecureRandom as _, SystemRandom};

use super::desk::Agent;
use super::frame::{Fault, ForwardAsk, Forwarded, OpenForward, Reason};
use super::restricted::Restricted;
use super::server::{Desk, serve};
use super::terms::Terms;
use crate::audit::{Event, Moment};
use crate::base::{Diagnostic, Exit, Hint, Relayed, hex, printable_line};
use crate::sys::files;
use crate::sys::socket::{Listener, Peer, SocketError, Waker};

/// So many may be open at once.
const MOST: usize = 32;

/// So many targets each may have.
const MOST_TARGETS: usize = 32;

/// A machine that wakes up closes what has ended meanwhile within this time. Nothing is given
/// before that either: each request looks at the time.
const LOOK: Duration = Duration::from_secs(10);

/// What stands between the agent's socket and a restricted one's name.
const INFIX: &str = ".forward-";

/// Why no socket is opened, or none closed.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoForward {
    #[error("the system has no random numbers")]
    NoRandom,
    #[error("{0}")]
    Pointless(&'static str),
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error("the machine would not: {0}")]
    Machine(#[source] io::Error),
    #[error("{MOST} forwards are open, and there are no more than that")]
    TooMany,
    #[error("no forward `{}` is open", printable_line(.0))]
    Unknown(String),
}

impl Diagnostic for NoForward {
    fn exit(&self) -> Exit {
        match self {
            Self::Machine(_) | Self::NoRandom => Exit::Fault,
            Self::Pointless(_) | Self::TooMany | Self::Unknown(_) => Exit::Usage,
            Self::Socket(error) => error.exit(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::TooMany | Self::Unknown(_) => Some(Hint::Run("keyfob agent status".into())),
            Self::Socket(error) => error.hint(),
            Self::Machine(_) | Self::NoRandom | Self::Pointless(_) => None,
        }
    }
}

impl From<NoForward> for Fault {
    fn from(error: NoForward) -> Self {
        Self::of(Reason::Failed, &Relayed::of(&error))
    }
}

/// Why a restricted socket is no more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    Agent,
    Closed,
    Time,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "the agent has ended",
            Self::Closed => "it was closed",
            Self::Time => "its time is over",
        })
    }
}

/// One restricted socket.
pub(super) struct Forward {
    pub(super) terms: Terms,
    path: PathBuf,
    waker: Waker,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    end: Option<End>,
    given: u64,
    refused: u64,
}

impl Forward {
    fn state(&self) -> MutexGuard<'_, State> {
        // No code can panic while it holds the lock half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what is left of it; nothing when it has ended.
    pub(super) fn left(&self, now: Duration) -> Option<Duration> {
        let open = self.state().end.is_none();
        self.terms.left(now).filter(|_| open)
    }

    /// Counts an answer.
    pub(super) fn count(&self, given: bool) {
        let mut state = self.state();
        if given {
            state.given += 1;
        } else {
            state.refused += 1;
        }
    }

    fn end(&self, why: End) {
        self.state().end.get_or_insert(why);
        self.waker.wake();
    }
}

/// All of them.
pub(super) struct Forwards {
    /// The agent's own socket: theirs stand beside it, named after it.
    socket: PathBuf,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    forwards: BTreeMap<String, Arc<Forward>>,
    /// Where new ones get their thread; none before the agent serves, and after.
    hall: Option<Sender<Opened>>,
}

type Opened = (Arc<Forward>, Listener);

impl Forwards {
    pub(super) fn beside(socket: &Path) -> Self {
        Self {
            socket: socket.to_owned(),
            open: Mutex::default(),
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // No code can panic while it holds the lock half way through a change.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to take sockets in; removes those that a killed agent left behind. Whoever listens
    /// at the agent's own socket is the only one who has such names.
    fn begin(&self) -> Receiver<Opened> {
        let name = self.socket.file_name().unwrap_or_default();
        let ours = format!("{}{INFIX}", name.to_string_lossy());
        if let Some(folder) = self.socket.parent() {
            let left = files::names_in(folder).into_iter();
            for name in left.filter(|name| name.starts_with(&ours)) {
                drop(files::remove(&folder.join(name)));
            }
        }
        let (hall, opened) = channel();
        self.open().hall = Some(hall);
        opened
    }

    /// Ends all of them, and takes no more in.
    fn end(&self) {
        let mut open = self.open();
        open.hall = None;
        open.forwards.values().for_each(|it| it.end(End::Agent));
    }

    /// Returns those that are open.
    pub(super) fn list(&self, now: Duration) -> Vec<OpenForward> {
        let open = self.open();
        let listed = open.forwards.values().filter_map(|forward| {
            let left = forward.left(now)?;
            let state = forward.state();
            Some(OpenForward {
                id: forward.terms.id.clone(),
                host: forward.terms.host.clone(),
                targets: forward.terms.targets.clone(),
                confirm: forward.terms.confirm,
                left: left.as_secs(),
                given: state.given,
                refused: state.refused,
            })
        });
        listed.collect()
    }

    /// Closes one.
    pub(super) fn close(&self, id: &str) -> Result<(), NoForward> {
        let forward = self.open().forwards.get(id).cloned();
        let forward = forward.ok_or_else(|| NoForward::Unknown(id.to_owned()))?;
        forward.end(End::Closed);
        Ok(())
    }

    fn make(
        &self,
        (ask, life): (ForwardAsk, Duration),
        agent: &Agent<'_>,
    ) -> Result<Opened, NoForward> {
        let mut targets = ask.targets;
        targets.sort();
        targets.dedup();
        match targets.len() {
            0 => {
                return Err(NoForward::Pointless(
                    "a forward without a target gives nothing",
                ));
            }
            1..=MOST_TARGETS => {}
            _ => return Err(NoForward::Pointless("a forward has 32 targets at most")),
        }
        if life.is_zero() {
            return Err(NoForward::Pointless(
                "a forward for no time at all gives nothing",
            ));
        }
        if self.open().forwards.len() >= MOST {
            return Err(NoForward::TooMany);
        }
        let mut id = [0; 8];
        let filled = SystemRandom::new().fill(&mut id);
        filled.map_err(|_| NoForward::NoRandom)?;
        let id = hex(&id);
        let mut path = self.socket.as_os_str().to_owned();
        path.push(INFIX);
        path.push(&id);
        let path = PathBuf::from(path);
        let listener = Listener::bind(&path)?;
        let forward = Forward {
            terms: Terms {
                id,
                host: ask.host,
                targets,
                confirm: ask.confirm,
                until: agent.clock.elapsed().saturating_add(life),
                from: agent.around.machine.clone(),
            },
            path,
            waker: listener.waker().map_err(NoForward::Machine)?,
            state: Mutex::default(),
        };
        Ok((Arc::new(forward), listener))
    }

    /// Opens one, for at most `most`.
    pub(super) fn add(
        &self,
        ask: ForwardAsk,
        most: Duration,
        agent: &Agent<'_>,
    ) -> Result<Forwarded, Fault> {
        let life = most.min(Duration::from_secs(ask.seconds));
        let (forward, listener) = self.make((ask, life), agent)?;
        let until = agent.clock.now().plus(life);
        let terms = &forward.terms;
        agent.around.write(
            &Event::ForwardOpened {
                forward: &terms.id,
                host: terms.host.as_str(),
                targets: terms.targets.iter().map(ToString::to_string).collect(),
                until: Moment(until),
                confirm: terms.confirm,
            },
            agent.clock,
        )?;
        let forwarded = Forwarded {
            id: terms.id.clone(),
            socket: forward.path.to_string_lossy().into_owned(),
            until,
        };
        let mut open = self.open();
        let hall = open.hall.clone();
        open.forwards
            .insert(forwarded.id.clone(), Arc::clone(&forward));
        let taken = hall.is_some_and(|hall| hall.send((forward, listener)).is_ok());
        if !taken {
            open.forwards.remove(&forwarded.id);
            return Err(NoForward::Pointless("the agent is about to end").into());
        }
        Ok(forwarded)
    }

    fn forget(&self, id: &str) {
        self.open().forwards.remove(id);
    }
}

/// Lets an agent serve at its own socket and at every restricted one, until `more` ends it; see
/// [`serve`].
///
/// # Errors
///
/// What [`serve`] returns.
pub fn serve_all(
    agent: &Agent<'_>,
    listener: &Listener,
    more: &mut dyn FnMut() -> Option<Duration>,
    refused: &(dyn Fn(Peer) + Sync),
) -> io::Result<()> {
    let opened = agent.forwards.begin();
    thread::scope(|scope| {
        let hall = thread::Builder::new().spawn_scoped(scope, move || {
            for opened in opened {
                admit(scope, agent, opened, refused);
            }
        });
        let served = hall.and_then(|_| serve(listener, agent, more, refused));
        agent.forwards.end();
        served
    })
}

fn admit<'s>(
    scope: &'s Scope<'s, '_>,
    agent: &'s Agent<'s>,
    (forward, listener): Opened,
    refused: &'s (dyn Fn(Peer) + Sync),
) {
    let id = forward.terms.id.clone();
    let attended = thread::Builder::new().spawn_scoped(scope, move || {
        attend(agent, &forward, listener, refused);
    });
    if attended.is_err() {
        // The listener went with the thread that could not be.
        agent.forwards.forget(&id);
    }
}

fn attend(agent: &Agent<'_>, forward: &Forward, listener: Listener, refused: &dyn Fn(Peer)) {
    let desk = Restricted { agent, forward };
    let mut more = || {
        let left = forward.left(agent.clock.elapsed())?;
        Some(left.min(LOOK))
    };
    let desk: &dyn Desk = &desk;
    // One that cannot be listened to is as good as ended.
    drop(serve(&listener, desk, &mut more, refused));
    forward.end(End::Time);
    drop(listener);
    let mut lock = forward.path.as_os_str().to_owned();
    lock.push(".lock");
    drop(files::remove(Path::new(&lock)));
    agent.forwards.forget(&forward.terms.id);
    let why = forward.state().end.unwrap_or(End::Time).to_string();
    let event = Event::ForwardEnded {
        forward: &forward.terms.id,
        why: &why,
    };
    // It has ended whether this can be told or not.
    drop(agent.around.write(&event, agent.clock));
}
