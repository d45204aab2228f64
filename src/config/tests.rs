//! The configuration as a whole: what is read, who decides, what is refused and where.

use std::time::Duration;

use crate::base::{Diagnostic, Exit, Hint, IssuerRule, TenantId};

use super::*;

const GUID: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

const PATH: &str = "/home/zoe/config.toml";

fn vars(pairs: &[(&str, &str)]) -> Vars {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Vars::new(pairs.iter().map(owned))
}

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, PATH, &Vars::default())
}

fn named(name: &str) -> ProfileName {
    ProfileName::parse(name).unwrap()
}

fn only(text: &str, variables: &[(&str, &str)]) -> Result<Profile, ConfigError> {
    Config::parse(text, PATH, &vars(variables))?.profile(None, &Overrides::default())
}

fn hint(error: &ConfigError) -> String {
    match error.hint() {
        Some(Hint::Try(text) | Hint::Run(text)) => text,
        None => String::new(),
    }
}

const WORK: &str = r#"
[profile.work]
issuer = "https://id.example.com"
client_id = "keyfob-cli"
"#;

const FULL: &str = r#"
store = "sealed"
browser = "firefox"

[profile.work]
issuer = "https://id.example.com/"
client_id = "keyfob-cli"
client_secret = { keyring = "work-client" }
client_authentication = "post"
scopes = ["openid", "offline_access"]
audience = "https://api.example.com"
flow = "device"
response_mode = "query"
redirect_host = "[::1]"
redirect_port = 8400
redirect_path = "/callback"
browser = "chromium %s"
interactive = true
ca_file = "/etc/ssl/corp.pem"
timeout = "2m"
leeway = 0

[profile.work.authorize]
prompt = "select_account"

[profile.work.target.orders]
scopes = "orders.read"
resource = "https://orders.example.com"

[profile.work.target.stock]
audience = "stock"
"#;

#[test]
fn a_profile_of_three_lines_has_safe_defaults() {
    let text = format!("{WORK}scopes = 'openid'");

    let profile = only(&text, &[]).unwrap();

    assert_eq!(profile.name, named("work"));
    assert_eq!(profile.issuer.as_str(), "https://id.example.com");
    assert_eq!(profile.base.scopes.to_string(), "openid");
    assert_eq!(profile.client_secret, None);
    assert_eq!(profile.client_auth, ClientAuthentication::None);
    assert_eq!(profile.flow, FlowChoice::Browser);
    assert_eq!(profile.response_mode, ResponseModeChoice::Auto);
    assert_eq!(profile.redirect.host, RedirectHost::V4);
    assert_eq!(profile.redirect.port, None);
    assert_eq!(profile.redirect.path, "/");
    assert_eq!(profile.store, StoreChoice::Keyring);
    assert!(!profile.interactive);
    assert_eq!(profile.timeout, Duration::from_secs(300));
    assert_eq!(profile.leeway, Duration::from_secs(60));
}

#[test]
fn every_setting_of_a_full_profile_arrives() {
    let profile = only(FULL, &[]).unwrap();

    assert_eq!(
        profile.client_secret,
        Some(SecretReference::Keyring("work-client".into()))
    );
    assert_eq!(profile.client_auth, ClientAuthentication::Post);
    assert_eq!(profile.base.scopes.to_string(), "openid offline_access");
    assert_eq!(profile.flow, FlowChoice::Device);
    assert_eq!(profile.response_mode, ResponseModeChoice::Query);
    assert_eq!(profile.redirect.host, RedirectHost::V6);
    assert_eq!(profile.redirect.port, Some(8400));
    assert_eq!(profile.redirect.path, "/callback");
    assert_eq!(profile.browser.as_deref(), Some("chromium %s"));
    assert_eq!(profile.store, StoreChoice::Sealed);
    assert!(profile.interactive);
    assert_eq!(profile.ca_file.unwrap().to_str(), Some("/etc/ssl/corp.pem"));
    assert_eq!(profile.timeout, Duration::from_secs(120));
    assert_eq!(profile.leeway, Duration::ZERO);
    assert_eq!(
        profile.authorize_parameters,
        [("prompt".to_owned(), "select_account".to_owned())]
    );
}

