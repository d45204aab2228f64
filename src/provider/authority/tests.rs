//! Every form that people paste, and the look-alikes that are none.

use super::*;

const GUID: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

#[test]
fn every_form_that_people_paste_leads_to_the_address_of_its_tenant() {
    let public = format!("https://login.microsoftonline.com/{GUID}/v2.0");
    leads(&[
        (GUID, public.as_str()),
        (&GUID.to_uppercase(), &public),
        (&public, &public),
        (&format!("{public}/"), &public),
        (
            &format!("{public}/.well-known/openid-configuration"),
            &public,
        ),
        (
            &format!("https://login.microsoftonline.com/{GUID}/.well-known/openid-configuration"),
            &public,
        ),
        (
            &format!("https://login.microsoftonline.com/{GUID}"),
            &public,
        ),
        (&format!("https://sts.windows.net/{GUID}/"), &public),
        (&format!("https://login.windows.net/{GUID}/"), &public),
        (
            "Contoso.onmicrosoft.com",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0",
        ),
        ("common", "https://login.microsoftonline.com/common/v2.0"),
        (
            "organizations",
            "https://login.microsoftonline.com/organizations/v2.0",
        ),
        (
            "consumers",
            "https://login.microsoftonline.com/consumers/v2.0",
        ),
        (
            "https://login.microsoftonline.us/contoso.us/v2.0",
            "https://login.microsoftonline.us/contoso.us/v2.0",
        ),
        (
            "https://login.chinacloudapi.cn/contoso.cn",
            "https://login.partner.microsoftonline.cn/contoso.cn/v2.0",
        ),
        (
            "https://login.sovcloud-identity.fr/contoso.fr/v2.0",
            "https://login.sovcloud-identity.fr/contoso.fr/v2.0",
        ),
    ]);
}

#[test]
fn a_directory_of_customers_has_its_own_form_of_address() {
    leads(&[
        (
            "https://shop.ciamlogin.com",
            "https://shop.ciamlogin.com/shop.onmicrosoft.com/v2.0",
        ),
        (
            "shop.ciamlogin.com",
            "https://shop.ciamlogin.com/shop.onmicrosoft.com/v2.0",
        ),
        (
            &format!("https://shop.ciamlogin.com/{GUID}/v2.0/.well-known/openid-configuration"),
            &format!("https://shop.ciamlogin.com/{GUID}/v2.0"),
        ),
        (
            "https://shop.b2clogin.com/shop.onmicrosoft.com/B2C_1_In/v2.0",
            "https://shop.b2clogin.com/shop.onmicrosoft.com/B2C_1_In/v2.0",
        ),
        (
            "https://shop.b2clogin.com/tfp/shop.onmicrosoft.com/B2C_1_In/v2.0/",
            "https://shop.b2clogin.com/shop.onmicrosoft.com/B2C_1_In/v2.0",
        ),
        (
            "http://127.0.0.1:8080/contoso.com/v2.0",
            "http://127.0.0.1:8080/contoso.com/v2.0",
        ),
    ]);
}

fn leads(forms: &[(&str, &str)]) {
    for (pasted, address) in forms {
        let found = Authority::parse(pasted).map(|found| found.address().to_string());
        assert_eq!(found.as_deref(), Ok(*address), "{pasted}");
    }
}

#[test]
fn what_only_looks_like_entra_is_refused() {
    for pasted in [
        "",
        "contoso",
        "con toso.com",
        "contoso.com/x",
        "-a.com",
        "a..com",
        "https://login.microsoftonline.com.evil.example/common/v2.0",
        "https://login.microsoftonline.com@evil.example/common/v2.0",
        "https://evil.example/login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com:8443/common/v2.0",
        "http://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/",
        "https://login.microsoftonline.com/v2.0",
        "https://login.microsoftonline.com/common/x/v2.0",
        "https://login.microsoftonline.com/common/v2.0?x=y",
        "https://login.microsoftonline.com/..%2fevil/v2.0",
        "https://evilciamlogin.com/x.onmicrosoft.com/v2.0",
        "https://a.b.ciamlogin.com/x.onmicrosoft.com/v2.0",
        "https://shop.ciamlogin.com.evil.example/",
        "https://shop.ciamlogin.com/common/v2.0",
        "https://shop.b2clogin.com/shop.onmicrosoft.com/v2.0",
        "https://shop.b2clogin.com/common/b2c_1_in/v2.0",
        "https://shop.b2clogin.com/shop.onmicrosoft.com/b2c.1/v2.0",
    ] {
        assert!(Authority::parse(pasted).is_err(), "{pasted}");
    }
}

