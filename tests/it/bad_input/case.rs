//! One row of the table, and what is held of every row.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use keyfob::issuer::{Provider, Rotation};
use keyfob::sys::clock::{Clock, SystemClock};
use keyfob::sys::files::private_dir;

use crate::support::{Output, PASSPHRASE, Running, World, approve, provider_with};

/// The sealed store's proof that it can be written: the digest of `touch`.
const TOUCH: &str = "f0956726750ca787d943bb3ca8ba098bdbff341512524ebb1c887ca1f62dffc1.sealed";

/// No row may take longer: the longest deadline of a row is five seconds, but machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// Two are busy while others wait for a deadline.
const WORKERS: usize = 4;

/// What stands for a secret in the rows; no message may repeat it.
pub(super) const SECRET: &str = "hunter2";

/// Something done to a user's world.
type Change = Box<dyn Fn(&World) + Send>;

/// Bad input: what is typed, in which surroundings, and what must come of it.
pub(super) struct Case {
    name: &'static str,
    words: Vec<String>,
    set_up: Vec<Change>,
    clean_up: Vec<Change>,
    variables: Vec<(String, Option<String>)>,
    stdin: Vec<u8>,
    /// Runs the program as `"$@"`.
    shell: Option<String>,
    person: bool,
    exit: i32,
    says: Vec<String>,
}

impl Case {
    /// A row: its name, and what is typed after `keyfob`.
    pub(super) fn new(name: &'static str, line: &str) -> Self {
        Self::words(name, &line.split_whitespace().collect::<Vec<_>>())
    }

    /// A row whose arguments have spaces in them.
    pub(super) fn words(name: &'static str, words: &[&str]) -> Self {
        Self {
            name,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            set_up: Vec::new(),
            clean_up: Vec::new(),
            variables: Vec::new(),
            stdin: Vec::new(),
            shell: None,
            person: false,
            exit: 0,
            says: Vec::new(),
        }
    }

    /// What the row is about.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// What the configuration is.
    pub(super) fn config(self, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref().to_owned();
        self.first(move |world| drop(world.write("config/keyfob/config.toml", &text)))
    }

    /// What is done to the user's world before.
    pub(super) fn first(mut self, set_up: impl Fn(&World) + Send + 'static) -> Self {
        self.set_up.push(Box::new(set_up));
        self
    }

    /// What is done to the user's world afterwards, before it is looked at.
    pub(super) fn last(mut self, clean_up: impl Fn(&World) + Send + 'static) -> Self {
        self.clean_up.push(Box::new(clean_up));
        self
    }

    /// Sets a variable; `~` stands for the home.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables
            .push((name.to_owned(), Some(value.to_owned())));
        self
    }

    /// Takes a variable away.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.variables.push((name.to_owned(), None));
        self
    }

    /// What is on stdin.
    pub(super) fn stdin(self, bytes: impl AsRef<[u8]>) -> Self {
        let stdin = bytes.as_ref().to_owned();
        Self { stdin, ..self }
    }

    /// Runs it from a shell, as `"$@"`.
    pub(super) fn shell(self, script: &str) -> Self {
        let shell = Some(script.to_owned());
        Self { shell, ..self }
    }

    /// Lets a person sign in when there is an address to open.
    pub(super) fn person(self) -> Self {
        Self {
            person: true,
            ..self
        }
    }

    /// What must come of it: the exit status, and words on stderr. With status 0 the program has
    /// got over it, and must have answered as ever.
    pub(super) fn gets(mut self, exit: i32, says: &[&str]) -> Self {
        self.exit = exit;
        self.says = says.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// Runs the row in a world of its own.
    fn run(self) -> Vec<String> {
        let world = TEMPLATE.copy();
        self.set_up.iter().for_each(|set_up| set_up(&world));
        let before = snapshot(&world.path("state"));
        let clock = SystemClock::new();
        let output = self.output(&world);
        let took = clock.elapsed();
        self.clean_up.iter().for_each(|clean_up| clean_up(&world));

        let mut faults = self.faults(&output);
        if took > PATIENCE {
            faults.push(format!("took {took:?}"));
        }
        if self.exit != 0 && snapshot(&world.path("state")) != before {
            let after = snapshot(&world.path("state"));
            let names = |all: &Snapshot| all.keys().cloned().collect::<Vec<_>>();
            faults.push(format!(
                "what is kept has changed: {:?} {:?}",
                names(&before),
                names(&after)
            ));
        }
        let config = TEMPLATE.world.path("config/keyfob/config.toml");
        if self.exit != 0 && self.set_up.is_empty() {
            let again = world.run(&format!("token work --config {}", config.display()));
            if again.status != 0 || again.line() != TEMPLATE.token {
                faults.push(format!("the session is lost: {again:?}"));
            }
        }
        let head = format!("{} ({}):", self.name, self.words.join(" "));
        let said = format!("{}{}", output.stdout, output.stderr);
        if faults.is_empty() {
            return faults;
        }
        vec![format!("{head}\n  {}\n{said}", faults.join("\n  "))]
    }

    fn output(&self, world: &World) -> Output {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let mut command = world.command(&words);
        let home = world.home().to_str().unwrap();
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value.replace('~', home)),
                None => command.env_remove(name),
            };
        }
        if let Some(script) = &self.shell {
            command = in_shell(&command, script);
        }
        let mut running = Running::start(&mut command);
        if self.person {
            let page = approve(&running.address()).deliver();
            assert!(!page.text.contains('\u{1b}'), "{}", self.name);
        }
        running.type_in(&self.stdin);
        running.wait()
    }

    /// What is held of every row.
    fn faults(&self, output: &Output) -> Vec<String> {
        let Output {
            status,
            stdout,
            stderr,
        } = output;
        let mut faults = Vec::new();
        let mut hold = |holds: bool, fault: String| {
            if !holds {
                faults.push(fault);
            }
        };
        hold(
            *status == self.exit,
            format!("exits {status}, not {}", self.exit),
        );
        for word in &self.says {
            hold(stderr.contains(word), format!("does not say `{word}`"));
        }
        if self.exit != 0 {
            hold(stdout.is_empty(), "answers".into());
            let said = stderr.lines().any(|line| line.starts_with("keyfob: "));
            hold(said, "does not say what is wrong".into());
            let next = ["  hint: ", "try '--help'"].iter();
            let next = next.into_iter().any(|next| stderr.contains(next));
            hold(next, "says no next step".into());
        }
        let answers = self.shell.is_none() && self.words.first().is_some_and(|w| w == "token");
        if self.exit == 0 && answers {
            let is_token = stdout.starts_with("eyJ") && stdout.lines().count() == 1;
            hold(is_token, "gives no token".into());
        }
        hold(
            !stderr.contains("panicked") && !stderr.contains("RUST_BACKTRACE"),
            "panics".into(),
        );
        for secret in [PASSPHRASE, SECRET, "eyJ", &TEMPLATE.token] {
            hold(!stderr.contains(secret), format!("shows `{secret}`"));
        }
        let drives = |c: char| c.is_control() && c != '\n';
        hold(!stderr.contains(drives), "drives the terminal".into());
        faults
    }
}

