//! One user on one machine: a home of their own, a clean environment, the sealed store.
//!
//! The browser of every profile here only writes down what it was told to open.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use keyfob::base::{ClientId, Issuer, ProfileName, Secret};
use keyfob::issuer::{Entra, Provider};
use keyfob::session::SessionKey;
use keyfob::store::{Cache, Sealed};
use keyfob::sys::clock::{Clock as _, SystemClock};
use tempfile::TempDir;

use super::{Output, Running, approve};

/// What opens the sealed store of every world.
pub(crate) const PASSPHRASE: &str = "seven-plums-on-a-windowsill";

/// A user with a home, and nothing else of the machine's.
pub(crate) struct World {
    home: TempDir,
    variables: Vec<(String, String)>,
}

impl World {
    /// A user with an empty home and a passphrase in a file.
    pub(crate) fn new() -> Self {
        let home = TempDir::with_prefix("keyfob-it-").unwrap();
        let world = Self {
            home,
            variables: Vec::new(),
        };
        fs::create_dir(world.path("tmp")).unwrap();
        world.write("passphrase", PASSPHRASE);
        world.write("browser.sh", "printf '%s\\n' \"$2\" >>\"$1\"\n");
        world
    }

    /// A user with the profile `work`.
    pub(crate) fn at(provider: &Provider) -> Self {
        Self::with_profiles(&[("work", provider.issuer(), "")])
    }

    /// A user with several profiles: name, issuer, and more lines.
    pub(crate) fn with_profiles(profiles: &[(&str, &str, &str)]) -> Self {
        let world = Self::new();
        let texts = profiles.iter().map(|(name, issuer, more)| {
            let browser = world.browser_command();
            format!(
                "[profile.{name}]\nissuer = \"{issuer}\"\nclient_id = \"keyfob-cli\"\n\
                 scopes = \"openid profile email offline_access\"\nstore = \"sealed\"\n\
                 browser = \"{browser}\"\n{more}\n"
            )
        });
        world.configure(&texts.collect::<String>());
        world
    }

    /// A user with a profile `work` that has more lines.
    pub(crate) fn with_profile(provider: &Provider, more: &str) -> Self {
        Self::with_profiles(&[("work", provider.issuer(), more)])
    }

    /// Sets a variable for every run.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A place in the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The home.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes `config.toml`.
    pub(crate) fn configure(&self, text: &str) {
        fs::create_dir_all(self.path("config/keyfob")).unwrap();
        self.write("config/keyfob/config.toml", text);
    }

