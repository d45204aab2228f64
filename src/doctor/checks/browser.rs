//! Which browser would be started? Starts none.

use crate::doctor::{Check, Finding, Patient};
use crate::sys::browser::{is_likely, ssh_session};

pub(in crate::doctor) struct Browser;

impl Check for Browser {
    fn name(&self) -> &'static str {
        "browser"
    }

    fn run(&self, patient: &Patient) -> Finding {
        if let Some(command) = &patient.profile.browser {
            return Finding::good(format!("the profile's: `{command}`"));
        }
        if let Some(command) = patient.env.vars.get("BROWSER") {
            return Finding::good(format!("`BROWSER` says `{command}`"));
        }
        if ssh_session(&patient.env.vars).is_some() {
            return Finding::warning(
                "none here: this is an SSH session",
                "`login` prints the `ssh -L` line that brings the answer here; or use `--device`",
            );
        }
        if is_likely(&patient.env) {
            Finding::good("the desktop's own")
        } else {
            Finding::warning(
                "none: there is no desktop",
                "use `login --device`, or set `BROWSER`",
            )
        }
    }
}
