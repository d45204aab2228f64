//! kubectl, the one on the path and a recent one, with keyfob as its credential plug-in, against an API
//! server that checks the token by the provider's keys.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::guard::Guard;
use crate::support::kube_api::{KubeApi, POD};
use crate::support::process::{Ran, run};
use crate::support::python;
use crate::support::session::{Bench, WITH_GRACE};
use crate::support::world::World;

/// The practice provider's number of the person who signs in.
const AMARA: &str = "5d0c1f3e-8a54-4c1b-9f0e-2b7c61a4d801";

/// Somebody who is signed in and has listed one API server of two.
struct Cluster {
    bench: Bench,
    listed: KubeApi,
    unlisted: KubeApi,
}

impl Cluster {
    fn new() -> Self {
        let mut bench = Bench::new("sealed", WITH_GRACE);
        let guard = Guard::of(bench.provider.issuer());
        let listed = KubeApi::start(&bench.world, guard.clone());
        let unlisted = KubeApi::start(&bench.world, guard);
        let more = format!(
            "store = \"sealed\"\nkubernetes = [\"{}\"]\n",
            listed.server()
        );
        bench.world.profile(bench.provider.issuer(), &more);
        Self {
            bench,
            listed,
            unlisted,
        }
    }

    /// `kubectl get pods` at one of the two.
    #[track_caller]
    fn pods(&self, kubectl: &Kubectl, api: &KubeApi, exec: &Value) -> Ran {
        let world = &self.bench.world;
        let config = api.kubeconfig(world, &json!({ "exec": exec }));
        let mut command = world.command(&kubectl.program);
        command.args(["get", "pods", "-o", "json", "--request-timeout", "20"]);
        command.env("KUBECONFIG", config);
        run(command)
    }
}

struct Kubectl {
    program: PathBuf,
    minor: u32,
}

impl Kubectl {
    /// The machine's, and the one that comes with the locked Python environment.
    fn all(world: &World) -> Vec<Self> {
        let recent = PathBuf::from(python::tool(world, "kubectl").get_program());
        let both = [PathBuf::from("kubectl"), recent];
        let both = both.map(|program| {
            let mut command = world.command(&program);
            command.args(["version", "--client", "-o", "json"]);
            let told: Value = serde_json::from_str(run(command).answer()).unwrap();
            let minor = told["clientVersion"]["minor"].as_str().unwrap();
            let minor = minor.trim_end_matches('+').parse().unwrap();
            Self { program, minor }
        });
        both.into()
    }

    /// The versions of the protocol that it speaks.
    fn versions(&self) -> Vec<&'static str> {
        let mut versions = vec!["client.authentication.k8s.io/v1beta1"];
        // Since 1.22.
        if self.minor >= 22 {
            versions.push("client.authentication.k8s.io/v1");
        }
        versions
    }
}

/// The part of a kubeconfig that names keyfob.
fn plug_in(version: &str) -> Value {
    json!({
        "apiVersion": version,
        "command": env!("CARGO_BIN_EXE_keyfob"),
        "args": ["credential", "kubernetes", "work"],
        "interactiveMode": "IfAvailable",
        "provideClusterInfo": true,
    })
}

#[test]
fn each_kubectl_is_let_in_by_each_version_of_the_protocol() {
    let cluster = Cluster::new();

    for kubectl in Kubectl::all(&cluster.bench.world) {
        for version in kubectl.versions() {
            let ran = cluster.pods(&kubectl, &cluster.listed, &plug_in(version));

            let list: Value = serde_json::from_str(ran.answer()).unwrap();
            let pod = &list["items"][0]["metadata"];
            assert_eq!(pod["name"], POD, "1.{} {version}", kubectl.minor);
            assert_eq!(pod["annotations"]["seen"], AMARA);
        }
    }
    assert_eq!(
        cluster.bench.refreshes(),
        [true],
        "the first token was enough"
    );
}

#[test]
fn a_server_that_is_not_listed_sees_no_token() {
    let cluster = Cluster::new();

    for kubectl in Kubectl::all(&cluster.bench.world) {
        for version in kubectl.versions() {
            let ran = cluster.pods(&kubectl, &cluster.unlisted, &plug_in(version));

            assert_eq!(ran.status, Some(1), "{ran:?}");
            let server = cluster.unlisted.server();
            assert!(
                ran.stderr.contains(&server) && ran.stderr.contains("kubernetes"),
                "{ran:?}"
            );
        }
    }
    let asked = cluster.unlisted.asked();
    assert!(asked.iter().all(|one| one.scheme().is_none()), "{asked:?}");
}

#[test]
fn a_kubeconfig_that_hides_the_server_gets_no_token() {
    let cluster = Cluster::new();

    for kubectl in Kubectl::all(&cluster.bench.world) {
        let mut exec = plug_in(kubectl.versions()[0]);
        exec["provideClusterInfo"] = json!(false);
        let ran = cluster.pods(&kubectl, &cluster.listed, &exec);

        assert!(ran.stderr.contains("provideClusterInfo"), "{ran:?}");
    }
    let asked = cluster.listed.asked();
    assert!(asked.iter().all(|one| one.scheme().is_none()), "{asked:?}");
}

#[test]
fn whoever_is_not_signed_in_is_told_so_by_kubectl() {
    let cluster = Cluster::new();
    cluster.bench.world.run("logout work").answer();

    for kubectl in Kubectl::all(&cluster.bench.world) {
        let exec = plug_in(kubectl.versions()[0]);
        let ran = cluster.pods(&kubectl, &cluster.listed, &exec);

        assert_eq!(ran.status, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("keyfob login work"), "{ran:?}");
    }
}
