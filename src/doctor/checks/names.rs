//! Does the provider's name lead anywhere?

use std::net::ToSocketAddrs as _;

use crate::base::Exit;
use crate::doctor::{Check, Finding, Patient};

pub(in crate::doctor) struct Names;

impl Check for Names {
    fn name(&self) -> &'static str {
        "dns"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let (host, port) = patient.peer();
        if let Ok(Some(_)) = patient.proxies().way(&host, port) {
            return Finding::skipped("the proxy looks the provider's name up");
        }
        let remedy = "check the issuer's host name, the network and its name servers (a VPN may \
                      be needed)";
        match (host.as_str(), port).to_socket_addrs() {
            Ok(found) => {
                let found: Vec<String> = found.map(|address| address.ip().to_string()).collect();
                match found.len() {
                    0 => Finding::bad(
                        format!("`{host}` has no address"),
                        remedy,
                        Exit::Unreachable,
                    ),
                    1 => Finding::good(format!("`{host}` has 1 address")).with(found),
                    many => Finding::good(format!("`{host}` has {many} addresses")).with(found),
                }
            }
            Err(error) => {
                let said = format!("`{host}` cannot be looked up: {error}");
                Finding::bad(said, remedy, Exit::Unreachable)
            }
        }
    }

    fn late(&self) -> Finding {
        let remedy = "check the network and its name servers";
        Finding::bad(
            "the name servers did not answer in time",
            remedy,
            Exit::Unreachable,
        )
    }
}
