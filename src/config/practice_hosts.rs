//! `[practice_hosts]`: which real host names lead to a practice provider on this machine. Pure.
//!
//! For keyfob's own tests, which have to sign in under Entra's real names. Whoever could set it
//! could receive a sign-in, so it stands in the user's own file only, leads to this machine only,
//! and a release build refuses a file that has it.

use std::net::SocketAddr;

use toml::de::DeValue;
use url::Url;

use super::value::ValueError;
use crate::base::printable_line;

/// The table's name.
pub(super) const KEY: &str = "practice_hosts";

/// Hosts of `https` addresses and where they lead.
pub type PracticeHosts = Vec<(String, SocketAddr)>;

/// Why the table cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PracticeHostsError {
    /// The build is for people.
    #[error("it redirects sign-ins for keyfob's own tests, and this build refuses it: remove it")]
    Release,
    /// Not a table of texts.
    #[error("a table of host names and addresses is wanted")]
    Form,
    /// A name that is none.
    #[error("`{0}` is no host name in lower case without a port")]
    Host(String),
    /// An address that is not on this machine.
    #[error("`{0}` is not like `http://127.0.0.1:4444`: a practice provider is on this machine")]
    Target(String),
}

/// Reads the table as this build does.
pub(super) fn read(value: &DeValue<'_>) -> Result<PracticeHosts, ValueError> {
    Ok(decide(value, cfg!(debug_assertions))?)
}

/// Reads the table; a build that is not for tests refuses it whatever is in it.
fn decide(value: &DeValue<'_>, is_for_tests: bool) -> Result<PracticeHosts, PracticeHostsError> {
    if !is_for_tests {
        return Err(PracticeHostsError::Release);
    }
    let table = value.as_table().ok_or(PracticeHostsError::Form)?;
    let pairs = table.iter().map(|(host, at)| {
        let at = at.get_ref().as_str().ok_or(PracticeHostsError::Form)?;
        let host = host.get_ref().as_ref();
        if !is_host(host) {
            let shown = printable_line(host).into_owned();
            return Err(PracticeHostsError::Host(shown));
        }
        let target = loopback(at);
        let shown = || printable_line(at).into_owned();
        Ok((
            host.to_owned(),
            target.ok_or_else(|| PracticeHostsError::Target(shown()))?,
        ))
    });
    pairs.collect()
}

fn is_host(text: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    text.contains('.') && !text.starts_with('.') && text.bytes().all(fits)
}

/// Reads `http://`, a loopback address in digits and a port, and nothing else.
fn loopback(text: &str) -> Option<SocketAddr> {
    let url = Url::parse(text).ok()?;
    let rest = text.strip_prefix("http://")?;
    let address: SocketAddr = rest.trim_end_matches('/').parse().ok()?;
    (address.ip().is_loopback() && url.path() == "/").then_some(address)
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    fn read_text(text: &str, is_for_tests: bool) -> Result<PracticeHosts, PracticeHostsError> {
        let table = DeTable::parse(text).unwrap();
        let (_, value) = table.get_ref().iter().next().unwrap();
        decide(value.get_ref(), is_for_tests)
    }

    #[test]
    fn a_host_leads_to_this_machine() {
        let text = "practice_hosts = {\"login.microsoftonline.com\" = \"http://127.0.0.1:4711\"}";

        let hosts = read_text(text, true).unwrap();

        let at = "127.0.0.1:4711".parse().unwrap();
        assert_eq!(hosts, [("login.microsoftonline.com".to_owned(), at)]);
    }

    #[test]
    fn a_build_for_people_refuses_the_table_whatever_is_in_it() {
        for text in [
            "practice_hosts = {\"login.microsoftonline.com\" = \"http://127.0.0.1:4711\"}",
            "practice_hosts = {}",
            "practice_hosts = 1",
        ] {
            let refused = read_text(text, false);
            assert_eq!(refused, Err(PracticeHostsError::Release), "{text}");
        }
    }

    #[test]
    fn nothing_leads_away_from_this_machine() {
        for at in [
            "http://10.0.0.1:80",
            "http://evil.example:80",
            "http://localhost:4711",
            "https://127.0.0.1:4711",
            "http://127.0.0.1",
            "http://127.0.0.1:4711/path",
            "http://user@127.0.0.1:4711",
            "127.0.0.1:4711",
            "",
        ] {
            let text = format!("practice_hosts = {{\"a.example\" = \"{at}\"}}");
            let refused = read_text(&text, true);
            assert!(
                matches!(refused, Err(PracticeHostsError::Target(_))),
                "{at}"
            );
        }
        for host in ["A.example", "a", ".a", "a.example:443", "a/b.c", ""] {
            let text = format!("practice_hosts = {{\"{host}\" = \"http://127.0.0.1:1\"}}");
            let refused = read_text(&text, true);
            assert!(
                matches!(refused, Err(PracticeHostsError::Host(_))),
                "{host}"
            );
        }
    }
}
