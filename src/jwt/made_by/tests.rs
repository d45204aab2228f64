//! Tokens of a provider of many tenants, right and hostile, against the keys of a shared set.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::base::{ClientId, IssuerPattern, Timestamp};
use crate::jwt::testing::{key_set, signer};
use crate::jwt::{
    AccessTokenTypes, Algorithm, Expect, ExpectAccess, Verified, verify_access_token,
    verify_id_token,
};

const NOW: i64 = 1_790_000_000;
const WORK: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
const OTHER: &str = "11111111-2222-3333-4444-555555555555";
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

fn id(guid: &str) -> TenantId {
    TenantId::parse(guid).unwrap()
}

fn newer(tenant: &str) -> String {
    TEMPLATE.replace("{tenantid}", tenant)
}

fn older(tenant: &str) -> String {
    format!("https://sts.windows.net/{tenant}/")
}

fn issuers(tenants: Tenants) -> TokenIssuers {
    TokenIssuers::Tenant(TenantTokens {
        pattern: IssuerPattern::parse(TEMPLATE).unwrap(),
        older: IssuerPattern::parse("https://sts.windows.net/{tenantid}/"),
        tenants,
    })
}

fn any(only: &[&str], never: Option<&str>) -> TokenIssuers {
    issuers(Tenants::Any {
        only: only.iter().map(|guid| id(guid)).collect(),
        never: never.map(id),
    })
}

fn claims(iss: &str, tid: &str, ver: &str) -> Value {
    json!({"iss": iss, "tid": tid, "ver": ver, "sub": "jane", "aud": "c", "iat": NOW,
        "exp": NOW + 3600})
}

/// Verifies claims, signed with a key that vouches for `key_issuer`, as a kind of token.
fn verified(
    kind: TokenKind,
    issuers: &TokenIssuers,
    key_issuer: &str,
    claims: &Value,
) -> Result<Verified, Failure> {
    let signer = signer(Algorithm::Rs256);
    let mut jwk = signer.jwk.clone();
    jwk["issuer"] = json!(key_issuer);
    let (keys, token) = (key_set(&[jwk]), signer.token(claims));
    let made_by = made_by(&token, kind, issuers)?;
    let (now, leeway) = (Timestamp(NOW), Duration::ZERO);
    let algorithms = &[Algorithm::Rs256];
    match kind {
        TokenKind::Id => {
            let client_id = ClientId::parse("c").unwrap();
            let expect = Expect::new(&made_by.issuer, &client_id, algorithms, now, leeway);
            verify_id_token(&token, &keys, &expect)
        }
        TokenKind::Access => {
            let expect = ExpectAccess {
                issuer: &made_by.issuer,
                key_issuer: &made_by.key_issuer,
                algorithms,
                audience: None,
                types: AccessTokenTypes::Any,
                now,
                leeway,
            };
            verify_access_token(&token, &keys, &expect)
        }
    }
}

fn check(
    kind: TokenKind,
    issuers: &TokenIssuers,
    key_issuer: &str,
    claims: &Value,
) -> Result<(), Check> {
    verified(kind, issuers, key_issuer, claims)
        .map(drop)
        .map_err(|failure| failure.check)
}

#[test]
fn any_tenant_s_token_is_compared_with_that_tenant_s_issuer() {
    let all = any(&[], None);
    for tenant in [WORK, OTHER, PERSONAL] {
        let good = claims(&newer(tenant), tenant, "2.0");
        assert_eq!(check(TokenKind::Id, &all, TEMPLATE, &good), Ok(()));
        assert_eq!(check(TokenKind::Access, &all, TEMPLATE, &good), Ok(()));
        assert_eq!(check(TokenKind::Id, &all, &newer(tenant), &good), Ok(()));
    }
}

#[test]
fn a_tenant_that_the_issuer_does_not_name_is_refused() {
    let all = any(&[], None);
    for (iss, tid) in [
        (newer(OTHER), WORK),
        (newer("common"), WORK),
        (newer("{tenantid}"), WORK),
        (newer("contoso.com"), "contoso.com"),
        (newer(&WORK.to_uppercase()), WORK),
        (newer(&WORK.to_uppercase()), &WORK.to_uppercase()),
        (format!("{}/", newer(WORK)), WORK),
        (newer(WORK), "{tenantid}"),
        (newer(WORK), ""),
        (
            format!("https://login.microsoftonline.com.evil.example/{WORK}/v2.0"),
            WORK,
        ),
    ] {
        let bad = claims(&iss, tid, "2.0");
        let said = check(TokenKind::Id, &all, TEMPLATE, &bad);
        assert_eq!(said, Err(Check::Issuer), "{iss} {tid}");
    }
    let mut none = claims(&newer(WORK), WORK, "2.0");
    none.as_object_mut().unwrap().remove("tid");
    let said = check(TokenKind::Id, &all, TEMPLATE, &none);
    assert_eq!(said, Err(Check::Issuer));
    none["tid"] = json!([WORK]);
    let said = check(TokenKind::Id, &all, TEMPLATE, &none);
    assert_eq!(said, Err(Check::Issuer));
}

