//! A kubeconfig for one cluster, whose user is a token in a file.
//!
//! Of the user's own configuration only the cluster and the namespace are taken over: whatever it
//! runs, proxies or trusts besides is left out. A cluster whose certificate is not checked is
//! refused, since a token would go to whoever answers.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use std::time::Duration;

use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, Site, SiteError, printable_line};
use crate::sys::program::{self, Start};

/// kubectl reads a file or two.
const PATIENCE: Duration = Duration::from_secs(30);

/// What says how a cluster is reached and known.
const OF_A_CLUSTER: [&str; 4] = [
    "certificate-authority",
    "certificate-authority-data",
    "server",
    "tls-server-name",
];

/// What is read of `kubectl config view`: none of the keys and tokens that its users have.
#[derive(Default, Deserialize)]
#[serde(default)]
struct View {
    clusters: Option<Vec<Named>>,
    contexts: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Named {
    cluster: Option<Value>,
}

fn first<T>(list: Option<Vec<T>>) -> Option<T> {
    list?.into_iter().next()
}

/// The user's current cluster.
#[derive(Debug)]
pub(super) struct Cluster {
    /// Where it is.
    pub(super) server: Site,
    members: Map<String, Value>,
    namespace: Option<String>,
}

/// Why there is no such cluster.
#[derive(Debug, thiserror::Error)]
pub(super) enum KubeError {
    #[error("the current cluster's address cannot be used: {0}")]
    Address(#[from] SiteError),
    #[error("kubectl has no current cluster")]
    NoCluster,
    #[error("there is no kubectl on PATH to ask for the current cluster")]
    NoKubectl,
    #[error("what `kubectl config view` says cannot be read")]
    NotRead,
    #[error("kubectl does not say which cluster is the current one: {0}")]
    Silent(String),
    #[error("the current cluster's certificate is not checked (`{0}`), so no token goes there")]
    Unchecked(&'static str),
}

impl Diagnostic for KubeError {
    fn exit(&self) -> Exit {
        match self {
            Self::Address(_) | Self::NoCluster | Self::Unchecked(_) => Exit::Config,
            Self::NoKubectl | Self::NotRead | Self::Silent(_) => Exit::Fault,
        }
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Address(_) | Self::NoCluster => {
                "choose another context with `kubectl config use-context`"
            }
            Self::Unchecked(_) => "give kubectl the cluster's certificate instead",
            Self::NoKubectl => "install kubectl, or correct PATH",
            Self::NotRead | Self::Silent(_) => return None,
        };
        Some(Hint::Try(hint.to_owned()))
    }
}

impl Cluster {
    /// Asks kubectl for the current cluster.
    ///
    /// # Errors
    ///
    /// [`KubeError`].
    pub(super) fn current(app: &App) -> Result<Self, KubeError> {
        let kubectl = program::find("kubectl", &app.env.vars).ok_or(KubeError::NoKubectl)?;
        let start = Start {
            words: &[
                "config",
                "view",
                "--minify",
                "--flatten",
                "--raw",
                "-o",
                "json",
            ],
            ..Start::default()
        };
        let silent = |why: &str| KubeError::Silent(printable_line(why).into_owned());
        let said = program::run(&kubectl, start, (app.clock(), PATIENCE));
        let said = said.map_err(|error| silent(&error.to_string()))?;
        let said = said.ok_or_else(|| silent("it did not end in time"))?;
        if !said.is_well() {
            return Err(silent(String::from_utf8_lossy(&said.stderr).trim()));
        }
        Self::read(&said.stdout)
    }

