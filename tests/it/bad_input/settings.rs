//! Variables that are wrong, passphrases that do not fit, and editors that fail.

use super::case::{Case, work};

pub(super) fn cases() -> Vec<Case> {
    [variables(), passphrases(), editors()]
        .into_iter()
        .flatten()
        .collect()
}

fn variable(name: &'static str, value: &str, says: &[&str]) -> Case {
    Case::new(name, "token work")
        .with(name, value)
        .gets(8, &[says, &[name]].concat())
}

fn variables() -> Vec<Case> {
    vec![
        Case::new("misspelt variable", "token work")
            .with("KEYFOB_STOER", "memory")
            .gets(
                0,
                &[
                    "`KEYFOB_STOER` means nothing",
                    "did you mean `KEYFOB_STORE`?",
                ],
            ),
        variable("KEYFOB_TIMEOUT", "soon", &["`soon` is no time"]),
        variable("KEYFOB_FLOW", "fax", &["`fax` is none of `browser`"]),
        variable("KEYFOB_STORE", "disk", &["`disk` is none of"]),
        variable("KEYFOB_ISSUER", "http://id.example.com", &["`https://`"]),
        variable("KEYFOB_CLIENT_ID", "a\u{1b}[2J", &["`a\\u{1b}[2J`"]),
        variable(
            "KEYFOB_INTERACTIVE",
            "maybe",
            &["neither `true` nor `false`"],
        ),
        Case::new("variable that is not Unicode", "token work")
            .shell("KEYFOB_STORE=$(printf '\\377') && export KEYFOB_STORE && exec \"$@\"")
            .gets(8, &["variable KEYFOB_STORE", "is none of"]),
        Case::new("KEYFOB_PROFILE", "token")
            .with("KEYFOB_PROFILE", "wrk")
            .gets(
                8,
                &["no profile `wrk`", "KEYFOB_PROFILE", "did you mean `work`?"],
            ),
        Case::new(
            "proxy that is none",
            "login work --issuer https://id.example.com",
        )
        .with("HTTPS_PROXY", "http://u:hunter2@")
        .gets(
            8,
            &["`HTTPS_PROXY` does not hold a proxy's URL", "unset it"],
        ),
        Case::new("client secret in no variable", "login work")
            .config(work("client_secret = { env = 'NOBODY_SETS_THIS' }"))
            .gets(8, &["client secret of profile `work`", "NOBODY_SETS_THIS"]),
        Case::new("client secret in no keyring", "login work")
            .config(work("client_secret = { keyring = 'nope' }"))
            .gets(
                8,
                &[
                    "client secret of profile `work`",
                    "keyfob config secret nope",
                ],
            ),
        Case::new("client secret in no file", "login work")
            .config(work("client_secret = { file = '/nope/secret' }"))
            .gets(
                8,
                &[
                    "client secret of profile `work`",
                    "`/nope/secret` does not exist",
                ],
            ),
        Case::new("browser command without an end", "login work --timeout 1s")
            .config(work("browser = '\"unclosed'"))
            .gets(4, &["`\"unclosed` is no browser command", "--timeout 15m"]),
        Case::new(
            "scope that the provider does not know",
            "token work --scope nope",
        )
        .gets(5, &["`invalid_scope`", "keyfob config"]),
        Case::words(
            "prompt with an escape",
            &["login", "work", "--prompt", "a\u{1b}[2J"],
        )
        .gets(2, &["it is one of none, login, consent", "--prompt"]),
        Case::new("memory store for a client secret", "config secret x")
            .with("KEYFOB_STORE", "memory")
            .stdin("hunter2")
            .gets(2, &["keeps nothing", "env:VARIABLE"]),
        Case::new("empty client secret", "config secret x")
            .with("KEYFOB_STORE", "sealed")
            .gets(2, &["no client secret was given", "pipe it in"]),
        Case::new("client secret of two lines", "config secret x")
            .with("KEYFOB_STORE", "sealed")
            .stdin("hunter2\nhunter2\n")
            .gets(2, &["one line of text"]),
    ]
}

fn passphrases() -> Vec<Case> {
    let renew = |name, file: &str| {
        Case::new(name, "token work --renew").with("KEYFOB_PASSPHRASE_FILE", file)
    };
    let variable = "`KEYFOB_PASSPHRASE_FILE`";
    vec![
        renew("no passphrase and nobody to ask", "")
            .shell("exec setsid \"$@\"")
            .gets(7, &["nobody to ask", variable]),
        renew("passphrase file missing", "~/nope").gets(7, &["nope` does not exist", variable]),
        renew("passphrase file that is a folder", "~").gets(7, &["is a folder", variable]),
        renew("passphrase file that is empty", "~/empty")
            .first(|world| drop(world.write("empty", "\n")))
            .gets(7, &["the passphrase is empty"]),
        renew("wrong passphrase", "~/wrong")
            .first(|world| drop(world.write("wrong", "hunter2")))
            .gets(7, &["does not open the sealed store", "try again"]),
        #[cfg(unix)]
        renew("passphrase file for everybody", "~/open")
            .first(|world| {
                use std::os::unix::fs::PermissionsExt as _;
                let path = world.write("open", "hunter2");
                let all = std::fs::Permissions::from_mode(0o644);
                std::fs::set_permissions(path, all).unwrap();
            })
            .gets(7, &["is open to other users (mode 644)", "chmod go-rwx"]),
    ]
}

fn editors() -> Vec<Case> {
    let edit = |name, editor: &str| Case::new(name, "config edit").with("EDITOR", editor);
    vec![
        edit("editor that fails", "false").gets(1, &["editor `false` failed", "is as it was"]),
        edit("editor that is not there", "no-such-editor").gets(
            1,
            &["cannot start the editor `no-such-editor`", "set EDITOR"],
        ),
        edit("editor that writes nonsense", "sed -i s/issuer/isuer/")
            .gets(8, &["the text is kept in", "did you mean `issuer`?"]),
    ]
}
