//! Azure's and Google's own libraries, with keyfob as the program that each of them runs for a token.

use std::process::Command;
use std::time::Duration;

use keyfob::issuer::{Entra, Provider, Script, Settings};

use crate::support::google_sts::GoogleSts;
use crate::support::guard::Guard;
use crate::support::person::Person;
use crate::support::process::{Ran, run};
use crate::support::python;
use crate::support::session::{Bench, WITH_GRACE};
use crate::support::world::World;

const SCOPE: &str = "api://orders/.default";

const POOL: &str =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";

/// A developer with a profile at the practice Entra, and a folder in which keyfob is `az` and `azd`.
struct Desk {
    world: World,
    provider: Provider,
}

impl Desk {
    fn new(scripts: &[&str]) -> Self {
        let mut world = World::new();
        world.set_passphrase();
        let scripts = scripts.iter().map(|name| Script::parse(name).unwrap());
        let provider = Provider::start(Settings {
            auto_approve: Some("amara".to_owned()),
            entra: Some(Entra {
                scripts: scripts.collect(),
                access_life: None,
            }),
            ..Settings::default()
        });
        let provider = provider.expect("a loopback port is free");
        let (cloud, tenant, app) = (provider.origin(), Entra::HOME_DOMAIN, Entra::APP);
        world.write(
            "config/keyfob/config.toml",
            &format!(
                "[profile.work]\nprovider = \"entra\"\ncloud = \"{cloud}\"\ntenant = \"{tenant}\"\n\
                 client_id = \"{app}\"\nstore = \"sealed\"\nazure = [\"api://orders\"]\n\
                 scopes = \"openid profile offline_access api://orders/Orders.Read\"\n"
            ),
        );
        let shims = world.path("shims");
        std::fs::create_dir_all(&shims).unwrap();
        for name in ["az", "azd"] {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_keyfob"), shims.join(name)).unwrap();
        }
        Self { world, provider }
    }

    #[track_caller]
    fn signed_in(scripts: &[&str]) -> Self {
        let desk = Self::new(scripts);
        let mut person = Person::new("amara");
        let (page, login) = desk.world.sign_in(&mut person, "login work --no-browser");
        assert_eq!(login.status, Some(0), "{}\n{}", login.stderr, page.text());
        desk
    }

    /// The address of the practice provider's sample API.
    fn api(&self) -> String {
        format!("{}/orders", self.provider.origin())
    }

    /// A program of the developer's that calls an API through Azure's SDK, and finds keyfob alone
    /// under the names of `az` and `azd`.
    fn app(&self, source: &str, scope: &str, more: &[&str]) -> Command {
        let mut command = python::script(&self.world, "azure_call.py");
        command.args([source, scope, &self.api()]).args(more);
        command.env("PATH", self.world.path("shims"));
        command
    }
}

/// The end of the token that was used, in seconds since 1970; fails unless the API took it.
#[track_caller]
fn used(ran: &Ran) -> i64 {
    let (end, answer) = ran.answer().split_once('\n').expect("two lines");
    assert!(answer.starts_with("200 "), "{ran:?}");
    assert!(answer.contains("amara@contoso.com"), "{ran:?}");
    end.parse().expect("a number of seconds")
}

/// What the SDK refused with.
#[track_caller]
fn refused(ran: &Ran) -> &str {
    assert_eq!(ran.status, Some(4), "{ran:?}");
    &ran.stdout
}

#[test]
fn azures_sdk_takes_tokens_from_keyfob_in_place_of_az_and_azd() {
    let desk = Desk::signed_in(&[]);
    let held = desk
        .world
        .run(&format!("token work --format json --scope {SCOPE}"));
    let held: serde_json::Value = serde_json::from_str(held.answer()).unwrap();

    for source in ["az", "azd"] {
        for tenant in [&[][..], &[Entra::HOME], &[Entra::HOME_DOMAIN]] {
            let end = used(&run(desk.app(source, SCOPE, tenant)));

            assert_eq!(Some(end), held["expires_at"].as_i64(), "{source}");
        }
    }
}

