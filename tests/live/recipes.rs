//! The README's recipes for calling an API, each run as it stands there, with only the address
//! changed. What a recipe shows to others the watch sees: no token is in a command line.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::eventually;
use crate::support::guard::Guard;
use crate::support::postgres::Postgres;
use crate::support::process::{Ran, Running, run};
use crate::support::provider::Practice;
use crate::support::watch;
use crate::support::web::{Told, Web};
use crate::support::world::World;

/// What stands in the recipes for the API's address.
const ADDRESS: &str = "https://api.example.com";

/// The practice provider's number of the person who signs in.
const AMARA: &str = "5d0c1f3e-8a54-4c1b-9f0e-2b7c61a4d801";

/// Somebody who is signed in, and an API that knows the provider's keys.
struct Kitchen {
    world: World,
    practice: Practice,
    api: Web,
}

impl Kitchen {
    fn open() -> Self {
        let mut world = World::new();
        let practice = Practice::start(&world, "--sign-in-as amara");
        world.profile(&practice.issuer, "store = \"sealed\"\n");
        world.signed_in();
        let guard = Guard::of(&practice.issuer);
        let api = Web::plain(move |asked| {
            let caller = asked.header("authorization");
            let caller = caller.and_then(|field| guard.caller(field));
            let Some(caller) = caller else {
                return Told::text(401, "who?\n").with("WWW-Authenticate", "Basic realm=\"a\"");
            };
            // The same server by another name: an origin of its own to every client.
            if let Some(rest) = asked.path.strip_prefix("/elsewhere/") {
                let host = asked.header("host").unwrap_or_default();
                let there = host.replace("127.0.0.1", "localhost");
                return Told::text(302, "").with("Location", &format!("http://{there}/{rest}"));
            }
            Told::json(
                200,
                &json!({
                    "subject": caller.claims["sub"],
                    "scheme": caller.scheme,
                    "username": caller.username,
                }),
            )
        });
        Self {
            world,
            practice,
            api,
        }
    }

    /// Runs a line as a person's shell would.
    #[track_caller]
    fn run(&self, line: &str) -> Ran {
        run(self.shell(line))
    }

    fn shell(&self, line: &str) -> Command {
        let mut shell = self.world.command("bash");
        let keyfob = Path::new(env!("CARGO_BIN_EXE_keyfob"));
        let node = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/node_modules/.bin");
        let path = std::env::join_paths(
            [keyfob.parent().expect("it is in a folder"), Path::new(node)]
                .into_iter()
                .map(Path::to_owned)
                .chain(std::env::split_paths(
                    &std::env::var_os("PATH").unwrap_or_default(),
                )),
        );
        shell.args(["-c", line]);
        shell.env("PATH", path.expect("no folder has a colon in its name"));
        shell
    }

    /// Runs a recipe against the API.
    #[track_caller]
    fn cook(&self, recipe: &str, path: &str) -> Ran {
        let place = recipe.replace(
            &format!("{ADDRESS}/me"),
            &format!("{}{path}", self.api.origin()),
        );
        self.run(&place.replace("machine api.example.com", "machine 127.0.0.1"))
    }
}

/// The recipes of the README that call an API.
fn recipes() -> Vec<String> {
    let readme = include_str!("../../README.md");
    let (_, from) = readme
        .split_once("**Call an API without a token in the process list.**")
        .expect("the README has them");
    let (section, _) = from.split_once("\n**").expect("something follows them");
    let blocks = section.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).map(ToOwned::to_owned).collect()
}

/// Those for plain HTTP.
fn http_recipes() -> Vec<String> {
    let all = recipes();
    let recipes: Vec<_> = all
        .into_iter()
        .filter(|line| !line.contains("| buf ") && !line.contains("psql"))
        .collect();
    for tool in [
        "| curl -K -",
        "| curl -H @-",
        "http ",
        "wget ",
        "curl --netrc-file",
    ] {
        let count = recipes.iter().filter(|line| line.contains(tool)).count();
        assert!(count > 0, "the README has no recipe with `{tool}`");
    }
    recipes
}

