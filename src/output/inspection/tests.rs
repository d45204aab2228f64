//! Whole pages as people see them, and the JSON.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::base::printable;
use crate::jwt::{Check, Reason, TokenKind, inspect};

const NOW: Timestamp = Timestamp(1_790_000_000);

fn token(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2ln", encode(header), encode(claims))
}

fn seen(claims: &Value) -> Inspection {
    let header = json!({"alg": "ES256", "kid": "k1", "typ": "JWT"});
    inspect(&token(&header, claims), NOW)
}

fn whole<'a>(inspection: &'a Inspection, zone: &'a TimeZone, columns: u16) -> Page<'a> {
    Page {
        inspection,
        verdict: Verdict::Verified(Algorithm::Es256),
        zone,
        now: NOW,
        style: Style::Plain,
        columns,
    }
}

fn page(inspection: &Inspection, columns: u16) -> String {
    let zone = TimeZone::fixed(jiff::tz::Offset::constant(2));
    text(&whole(inspection, &zone, columns))
}

fn sample() -> Value {
    let groups: Vec<String> = (1..=192)
        .map(|number| format!("team-{number:03}"))
        .collect();
    json!({
        "iss": "https://id.example.com", "tid": "9188040d-6c67-4c5b-b112-36a304b66dad",
        "sub": "248289761001", "aud": "keyfob-cli", "iat": NOW.0 - 420, "exp": NOW.0 + 2520,
        "auth_time": NOW.0 - 90_000, "nonce": "n-0S6_WzA2Mj", "preferred_username": "jane@example.com",
        "name": "Jané 東京", "email_verified": true,
        "scope": "openid profile orders.read", "groups": groups, "amr": ["pwd", "otp"],
        "address": {"country": "DE", "locality": "Köln"}, "roles": [], "custom": null,
        "https://example.com/claims/department": "R&D",
    })
}

#[test]
fn a_page_fits_eighty_columns_and_reads_from_verdict_to_claims() {
    let text = page(&seen(&sample()), 80);

    assert_eq!(
        text,
        r#"ID token

  ✓ verified    the provider signed it (ES256), every check passed

Header
  alg  ES256
  kid  k1
  typ  JWT

Times
  signed in        2026-09-20 15:13:20 +02:00  1 d 1 h ago      auth_time
  issued           2026-09-21 16:06:20 +02:00  7 min ago        iat
  expires          2026-09-21 16:55:20 +02:00  in 42 min        exp

Claims
  iss                 https://id.example.com        issuer: who made the token
  sub                 248289761001                  subject: the account there
  aud                 keyfob-cli                    audience: who it is for
  name                Jané 東京                     full name
  preferred_username  jane@example.com              name to sign in with
  email_verified      true                          is the address proven
  address             {                             postal address
                        "country": "DE",
                        "locality": "Köln"
                      }
  scope               openid                        what it allows
                      profile
                      orders.read
  roles               (none)                        roles granted
  groups              team-001                      groups of the account
                      team-002
                      team-003
                      team-004
                      team-005
                      team-006
                      team-007
                      team-008
                      team-009
                      team-010
                      team-011
                      team-012
                      … and 180 more
  tid                 9188040d-6c67-4c5b-b112-36a304b66dad
                                                    tenant (Entra)
  amr                 pwd                           how the person signed in
                      otp
  nonce               n-0S6_WzA2Mj                  echo of the request
  custom              null
  https://example.com/claims/department
                      R&D
"#
    );
}

#[test]
fn meanings_stand_under_the_values_on_a_narrow_terminal() {
    let inspection = seen(&json!({"iss": "https://id.example.com", "exp": NOW.0 - 120}));
    let failure = Failure {
        token: TokenKind::Id,
        check: Check::Subject,
        reason: Reason::Missing("sub"),
    };

    let text = text(&Page {
        verdict: Verdict::Failed(&failure),
        ..whole(&inspection, &TimeZone::UTC, 50)
    });

    assert_eq!(
        text,
        "Signed token\n\
         \n\
         \x20 ✗ refused     the ID token fails the subject\n\
         \x20               check: `sub` is missing\n\
         \x20 ! warning     it expired 2 min ago\n\
         \n\
         Header\n\
         \x20 alg  ES256\n\
         \x20 kid  k1\n\
         \x20 typ  JWT\n\
         \n\
         Times\n\
         \x20 expired          2026-09-21 14:11:20 +00:00  2 min ago        exp\n\
         \n\
         Claims\n\
         \x20 iss  https://id.example.com\n\
         \x20      (issuer: who made the token)\n"
    );
}

#[test]
fn an_opaque_token_says_so_and_nothing_else() {
    let inspection = inspect("gho_16C7e42F292c6912E7710c838347Ae178B4a", NOW);

    let text = text(&Page {
        verdict: Verdict::Unchecked("there is nothing to verify"),
        ..whole(&inspection, &TimeZone::UTC, 80)
    });

    assert_eq!(
        text,
        "Opaque token\n\n  ? unverified  there is nothing to verify\n\
         \x20               only its issuer can read it\n"
    );
}

#[test]
fn colour_changes_nothing_but_the_codes() {
    let inspection = seen(&sample());
    let coloured = text(&Page {
        style: Style::Colour,
        ..whole(&inspection, &TimeZone::UTC, 80)
    });

    let bare: String = coloured
        .split('\u{1b}')
        .enumerate()
        .map(|(index, piece)| match index {
            0 => piece,
            _ => piece.split_once('m').unwrap().1,
        })
        .collect();

    assert_ne!(coloured, bare);
    assert_eq!(bare, text(&whole(&inspection, &TimeZone::UTC, 80)));
}

#[test]
fn programs_get_the_claims_as_they_are_and_the_verdict_in_words() {
    let inspection = seen(&sample());

    let text = json(&inspection, Verdict::Unchecked("nobody asked"), NOW);

    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["kind"], "ID token");
    assert_eq!(read["verified"], false);
    assert_eq!(read["reason"], "nobody asked");
    assert_eq!(read["claims"], sample());
    assert_eq!(
        read["times"]["exp"],
        json!({"at": "2026-09-21T14:55:20Z", "seconds_from_now": 2520})
    );
}

#[test]
fn a_long_header_member_is_cut_and_its_length_told() {
    let header = json!({"alg": "ES256", "x5c": ["M".repeat(2000)]});
    let inspection = inspect(&token(&header, &json!({})), NOW);

    let text = page(&inspection, 80);

    let line = text.lines().find(|line| line.starts_with("  x5c")).unwrap();
    assert!(line.ends_with("… (2004 characters)"), "{line}");
    assert_eq!(line.chars().count(), 80);
}

proptest! {
    #[test]
    fn nothing_foreign_drives_the_terminal(
        name in any::<String>(),
        value in any::<String>(),
        columns in any::<u16>(),
        now in any::<i64>(),
    ) {
        let nested = json!({ name.clone(): [{ value.clone(): value.clone() }] });
        let claims = json!({ name.clone(): value, "groups": [&name], "x": nested, "exp": 7 });
        let header = json!({ "alg": value, "x": [value], name.clone(): value });
        let inspection = inspect(&token(&header, &claims), NOW);
        let now = Timestamp(now);

        let page = text(&Page { now, ..whole(&inspection, &TimeZone::UTC, columns) });
        let text = json(&inspection, Verdict::Unchecked(&page), now);

        prop_assert_eq!(printable(&page), page.as_str());
        prop_assert_eq!(printable(&text), text.as_str());
        prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap()["claims"], &claims);
    }
}
