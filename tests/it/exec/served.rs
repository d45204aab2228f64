//! What `keyfob exec` keeps alive for a command: endpoints and files, for whom, and until when.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use keyfob::issuer::Provider;
use keyfob::sys::clock::{Clock as _, SystemClock};
use serde_json::Value;
use url::Url;

use crate::support::{
    Output, Running, Sts, World, approve, entra, entra_profile, let_pass, provider, provider_with,
};

/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A command that runs under `keyfob exec work`, and waits for the end of its stdin.
struct Command {
    running: Running,
    variables: BTreeMap<String, String>,
}

impl Command {
    #[track_caller]
    fn start(world: &World, flags: &str) -> Self {
        Self::start_as(world, "work", flags, "cat >/dev/null; exit 7")
    }

    #[track_caller]
    fn start_as(world: &World, which: &str, flags: &str, then: &str) -> Self {
        let told = world.path("variables");
        drop(fs::remove_file(&told));
        let script = format!("env >variables.new; mv variables.new variables; {then}");
        let mut words = vec!["exec", which];
        words.extend(flags.split_whitespace());
        words.extend(["--", "sh", "-c", &script]);
        let mut running = Running::start(&mut world.command(&words));
        until(|| told.exists() || running.has_ended());
        assert!(told.exists(), "{:#?}", running.wait());
        let text = fs::read_to_string(&told).unwrap();
        let variables = text.lines().filter_map(|line| {
            let (name, value) = line.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        Self {
            running,
            variables: variables.collect(),
        }
    }

    #[track_caller]
    fn variable(&self, name: &str) -> &str {
        let found = self.variables.get(name);
        found.unwrap_or_else(|| panic!("no `{name}`: {:?}", self.variables.keys()))
    }

    #[track_caller]
    fn end(self) -> Output {
        self.running.wait().exits(7)
    }
}

#[track_caller]
fn until(mut holds: impl FnMut() -> bool) {
    let clock = SystemClock::new();
    while !holds() {
        assert!(clock.elapsed() < DEADLINE, "it never came about");
        std::thread::yield_now();
    }
}

/// One request, word for word; none when nobody answers.
fn raw(address: &str, request: &str) -> Option<(u16, String, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(request.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, head.to_ascii_lowercase(), body.to_owned()))
}

fn address(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    assert_eq!(url.host_str(), Some("127.0.0.1"));
    format!("127.0.0.1:{}", url.port().unwrap())
}

/// A GET as a library sends it.
#[track_caller]
fn get(url: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let (parsed, address) = (Url::parse(url).unwrap(), address(url));
    let target = &url[url.find(parsed.path()).unwrap()..];
    let fields = fields
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let fields: String = fields.collect();
    let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n{fields}\r\n");
    let (status, head, body) = raw(&address, &request).expect("somebody answers");
    assert!(!head.contains("access-control"), "{head}");
    assert!(head.contains("no-store"), "{head}");
    (status, serde_json::from_str(&body).unwrap())
}

/// A user at a practice Entra, whose token may go to its sample API's resource.
fn azure_world() -> (Provider, World) {
    let provider = entra("amara", &[]);
    let world = World::new();
    entra_profile(
        &world,
        provider.origin(),
        keyfob::issuer::Entra::HOME_DOMAIN,
        "azure = [\"api://orders\"]\n",
    );
    world.login("work").ok();
    (provider, world)
}

#[test]
fn an_azure_sdk_gets_tokens_for_listed_resources_only_and_only_while_the_command_runs() {
    let (_provider, world) = azure_world();
    let world = world
        .with("AZURE_CLIENT_SECRET", "old")
        .with("MSI_ENDPOINT", "old");
    let command = Command::start(&world, "--azure");
    let endpoint = command.variable("IDENTITY_ENDPOINT").to_owned();
    let header = command.variable("IDENTITY_HEADER").to_owned();
    let url = |resource: &str| format!("{endpoint}?api-version=2019-08-01&resource={resource}");
    let right = [("X-IDENTITY-HEADER", header.as_str())];

    let (status, answer) = get(&url("api://orders"), &right);

    assert_eq!(status, 200, "{answer}");
    let token = world
        .run("token work --scope api://orders/.default")
        .ok()
        .line();
    assert_eq!(answer["access_token"], token);
    assert_eq!(answer["resource"], "api://orders");
    assert!(
        answer["expires_on"]
            .as_str()
            .unwrap()
            .parse::<i64>()
            .unwrap()
            > 1_700_000_000
    );
    let (status, other) = get(&url("https://graph.microsoft.com"), &right);
    assert_eq!((status, &other["error"]), (400, &"invalid_resource".into()));
    assert!(
        other["message"]
            .as_str()
            .unwrap()
            .contains("keyfob config set"),
        "{other}"
    );
    for wrong in ["", "wrong", &header[1..], &format!("{header}x")] {
        let (status, _) = get(&url("api://orders"), &[("X-IDENTITY-HEADER", wrong)]);
        assert_eq!(status, 401, "{wrong}");
    }
    assert!(!command.variables.contains_key("AZURE_CLIENT_SECRET"));
    assert!(!command.variables.contains_key("MSI_ENDPOINT"));
    let all = command.variables.values().cloned().collect::<String>();
    assert!(!all.contains(&token), "a variable holds the token");

    command.end();

    assert!(
        TcpStream::connect(address(&endpoint)).is_err(),
        "somebody listens"
    );
    assert_eq!(left_over(&world), Vec::<String>::new());
    // The next run has another secret.
    let next = Command::start(&world, "--azure");
    assert_ne!(next.variable("IDENTITY_HEADER"), header);
    let stale = format!(
        "{}?api-version=2019-08-01&resource=x",
        next.variable("IDENTITY_ENDPOINT")
    );
    assert_eq!(get(&stale, &right).0, 401);
}

#[test]
fn only_a_program_that_names_this_address_is_answered() {
    let (_provider, world) = azure_world();
    let command = Command::start(&world, "--azure");
    let address = address(command.variable("IDENTITY_ENDPOINT"));
    let header = command.variable("IDENTITY_HEADER");
    let target = "/msi/token?api-version=2019-08-01&resource=api://orders";
    let good = format!("Host: {address}\r\nX-Identity-Header: {header}\r\n");
    let (_, port) = address.split_once(':').unwrap();

    for (line, fields, status) in [
        ("GET", good.clone(), 200),
        (
            "GET",
            good.replace(&address, &format!("localhost:{port}")),
            421,
        ),
        (
            "GET",
            good.replace(&address, &format!("evil.example:{port}")),
            421,
        ),
        ("GET", good.replace(&address, "127.0.0.1"), 421),
        ("GET", format!("{good}Host: evil.example\r\n"), 421),
        ("GET", format!("{good}Origin: http://{address}\r\n"), 403),
        ("GET", format!("{good}Sec-Fetch-Site: same-origin\r\n"), 403),
        ("GET", format!("{good}X-Forwarded-Host: {address}\r\n"), 403),
        ("POST", format!("{good}Content-Length: 0\r\n"), 405),
        ("OPTIONS", good.clone(), 405),
        ("GET", format!("{good}Content-Length: 70000\r\n"), 405),
        ("GET", format!("{good}X: {}\r\n", "x".repeat(70_000)), 431),
    ] {
        let request = format!("{line} {target} HTTP/1.1\r\n{fields}\r\n");
        let (found, head, body) = raw(&address, &request).expect("somebody answers");
        assert_eq!(found, status, "{line} {fields:.200}: {body}");
        assert!(!head.contains("access-control"), "{head}");
    }
    // Whoever connects and says nothing is in nobody's way.
    let silent: Vec<TcpStream> = (0..200)
        .map(|_| TcpStream::connect(&address).unwrap())
        .collect();
    let request = format!("GET {target} HTTP/1.1\r\n{good}\r\n");
    let answered = (0..5).any(|_| raw(&address, &request).is_some_and(|it| it.0 == 200));
    assert!(answered);
    drop(silent);
    command.end();
}

#[test]
fn the_shims_come_first_and_name_this_profile() {
    let (_provider, world) = azure_world();
    let look = "az account get-access-token -o json --scope api://orders/.default || exit 1; \
                command -v az; command -v azd; cat \"$(command -v az)\" >shim; cat >/dev/null; exit 7";
    let command = Command::start_as(&world, "work", "--azure", look);
    let path = command.variable("PATH");
    let bin = path.split(':').next().unwrap().to_owned();
    let output = command.end();

    let (answer, found) = output.stdout.split_once("}\n").unwrap();
    let scope = "token work --scope api://orders/.default";
    let token = world.run(scope).ok().line();
    assert!(answer.contains(&format!("\"{token}\"")), "{answer}");
    assert_eq!(found, format!("{bin}/az\n{bin}/azd\n"));
    let shim = fs::read_to_string(world.path("shim")).unwrap();
    let keyfob = fs::canonicalize(env!("CARGO_BIN_EXE_keyfob")).unwrap();
    let line = format!(
        "exec '{}' 'credential' 'azure-cli' 'work' '--' \"$@\"",
        keyfob.display()
    );
    assert_eq!(shim.lines().collect::<Vec<_>>(), ["#!/bin/sh", &line]);
}

/// A user with a target for AWS.
fn aws_world(provider: &Provider, sts: &Sts) -> World {
    let target = format!(
        "[profile.work.target.aws]\nscopes = \"openid orders.read\"\naws_region = \"eu-west-1\"\n{}",
        sts.lines()
    );
    let world = World::with_profile(provider, &target);
    world.sign_in();
    world
}

#[test]
fn an_aws_sdk_gets_the_keys_of_the_role_again_and_again() {
    let (provider, sts) = (provider(), Sts::open());
    let world = aws_world(&provider, &sts);
    let mut world = world;
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ] {
        world = world.with(name, "old");
    }
    let command = Command::start_as(&world, "work/aws", "--aws", "cat >/dev/null; exit 7");
    let url = command
        .variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        .to_owned();
    let token = command.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");

