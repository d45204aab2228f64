//! A kubeconfig, read and changed by kubectl in a copy of the file: nobody else here reads YAML.
//!
//! What kubectl shows has no secrets in it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::copy::Copy;
use super::super::format::{Format, Odd};
use super::super::place::Place;
use super::super::prove::reason;
use crate::base::printable_line;
use crate::sys::files;
use crate::sys::program::Said;

pub(super) const V1: &str = "client.authentication.k8s.io/v1";
pub(super) const IF_AVAILABLE: &str = "IfAvailable";

/// A kubeconfig as kubectl shows it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct View {
    #[serde(deserialize_with = "or_none")]
    pub(super) clusters: Vec<NamedCluster>,
    #[serde(deserialize_with = "or_none")]
    pub(super) contexts: Vec<NamedContext>,
    #[serde(deserialize_with = "or_none")]
    users: Vec<NamedUser>,
}

#[derive(Deserialize)]
pub(super) struct NamedCluster {
    pub(super) name: String,
    pub(super) cluster: Server,
}

#[derive(Deserialize)]
pub(super) struct Server {
    pub(super) server: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct NamedContext {
    name: String,
    pub(super) context: Context,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Context {
    pub(super) cluster: String,
    pub(super) user: String,
    pub(super) namespace: String,
}

#[derive(Deserialize)]
struct NamedUser {
    name: String,
    user: serde_json::Map<String, serde_json::Value>,
}

/// A user's plug-in.
#[derive(Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[derive(Default)]
pub(super) struct Exec {
    pub(super) api_version: String,
    #[serde(deserialize_with = "or_none")]
    pub(super) args: Vec<String>,
    pub(super) command: String,
    pub(super) interactive_mode: String,
    pub(super) provide_cluster_info: bool,
}

/// kubectl shows an empty list as `null`.
fn or_none<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

impl Exec {
    pub(super) fn print(&self) -> String {
        serde_json::to_string(self).expect("texts are written to memory")
    }
}

impl Context {
    pub(super) fn print(&self) -> String {
        serde_json::to_string(self).expect("texts are written to memory")
    }
}

impl NamedUser {
    /// What kubectl can be told again: a plug-in and nothing else; of any other user, what is shown.
    fn print(&self) -> String {
        let exec = self.user.get("exec").filter(|_| self.user.len() == 1);
        let plain = exec.filter(|exec| {
            let env = exec.get("env").and_then(serde_json::Value::as_array);
            env.is_none_or(Vec::is_empty) && exec.get("installHint").is_none()
        });
        let exec = plain.and_then(|exec| Exec::deserialize(exec).ok());
        exec.map_or_else(
            || serde_json::Value::from(self.user.clone()).to_string(),
            |exec| exec.print(),
        )
    }
}

/// Reads a kubeconfig.
pub(super) fn view(place: &Place<'_>, file: &Path) -> Result<View, Odd> {
    let text = files::read_bounded(file, 4 * 1024 * 1024)
        .map_err(|error| Odd::broken("kubectl", &error.to_string()))?;
    let text =
        std::str::from_utf8(&text).map_err(|_| Odd::broken("kubectl", "it is not UTF-8 text"))?;
    shown(&Copy::of(place, "kubectl", Some(text))?)
}

fn shown(copy: &Copy<'_>) -> Result<View, Odd> {
    let said = kubectl(copy, &["config", "view", "-o", "json"])?;
    if !said.is_well() {
        return Err(Odd::broken("kubectl", &reason(&said)));
    }
    read(&said.stdout)
}

fn read(stdout: &[u8]) -> Result<View, Odd> {
    serde_json::from_slice(stdout).map_err(|error| Odd::broken("kubectl", &error.to_string()))
}

/// Tells whether the only user that is shown runs this program.
pub(super) fn runs(stdout: &[u8], program: &str) -> bool {
    let view = read(stdout).unwrap_or_default();
    let mut users = view.users.iter();
    let exec = users.next().and_then(|it| it.user.get("exec"));
    exec.and_then(|exec| exec.get("command")?.as_str()) == Some(program)
}

fn kubectl(copy: &Copy<'_>, words: &[&str]) -> Result<Said, Odd> {
    let file = format!("--kubeconfig={}", copy.path().to_string_lossy());
    copy.ask(&[words, &[&file]].concat(), &[("KUBECONFIG", None)])
}

/// Kubeconfigs; keys are `users/NAME` and `contexts/NAME`.
pub(super) struct Settings<'a>(pub(super) &'a Place<'a>);

impl Settings<'_> {
    fn copy(&self, text: Option<&str>) -> Result<Copy<'_>, Odd> {
        Copy::of(self.0, "kubectl", text)
    }

