//! A watch over the whole machine while the tests run: no token stands in a command line or in an
//! environment, where other programs can read it.
//!
//! One thread, from the first [`World`](super::world::World) to the end of the run. Every
//! millisecond it looks at the processes that are new since the last look, and at those that are
//! young, which is when a process becomes another program; twenty times a second it looks at all.
//! The test in whose world something was seen fails when it ends; where that cannot be told, the next
//! one that ends does. What may stand in an environment is what a test has asked `keyfob exec` to put there: see [`allow_environment`].
//!
//! A token is a signed JWT, or a text that a test has named ([`secret`]). A process that lives for
//! less than a look is missed; how many were is in `watch.txt`, in the build folder.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::setpriority_process;

use super::sight::{Figures, Tokens};

/// Between two looks at what is new.
const PERIOD: Duration = Duration::from_millis(1);
/// Between two looks at everything.
const ROUND: Duration = Duration::from_millis(50);
/// A process that has become what it will be.
const GROWN: Duration = Duration::from_millis(300);
/// No environment of these tests is larger.
const MOST: usize = 1 << 20;

/// Marks a process that was asked to hold tokens in its environment, and all that it starts.
const ALLOWED: &str = "KEYFOB_LIVE_MAY_HOLD_TOKENS=environment";

/// What tests tell the watch, and what it tells them.
static DESK: Mutex<Option<Desk>> = Mutex::new(None);
static STARTED: Once = Once::new();

#[derive(Default)]
struct Desk {
    tokens: Tokens,
    /// Tokens of tests of this watch: found, but nobody's fault.
    planted: HashSet<String>,
    /// The homes of the tests that run.
    homes: HashSet<String>,
    found: Vec<Finding>,
    /// What no test has failed for yet.
    unsaid: Vec<Finding>,
    faults: usize,
}

/// A token where none may be.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) process: u32,
    /// The first word of the command line.
    pub(crate) program: String,
    /// `command line` or `environment`.
    pub(crate) place: &'static str,
    /// The home that the process has.
    home: Option<String>,
    token: String,
}

/// Watches from now on, also the programs whose home this is.
pub(crate) fn start(home: &Path) {
    let home = home.to_string_lossy().into_owned();
    desk(|desk| desk.homes.insert(home));
    STARTED.call_once(|| {
        let ours = fs::read("/proc/self/environ").unwrap_or_default();
        // What the run itself was started with, as CI does, is not of its making.
        desk(|desk| desk.tokens.ignore(&ours));
        let (awake, wait) = channel();
        thread::spawn(|| Watch::new().run(awake));
        wait.recv().expect("the watch has begun");
    });
}

/// From now on, this text is a token too.
pub(crate) fn secret(text: &str) {
    desk(|desk| desk.tokens.name(text));
}

/// Lets this command, and whatever it starts, hold tokens in its environment: for `keyfob exec`
/// when it was asked to put them there. In a command line they stay forbidden.
pub(crate) fn allow_environment(command: &mut Command) -> &mut Command {
    let (name, value) = ALLOWED.split_once('=').expect("it is a variable");
    command.env(name, value)
}

/// Says that a test puts this token where it is forbidden, to see it found.
pub(crate) fn planted(token: &str) {
    desk(|desk| desk.planted.insert(token.to_owned()));
}

/// Where a planted token was found.
pub(crate) fn found(token: &str) -> Vec<Finding> {
    desk(|desk| {
        let found = desk.found.iter();
        found.filter(|one| one.token == token).cloned().collect()
    })
}

/// Ends the watch over this home. Fails the test if a token was seen there, or where no test runs.
#[track_caller]
pub(crate) fn end(home: &Path) {
    let home = home.to_string_lossy().into_owned();
    let seen = desk(|desk| {
        desk.homes.remove(&home);
        desk.seen()
    });
    // A test that fails already says why.
    assert!(
        seen.is_empty() || thread::panicking(),
        "a token is there for all to see: {seen:?}"
    );
}

fn desk<T>(what: impl FnOnce(&mut Desk) -> T) -> T {
    let mut desk: MutexGuard<'_, _> = DESK.lock().unwrap_or_else(PoisonError::into_inner);
    what(desk.get_or_insert_default())
}

impl Desk {
    /// The running test's home that is named in there.
    fn home_in(&self, environment: &str) -> Option<String> {
        let mut homes = self.homes.iter();
        homes
            .find(|home| environment.contains(home.as_str()))
            .cloned()
    }

    fn note(&mut self, finding: Finding) {
        if !self.planted.contains(&finding.token) {
            self.faults += 1;
            self.unsaid.push(finding.clone());
        }
        self.found.push(finding);
    }

    /// What is to be said now, without the token: all that is not another running test's.
    fn seen(&mut self) -> Vec<String> {
        let is_of_another = |one: &Finding| {
            one.home
                .as_ref()
                .is_some_and(|home| self.homes.contains(home))
        };
        let (later, now) = std::mem::take(&mut self.unsaid)
            .into_iter()
            .partition(is_of_another);
        self.unsaid = later;
        let now: Vec<Finding> = now;
        now.iter()
            .map(|one| format!("{} ({}), {}", one.program, one.process, one.place))
            .collect()
    }
}

/// What is known of a process.
struct Known {
    parent: u32,
    since: Instant,
    line: Vec<u8>,
    environment: Vec<u8>,
}

struct Watch {
    known: HashMap<u32, Known>,
    /// Who started whom, also of those that have ended: children outlive their parents.
    parents: HashMap<u32, u32>,
    young: Vec<u32>,
    last: u32,
    load: File,
    figures: Figures,
}

