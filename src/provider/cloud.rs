//! The clouds that Entra runs in. An app registration lives in one of them, and only there.
//!
//! Never learns a host from a provider's answer: a host is in this table, or a person wrote it.

use std::fmt;

use url::{Host, Url};

use crate::base::{Issuer, printable_line};

/// One cloud of Microsoft's or of a national operator.
#[derive(Debug)]
pub struct NamedCloud {
    /// The word in the configuration.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The host that people sign in at.
    pub host: &'static str,
    /// Other hosts that stand for it in old addresses; never spoken to.
    pub aliases: &'static [&'static str],
    /// The issuer of version 1 tokens, if they are known to exist.
    pub older_issuer: Option<&'static str>,
    /// The host of Microsoft Graph.
    pub graph: Option<&'static str>,
    /// The host of the Azure Resource Manager.
    pub arm: Option<&'static str>,
    /// The host of the portal where apps are registered.
    pub portal: Option<&'static str>,
    /// Why it cannot be used any more.
    pub closed: Option<&'static str>,
}

/// Every cloud with a name.
pub static CLOUDS: [NamedCloud; 7] = [
    NamedCloud {
        name: "public",
        title: "the public cloud",
        host: "login.microsoftonline.com",
        aliases: &[
            "login.windows.net",
            "login.microsoft.com",
            "sts.windows.net",
        ],
        older_issuer: Some("https://sts.windows.net/{tenantid}/"),
        graph: Some("graph.microsoft.com"),
        arm: Some("management.azure.com"),
        portal: Some("portal.azure.com"),
        closed: None,
    },
    NamedCloud {
        name: "us-government",
        title: "the US Government cloud",
        host: "login.microsoftonline.us",
        aliases: &["login.usgovcloudapi.net"],
        older_issuer: Some("https://sts.windows.net/{tenantid}/"),
        graph: Some("graph.microsoft.us"),
        arm: Some("management.usgovcloudapi.net"),
        portal: Some("portal.azure.us"),
        closed: None,
    },
    NamedCloud {
        name: "china",
        title: "the China cloud of 21Vianet",
        host: "login.partner.microsoftonline.cn",
        aliases: &["login.chinacloudapi.cn", "sts.chinacloudapi.cn"],
        older_issuer: Some("https://sts.chinacloudapi.cn/{tenantid}/"),
        graph: Some("microsoftgraph.chinacloudapi.cn"),
        arm: Some("management.chinacloudapi.cn"),
        portal: Some("portal.azure.cn"),
        closed: None,
    },
    NamedCloud {
        name: "germany",
        title: "the old Germany cloud",
        host: "login.microsoftonline.de",
        aliases: &[],
        older_issuer: Some("https://sts.microsoftonline.de/{tenantid}/"),
        graph: None,
        arm: None,
        portal: None,
        closed: Some("it was closed in October 2021 and its tenants moved to `public`"),
    },
    NamedCloud {
        name: "bleu",
        title: "the sovereign cloud of Bleu (France)",
        host: "login.sovcloud-identity.fr",
        ..SOVEREIGN
    },
    NamedCloud {
        name: "delos",
        title: "the sovereign cloud of Delos (Germany)",
        host: "login.sovcloud-identity.de",
        ..SOVEREIGN
    },
    NamedCloud {
        name: "govsg",
        title: "the sovereign cloud of GovSG (Singapore)",
        host: "login.sovcloud-identity.sg",
        ..SOVEREIGN
    },
];

/// What is not known of the new clouds is left open, not guessed.
const SOVEREIGN: NamedCloud = NamedCloud {
    name: "",
    title: "",
    host: "",
    aliases: &[],
    older_issuer: None,
    graph: None,
    arm: None,
    portal: None,
    closed: None,
};

/// The end of every host of External ID; one label stands before it.
pub(super) const EXTERNAL_ID: &str = ".ciamlogin.com";

/// The end of every host of Azure AD B2C; one label stands before it.
pub(super) const B2C: &str = ".b2clogin.com";

/// Where a tenant is: a known cloud, or an address that a person gave.
#[derive(Clone, Debug)]
pub enum Cloud {
    /// One of [`CLOUDS`].
    Named(&'static NamedCloud),
    /// An origin of the person's own, without a path: a private cloud, or a practice provider.
    Custom(Issuer),
}

/// Why a text names no cloud.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CloudError {
    /// Neither a name nor an address.
    #[error(
        "`{0}` is none of {options}, and no address such as `https://login.example.com`",
        options = names()
    )]
    Unknown(String),
    /// A cloud that is no more.
    #[error("the cloud `{name}` cannot be used: {reason}")]
    Closed {
        /// The cloud.
        name: &'static str,
        /// What became of it.
        reason: &'static str,
    },
}

impl Cloud {
    /// The public cloud.
    pub fn public() -> Self {
        let [public, ..] = &CLOUDS;
        Self::Named(public)
    }

