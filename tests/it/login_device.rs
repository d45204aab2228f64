//! `keyfob login --device`: a code that a person approves elsewhere.

use std::time::Duration;

use keyfob::issuer::{Endpoint, Provider};
use url::Url;

use crate::support::{Front, Running, World, approve_device, provider_with};

#[test]
fn a_code_approved_elsewhere_signs_in() {
    let front = Front::plain();
    let provider = front.provider(|settings| settings.auto_approve = None);
    let world = World::at(&provider);
    let mut running = world.spawn("login work --device");
    let (page, code) = shown(&mut running);

    approve_device(&page, &code, "jonas", "allow");
    let output = running.wait().ok().says("jonas");

    let secrets = front.secrets();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    assert!(secrets.len() >= 4, "{}", secrets.len());
    crate::support::assert_private(&world, &secrets, &[&output]);
    assert!(
        output.stderr.contains("only if you started this"),
        "{output:#?}"
    );
    assert_eq!(output.stdout, "");
    assert!(world.opened().is_empty());
    world.run("token work").ok().silent();
    world.run("token work --renew").ok().silent();
}

#[test]
fn a_code_turned_down_elsewhere_is_exit_4() {
    let provider = nobody();
    let world = World::at(&provider);
    let mut running = world.spawn("login work --device");
    let (page, code) = shown(&mut running);

    approve_device(&page, &code, "jonas", "deny");
    let output = running.wait().exits(4).says("declined");

    assert!(output.stderr.contains("access_denied"), "{output:#?}");
    assert_eq!(world.sessions(), [""; 0]);
}

#[test]
fn a_profile_can_prefer_the_device_flow() {
    let provider = provider_with(|_| {});
    let world = World::with_profile(&provider, "flow = \"device\"");

    world.run("login work").ok();

    assert_eq!(provider.requests(Endpoint::Device), 1);
    assert_eq!(provider.requests(Endpoint::Authorize), 0);
    world.run("token work").ok();
}

#[test]
fn a_person_in_a_hurry_waits_no_longer_than_they_said() {
    let provider = nobody();
    let world = World::at(&provider);

    let output = world.run("login work --device --timeout 2s");

    output.exits(4).says("within 2 s");
    assert_eq!(world.sessions(), [""; 0]);
}

#[test]
#[cfg(unix)]
fn an_interrupted_wait_is_exit_4() {
    let provider = nobody();
    let world = World::at(&provider);
    let mut running = world.spawn("login work --device");
    shown(&mut running);

    running.signal("INT");
    running.wait().exits(4).says("interrupted");

    assert_eq!(world.sessions(), [""; 0]);
}

#[test]
fn nobody_is_asked_again_after_the_code_is_dead() {
    let provider = provider_with(|settings| {
        settings.auto_approve = None;
        settings.lifetimes.device = Duration::from_secs(3);
    });
    let world = World::at(&provider);

    world.run("login work --device").exits(4).says("expired");

    assert!(provider.requests(Endpoint::Token) <= 3);
}

/// A provider where a person has to say yes.
fn nobody() -> Provider {
    provider_with(|settings| settings.auto_approve = None)
}

/// The address and the code, as a person reads them.
fn shown(running: &mut Running) -> (Url, String) {
    let page = running.wait_for(|line| {
        let url = Url::parse(line.trim()).ok()?;
        url.path().ends_with("/device").then_some(url)
    });
    let code = running.wait_for(|line| {
        let code = line.trim();
        let is_code = code.len() == 9
            && code.chars().enumerate().all(|(at, c)| match at {
                4 => c == '-',
                _ => c.is_ascii_uppercase(),
            });
        is_code.then(|| code.to_owned())
    });
    (page, code)
}
