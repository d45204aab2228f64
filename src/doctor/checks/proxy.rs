//! Which proxy stands between, and which variable says so. Never shows its password.

use crate::doctor::{Check, Finding, Patient};

pub(in crate::doctor) struct Proxy;

impl Check for Proxy {
    fn name(&self) -> &'static str {
        "proxy"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let (host, port) = patient.peer();
        let proxies = patient.proxies();
        match proxies.way(&host, port) {
            Err(error) => Finding::of(&error),
            Ok(Some(way)) => Finding::good(way),
            Ok(None) => Finding::good(match proxies.variable() {
                Some(variable) if patient.is_plain() => {
                    format!("`{variable}` is set; this machine itself is asked without it")
                }
                Some(variable) => {
                    format!("`{variable}` is set, but `{host}` is exempt (`NO_PROXY`)")
                }
                None => "none is set".to_owned(),
            }),
        }
    }
}