#[test]
fn a_target_takes_from_the_profile_what_it_does_not_say() {
    let profile = only(FULL, &[]).unwrap();

    let orders = &profile.targets[&TargetName::parse("orders").unwrap()];
    let stock = profile
        .target(Some(&TargetName::parse("stock").unwrap()))
        .unwrap();

    assert_eq!(orders.scopes.to_string(), "orders.read");
    assert_eq!(
        orders.audience.as_ref().unwrap().as_str(),
        "https://api.example.com"
    );
    assert_eq!(
        orders.resource.as_ref().unwrap().as_str(),
        "https://orders.example.com"
    );
    assert_eq!(stock.scopes.to_string(), "openid offline_access");
    assert_eq!(stock.audience.as_ref().unwrap().as_str(), "stock");
    assert_eq!(profile.base.resource, None);
}

#[test]
fn a_flag_stands_above_a_variable_and_a_variable_above_the_file() {
    let environment = vars(&[("KEYFOB_SCOPE", "openid b"), ("KEYFOB_FLOW", "browser")]);
    let config = Config::parse(FULL, PATH, &environment).unwrap();
    let flags = Overrides::default()
        .with(Setting::Scopes, "--scope", Some("openid a"))
        .with(Setting::Audience, "--audience", None);

    let profile = config.profile(None, &flags).unwrap();

    let origin = |key: &str| {
        let found = profile
            .origins()
            .iter()
            .find(|effective| effective.key == key);
        found.unwrap().origin.to_string()
    };
    assert_eq!(profile.base.scopes.to_string(), "openid a");
    assert_eq!(origin("scopes"), "flag --scope");
    assert_eq!(origin("target.orders.scopes"), "flag --scope");
    assert_eq!(profile.flow, FlowChoice::Browser);
    assert_eq!(origin("flow"), "variable KEYFOB_FLOW");
    assert_eq!(origin("redirect_port"), "/home/zoe/config.toml:15");
    assert_eq!(origin("browser"), "/home/zoe/config.toml:17");
    assert_eq!(origin("store"), "/home/zoe/config.toml:2");
    assert_eq!(origin("authorize.prompt"), "/home/zoe/config.toml:24");
    assert_eq!(origin("target.stock.audience"), "/home/zoe/config.toml:31");
    assert_eq!(origin("target.stock.scopes"), "flag --scope");
}

#[test]
fn an_empty_variable_says_nothing() {
    let profile = only(FULL, &[("KEYFOB_FLOW", "")]).unwrap();

    assert_eq!(profile.flow, FlowChoice::Device);
}

#[test]
fn variables_alone_make_a_profile() {
    let config = Config::empty(&vars(&[
        ("KEYFOB_ISSUER", "https://id.example.com"),
        ("KEYFOB_CLIENT_ID", "ci"),
        ("KEYFOB_CLIENT_SECRET", "hunter2"),
        ("KEYFOB_STORE", "memory"),
    ]));

    let profile = config.profile(None, &Overrides::default()).unwrap();

    assert_eq!(profile.name, named("env"));
    assert_eq!(
        profile.client_secret,
        Some(SecretReference::Environment("KEYFOB_CLIENT_SECRET".into()))
    );
    assert_eq!(profile.client_auth, ClientAuthentication::Basic);
    assert_eq!(profile.store, StoreChoice::Memory);
    assert!(!format!("{profile:?} {config:?}").contains("hunter2"));
    let other = config
        .profile(Some(&named("ci")), &Overrides::default())
        .unwrap();
    assert_eq!(other.name, named("ci"));
}

