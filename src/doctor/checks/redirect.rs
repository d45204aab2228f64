//! Can the browser's answer come back (RFC 8252 §7.3)?
//!
//! Listens for a moment, as a sign-in does, and stops.

use crate::config::RedirectHost;
use crate::doctor::{Check, Finding, Patient};
use crate::provider::ENTRA;
use crate::sys::loopback::{Accept, Bind, Listener, LoopbackHost};

pub(in crate::doctor) struct Redirect;

impl Check for Redirect {
    fn name(&self) -> &'static str {
        "redirect"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let redirect = &patient.profile.redirect;
        let host = match redirect.host {
            RedirectHost::Localhost => LoopbackHost::Localhost,
            RedirectHost::V4 => LoopbackHost::V4,
            RedirectHost::V6 => LoopbackHost::V6,
        };
        let bind = Bind {
            host,
            port: redirect.port,
            path: redirect.path.clone(),
            accept: Accept::Get,
        };
        let listener = match Listener::bind(&bind) {
            Ok(listener) => listener,
            Err(error) => return Finding::of(&error),
        };
        let port = redirect
            .port
            .map_or_else(|| "any free port".to_owned(), |port| format!("port {port}"));
        let said = format!(
            "http://{}{} can be listened on, {port}",
            host.name(),
            redirect.path
        );
        if *patient.profile.provider == ENTRA && redirect.host != RedirectHost::Localhost {
            return Finding::warning(
                said,
                "Entra's portal registers `http://localhost` only: leave `redirect_host` out",
            );
        }
        let finding = Finding::good(said);
        if listener.lacks_ipv6() {
            return finding.with(["on IPv4 alone: this machine has no `::1`".to_owned()]);
        }
        finding
    }
}
