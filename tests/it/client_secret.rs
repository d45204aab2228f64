//! `keyfob config secret`: a client's secret in the store, and a sign-in that finds it there.

use keyfob::base::Secret;
use keyfob::issuer::Client;

use crate::support::{World, assert_private, provider_with};

const SECRET: &str = "three-herons-under-a-bridge";

#[test]
fn a_secret_kept_in_the_store_signs_a_confidential_client_in() {
    let provider = provider_with(|settings| {
        let secret = Secret::new(SECRET.to_owned());
        settings.clients = vec![Client::confidential("shop", secret)];
    });
    let world = World::new();
    world.configure(&format!(
        "[profile.work]\nissuer = \"{}\"\nclient_id = \"shop\"\nstore = \"sealed\"\n\
         scopes = \"openid offline_access\"\nclient_secret = {{ keyring = \"shop\" }}\n",
        provider.issuer()
    ));
    let without = world
        .run("login work")
        .exits(8)
        .says("run `keyfob config secret shop`");

    let kept = world.run_with("config secret shop", format!("{SECRET}\n"));

    let kept = kept
        .ok()
        .says("Kept the client secret `shop` in the sealed store.");
    let login = world.login("work").ok();
    let token = world.run("token work --renew").ok();
    assert_eq!((kept.stdout.as_str(), login.stdout.as_str()), ("", ""));
    assert_private(&world, &[SECRET], &[&without, &kept, &login, &token]);

    let forgot = world.run("config secret shop --forget").ok();
    forgot.says("Forgot the client secret `shop`.");
    world
        .run("token work --renew")
        .exits(8)
        .says("client secret");
    let again = world.run("config secret shop --forget").ok();
    again.says("There was no client secret `shop`.");
}

#[test]
fn a_secret_that_no_profile_names_says_what_to_type_next() {
    let world = World::new().with("KEYFOB_STORE", "sealed");

    let kept = world.run_with("config secret shop", SECRET).ok();

    kept.says("`keyfob config set PROFILE.client_secret keyring:shop`");
}