    for _ in 0..3 {
        let (status, keys) = get(&url, &[("Authorization", token)]);
        assert_eq!(status, 200, "{keys}");
        assert_eq!(keys["AccessKeyId"], "ASIA0000000000000001");
        assert_eq!(keys["SecretAccessKey"], "secret/key+1");
        assert_eq!(keys["Token"], "session/token+1==");
        assert_eq!(keys["RoleArn"], Sts::ROLE);
        let end: jiff::Timestamp = keys["Expiration"].as_str().unwrap().parse().unwrap();
        assert!(end > jiff::Timestamp::now());
    }

    assert_eq!(sts.requests(), 1);
    assert_eq!(get(&url, &[("Authorization", "wrong")]).0, 403);
    assert_eq!(command.variable("AWS_REGION"), "eu-west-1");
    assert_eq!(command.variable("AWS_DEFAULT_REGION"), "eu-west-1");
    let own = fs::metadata(command.variable("AWS_SHARED_CREDENTIALS_FILE")).unwrap();
    assert_eq!(own.len(), 0);
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ] {
        assert!(!command.variables.contains_key(name), "{name}");
    }
    command.end();
    assert!(TcpStream::connect(address(&url)).is_err());
}

#[test]
fn other_credentials_are_never_taken_for_these() {
    let (provider, sts) = (provider(), Sts::open());
    let world = aws_world(&provider, &sts);
    fs::create_dir(world.path(".aws")).unwrap();
    world.write(".aws/config", "[default]\nregion = x\nsso_session = corp\n");

    let refused = world.run("exec work --aws -- echo ran").exits(125);
    assert_eq!(refused.stdout, "");
    refused.says("`sso_session`").says("AWS_CONFIG_FILE");
    let world = world.with("AWS_CONFIG_FILE", "/dev/null");
    assert_eq!(world.run("exec work --aws -- echo ran").ok().line(), "ran");
}

