//! The report for a ticket: what was found, what is set, with everything private masked.
//!
//! Never overwrites a file, and never holds a value where its name says enough.

use std::fmt::Write as _;
use std::path::Path;

use super::shown::word;
use crate::base::{Diagnostic, Exit, Hint, printable_line};
use crate::doctor::mask::Mask;
use crate::doctor::{ALL, Finding, Patient};
use crate::sys::files::{self, FileError};

/// Settings whose values tell nothing of their user.
const OPEN: [&str; 10] = [
    "cloud",
    "flow",
    "interactive",
    "leeway",
    "provider",
    "redirect_host",
    "redirect_path",
    "response_mode",
    "store",
    "timeout",
];

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoReport {
    #[error("`{0}` is there already, and is not overwritten")]
    Exists(String),
    #[error("the report cannot be written")]
    File(#[from] FileError),
}

impl Diagnostic for NoReport {
    fn exit(&self) -> Exit {
        match self {
            Self::Exists(_) => Exit::Usage,
            Self::File(error) => error.exit(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Exists(_) => Some(Hint::Try("give `--report` a name that is new".into())),
            Self::File(error) => error.hint(),
        }
    }
}

/// Makes sure, before anything is examined, that the report can be a new file.
pub(super) fn is_new(path: &Path) -> Result<(), NoReport> {
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(exists(path));
    }
    Ok(())
}

/// Writes the report, 0600 from its creation.
pub(super) fn write<'a>(
    path: &Path,
    patients: impl Iterator<Item = (&'a Patient, &'a [Finding])>,
) -> Result<(), NoReport> {
    let mut text = format!(
        "keyfob {} on {} {}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    for (number, (patient, findings)) in patients.enumerate() {
        text.push_str(&of(number + 1, patient, findings));
    }
    if files::create_private(path, text.as_bytes())? {
        Ok(())
    } else {
        Err(exists(path))
    }
}

fn exists(path: &Path) -> NoReport {
    NoReport::Exists(printable_line(&path.to_string_lossy()).into_owned())
}

fn of(number: usize, patient: &Patient, findings: &[Finding]) -> String {
    let mask = mask(patient);
    let mut text = format!("\nprofile {number}\n");
    let mut line = |words: &str| {
        let safe = mask.apply(&printable_line(words));
        writeln!(text, "{safe}").expect("writing to a String does not fail");
    };
    for (check, finding) in ALL.iter().zip(findings) {
        line(&format!(
            "{:<10} {:<8} {}",
            check.name(),
            word(finding.mark),
            finding.said
        ));
        for more in &finding.more {
            line(&format!("{:<19} {more}", ""));
        }
    }
    line("settings");
    for setting in patient.profile.origins() {
        let shown = if OPEN.contains(&setting.key.as_str()) {
            setting.value.as_str()
        } else {
            "<set>"
        };
        line(&format!(
            "  {} = {shown}, from {}",
            setting.key, setting.origin
        ));
    }
    line("variables");
    for (name, _) in patient.env.vars.iter() {
        if name.starts_with("KEYFOB_") || name.to_ascii_lowercase().ends_with("_proxy") {
            line(&format!("  {name} is set"));
        }
    }
    text
}

/// Gathers the words that are private here.
fn mask(patient: &Patient) -> Mask {
    let mut mask = Mask::default();
    let vars = &patient.env.vars;
    for home in ["HOME", "USERPROFILE"] {
        mask.hide(vars.get(home).unwrap_or_default(), "~");
    }
    for user in ["USER", "LOGNAME", "USERNAME"] {
        mask.hide(vars.get(user).unwrap_or_default(), "<user>");
    }
    for host in ["HOSTNAME", "COMPUTERNAME"] {
        mask.hide(vars.get(host).unwrap_or_default(), "<machine>");
    }
    let profile = &patient.profile;
    mask.hide(profile.client_id.as_str(), "<client>");
    mask.hide(profile.name.as_str(), "<profile>");
    if let Some(authority) = &profile.entra {
        mask.hide(&authority.tenant.to_string(), "<tenant>");
    }
    for (_, entry) in crate::session::entries(&patient.dirs.state) {
        mask.hide(&entry.label, "<account>");
        mask.hide(entry.subject.as_str(), "<account>");
        mask.hide(entry.profile.as_str(), "<profile>");
        if let Some(home) = &entry.home {
            mask.hide(home.as_str(), "<account>");
        }
    }
    mask
}
