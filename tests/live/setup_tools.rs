//! What `keyfob setup` writes for kubectl, the AWS CLI and pip, read and used by the real ones.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::guard::Guard;
use crate::support::kube_api::{KubeApi, POD};
use crate::support::moto::Moto;
use crate::support::process::{Ran, run};
use crate::support::python;
use crate::support::session::{Bench, WITH_GRACE};
use crate::support::world::World;

/// Somebody who is signed in, and a guard who knows the provider.
fn signed_in() -> (Bench, Guard) {
    let bench = Bench::new("sealed", WITH_GRACE);
    let guard = Guard::of(bench.provider.issuer());
    (bench, guard)
}

/// Puts folders before all others.
fn first_on_path(world: &mut World, folders: &[PathBuf]) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = folders.iter().cloned().chain(std::env::split_paths(&path));
    world.set("PATH", std::env::join_paths(folders).unwrap());
}

/// The folder of the locked environment's programs.
fn locked(world: &World) -> PathBuf {
    let aws = python::tool(world, "aws");
    Path::new(aws.get_program()).parent().unwrap().to_owned()
}

#[track_caller]
fn well(ran: Ran) -> Ran {
    assert_eq!(ran.status, Some(0), "{ran:?}");
    ran
}

#[track_caller]
fn says(ran: &Ran, words: &str) {
    assert!(ran.stderr.contains(words), "no `{words}`: {ran:?}");
}

#[test]
fn each_kubectl_gets_a_context_of_its_own_and_gives_it_back() {
    let (mut bench, guard) = signed_in();
    let listed = KubeApi::start(&bench.world, guard.clone());
    let unlisted = KubeApi::start(&bench.world, guard);
    let more = format!(
        "store = \"sealed\"\nkubernetes = [\"{}\"]\n",
        listed.server()
    );
    bench.world.profile(bench.provider.issuer(), &more);
    let recent = locked(&bench.world);
    for folders in [Vec::new(), vec![recent]] {
        first_on_path(&mut bench.world, &folders);
        let world = &bench.world;
        let theirs = listed.kubeconfig(world, &json!({ "token": "theirs" }));
        let text = fs::read_to_string(theirs).unwrap();
        let mut config: Value = serde_json::from_str(&text).unwrap();
        config["clusters"].as_array_mut().unwrap().push(json!({
            "name": "other",
            "cluster": { "server": unlisted.server(), "certificate-authority": "ca.pem" },
        }));
        config["contexts"][0]["context"]["namespace"] = json!("default");
        // As people write it: with a comment, and in a folder of its own.
        let before = format!("# mine\n{config}");
        fs::create_dir_all(world.path(".kube")).unwrap();
        world.write(".kube/config", &before);
        let now = || fs::read_to_string(world.path(".kube/config")).unwrap();

        let shown = well(world.run("setup kubectl work"));
        assert!(
            shown.stdout.contains("provideClusterInfo: true"),
            "{shown:?}"
        );
        assert_eq!(now(), before);
        let written = well(world.run("setup kubectl work --write"));
        says(
            &written,
            "Proven: the server takes the token of `work` from kubectl",
        );
        says(&written, "keyfob-work@c");
        let once = now();
        well(world.run("setup kubectl work --write"));
        assert_eq!(now(), once, "twice is once");
        assert!(!once.contains("keyfob-work@other"), "{once}");
        assert!(once.contains("certificate-authority: ca.pem"), "{once}");

        let mut pods = world.command("kubectl");
        pods.args(["--context", "keyfob-work@c", "get", "pods", "-o", "json"]);
        let pods: Value = serde_json::from_str(run(pods).answer()).unwrap();
        assert_eq!(pods["items"][0]["metadata"]["name"], POD);
        let mut current = world.command("kubectl");
        current.args(["config", "current-context"]);
        assert_eq!(run(current).answer().trim(), "x", "nothing is switched");

        well(world.run("setup kubectl --remove"));
        assert_eq!(now(), before);

        // What was added since stays.
        well(world.run("setup kubectl work --write"));
        let mut add = world.command("kubectl");
        add.args(["config", "set-context", "added", "--cluster", "c"]);
        well(run(add));
        well(world.run("setup kubectl --remove"));
        let left = now();
        assert!(left.contains("added") && left.contains("theirs"), "{left}");
        assert!(!left.contains("keyfob-work"), "{left}");
    }
}

