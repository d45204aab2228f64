//! A provider, or the network before it, in passing trouble, at every stage of an exchange.
//!
//! What is said names the trouble and comes in bounded time; a token that still works is served
//! with what is left of its life.

use std::fs;

use super::clock::at;
use super::trial::Sheet;
use crate::support::gateway::{Gateway, Trouble};
use crate::support::session::{Bench, STRICT, WITH_GRACE};

use keyfob::issuer::Rotation;

/// Somebody signed in through a gateway.
fn behind(gateway: &Gateway, store: &'static str, rotation: Rotation) -> Bench {
    let bench = Bench::with(store, rotation, |settings, world| {
        settings.front = Some(gateway.origin());
        gateway.certificate().map_or_else(String::new, |pem| {
            let file = world.write("ca.pem", pem);
            format!("ca_file = \"{}\"\n", file.display())
        })
    });
    gateway.pass_on_to(bench.provider.port());
    bench.signed_in()
}

#[test]
fn a_connection_that_breaks_before_the_request_is_whole_spends_nothing() {
    let gateway = Gateway::tls();
    let mut bench = behind(&gateway, "keyring", STRICT);
    for (fault, trouble) in [
        ("reset before TLS", Trouble::Connect),
        ("reset in the TLS handshake", Trouble::FirstBytes),
        ("reset after the request", Trouble::Request),
    ] {
        troubled(
            &mut bench,
            &gateway,
            (fault, "/token", &trouble),
            "localhost",
        );
    }
}

#[test]
fn an_answer_that_breaks_off_loses_nothing_that_the_provider_still_honours() {
    for rotation in [WITH_GRACE, STRICT] {
        let gateway = Gateway::plain();
        let mut bench = behind(&gateway, "sealed", rotation);
        for (fault, trouble) in [
            ("reset before the answer", Trouble::NoAnswer),
            ("cut in the answer's header", Trouble::HalfHeader),
            ("cut in the answer's body", Trouble::HalfBody),
        ] {
            troubled(
                &mut bench,
                &gateway,
                (fault, "/token", &trouble),
                "127.0.0.1",
            );
        }
    }
}

#[test]
fn a_provider_that_asks_to_come_back_later_is_named_and_loses_nothing() {
    let gateway = Gateway::plain();
    let mut bench = behind(&gateway, "sealed", STRICT);
    for (status, reason) in [(429, "Too Many Requests"), (503, "Service Unavailable")] {
        for (form, value) in [
            ("in seconds", "7"),
            ("as a date", "Wed, 01 Jan 2098 00:00:00 GMT"),
            ("in the past", "Wed, 01 Jan 2020 00:00:00 GMT"),
            ("of nonsense", "soon, perhaps"),
        ] {
            let answer = Trouble::Answer(format!(
                "HTTP/1.1 {status} {reason}\r\nRetry-After: {value}\r\nContent-Length: 3\r\n\
                 Connection: close\r\n\r\nno\n"
            ));
            let fault = format!("{status}, Retry-After {form}");
            let trouble = (fault.as_str(), "/token", &answer);
            troubled(&mut bench, &gateway, trouble, &status.to_string());
        }
    }
}

#[test]
fn documents_that_cannot_be_fetched_spend_nothing_and_lose_nothing() {
    let gateway = Gateway::plain();
    let mut bench = behind(&gateway, "sealed", STRICT);
    let busy = Trouble::Answer(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 0\r\n\
         Connection: close\r\n\r\n"
            .to_owned(),
    );
    for (moment, path, statuses) in [
        ("fetching metadata", "/.well-known", &[6][..]),
        // The new refresh token is kept; the ID token alone is left out.
        ("fetching keys", "/jwks", &[0]),
    ] {
        for (fault, trouble) in [
            ("reset after the request", &Trouble::Request),
            ("cut in the answer's body", &Trouble::HalfBody),
            ("503, Retry-After in seconds", &busy),
        ] {
            let mut sheet = Sheet::new(&bench, fault, moment)
                .ends(statuses)
                .says(&["127.0.0.1", "503"]);
            sheet.endure(
                &mut bench,
                "",
                |bench| {
                    fs::remove_dir_all(bench.world.path("cache/keyfob/documents")).unwrap();
                    gateway.trouble(Some((path, trouble.clone())));
                    bench.world.run("token work --renew")
                },
                |bench| over(bench, &gateway),
            );
            sheet.publish();
        }
    }
}

/// The trouble is over, and long enough ago that the provider is asked again.
fn over(bench: &Bench, gateway: &Gateway) {
    gateway.trouble(None);
    for folder in ["state", "run", "cache"] {
        drop(fs::remove_dir_all(
            bench.world.path(&format!("{folder}/keyfob/backoff")),
        ));
    }
}

/// In trouble, a renewal fails with a name for it, and a token in its last minute is served.
fn troubled(
    bench: &mut Bench,
    gateway: &Gateway,
    (fault, path, trouble): (&str, &'static str, &Trouble),
    named: &str,
) {
    let arrives = matches!(
        trouble,
        Trouble::NoAnswer | Trouble::HalfHeader | Trouble::HalfBody
    );
    let sheet = |bench: &Bench, moment| {
        let sheet = Sheet::new(bench, fault, moment);
        if arrives { sheet.may_be_lost() } else { sheet }
    };
    let mut renewing = sheet(bench, "renewing").ends(&[6]).says(&[named]);
    renewing.endure(
        bench,
        "",
        |bench| {
            gateway.trouble(Some((path, trouble.clone())));
            bench.world.run("token work --renew")
        },
        |bench| over(bench, gateway),
    );
    renewing.publish();
    let mut serving = sheet(bench, "in a token's last minute");
    serving.endure(
        bench,
        "",
        |bench| {
            let held = bench.world.run("token work").answer().to_owned();
            gateway.trouble(Some((path, trouble.clone())));
            let ran = at(bench, "+550s", "token work");
            assert_eq!(ran.answer(), held, "{fault}: {ran:#?}");
            assert!(ran.stderr.contains("still works for"), "{fault}: {ran:#?}");
            assert!(ran.stderr.contains(named), "{fault}: {ran:#?}");
            ran
        },
        |bench| over(bench, gateway),
    );
    serving.publish();
}