/// Runs rows side by side, and fails with all that is wrong.
#[track_caller]
pub(super) fn hold(cases: Vec<Case>) {
    let waiting = Mutex::new(VecDeque::from(cases));
    let faults = Mutex::new(Vec::new());
    let next = || waiting.lock().unwrap().pop_front();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(case) = next() {
                    let name = case.name;
                    let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case.run()));
                    let found = ran.unwrap_or_else(|_| vec![format!("{name}: does not end well")]);
                    faults.lock().unwrap().extend(found);
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A user who is signed in for the profile `work`, to be copied for each row.
struct Template {
    world: World,
    token: String,
    issuer: String,
    /// Refresh tokens stay as they are there, so that copies of a session all work.
    _provider: Provider,
}

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| {
    let provider = provider_with(|settings| {
        settings.rotation = Rotation::Keep;
        settings.lifetimes.access = Duration::from_secs(3600);
    });
    let world = World::at(&provider);
    world.sign_in();
    Template {
        token: world.run("token work").ok().line(),
        issuer: provider.issuer().to_owned(),
        world,
        _provider: provider,
    }
});

impl Template {
    fn copy(&self) -> World {
        let copy = World::new();
        for folder in ["cache", "config", "state"] {
            copy_folder(&self.world.path(folder), &copy.path(folder));
        }
        copy
    }
}

/// The configuration of the user that rows begin with, and more lines in the profile `work`.
pub(super) fn work(more: &str) -> String {
    format!(
        "[profile.work]\nissuer = \"{}\"\nclient_id = \"keyfob-cli\"\n\
         scopes = \"openid profile email offline_access\"\nstore = \"sealed\"\n{more}\n",
        TEMPLATE.issuer
    )
}

fn copy_folder(from: &Path, to: &Path) {
    private_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, name) = entry.map(|e| (e.path(), e.file_name())).unwrap();
        if from.is_dir() {
            copy_folder(&from, &to.join(name));
        } else {
            fs::copy(&from, to.join(name)).unwrap();
        }
    }
}

/// The same run, from a shell.
fn in_shell(command: &Command, script: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(command.get_program());
    shell.args(command.get_args()).env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    shell.current_dir(command.get_current_dir().unwrap());
    shell
}

type Snapshot = BTreeMap<PathBuf, Vec<u8>>;

/// What is kept: every file but locks, which hold nothing, how the last sign-in ended, which is for
/// those who wait, and whether somebody was asked.
fn snapshot(folder: &Path) -> Snapshot {
    let mut found = Snapshot::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            let passing =
                ["locks", "prompts", "refusals", "room", "sign-ins", TOUCH].map(OsStr::new);
            let is_lock = path
                .components()
                .any(|part| passing.contains(&part.as_os_str()))
                || path.extension().is_some_and(|ending| ending == "lock");
            if kind.is_dir() {
                folders.push(path);
            } else if !is_lock {
                let bytes = if kind.is_file() {
                    fs::read(&path).unwrap_or_default()
                } else {
                    Vec::new()
                };
                found.insert(path, bytes);
            }
        }
    }
    found
}