#[test]
fn a_key_vouches_for_the_tenant_that_it_names_and_for_no_other() {
    let all = any(&[], None);
    let work = claims(&newer(WORK), WORK, "2.0");
    for key_issuer in [
        newer(PERSONAL),
        newer(OTHER),
        "https://evil.example/{tenantid}/v2.0".to_owned(),
        format!("{TEMPLATE}/"),
        format!("{TEMPLATE}/evil"),
        "{tenantid}".to_owned(),
    ] {
        let said = check(TokenKind::Id, &all, &key_issuer, &work);
        assert_eq!(said, Err(Check::Key), "{key_issuer}");
    }
    let older = claims(&older(WORK), WORK, "1.0");
    let said = check(TokenKind::Access, &all, &newer(PERSONAL), &older);
    assert_eq!(said, Err(Check::Key));
}

#[test]
fn a_tenant_that_is_not_on_the_list_is_refused_by_name() {
    let listed = any(&[WORK], None);
    let good = claims(&newer(WORK), WORK, "2.0");
    let other = claims(&newer(OTHER), OTHER, "2.0");

    assert_eq!(check(TokenKind::Id, &listed, TEMPLATE, &good), Ok(()));
    let said = verified(TokenKind::Id, &listed, TEMPLATE, &other).unwrap_err();
    assert_eq!(
        said.to_string(),
        format!(
            "the ID token fails the issuer check: `tid` is `{OTHER}`, expected one of `{WORK}`"
        )
    );
    let work_only = any(&[], Some(PERSONAL));
    let personal = claims(&newer(PERSONAL), PERSONAL, "2.0");
    assert_eq!(check(TokenKind::Id, &work_only, TEMPLATE, &good), Ok(()));
    let said = check(TokenKind::Id, &work_only, TEMPLATE, &personal);
    assert_eq!(said, Err(Check::Issuer));
}

#[test]
fn the_version_chooses_the_issuer_of_an_access_token_and_never_whichever_passes() {
    let one = issuers(Tenants::One(id(WORK)));
    let said = |iss: String, ver: &str| {
        let claims = claims(&iss, WORK, ver);
        check(TokenKind::Access, &one, TEMPLATE, &claims)
    };

    assert_eq!(said(older(WORK), "1.0"), Ok(()));
    assert_eq!(said(newer(WORK), "2.0"), Ok(()));
    assert_eq!(said(newer(WORK), "1.0"), Err(Check::Issuer));
    assert_eq!(said(older(WORK), "2.0"), Err(Check::Issuer));
    assert_eq!(said(newer(WORK), "3.0"), Err(Check::Issuer));
    assert_eq!(said(older(OTHER), "1.0"), Err(Check::Issuer));
    let mut none = claims(&newer(WORK), WORK, "2.0");
    none.as_object_mut().unwrap().remove("ver");
    let missing = verified(TokenKind::Access, &one, TEMPLATE, &none).unwrap_err();
    assert!(
        missing.to_string().contains("`ver` is missing"),
        "{missing}"
    );
}

#[test]
fn an_id_token_is_never_of_the_older_kind() {
    let one = issuers(Tenants::One(id(WORK)));
    let old = claims(&older(WORK), WORK, "1.0");

    let said = check(TokenKind::Id, &one, TEMPLATE, &old);

    assert_eq!(said, Err(Check::Issuer));
}

#[test]
fn one_tenant_s_token_need_not_name_it_but_must_not_name_another() {
    let one = issuers(Tenants::One(id(WORK)));
    let mut silent = claims(&newer(WORK), WORK, "2.0");
    silent.as_object_mut().unwrap().remove("tid");

    assert_eq!(check(TokenKind::Id, &one, TEMPLATE, &silent), Ok(()));
    let other = claims(&newer(WORK), OTHER, "2.0");
    let said = check(TokenKind::Id, &one, TEMPLATE, &other);
    assert_eq!(said, Err(Check::Issuer));
}

#[test]
fn any_other_provider_s_rule_stays_exact_whatever_the_token_names() {
    let exact = TokenIssuers::Exact(Issuer::parse(&newer(OTHER)).unwrap());
    let work = claims(&newer(WORK), WORK, "2.0");

    let said = check(TokenKind::Id, &exact, TEMPLATE, &work);

    assert_eq!(said, Err(Check::Issuer));
    let by = made_by("no token", TokenKind::Id, &exact).unwrap();
    assert_eq!(by.issuer.as_str(), newer(OTHER));
}

#[test]
fn what_is_no_token_is_said_to_be_none() {
    let all = any(&[], None);

    let failure = made_by("opaque", TokenKind::Access, &all).unwrap_err();

    assert_eq!(
        (failure.check, failure.token),
        (Check::Form, TokenKind::Access)
    );
}