#[test]
fn terraform_gets_assertions_for_listed_audiences() {
    let provider = provider();
    let world = World::with_profile(
        &provider,
        "terraform = [\"api://AzureADTokenExchange\"]\npresent = \"id\"\n",
    );
    world.sign_in();
    let world = world
        .with("ARM_CLIENT_SECRET", "old")
        .with("ARM_OIDC_TOKEN", "old");
    let command = Command::start(&world, "--terraform");
    let url = command.variable("ARM_OIDC_REQUEST_URL");
    let bearer = format!("Bearer {}", command.variable("ARM_OIDC_REQUEST_TOKEN"));

    let asked = format!("{url}?audience=api%3A%2F%2FAzureADTokenExchange");
    let (status, answer) = get(&asked, &[("Authorization", &bearer)]);

    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer["value"],
        world.run("token work --id-token").ok().line()
    );
    let other = format!("{url}?audience=sts.amazonaws.com");
    assert_eq!(get(&other, &[("Authorization", &bearer)]).0, 400);
    assert_eq!(get(url, &[]).0, 401);
    assert_eq!(command.variable("ARM_USE_OIDC"), "true");
    assert!(!command.variables.contains_key("ARM_CLIENT_SECRET"));
    assert!(!command.variables.contains_key("ARM_OIDC_TOKEN"));
    command.end();
}

