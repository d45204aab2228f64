//! The servers that check a token, each with the real client that is pointed at it later: a good token
//! opens it, and no token does not. Tokens go in files here, since none of this is about keyfob.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cargo_registry::{CRATE, CargoRegistry, cargo};
use crate::support::git_http::{GitHttp, Shown};
use crate::support::google_sts::GoogleSts;
use crate::support::guard::Guard;
use crate::support::kube_api::{KubeApi, POD};
use crate::support::moto::Moto;
use crate::support::pip_index::{PACKAGE, PipIndex};
use crate::support::postgres::Postgres;
use crate::support::process::run;
use crate::support::python;
use crate::support::session::{Bench, WITH_GRACE};

/// The practice provider's number of the person who signs in.
const AMARA: &str = "5d0c1f3e-8a54-4c1b-9f0e-2b7c61a4d801";

/// Somebody with a token, and a guard who knows the provider.
fn signed_in() -> (Bench, Guard, String) {
    let bench = Bench::new("sealed", WITH_GRACE);
    let guard = Guard::of(bench.provider.issuer());
    let token = bench.world.run("token work").answer().to_owned();
    (bench, guard, token)
}

/// The same token with its signature spoilt.
fn spoilt(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    format!("{signed}.{turned}")
}

#[test]
fn the_guard_knows_a_token_of_the_provider_and_no_other() {
    let (_bench, guard, token) = signed_in();

    assert_eq!(guard.claims(&token).unwrap()["sub"], AMARA);
    for bad in [spoilt(&token), "a.b.c".to_owned(), String::new()] {
        assert!(guard.claims(&bad).is_none(), "{bad}");
    }
}

#[test]
fn moto_gives_credentials_for_a_token_and_keeps_what_they_store() {
    let (mut bench, guard, token) = signed_in();
    let moto = Moto::start(&bench.world, guard);
    bench.world.set("AWS_ENDPOINT_URL", moto.endpoint());
    bench.world.set("AWS_DEFAULT_REGION", "eu-central-1");
    let assume = |name: &str, token: &str| {
        let file = bench.world.write(name, token);
        let mut aws = python::tool(&bench.world, "aws");
        aws.args(["sts", "assume-role-with-web-identity", "--role-arn"]);
        aws.args([
            "arn:aws:iam::123456789012:role/dev",
            "--role-session-name",
            "amara",
        ]);
        aws.arg("--web-identity-token");
        aws.arg(format!("file://{}", file.display()));
        run(aws)
    };

    let given = assume("token", &token);
    let refused = assume("spoilt", &spoilt(&token));

    let given: Value = serde_json::from_str(given.answer()).unwrap();
    assert!(given["Credentials"]["SecretAccessKey"].is_string());
    assert!(
        refused.stderr.contains("InvalidIdentityToken"),
        "{refused:?}"
    );
    assert_eq!(moto.calls("AssumeRoleWithWebIdentity"), 2);
    let mut s3 = python::script(&bench.world, "s3_round_trip.py");
    for (name, part) in [
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ] {
        s3.env(name, given["Credentials"][part].as_str().unwrap());
    }
    assert_eq!(run(s3).answer(), "kept");
    assert!(moto.asked().iter().any(|one| one.method == "PUT"));
}

#[test]
fn the_stand_in_of_googles_exchange_trades_a_token() {
    let (_bench, guard, token) = signed_in();
    let pool =
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k";
    let sts = GoogleSts::start(guard, pool, Duration::from_secs(300));
    let exchange = |token: &str| {
        let form = [
            (
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
            ),
            ("audience", pool),
            ("subject_token", token),
        ];
        let mut answer = ureq::post(sts.token_url()).send_form(form).ok()?;
        serde_json::from_str::<Value>(&answer.body_mut().read_to_string().ok()?).ok()
    };

    let given = exchange(&token).unwrap();
    let opened = ureq::get(sts.resource())
        .header(
            "Authorization",
            format!("Bearer {}", given["access_token"].as_str().unwrap()),
        )
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();

    assert!(opened.contains(AMARA), "{opened}");
    assert!(exchange(&spoilt(&token)).is_none());
    assert_eq!(sts.exchanges(), 2);
}

#[test]
fn both_kubectls_show_the_pod_to_whoever_has_a_token() {
    let (bench, guard, token) = signed_in();
    let api = KubeApi::start(&bench.world, guard);
    let recent = python::tool(&bench.world, "kubectl");
    let recent = PathBuf::from(recent.get_program());

    for kubectl in [PathBuf::from("kubectl"), recent] {
        for (token, is_good) in [(token.clone(), true), (spoilt(&token), false)] {
            let file = bench.world.write("token", &token);
            let config = api.kubeconfig(&bench.world, &json!({ "tokenFile": file }));
            let mut command = bench.world.command(&kubectl);
            command.args(["get", "pods", "--request-timeout", "20"]);
            command.env("KUBECONFIG", config);
            let ran = run(command);

            assert_eq!(ran.stdout.contains(POD), is_good, "{kubectl:?}: {ran:?}");
        }
    }
    let schemes: Vec<_> = api
        .asked()
        .iter()
        .map(|one| one.scheme().map(str::to_owned))
        .collect();
    assert!(schemes.contains(&Some("Bearer".to_owned())), "{schemes:?}");
}

