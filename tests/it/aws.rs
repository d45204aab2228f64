//! `keyfob credential aws`: from a sign-in to the keys of a role, and what stands in the way.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use keyfob::issuer::{Endpoint, Provider};
use serde_json::Value;

use crate::agent::Agent;
use crate::support::{Output, Running, Sts, World, assert_private, provider, provider_with};

const HOUR: Duration = Duration::from_secs(3600);

/// A user who is signed in, with the target `work/aws` and more lines for it.
fn signed_in(provider: &Provider, sts: &Sts, more: &str) -> World {
    let world = World::with_profile(provider, &target(sts, more));
    world.sign_in();
    world
}

fn target(sts: &Sts, more: &str) -> String {
    format!(
        "[profile.work.target.aws]\nscopes = \"openid orders.read\"\n{}{more}",
        sts.lines()
    )
}

/// A provider whose tokens outlive everything here.
fn lasting() -> Provider {
    provider_with(|settings| settings.lifetimes.access = 12 * HOUR)
}

fn ask(world: &World) -> Output {
    world.run("credential aws work/aws")
}

/// The name of the key, which tells credentials apart.
#[track_caller]
fn key(world: &World) -> String {
    let answer = ask(world).ok().silent().json();
    answer["AccessKeyId"].as_str().unwrap().to_owned()
}

fn roles(world: &World) -> usize {
    let cached = world.cached();
    cached.iter().filter(|name| name.contains("-role-")).count()
}

#[test]
fn credentials_of_a_role_are_got_once_and_kept_sealed() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");

    let first = ask(&world).ok().silent();
    let second = ask(&world).ok().silent();

    assert_eq!(first.stdout, second.stdout);
    assert_eq!(first.line().lines().count(), 1);
    let answer = first.json();
    assert_eq!(answer["Version"], 1);
    assert_eq!(answer["AccessKeyId"], "ASIA0000000000000001");
    assert_eq!(answer["SecretAccessKey"], "secret/key+1");
    assert_eq!(answer["SessionToken"], "session/token+1==");
    let end: jiff::Timestamp = answer["Expiration"].as_str().unwrap().parse().unwrap();
    assert!(end > jiff::Timestamp::now());
    assert_eq!(answer.as_object().unwrap().len(), 5);
    let seen = sts.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0]["RoleSessionName"], "amara");
    assert_eq!(seen[0].len(), 5, "{seen:?}");
    for name in world.cached() {
        let bytes = std::fs::read(world.path("cache/keyfob/tokens").join(&name)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("secret/key"));
    }
}

#[test]
fn everything_that_the_user_wrote_down_is_asked_for() {
    let (provider, sts) = (lasting(), Sts::open());
    let more = "present = \"id\"\naws_session_name = \"build-7\"\naws_duration = \"15m\"\n\
                aws_policy = '{\"Version\":\"2012-10-17\",\"Statement\":[]}'\n\
                aws_policy_arns = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n";
    let world = signed_in(&provider, &sts, more);
    let id = world.run("token work/aws --id-token").ok().line();

    ask(&world).ok();

    let form = &sts.seen()[0];
    assert_eq!(form["WebIdentityToken"], id);
    assert_eq!(form["RoleSessionName"], "build-7");
    assert_eq!(form["DurationSeconds"], "900");
    assert!(form["Policy"].starts_with("{\"Version\""));
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    assert_eq!(form["PolicyArns.member.1.arn"], arn);
}

#[test]
fn other_wishes_get_other_credentials() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    let mut keys = BTreeSet::from([key(&world)]);
    let file = world.path("config/keyfob/config.toml");
    let text = std::fs::read_to_string(file).unwrap();

    for more in [
        "aws_duration = \"30m\"\n",
        "aws_session_name = \"other\"\n",
        "aws_policy = \"{}\"\n",
        "present = \"id\"\n",
    ] {
        world.configure(&format!("{text}\n{more}"));
        assert!(keys.insert(key(&world)), "{more}");
    }
    world.configure(&text);
    assert!(!keys.insert(key(&world)), "the first are kept still");
}

