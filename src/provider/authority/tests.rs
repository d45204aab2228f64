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
