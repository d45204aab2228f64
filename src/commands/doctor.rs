//! `keyfob doctor`: what stands between a person and a token, and what to do about it.
//!
//! Only looks. The report for a ticket names no person, account, tenant or secret.

mod report;
mod shown;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;
use serde_json::Value;

use super::Failure;
use super::selector::{Override, Which};
use crate::app::App;
use crate::base::{Diagnostic, Exit, ProfileName, span};
use crate::config::Profile;
use crate::doctor::{ALL, Finding, Mark, Patient, examine};
use crate::output::document;
use crate::sys::clock::{Clock as _, SystemClock};

/// What `keyfob doctor` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Nothing is asked, unlocked or renewed, and no browser is opened. Exits with 0 when
nothing stands in the way, else with the status of the first thing that does.

Examples:
  keyfob doctor
  keyfob doctor work --verbose
  keyfob doctor --all --json
  keyfob doctor work --report report.txt"
)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// Look at every profile
    #[arg(long, conflicts_with_all = ["selector", "issuer", "client_id"])]
    all: bool,
    /// How long to wait for whatever does not answer
    #[arg(long, value_name = "SPAN", value_parser = span, default_value = "10s")]
    timeout: Duration,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write a report for a ticket, with everything private masked
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    over: Override,
}

/// The least time that a profile gets, however slow those before it were.
const LEAST: Duration = Duration::from_secs(1);

/// A profile and what was found.
struct Examined {
    patient: Arc<Patient>,
    findings: Vec<Finding>,
}

/// Something stands in the way.
#[derive(Debug, thiserror::Error)]
#[error("{}", words(*.crosses, .profile.as_ref()))]
struct Unwell {
    crosses: usize,
    profile: Option<ProfileName>,
    exit: Exit,
}

impl Diagnostic for Unwell {
    fn exit(&self) -> Exit {
        self.exit
    }
}

fn words(crosses: usize, profile: Option<&ProfileName>) -> String {
    let of = profile.map_or_else(String::new, |profile| format!(" of profile `{profile}`"));
    match crosses {
        1 => format!("one thing stands in the way{of}"),
        many => format!("{many} things stand in the way{of}"),
    }
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when something stands in the way, or the profile is none.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    if let Some(path) = &args.report {
        report::is_new(path)?;
    }
    let clock = SystemClock::new();
    let mut all = Vec::new();
    for profile in profiles(args, app)? {
        // One deadline for all; what is local is looked at even after it.
        let left = args.timeout.saturating_sub(clock.elapsed()).max(LEAST);
        all.push(look(args, app, profile, left)?);
    }
    if args.json {
        let json: Vec<Value> = all
            .iter()
            .map(|one| shown::json(&one.patient.profile.name, &one.findings))
            .collect();
        app.console.answer(&document(&Value::Array(json)))?;
    }
    if let Some(path) = &args.report {
        let patients = all.iter().map(|one| (&*one.patient, &one.findings[..]));
        report::write(path, patients)?;
        let note = format!(
            "The report is in {}; read it before you send it.",
            path.display()
        );
        app.console.note(&note);
    }
    verdict(&all)
}

fn profiles(args: &Args, app: &App) -> Result<Vec<Profile>, Failure> {
    let overrides = args.over.overrides();
    if !args.all {
        return Ok(vec![app.profile(&args.which.selector(), &overrides)?.0]);
    }
    let config = app.config()?;
    let names: Vec<&ProfileName> = config.names().collect();
    if names.is_empty() {
        return Ok(vec![app.profile(&args.which.selector(), &overrides)?.0]);
    }
    let mut profiles = Vec::new();
    for name in names {
        profiles.push(config.profile(Some(name), &overrides)?);
    }
    Ok(profiles)
}

/// Examines one profile; on a terminal, says meanwhile what is still awaited.
fn look(args: &Args, app: &App, profile: Profile, deadline: Duration) -> Result<Examined, Failure> {
    let patient = Arc::new(Patient {
        store: app.unasking_store(profile.store)?,
        env: app.env.clone(),
        dirs: app.dirs()?.clone(),
        config: app.config_path.clone(),
        agent: app.agent_socket()?,
        patience: deadline,
        profile,
    });
    let name = &patient.profile.name;
    let mut open: Vec<&str> = ALL.iter().map(|check| check.name()).collect();
    let total = open.len();
    app.console.status(&format!("{name}: 0 of {total}"));
    let findings = examine(&patient, deadline, &mut |place, _| {
        let done = ALL.get(place).map(|check| check.name());
        open.retain(|check| Some(*check) != done);
        let rest = open.join(", ");
        let at = total - open.len();
        app.console
            .status(&format!("{name}: {at} of {total}, waiting for {rest}"));
    });
    app.console.clear_status();
    if !args.json {
        let columns = app.env.columns.map_or(80, usize::from);
        let page = shown::page(name, &findings, app.says_more(), (app.style(), columns));
        app.answer_page(&page)?;
    }
    Ok(Examined { patient, findings })
}

fn verdict(all: &[Examined]) -> Result<(), Failure> {
    let bad = |finding: &&Finding| finding.mark == Mark::Bad;
    let crosses = |one: &Examined| one.findings.iter().filter(bad).count();
    let total: usize = all.iter().map(crosses).sum();
    let first = all
        .iter()
        .find_map(|one| one.findings.iter().find(bad).map(|finding| (one, finding)));
    let Some((one, finding)) = first else {
        return Ok(());
    };
    let profile = (all.len() == 1).then(|| one.patient.profile.name.clone());
    Err(Unwell {
        crosses: total,
        profile,
        exit: finding.exit,
    }
    .into())
}