#[test]
fn google_finds_application_default_credentials_that_run_keyfob() {
    let provider = provider();
    let pool =
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k";
    let more = format!("[profile.work.target.gcp]\nscopes = \"openid\"\ngcp = [\"{pool}\"]\n");
    let world = World::with_profile(&provider, &more);
    world.sign_in();
    let command = Command::start(&world, "--gcp");
    let path = PathBuf::from(command.variable("GOOGLE_APPLICATION_CREDENTIALS"));

    let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();

    assert_own(&path);
    assert_eq!(file["type"], "external_account");
    assert_eq!(file["audience"], pool);
    assert_eq!(file["token_url"], "https://sts.googleapis.com/v1/token");
    assert_eq!(
        file["subject_token_type"],
        "urn:ietf:params:oauth:token-type:jwt"
    );
    let line = file
        .pointer("/credential_source/executable/command")
        .unwrap();
    assert!(
        line.as_str()
            .unwrap()
            .ends_with("keyfob credential gcp work/gcp"),
        "{line}"
    );
    assert_eq!(
        command.variable("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"),
        "1"
    );
    command.end();
    assert!(!path.exists());
}

/// A `kubectl` that says what its current cluster is.
fn kubectl(world: World, cluster: &str) -> World {
    let view = format!(
        "{{\"clusters\":[{{\"name\":\"c\",\"cluster\":{cluster}}}],\"contexts\":[{{\"name\":\"c\",\
         \"context\":{{\"cluster\":\"c\",\"user\":\"u\",\"namespace\":\"shop\"}}}}]}}"
    );
    drop(fs::create_dir(world.path("bin")));
    let check = "[ \"$*\" = 'config view --minify --flatten --raw -o json' ] || exit 9";
    let script = world.write(
        "bin/kubectl",
        format!("#!/bin/sh\n{check}\necho '{view}'\n"),
    );
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = format!("{}:{}", world.path("bin").display(), path.to_str().unwrap());
    world.with("PATH", &path)
}

#[test]
fn kubectl_finds_the_listed_cluster_and_a_token_that_stays_fresh() {
    let provider = provider_with(|settings| settings.lifetimes.access = Duration::from_secs(9));
    let server = "https://k8s.example.com:6443";
    let world = World::with_profile(&provider, &format!("kubernetes = [\"{server}\"]\n"));
    world.sign_in();
    let world = kubectl(world, &format!("{{\"server\":\"{server}\"}}"));
    let command = Command::start(&world, "--kube");
    let config = PathBuf::from(command.variable("KUBECONFIG"));

    let file: Value = serde_json::from_str(&fs::read_to_string(&config).unwrap()).unwrap();
    let token = file
        .pointer("/users/0/user/tokenFile")
        .unwrap()
        .as_str()
        .unwrap();
    let token = PathBuf::from(token);
    let first = fs::read_to_string(&token).unwrap();

    assert_own(&config);
    assert_own(&token);
    assert!(first.starts_with("eyJ"), "{first}");
    assert_eq!(file.pointer("/clusters/0/cluster/server").unwrap(), server);
    assert_eq!(
        file.pointer("/contexts/0/context/namespace").unwrap(),
        "shop"
    );
    until(|| fs::read_to_string(&token).unwrap() != first);
    assert_own(&token);
    command.end();
    assert!(!token.exists() && !config.exists());
    assert_eq!(left_over(&world), Vec::<String>::new());
}

