//! Command lines that cannot be meant.

use super::case::{Case, SECRET};

pub(super) fn cases() -> Vec<Case> {
    [clap(), values(), issuers(), practice(), edits()]
        .into_iter()
        .flatten()
        .collect()
}

fn usage(line: &'static str, says: &[&str]) -> Case {
    Case::new(line, line).gets(2, says)
}

fn clap() -> Vec<Case> {
    vec![
        usage("login --device --no-browser", &["cannot be used with"]),
        usage("login --device --prompt login", &["cannot be used with"]),
        usage("logout --local --everywhere", &["cannot be used with"]),
        usage("logout --all work", &["cannot be used with"]),
        usage("inspect work --file x", &["cannot be used with"]),
        usage("token --frobnicate", &["'--frobnicate'", "'--format'"]),
        usage("frob", &["'frob'"]),
        usage("token work orders", &["'orders'"]),
        usage("token --min-ttl", &["a value is required"]),
        usage("token --format xml", &["'xml'", "header"]),
        usage("completions tcsh", &["'tcsh'", "fish"]),
        #[cfg(unix)]
        Case::new("argument that is not Unicode", "token")
            .shell("exec \"$@\" \"$(printf '\\377')\"")
            .gets(2, &["invalid UTF-8"]),
        Case::words("escape sequence as a flag", &["token", "--a\u{1b}[2J"])
            .gets(2, &["unexpected argument"]),
        Case::words(
            "client secret on the command line",
            &["config", "add", "b", "--client-secret", SECRET],
        )
        .gets(2, &["--client-secret-env"]),
    ]
}

fn values() -> Vec<Case> {
    vec![
        usage("token --min-ttl 5y", &["`5y` is no span", "`10m`"]),
        usage("token --min-ttl 99999999999999999999h", &["is no span"]),
        usage(
            "login --timeout soon",
            &["`soon` is no time", "`--timeout`"],
        ),
        usage("login --timeout 0s", &["from 1 s to 1 h", "`--timeout`"]),
        usage("login --timeout 99h", &["from 1 s to 1 h", "`--timeout`"]),
        Case::words("quote in --scope", &["token", "--scope", "a\"b"])
            .gets(2, &["`a\"b` is no scope"]),
        usage("token --resource orders", &["an absolute URI"]),
        usage("token --resource https://a/#b", &["without a fragment"]),
        usage(
            "token ../../etc/passwd",
            &["`../etc/passwd` is no target name"],
        ),
        usage("token work/", &["a target name has 1 to 64"]),
        usage("token a/b/c", &["`b/c` is no target name"]),
        Case::words("escape sequence as a profile", &["token", "\u{1b}[2J"])
            .gets(2, &["`\\u{1b}[2J` is no profile name"]),
        Case::words(
            "thousand characters as a profile",
            &["token", &"a".repeat(1000)],
        )
        .gets(2, &["1 to 64 characters"]),
        usage("login --store disk", &["`disk` is none of", "`--store`"]),
        usage("login --ca-file nope.pem", &["`--ca-file`"])
            .gets(8, &["nope.pem` does not exist", "ca_file"]),
        Case::words("client id with an umlaut", &["login", "--client-id", "ü"])
            .gets(2, &["no client_id", "`--client-id`"]),
    ]
}

fn issuers() -> Vec<Case> {
    let issuer = |name, url: &str, says: &[&str]| {
        Case::words(name, &["login", "work", "--issuer", url]).gets(2, says)
    };
    let flag = "correct `--issuer`";
    vec![
        issuer(
            "http issuer",
            "http://id.example.com",
            &["`https://`", flag],
        ),
        issuer(
            "issuer that looks like loopback",
            "http://127.0.0.1.example.com",
            &[flag],
        ),
        issuer(
            "issuer without a scheme",
            "id.example.com",
            &["is not a URL", flag],
        ),
        issuer("issuer without a host", "https://", &["is not a URL", flag]),
        issuer(
            "file as the issuer",
            "file:///etc/passwd",
            &["`https://`", flag],
        ),
        issuer(
            "issuer with a query",
            "https://a/?tenant=b",
            &["a query", flag],
        ),
        issuer(
            "issuer with a fragment",
            "https://a/#b",
            &["a fragment", flag],
        ),
        issuer(
            "issuer with a password",
            "https://me:hunter2@a",
            &["a user name", flag],
        ),
        issuer(
            "issuer with an escape",
            "https://a/\u{1b}[2J",
            &["\\u{1b}", flag],
        ),
        issuer(
            "issuer with a line feed",
            "https://a/\nb",
            &["\\u{a}", flag],
        ),
        issuer("issuer with a space", "https://a b", &["white space", flag]),
        issuer(
            "issuer with a direction mark",
            "https://a/\u{202e}",
            &["\\u{202e}"],
        )
        .gets(6, &[]),
        issuer("empty issuer", "", &[flag]),
        issuer("issuer in another script", "https://приклад.invalid", &[])
            .gets(6, &["xn--", "cannot be resolved", "check the network"]),
    ]
}

fn practice() -> Vec<Case> {
    vec![
        usage(
            "issuer --fault id.aud.wrnog",
            &["did you mean `id.aud.wrong`?"],
        ),
        usage("issuer --fault nonsense", &["`--list-faults`"]),
        usage("issuer --fault id.aud.wrong:0", &["no number of times"]),
        usage("issuer --sign-in-as nobody", &["amara"]),
        usage("issuer --host 192.0.2.1", &["a loopback address"]),
        usage("issuer --port 99999", &["99999 is not in"]),
        usage(
            "issuer --path tenant",
            &["`tenant` is no path", "`/tenant/one`"],
        ),
    ]
}

fn edits() -> Vec<Case> {
    vec![
        usage(
            "config set wrok.scopes openid",
            &["did you mean `work.scopes`?"],
        ),
        usage(
            "config set work.scpoes openid",
            &["did you mean `work.scopes`?"],
        ),
        usage(
            "config set work.client_secret hunter2",
            &["never the secret itself"],
        ),
        usage("config set work.redirect_port http", &["`http` is no port"]),
        usage(
            "config unset work.audience",
            &["is not set", "keyfob config show"],
        ),
        usage("config remove wrok", &["did you mean `work`?"]),
        usage(
            "config add work --issuer https://a --client-id c",
            &["exists already", "--replace"],
        ),
        usage(
            "config add b --issuer http://b --client-id c",
            &["`https://`"],
        ),
        usage("config add", &["a name", "--issuer"]),
        usage("config show nope", &["no profile `nope`"]),
        usage("config secret ../x", &["no profile name"]),
    ]
}