    /// Reads what `kubectl config view --minify --flatten --raw -o json` says: one context, its
    /// cluster and its user.
    fn read(said: &[u8]) -> Result<Self, KubeError> {
        let view: View = serde_json::from_slice(said).map_err(|_| KubeError::NotRead)?;
        let named = first(view.clusters).and_then(|named| named.cluster);
        let cluster = named.as_ref().and_then(Value::as_object);
        let cluster = cluster.ok_or(KubeError::NoCluster)?;
        if cluster
            .get("insecure-skip-tls-verify")
            .is_some_and(|it| *it != json!(false))
        {
            return Err(KubeError::Unchecked("insecure-skip-tls-verify"));
        }
        let server = cluster.get("server").and_then(Value::as_str);
        let context = first(view.contexts).unwrap_or_default();
        let namespace = context.pointer("/context/namespace");
        Ok(Self {
            server: Site::parse(server.ok_or(KubeError::NoCluster)?)?,
            members: cluster
                .iter()
                .filter(|(name, _)| OF_A_CLUSTER.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            namespace: namespace.and_then(Value::as_str).map(str::to_owned),
        })
    }

    /// Writes the configuration; the token is in the file `token`.
    pub(super) fn print(&self, token: &str) -> String {
        let mut context = json!({ "cluster": NAME, "user": NAME });
        if let Some(namespace) = &self.namespace {
            context["namespace"] = namespace.as_str().into();
        }
        json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{ "name": NAME, "cluster": self.members }],
            "users": [{ "name": NAME, "user": { "tokenFile": token } }],
            "contexts": [{ "name": NAME, "context": context }],
            "current-context": NAME,
        })
        .to_string()
    }
}

/// What everything is called in it.
const NAME: &str = "keyfob";

#[cfg(test)]
mod tests {
    use super::*;

    fn view(cluster: &Value) -> Vec<u8> {
        json!({
            "kind": "Config",
            "apiVersion": "v1",
            "clusters": [{ "name": "prod", "cluster": cluster }],
            "contexts": [{ "name": "prod", "context": {
                "cluster": "prod", "user": "me", "namespace": "shop"
            } }],
            "users": [{ "name": "me", "user": { "exec": { "command": "evil" } } }],
        })
        .to_string()
        .into_bytes()
    }

    #[test]
    fn the_cluster_is_taken_over_and_nothing_that_runs_or_redirects() {
        let cluster = json!({
            "server": "https://k8s.example.com:6443",
            "certificate-authority-data": "Q0E=",
            "tls-server-name": "k8s",
            "proxy-url": "http://evil.example",
            "insecure-skip-tls-verify": false,
            "extensions": [{ "name": "x" }],
        });
        let cluster = Cluster::read(&view(&cluster)).unwrap();

        assert_eq!(cluster.server.to_string(), "https://k8s.example.com:6443/");
        let printed: Value = serde_json::from_str(&cluster.print("/run/t")).unwrap();
        let expected = json!({
            "server": "https://k8s.example.com:6443",
            "certificate-authority-data": "Q0E=",
            "tls-server-name": "k8s",
        });
        assert_eq!(printed["clusters"][0]["cluster"], expected);
        assert_eq!(
            printed["users"][0]["user"],
            json!({ "tokenFile": "/run/t" })
        );
        assert_eq!(printed["contexts"][0]["context"]["namespace"], "shop");
    }

    #[test]
    fn what_no_token_may_go_to_is_refused() {
        let https = "https://k8s.example.com";
        for (said, word) in [
            (b"".to_vec(), "cannot be read"),
            (b"[]".to_vec(), "no current"),
            (b"{}".to_vec(), "no current"),
            (b"{\"clusters\":null}".to_vec(), "no current"),
            (view(&json!(null)), "no current"),
            (view(&json!({})), "no current"),
            (view(&json!({ "server": 7 })), "no current"),
            (view(&json!({ "server": "" })), "address"),
            (
                view(&json!({ "server": "http://k8s.example.com" })),
                "address",
            ),
            (
                view(&json!({ "server": "https://u:p@k8s.example.com" })),
                "address",
            ),
            (
                view(&json!({ "server": "https://k8s.example.com\n.evil" })),
                "address",
            ),
            (
                view(&json!({ "server": https, "insecure-skip-tls-verify": true })),
                "not checked",
            ),
            (
                view(&json!({ "server": https, "insecure-skip-tls-verify": "no" })),
                "not checked",
            ),
        ] {
            let error = Cluster::read(&said).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
