//! Configurations that are wrong.

use super::case::{Case, SECRET, work};

pub(super) fn cases() -> Vec<Case> {
    [texts(), values(), choices(), files()]
        .into_iter()
        .flatten()
        .collect()
}

fn token(name: &'static str) -> Case {
    Case::new(name, "token work")
}

fn texts() -> Vec<Case> {
    let large = vec![b'\n'; 2 << 20];
    vec![
        token("unknown key").config(work("scpoes = 'openid'")).gets(
            8,
            &["config.toml:6:1", "`scpoes`", "did you mean `scopes`?"],
        ),
        token("unknown table")
            .config(format!("{}[profil.x]\n", work("")))
            .gets(8, &["unknown key `profil`", "did you mean `profile`?"]),
        token("number for a text")
            .config(work("browser = 5"))
            .gets(8, &["`profile.work.browser` wants a text, not a number"]),
        token("table for a text")
            .config(work("audience = { a = 1 }"))
            .gets(8, &["`profile.work.audience` wants a text, not a table"]),
        token("text for a switch")
            .config(work("interactive = 'yes'"))
            .gets(8, &["wants `true` or `false`, not a text"]),
        token("broken TOML").config("[profile.work\n").gets(
            8,
            &["config.toml:1:", "unclosed table", "keyfob config edit"],
        ),
        token("escape sequences in a key")
            .config("\"a\\u001b[2J\" = 1\n")
            .gets(8, &["unknown key `a\\u{1b}[2J`"]),
        Case::new("byte order mark and nothing else", "token")
            .config("\u{feff}")
            .gets(8, &["there is no profile yet", "keyfob config add"]),
        token("NUL")
            .config("a = 1\n\0")
            .gets(8, &["config.toml:2:1", "NUL character"]),
        token("not UTF-8").config(b"# \xff\n").gets(
            8,
            &["config.toml:1:3", "not UTF-8", "save the file as UTF-8"],
        ),
        token("UTF-16")
            .config(b"\xff\xfe[\0p\0")
            .gets(8, &["not UTF-8"]),
        token("two MiB")
            .config(large)
            .gets(8, &["larger than 1024 KiB"]),
        token("duplicate key")
            .config(work("flow = 'device'\nflow = 'browser'"))
            .gets(8, &["config.toml:7:1", "duplicate key"]),
        token("duplicate profile")
            .config(work("[profile.work]"))
            .gets(8, &["duplicate key"]),
    ]
}

fn values() -> Vec<Case> {
    let secret = format!("client_secret = '{SECRET}'");
    let nested = format!("client_secret = {{ value = '{SECRET}' }}");
    let wrong = |name, more: &str, says: &[&str]| token(name).config(work(more)).gets(8, says);
    vec![
        wrong(
            "literal client secret",
            &secret,
            &["never the secret itself", "`client_secret = { keyring"],
        ),
        wrong(
            "client secret in a table",
            &nested,
            &["never the secret itself", "`client_secret = { keyring"],
        ),
        wrong(
            "reserved authorize parameter",
            "authorize = { state = 'x' }",
            &["`state` cannot be an extra", "keyfob sets it itself"],
        ),
        wrong(
            "secret as an authorize parameter",
            "authorize = { client_secret = 'hunter2' }",
            &["`client_secret` cannot be an extra", "no place in a URL"],
        ),
        wrong(
            "relative CA file",
            "ca_file = 'ca.pem'",
            &["`ca.pem` is not an absolute path", "keyfob config edit"],
        ),
        wrong(
            "port out of range",
            "redirect_port = 70000",
            &["`70000` is no port", "keyfob config edit"],
        ),
        wrong("port zero", "redirect_port = 0", &["`0` is no port"]),
        wrong(
            "redirect host of the world",
            "redirect_host = 'example.com'",
            &["`example.com` is none of `127.0.0.1`"],
        ),
        wrong(
            "redirect path with a query",
            "redirect_path = '/a?b'",
            &["`/a?b` is no path"],
        ),
        wrong("timeout of a day", "timeout = '24h'", &["from 1 s to 1 h"]),
        wrong("leeway of an hour", "leeway = 3600", &["no time from 0 s"]),
        wrong(
            "provider and issuer",
            "provider = 'entra'",
            &["`issuer` and `provider` exclude each other"],
        ),
        wrong(
            "target that asks for nothing",
            "target.orders = {}",
            &["the target `orders` says nothing"],
        ),
        wrong(
            "quote in a scope",
            "target.orders = { scopes = 'a\"b' }",
            &["`a\"b` is no scope"],
        ),
    ]
}

