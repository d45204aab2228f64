//! What the agent does about peers that make no sense, or stop in the middle.

use super::raw::Raw;
use super::{Agent, socket};
use crate::support::World;

#[test]
fn garbage_ends_a_connection_at_most_and_never_the_agent() {
    let world = World::new();
    let _agent = Agent::start(&world, "");
    let socket = socket(&world);

    for bytes in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        &[0xff; 64],
        &[0, 0, 0, 0],
        &[0, 0, 0, 2, b'{'],
        &[0, 0, 0, 1, 0],
        &[0],
        &[],
    ] {
        let mut raw = Raw::connect(&socket);
        raw.send(bytes);
        drop(raw);
        let mut raw = Raw::greeted(&socket);
        raw.send(bytes);
    }

    world.run("agent status").ok();
}

#[test]
fn a_frame_that_is_too_long_is_answered_and_hung_up_on() {
    let world = World::new();
    let _agent = Agent::start(&world, "");
    let mut raw = Raw::greeted(&socket(&world));

    raw.send(&(256 * 1024 + 1_u32).to_be_bytes());

    let answer = raw.hear().unwrap();
    assert!(answer.contains("bad_request"), "{answer}");
    assert_eq!(raw.hear(), None);
}

#[test]
fn a_peer_that_stops_in_the_middle_is_hung_up_on_and_holds_up_nobody() {
    let world = World::new();
    let _agent = Agent::start(&world, "");
    let socket = socket(&world);
    let mut slow = Raw::greeted(&socket);
    slow.send(&[0, 0, 0, 100, b'{', b'"']);
    let mut silent = Raw::connect(&socket);

    // Both are still connected when this is answered.
    world.run("agent status").ok();

    assert_eq!(slow.hear(), None);
    assert_eq!(silent.hear(), None);
}

#[test]
fn more_peers_than_there_is_room_for_wait_their_turn() {
    let world = World::new();
    let _agent = Agent::start(&world, "");
    let socket = socket(&world);
    let crowd: Vec<Raw> = (0..300).map(|_| Raw::connect(&socket)).collect();

    // Those who do not say hello are sent home, and then there is room.
    let status = world.spawn("agent status");
    drop(crowd);

    status.wait().ok();
}

#[test]
fn a_request_that_is_not_known_does_not_end_the_connection() {
    let world = World::new();
    let _agent = Agent::start(&world, "");
    let mut raw = Raw::greeted(&socket(&world));

    let unknown = raw.ask(r#"{"ask":"sing","louder":true}"#);
    let none = raw.ask(r#"["ask","status"]"#);
    let odd = raw.ask(r#"{"ask":"token","profile":7}"#);
    let status = raw.ask(r#"{"ask":"status","colour":"blue"}"#);

    assert_eq!(unknown["reason"], "unknown_request");
    assert_eq!(none["reason"], "bad_request");
    assert_eq!(odd["reason"], "bad_request");
    assert_eq!(status["answer"], "status");
}

#[test]
fn a_client_of_another_version_is_told_and_hung_up_on() {
    let world = World::new();
    let _agent = Agent::start(&world, "");
    let socket = socket(&world);

    let mut newer = Raw::connect(&socket);
    let answer = newer.ask(r#"{"hello":[2,3]}"#);
    assert_eq!(answer["reason"], "version");
    assert_eq!(newer.hear(), None);
    let mut both = Raw::connect(&socket);
    assert_eq!(both.ask(r#"{"hello":[2,1],"name":"x"}"#)["version"], 1);
    let mut rude = Raw::connect(&socket);
    assert_eq!(rude.ask(r#"{"ask":"status"}"#)["reason"], "bad_request");
}