    /// Writes a file that is the user's alone.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        keyfob::sys::files::write_private(&path, text.as_ref()).unwrap();
        path
    }

    /// A browser that writes down what it is told to open.
    pub(crate) fn browser_command(&self) -> String {
        let script = self.path("browser.sh");
        let log = self.path("browser.log");
        format!("sh {} {} %s", script.display(), log.display())
    }

    /// What the browser was told to open.
    pub(crate) fn opened(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("browser.log"));
        let log = log.unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    /// Waits for the browser, which runs on its own, to write down what it was told to open.
    pub(crate) fn wait_until_opened(&self) -> bool {
        self.opened_at_least(1) > 0
    }

    /// How often the browser was told to open something, once it was told so often.
    pub(crate) fn opened_at_least(&self, times: usize) -> usize {
        let (clock, patience) = (SystemClock::new(), Duration::from_secs(30));
        while self.opened().len() < times && clock.elapsed() < patience {
            thread::yield_now();
        }
        self.opened().len()
    }

    /// The program, about to run.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_keyfob")), arguments)
    }

    /// The program, about to run under another name.
    pub(crate) fn command_as(&self, name: &str, arguments: &[&str]) -> Command {
        let (program, other) = (env!("CARGO_BIN_EXE_keyfob"), self.path(name));
        if !other.exists() && fs::hard_link(program, &other).is_err() {
            fs::copy(program, &other).unwrap();
        }
        self.command_of(&other, arguments)
    }

    fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        let home = self.home.path();
        command.args(arguments).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", home).env("TZ", "UTC");
        for (name, folder) in [
            ("TMPDIR", "tmp"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
        ] {
            command.env(name, home.join(folder));
        }
        command.env("KEYFOB_PASSPHRASE_FILE", home.join("passphrase"));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(home);
        command
    }

    /// Starts the program on a line of words, as after `keyfob`.
    pub(crate) fn spawn(&self, line: &str) -> Running {
        let words: Vec<&str> = line.split_whitespace().collect();
        Running::start(&mut self.command(&words))
    }

    /// Runs the program on a line of words, as after `keyfob`.
    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> Output {
        self.spawn(line).wait()
    }

    /// Runs the program on arguments that may have spaces in them.
    #[track_caller]
    pub(crate) fn run_words(&self, words: &[&str]) -> Output {
        Running::start(&mut self.command(words)).wait()
    }

    /// Runs the program with something on stdin.
    #[track_caller]
    pub(crate) fn run_with(&self, line: &str, stdin: impl AsRef<[u8]>) -> Output {
        let mut running = self.spawn(line);
        running.type_in(stdin.as_ref());
        running.wait()
    }

    /// Runs a `login` line, with `amara` at the browser.
    #[track_caller]
    pub(crate) fn login(&self, line: &str) -> Output {
        let mut running = self.spawn(&format!("login {line} --no-browser"));
        let page = approve(&running.address()).deliver();
        let output = running.wait();
        assert!(output.status != 0 || page.status == 200, "{page:?}");
        output
    }

    /// Signs `amara` in for the profile `work`.
    #[track_caller]
    pub(crate) fn sign_in(&self) -> Output {
        self.login("work").ok()
    }

    /// The sessions' names: what stands on the disk for each.
    pub(crate) fn sessions(&self) -> Vec<String> {
        names(&self.path("state/keyfob/sessions"))
    }

    /// Whether the sealed store has a record of a profile's session.
    pub(crate) fn has_record(&self, issuer: &str, profile: &str) -> bool {
        let key = SessionKey::new(
            &Issuer::parse(issuer).unwrap(),
            &ClientId::parse("keyfob-cli").unwrap(),
            &ProfileName::parse(profile).unwrap(),
        );
        let name = ring::digest::digest(&ring::digest::SHA256, key.as_str().as_bytes());
        let name = keyfob::base::hex(name.as_ref());
        names(&self.path("state/keyfob/sealed"))
            .iter()
            .any(|found| found.starts_with(&name))
    }

    /// Forgets that a provider failed, as time does.
    pub(crate) fn forget_trouble(&self) {
        match fs::remove_dir_all(self.path("cache/keyfob/backoff")) {
            Err(error) if error.kind() != ErrorKind::NotFound => panic!("{error}"),
            _ => {}
        }
    }

    /// Makes what is noted of the session look as if it had been noted so long ago.
    pub(crate) fn age_notes(&self, seconds: i64) {
        let name = format!("state/keyfob/sessions/{}", self.sessions()[0]);
        let text = fs::read_to_string(self.path(&name)).unwrap();
        let mut entry: serde_json::Value = serde_json::from_str(&text).unwrap();
        for list in ["met", "setbacks"] {
            let notes = entry.get_mut(list).and_then(|list| list.as_array_mut());
            for note in notes.into_iter().flatten() {
                note["at"] = (note["at"].as_i64().unwrap() - seconds).into();
            }
        }
        self.write(&name, entry.to_string());
    }

    /// Makes every cached token look as if it had been there for so long.
    pub(crate) fn age_tokens(&self, span: Duration) {
        let passphrase = Box::new(|_| Ok(Secret::new(PASSPHRASE.to_owned())));
        let store = Sealed::new(self.path("state/keyfob/sealed"), passphrase);
        let cache = Cache::new(self.path("cache/keyfob/tokens"), Arc::new(store));
        for name in self.cached() {
            let text = cache.load(&name).unwrap();
            let mut kept: serde_json::Value = serde_json::from_str(text.expose()).unwrap();
            for time in ["issued", "expires", "renew_from", "paused_until"] {
                let earlier = kept[time]
                    .as_i64()
                    .map(|at| at - span.as_secs().cast_signed());
                if let Some(earlier) = earlier {
                    kept[time] = earlier.into();
                }
            }
            let text = Secret::new(kept.to_string());
            cache.save(&name, &text).unwrap();
        }
    }

    /// The cached tokens.
    pub(crate) fn cached(&self) -> Vec<String> {
        names(&self.path("cache/keyfob/tokens"))
    }
}

/// A user with the profile `work` at a practice Entra, for its sample API, and more lines.
pub(crate) fn entra_world(provider: &Provider, more: &str) -> World {
    let world = World::new();
    entra_profile(&world, provider.origin(), Entra::HOME_DOMAIN, more);
    world
}

/// Writes the profile `work` for a tenant of an Entra, and more lines.
pub(crate) fn entra_profile(world: &World, cloud: &str, tenant: &str, more: &str) {
    let (client, browser) = (Entra::APP, world.browser_command());
    world.configure(&format!(
        "[profile.work]\nprovider = \"entra\"\ncloud = \"{cloud}\"\ntenant = \"{tenant}\"\n\
         client_id = \"{client}\"\nstore = \"sealed\"\nbrowser = \"{browser}\"\n\
         scopes = \"openid profile email offline_access api://orders/Orders.Read\"\n{more}\n"
    ));
}

/// Lets time pass, by a sign-in that nobody finishes.
#[track_caller]
pub(crate) fn let_pass(span: &str) {
    let provider = super::provider();
    let nobody = World::at(&provider);
    let line = format!("login work --no-browser --timeout {span}");
    nobody.run(&line).exits(4);
}

/// The names in a folder, sorted; none when there is no such folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}
