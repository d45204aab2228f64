//! `keyfob setup kubectl`: keyfob as the credential plug-in of a user in the kubeconfig, and a
//! context of its own for each cluster there whose server is listed.
//!
//! No context that is there is changed, and none is switched to: the new ones are used by name, or
//! by `kubectl config use-context`.

mod settings;

use std::path::{Path, PathBuf};

use self::settings::{Settings, View, view};
use super::Failure;
use super::change::{Plan, Wanted};
use super::format::Format;
use super::place::Place;
use super::prove::{Proof, reason};
use super::tool::{Listed, Tool};
use super::unchanged::{Unchanged, shown};
use crate::base::{Diagnostic, Exit, Hint, Site, printable_line};
use crate::config::Setting;
use crate::sys::files;
use crate::sys::program::Start;

pub(super) struct Kubectl;

/// No kubeconfig knows a listed server.
#[derive(Debug, thiserror::Error)]
#[error("no cluster in {} has a server that is listed", shown(.0))]
struct NoCluster(PathBuf);

impl Diagnostic for NoCluster {
    fn exit(&self) -> Exit {
        Exit::Config
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(
            "add it first: `kubectl config set-cluster NAME --server=URL`".into(),
        ))
    }
}

/// A cluster of a kubeconfig whose server is listed.
struct Cluster<'a> {
    file: PathBuf,
    name: String,
    namespace: Option<String>,
    listed: &'a Listed,
}

impl Cluster<'_> {
    fn user(&self) -> String {
        self.listed.name()
    }

    fn context(&self) -> String {
        format!("{}@{}", self.user(), self.name)
    }
}

impl Tool for Kubectl {
    fn name(&self) -> &'static str {
        "kubectl"
    }

    fn setting(&self) -> Setting {
        Setting::Kubernetes
    }

    fn example(&self) -> &'static str {
        "https://10.0.0.1:6443"
    }

    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure> {
        let mut plan = Plan::default();
        if place.find("kubectl").is_none() {
            // Who reads kubeconfigs without it can still be told what belongs in there.
            let file = own_file(place);
            let users = listed
                .iter()
                .map(|listed| user(place, file.clone(), listed));
            plan.settings = users.collect();
            return Ok(plan);
        }
        let clusters = clusters(place, listed)?;
        if clusters.is_empty() {
            return Err(NoCluster(own_file(place)).into());
        }
        for cluster in &clusters {
            let user = user(place, cluster.file.clone(), cluster.listed);
            let known = |it: &Wanted| it.file == user.file && it.key == user.key;
            if !plan.settings.iter().any(known) {
                plan.settings.push(user);
            }
            plan.settings.push(context(cluster));
            let name = cluster.context();
            plan.notes.push(format!(
                "Use it: `kubectl --context {0} …`, or `kubectl config use-context {0}`.",
                printable_line(&name)
            ));
        }
        plan.settings.sort_by(|a, b| {
            (&a.file, b.key.starts_with("users/")).cmp(&(&b.file, a.key.starts_with("users/")))
        });
        plan.notes.push(format!(
            "If your kuberc lets listed plug-ins run only, add `{}` to its credentialPluginAllowlist.",
            place.program
        ));
        Ok(plan)
    }

    fn format<'a>(&self, place: &'a Place<'a>) -> Box<dyn Format + 'a> {
        Box::new(Settings(place))
    }

    fn prove(&self, place: &Place<'_>, _plan: &Plan, listed: &[Listed]) -> Vec<Proof> {
        let Some(kubectl) = place.find("kubectl") else {
            return vec![Proof::NotYet("kubectl is not on PATH".to_owned())];
        };
        let clusters = clusters(place, listed).unwrap_or_default();
        let proofs = clusters.iter().map(|it| prove(place, &kubectl, it));
        proofs.collect()
    }
}

/// The user that names keyfob as its plug-in.
fn user(place: &Place<'_>, file: PathBuf, listed: &Listed) -> Wanted {
    let name = listed.name();
    let words = ["credential", "kubernetes", &listed.target.to_string()].map(str::to_owned);
    let exec = settings::Exec {
        api_version: settings::V1.to_owned(),
        command: place.program.clone(),
        args: words.to_vec(),
        interactive_mode: settings::IF_AVAILABLE.to_owned(),
        provide_cluster_info: true,
    };
    let lines = [
        format!("- name: {name}"),
        "  user:".to_owned(),
        "    exec:".to_owned(),
        format!("      apiVersion: {}", exec.api_version),
        format!("      command: {}", text(&exec.command)),
        format!("      args: [{}]", exec.args.join(", ")),
        format!("      interactiveMode: {}", exec.interactive_mode),
        "      provideClusterInfo: true".to_owned(),
    ];
    Wanted {
        file,
        key: format!("users/{name}"),
        shown: format!("users:\n{}\n", lines.join("\n")),
        values: vec![exec.print()],
    }
}