#[test]
fn an_issuer_is_recognised_only_as_it_would_be_written() {
    let of = |text: &str| Authority::of(&Issuer::parse(text).unwrap());

    let found = of("https://login.microsoftonline.com/contoso.com/v2.0").unwrap();

    assert_eq!(found.tenant, Tenant::Domain("contoso.com".to_owned()));
    for text in [
        "https://login.microsoftonline.com/contoso.com/v2.0/",
        "https://login.microsoftonline.com/Contoso.com/v2.0",
        "https://login.microsoftonline.com/contoso.com",
        "https://login.windows.net/contoso.com/v2.0",
        "https://sts.windows.net/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/",
        "http://127.0.0.1:8080/contoso.com/v2.0",
        "https://id.example.com/contoso.com/v2.0",
    ] {
        assert_eq!(of(text), None, "{text}");
    }
}

#[test]
fn a_pinned_authority_keeps_everything_but_the_tenant() {
    let id = TenantId::parse(GUID).unwrap();
    let pinned = |text: &str| {
        let authority = Authority::parse(text).unwrap();
        authority.pinned_to(&id).address().to_string()
    };

    assert_eq!(
        pinned("https://shop.b2clogin.com/shop.onmicrosoft.com/B2C_1_In/v2.0"),
        format!("https://shop.b2clogin.com/{GUID}/B2C_1_In/v2.0")
    );
    assert_eq!(
        pinned("shop.ciamlogin.com"),
        format!("https://shop.ciamlogin.com/{GUID}/v2.0")
    );
}

/// What was asked, an issuer in its metadata, and whether it is one of that place.
const ANSWERS: [(&str, &str, bool); 25] = [
    (
        "contoso.com",
        "https://login.microsoftonline.com/{}/v2.0",
        true,
    ),
    (
        "contoso.com",
        "https://login.microsoftonline.com/{}/v2.0/",
        false,
    ),
    (
        "contoso.com",
        "https://login.microsoftonline.us/{}/v2.0",
        false,
    ),
    ("contoso.com", "https://sts.windows.net/{}/", false),
    (
        "contoso.com",
        "https://login.microsoftonline.com/contoso.com/v2.0",
        false,
    ),
    (
        "contoso.com",
        "https://login.microsoftonline.com/{tenantid}/v2.0",
        false,
    ),
    (
        "common",
        "https://login.microsoftonline.com/{tenantid}/v2.0",
        true,
    ),
    (
        "organizations",
        "https://login.microsoftonline.com/{tenantid}/v2.0",
        true,
    ),
    (
        "organizations",
        "https://login.microsoftonline.com/{}/v2.0",
        false,
    ),
    ("common", "https://evil.example/{tenantid}/v2.0", false),
    (
        "consumers",
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        true,
    ),
    (
        "consumers",
        "https://login.microsoftonline.com/{}/v2.0",
        false,
    ),
    (
        "http://127.0.0.1:9/contoso.com",
        "http://127.0.0.1:9/{}/v2.0",
        true,
    ),
    (
        "http://127.0.0.1:9/contoso.com",
        "http://127.0.0.1:8/{}/v2.0",
        false,
    ),
    (
        "shop.ciamlogin.com",
        "https://{}.ciamlogin.com/{}/v2.0",
        true,
    ),
    (
        "shop.ciamlogin.com",
        "https://shop.ciamlogin.com/{}/v2.0",
        true,
    ),
    (
        "shop.ciamlogin.com",
        "https://other.ciamlogin.com/{}/v2.0",
        false,
    ),
    (
        "shop.ciamlogin.com",
        "https://{}.evil.example/{}/v2.0",
        false,
    ),
    (
        "shop.ciamlogin.com",
        "https://login.microsoftonline.com/{}/v2.0",
        false,
    ),
    (B2C_ASKED, "https://shop.b2clogin.com/{}/v2.0/", true),
    (
        B2C_ASKED,
        "https://shop.b2clogin.com/tfp/{}/b2c_1_in/v2.0/",
        true,
    ),
    (
        B2C_ASKED,
        "https://shop.b2clogin.com/tfp/{}/B2C_1_In/v2.0/",
        true,
    ),
    (
        B2C_ASKED,
        "https://shop.b2clogin.com/tfp/{}/b2c_1_out/v2.0/",
        false,
    ),
    (B2C_ASKED, "https://shop.b2clogin.com/{}/v2.0", false),
    (B2C_ASKED, "https://other.b2clogin.com/{}/v2.0/", false),
];

