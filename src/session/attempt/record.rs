//! PURE: what is written down of a sign-in in progress, and of how it ended.
//!
//! Holds what a person needs to finish or to find it, and nothing that a thief could use: never a
//! device code, a code, a verifier or a token. What it holds is foreign text to whoever reads it.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::base::{Exit, ProfileName, Timestamp, is_loopback_host, printable_line};

/// The version that is written; what another version wrote counts as nothing.
const VERSION: u32 = 1;

/// A sign-in: who does it, since when, where it can be finished, and how it ended.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Attempt {
    version: u32,
    /// Drawn at random: two sign-ins never share it.
    pub id: String,
    /// The profile.
    pub profile: ProfileName,
    /// Who signs in.
    pub by: By,
    /// When it began.
    pub since: Timestamp,
    /// When it is given up.
    pub deadline: Timestamp,
    /// Where a person finishes it; nothing until a person is asked.
    pub place: Option<Place>,
    /// How it ended, if it has.
    pub ended: Option<End>,
}

/// A process, as a person finds it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct By {
    /// Its number.
    pub pid: u32,
    /// Its machine.
    pub host: Option<String>,
    /// Its terminal.
    pub terminal: Option<String>,
    /// What started it.
    pub started_by: Option<String>,
}

/// Where a person finishes a sign-in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the browser that was opened.
    Browser {
        /// The address that it was told to open.
        url: String,
    },
    /// At this address, in a browser that nobody has opened.
    Open {
        /// The address.
        url: String,
        /// The line that brings the answer to this machine, over SSH.
        forward: Option<String>,
    },
    /// On another device.
    Device {
        /// Where to go.
        url: String,
        /// What to enter there.
        user_code: String,
    },
}

/// How a sign-in ended.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It came to nothing.
    Failed {
        /// The exit status of the process.
        status: u8,
        /// What went wrong.
        reason: String,
    },
    /// The session is there.
    SignedIn {
        /// What people call the account.
        account: String,
    },
    /// Somebody signed out meanwhile.
    SignedOut,
}

impl Attempt {
    /// Begins the record of a sign-in.
    pub(super) fn new(
        id: String,
        (profile, by): (ProfileName, By),
        (since, deadline): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            version: VERSION,
            id,
            profile,
            by,
            since,
            deadline,
            place: None,
            ended: None,
        }
    }

    /// Reads a record; `None` when it is none, or of another version.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let fits = |attempt: &Self| {
            let plain = attempt.id.len() == 32 && attempt.id.bytes().all(|b| b.is_ascii_hexdigit());
            attempt.version == VERSION && plain
        };
        serde_json::from_slice(bytes).ok().filter(fits)
    }

    /// Writes the record.
    pub fn print(&self) -> String {
        serde_json::to_string_pretty(self).expect("a record has only text keys")
    }
}

impl By {
    /// Names the process, and its machine where that is not `here`; safe to print.
    pub fn named(&self, here: Option<&str>) -> String {
        match self.host.as_deref().filter(|host| Some(*host) != here) {
            Some(host) => format!("process {} on {}", self.pid, printable_line(host)),
            None => format!("process {}", self.pid),
        }
    }

    /// Says what a person knows it by, as far as anything is known; safe to print.
    pub fn known_by(&self) -> Option<String> {
        let known: Vec<&str> = [&self.started_by, &self.terminal]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        (!known.is_empty()).then(|| printable_line(&known.join(", ")).into_owned())
    }
}

impl Place {
    /// Returns the address to open, if it is one that a person may be sent to.
    pub fn address(&self) -> Option<Url> {
        let (Self::Browser { url } | Self::Open { url, .. } | Self::Device { url, .. }) = self;
        let url = Url::parse(url).ok()?;
        let private = match url.scheme() {
            "https" => url.has_host(),
            "http" => is_loopback_host(&url),
            _ => false,
        };
        private.then_some(url)
    }
}

impl End {
    /// Notes a failure.
    pub fn failed(exit: Exit, reason: String) -> Self {
        Self::Failed {
            status: exit.code(),
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        let by = By {
            pid: 7,
            host: Some("dev\u{1b}1".into()),
            terminal: Some("/dev/pts/3".into()),
            started_by: Some("bash".into()),
        };
        let profile = ProfileName::parse("work").unwrap();
        Attempt::new(
            "0123456789abcdef0123456789abcdef".into(),
            (profile, by),
            (Timestamp(1), Timestamp(301)),
        )
    }

    #[test]
    fn a_record_survives_the_round_trip_and_a_newer_version_does_not() {
        let text = attempt().print();

        let back = Attempt::parse(text.as_bytes()).unwrap();
        assert_eq!((back.by.pid, back.deadline), (7, Timestamp(301)));
        for (from, to) in [
            ("\"version\": 1", "\"version\": 2"),
            ("0123456789abcdef", "../../../../x"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(text, changed);
            assert!(Attempt::parse(changed.as_bytes()).is_none(), "{to}");
        }
        assert!(Attempt::parse(b"{").is_none());
    }

    #[test]
    fn a_process_is_named_with_its_machine_only_when_it_is_another() {
        let by = attempt().by;

        assert_eq!(by.named(Some("dev\u{1b}1")), "process 7");
        assert_eq!(by.named(Some("here")), "process 7 on dev\\u{1b}1");
        assert_eq!(by.known_by().as_deref(), Some("bash, /dev/pts/3"));
    }

    #[test]
    fn nobody_is_sent_to_an_address_that_is_none() {
        let address = |url: &str| Place::Browser { url: url.into() }.address();

        assert!(address("https://id.example.com/a?b=c").is_some());
        assert!(address("http://127.0.0.1:8080/").is_some());
        for url in [
            "",
            "http://id.example.com/",
            "file:///etc/passwd",
            "javascript:1",
        ] {
            assert!(address(url).is_none(), "{url}");
        }
    }
}