fn context(cluster: &Cluster<'_>) -> Wanted {
    let context = settings::Context {
        cluster: cluster.name.clone(),
        user: cluster.user(),
        namespace: cluster.namespace.clone().unwrap_or_default(),
    };
    let mut lines = vec![
        format!("- name: {}", text(&cluster.context())),
        "  context:".to_owned(),
        format!("    cluster: {}", text(&context.cluster)),
        format!("    user: {}", context.user),
    ];
    if !context.namespace.is_empty() {
        lines.push(format!("    namespace: {}", text(&context.namespace)));
    }
    Wanted {
        file: cluster.file.clone(),
        key: format!("contexts/{}", cluster.context()),
        shown: format!("contexts:\n{}\n", lines.join("\n")),
        values: vec![context.print()],
    }
}

/// A text in YAML, which takes what JSON does.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The files that kubectl reads.
fn files_of(place: &Place<'_>) -> Vec<PathBuf> {
    let named = place.vars.get("KUBECONFIG").unwrap_or_default();
    let named: Vec<PathBuf> = std::env::split_paths(named)
        .filter(|path| path.is_absolute())
        .collect();
    if named.is_empty() {
        vec![place.home.join(".kube/config")]
    } else {
        named
    }
}

fn own_file(place: &Place<'_>) -> PathBuf {
    files_of(place).into_iter().next().unwrap_or_default()
}

/// Finds the clusters whose server is listed, each in its file.
fn clusters<'a>(place: &Place<'_>, listed: &'a [Listed]) -> Result<Vec<Cluster<'a>>, Unchanged> {
    let mut found: Vec<Cluster<'a>> = Vec::new();
    for file in files_of(place) {
        if !files::is_there(&file) {
            continue;
        }
        let view = view(place, &file).map_err(|odd| Unchanged::odd(&file, odd))?;
        for cluster in &view.clusters {
            let Some(server) = cluster.cluster.server.as_deref() else {
                continue;
            };
            let Ok(site) = Site::parse(server) else {
                continue;
            };
            let lists = |it: &&Listed| it.serves.kubernetes.iter().any(|it| it.covers(&site));
            let known = found.iter().any(|it| it.name == cluster.name);
            // Of two clusters with one name kubectl takes the first.
            if let Some(listed) = listed.iter().find(lists).filter(|_| !known) {
                found.push(Cluster {
                    file: file.clone(),
                    name: cluster.name.clone(),
                    namespace: namespace(&view, &cluster.name),
                    listed,
                });
            }
        }
    }
    Ok(found)
}

/// The namespace that the contexts of a cluster agree on.
fn namespace(view: &View, cluster: &str) -> Option<String> {
    let contexts = view.contexts.iter().map(|it| &it.context);
    let own = contexts.filter(|it| it.cluster == cluster && !it.user.starts_with("keyfob-"));
    let mut names: Vec<&str> = own.map(|it| it.namespace.as_str()).collect();
    names.dedup();
    match names.as_slice() {
        [name] if !name.is_empty() => Some((*name).to_owned()),
        _ => None,
    }
}

/// Asks the server, as kubectl does, for what it tells everybody that it knows and nobody else.
fn prove(place: &Place<'_>, kubectl: &Path, cluster: &Cluster<'_>) -> Proof {
    let name = cluster.context();
    let context = format!("--context={name}");
    let name = printable_line(&name);
    let says = |words: &[&str]| {
        let start = Start {
            words,
            folder: Some(Path::new("/")),
            ..Start::default()
        };
        place.ask(kubectl, start)
    };
    match says(&["config", "view", "--minify", "-o", "json", &context]) {
        Ok(said) if said.is_well() && settings::runs(&said.stdout, &place.program) => {}
        Ok(said) if said.is_well() => {
            return Proof::Fails(format!("kubectl has another user for the context {name}"));
        }
        Ok(said) => return Proof::Fails(format!("kubectl does not read it: {}", reason(&said))),
        Err(why) => return Proof::NotYet(why),
    }
    if let Err(proof) = place.token(cluster.listed) {
        return proof;
    }
    match says(&["get", "--raw", "/api", "--request-timeout=10s", &context]) {
        Ok(said) if said.is_well() => Proof::Works(format!(
            "the server takes the token of `{}` from kubectl in the context {name}",
            cluster.listed.target
        )),
        Ok(said) => Proof::NotYet(format!(
            "kubectl runs keyfob in the context {name}, but the server does not answer it: {}",
            reason(&said)
        )),
        Err(why) => Proof::NotYet(why),
    }
}
