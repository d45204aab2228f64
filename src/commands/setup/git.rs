//! `keyfob setup git`: keyfob as the helper of git for the servers that are listed
//! (gitcredentials(7)).
//!
//! Git changes its settings itself, in a copy of the file; the copy takes the file's place at once.
//! An empty helper comes first, so that no other one is told of a token, or asked, for a server of
//! keyfob's.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::Failure;
use super::change::{Plan, Wanted};
use super::copy::Copy;
use super::format::{Format, Odd};
use super::place::Place;
use super::prove::{Proof, reason};
use super::tool::{Listed, Tool};
use crate::base::{Diagnostic, Exit, Hint, Site, printable_line};
use crate::commands::shell_word::quoted;
use crate::config::Setting;
use crate::sys::files;
use crate::sys::program::{Said, Start};

pub(super) struct Git;

/// What is said to git so that nobody is asked anything, and in which language it answers.
const QUIET: &[(&str, Option<&str>)] = &[
    ("GIT_TERMINAL_PROMPT", Some("0")),
    ("GIT_ASKPASS", Some("")),
    ("SSH_ASKPASS", Some("")),
    ("LC_ALL", Some("C")),
    ("GIT_DIR", None),
    ("GIT_TRACE", None),
    ("GIT_TRACE_CURL", None),
];

/// Git would take an address for another one.
#[derive(Debug, thiserror::Error)]
#[error("git cannot be told of `{0}`: it takes `*` for many hosts, and no control character")]
struct NotForGit(String);

impl Diagnostic for NotForGit {
    fn exit(&self) -> Exit {
        Exit::Config
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try("list each server by its plain name".into()))
    }
}

impl Tool for Git {
    fn name(&self) -> &'static str {
        "git"
    }

    fn setting(&self) -> Setting {
        Setting::Git
    }

    fn example(&self) -> &'static str {
        "https://git.example.com"
    }

    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure> {
        let file = file(place);
        let mut plan = Plan::default();
        for (site, listed) in sites(listed) {
            let address = Address::of(site);
            if address.host.contains('*') || address.path.chars().any(char::is_control) {
                let address = printable_line(site.as_str()).into_owned();
                return Err(NotForGit(address).into());
            }
            let address = address.as_key();
            let words = listed.words("git").join(" ");
            let helper = format!("!{} {words}", quoted(&place.program));
            let mut settings = vec![("helper", vec![String::new(), helper])];
            if !site.is_whole_host() {
                settings.push(("useHttpPath", vec!["true".to_owned()]));
            }
            let mut head = format!("[credential \"{}\"]\n", escaped(&address));
            for (name, values) in settings {
                let lines = values.iter().map(|value| match value.as_str() {
                    "" => format!("\t{name} =\n"),
                    value if !value.contains(['"', '\\', '#', ';']) => {
                        format!("\t{name} = {value}\n")
                    }
                    value => format!("\t{name} = \"{}\"\n", escaped(value)),
                });
                let shown = std::mem::take(&mut head) + &lines.collect::<String>();
                plan.settings.push(Wanted {
                    file: file.clone(),
                    key: format!("credential.{address}.{name}"),
                    values,
                    shown,
                });
            }
        }
        Ok(plan)
    }

    fn format<'a>(&self, place: &'a Place<'a>) -> Box<dyn Format + 'a> {
        Box::new(Settings(place))
    }

    fn prove(&self, place: &Place<'_>, _plan: &Plan, listed: &[Listed]) -> Vec<Proof> {
        let Some(git) = place.find("git") else {
            return vec![Proof::NotYet("git is not on PATH".to_owned())];
        };
        let proofs = sites(listed);
        proofs
            .into_iter()
            .map(|(site, listed)| prove(place, &git, site, listed))
            .collect()
    }
}

/// Every address once, with the first target that lists it.
fn sites(listed: &[Listed]) -> Vec<(&Site, &Listed)> {
    let mut sites: Vec<(&Site, &Listed)> = Vec::new();
    for target in listed {
        for site in &target.serves.git {
            let address = Address::of(site);
            if !sites.iter().any(|(known, _)| Address::of(known) == address) {
                sites.push((site, target));
            }
        }
    }
    sites
}

/// An address in parts, as git hands them to its helpers.
#[derive(Eq, PartialEq)]
struct Address<'a> {
    scheme: &'a str,
    host: &'a str,
    /// Without a slash at either end, and without `%`.
    path: String,
}

impl<'a> Address<'a> {
    fn of(site: &'a Site) -> Self {
        let text = site.as_str().trim_end_matches('/');
        let (scheme, rest) = text.split_once("://").unwrap_or_default();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = decoded(path);
        Self { scheme, host, path }
    }