const B2C_ASKED: &str = "https://shop.b2clogin.com/shop.onmicrosoft.com/B2C_1_In";

#[test]
fn each_place_has_its_own_rule_for_the_issuer_in_its_metadata() {
    for (asked, found, is_right) in ANSWERS {
        let found = found.replace("{}", GUID);
        let rule = Authority::parse(asked).unwrap().rule(None, &[]);

        assert_eq!(rule.settle(&found).is_ok(), is_right, "{asked}: {found}");
    }
}

#[test]
fn a_guid_stands_above_what_was_pinned_for_a_domain() {
    let other = TenantId::parse("11111111-2222-3333-4444-555555555555").unwrap();
    let now = format!("https://login.microsoftonline.com/{GUID}/v2.0");
    let settled = |asked: &str| {
        let rule = Authority::parse(asked).unwrap().rule(Some(&other), &[]);
        rule.settle(&now).is_ok()
    };

    assert!(!settled("contoso.com"));
    assert!(settled(GUID));
}

#[test]
fn many_tenants_are_bounded_by_the_list_and_organizations_leaves_personal_accounts_out() {
    let (work, personal) = (
        TenantId::parse(GUID).unwrap(),
        Tenant::Consumers.id().unwrap(),
    );
    let takes = |asked: &str, only: &[TenantId], tenant: &TenantId| {
        let rule = Authority::parse(asked).unwrap().rule(None, only);
        let settled = rule.settle("https://login.microsoftonline.com/{tenantid}/v2.0");
        let issuer = format!("https://login.microsoftonline.com/{tenant}/v2.0");
        settled.unwrap().include(&issuer)
    };

    assert!(takes("common", &[], &personal));
    assert!(takes("common", &[], &work));
    assert!(takes("organizations", &[], &work));
    assert!(!takes("organizations", &[], &personal));
    assert!(!takes("common", std::slice::from_ref(&personal), &work));
    assert!(takes("common", std::slice::from_ref(&personal), &personal));
}

#[test]
fn only_an_organisation_s_directory_has_tokens_of_version_1() {
    let older = |asked: &str| match Authority::parse(asked).unwrap().rule(None, &[]) {
        IssuerRule::Tenant(rule) => rule.older.map(|older| older.to_string()),
        IssuerRule::Exact(_) => None,
    };

    assert_eq!(
        older("contoso.com").as_deref(),
        Some("https://sts.windows.net/{tenantid}/")
    );
    assert_eq!(
        older("https://login.partner.microsoftonline.cn/contoso.cn").as_deref(),
        Some("https://sts.chinacloudapi.cn/{tenantid}/")
    );
    assert_eq!(older("shop.ciamlogin.com"), None);
    assert_eq!(older(B2C_ASKED), None);
    assert_eq!(older("https://login.sovcloud-identity.de/a.de"), None);
}