#[test]
fn twenty_cold_processes_cost_one_refresh_and_one_request() {
    let (provider, sts) = (provider(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    world.age_tokens(HOUR);
    let asked = provider.requests(Endpoint::Token);

    let askers: Vec<Running> = (0..20)
        .map(|_| world.spawn("credential aws work/aws"))
        .collect();
    let answers: BTreeSet<String> = askers
        .into_iter()
        .map(|asker| asker.wait().ok().silent().stdout)
        .collect();

    assert_eq!(answers.len(), 1);
    assert_eq!(sts.requests(), 1);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
}

#[test]
fn a_refusal_has_its_status_its_next_step_and_no_secret() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    let token = world.run("token work/aws").ok().line();
    let explain = "`keyfob explain aws work/aws`";
    for (http, code, status, word) in [
        (400, "InvalidIdentityToken", 5, explain),
        (403, "AccessDenied", 5, explain),
        (403, "IDPRejectedClaim", 3, "`keyfob login work`"),
        (400, "MalformedPolicyDocument", 8, "`aws_policy`"),
        (400, "PackedPolicyTooLarge", 8, "`aws_policy_arns`"),
        (400, "ValidationError", 8, "`aws_duration`"),
        (403, "RegionDisabledException", 8, "`aws_region`"),
        (418, "SomethingNew", 5, "SomethingNew"),
    ] {
        sts.refuse(http, code, &format!("no \u{9b}31m to {token}"));

        let failed = ask(&world).exits(status).says(code).says(word);

        assert_eq!(failed.stdout, "");
        let is_foreign = |c: char| c.is_control() && c != '\n';
        assert!(!failed.stderr.contains(is_foreign), "{failed:#?}");
        assert!(!failed.stderr.contains(&token[..40]), "{failed:#?}");
        let last = world.run("explain --last work").ok().stdout;
        assert!(
            last.contains(code) && !last.contains(&token[..40]),
            "{last}"
        );
    }
    assert_eq!(sts.requests(), 8, "a refusal is not asked for again");
    ask(&world).ok();
}

#[test]
fn a_token_that_aws_takes_for_old_is_renewed_once() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    world.run("token work/aws").ok();
    let asked = provider.requests(Endpoint::Token);
    sts.refuse(400, "ExpiredTokenException", "Token expired");

    ask(&world).ok();

    let seen = sts.seen();
    assert_eq!(seen.len(), 2);
    assert_ne!(seen[0]["WebIdentityToken"], seen[1]["WebIdentityToken"]);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
    world.age_tokens(12 * HOUR);
    for _ in 0..2 {
        sts.refuse(400, "ExpiredTokenException", "Token expired");
    }
    ask(&world).exits(5).says("clock");
    assert_eq!(sts.requests(), 3, "a token that just came is not renewed");
}

#[test]
fn aws_is_asked_again_when_it_could_not_reach_the_provider_and_then_left_alone() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    let busy = || sts.refuse(400, "IDPCommunicationError", "no answer in time");
    busy();
    busy();

    ask(&world).ok().silent();

    assert_eq!(sts.requests(), 3);
    world.age_tokens(HOUR);
    (0..3).for_each(|_| busy());
    ask(&world).exits(6).says("IDPCommunicationError");
    assert_eq!(sts.requests(), 6);
    ask(&world).exits(6).says("left alone");
    assert_eq!(sts.requests(), 6, "it is left alone for a while");
    world.run("token work/aws").ok();
    world.forget_trouble();
    ask(&world).ok();
}

#[test]
fn credentials_that_still_work_outlast_an_aws_that_cannot_be_reached() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    let first = key(&world);
    world.age_tokens(Duration::from_secs(3400));
    sts.set_down(true);

    let kept = ask(&world).ok().says("still work for 3 min");

    assert_eq!(kept.json()["AccessKeyId"], first);
    assert!(!kept.stderr.contains("session/token"), "{kept:#?}");
    world.age_tokens(Duration::from_secs(200));
    ask(&world).exits(6);
    sts.set_down(false);
    world.forget_trouble();
    assert_ne!(key(&world), first);
}

#[test]
fn a_refusal_is_not_hidden_by_credentials_that_are_about_to_end() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    key(&world);
    world.age_tokens(Duration::from_secs(3400));
    sts.refuse(403, "AccessDenied", "no more");

    ask(&world).exits(5).says("AccessDenied");
}

#[test]
fn new_credentials_are_got_ahead_of_the_end_and_a_fault_then_is_nobodys_business() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    let first = key(&world);
    world.age_tokens(Duration::from_secs(2600));
    assert_eq!(key(&world), first);

    world.age_tokens(Duration::from_secs(100));
    sts.refuse(403, "AccessDenied", "not now");
    assert_eq!(key(&world), first);
    assert_eq!(key(&world), first, "it is tried again in a minute");
    assert_eq!(sts.requests(), 2);

    world.age_tokens(Duration::from_secs(90));
    assert_ne!(key(&world), first);
}

#[test]
fn signing_out_forgets_the_credentials_too() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    let first = key(&world);
    assert_eq!(roles(&world), 1);

    world.run("logout work").ok();

    assert_eq!(roles(&world), 0);
    ask(&world).exits(3).says("keyfob login work");
    world.sign_in();
    assert_ne!(key(&world), first);
}

#[test]
fn what_is_got_while_somebody_signs_out_is_not_kept() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = Arc::new(signed_in(&provider, &sts, ""));
    let other = Arc::clone(&world);
    sts.before_answer(move || drop(other.run("logout work").ok()));

    ask(&world).ok();

    assert_eq!((sts.requests(), roles(&world)), (1, 0));
    ask(&world).exits(3);
}

