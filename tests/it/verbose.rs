//! `-v`: what is being done, on stderr, and never a secret.

use crate::support::{World, assert_private, provider};

#[test]
fn verbose_tells_the_files_the_store_and_each_exchange_and_no_secret() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();

    let cached = world.run("-v token work").ok();
    let renewed = world.run("token work --renew --verbose").ok();

    let config = world.path("config/keyfob/config.toml");
    let config = format!("keyfob: configuration from {}\n", config.display());
    for run in [&cached, &renewed] {
        assert!(run.stderr.contains(&config), "{run:#?}");
        let profile = "keyfob: profile work, sessions in the sealed store\n";
        assert!(run.stderr.contains(profile), "{run:#?}");
    }
    assert!(!cached.stderr.contains(" → "), "{cached:#?}");
    let (cached, renewed) = (
        cached.says("keyfob: the token is from the cache\n"),
        renewed.says("keyfob: the token was renewed\n"),
    );
    let exchange = format!("keyfob: POST {}/token → 200, ", provider.issuer());
    let renewed = renewed.says(&exchange);
    let tokens = [cached.line(), renewed.line()];
    assert_private(&world, &[&tokens[0], &tokens[1]], &[&cached, &renewed]);
}

#[test]
fn verbose_tells_an_exchange_that_failed_and_leaves_queries_out() {
    let provider = provider();
    let world = World::at(&provider);

    let login = world.login("work -v");
    let refused = world.run("-v login work --issuer http://127.0.0.1:1");

    for line in login.stderr.lines().filter(|line| line.contains(" → ")) {
        assert!(!line.contains('?') && !line.contains("code="), "{line}");
    }
    let exchanges = login.stderr.matches(" → 20").count();
    assert!(exchanges >= 3, "{login:#?}");
    refused
        .exits(6)
        .says("keyfob: GET http://127.0.0.1:1/.well-known/openid-configuration → no answer, ");
}

#[test]
fn without_the_flag_a_token_comes_in_silence() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();

    world.run("token work").ok().silent();
}
