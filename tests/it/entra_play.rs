//! The program against the practice provider as Entra: every way to sign in, and what comes of it.

use keyfob::issuer::{Endpoint, Entra};
use serde_json::Value;

use crate::support::{World, entra, entra_profile, entra_world, leads};

/// The claims of a token.
fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    let payload = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(payload);
    serde_json::from_slice(&payload.unwrap()).unwrap()
}

#[test]
fn one_sign_in_serves_every_api_of_the_tenant() {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "");

    world.sign_in();
    let own = claims(&world.run("token work").ok().line());
    let older = "token work --scope api://invoices/Invoices.Read";
    let older = claims(&world.run(older).ok().line());
    let graph = "token work --scope https://graph.microsoft.com/User.Read";
    let graph = world.run(graph).ok().line();

    assert_eq!(own["ver"], "2.0");
    assert_eq!(own["tid"], Entra::HOME);
    assert_eq!(own["scp"], "Orders.Read");
    assert_eq!(older["ver"], "1.0");
    assert_eq!(older["aud"], "api://invoices");
    assert_eq!(claims(&graph)["aud"], "https://graph.microsoft.com");
    assert_ne!(own["sub"], older["sub"], "a person is another to every app");
    assert_eq!(own["oid"], older["oid"]);
    assert_eq!(provider.requests(Endpoint::Authorize), 1);
}

#[test]
fn a_device_signs_in_with_a_code_that_has_no_address_of_its_own() {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "");

    let output = world.run("login work --device").ok();

    assert!(output.stderr.contains("/devicelogin"), "{output:#?}");
    world.run("token work --renew").ok();
}

#[test]
fn a_guest_is_known_by_home_and_tenant() {
    let provider = entra("sofia", &[]);
    let world = entra_world(&provider, "");

    world.sign_in();
    let own = claims(&world.run("token work").ok().line());
    let listed = world.run("list").ok().stdout;

    assert_eq!(own["tid"], Entra::HOME);
    assert!(own["idp"].as_str().unwrap().contains(Entra::OTHER), "{own}");
    assert!(listed.contains("work"), "{listed}");
}

#[test]
fn any_tenant_signs_in_where_the_issuer_is_a_template() {
    for (tenant, person) in [
        ("common", "amara"),
        ("common", "lena"),
        ("organizations", "sofia"),
        ("consumers", "lena"),
        (Entra::HOME, "amara"),
        ("contoso.com", "amara"),
        ("fabrikam.onmicrosoft.com", "mei-lin"),
    ] {
        let provider = entra(person, &[]);
        let world = World::new();
        entra_profile(&world, provider.origin(), tenant, "");

        world.sign_in();
        world.run("token work --renew").ok();
        world.run("logout work").ok();
        assert_eq!(world.sessions(), [""; 0], "{tenant} {person}");
    }
}

#[test]
fn whoever_is_not_in_the_tenant_is_told_so_on_the_page() {
    let provider = entra("lena", &[]);
    let world = entra_world(&provider, "");
    let mut running = world.spawn("login work --no-browser --timeout 2s");

    let page = crate::support::get(running.address().as_str());
    let output = running.wait().exits(4);

    assert!(page.contains("AADSTS50020"), "{page}");
    assert_eq!(output.stdout, "");
    assert_eq!(world.sessions(), [""; 0]);
}

#[test]
fn entra_s_real_names_lead_to_the_practice_provider_in_tests() {
    for (cloud, host) in [
        ("public", "login.microsoftonline.com"),
        ("us-government", "login.microsoftonline.us"),
        ("china", "login.partner.microsoftonline.cn"),
    ] {
        let provider = entra("tomasz", &[]);
        let hosts = [
            host,
            "graph.microsoft.com",
            "graph.microsoft.us",
            "microsoftgraph.chinacloudapi.cn",
            "microsoft.com",
        ];
        let world = World::new();
        let map = led(&hosts, provider.port());
        entra_profile(&world, cloud, Entra::HOME_DOMAIN, &map);
        leads(&hosts, provider.port());

        let mut running = world.spawn("login work --no-browser");
        let address = running.address();
        assert_eq!(address.host_str(), Some(host));
        crate::support::approve(&address).deliver();
        running.wait().ok();
        let own = claims(&world.run("token work").ok().line());
        let groups = world.run("inspect work --groups --json").ok().json();

        assert_eq!(own["iss"], format!("https://{host}/{}/v2.0", Entra::HOME));
        assert_eq!(groups["groups"].as_array().unwrap().len(), 250);
        assert!(provider.requests(Endpoint::Graph) > 0);
    }
}

