//! kubectl's credential plug-ins: `ExecCredential`, client.authentication.k8s.io v1 and v1beta1.
//!
//! The cluster comes from a kubeconfig that anybody may have written, so a token is given only for
//! a server that the user has listed; kubectl says which one when `provideClusterInfo` is set.

use serde::{Deserialize, Serialize};

use super::{Asked, Call, Found, Misread, Person, Protocol, Request, Step, early, instant};
use crate::base::{Secret, Site, printable_line};

pub(super) struct Kubernetes;

const VARIABLE: &str = "KUBERNETES_EXEC_INFO";
const V1: &str = "client.authentication.k8s.io/v1";
const V1BETA1: &str = "client.authentication.k8s.io/v1beta1";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    api_version: String,
    kind: String,
    #[serde(default)]
    spec: Spec,
}

#[derive(Default, Deserialize)]
struct Spec {
    interactive: Option<bool>,
    cluster: Option<Cluster>,
}

#[derive(Deserialize)]
struct Cluster {
    server: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Credential<'a> {
    api_version: &'a str,
    kind: &'a str,
    status: Status<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    token: &'a str,
    expiration_timestamp: String,
}

impl Protocol for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn about(&self) -> &'static str {
        "kubectl, and all that reads a kubeconfig"
    }

    fn help(&self) -> &'static str {
        "A user of a kubeconfig that names keyfob as its plug-in:
  exec:
    apiVersion: client.authentication.k8s.io/v1
    command: keyfob
    args: [credential, kubernetes, work/cluster]
    interactiveMode: IfAvailable
    provideClusterInfo: true

The cluster's server must be listed:
  keyfob config set work.target.cluster.kubernetes https://10.0.0.1:6443"
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        let what = "the variable KUBERNETES_EXEC_INFO";
        let missing = |what| Misread::Missing {
            what,
            hint: "set `provideClusterInfo: true` in the kubeconfig's `exec` section",
        };
        let info = call.vars.get(VARIABLE).ok_or(missing(what))?;
        let info: Info = serde_json::from_str(info).map_err(|_| Misread::Form {
            what,
            wanted: "an ExecCredential in JSON",
        })?;
        if info.kind != "ExecCredential" {
            return Err(Misread::Form {
                what,
                wanted: "an ExecCredential",
            });
        }
        let form = [V1, V1BETA1].into_iter().find(|v| *v == info.api_version);
        let form = form.ok_or_else(|| Misread::Version {
            what: "ExecCredential",
            found: printable_line(&info.api_version).chars().take(80).collect(),
            spoken: "client.authentication.k8s.io/v1 and v1beta1",
        })?;
        let server = info.spec.cluster.and_then(|cluster| cluster.server);
        let server = server.ok_or(missing("the cluster's server"))?;
        Ok(Step::Serve(Request {
            asked: Asked::Site(Site::parse(&server)?),
            person: match info.spec.interactive {
                Some(false) => Person::Never,
                Some(true) | None => Person::AsAgreed,
            },
            form,
            ..Request::default()
        }))
    }

    fn answer(&self, request: &Request, found: &Found<'_>) -> Secret {
        let token = found.token.expose();
        let credential = Credential {
            api_version: request.form,
            kind: "ExecCredential",
            status: Status {
                token,
                expiration_timestamp: instant(early(found.expires, found.now)),
            },
        };
        Secret::json(&credential, "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, found, misread, serve, var};
    use super::*;

    fn info(version: &str, rest: &str) -> String {
        format!(r#"{{"apiVersion":"{version}","kind":"ExecCredential","spec":{{{rest}}}}}"#)
    }

    const CLUSTER: &str = r#""interactive":false,"cluster":{"server":"https://10.0.0.1:6443"}"#;

    #[test]
    fn the_answer_has_the_version_that_was_asked_and_ends_a_little_early() {
        for version in [V1, V1BETA1] {
            let call = var(VARIABLE, &info(version, CLUSTER));

            let request = serve(&Kubernetes, &call);

            assert_eq!(request.person, Person::Never);
            assert_eq!(
                request.asked,
                Asked::Site(Site::parse("https://10.0.0.1:6443").unwrap())
            );
            assert_eq!(
                answer(&Kubernetes, &request, &found()),
                format!(
                    "{{\"apiVersion\":\"{version}\",\"kind\":\"ExecCredential\",\"status\":\
                     {{\"token\":\"t0ken\",\"expirationTimestamp\":\"2001-09-09T02:46:10Z\"}}}}\n"
                )
            );
        }
    }

    #[test]
    fn what_kubectl_would_not_send_is_refused() {
        let long = format!(
            r#""cluster":{{"server":"https://a/{}"}}"#,
            "x".repeat(70_000)
        );
        for (sent, said) in [
            (
                String::new(),
                "the variable KUBERNETES_EXEC_INFO is missing",
            ),
            ("{".into(), "is not an ExecCredential in JSON"),
            ("[]".into(), "is not an ExecCredential in JSON"),
            ("\u{1b}[2J".into(), "is not an ExecCredential in JSON"),
            (
                info("client.authentication.k8s.io/v1alpha1", CLUSTER),
                "`client.authentication.k8s.io/v1alpha1`",
            ),
            (info("v2\\u001b[2J", CLUSTER), "`v2\\u{1b}[2J`"),
            (
                info(V1, CLUSTER).replace("ExecCredential", "Secret"),
                "is not an ExecCredential",
            ),
            (info(V1, ""), "the cluster's server is missing"),
            (
                info(V1, r#""cluster":{}"#),
                "the cluster's server is missing",
            ),
            (
                info(V1, r#""cluster":{"server":7}"#),
                "is not an ExecCredential in JSON",
            ),
            (
                info(V1, r#""cluster":{"server":"10.0.0.1:6443"}"#),
                "is not the address of a server",
            ),
            (
                info(V1, r#""cluster":{"server":"http://10.0.0.1"}"#),
                "must start with `https://`",
            ),
            (
                info(V1, r#""cluster":{"server":"https://a@b/"}"#),
                "must not carry a user name",
            ),
            (
                info(V1, r#""cluster":{"server":"https://a/\nb"}"#),
                "white space",
            ),
            (info(V1, &long), "an address has at most"),
        ] {
            let message = misread(&Kubernetes, &var(VARIABLE, &sent));

            assert!(message.contains(said), "{message}: {said}");
            assert!(!message.contains('\u{1b}'), "{message}");
        }
    }
}