#[test]
fn each_recipe_of_the_readme_calls_an_api_that_checks_the_token() {
    let kitchen = Kitchen::open();

    for recipe in http_recipes() {
        let ran = kitchen.cook(&recipe, "/me");

        let answer: Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{recipe}: {error}: {ran:?}"));
        let is_netrc = recipe.contains("netrc");
        assert_eq!(answer["subject"], AMARA, "{recipe}");
        assert_eq!(
            answer["scheme"],
            if is_netrc { "Basic" } else { "Bearer" },
            "{recipe}"
        );
        assert_eq!(ran.status, Some(0), "{recipe}: {ran:?}");
    }
}

#[test]
fn no_recipe_of_the_readme_takes_the_token_to_another_host() {
    let kitchen = Kitchen::open();

    for recipe in http_recipes() {
        let before = kitchen.api.asked().len();
        kitchen.cook(&recipe, "/elsewhere/me");

        let asked = &kitchen.api.asked()[before..];
        assert!(!asked.is_empty(), "{recipe}");
        for one in asked {
            let is_elsewhere = one.header("host").unwrap().starts_with("localhost");
            assert!(!is_elsewhere || one.scheme().is_none(), "{recipe}: {one:?}");
        }
    }
}

#[test]
fn the_recipe_for_grpc_calls_a_method_that_checks_the_token() {
    let kitchen = Kitchen::open();
    let server = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/live/tools/grpc_server.mjs"
    );
    let mut command = kitchen.world.command("node");
    command
        .arg(server)
        .arg(format!("{}/echo", kitchen.practice.issuer));
    let mut server = Running::start(command);
    let address = server.stdout_line("where it listens", |line| Some(line.to_owned()));
    kitchen.world.write(
        "orders.proto",
        "syntax = \"proto3\";\npackage acme;\nservice Orders { rpc Get(Order) returns (Order); }\n\
         message Order { string name = 1; }\n",
    );
    let recipe = recipes()
        .into_iter()
        .find(|line| line.contains("| buf curl"));
    let recipe = recipe.expect("the README has one for gRPC");

    // On a loopback port there is no TLS that would agree on HTTP/2.
    let place = format!("--http2-prior-knowledge {address}");
    let ran = kitchen.run(&recipe.replace(ADDRESS, &place));
    let without = kitchen.run(&recipe.replace(ADDRESS, &place).replace("-H @-", ""));

    let answer: Value = serde_json::from_str(ran.answer()).unwrap();
    assert_eq!(answer["name"], "Amara Okafor /acme.Orders/Get");
    assert!(without.stderr.contains("unauthenticated"), "{without:?}");
}

#[test]
fn the_recipe_for_psql_signs_in_to_a_server_that_checks_the_token() {
    let mut kitchen = Kitchen::open();
    let guard = Guard::of(&kitchen.practice.issuer);
    let postgres = Postgres::start(guard, "amara", AMARA);
    let recipe = recipes().into_iter().find(|line| line.contains("psql"));
    let recipe = recipe.expect("the README has one for PostgreSQL");
    let place = format!("host=localhost port={}", postgres.port());
    let line = recipe.replace("host=db.example.com", &place);

    kitchen.world.set("PGSSLROOTCERT", postgres.certificate());
    let mut shell = kitchen.shell(&line);
    watch::allow_environment(&mut shell);
    let ran = run(shell);
    let without = kitchen.run(line.split_once("-- ").expect("exec has a command").1);

    assert!(ran.answer().contains("amara"), "{ran:?}");
    assert!(
        without.stderr.contains("no password supplied"),
        "{without:?}"
    );
    assert_eq!(postgres.signed_in(), 1);
}

#[test]
fn the_watch_sees_the_line_that_the_recipes_replace() {
    let kitchen = Kitchen::open();
    let token = kitchen.world.run("token work").answer().to_owned();
    watch::planted(&token);
    let line = format!(
        "curl -s -H \"Authorization: Bearer $(keyfob token work)\" {}/me; sleep 0.2",
        kitchen.api.origin()
    );

    let ran = kitchen.run(&line);
    let found = eventually("it to be found", || watch::found(&token).pop());

    assert!(ran.answer().contains(AMARA), "{ran:?}");
    assert_eq!(
        (found.program.as_str(), found.place),
        ("curl", "command line")
    );
}
