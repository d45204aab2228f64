//! What pages say, and what they never do.

use super::wire::{Reply, Wire, quick};
use crate::issuer::Settings;

fn is_locked_down(page: &Reply) {
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(!page.body.contains("://cdn") && !page.body.contains("<link"));
}

#[test]
fn every_page_is_locked_down_and_has_no_script_but_the_form_post() {
    let wire = Wire::start(Settings {
        auto_approve: None,
        ..quick()
    });
    let pages = [
        wire.get("/"),
        wire.authorize(&[]),
        wire.authorize(&[("client_id", "nobody")]),
        wire.get("/device"),
        wire.get("/end_session"),
    ];

    for page in &pages {
        is_locked_down(page);
        assert!(!page.body.contains("<script"));
        assert!(
            !page
                .header("content-security-policy")
                .contains("script-src")
        );
    }
    let posting = Wire::start(quick()).authorize(&[("response_mode", "form_post")]);
    is_locked_down(&posting);
}

#[test]
fn foreign_text_is_escaped_wherever_it_is_shown() {
    let wire = Wire::start(quick());
    let evil = "\"><script>alert(1)</script><img src=x onerror='y'>";
    let encoded: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();

    let pages = [
        wire.authorize(&[("client_id", evil)]),
        wire.authorize(&[("redirect_uri", evil)]),
        wire.authorize(&[("response_mode", "form_post"), ("state", evil)]),
        wire.get(&format!("/device?user_code={encoded}")),
    ];

    for page in pages {
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
        assert!(!page.body.contains("<img"), "{}", page.body);
    }
}

#[test]
fn a_form_post_to_an_ipv6_address_is_allowed_by_its_policy() {
    let wire = Wire::start(quick());

    let page = wire.authorize(&[
        ("response_mode", "form_post"),
        ("redirect_uri", "http://[::1]:4711/"),
    ]);

    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' http:;"), "{policy}");
}
