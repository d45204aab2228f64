//! A place on the web that a token may go to: scheme, host, port, and how the path begins.
//!
//! What another program asks for is foreign text, often chosen by a repository. It is read strictly
//! (RFC 3986 §3) and compared part by part, never as text: no user name, no host that only looks
//! alike, no path that climbs out of the listed one.

use std::fmt;

use url::Url;

use super::issuer::is_loopback_host;
use super::printable_line;

/// The longest address that is read.
const LONGEST: usize = 2048;

/// An address of the user's own list, or one that a program asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Site(Url);

/// Why a text is no such address.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SiteError {
    /// Characters that one reader drops and the next one keeps.
    #[error("`{0}` has white space, control or other characters that no address has")]
    Character(String),
    /// A path that means different places to different readers.
    #[error("`{0}` has an encoded `/`, `\\` or `..` in its path")]
    Climbing(String),
    /// Plain HTTP to another machine would show the token to everybody on the way.
    #[error("`{0}` must start with `https://` (plain `http://` is for loopback addresses only)")]
    NotHttps(String),
    /// Not a URL, or without a host.
    #[error("`{0}` is not the address of a server")]
    NotAUrl(String),
    /// A query or a fragment.
    #[error("`{0}` must not have a query or a fragment")]
    QueryOrFragment(String),
    /// Longer than any address.
    #[error("an address has at most {LONGEST} characters")]
    TooLong,
    /// A user name or a password.
    #[error("`{0}` must not carry a user name or password")]
    UserInfo(String),
}

impl Site {
    /// Parses an address with its scheme.
    ///
    /// # Errors
    ///
    /// [`SiteError`]; user names and passwords are left out of it.
    pub fn parse(text: &str) -> Result<Self, SiteError> {
        let shown = || printable_line(text).into_owned();
        if text.len() > LONGEST {
            return Err(SiteError::TooLong);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
            return Err(SiteError::Character(shown()));
        }
        let url = Url::parse(text).map_err(|_| SiteError::NotAUrl(shown()))?;
        if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
            let host = url.host_str().unwrap_or_default();
            return Err(SiteError::UserInfo(format!("{}://{host}", url.scheme())));
        }
        match url.scheme() {
            "https" if url.has_host() => {}
            "http" if is_loopback_host(&url) => {}
            "http" | "https" => return Err(SiteError::NotHttps(shown())),
            _ => return Err(SiteError::NotAUrl(shown())),
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(SiteError::QueryOrFragment(shown()));
        }
        let path = text.to_ascii_lowercase();
        let climbs = ["%2f", "%5c", "%2e"].iter().any(|c| path.contains(c));
        if climbs || text.split('/').any(|part| part == "..") {
            return Err(SiteError::Climbing(shown()));
        }
        Ok(Self(url))
    }

    /// Parses an address whose scheme may be left out, for programs that speak of hosts:
    /// `registry.example.com`, `localhost:5000`. On this machine it is `http` then, else `https`.
    ///
    /// # Errors
    ///
    /// As [`Site::parse`].
    pub fn parse_host(text: &str) -> Result<Self, SiteError> {
        if text.contains("://") {
            return Self::parse(text);
        }
        match Self::parse(&format!("http://{text}")) {
            Err(SiteError::NotHttps(_)) => Self::parse(&format!("https://{text}")),
            Ok(here) => Ok(here),
            Err(error) => Err(error),
        }
    }

    /// Tells whether a token for this address may go to `asked`: the same scheme, host and port, and
    /// a path that is this one's or below it.
    pub fn covers(&self, asked: &Self) -> bool {
        let same = |of: &Url| {
            (
                of.scheme().to_owned(),
                of.host_str().map(str::to_owned),
                of.port_or_known_default(),
            )
        };
        if same(&self.0) != same(&asked.0) {
            return false;
        }
        let (ours, theirs) = (self.0.path().trim_end_matches('/'), asked.0.path());
        theirs
            .strip_prefix(ours)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Tells whether the address is a whole host: it has no path of its own.
    pub fn is_whole_host(&self) -> bool {
        self.0.path().trim_end_matches('/').is_empty()
    }

    /// Returns the address as a URL, to write it into another program's settings.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the host with its port, as registries write it.
    pub fn host_and_port(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// The part between `//` and the path, as it is written.
fn authority(text: &str) -> &str {
    let rest = text.split_once("//").map_or(text, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(listed: &str, asked: &str) -> bool {
        let asked = Site::parse_host(asked);
        asked.is_ok_and(|asked| Site::parse_host(listed).unwrap().covers(&asked))
    }

    #[test]
    fn a_token_goes_to_the_listed_host_and_below_the_listed_path() {
        for (listed, asked) in [
            ("https://git.example.com", "https://git.example.com"),
            ("https://git.example.com", "https://git.example.com/a/b.git"),
            ("https://git.example.com/", "https://GIT.example.com:443/a"),
            (
                "https://git.example.com/team",
                "https://git.example.com/team",
            ),
            (
                "https://git.example.com/team/",
                "https://git.example.com/team/a",
            ),
            ("registry.example.com", "https://registry.example.com/v2/"),
            ("localhost:5000", "localhost:5000"),
            ("http://127.0.0.1:5000", "127.0.0.1:5000/v2"),
        ] {
            assert!(covers(listed, asked), "{listed} {asked}");
        }
    }

    #[test]
    fn a_token_goes_nowhere_that_only_looks_alike() {
        let listed = "https://git.example.com/team";
        for asked in [
            "https://git.example.com",
            "https://git.example.com/teams",
            "https://git.example.com/team/../other",
            "https://git.example.com/team/%2e%2e/other",
            "https://git.example.com/team/..%2fother",
            "https://git.example.com/team%5c..%5cother",
            "https://git.example.com/Team",
            "https://git.example.com:8443/team",
            "http://git.example.com/team",
            "https://git.example.com.evil.example/team",
            "https://evil.example/git.example.com/team",
            "https://git.example.com@evil.example/team",
            "https://me@git.example.com/team",
            "https://@git.example.com/team",
            "https://git.example.com\\team",
            "https://git.example.com/team?x",
            "https://git.example.com/team#x",
            "https://git.ex\u{e4}mple.com/team",
            "https://git.example.com/team\n",
            "https://git.exam\tple.com/team",
            "https://git.example.com./team",
            "file:///git.example.com/team",
            "git.example.com",
            "",
            "https://",
            "https:///team",
        ] {
            assert!(!covers(listed, asked), "{asked}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        assert!(Site::parse("http://127.0.0.1:8080/x").is_ok());
        assert!(Site::parse("http://[::1]:8080").is_ok());
        assert!(matches!(
            Site::parse("http://example.com"),
            Err(SiteError::NotHttps(_))
        ));
        assert!(matches!(
            Site::parse("http://127.0.0.1.example.com"),
            Err(SiteError::NotHttps(_))
        ));
    }

    #[test]
    fn a_password_never_reaches_the_message() {
        let message = Site::parse("https://me:hunter2@a/")
            .unwrap_err()
            .to_string();

        assert!(!message.contains("hunter2"), "{message}");
    }

    proptest::proptest! {
        #[test]
        fn what_is_covered_has_the_listed_host(asked in "(https?://)?[a-z.@:/\\\\%2eEfF-]{0,30}") {
            if covers("https://a.b/c", &asked) {
                let url = Url::parse(&asked).unwrap();
                proptest::prop_assert_eq!(url.host_str(), Some("a.b"));
                proptest::prop_assert!(url.path().starts_with("/c"));
            }
        }
    }
}