#[test]
fn what_answers_in_the_place_of_aws_gets_no_second_look() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");
    let elsewhere = Sts::open();
    let location = format!("Location: {}/\r\n", elsewhere.address());

    sts.answer_with(307, &location, "");
    ask(&world).exits(6).says("never followed");
    sts.answer(
        200,
        "<html><body>Sign in to the guest network</body></html>",
    );
    ask(&world).exits(6).says("aws_endpoint");
    sts.answer(200, "<AssumeRoleWithWebIdentityResponse>");
    ask(&world).exits(6).says("whole XML");
    sts.answer(200, &"<a>".repeat(500_000));
    ask(&world).exits(6).says("1048576 bytes");
    let old = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
               <SessionToken>t</SessionToken><SecretAccessKey>s</SecretAccessKey>\
               <Expiration>2020-01-01T00:00:00Z</Expiration><AccessKeyId>A</AccessKeyId>\
               </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
    world.forget_trouble();
    sts.answer(200, old);
    ask(&world).exits(9).says("over before they came");

    assert_eq!((elsewhere.requests(), roles(&world)), (0, 0));
    ask(&world).ok();
}

#[test]
fn only_the_users_own_file_says_which_role() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = World::at(&provider)
        .with("KEYFOB_AWS_ROLE", Sts::ROLE)
        .with("AWS_ROLE_ARN", Sts::ROLE)
        .with("AWS_ENDPOINT_URL", &sts.address());
    world.sign_in();

    for line in ["credential aws", "credential aws work"] {
        let refused = world.run(line).exits(8).says("aws_role");
        assert_eq!(refused.stdout, "");
    }

    assert_eq!(sts.requests(), 0);
}

#[test]
fn without_a_name_the_only_role_is_meant() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "");

    let answer: Value = world.run("credential aws").ok().json();

    assert_eq!(answer["Version"], 1);
}

#[test]
fn a_session_in_the_agent_has_its_credentials_there_and_nothing_on_the_disk() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = World::new();
    world.configure(&format!(
        "[profile.work]\nissuer = \"{}\"\nclient_id = \"keyfob-cli\"\nstore = \"agent\"\n\
         scopes = \"openid profile email offline_access\"\nbrowser = \"{}\"\n{}",
        provider.issuer(),
        world.browser_command(),
        target(&sts, "")
    ));
    let _agent = Agent::start(&world, "");
    world.sign_in();
    let asked = provider.requests(Endpoint::Token);

    let askers: Vec<Running> = (0..20)
        .map(|_| world.spawn("credential aws work/aws"))
        .collect();
    let answers: BTreeSet<String> = askers
        .into_iter()
        .map(|asker| asker.wait().ok().silent().stdout)
        .collect();

    assert_eq!(answers.len(), 1);
    assert_eq!(sts.requests(), 1);
    assert_eq!(sts.seen()[0]["RoleSessionName"], "amara");
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
    assert!(world.cached().is_empty());
    assert_private(&world, &["secret/key+1", "session/token+1=="], &[]);

    sts.refuse(403, "AccessDenied", "no");
    world.run("logout work").ok();
    ask(&world).exits(3).says("keyfob login work");
    world.sign_in();
    ask(&world).exits(5).says("`keyfob explain aws work/aws`");
    ask(&world).ok();
    assert_eq!(sts.requests(), 3);
}

#[test]
fn the_trust_policy_is_made_of_the_token_that_is_presented() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = signed_in(&provider, &sts, "present = \"id\"\n");
    let token = world.run("token work/aws --id-token").ok().line();
    let name = provider.issuer().trim_start_matches("http://");

    let text = world.run("explain aws work/aws").ok().silent().stdout;
    let whole = world
        .run("explain aws work/aws --json")
        .ok()
        .silent()
        .json();

    let federated = format!("arn:aws:iam::123456789012:oidc-provider/{name}");
    let statement = &whole["trust_policy"]["Statement"][0];
    assert_eq!(statement["Principal"]["Federated"], federated);
    let equals = &statement["Condition"]["StringEquals"];
    assert_eq!(equals[format!("{name}:aud")], "keyfob-cli");
    let subject = equals[format!("{name}:sub")].as_str().unwrap();
    assert!(text.contains(&format!("sub:        {subject}\n")), "{text}");
    assert_eq!(whole["verified"], true);
    for words in [
        "aws iam create-open-id-connect-provider --url http",
        "aws iam update-assume-role-policy --role-name dev --policy-document file://trust.json",
        "aws iam create-role --path /team/ --role-name dev",
        "only a stand-in for AWS",
    ] {
        assert!(text.contains(words), "no `{words}`: {text}");
    }
    assert!(!text.contains(&token[..20]) && !whole.to_string().contains(&token[..20]));
    assert_eq!(world.run("explain aws").ok().stdout, text, "the only role");
}

#[test]
fn what_an_account_must_trust_cannot_be_told_without_a_role_or_a_token() {
    let (provider, sts) = (lasting(), Sts::open());
    let world = World::with_profile(&provider, &target(&sts, ""));

    world
        .run("explain aws work/other")
        .exits(8)
        .says("aws_role");
    world.run("explain aws other").exits(8).says("aws_role");
    world.run("explain aws ../x").exits(2);
    world
        .run("explain aws work/aws")
        .exits(3)
        .says("keyfob login work");
    assert_eq!(sts.requests(), 0);
}
