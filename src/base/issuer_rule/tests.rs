//! Which issuers settle a rule, and which never do.

use super::*;

const ONE: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
const TWO: &str = "11111111-2222-3333-4444-555555555555";

fn id(guid: &str) -> TenantId {
    TenantId::parse(guid).unwrap()
}

fn rule(expected: Expected) -> IssuerRule {
    IssuerRule::Tenant(TenantRule {
        address: Issuer::parse("https://a.example/contoso.com/v2.0").unwrap(),
        patterns: vec![IssuerPattern::parse("https://a.example/{tenantid}/v2.0").unwrap()],
        older: None,
        expected,
        keys_of: None,
    })
}

fn issuer(guid: &str) -> String {
    format!("https://a.example/{guid}/v2.0")
}

#[test]
fn the_generic_rule_is_exact_to_the_byte() {
    let rule = IssuerRule::Exact(Issuer::parse("https://a.example/x").unwrap());

    assert!(rule.settle("https://a.example/x").is_ok());
    for found in [
        "https://a.example/x/",
        "https://A.example/x",
        "https://a.example:443/x",
        "https://a.example/",
        "https://a.example/{tenantid}",
        "",
    ] {
        let expected = Unsettled::Other("https://a.example/x".to_owned());
        assert_eq!(rule.settle(found), Err(expected), "{found}");
    }
}

#[test]
fn a_domain_learns_its_tenant_once_and_keeps_it() {
    let learned = rule(Expected::Unknown).settle(&issuer(ONE)).unwrap();
    assert_eq!(learned.tenant(), Some(&id(ONE)));
    assert_eq!(learned.to_string(), issuer(ONE));

    let pinned = rule(Expected::Pinned(id(ONE)));
    assert!(pinned.settle(&issuer(ONE)).is_ok());
    let moved = Unsettled::Moved {
        pinned: id(ONE),
        found: id(TWO),
    };
    assert_eq!(pinned.settle(&issuer(TWO)), Err(moved));
}

#[test]
fn metadata_of_one_tenant_is_neither_a_pattern_nor_anothers() {
    let told = rule(Expected::Told(Tenants::One(id(ONE))));
    for found in [
        issuer(TWO),
        issuer("{tenantid}"),
        issuer("contoso.com"),
        format!("{}/", issuer(ONE)),
        format!("https://a.example.evil.example/{ONE}/v2.0"),
    ] {
        let expected = Unsettled::Other(issuer(ONE));
        assert_eq!(told.settle(&found), Err(expected), "{found}");
    }
    for found in [issuer("{tenantid}"), issuer("contoso.com")] {
        assert!(rule(Expected::Unknown).settle(&found).is_err(), "{found}");
    }
}

#[test]
fn metadata_for_all_tenants_is_the_pattern_itself() {
    let all = rule(Expected::Told(Tenants::Any {
        only: Vec::new(),
        never: None,
    }));

    assert!(all.settle(&issuer("{tenantid}")).is_ok());
    for found in [
        issuer(ONE),
        "https://evil.example/{tenantid}/v2.0".to_owned(),
        "https://a.example/{tenantid}/v2.0/".to_owned(),
    ] {
        assert!(all.settle(&found).is_err(), "{found}");
    }
}

#[test]
fn a_token_s_issuer_is_recognised_in_both_of_its_forms_and_no_other() {
    let any = |only: &[&str]| {
        let only = only.iter().map(|guid| id(guid)).collect();
        Expected::Told(Tenants::Any { only, never: None })
    };
    let may = |expected: Expected, issuer: &str| {
        let IssuerRule::Tenant(rule) = rule(expected) else {
            return false;
        };
        let older = IssuerPattern::parse("https://sts.example/{tenantid}/");
        IssuerRule::Tenant(TenantRule { older, ..rule }).may_name(issuer)
    };
    let older = |guid: &str| format!("https://sts.example/{guid}/");

    for issuer in [issuer(ONE), older(ONE)] {
        assert!(may(any(&[]), &issuer), "{issuer}");
        assert!(may(Expected::Pinned(id(ONE)), &issuer), "{issuer}");
        assert!(!may(any(&[TWO]), &issuer), "{issuer}");
        assert!(!may(Expected::Pinned(id(TWO)), &issuer), "{issuer}");
        assert!(!may(Expected::Unknown, &issuer), "{issuer}");
    }
    assert!(!may(any(&[]), "https://sts.example.evil.example/x/"));
    let exact = IssuerRule::Exact(Issuer::parse("https://a.example").unwrap());
    assert!(exact.may_name("https://a.example"));
    assert!(!exact.may_name("https://a.example/"));
}

#[test]
fn the_list_of_tenants_and_the_one_that_is_left_out_both_count() {
    let any = |only: &[&str], never: Option<&str>| Tenants::Any {
        only: only.iter().map(|guid| id(guid)).collect(),
        never: never.map(id),
    };

    assert!(any(&[], None).allow(&id(ONE)));
    assert!(any(&[ONE], None).allow(&id(ONE)));
    assert!(!any(&[TWO], None).allow(&id(ONE)));
    assert!(!any(&[], Some(ONE)).allow(&id(ONE)));
    assert!(!any(&[ONE], Some(ONE)).allow(&id(ONE)));
}
