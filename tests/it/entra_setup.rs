//! Setting keyfob up for Entra: a tenant becomes its GUID, and stays it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::World;

const CONTOSO: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
const OTHER: &str = "11111111-2222-3333-4444-555555555555";
const CLIENT: &str = "c0ffee00-1111-2222-3333-444444444444";

/// A cloud that knows one domain, `contoso.com`, and says whose it is.
struct Cloud {
    port: u16,
    tenant: Arc<Mutex<&'static str>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Cloud {
    fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let tenant = Arc::new(Mutex::new(CONTOSO));
        let (now, asked) = (Arc::clone(&tenant), Arc::default());
        let log: Arc<Mutex<Vec<String>>> = Arc::clone(&asked);
        // Ends with the test's process; each connection is one exchange.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let tenant = *now.lock().unwrap();
                let path = stream.ok().and_then(|stream| answer(stream, port, tenant));
                log.lock().unwrap().extend(path);
            }
        });
        Self {
            port,
            tenant,
            asked,
        }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on the domain is another's.
    fn moves_to(&self, tenant: &'static str) {
        *self.tenant.lock().unwrap() = tenant;
    }
}

/// Answers one request, and returns what was asked for.
fn answer(mut stream: TcpStream, port: u16, tenant: &str) -> Option<String> {
    let (mut request, mut bytes) = (Vec::new(), [0; 4096]);
    while !request.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut bytes) {
            Ok(read) if read > 0 => request.extend(&bytes[..read]),
            _ => return None,
        }
    }
    let request = String::from_utf8_lossy(&request);
    let asked = request.split(' ').nth(1)?;
    let path = asked.split('?').next()?;
    let base = format!("http://127.0.0.1:{port}");
    let known = path == "/contoso.com/v2.0/.well-known/openid-configuration"
        || path == format!("/{tenant}/v2.0/.well-known/openid-configuration");
    let (status, body) = if known {
        let document = serde_json::json!({
            "issuer": format!("{base}/{tenant}/v2.0"),
            "authorization_endpoint": format!("{base}/{tenant}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{base}/{tenant}/oauth2/v2.0/token"),
            "jwks_uri": format!("{base}/{tenant}/discovery/v2.0/keys"),
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        ("200 OK", document.to_string())
    } else {
        let error = serde_json::json!({ "error": "invalid_tenant", "error_codes": [90002] });
        ("400 Bad Request", error.to_string())
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    drop(stream.write_all(format!("{head}{body}").as_bytes()));
    Some(asked.to_owned())
}

fn text(world: &World) -> String {
    fs::read_to_string(world.path("config/keyfob/config.toml")).unwrap_or_default()
}

#[test]
fn a_domain_is_looked_up_and_written_down_as_its_guid() {
    let (world, cloud) = (World::new(), Cloud::open());
    let at = cloud.address();
    let line = format!("config add work --entra Contoso.com --cloud {at} --client-id {CLIENT}");

    let added = world.run(&line).ok();

    let wanted = format!(
        "[profile.work]\nprovider = \"entra\"\ntenant = \"{CONTOSO}\" # contoso.com\n\
         cloud = \"{at}\"\nclient_id = \"{CLIENT}\"\n"
    );
    assert_eq!(text(&world), wanted);
    assert!(
        added
            .stderr
            .contains(&format!("`contoso.com` is {CONTOSO}")),
        "{}",
        added.stderr
    );
    let shown = world.run("config show work").ok().stdout;
    assert!(shown.contains(&format!("{at}/{CONTOSO}/v2.0")), "{shown}");
    assert!(shown.contains("redirect_host  localhost"), "{shown}");
}

#[test]
fn every_address_that_people_paste_leads_to_the_same_profile() {
    let (world, cloud) = (World::new(), Cloud::open());
    let at = cloud.address();
    for pasted in [
        format!("{at}/contoso.com/v2.0"),
        format!("{at}/contoso.com/v2.0/.well-known/openid-configuration"),
        format!("{at}/contoso.com/.well-known/openid-configuration"),
        format!("{at}/{CONTOSO}/"),
    ] {
        let line = format!("config add work --replace --entra {pasted} --client-id {CLIENT}");
        world.run(&line).ok();

        let text = text(&world);
        assert!(text.contains(&format!("tenant = \"{CONTOSO}\"")), "{text}");
        assert!(text.contains(&format!("cloud = \"{at}\"")), "{text}");
    }
}

#[test]
fn a_pasted_metadata_address_of_any_provider_is_its_issuer() {
    let world = World::new();
    let pasted = "https://id.example.com/t/.well-known/openid-configuration";

    world
        .run(&format!("config add work --issuer {pasted} --client-id c"))
        .ok();

    assert!(text(&world).contains("issuer = \"https://id.example.com/t\"\n"));
}

#[test]
fn a_tenant_that_nobody_knows_is_not_written_down() {
    let (world, cloud) = (World::new(), Cloud::open());
    let at = cloud.address();

    let refused = world
        .run(&format!(
            "config add work --entra cantoso.com --cloud {at} --client-id {CLIENT}"
        ))
        .exits(2);

    assert!(
        refused.stderr.contains("there is no tenant `cantoso.com`"),
        "{}",
        refused.stderr
    );
    assert_eq!(text(&world), "");
}

#[test]
fn without_a_network_the_domain_is_kept_for_the_first_contact() {
    let world = World::new();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);

    let added = world
        .run(&format!(
            "config add work --entra contoso.com --cloud http://127.0.0.1:{port} --client-id c"
        ))
        .ok();

    assert!(text(&world).contains("tenant = \"contoso.com\"\n"));
    assert!(
        added.stderr.contains("on first contact"),
        "{}",
        added.stderr
    );
}

#[test]
fn a_domain_in_the_file_is_pinned_on_first_contact_and_never_moves_in_silence() {
    let (world, cloud) = (World::new(), Cloud::open());
    let profile = |tenant: &str| {
        world.configure(&format!(
            "[profile.work]\nprovider = \"entra\"\ntenant = \"{tenant}\"\ncloud = \"{}\"\n\
             client_id = \"{CLIENT}\"\nstore = \"sealed\"\n",
            cloud.address()
        ));
    };
    let sign_in = "login work --no-browser --timeout 1s";
    profile("contoso.com");

    let before = world.run("config show work").ok().stdout;
    world.run(sign_in).exits(4);
    let after = world.run("config show work").ok().stdout;

    assert!(!before.contains("tenant_id"), "{before}");
    let pinned = format!("tenant_id      {CONTOSO}");
    assert!(after.contains(&pinned), "{after}");
    assert!(after.contains("pinned on first contact"), "{after}");
    let folder = world.path("state/keyfob/tenants");
    let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    assert_eq!(
        fs::read_to_string(file.path()).unwrap(),
        format!("{CONTOSO}\n")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    cloud.moves_to(OTHER);
    let moved = world.run(sign_in).exits(9);
    assert!(
        moved.stderr.contains(&format!("is the tenant {OTHER} now"))
            && moved
                .stderr
                .contains(&format!("write `tenant = \"{OTHER}\"`")),
        "{}",
        moved.stderr
    );
    assert!(fs::read_to_string(file.path()).unwrap().contains(CONTOSO));
    profile(OTHER);
    world.run(sign_in).exits(4);

    profile("contoso.com");
    world.write(
        file.path()
            .strip_prefix(world.home())
            .unwrap()
            .to_str()
            .unwrap(),
        "contoso.com\n",
    );
    let broken = world.run(sign_in).exits(1);
    assert!(
        broken.stderr.contains("remembers which tenant"),
        "{}",
        broken.stderr
    );
}

#[test]
fn an_app_with_keys_of_its_own_asks_for_them() {
    let (world, cloud) = (World::new(), Cloud::open());
    let at = cloud.address();
    world.configure(&format!(
        "[profile.work]\nprovider = \"entra\"\ntenant = \"{CONTOSO}\"\ncloud = \"{at}\"\n\
         client_id = \"{CLIENT}\"\nstore = \"sealed\"\napp_keys = true\n"
    ));

    world.run("login work --no-browser --timeout 1s").exits(4);

    let wanted = format!("/{CONTOSO}/v2.0/.well-known/openid-configuration?appid={CLIENT}");
    assert_eq!(*cloud.asked.lock().unwrap(), [wanted]);
}

#[test]
fn many_tenants_may_be_bounded_by_a_list() {
    let world = World::new();

    world
        .run_words(&[
            "config",
            "add",
            "work",
            "--entra",
            "organizations",
            "--tenants",
            &format!("{CONTOSO} {OTHER}"),
            "--client-id",
            CLIENT,
        ])
        .ok();

    let text = text(&world);
    assert!(text.contains("tenant = \"organizations\"\n"), "{text}");
    assert!(
        text.contains(&format!("tenants = \"{CONTOSO} {OTHER}\"")),
        "{text}"
    );
}

#[test]
fn a_client_id_of_microsoft_s_own_is_taken_only_on_demand() {
    let world = World::new();
    let line = format!(
        "config add work --entra {CONTOSO} --client-id 04B07795-8DDB-461A-BBEE-02F9E1BF7B46"
    );

    let refused = world.run(&line).exits(2);
    assert!(
        refused.stderr.contains("the client id of Azure CLI"),
        "{}",
        refused.stderr
    );
    assert_eq!(text(&world), "");

    let taken = world.run(&format!("{line} --borrowed-client-id")).ok();
    assert!(taken.stderr.contains("warning: "), "{}", taken.stderr);
    assert!(text(&world).contains("04B07795"));
}

#[test]
fn without_a_client_id_the_registration_is_the_answer_and_nothing_is_written() {
    let world = World::new();
    for (flags, said) in [
        ("", "Mobile and desktop applications"),
        ("--format az", "az rest --method post"),
        ("--format graph", "\"isFallbackPublicClient\": false"),
        (
            "--format graph --device-code",
            "\"isFallbackPublicClient\": true",
        ),
        (
            "--format graph --flow device",
            "\"isFallbackPublicClient\": true",
        ),
    ] {
        let printed = world
            .run(&format!("config add --entra contoso.com {flags}"))
            .ok();

        assert!(printed.stdout.contains(said), "{flags}: {}", printed.stdout);
        assert_eq!(printed.stderr, "", "{flags}");
        assert_eq!(text(&world), "");
    }
}

#[test]
fn an_address_that_is_none_of_entra_s_is_refused_with_its_reason() {
    let world = World::new();
    for (flags, said) in [
        ("--entra contoso", "is no tenant"),
        (
            "--entra https://login.microsoftonline.com.evil.example/common/v2.0",
            "no host of Microsoft Entra ID",
        ),
        (
            "--entra https://login.microsoftonline.com/",
            "does not say which tenant",
        ),
        ("--entra contoso.com --cloud mars", "none of `public`"),
        (
            "--entra contoso.de --cloud germany",
            "closed in October 2021",
        ),
        (
            "--entra https://login.microsoftonline.us/a.us --cloud china",
            "name two clouds",
        ),
    ] {
        let refused = world
            .run(&format!("config add work --client-id c {flags}"))
            .exits(2);

        assert!(refused.stderr.contains(said), "{flags}: {}", refused.stderr);
        assert_eq!(text(&world), "");
    }
}