    /// Writes a user. kubectl has not always had words for two of its fields: it lets them stand as
    /// they are in the file, so they are written there, and read back by it.
    fn with_user(&self, copy: &Copy<'_>, name: &str, exec: &Exec) -> Result<Option<String>, Odd> {
        let words = credentials(name, exec);
        let mut all = words.clone();
        let with_info = exec.provide_cluster_info;
        all.push(format!("--exec-provide-cluster-info={with_info}"));
        if !exec.interactive_mode.is_empty() {
            all.push(format!("--exec-interactive-mode={}", exec.interactive_mode));
        }
        let text = match run(copy, &all) {
            Ok(()) => copy.text()?,
            Err(Odd::Refused { why, .. }) if why.contains("unknown flag") => {
                run(copy, &words)?;
                copy.text()?.map(|text| filled_in(&text, name, exec))
            }
            Err(odd) => return Err(odd),
        };
        let wanted = [exec.print()];
        if self.values(text.as_deref(), &format!("users/{name}"))? == wanted {
            Ok(text)
        } else {
            Err(Odd::refused(
                "kubectl",
                "it is too old for what a plug-in needs",
            ))
        }
    }
}

/// Fills in what kubectl has left out of a user, in the lines that it wrote itself.
fn filled_in(text: &str, name: &str, exec: &Exec) -> String {
    let (mut new, mut is_it) = (String::new(), false);
    for line in text.split_inclusive('\n') {
        if line.starts_with("- ") {
            is_it = line.trim_end() == format!("- name: {name}");
        }
        match line.trim_end() {
            "      provideClusterInfo: false" if is_it => {
                let mode = &exec.interactive_mode;
                let with_info = exec.provide_cluster_info;
                if !mode.is_empty() {
                    new.push_str("      interactiveMode: ");
                    new.push_str(mode);
                    new.push('\n');
                }
                new.push_str("      provideClusterInfo: ");
                new.push_str(if with_info { "true\n" } else { "false\n" });
            }
            "      interactiveMode: IfAvailable" if is_it => {}
            _ => new.push_str(line),
        }
    }
    new
}

impl Format for Settings<'_> {
    fn values(&self, text: Option<&str>, key: &str) -> Result<Vec<String>, Odd> {
        values(&self.copy(text)?, key)
    }

    fn with(&self, text: Option<&str>, key: &str, new: &[String]) -> Result<Option<String>, Odd> {
        let copy = self.copy(text)?;
        let (kind, name) = key.split_once('/').unwrap_or((key, ""));
        let is_user = kind == "users";
        if let Some(old) = values(&copy, key)?.first() {
            // What kubectl does not show cannot be put back.
            if is_user && parsed::<Exec>(old).is_none_or(|exec| exec.command.is_empty()) {
                return Err(Odd::Taken("user", printable_line(name).into_owned()));
            }
            let delete = if is_user {
                "delete-user"
            } else {
                "delete-context"
            };
            run(&copy, &["config", delete, name])?;
        }
        if let Some(value) = new.first() {
            let unread = || Odd::refused("kubectl", "what is to be written cannot be read");
            if is_user {
                let exec: Exec = parsed(value).ok_or_else(unread)?;
                return self.with_user(&copy, name, &exec);
            }
            let words = context(name, &parsed(value).ok_or_else(unread)?);
            run(&copy, &words)?;
        }
        copy.text()
    }
}

fn parsed<T: for<'de> Deserialize<'de>>(value: &str) -> Option<T> {
    serde_json::from_str(value).ok()
}

fn values(copy: &Copy<'_>, key: &str) -> Result<Vec<String>, Odd> {
    let view = shown(copy)?;
    let (kind, name) = key.split_once('/').unwrap_or((key, ""));
    let found = if kind == "users" {
        let found = view.users.iter().find(|it| it.name == name);
        found.map(NamedUser::print)
    } else {
        let found = view.contexts.iter().find(|it| it.name == name);
        found.map(|it| it.context.print())
    };
    Ok(found.into_iter().collect())
}

/// The command line that writes a user, but for what older ones do not know.
fn credentials(name: &str, exec: &Exec) -> Vec<String> {
    let mut words = vec![
        "config".to_owned(),
        "set-credentials".to_owned(),
        name.to_owned(),
        format!("--exec-api-version={}", exec.api_version),
        format!("--exec-command={}", exec.command),
    ];
    words.extend(exec.args.iter().map(|arg| format!("--exec-arg={arg}")));
    words
}

/// The command line that writes a context.
fn context(name: &str, context: &Context) -> Vec<String> {
    vec![
        "config".to_owned(),
        "set-context".to_owned(),
        name.to_owned(),
        format!("--cluster={}", context.cluster),
        format!("--user={}", context.user),
        format!("--namespace={}", context.namespace),
    ]
}

fn run(copy: &Copy<'_>, words: &[impl AsRef<str>]) -> Result<(), Odd> {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let said = kubectl(copy, &words)?;
    if said.is_well() {
        Ok(())
    } else {
        Err(copy.refused(&said))
    }
}
