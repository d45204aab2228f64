//! What kind of terminal is this? Only for the record: none is needed.

use crate::doctor::{Check, Finding, Patient};

pub(in crate::doctor) struct Terminal;

impl Check for Terminal {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let env = &patient.env;
        if !env.stderr_is_terminal && !env.stdin_is_terminal {
            return Finding::good("none: nobody is asked anything here");
        }
        let kind = env.vars.get("TERM").unwrap_or("unknown");
        let columns = env
            .columns
            .map_or_else(String::new, |columns| format!(", {columns} columns"));
        Finding::good(format!("`{kind}`{columns}"))
    }
}