#[test]
fn customers_sign_in_where_the_issuer_has_another_host() {
    let hosts = ["contoso.ciamlogin.com", "contoso.b2clogin.com"];
    for issuer in [
        "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0",
        "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_signin/v2.0",
    ] {
        let provider = entra("amara", &[]);
        let world = World::new();
        let (app, browser) = (Entra::APP, world.browser_command());
        world.configure(&format!(
            "[practice_hosts]\n{}[profile.work]\nissuer = \"{issuer}\"\nclient_id = \"{app}\"\n\
             store = \"sealed\"\nbrowser = \"{browser}\"\n\
             scopes = \"openid profile offline_access api://orders/Orders.Read\"\n",
            lines(&hosts, provider.port())
        ));
        leads(&hosts, provider.port());

        world.sign_in();
        world.run("token work --renew").ok();
    }
}

#[test]
fn a_table_of_practice_hosts_leads_nowhere_else() {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "");
    let text = std::fs::read_to_string(world.path("config/keyfob/config.toml")).unwrap();
    let table = "[practice_hosts]\n\"login.microsoftonline.com\" = \"http://evil.example:80\"\n";
    world.configure(&format!("{text}{table}"));

    world.run("token work").exits(8).says("practice_hosts");
}

fn lines(hosts: &[&str], port: u16) -> String {
    let lines = hosts
        .iter()
        .map(|host| format!("\"{host}\" = \"http://127.0.0.1:{port}\"\n"));
    lines.collect()
}

fn led(hosts: &[&str], port: u16) -> String {
    format!("[practice_hosts]\n{}", lines(hosts, port))
}

#[test]
fn a_short_name_stands_for_an_api_in_a_target_and_in_a_flag() {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "[profile.work.target.graph]\nscopes = \"graph\"");
    world.sign_in();

    let target = claims(&world.run("token work/graph").ok().line());
    let flag = claims(&world.run("token work --scope api://invoices").ok().line());
    let bare = world.run("token work --scope Orders.Read").exits(2);
    let two = world
        .run_words(&["token", "work", "--scope", "graph arm"])
        .exits(2);
    let resource = world
        .run("token work --resource https://a.example")
        .exits(2);

    assert_eq!(target["aud"], "https://graph.microsoft.com");
    assert_eq!(flag["aud"], "api://invoices");
    assert!(bare.stderr.contains("which API"), "{}", bare.stderr);
    assert!(two.stderr.contains("one API"), "{}", two.stderr);
    assert!(
        resource.stderr.contains("Entra refuses"),
        "{}",
        resource.stderr
    );
    assert_eq!(provider.requests(Endpoint::Authorize), 1);
}

#[test]
fn groups_come_from_the_token_and_from_graph_when_they_do_not_fit() {
    for (person, count, source) in [("amara", 3, "id_token"), ("tomasz", 250, "graph")] {
        let provider = entra(person, &[]);
        let world = entra_world(&provider, "");
        world.sign_in();

        let json = world.run("inspect work --groups --json").ok().json();
        let names = world
            .run("inspect work --groups --names --json")
            .ok()
            .json();
        let before = provider.log().len();
        let again = world
            .run("inspect work --groups --names --json")
            .ok()
            .json();

        assert_eq!(json["source"], source, "{json}");
        assert_eq!(json["groups"].as_array().unwrap().len(), count);
        assert!(json["groups"][0]["name"].is_null(), "names only on request");
        assert!(
            names["groups"][0]["name"].is_string(),
            "{}",
            names["groups"][0]
        );
        assert_eq!(again, names);
        assert_eq!(provider.log().len(), before, "kept for a while");
    }
}

#[test]
fn logout_says_what_entra_keeps_alive() {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "");
    world.sign_in();

    let output = world.run("logout work").ok();

    assert!(
        output.stderr.contains("takes no single token back"),
        "{}",
        output.stderr
    );
    assert!(
        output.stderr.contains("revokeSignInSessions"),
        "{}",
        output.stderr
    );
    assert!(!output.stderr.contains("is revoked"), "{}", output.stderr);
    world.run("token work").exits(3);
}
