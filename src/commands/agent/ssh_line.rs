//! The `ssh` line that carries a restricted socket to another host (PURE; ssh(1), sh(1)).
//!
//! Each word is quoted for the shell here, and what runs there is one `sh -c` that every login
//! shell can start. Whatever `ssh` would expand in a path is written so that it stays as it is.

use std::fmt;

use crate::base::{Diagnostic, Exit, Hint, SshHost, printable_line};
use crate::commands::shell_word::quoted;

/// The longest path of a socket on the systems that have the shortest.
const LONGEST: usize = 100;

/// A path on the other host: absolute, and nothing in it that `ssh` or a shell would read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct RemoteSocket(String);

/// Why a path is none for a forwarded socket.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum Unfit {
    #[error(
        "`{0}` is no path for a socket there: it must be absolute, have {LONGEST} characters at \
         most, and no others than letters, digits, `/`, `.`, `_` and `-`"
    )]
    Remote(String),
    #[error("`ssh` cannot be told of a socket at `{0}`")]
    Local(String),
}

impl Diagnostic for Unfit {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Remote(_) => None,
            Self::Local(_) => Some(Hint::Try(
                "run the agent with `--socket` in a folder without such characters in its name"
                    .into(),
            )),
        }
    }
}

impl RemoteSocket {
    pub(super) fn parse(text: &str) -> Result<Self, Unfit> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
        let absolute = text.starts_with('/') && !text.ends_with('/');
        if absolute && text.len() <= LONGEST && text.chars().all(plain) {
            return Ok(Self(text.to_owned()));
        }
        Err(Unfit::Remote(printable_line(text).into_owned()))
    }

    /// Puts it into the folder that every host has; `word` must be one that nobody can guess.
    pub(super) fn in_tmp(word: &str) -> Self {
        Self(format!("/tmp/keyfob-{word}.sock"))
    }
}

impl fmt::Display for RemoteSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes the line. The connection is one of its own (`ControlPath=none`): a shared one would keep
/// the socket open after the shell has ended.
pub(super) fn ssh_line(
    host: &SshHost,
    remote: &RemoteSocket,
    local: &str,
) -> Result<String, Unfit> {
    let carried = format!("{remote}:{}", within_forward(local)?);
    // `sshd` leaves the socket's file behind, so the shell there takes it away.
    let there = format!(
        "trap \"rm -f {remote}\" EXIT HUP TERM; KEYFOB_AGENT={remote}; export KEYFOB_AGENT; \
         \"${{SHELL:-/bin/sh}}\" -l; exit $?"
    );
    let command = format!("exec sh -c {}", quoted(&there));
    let words = [
        "ssh",
        "-t",
        "-o",
        "ControlPath=none",
        "-o",
        "ExitOnForwardFailure=yes",
        "-R",
        &carried,
        "--",
        host.as_str(),
        &command,
    ];
    Ok(words.map(quoted).join(" "))
}

/// Writes a path as a field of `-R`: `:` parts fields, `\` quotes, `%` and `${` begin expansions.
fn within_forward(path: &str) -> Result<String, Unfit> {
    if !path.starts_with('/') || path.chars().any(char::is_control) || path.contains("${") {
        return Err(Unfit::Local(printable_line(path).into_owned()));
    }
    let mut field = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            ':' | '\\' => field.push('\\'),
            '%' => field.push('%'),
            _ => {}
        }
        field.push(c);
    }
    Ok(field)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn line(local: &str) -> String {
        let host = SshHost::parse("me@[::1]").unwrap();
        ssh_line(&host, &RemoteSocket::in_tmp("0af"), local).unwrap()
    }

    /// What a shell makes of a line.
    fn words(line: &str) -> Vec<String> {
        let script = format!("printf '%s\\n' {line}");
        let printed = Command::new("sh").args(["-c", &script]).output().unwrap();
        let printed = String::from_utf8(printed.stdout).unwrap();
        printed.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_shell_reads_the_line_as_it_was_meant() {
        let words = words(&line("/run/user/1000/keyfob/agent.sock.forward-1"));

        assert_eq!(
            words[..10],
            [
                "ssh",
                "-t",
                "-o",
                "ControlPath=none",
                "-o",
                "ExitOnForwardFailure=yes",
                "-R",
                "/tmp/keyfob-0af.sock:/run/user/1000/keyfob/agent.sock.forward-1",
                "--",
                "me@[::1]",
            ]
        );
        assert!(words[10].starts_with("exec sh -c 'trap "), "{words:?}");
        assert_eq!(words.len(), 11);
    }

    #[test]
    fn a_path_of_this_machine_stays_as_it_is() {
        let carried = |local: &str| words(&line(local))[7].clone();

        assert_eq!(
            carried("/home/a b/it's 100%/c:d\\e/$x`y`"),
            "/tmp/keyfob-0af.sock:/home/a b/it's 100%%/c\\:d\\\\e/$x`y`"
        );
        for path in ["relative", "/a/${HOME}/b", "/a\nb", "/a\u{1b}b"] {
            assert!(within_forward(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_path_there_is_nothing_for_a_shell() {
        for path in ["/tmp/a.sock", "/run/user/1000/k-1_2.sock"] {
            assert!(RemoteSocket::parse(path).is_ok());
        }
        let long = format!("/{}", "x".repeat(LONGEST));
        for path in [
            "",
            "/",
            "a.sock",
            "~/a",
            "/a b",
            "/a;b",
            "/a:b",
            "/$a",
            "/a'b",
            "/a\nb",
            "/é",
            "/%h",
            long.as_str(),
        ] {
            assert!(RemoteSocket::parse(path).is_err(), "{path:?}");
        }
    }
}
