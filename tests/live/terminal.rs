//! What a person sees on a terminal: tmux runs the program, keys are pressed, screens are read and
//! kept.

use std::net::TcpStream;

use serde_json::{Value, json};
use url::Url;

use crate::support::person::Person;
use crate::support::provider::{Npm, Practice};
use crate::support::screen::Screen;
use crate::support::world::{World, address_on, user_code_in};

const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");

fn at_npm(settings: &Value) -> (Npm, World) {
    let npm = Npm::start(settings);
    let mut world = World::new();
    world.profile(&npm.issuer, "store = \"sealed\"\n");
    (npm, world)
}

#[test]
fn a_device_sign_in_shows_its_code_and_counts_down() {
    let (_npm, world) = at_npm(&json!({}));
    let screen = Screen::open(&world, (100, 45), &format!("{KEYFOB} login work --device"));

    let code = screen.wait("the user code", user_code_in);
    screen.keep("device-code");
    assert!(
        screen.text().contains('█') || screen.text().contains('▀'),
        "no QR code is drawn"
    );
    let before = screen.text();
    screen.wait("the countdown to move", |text| {
        (text != before).then_some(())
    });
    let address = before.lines().find_map(address_on);
    Person::with_code("ada", code).walk(&address.expect("the address stands on its own line"));

    assert_eq!(screen.ended(), 0, "{}", screen.text());
    screen.keep("device-signed-in");
    assert!(screen.text().contains("ada"), "{}", screen.text());
}

#[test]
fn a_narrow_terminal_gets_the_code_without_the_picture() {
    let (_npm, world) = at_npm(&json!({}));
    let screen = Screen::open(&world, (38, 24), &format!("{KEYFOB} login work --device"));

    screen.wait("the user code", user_code_in);

    screen.keep("device-narrow");
    assert!(
        !screen.text().contains('█') && !screen.text().contains('▀'),
        "{}",
        screen.text()
    );
    screen.press("C-c");
    assert_eq!(screen.ended(), 4, "a sign-in that was not completed");
}

#[test]
fn an_interrupted_sign_in_leaves_the_terminal_and_the_port_as_they_were() {
    let (_npm, world) = at_npm(&json!({ "par": "off" }));
    let line = format!(
        "stty -g >before; {KEYFOB} login work --no-browser; s=$?; stty -g >after; (exit $s)"
    );
    let screen = Screen::open(&world, (160, 24), &line);
    let address = screen.wait("the address", |text| text.lines().find_map(address_on));
    let address = Url::parse(&address).unwrap();
    let redirect = address
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri");
    let port = Url::parse(&redirect.unwrap().1).unwrap().port().unwrap();
    assert!(
        TcpStream::connect(("127.0.0.1", port)).is_ok(),
        "somebody listens"
    );

    screen.press("C-c");

    assert_eq!(screen.ended(), 4, "a sign-in that was not completed");
    screen.keep("interrupted");
    assert!(
        TcpStream::connect(("127.0.0.1", port)).is_err(),
        "nobody listens any more"
    );
    let read = |name| std::fs::read_to_string(world.path(name)).unwrap();
    assert_eq!(read("before"), read("after"));
}

#[test]
fn the_demo_runs_to_its_end_and_leaves_nothing_behind() {
    let world = World::new();
    let screen = Screen::open(&world, (100, 60), &format!("{KEYFOB} demo"));

    assert_eq!(screen.ended(), 0, "{}", screen.text());

    screen.keep("demo");
    let text = screen.text();
    for line in ["keyfob config add", "keyfob login", "keyfob token"] {
        assert!(
            text.contains(line),
            "the next step `{line}` is missing:\n{text}"
        );
    }
    for folder in ["cache", "config", "data", "state", "tmp"] {
        let left: Vec<_> = std::fs::read_dir(world.path(folder)).unwrap().collect();
        assert!(left.is_empty(), "{folder} holds {left:?}");
    }
}

#[test]
fn a_question_of_the_agent_is_answered_on_its_own_terminal() {
    let mut world = World::new();
    let practice = Practice::start(&world, "--sign-in-as amara --algorithm ES256");
    world.profile(&practice.issuer, "store = \"agent\"\n");
    let screen = Screen::open(&world, (120, 50), &format!("{KEYFOB} agent --confirm"));
    screen.wait("the agent", |text| {
        text.contains("the agent is process").then_some(())
    });
    world.signed_in();

    for (number, (answer, status)) in [("y", 0), ("n", 5), ("yes", 0), ("", 5)].iter().enumerate() {
        let asking = world.start("token work");
        screen.wait("the question", |text| {
            (text.matches("[y/N]").count() > number).then_some(())
        });
        if !answer.is_empty() {
            screen.press(answer);
        }
        screen.press("Enter");
        assert_eq!(asking.end().status, Some(*status), "{answer}");
    }

    screen.keep("confirm");
    let text = screen.text();
    assert!(text.contains("give an access token for work?"), "{text}");
    assert!(text.contains("asked for by process"), "{text}");
    screen.press("C-c");
    screen.ended();
}

#[test]
fn a_tenant_of_entra_is_a_good_answer_where_an_issuer_is_asked_for() {
    let world = World::new();
    let screen = Screen::open(&world, (120, 40), &format!("{KEYFOB} config add"));
    let answers = [
        ("profile name", "work"),
        (
            "issuer URL of the provider, or Entra tenant",
            "organizations",
        ),
        (
            "id of the registered client",
            "c0ffee00-1111-2222-3333-444444444444",
        ),
        ("scopes", ""),
    ];

    for (question, answer) in answers {
        screen.wait(question, |text| text.contains(question).then_some(()));
        if !answer.is_empty() {
            screen.press(answer);
        }
        screen.press("Enter");
    }

    assert_eq!(screen.ended(), 0, "{}", screen.text());
    let file = world.path("config/keyfob/config.toml");
    let text = std::fs::read_to_string(file).unwrap();
    assert!(
        text.contains("provider = \"entra\"\ntenant = \"organizations\"\n"),
        "{text}"
    );
}