#[test]
fn the_profile_is_the_named_one_the_default_or_the_only_one() {
    let second = WORK.replace("work", "home");
    let chosen = |head: &str, variables: &[(&str, &str)], name: Option<&str>| {
        let text = format!("{head}{WORK}{second}");
        let config = Config::parse(&text, PATH, &vars(variables)).unwrap();
        let name = name.map(named);
        config
            .profile(name.as_ref(), &Overrides::default())
            .map(|profile| profile.name)
    };
    let default = "default_profile = 'home'\n";

    assert_eq!(chosen(default, &[], None), Ok(named("home")));
    assert_eq!(
        chosen(default, &[("KEYFOB_PROFILE", "work")], None),
        Ok(named("work"))
    );
    assert_eq!(
        chosen(default, &[("KEYFOB_PROFILE", "work")], Some("home")),
        Ok(named("home"))
    );

    let ambiguous = chosen("", &[], None).unwrap_err();
    assert_eq!(
        ambiguous.to_string(),
        "there are several profiles and no default: `home`, `work`"
    );
    assert_eq!(hint(&ambiguous), "keyfob config set default_profile home");
    assert_eq!(ambiguous.exit(), Exit::Usage);

    let unknown = chosen("", &[], Some("wrok")).unwrap_err();
    assert_eq!(unknown.to_string(), "there is no profile `wrok`");
    assert_eq!(hint(&unknown), "did you mean `work`?");
    assert_eq!(unknown.exit(), Exit::Usage);

    let unknown = chosen("", &[("KEYFOB_PROFILE", "zzz")], None).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no profile `zzz` (variable KEYFOB_PROFILE)"
    );
    assert_eq!(hint(&unknown), "the profiles there are: `home`, `work`");
    assert_eq!(unknown.exit(), Exit::Config);

    let none = Config::empty(&Vars::default())
        .profile(None, &Overrides::default())
        .unwrap_err();
    assert_eq!(none, ConfigError::NoProfile);
}

#[test]
fn entra_needs_a_tenant_and_brings_its_own_habits() {
    let entra = |rest: &str| {
        only(
            &format!("[profile.work]\nclient_id = 'c'\nprovider = 'entra'\n{rest}"),
            &[],
        )
    };
    let tenant = "tenant = '8EAEF023-2B34-4DA1-9BAA-8BC8C9D6A490'\n";

    let profile = entra(tenant).unwrap();

    assert_eq!(
        profile.issuer.as_str(),
        "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0"
    );
    assert_eq!(profile.redirect.host, RedirectHost::Localhost);
    let china = entra(&format!("{tenant}cloud = 'china'")).unwrap();
    assert!(
        china
            .issuer
            .as_str()
            .starts_with("https://login.partner.microsoftonline.cn/")
    );
    let domain = entra("tenant = 'Contoso.com'").unwrap();
    assert_eq!(
        domain.issuer.as_str(),
        "https://login.microsoftonline.com/contoso.com/v2.0"
    );
    let own = entra("tenant = 'common'\ncloud = 'http://127.0.0.1:8080/'").unwrap();
    assert_eq!(own.issuer.as_str(), "http://127.0.0.1:8080/common/v2.0");
    assert_eq!(own.provider.name, "entra");
    assert_eq!(own.leeway, Duration::from_secs(60));
    assert_eq!(own.access_leeway, Duration::from_secs(300));
    let strict = entra("tenant = 'common'\nleeway = 5").unwrap();
    assert_eq!(strict.access_leeway, Duration::from_secs(5));
    let listed = entra(&format!(
        "{}tenants = ['{}']",
        "tenant = 'organizations'\n", GUID
    ));
    assert_eq!(listed.unwrap().tenants, [TenantId::parse(GUID).unwrap()]);
    let keys = entra("tenant = 'common'\napp_keys = true").unwrap();
    let IssuerRule::Tenant(rule) = keys.issuer_rule(None) else {
        panic!("Entra's rule is a tenant's");
    };
    assert_eq!(rule.keys_of, Some(keys.client_id));
    let v4 = entra(&format!("{tenant}redirect_host = '127.0.0.1'")).unwrap();
    assert_eq!(v4.redirect.host, RedirectHost::V4);

    let said = |rest: &str| entra(rest).unwrap_err().to_string();
    assert!(said("tenant = 'contoso'").contains("`contoso` is no tenant"));
    assert!(said(&format!("{tenant}cloud = 'germany'")).contains("October 2021"));
    assert!(said(&format!("{tenant}tenants = '{GUID}'")).contains("exclude each other"));
    assert!(said("tenant = 'common'\ntenants = 'contoso.com'").contains("is no GUID"));
    assert!(said("").contains("has no `tenant`, which `provider` needs"));
    assert!(said(&format!("{tenant}issuer = 'https://a'")).contains("exclude each other"));
    assert!(said(&format!("{tenant}resource = 'https://a'")).contains("Entra refuses"));
}