    /// Parses a name, or an origin: `https`, or `http` on a loopback address.
    ///
    /// # Errors
    ///
    /// [`CloudError`].
    pub fn parse(text: &str) -> Result<Self, CloudError> {
        if let Some(cloud) = CLOUDS.iter().find(|cloud| cloud.name == text) {
            return Self::open(cloud);
        }
        let unknown = || CloudError::Unknown(printable_line(text).into_owned());
        let issuer = Issuer::parse(text.trim_end_matches('/')).map_err(|_| unknown())?;
        let url = issuer.url();
        if url.path() != "/" || text.ends_with("//") {
            return Err(unknown());
        }
        match named(&url) {
            Some(cloud) => Self::open(cloud),
            None => Ok(Self::Custom(issuer)),
        }
    }

    /// Finds the cloud whose host an address has, by whole names.
    pub(super) fn at(url: &Url) -> Option<Self> {
        named(url).map(Self::Named)
    }

    fn open(cloud: &'static NamedCloud) -> Result<Self, CloudError> {
        match cloud.closed {
            Some(reason) => Err(CloudError::Closed {
                name: cloud.name,
                reason,
            }),
            None => Ok(Self::Named(cloud)),
        }
    }

    /// Returns where it signs people in, without a path and without a last slash.
    pub fn origin(&self) -> String {
        match self {
            Self::Named(cloud) => format!("https://{}", cloud.host),
            Self::Custom(issuer) => issuer.to_string(),
        }
    }

    /// Returns its row in the table, if it has one.
    pub fn named(&self) -> Option<&'static NamedCloud> {
        match self {
            Self::Named(cloud) => Some(cloud),
            Self::Custom(_) => None,
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(cloud) => f.write_str(cloud.name),
            Self::Custom(issuer) => f.write_str(issuer.as_str()),
        }
    }
}

impl PartialEq for Cloud {
    fn eq(&self, other: &Self) -> bool {
        self.origin() == other.origin()
    }
}

impl Eq for Cloud {}

/// Tells whether an issuer is Entra's: a cloud's, an old name's, External ID's or B2C's.
pub(super) fn owns(issuer: &Issuer) -> bool {
    let url = issuer.url();
    named(&url).is_some() || label(&url, EXTERNAL_ID).is_some() || label(&url, B2C).is_some()
}

/// Returns the one label before an ending, in an `https` address with no port.
pub(super) fn label(url: &Url, ending: &str) -> Option<String> {
    let label = host(url)?.strip_suffix(ending)?;
    let is_one = !label.is_empty() && !label.contains('.');
    is_one.then(|| label.to_owned())
}

fn named(url: &Url) -> Option<&'static NamedCloud> {
    let host = host(url)?;
    CLOUDS
        .iter()
        .find(|cloud| cloud.host == host || cloud.aliases.contains(&host))
}

/// Another port is another server.
fn host(url: &Url) -> Option<&str> {
    match url.host() {
        Some(Host::Domain(host)) if url.scheme() == "https" && url.port().is_none() => Some(host),
        _ => None,
    }
}

/// The names of the clouds that can be used, in backticks.
pub(super) fn names() -> String {
    let open = CLOUDS.iter().filter(|cloud| cloud.closed.is_none());
    let names: Vec<String> = open.map(|cloud| format!("`{}`", cloud.name)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_is_known_by_its_name_and_by_its_address() {
        for (text, origin) in [
            ("public", "https://login.microsoftonline.com"),
            ("us-government", "https://login.microsoftonline.us"),
            ("china", "https://login.partner.microsoftonline.cn"),
            ("bleu", "https://login.sovcloud-identity.fr"),
            ("delos", "https://login.sovcloud-identity.de"),
            ("govsg", "https://login.sovcloud-identity.sg"),
            (
                "https://login.windows.net/",
                "https://login.microsoftonline.com",
            ),
            ("https://login.corp.example", "https://login.corp.example"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(Cloud::parse(text).unwrap().origin(), origin, "{text}");
        }
        let known = Cloud::parse("https://login.microsoftonline.us").unwrap();
        assert_eq!(known.to_string(), "us-government");
    }

    #[test]
    fn what_is_no_cloud_is_refused_with_the_names_there_are() {
        for text in [
            "",
            "Public",
            "mars",
            "login.microsoftonline.com",
            "http://login.corp.example",
            "https://login.corp.example/tenant",
            "https://login.corp.example//",
            "https://login.corp.example?x",
        ] {
            let said = Cloud::parse(text).unwrap_err().to_string();
            assert!(said.contains("`us-government`, `china`, `bleu`"), "{said}");
        }
        let closed = Cloud::parse("germany").unwrap_err().to_string();
        assert!(closed.contains("October 2021"), "{closed}");
        let closed = Cloud::parse("https://login.microsoftonline.de").unwrap_err();
        assert!(matches!(closed, CloudError::Closed { .. }));
    }

    #[test]
    fn no_two_clouds_share_a_name_or_a_host() {
        for (at, cloud) in CLOUDS.iter().enumerate() {
            for other in CLOUDS.iter().skip(at + 1) {
                assert_ne!(cloud.name, other.name);
                assert_ne!(cloud.host, other.host);
            }
        }
    }
}
