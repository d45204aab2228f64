//! As much of a Kubernetes API server as `kubectl get pods` needs, with TLS and the authentication of
//! a cluster that trusts an OpenID Connect provider.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::guard::Guard;
use super::web::{Asked, Told, Web};
use super::world::World;

/// The one pod there is.
pub(crate) const POD: &str = "a-pod-of-this-test";

/// Open until dropped.
pub(crate) struct KubeApi {
    web: Web,
    authority: PathBuf,
}

impl KubeApi {
    /// Knows whoever this guard knows; its certificate is a file of the world.
    pub(crate) fn start(world: &World, guard: Guard) -> Self {
        let web = Web::tls(move |asked| answer(asked, &guard));
        let certificate = web.certificate().expect("it has one");
        let authority = world.write(
            &format!("{}.pem", web.origin().replace('/', "")),
            certificate,
        );
        Self { web, authority }
    }

    /// The server's address, as kubeconfig and the setting `kubernetes` name it.
    pub(crate) fn server(&self) -> String {
        self.web.origin()
    }

    /// Who was asked for what: paths, and the scheme of the authorization.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.web.asked()
    }

    /// Writes a kubeconfig that names this server and how its user signs in: `{ "exec": … }` as in
    /// the documentation of `ExecCredential`, or `{ "tokenFile": … }`.
    pub(crate) fn kubeconfig(&self, world: &World, user: &Value) -> PathBuf {
        let config = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{ "name": "c", "cluster": {
                "server": self.server(),
                "certificate-authority": self.authority,
            }}],
            "users": [{ "name": "u", "user": user }],
            "contexts": [{ "name": "x", "context": { "cluster": "c", "user": "u" } }],
            "current-context": "x",
        });
        world.write("kubeconfig", &config.to_string())
    }
}

fn answer(asked: &Asked, guard: &Guard) -> Told {
    let authorization = asked.header("authorization");
    let caller = authorization.and_then(|field| guard.caller(field));
    let path = asked.path.split('?').next().unwrap_or_default();
    if path == "/version" {
        return Told::json(
            200,
            &json!({ "major": "1", "minor": "37", "gitVersion": "v1.37.0" }),
        );
    }
    let Some(caller) = caller.filter(|caller| caller.scheme == "Bearer") else {
        return Told::json(401, &status(401, "Unauthorized", "Unauthorized"));
    };
    match path {
        "/api" => Told::json(200, &json!({ "kind": "APIVersions", "versions": ["v1"] })),
        "/apis" => {
            let list = json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": [] });
            Told::json(200, &list)
        }
        "/api/v1" => {
            let pods = json!({ "name": "pods", "singularName": "pod", "namespaced": true,
                "kind": "Pod", "verbs": ["get", "list"], "shortNames": ["po"] });
            let list =
                json!({ "kind": "APIResourceList", "groupVersion": "v1", "resources": [pods] });
            Told::json(200, &list)
        }
        "/api/v1/namespaces/default/pods" => Told::json(200, &pods(&caller.claims)),
        _ => Told::json(404, &status(404, "NotFound", "there is no such thing")),
    }
}

/// One pod, which tells whose token was shown.
fn pods(claims: &Value) -> Value {
    let pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": POD, "namespace": "default", "annotations": { "seen": claims["sub"] } },
        "spec": { "containers": [] },
        "status": { "phase": "Running" },
    });
    json!({ "kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [pod] })
}

fn status(code: u16, reason: &str, message: &str) -> Value {
    json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code })
}