#[test]
fn an_issuer_in_a_higher_layer_replaces_a_provider_in_a_lower() {
    let text = "[profile.work]\nclient_id = 'c'\nprovider = 'entra'\n\
        tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490'\n";

    let profile = only(text, &[("KEYFOB_ISSUER", "https://id.example.com")]).unwrap();

    assert_eq!(profile.issuer.as_str(), "https://id.example.com");
    assert_eq!(profile.redirect.host, RedirectHost::V4);
    assert_eq!((profile.provider.name, profile.entra), ("standard", None));
}

#[test]
fn an_issuer_that_lower_layers_would_make_keeps_its_provider() {
    let text = "[profile.work]\nclient_id = 'c'\nprovider = 'entra'\n\
        tenant = 'contoso.com'\ncloud = 'http://127.0.0.1:8080'\n";
    let issuer = "http://127.0.0.1:8080/contoso.com/v2.0";

    let same = only(text, &[("KEYFOB_ISSUER", issuer)]).unwrap();
    let other = only(
        text,
        &[("KEYFOB_ISSUER", "http://127.0.0.1:8080/a.com/v2.0")],
    )
    .unwrap();

    assert_eq!(same.provider.name, "entra");
    assert_eq!(same.entra.unwrap().address().as_str(), issuer);
    assert_eq!(other.provider.name, "standard");
}

#[test]
fn a_misspelt_key_is_refused_with_its_place_and_a_suggestion() {
    let cases = [
        (
            "isuer = 'x'",
            "3:1",
            "`isuer` in profile `work`",
            "did you mean `issuer`?",
        ),
        (
            "  scope = 'x'",
            "3:3",
            "`scope` in profile `work`",
            "did you mean `scopes`?",
        ),
        (
            "q.b = 1",
            "3:1",
            "`q` in profile `work`",
            "the keys there are: `issuer`",
        ),
        (
            "target.t.scope = 'x'",
            "3:10",
            "`scope` in target `t`",
            "did you mean `scopes`?",
        ),
        (
            "\"7\\u001b7\" = 1",
            "3:1",
            "`7\\u{1b}7`",
            "the keys there are",
        ),
    ];
    for (line, at, message, suggestion) in cases {
        let error = parse(&format!("# mine\n[profile.work]\n{line}\n")).unwrap_err();

        let said = error.to_string();
        assert!(
            said.starts_with(&format!("{PATH}:{at}: unknown key")),
            "{said}"
        );
        assert!(said.contains(message), "{said}");
        assert!(hint(&error).starts_with(suggestion), "{}", hint(&error));
        assert_eq!(error.exit(), Exit::Config);
    }
    let top = |text: &str| hint(&parse(text).unwrap_err());
    assert_eq!(top("[profiles.work]"), "did you mean `profile`?");
    assert_eq!(
        top("issuer = 'https://a'"),
        "did you mean `profile.NAME.issuer`?"
    );
}