    /// As git compares it with its settings: it writes all but letters, digits and `-._~/` by `%`.
    fn as_key(&self) -> String {
        let mut key = format!("{}://{}", self.scheme, self.host);
        if !self.path.is_empty() {
            key.push('/');
        }
        for byte in self.path.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                    key.push(char::from(byte));
                }
                _ => {
                    let _infallible = write!(key, "%{byte:02X}");
                }
            }
        }
        key
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The file that `git config --global` writes (git-config(1), FILES).
fn file(place: &Place<'_>) -> PathBuf {
    if let Some(file) = place.named("GIT_CONFIG_GLOBAL") {
        return file;
    }
    let own = place.home.join(".gitconfig");
    let other = place
        .folder("XDG_CONFIG_HOME", ".config")
        .join("git/config");
    if files::is_there(&own) || !files::is_there(&other) {
        own
    } else {
        other
    }
}

/// A file of git's.
struct Settings<'a>(&'a Place<'a>);

impl Settings<'_> {
    fn copy(&self, text: Option<&str>) -> Result<Copy<'_>, Odd> {
        Copy::of(self.0, "git", text)
    }
}

fn config(copy: &Copy<'_>, words: &[&str]) -> Result<Said, Odd> {
    let path = copy.path();
    let path = path.to_string_lossy();
    copy.ask(&[&["config", "--file", &path], words].concat(), QUIET)
}

impl Format for Settings<'_> {
    fn values(&self, text: Option<&str>, key: &str) -> Result<Vec<String>, Odd> {
        let copy = self.copy(text)?;
        let said = config(&copy, &["--null", "--get-all", key])?;
        match said.status {
            Some(0) => {
                let values = String::from_utf8_lossy(&said.stdout);
                let values = values.strip_suffix('\0').unwrap_or(&values);
                Ok(values.split('\0').map(str::to_owned).collect())
            }
            // Nothing is there.
            Some(1) => Ok(Vec::new()),
            _ => Err(Odd::broken("git", &reason(&said))),
        }
    }

    fn with(
        &self,
        text: Option<&str>,
        key: &str,
        values: &[String],
    ) -> Result<Option<String>, Odd> {
        let copy = self.copy(text)?;
        let said = match values.first() {
            Some(first) => config(&copy, &["--replace-all", key, first])?,
            None => config(&copy, &["--unset-all", key])?,
        };
        // 5: there was nothing to take out.
        let was_nothing = values.is_empty() && said.status == Some(5);
        if !said.is_well() && !was_nothing {
            return Err(copy.refused(&said));
        }
        for value in values.iter().skip(1) {
            let said = config(&copy, &["--add", key, value])?;
            if !said.is_well() {
                return Err(copy.refused(&said));
            }
        }
        copy.text()
    }
}

/// Asks git for a credential as `git fetch` does, outside of any repository, and compares.
fn prove(place: &Place<'_>, git: &Path, site: &Site, listed: &Listed) -> Proof {
    let address = Address::of(site);
    let Address { scheme, host, path } = &address;
    let asked = format!("protocol={scheme}\nhost={host}\npath={path}\n\n");
    let address = address.as_key();
    let own = listed.words("git");
    let own: Vec<&str> = own.iter().map(String::as_str).chain(["get"]).collect();
    let keyfob = Path::new(&place.program);
    let says = |program: &Path, words: &[&str]| {
        let start = Start {
            words,
            stdin: asked.as_bytes(),
            vars: QUIET,
            folder: Some(Path::new("/")),
        };
        place.ask(program, start)
    };
    let fill = ["-c", "credential.interactive=false", "credential", "fill"];
    let (git, keyfob) = match (says(git, &fill), says(keyfob, &own)) {
        (Ok(git), Ok(keyfob)) => (git, keyfob),
        (Err(why), _) | (_, Err(why)) => return Proof::NotYet(why),
    };
    match (password(&keyfob), password(&git)) {
        (Some(ours), Some(gits)) if ours == gits => Proof::Works(format!(
            "git gets the token of `{}` for {address}",
            listed.target
        )),
        (_, Some(_)) => Proof::Fails(format!("git takes another credential for {address}")),
        (None, None) if reached(&git) => match place.token(listed) {
            Err(proof) => proof,
            Ok(()) => Proof::NotYet(format!(
                "git asks keyfob for {address}: {}",
                reason(&keyfob)
            )),
        },
        (_, None) => Proof::Fails(format!(
            "git does not ask keyfob for {address}: {}",
            reason(&git)
        )),
    }
}

/// A path without `%`; what is no text then stays as it is.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// The password of an answer, if it ended well.
fn password(said: &Said) -> Option<&[u8]> {
    let mut lines = said.stdout.split(|byte| *byte == b'\n');
    let found = lines.find_map(|line| line.strip_prefix(b"password="));
    found.filter(|_| said.is_well())
}

/// Whether git hands on what keyfob said.
fn reached(git: &Said) -> bool {
    let said = String::from_utf8_lossy(&git.stderr);
    said.lines()
        .any(|line| line.starts_with("keyfob:") || line.contains("told us to quit"))
}
