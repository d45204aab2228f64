//! Host names of `https` addresses that lead to a practice provider on this machine, in tests.
//!
//! Not there in a release build, and never a way to another machine.

use std::net::SocketAddr;

use http::header::HOST;
use http::uri::{Parts, Scheme};
use http::{HeaderValue, Uri, request};

/// Host names, and where they lead.
pub type Detours = Vec<(String, SocketAddr)>;

/// Leads a request there, if its host is listed; its `Host` field keeps the name.
pub(super) fn lead(detours: &Detours, parts: &mut request::Parts) -> bool {
    let Some(target) = target(detours, &parts.uri, cfg!(debug_assertions)) else {
        return false;
    };
    let host = parts.uri.host().unwrap_or_default();
    if let Ok(host) = HeaderValue::from_str(host) {
        parts.headers.insert(HOST, host);
    }
    parts.uri = target;
    true
}

/// Makes the address of the practice provider out of one that is led there.
fn target(detours: &Detours, uri: &Uri, is_for_tests: bool) -> Option<Uri> {
    let is_plain = uri.scheme() == Some(&Scheme::HTTPS) && uri.port().is_none();
    let host = uri.host().filter(|_| is_for_tests && is_plain)?;
    let (_, to) = detours.iter().find(|(name, _)| name == host)?;
    if !to.ip().is_loopback() {
        return None;
    }
    let mut parts = Parts::default();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = to.to_string().parse().ok();
    parts.path_and_query = uri.path_and_query().cloned();
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn led_to(to: &str, uri: &str, is_for_tests: bool) -> Option<String> {
        let detours = vec![("login.example.com".to_owned(), to.parse().unwrap())];
        target(&detours, &uri.parse().unwrap(), is_for_tests).map(|uri| uri.to_string())
    }

    #[test]
    fn a_listed_host_leads_to_this_machine_in_tests_only() {
        let here = "127.0.0.1:4711";
        let asked = "https://login.example.com/t/token?a=b";

        assert_eq!(
            led_to(here, asked, true).unwrap(),
            "http://127.0.0.1:4711/t/token?a=b"
        );
        assert_eq!(led_to(here, asked, false), None);
        assert_eq!(led_to("10.0.0.1:4711", asked, true), None);
        for other in [
            "https://login.example.com:8443/t",
            "http://login.example.com/t",
            "https://x.login.example.com/t",
            "https://example.com/t",
        ] {
            assert_eq!(led_to(here, other, true), None, "{other}");
        }
    }
}
