//! What people write as scopes, and what leaves for it.

use super::*;

const PUBLIC: Hosts<'_> = Hosts {
    is_public: true,
    graph: Some("graph.microsoft.com"),
    arm: Some("management.azure.com"),
};
const CHINA: Hosts<'_> = Hosts {
    is_public: false,
    graph: Some("microsoftgraph.chinacloudapi.cn"),
    arm: Some("management.chinacloudapi.cn"),
};

fn completed(text: &str, hosts: Hosts<'_>) -> Result<String, ScopesError> {
    let scopes = complete(&Scopes::parse(text).unwrap(), hosts)?;
    let asked = scopes.iter().filter(|scope| !ALWAYS.contains(scope));
    Ok(asked.collect::<Vec<_>>().join(" "))
}

#[test]
fn a_resource_alone_stands_for_all_that_was_consented_to() {
    for (written, asked) in [
        ("graph", "https://graph.microsoft.com/.default"),
        ("arm", "https://management.azure.com/.default"),
        ("aks", "6dae42f8-4368-4678-94ff-3960e28e3630/.default"),
        ("api://orders", "api://orders/.default"),
        (
            "https://vault.azure.net",
            "https://vault.azure.net/.default",
        ),
        (
            "https://management.core.windows.net/",
            "https://management.core.windows.net//.default",
        ),
        (
            "499b84ac-1321-427f-aa17-267ca6975798",
            "499b84ac-1321-427f-aa17-267ca6975798/.default",
        ),
    ] {
        assert_eq!(completed(written, PUBLIC).unwrap(), asked, "{written}");
    }
    assert_eq!(
        completed("graph arm/", CHINA).map(drop),
        Err(ScopesError::NoResource {
            scope: "arm/".into()
        })
    );
    assert_eq!(
        completed("graph", CHINA).unwrap(),
        "https://microsoftgraph.chinacloudapi.cn/.default"
    );
}

#[test]
fn what_names_its_resource_already_stays_as_it_is() {
    for text in [
        "api://orders/.default",
        "api://orders/read api://orders/write",
        "https://graph.microsoft.com/User.Read email",
        "https://contoso.onmicrosoft.com/shop/orders.read",
        "api://contoso.com/shop/orders/read",
        "https://management.core.windows.net//.default",
        "499b84ac-1321-427f-aa17-267ca6975798/user_impersonation",
        "email",
    ] {
        assert_eq!(completed(text, PUBLIC).unwrap(), text);
    }
    assert_eq!(
        completed("graph/User.Read graph/Mail.Read", PUBLIC).unwrap(),
        "https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read"
    );
}

#[test]
fn writing_scopes_out_twice_changes_nothing() {
    for text in [
        "graph",
        "api://orders",
        "https://a.example//.default",
        "email",
    ] {
        let once = complete(&Scopes::parse(text).unwrap(), PUBLIC).unwrap();
        assert_eq!(complete(&once, PUBLIC).unwrap(), once, "{text}");
    }
}

#[test]
fn every_request_asks_for_a_refresh_token_and_for_whom_it_is() {
    let scopes = complete(&Scopes::parse("api://orders/read").unwrap(), PUBLIC).unwrap();

    assert_eq!(
        scopes.to_string(),
        "api://orders/read openid profile offline_access"
    );
    assert_eq!(resource(&scopes), Some("api://orders"));
}

#[test]
fn what_entra_would_misunderstand_never_leaves() {
    let refused = |text| completed(text, PUBLIC).unwrap_err();

    for bare in [
        "orders.read",
        "User.Read",
        "access_as_user",
        "a/b",
        "/.x",
        "api:///x",
    ] {
        assert!(
            matches!(refused(bare), ScopesError::NoResource { .. }),
            "{bare}"
        );
    }
    for mixed in [
        "api://orders/.default api://orders/read",
        "graph/User.Read graph",
        "https://a.example//.default https://a.example/read",
    ] {
        assert!(
            matches!(refused(mixed), ScopesError::Mixed { .. }),
            "{mixed}"
        );
    }
    for two in [
        "graph arm",
        "api://a/x api://b/y",
        "api://a/.default api://a.b/.default",
    ] {
        assert!(
            matches!(refused(two), ScopesError::TwoResources { .. }),
            "{two}"
        );
    }
    assert!(matches!(refused("phone"), ScopesError::Unknown(_)));
    for old in [
        "https://graph.windows.net/",
        "00000002-0000-0000-c000-000000000000/x",
    ] {
        assert!(matches!(refused(old), ScopesError::Retired(_)), "{old}");
    }
    assert_eq!(
        completed("sql", CHINA),
        Err(ScopesError::NotInThisCloud("sql".into()))
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic_and_what_it_writes_is_stable(text in "[a-z:/.\\- ]{0,40}|[!-~ ]{0,40}") {
        if let Ok(scopes) = Scopes::parse(&text)
            && let Ok(once) = complete(&scopes, PUBLIC)
        {
            proptest::prop_assert_eq!(complete(&once, PUBLIC), Ok(once.clone()));
        }
    }
}
