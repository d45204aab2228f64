//! The AWS CLI and boto3 with the keys of a role that keyfob got for them: by `credential_process`,
//! and from the endpoint that `keyfob exec --aws` keeps up, over several lives of the keys.

use std::process::Command;
use std::time::Duration;

use crate::support::guard::Guard;
use crate::support::moto::Moto;
use crate::support::process::run;
use crate::support::python;
use crate::support::session::{Bench, WITH_GRACE};

/// Somebody signed in, whose profile takes on a role at moto.
struct Desk {
    bench: Bench,
    moto: Moto,
}

impl Desk {
    fn new(life: Option<Duration>) -> Self {
        let mut bench = Bench::new("sealed", WITH_GRACE);
        let guard = Guard::of(bench.provider.issuer());
        let moto = Moto::start_with(&bench.world, guard, life);
        let more = format!(
            "store = \"sealed\"\npresent = \"id\"\n\
             aws_role = \"arn:aws:iam::123456789012:role/dev\"\n\
             aws_region = \"eu-central-1\"\naws_endpoint = \"{}\"\n",
            moto.endpoint()
        );
        let issuer = bench.provider.issuer().to_owned();
        bench.world.profile(&issuer, &more);
        bench.world.set("AWS_ENDPOINT_URL", moto.endpoint());
        bench.world.set("AWS_REGION", "eu-central-1");
        bench.world.set("AWS_DEFAULT_REGION", "eu-central-1");
        bench.world.set("AWS_EC2_METADATA_DISABLED", "true");
        Self { bench, moto }
    }

    /// Tells AWS' tools by their own file to run keyfob for their keys.
    fn by_process(self) -> Self {
        std::fs::create_dir_all(self.bench.world.path(".aws")).unwrap();
        let keyfob = env!("CARGO_BIN_EXE_keyfob");
        let config = format!("[default]\ncredential_process = {keyfob} credential aws work\n");
        self.bench.world.write(".aws/config", &config);
        self
    }

    /// Runs a program under `keyfob exec work --aws`.
    fn under_exec(&self, program: &Command) -> Command {
        let mut command = self.bench.world.keyfob("exec work --aws --");
        command.arg(program.get_program()).args(program.get_args());
        for (name, value) in program.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command
    }

    fn asked(&self) -> usize {
        self.moto.calls("AssumeRoleWithWebIdentity")
    }
}

#[test]
fn the_aws_cli_and_boto3_run_keyfob_for_their_keys_and_aws_is_asked_once() {
    let desk = Desk::new(None).by_process();
    let world = &desk.bench.world;

    let mut who = python::tool(world, "aws");
    who.args(["sts", "get-caller-identity", "--output", "json"]);
    let who = run(who);
    let kept = run(python::script(world, "s3_round_trip.py"));

    let who: serde_json::Value = serde_json::from_str(who.answer()).unwrap();
    let arn = who["Arn"].as_str().unwrap();
    assert!(arn.contains(":assumed-role/dev/"), "{arn}");
    assert_eq!(kept.answer(), "kept");
    assert_eq!(desk.asked(), 1);
}

#[test]
fn the_aws_cli_and_boto3_take_keys_from_the_endpoint_of_exec() {
    let desk = Desk::new(None);
    let world = &desk.bench.world;

    let mut who = python::tool(world, "aws");
    who.args(["sts", "get-caller-identity", "--output", "text"]);
    let who = run(desk.under_exec(&who));
    let kept = run(desk.under_exec(&python::script(world, "s3_round_trip.py")));

    assert!(who.answer().contains(":assumed-role/dev/"), "{who:?}");
    assert_eq!(kept.answer(), "kept");
    assert_eq!(desk.asked(), 1);
}

#[test]
fn a_process_of_boto3s_outlives_three_lives_of_its_keys() {
    let by_endpoint = Desk::new(Some(Duration::from_secs(6)));
    let by_process = Desk::new(Some(Duration::from_secs(6))).by_process();

    let lifetimes = python::script(&by_endpoint.bench.world, "s3_lifetimes.py");
    let through_endpoint = run(by_endpoint.under_exec(&lifetimes));
    let lifetimes = python::script(&by_process.bench.world, "s3_lifetimes.py");
    let through_process = run(lifetimes);

    for (ran, desk) in [
        (&through_endpoint, &by_endpoint),
        (&through_process, &by_process),
    ] {
        assert_eq!(ran.answer(), "4", "{ran:?}");
        // One request for each life, and the one that was under way at the end.
        assert!((4..=5).contains(&desk.asked()), "{}", desk.asked());
    }
}

#[test]
fn a_refusal_of_aws_reaches_the_cli_with_the_next_step_and_no_token() {
    let desk = Desk::new(None).by_process();
    let world = &desk.bench.world;
    let token = world.run("token work --id-token").answer().to_owned();
    desk.moto.refuse_everybody();

    let mut who = python::tool(world, "aws");
    who.args(["sts", "get-caller-identity"]);
    let who = run(who);

    assert_ne!(who.status, Some(0));
    assert!(who.stderr.contains("keyfob explain aws work"), "{who:?}");
    assert!(!who.stderr.contains(&token));
}