#[test]
fn a_wrong_value_is_named_with_its_key_line_and_reason() {
    let cases = [
        (
            "issuer = 'http://id.example.com'",
            "must start with `https://`",
        ),
        ("issuer = 'id.example.com'", "is not a URL"),
        ("issuer = 7", "wants a text, not a number"),
        ("client_id = ''", "1 to 512 characters"),
        ("scopes = 'a\"b'", "is no scope"),
        (
            "scopes = ['a', 1]",
            "wants a text, or a list of texts, not a list",
        ),
        ("scopes = []", "it is empty"),
        ("flow = 'browse'", "`browse` is none of `browser`, `device`"),
        (
            "response_mode = 'fragment'",
            "none of `auto`, `form_post`, `query`",
        ),
        (
            "redirect_host = '0.0.0.0'",
            "none of `127.0.0.1`, `localhost`, `[::1]`",
        ),
        ("redirect_port = 99999", "`99999` is no port"),
        ("redirect_port = 0x50", "wants a number"),
        ("redirect_path = 'callback'", "`callback` is no path"),
        ("ca_file = 'corp.pem'", "not an absolute path"),
        ("interactive = 'yes'", "wants `true` or `false`, not a text"),
        ("timeout = '2h'", "from 1 s to 1 h"),
        ("timeout = 1.5", "not a fraction"),
        ("leeway = 301", "from 0 s to 5 min"),
        ("store = 'file'", "none of `keyring`, `sealed`, `agent`"),
        ("resource = 'orders'", "an absolute URI"),
        ("app_keys = 'yes'", "wants `true` or `false`, not a text"),
        ("provider = 'okta'", "none of `entra`"),
        ("authorize.max_age = 1", "wants a text"),
        ("authorize.max_age = '1h'", "wants a number of seconds"),
        ("authorize.max_age = '+1'", "wants a number of seconds"),
        ("authorize.max_age = ''", "wants a number of seconds"),
        ("authorize.scope = 'x'", "keyfob sets it itself"),
        ("authorize.response_type = 'token'", "keyfob sets it itself"),
        (
            "authorize.code_challenge_method = 'plain'",
            "keyfob sets it itself",
        ),
        ("authorize.password = 'x'", "no place in a URL"),
        ("authorize.audience = 'x'", "write it as a setting"),
        ("authorize.client_secret = 'x'", "no place in a URL"),
        ("target.'a b'.scopes = 'x'", "is no target name"),
        ("target.t = {}", "says nothing"),
        ("target = 1", "wants a table"),
    ];
    for (line, reason) in cases {
        let error = parse(&format!("[profile.work]\n{line}\n")).unwrap_err();

        let said = error.to_string();
        assert!(said.contains(reason), "{line}: {said}");
        assert!(said.starts_with(&format!("{PATH}:2")), "{line}: {said}");
        assert_eq!(error.exit(), Exit::Config, "{line}");
    }
}