#[test]
fn a_cluster_that_is_not_listed_or_not_checked_gets_nothing() {
    let provider = provider();
    for (cluster, word) in [
        (
            "{\"server\":\"https://evil.example:6443\"}",
            "does not list `https://evil.example:6443",
        ),
        (
            "{\"server\":\"https://k8s.example.com.evil.example\"}",
            "does not list",
        ),
        ("{\"server\":\"http://k8s.example.com\"}", "https"),
        (
            "{\"server\":\"https://k8s.example.com\",\"insecure-skip-tls-verify\":true}",
            "not checked",
        ),
        ("null", "no current cluster"),
    ] {
        let world = World::with_profile(&provider, "kubernetes = [\"https://k8s.example.com\"]\n");
        world.sign_in();
        let world = kubectl(world, cluster);
        let refused = world
            .run("exec work --kube -- echo ran")
            .exits(125)
            .says(word);
        assert_eq!(refused.stdout, "");
        assert_eq!(left_over(&world), Vec::<String>::new());
    }
}

#[test]
fn psql_finds_the_token_as_its_password() {
    let provider = provider();
    let world = World::with_profile(&provider, "username = \"amara@example.com\"\n");
    world.sign_in();
    let look = [
        "sh",
        "-c",
        "echo $PGPASSWORD; echo $PGUSER; echo $PGSSLMODE; echo $$ $PPID",
    ];
    let run = |world: &World| {
        let mut words = vec!["exec", "work", "--postgres", "--"];
        words.extend(look);
        world.run_words(&words).ok().silent().stdout
    };

    let said = run(&world);
    let token = world.run("token work").ok().line();
    assert!(
        said.starts_with(&format!("{token}\namara@example.com\nverify-full\n")),
        "{said}"
    );
    // Nothing has to stay alive, so keyfob has become the command.
    let parent = std::process::id().to_string();
    assert!(said.trim_end().ends_with(&parent), "{said}");
    let world = world.with("PGUSER", "me").with("PGSSLMODE", "require");
    assert!(run(&world).contains("\nme\nrequire\n"));
}

#[test]
fn a_tool_whose_list_is_empty_is_not_made_ready() {
    let provider = provider();
    let world = kubectl(
        World::at(&provider),
        "{\"server\":\"https://k8s.example.com\"}",
    );
    world.sign_in();

    for (flag, key) in [
        ("--aws", "aws_role"),
        ("--azure", "azure"),
        ("--terraform", "terraform"),
        ("--gcp", "gcp"),
        ("--kube", "kubernetes"),
    ] {
        let refused = world.run(&format!("exec work {flag} -- echo ran"));
        let refused = refused.exits(125).says(&format!("`{key}`"));
        assert_eq!(refused.stdout, "");
        refused.says(&format!("keyfob config set work.{key}"));
    }
    let twice = world.run("exec work --postgres --env PGPASSWORD -- echo ran");
    twice.exits(125).says("named twice");
    assert_eq!(left_over(&world), Vec::<String>::new());
}

#[test]
fn the_command_can_be_ended_by_a_signal_to_keyfob_and_nothing_stays() {
    let (_provider, world) = azure_world();
    for (signal, then, status) in [
        ("TERM", "exec sleep 600", 128 + 15),
        ("HUP", "exec sleep 600", 128 + 1),
        (
            "INT",
            "trap 'kill $!; exit 3' INT; sleep 600 & echo >ready; wait",
            3,
        ),
    ] {
        let command = Command::start_as(&world, "work", "--azure", then);
        if then.contains("ready") {
            until(|| world.path("ready").exists());
        }
        let address = address(command.variable("IDENTITY_ENDPOINT"));
        command.running.signal(signal);

        command.running.wait().exits(status);
        assert!(TcpStream::connect(address).is_err());
        assert_eq!(left_over(&world), Vec::<String>::new());
    }
}