#[test]
fn azures_sdk_goes_on_to_its_next_source_where_keyfob_has_nothing_for_it() {
    let signed_out = Desk::new(&[]);
    let desk = Desk::signed_in(&[]);

    for source in ["az", "azd"] {
        for ran in [
            run(signed_out.app(source, SCOPE, &[])),
            run(desk.app(source, "https://graph.microsoft.com/.default", &[])),
            run(desk.app(source, SCOPE, &[Entra::OTHER])),
        ] {
            let said = refused(&ran);
            assert!(said.starts_with("CredentialUnavailableError: "), "{said}");
            assert!(said.contains("login"), "{said}");
        }
    }
}

#[test]
fn azures_sdk_passes_on_why_a_token_cannot_be_had_now() {
    let desk = Desk::signed_in(&[]);
    std::fs::remove_dir_all(desk.world.path("cache/keyfob/tokens")).unwrap();
    let apps = ["az", "azd"].map(|source| desk.app(source, SCOPE, &[]));
    let world = desk.world;
    drop(desk.provider);

    for app in apps {
        let ran = run(app);

        let said = refused(&ran);
        assert!(said.starts_with("ClientAuthenticationError: "), "{said}");
        assert!(said.contains("cannot connect to"), "{said}");
    }
    drop(world);
}

#[test]
fn a_challenge_of_an_api_is_met_through_azures_sdk() {
    let desk = Desk::signed_in(&["api.challenge"]);

    let ran = run(desk.app("azd", SCOPE, &[]));

    used(&ran);
}

#[test]
fn a_managed_identity_and_both_shims_are_there_for_a_command() {
    let desk = Desk::signed_in(&[]);
    let app = desk.app("", "", &[]);
    let (python, script) = (app.get_program(), app.get_args().nth(1).unwrap());

    for source in ["identity", "default", "az", "azd"] {
        let mut command = desk.world.keyfob("exec work --azure --");
        command.args([python, "-B".as_ref(), script]);
        command.args([source, SCOPE, &desk.api()]);
        command.env("PATH", "");

        used(&run(command));
    }
}

/// A credential configuration that names keyfob as its executable.
fn configuration(world: &World, sts: &GoogleSts, kind: &str) -> String {
    let keyfob = env!("CARGO_BIN_EXE_keyfob");
    let json = serde_json::json!({
        "type": "external_account",
        "audience": POOL,
        "subject_token_type": format!("urn:ietf:params:oauth:token-type:{kind}"),
        "token_url": sts.token_url(),
        "credential_source": { "executable": {
            "command": format!("{keyfob} credential gcp work"),
            "timeout_millis": 60_000,
        } },
    });
    let path = world.write("google.json", &json.to_string());
    path.to_str().unwrap().to_owned()
}

fn google(bench: &Bench, configuration: &str, url: &str) -> Ran {
    let mut command = python::script(&bench.world, "google_call.py");
    command.args([configuration, url]);
    command.env("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1");
    run(command)
}

#[test]
fn googles_library_trades_the_token_that_keyfob_hands_it() {
    for (present, kind) in [("id", "id_token"), ("access", "jwt")] {
        let bench = Bench::with("sealed", WITH_GRACE, |_, _| {
            format!("gcp = [\"{POOL}\"]\npresent = \"{present}\"\n")
        })
        .signed_in();
        let guard = Guard::of(bench.provider.issuer());
        let sts = GoogleSts::start(guard, POOL, Duration::from_secs(3600));
        let configuration = configuration(&bench.world, &sts, kind);

        let ran = google(&bench, &configuration, &sts.resource());

        let answer = ran.answer();
        assert!(answer.starts_with("200 "), "{ran:?}");
        assert_eq!(sts.exchanges(), 1);
    }
}

#[test]
fn googles_library_shows_why_there_is_no_token() {
    let bench = Bench::with("sealed", WITH_GRACE, |_, _| format!("gcp = [\"{POOL}\"]\n"));
    let guard = Guard::of(bench.provider.issuer());
    let sts = GoogleSts::start(guard, POOL, Duration::from_secs(3600));
    let configuration = configuration(&bench.world, &sts, "jwt");

    let ran = google(&bench, &configuration, &sts.resource());

    let said = refused(&ran);
    assert!(said.starts_with("RefreshError: "), "{said}");
    assert!(said.contains("keyfob login work"), "{said}");
    assert_eq!(sts.exchanges(), 0);
}
