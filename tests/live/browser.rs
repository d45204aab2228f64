//! A real browser, opened by the program itself, at both providers: it signs in, or declines, and
//! lands on our finishing page, of which pictures are kept.

use serde_json::{Value, json};

use crate::support::browser::{Visit, assert_well_drawn};
use crate::support::provider::{Npm, Practice};
use crate::support::world::World;

/// Signs in through the browser that the profile names; gives the last page and the exit status.
#[track_caller]
fn sign_in(world: &mut World, issuer: &str, visit: &Visit<'_>) -> (Value, Option<i32>) {
    let browser = visit.command(world);
    let more = format!(
        "store = \"sealed\"\nbrowser = \"{} %s\"\n",
        browser.script.display()
    );
    world.profile(issuer, &more);
    let login = world.run("login work");
    let page = browser.last_page();
    assert_eq!(page["scripts"], 0, "the page has no script");
    assert_eq!(
        page["violations"],
        json!([]),
        "the page keeps its own policy"
    );
    assert_eq!(page["language"], "en");
    assert_well_drawn(&page);
    (page, login.status)
}

fn text(page: &Value) -> &str {
    page["text"].as_str().unwrap()
}

#[test]
fn a_browser_signs_in_at_a_provider_nobody_here_wrote() {
    let npm = Npm::start(&json!({}));
    let mut world = World::new();
    let visit = Visit {
        name: "npm",
        user: "ada",
        answer: "approve",
    };

    let (page, status) = sign_in(&mut world, &npm.issuer, &visit);

    assert_eq!(status, Some(0), "{page}");
    assert!(text(&page).contains("ada"), "{page}");
    world.run("token work").answer();
}

#[test]
fn a_browser_that_declines_lands_on_a_page_that_says_why() {
    let npm = Npm::start(&json!({}));
    let mut world = World::new();
    let visit = Visit {
        name: "npm-declined",
        user: "ada",
        answer: "decline",
    };

    let (page, status) = sign_in(&mut world, &npm.issuer, &visit);

    assert_eq!(status, Some(4), "{page}");
    assert!(text(&page).contains("access_denied"), "{page}");
    world.run("token work").refusal(3);
}

#[test]
fn a_browser_signs_in_at_the_practice_provider() {
    let mut world = World::new();
    let practice = Practice::start(&world, "");
    let visit = Visit {
        name: "practice",
        user: "amara",
        answer: "approve",
    };

    let (page, status) = sign_in(&mut world, &practice.issuer, &visit);

    assert_eq!(status, Some(0), "{page}");
    assert!(text(&page).contains("mara"), "{page}");
    world.run("token work").answer();
}

#[test]
fn a_browser_that_declines_at_the_practice_provider_signs_nobody_in() {
    let mut world = World::new();
    let practice = Practice::start(&world, "");
    let visit = Visit {
        name: "practice-declined",
        user: "amara",
        answer: "decline",
    };

    let (page, status) = sign_in(&mut world, &practice.issuer, &visit);

    assert_eq!(status, Some(4), "{page}");
    world.run("token work").refusal(3);
}

#[test]
fn a_browser_that_signed_in_signs_out_everywhere() {
    let mut world = World::new();
    let practice = Practice::start(&world, "");
    // Only looked at for whether it is there: the profile's own command opens the browser.
    world.set("DISPLAY", ":99");
    let visit = Visit {
        name: "everywhere",
        user: "amara",
        answer: "approve",
    };
    let (_, status) = sign_in(&mut world, &practice.issuer, &visit);
    assert_eq!(status, Some(0));

    let logout = world.run("logout work --everywhere");
    let page = visit.command(&world).last_page();

    assert_eq!(logout.status, Some(0), "{}", logout.stderr);
    assert!(text(&page).contains("signed out"), "{page}");
    assert_eq!(
        page["violations"],
        json!([]),
        "our page lets its own form go"
    );
    world.run("token work").refusal(3);
}
