//! Whose tokens are taken: each kind of tenant by its own rule, at a provider that plays Entra.

use std::fs;

use keyfob::issuer::{Entra, Provider};

use crate::support::{World, entra, entra_world};

const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A user whose profile `work` names this tenant, and more lines.
fn at(provider: &Provider, tenant: &str, more: &str) -> World {
    let world = entra_world(provider, "");
    let file = world.path("config/keyfob/config.toml");
    let text = fs::read_to_string(&file).unwrap();
    let named = format!("tenant = \"{}\"", Entra::HOME_DOMAIN);
    assert!(text.contains(&named), "{text}");
    let text = text.replace(&named, &format!("tenant = \"{tenant}\""));
    world.configure(&format!("{text}{more}\n"));
    world
}

#[test]
fn every_kind_of_tenant_signs_its_own_people_in_and_their_tokens_verify() {
    for (person, tenant) in [
        ("amara", Entra::HOME_DOMAIN),
        ("amara", Entra::HOME),
        ("amara", "organizations"),
        ("sofia", "common"),
        // A guest of contoso's.
        ("sofia", Entra::HOME),
    ] {
        let provider = entra(person, &[]);
        let world = at(&provider, tenant, "");

        world.sign_in();

        let shown = world.run("inspect work --id-token").ok().stdout;
        let home = if (person, tenant) == ("sofia", "common") {
            Entra::OTHER
        } else {
            Entra::HOME
        };
        assert!(shown.contains(home), "{person} at {tenant}: {shown}");
        world.run("inspect work").ok();
        world.run("token work --renew").ok();
        let token = world.run("token work --id-token").ok().line();
        // Found by the issuer in it, whichever way the profile names the tenant.
        world.run_with("inspect - --verify", token).ok();
    }
}

#[test]
fn a_personal_account_signs_in_where_personal_accounts_may() {
    for tenant in ["common", "consumers"] {
        let provider = entra("lena", &[]);
        let world = at(&provider, tenant, "scopes = \"graph/User.Read\"");
        let file = world.path("config/keyfob/config.toml");
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.contains("api://orders"))
            .collect();
        world.configure(&lines.join("\n"));

        world.sign_in();

        let shown = world.run("inspect work --id-token").ok().stdout;
        assert!(shown.contains(PERSONAL), "{tenant}: {shown}");
    }
}

#[test]
fn a_tenant_that_is_not_on_the_list_signs_nobody_in() {
    let provider = entra("amara", &[]);
    let other = format!("tenants = [\"{}\"]", Entra::OTHER);
    let world = at(&provider, "organizations", &other);

    let refused = world.login("work").exits(9);

    let said = format!(
        "`tid` is `{}`, expected one of `{}`",
        Entra::HOME,
        Entra::OTHER
    );
    assert!(refused.stderr.contains(&said), "{}", refused.stderr);
    world.run("token work").exits(3);

    let both = format!("tenants = [\"{}\", \"{}\"]", Entra::OTHER, Entra::HOME);
    at(&provider, "organizations", &both).sign_in();
}

#[test]
fn an_api_s_token_of_version_1_is_verified_by_its_own_issuer() {
    let provider = entra("amara", &[]);
    let world = at(
        &provider,
        Entra::HOME,
        "target.invoices.scopes = \"api://invoices/.default\"",
    );
    world.sign_in();

    let shown = world.run("inspect work/invoices").ok().stdout;

    let older = format!("{}/{}/", provider.origin(), Entra::HOME);
    assert!(shown.contains(&older), "{shown}");
    assert!(!shown.contains("/v2.0"), "{shown}");
}

#[test]
fn a_key_of_another_tenant_vouches_for_nobody_here() {
    let provider = entra("amara", &["keys.consumers"]);
    for tenant in [Entra::HOME, "organizations"] {
        let refused = at(&provider, tenant, "").login("work").exits(9);

        assert!(
            refused.stderr.contains("fails the key check"),
            "{tenant}: {}",
            refused.stderr
        );
    }
}

#[test]
fn an_app_s_own_keys_are_found_only_when_they_are_asked_for() {
    let provider = entra("amara", &["keys.appid"]);

    let refused = at(&provider, Entra::HOME, "").login("work").exits(9);

    assert!(
        refused.stderr.contains("fails the key check"),
        "{}",
        refused.stderr
    );
    at(&provider, Entra::HOME, "app_keys = true").sign_in();
}

#[test]
fn a_cached_token_needs_no_look_at_the_pin_and_a_renewal_does() {
    let provider = entra("amara", &[]);
    let world = at(&provider, Entra::HOME_DOMAIN, "");
    world.sign_in();
    let folder = world.path("state/keyfob/tenants");
    let pin = fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    let name = format!("state/keyfob/tenants/{}", pin.file_name().to_str().unwrap());
    world.write(&name, "no GUID\n");

    world.run("token work").ok();
    let broken = world.run("token work --renew").exits(1);

    assert!(
        broken.stderr.contains("remembers which tenant"),
        "{}",
        broken.stderr
    );
    world.write(&name, Entra::OTHER);
    let moved = world.run("token work --renew").exits(9);
    assert!(
        moved
            .stderr
            .contains(&format!("is the tenant {} now", Entra::HOME)),
        "{}",
        moved.stderr
    );
    world.write(&name, Entra::HOME);
    world.run("token work --renew").ok();
}

#[test]
fn a_profile_that_was_added_by_its_domain_signs_in() {
    let provider = entra("amara", &[]);
    let (world, cloud) = (World::new(), provider.origin());
    let (domain, app) = (Entra::HOME_DOMAIN, Entra::APP);

    world
        .run(&format!(
            "config add work --entra {domain} --cloud {cloud} --client-id {app} --store sealed"
        ))
        .ok();
    world.sign_in();

    let shown = world.run("config show work").ok().stdout;
    assert!(shown.contains(Entra::HOME), "{shown}");
    assert!(!world.path("state/keyfob/tenants").exists());
}
