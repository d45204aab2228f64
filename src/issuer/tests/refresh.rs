//! The life of a refresh token and its family.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use super::wire::{Wire, quick, text};
use crate::issuer::{Endpoint, Lifetimes, Rotation, Settings};

fn rotating(rotation: Rotation) -> Wire {
    Wire::start(Settings {
        rotation,
        ..quick()
    })
}

#[test]
fn a_reused_refresh_token_ends_the_family() {
    let wire = rotating(Rotation::Rotate);
    let first = wire.sign_in();
    let second = wire.refresh(text(&first, "refresh_token"), &[]).json();

    let reuse = wire.refresh(text(&first, "refresh_token"), &[]);

    assert_eq!(reuse.error(), "invalid_grant");
    assert_eq!(
        wire.refresh(text(&second, "refresh_token"), &[]).error(),
        "invalid_grant"
    );
    assert_eq!(wire.echo(text(&second, "access_token")).status, 401);
}

#[test]
fn of_two_uses_at_once_one_is_the_second() {
    let wire = rotating(Rotation::Rotate);
    let first = wire.sign_in();
    let token = text(&first, "refresh_token");
    let start = Barrier::new(8);

    let statuses: Vec<_> = thread::scope(|scope| {
        let one = || {
            start.wait();
            wire.refresh(token, &[]).status
        };
        let all: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });

    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    let refreshes = wire
        .provider
        .log()
        .into_iter()
        .filter(|seen| seen.endpoint == Endpoint::Token && seen.grant == Some("refresh_token"));
    assert_eq!(refreshes.count(), 8);
}

#[test]
fn within_the_grace_period_the_old_token_still_works() {
    let kind = rotating(Rotation::RotateWithGrace(Duration::from_secs(3600)));
    let strict = rotating(Rotation::RotateWithGrace(Duration::ZERO));

    for (wire, status) in [(kind, 200), (strict, 400)] {
        let first = wire.sign_in();
        let token = text(&first, "refresh_token");
        let second = wire.refresh(token, &[]).json();
        assert_eq!(wire.refresh(token, &[]).status, status);
        assert_eq!(
            wire.refresh(text(&second, "refresh_token"), &[]).status,
            status
        );
    }
}

#[test]
fn a_forgiving_provider_refuses_the_old_token_and_keeps_the_new_one() {
    let wire = rotating(Rotation::RotateAndForgive);
    let first = wire.sign_in();
    let second = wire.refresh(text(&first, "refresh_token"), &[]).json();

    assert_eq!(
        wire.refresh(text(&first, "refresh_token"), &[]).error(),
        "invalid_grant"
    );
    assert_eq!(
        wire.refresh(text(&second, "refresh_token"), &[]).status,
        200
    );
}

#[test]
fn without_rotation_the_token_stays() {
    let wire = rotating(Rotation::Keep);
    let first = wire.sign_in();
    let token = text(&first, "refresh_token");

    for _ in 0..3 {
        let reply = wire.refresh(token, &[]);
        assert_eq!(reply.status, 200);
        assert!(reply.json().get("refresh_token").is_none());
    }
}

#[test]
fn a_refresh_narrows_the_scope_and_never_widens_it() {
    let wire = rotating(Rotation::Keep);
    let first = wire.sign_in();
    let token = text(&first, "refresh_token");

    let less = wire.refresh(token, &[("scope", "orders.read")]);
    let more = wire.refresh(token, &[("scope", "orders.read orders.write")]);

    assert_eq!(text(&less.json(), "scope"), "orders.read");
    assert!(less.json().get("id_token").is_none());
    assert_eq!(more.error(), "invalid_scope");
    assert_eq!(
        text(&wire.refresh(token, &[]).json(), "scope")
            .split(' ')
            .count(),
        6
    );
}

#[test]
fn a_refused_scope_does_not_spend_the_refresh_token() {
    let wire = rotating(Rotation::Rotate);
    let first = wire.sign_in();
    let token = text(&first, "refresh_token");

    let refused = wire.refresh(token, &[("scope", "orders.write")]);

    assert_eq!(refused.error(), "invalid_scope");
    assert_eq!(wire.refresh(token, &[]).status, 200);
}

#[test]
fn a_refresh_token_expires_and_an_administrator_can_end_it_all() {
    let wire = Wire::start(Settings {
        lifetimes: Lifetimes {
            refresh: Duration::from_secs(60),
            ..Lifetimes::default()
        },
        ..quick()
    });
    let (first, second) = (wire.sign_in(), wire.sign_in());

    wire.provider.set_clock_skew(61);
    let expired = wire.refresh(text(&first, "refresh_token"), &[]);
    wire.provider.set_clock_skew(0);
    wire.provider.revoke_everything();

    assert_eq!(expired.error(), "invalid_grant");
    assert_eq!(wire.echo(text(&second, "access_token")).status, 401);
    assert_eq!(
        wire.refresh(text(&second, "refresh_token"), &[]).error(),
        "invalid_grant"
    );
    let other = wire.refresh("made-up", &[]);
    assert_eq!(other.error(), "invalid_grant");
}