#[test]
fn git_clones_and_pushes_with_a_token_and_not_without() {
    let (bench, guard, token) = signed_in();
    let world = &bench.world;
    let server = GitHttp::tls(world, guard, Shown::Bearer);
    let git = |line: &str| {
        let mut git = world.command("git");
        git.args(line.split(' '));
        git.env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0");
        git.env("GIT_SSL_CAINFO", world.path("git.pem"));
        run(git)
    };
    let name = "[user]\nname = a\nemail = a@example.com\n";
    world.write(".gitconfig", name);
    let clone = format!("clone --quiet {} clone", server.repository());

    let without = git(&clone);
    world.write(
        ".gitconfig",
        &format!("{name}[http]\nextraHeader = Authorization: Bearer {token}\n"),
    );
    git(&clone).answer();
    git("-C clone commit --quiet --allow-empty -m second").answer();
    git("-C clone push --quiet origin main").answer();

    assert_eq!(without.status, Some(128), "{without:?}");
    let log = git("-C git-server/team/app.git log --format=%s main");
    assert_eq!(log.answer(), "second\nfirst");
    assert!(server.asked().len() > 3 && server.origin().starts_with("https://localhost:"));
}

#[test]
fn cargo_fetches_a_crate_with_a_token_and_not_without() {
    let (bench, guard, token) = signed_in();
    let registry = CargoRegistry::start(&bench.world, guard, "none");
    bench.world.write(
        "app/Cargo.toml",
        &format!(
            "[package]\nname = \"app\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
         [dependencies]\n{CRATE} = {{ version = \"1\", registry = \"mine\" }}\n"
        ),
    );
    bench.world.write("app/src/lib.rs", "");
    let fetch = |token: &str| {
        let file = bench.world.write("token", token);
        bench.world.write(
            "cargo/config.toml",
            &format!(
                "[registries.mine]\nindex = \"{}\"\n\
             credential-provider = [\"cargo:token-from-stdout\", \"cat\", \"{}\"]\n",
                registry.index(),
                file.display()
            ),
        );
        let mut cargo = cargo(&bench.world);
        cargo.args(["fetch", "--manifest-path"]);
        cargo.arg(bench.world.path("app/Cargo.toml"));
        run(cargo)
    };

    let without = fetch(&spoilt(&token));
    let with = fetch(&token);

    assert!(without.stderr.contains("401"), "{without:?}");
    with.answer();
    let asked = registry.asked();
    assert!(
        asked.last().unwrap().path.ends_with("/1.0.0/download"),
        "{asked:?}"
    );
}

#[test]
fn pip_downloads_a_package_with_a_token_and_not_without() {
    let (mut bench, guard, token) = signed_in();
    let index = PipIndex::start(&bench.world, guard, "amara");
    let netrc = bench.world.path("netrc");
    bench.world.set("NETRC", netrc);
    let download = |token: &str| {
        bench.world.write(
            "netrc",
            &format!("machine 127.0.0.1 login amara password {token}\n"),
        );
        let mut pip = python::tool(&bench.world, "pip");
        pip.args([
            "download",
            "--no-input",
            "--no-deps",
            "--disable-pip-version-check",
            "--isolated",
        ]);
        pip.args(["--index-url", &index.url(), "--dest", "got", PACKAGE]);
        run(pip)
    };

    let without = download(&spoilt(&token));
    let with = download(&token);

    assert_eq!(without.status, Some(1), "{without:?}");
    assert_eq!(with.status, Some(0), "{with:?}");
    assert!(index.asked().iter().any(|one| one.path.ends_with(".whl")));
}

#[test]
fn postgresql_takes_a_token_for_a_password_and_not_another() {
    let (bench, guard, token) = signed_in();
    let postgres = Postgres::start(guard, "amara", AMARA);
    let ask = |token: &str| {
        let file = bench.world.write("pgpass", &format!("*:*:*:*:{token}\n"));
        let mut psql = bench.world.command("psql");
        psql.env("PGPASSFILE", file);
        psql.env("PGSSLROOTCERT", postgres.certificate());
        psql.env("PGSSLMODE", "verify-full");
        psql.args([
            "-h",
            "localhost",
            "-p",
            &postgres.port().to_string(),
            "-U",
            "amara",
            "-w",
        ]);
        psql.args(["-d", "postgres", "-Atc", "select current_user"]);
        run(psql)
    };

    let without = ask(&spoilt(&token));
    let with = ask(&token);

    assert!(
        without.stderr.contains("LDAP authentication failed"),
        "{without:?}"
    );
    assert_eq!(with.answer(), "amara");
    assert_eq!(postgres.signed_in(), 1);
}
