//! Does this machine trust the provider's certificate, and who signed it?
//!
//! A company that reads its own traffic signs with a certificate of its own; where its product says
//! so in its name, it is named. Whether any other signer is public is not guessed.

use crate::base::Exit;
use crate::doctor::{Check, Finding, Patient};
use crate::flow::{self, metadata};
use crate::sys::http::HttpError;
use crate::sys::tls::signers;

/// Products that stand in the middle of TLS, by words of their certificates.
const INTERCEPTORS: [&str; 22] = [
    "avast",
    "barracuda",
    "bitdefender",
    "blue coat",
    "burp",
    "charles proxy",
    "check point",
    "cisco umbrella",
    "eset ssl",
    "fiddler",
    "forcepoint",
    "fortinet",
    "kaspersky",
    "mcafee",
    "mitmproxy",
    "netskope",
    "palo alto",
    "portswigger",
    "skyhigh",
    "sophos",
    "zscaler",
    "do_not_trust",
];

pub(in crate::doctor) struct Tls;

impl Check for Tls {
    fn name(&self) -> &'static str {
        "tls"
    }

    fn run(&self, patient: &Patient) -> Finding {
        if patient.is_plain() {
            return Finding::skipped("plain HTTP on this machine");
        }
        let line = match patient.line() {
            Ok(line) => line,
            Err(error) => return Finding::of(&error),
        };
        let (host, port) = patient.peer();
        let direct = matches!(patient.proxies().way(&host, port), Ok(None));
        let seen = || signers(&host, port, patient.patience).ok();
        let chain = if direct { seen() } else { None }.unwrap_or_default();
        match metadata::skew(line.wire(), &patient.profile.issuer) {
            Err(flow::Error::Http(error @ HttpError::Tls { .. })) => {
                let mut finding = Finding::of(&error).with(signed_by(&chain));
                finding.remedy = Some(untrusted(&chain));
                finding
            }
            Err(error) if chain.is_empty() => {
                Finding::skipped(format!("nothing to look at: {error}"))
            }
            Ok(_) | Err(_) => trusted(&chain),
        }
    }

    fn late(&self) -> Finding {
        Finding::bad(
            "the provider did not answer in time",
            "check the network, a firewall or the proxy settings",
            Exit::Unreachable,
        )
    }
}

fn trusted(chain: &[String]) -> Finding {
    let Some(first) = chain.first() else {
        return Finding::good("trusted");
    };
    if let Some(by) = interceptor(chain) {
        return Finding::warning(
            format!("trusted, but the traffic is read on its way by `{by}`"),
            "know that whoever runs it can see your tokens; ask them to leave the provider's host out",
        )
        .with(signed_by(chain));
    }
    Finding::good(format!("trusted, signed by `{first}`")).with(signed_by(chain))
}

fn untrusted(chain: &[String]) -> String {
    match (interceptor(chain), chain.first()) {
        (Some(by), _) => format!(
            "`{by}` reads the traffic on its way: put its root certificate into the system's \
             store, or name it in `ca_file`"
        ),
        (None, Some(by)) => format!(
            "if you know `{by}`, put its root certificate into the system's store, or name it in \
             `ca_file`; else do not go on in this network"
        ),
        (None, None) => "name the missing root certificate in `ca_file`".to_owned(),
    }
}

fn interceptor(chain: &[String]) -> Option<&str> {
    let known = |signer: &&String| {
        let lower = signer.to_lowercase();
        INTERCEPTORS.iter().any(|word| lower.contains(word))
    };
    chain.iter().find(known).map(String::as_str)
}

fn signed_by(chain: &[String]) -> Vec<String> {
    chain.iter().map(|by| format!("signed by `{by}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Mark;

    #[test]
    fn who_reads_the_traffic_is_named_when_its_certificate_says_so() {
        let chain = ["Zscaler Inc., Zscaler Intermediate Root CA".to_owned()];
        let public = ["DigiCert Inc, DigiCert Global G2".to_owned()];

        assert_eq!(trusted(&chain).mark, Mark::Warning);
        assert!(trusted(&chain).said.contains("Zscaler"));
        assert!(untrusted(&chain).contains("ca_file"));
        assert_eq!(trusted(&public).mark, Mark::Good);
        assert!(untrusted(&public).contains("do not go on"));
    }
}