fn choices() -> Vec<Case> {
    let entra = |provider: &str, tenant: &str| {
        format!("[profile.work]\nprovider = '{provider}'\ntenant = '{tenant}'\nclient_id = 'c'\n")
    };
    let store = work("").replace("\"sealed\"", "\"disk\"");
    let two = format!("{}[profile.home]\nissuer = 'https://a'\n", work(""));
    vec![
        token("unknown provider")
            .config(entra("okta", "x"))
            .gets(8, &["`okta` is none of `entra`", "keyfob config edit"]),
        token("tenant that is none")
            .config(entra("entra", "contoso"))
            .gets(8, &["`contoso` is no tenant", "keyfob config edit"]),
        token("list of tenants for one")
            .config(entra(
                "entra",
                "contoso.com'\ntenants = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
            ))
            .gets(8, &["`tenants` and `tenant` exclude each other"]),
        token("unknown store").config(store).gets(
            8,
            &["`disk` is none of `keyring`, `sealed`, `agent`, `memory`"],
        ),
        Case::new("unknown target", "token work/orders")
            .config(work("target.order = { scopes = 'a' }"))
            .gets(2, &["no target `orders`", "did you mean `order`?"]),
        Case::new("target where there is none", "token work/orders")
            .gets(2, &["no target `orders`", "keyfob config set work.target"]),
        Case::new("unknown profile", "token wrok")
            .gets(2, &["no profile `wrok`", "did you mean `work`?"]),
        Case::new("several profiles and no default", "token")
            .config(two.clone())
            .gets(2, &["several profiles", "config set default_profile home"]),
        Case::new("default that is not there", "token")
            .config(format!("default_profile = 'wrk'\n{}", work("")))
            .gets(8, &["no profile `wrk`", "did you mean `work`?"]),
        Case::new("profile without a client", "token home")
            .config(two)
            .gets(8, &["profile `home` has no `client_id`", "config set home"]),
        Case::new("no profile at all", "login")
            .config("")
            .gets(8, &["there is no profile yet", "keyfob config add work"]),
    ]
}

fn files() -> Vec<Case> {
    let named = |name, file: &str, says: &[&str]| {
        Case::new(name, &format!("token work --config {file}")).gets(8, says)
    };
    let ca_file = |name, file: &str, says: &[&str]| {
        Case::new(name, "login work")
            .config(work(&format!("ca_file = '{file}'")))
            .gets(8, says)
    };
    let correct = "correct `ca_file` in the profile";
    vec![
        named(
            "folder as the file",
            "/",
            &["`/` is a folder", "`--config`"],
        ),
        named(
            "named file missing",
            "nope.toml",
            &["`nope.toml` does not exist", "`--config`"],
        ),
        named(
            "device as the file",
            "/dev/null",
            &["is a device", "`--config`"],
        ),
        ca_file(
            "missing CA file",
            "/nope/ca.pem",
            &["`/nope/ca.pem` does not exist", correct],
        ),
        ca_file(
            "CA file of garbage",
            "/etc/passwd",
            &["no PEM certificates", correct],
        ),
        ca_file(
            "CA file that is a folder",
            "/",
            &["`/` is a folder", correct],
        ),
    ]
}