impl Watch {
    fn new() -> Self {
        Self {
            known: HashMap::new(),
            parents: HashMap::new(),
            young: Vec::new(),
            last: 0,
            load: File::open("/proc/loadavg").expect("Linux tells of its processes in /proc"),
            figures: Figures::default(),
        }
    }

    /// Looks until the run ends, and says when it has looked at all there is for the first time.
    fn run(mut self, awake: Sender<()>) {
        // It does little, and is to do it in time; without the right to be preferred it still looks.
        let is_preferred = setpriority_process(None, -10).is_ok();
        let mut awake = Some(awake);
        let mut round = None;
        self.last = self.last_given().unwrap_or_default();
        self.figures.is_preferred = is_preferred;
        loop {
            let now = Instant::now();
            if round.is_none_or(|at: Instant| now >= at + ROUND) {
                self.look_at_all();
                round = Some(now);
                let seen = desk(|desk| desk.faults);
                self.figures.write(seen);
                if let Some(awake) = awake.take() {
                    awake.send(()).expect("the first test waits");
                }
            }
            self.look_at_new();
            self.look_at_young();
            self.figures.looked(now);
            thread::sleep((now + PERIOD).saturating_duration_since(Instant::now()));
        }
    }

    /// Those with a number that was not given before. The kernel tells the last one it gave.
    fn look_at_new(&mut self) {
        let Some(last) = self.last_given() else {
            return;
        };
        // After the highest number come low ones again, which the next round finds.
        for id in self.last.saturating_add(1)..=last {
            self.look(id);
        }
        self.last = last;
    }

    fn last_given(&self) -> Option<u32> {
        let mut line = [0; 128];
        let length = self.load.read_at(&mut line, 0).ok()?;
        let line = std::str::from_utf8(line.get(..length)?).ok()?;
        line.split_whitespace().last()?.parse().ok()
    }

    fn look_at_young(&mut self) {
        for id in std::mem::take(&mut self.young) {
            self.look(id);
        }
    }

    fn look_at_all(&mut self) {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids: HashSet<u32> = entries
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect();
        self.known.retain(|id, _| ids.contains(id));
        for id in ids {
            self.look(id);
        }
    }

    fn look(&mut self, id: u32) {
        let now = Instant::now();
        if !self.known.contains_key(&id) {
            match parent_of(id) {
                Status::Process { parent } => {
                    self.figures.processes += 1;
                    self.parents.insert(id, parent);
                    let (line, environment) = (Vec::new(), Vec::new());
                    let known = Known {
                        parent,
                        since: now,
                        line,
                        environment,
                    };
                    self.known.insert(id, known);
                }
                Status::Thread => return,
                Status::Gone => {
                    self.figures.missed += 1;
                    return;
                }
            }
        }
        let line = bytes_of(id, "cmdline");
        // A kernel thread has none, and what has ended has none any more.
        if line.is_empty() {
            return;
        }
        let environment = bytes_of(id, "environ");
        let Some(known) = self.known.get_mut(&id) else {
            return;
        };
        if now.duration_since(known.since) < GROWN && !self.young.contains(&id) {
            self.young.push(id);
        }
        if known.line == line && known.environment == environment {
            return;
        }
        known.line = line;
        known.environment = environment;
        self.search(id);
    }

    fn search(&mut self, id: u32) {
        let known = &self.known[&id];
        let is_allowed = words(&known.environment).any(|word| word == ALLOWED.as_bytes());
        let places = [
            ("command line", &known.line),
            ("environment", &known.environment),
        ];
        for (place, bytes) in places {
            self.figures.texts += 1;
            if place == "environment" && is_allowed {
                self.figures.allowed += 1;
                continue;
            }
            let tokens = desk(|desk| desk.tokens.in_text(bytes));
            for token in tokens {
                let environment = String::from_utf8_lossy(&known.environment);
                let home = desk(|desk| desk.home_in(&environment));
                if home.is_none() && !self.is_ours(known) {
                    self.figures.of_others += 1;
                    continue;
                }
                let program = words(&known.line).next().unwrap_or_default();
                let program = String::from_utf8_lossy(program).into_owned();
                let process = id;
                let finding = Finding {
                    process,
                    program,
                    place,
                    home,
                    token,
                };
                desk(|desk| desk.note(finding));
            }
        }
    }

    /// Whether this run started it. On a machine of many, others run tests too; in CI nobody does.
    fn is_ours(&self, known: &Known) -> bool {
        #[expect(
            clippy::disallowed_methods,
            reason = "a test asks for its own environment"
        )]
        if std::env::var_os("CI").is_some() {
            return true;
        }
        let mut parent = known.parent;
        // A chain that went round would be one of numbers given twice.
        for _ in 0..64 {
            if parent == std::process::id() {
                return true;
            }
            let Some(next) = self.parents.get(&parent) else {
                return false;
            };
            parent = *next;
        }
        false
    }
}

enum Status {
    Process { parent: u32 },
    Thread,
    Gone,
}

fn parent_of(id: u32) -> Status {
    let status = bytes_of(id, "status");
    let status = String::from_utf8_lossy(&status);
    let told = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.trim().parse::<u32>().ok())
    };
    match (told("Tgid:"), told("PPid:")) {
        (Some(group), Some(parent)) if group == id => Status::Process { parent },
        (Some(_), Some(_)) => Status::Thread,
        _ => Status::Gone,
    }
}

/// Nothing of what is not there, or not ours to read. One call to the kernel reads it all: between
/// two, a process may end or become another program, and half a token would be another token.
fn bytes_of(id: u32, name: &str) -> Vec<u8> {
    BUFFER.with_borrow_mut(|buffer| {
        let file = File::open(format!("/proc/{id}/{name}"));
        let length = file.and_then(|mut file| file.read(buffer)).unwrap_or(0);
        buffer[..length].to_owned()
    })
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; MOST]);
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == 0)
}