#[test]
fn a_secret_in_the_file_is_refused_and_never_repeated() {
    for value in [
        "'hunter2'",
        "{ secret = 'hunter2' }",
        "{ env = 'a', file = '/hunter2' }",
        "42",
    ] {
        let error = parse(&format!("[profile.work]\nclient_secret = {value}\n")).unwrap_err();

        let said = format!("{error} {error:?}");
        assert!(said.contains("never the secret itself"), "{said}");
        assert!(said.contains("profile.work.client_secret"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
        assert!(hint(&error).contains("keyring"), "{}", hint(&error));
    }
}

#[test]
fn what_is_no_toml_is_refused_where_it_ends() {
    let cases = [
        (
            "[profile.work]\nissuer = 'a'\nissuer = 'b'\n",
            "3:1: duplicate key",
        ),
        ("[profile.work]\n[profile.work]\n", "2:10: duplicate key"),
        ("a = \n", "1:5: string values must be quoted"),
        ("\n\n  é = 'x", "3:"),
        ("a\0b", "1:2: the file has a NUL character in it"),
        ("[profile.'a/b']\n", "1:10: `a/b` is no profile name"),
        (
            "default_profile = 'gone'\n",
            "there is no profile `gone` (/home/zoe/config.toml:1)",
        ),
    ];
    for (text, wanted) in cases {
        let said = parse(text).unwrap_err().to_string();
        assert!(said.contains(wanted), "{text:?}: {said}");
    }
    let bytes = |bytes: &[u8]| {
        let config = Config::parse_bytes(bytes, PATH, &Vars::default());
        config.map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(
        bytes(b"# a\n# \xff"),
        Err(format!("{PATH}:2:3: the file is not UTF-8 text"))
    );
    assert_eq!(
        bytes(b"\xff\xfea\0"),
        Err(format!("{PATH}:1:1: the file is not UTF-8 text"))
    );
    assert!(
        bytes(&vec![b'\n'; MOST_BYTES + 1])
            .unwrap_err()
            .contains("larger than 1024 KiB")
    );
    assert_eq!(bytes(b"\xef\xbb\xbf[profile]\n"), Ok(()));
    assert!(bytes("[".repeat(100_000).as_bytes()).is_err());
    assert!(bytes(format!("a = {}", "[".repeat(100_000)).as_bytes()).is_err());
}

#[test]
fn a_profile_that_lacks_something_says_what_and_where() {
    let error = only("\n[profile.work]\nissuer = 'https://a'\n", &[]).unwrap_err();

    assert_eq!(
        error.to_string(),
        format!("profile `work` has no `client_id` ({PATH}:2:10)")
    );
    assert!(hint(&error).contains("keyfob config set work.client_id VALUE"));
    let error = only(&format!("{WORK}client_authentication = 'post'"), &[]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no `client_secret`, which `client_authentication` needs")
    );
}

#[test]
fn a_wrong_flag_is_wrong_usage_and_a_wrong_variable_wrong_configuration() {
    let config = parse(WORK).unwrap();
    let flags = Overrides::default().with(Setting::RedirectPort, "--redirect-port", Some("x"));

    let flag = config.profile(None, &flags).unwrap_err();
    let variable = only(WORK, &[("KEYFOB_REDIRECT_PORT", "x")]).unwrap_err();

    assert!(
        flag.to_string().starts_with("flag --redirect-port: "),
        "{flag}"
    );
    assert_eq!(flag.exit(), Exit::Usage);
    assert!(
        variable
            .to_string()
            .starts_with("variable KEYFOB_REDIRECT_PORT: "),
        "{variable}"
    );
    assert_eq!(variable.exit(), Exit::Config);
}

#[test]
fn an_unknown_target_is_refused_with_the_ones_there_are() {
    let config = parse(FULL).unwrap();
    let select = |text: &str| config.select(&Selector::parse(text).unwrap(), &Overrides::default());

    assert_eq!(select("work/orders").unwrap().1.unwrap().as_str(), "orders");
    assert_eq!(select("/stock").unwrap().1.unwrap().as_str(), "stock");
    assert_eq!(
        hint(&select("work/order").unwrap_err()),
        "did you mean `orders`?"
    );
    assert_eq!(
        hint(&select("work/x").unwrap_err()),
        "the targets there are: `orders`, `stock`"
    );
}

#[test]
fn a_misspelt_variable_is_pointed_out() {
    let config = Config::empty(&vars(&[
        ("KEYFOB_ISUER", "x"),
        ("KEYFOB_ISSUER", "x"),
        ("KEYFOB_CONFIG_DIR", "x"),
        ("KEYFOB_ZZZ", "x"),
        ("KEYFOB_ACCESS_TOKEN", "x"),
        ("KEYFOB_ID_TOKEN", "x"),
        ("OTHER", "x"),
    ]));

    let warnings: Vec<String> = config.warnings().iter().map(ToString::to_string).collect();

    assert_eq!(
        warnings,
        ["the variable `KEYFOB_ISUER` means nothing: did you mean `KEYFOB_ISSUER`?"]
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,200}") {
        drop(parse(&text));
        drop(parse(&format!("[profile.a]\nissuer = {text}")));
        drop(parse(&format!("[profile.a]\n{text} = 'x'")));
    }
}