#[test]
fn a_kubeconfig_that_kubectl_cannot_read_stays() {
    let (bench, _guard) = signed_in();
    let world = &bench.world;
    well(world.run("config set work.kubernetes https://10.0.0.1:6443"));
    fs::create_dir_all(world.path(".kube")).unwrap();
    for broken in ["clusters: [", "clusters: 7\n", "\u{1}\n"] {
        world.write(".kube/config", broken);

        let refused = world.run("setup kubectl --write");

        assert_eq!(refused.status, Some(1), "{refused:?}");
        says(&refused, "stays as it is");
        let now = fs::read_to_string(world.path(".kube/config")).unwrap();
        assert_eq!(now, broken);
    }
    world.write(".kube/config", "kind: Config\n");
    let none = world.run("setup kubectl --write");
    assert_eq!(none.status, Some(8), "{none:?}");
    says(&none, "kubectl config set-cluster");
}

#[test]
fn the_aws_cli_signs_with_the_keys_of_its_profile() {
    let (mut bench, guard) = signed_in();
    let moto = Moto::start(&bench.world, guard);
    let folder = locked(&bench.world);
    first_on_path(&mut bench.world, &[folder]);
    let more = format!(
        "store = \"sealed\"\naws_role = \"arn:aws:iam::123456789012:role/dev\"\n\
         aws_region = \"eu-central-1\"\naws_endpoint = \"{}\"\n",
        moto.endpoint()
    );
    bench.world.profile(bench.provider.issuer(), &more);
    let world = &bench.world;
    fs::create_dir_all(world.path(".aws")).unwrap();
    world.write(".aws/config", "[default]\nregion = us-east-1\n# mine\n");

    let written = well(world.run("setup aws work --write"));

    says(
        &written,
        "Proven: aws runs keyfob for the profile keyfob-work",
    );
    let mut who = world.command("aws");
    who.args(["sts", "get-caller-identity", "--profile", "keyfob-work"]);
    who.args(["--endpoint-url", &moto.endpoint()]);
    let who: Value = serde_json::from_str(run(who).answer()).unwrap();
    assert!(who["Arn"].as_str().unwrap().contains("role/dev"), "{who}");
    assert_eq!(
        moto.calls("AssumeRoleWithWebIdentity"),
        1,
        "the keys are kept"
    );
    well(world.run("setup aws --remove"));
    let now = fs::read_to_string(world.path(".aws/config")).unwrap();
    assert_eq!(now, "[default]\nregion = us-east-1\n# mine\n");
}

#[test]
fn pip_reads_where_its_passwords_come_from() {
    let (mut bench, _guard) = signed_in();
    let folder = locked(&bench.world);
    first_on_path(&mut bench.world, &[folder.clone()]);
    well(
        bench
            .world
            .run("config set work.pip https://pypi.example.com/simple/"),
    );

    let written = well(bench.world.run("setup pip work --write"));

    says(&written, "Proven: pip asks the keyring command");
    says(&written, "is not the first on PATH");
    let shims = written
        .stderr
        .split_whitespace()
        .find(|it| it.ends_with("/shims/pip"));
    let shims = PathBuf::from(shims.unwrap());
    first_on_path(&mut bench.world, &[shims, folder]);
    let again = well(bench.world.run("setup pip work --write"));
    says(
        &again,
        "Proven: keyring gets the token of `work` for https://pypi.example.com/simple/",
    );
    assert!(!again.stderr.contains("is not the first"), "{again:?}");
}