#[test]
fn what_a_killed_run_leaves_behind_is_swept_up_by_the_next() {
    let (_provider, world) = azure_world();
    let command = Command::start(&world, "--azure");
    let endpoint = command.variable("IDENTITY_ENDPOINT").to_owned();
    command.running.signal("KILL");
    let output = command.running.wait();

    assert_eq!(output.status, 128 + 9);
    assert!(TcpStream::connect(address(&endpoint)).is_err());
    assert_eq!(left_over(&world).len(), 1);
    Command::start(&world, "--azure").end();
    assert_eq!(left_over(&world), Vec::<String>::new());
}

#[test]
fn a_long_run_gets_new_tokens_from_its_endpoint() {
    let provider = provider_with(|settings| settings.lifetimes.access = Duration::from_secs(4));
    let world = World::with_profile(&provider, "terraform = [\"api://AzureADTokenExchange\"]\n");
    world.sign_in();
    let command = Command::start(&world, "--terraform");
    let url = command.variable("ARM_OIDC_REQUEST_URL");
    let bearer = format!("Bearer {}", command.variable("ARM_OIDC_REQUEST_TOKEN"));
    let ask = || get(url, &[("Authorization", &bearer)]).1["value"].clone();

    let first = ask();
    let_pass("5s");
    let second = ask();
    assert_ne!(first, second);

    // A sign-out ends it for the command too, in the protocol's own words.
    world.run("logout work").ok();
    let (status, refused) = get(url, &[("Authorization", &bearer)]);
    assert_eq!(status, 400, "{refused}");
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("keyfob login work"),
        "{refused}"
    );
    command.end();
}

#[test]
fn no_token_and_no_secret_of_a_run_is_in_anybodys_arguments() {
    let (_provider, world) = azure_world();
    let mut words = vec![
        "exec", "work", "--azure", "--env", "TOKEN", "--", "sh", "-c",
    ];
    words.push("env >variables.new; mv variables.new variables; az x; cat >/dev/null");
    let running = Running::start(&mut world.command(&words));
    until(|| world.path("variables").exists());
    let variables = fs::read_to_string(world.path("variables")).unwrap();
    let secrets = ["TOKEN=", "IDENTITY_HEADER="].map(|name| {
        let line = variables.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().to_owned()
    });

    for entry in fs::read_dir("/proc").unwrap() {
        let line = fs::read(entry.unwrap().path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).into_owned();
        assert!(
            secrets.iter().all(|secret| !line.contains(secret)),
            "{line}"
        );
    }
    running.wait().ok();
}

#[test]
fn a_sign_in_comes_before_the_command() {
    let provider = provider();
    let world = World::with_profile(&provider, "terraform = [\"api://AzureADTokenExchange\"]\n");
    let refused = world.run("exec work --terraform -- echo ran").exits(125);
    refused.says("keyfob login work");

    let line = "exec work --terraform --login -- sh -c";
    let mut words: Vec<&str> = line.split(' ').collect();
    words.push("test -n \"$ARM_OIDC_REQUEST_URL\" && echo ran");
    let running = Running::start(&mut world.command(&words));
    assert!(world.wait_until_opened());
    approve(&world.opened()[0].parse().unwrap()).deliver();

    assert_eq!(running.wait().ok().line(), "ran");
}

#[track_caller]
fn assert_own(path: &Path) {
    let mode = fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    let folder = fs::metadata(path.parent().unwrap()).unwrap().permissions();
    assert_eq!(folder.mode() & 0o777, 0o700);
}

/// What runs have left behind.
fn left_over(world: &World) -> Vec<String> {
    let entries = fs::read_dir(world.path("state/keyfob/exec"));
    let names = entries.into_iter().flatten().map(|entry| {
        let entry = entry.unwrap();
        entry.file_name().into_string().unwrap()
    });
    names.filter(|name| name != "lock").collect()
}
