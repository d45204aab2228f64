//! What is the same for every program that is set up: shown, written and proven, or taken back.
//!
//! Never prints a token, and never starts a sign-in.

use std::fmt::Write as _;
use std::path::Path;

use super::change::{Changes, Done, FileChange, Plan};
use super::format::Format;
use super::place::Place;
use super::prove::{Proof, Unproven};
use super::unchanged::shown;
use super::{ChangeArgs, Failure};
use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, printable_line};
use crate::commands::shell_word::quoted;
use crate::config::{Selector, Serves, Setting, list_key};

/// A program that keyfob is written into the settings of.
pub(super) trait Tool {
    /// Returns the name that people type.
    fn name(&self) -> &'static str;

    /// Returns the setting that lists what it is set up for.
    fn setting(&self) -> Setting;

    /// Returns what is put into that list, for the hint when there is none.
    fn example(&self) -> &'static str;

    /// Works out what the program needs.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot be told of what is listed.
    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure>;

    /// Returns how the program's settings are written.
    fn format<'a>(&self, place: &'a Place<'a>) -> Box<dyn Format + 'a>;

    /// Finds out whether the program gets what it should.
    fn prove(&self, place: &Place<'_>, plan: &Plan, listed: &[Listed]) -> Vec<Proof>;
}

/// The setting that lists what a program is set up for, and what is put into it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) setting: Setting,
    pub(super) example: &'static str,
}

/// A target that lists something for a program.
pub(super) struct Listed {
    /// The target itself.
    pub(super) target: Selector,
    /// What was typed, and may be nothing: what alone may answer.
    pub(super) within: Selector,
    pub(super) serves: Serves,
}

impl Listed {
    /// The words of the command line after `keyfob`, for a protocol.
    pub(super) fn words(&self, protocol: &str) -> Vec<String> {
        let mut words = vec!["credential".to_owned(), protocol.to_owned()];
        words.extend(self.typed());
        words
    }

    /// What was typed, if anything was.
    pub(super) fn typed(&self) -> Option<String> {
        (self.within != Selector::default()).then(|| self.within.to_string())
    }

    /// The same for one of several things that a target lists, counted from none.
    pub(super) fn numbered(&self, number: usize) -> String {
        match number {
            0 => self.name(),
            number => format!("{}-{}", self.name(), number + 1),
        }
    }

    /// A name for the target that every program takes: letters, digits, `_` and `-`.
    pub(super) fn name(&self) -> String {
        let target = self.target.to_string().replace(['/', '.'], "-");
        format!("keyfob-{target}")
    }
}

/// Nothing is listed for a program.
#[derive(Debug, thiserror::Error)]
#[error("{}", said(.within, .kind.setting.key()))]
struct NothingListed {
    within: Selector,
    kind: Kind,
}

fn said(within: &Selector, key: &str) -> String {
    if within == &Selector::default() {
        format!("no profile lists anything under `{key}`")
    } else {
        format!("`{within}` lists nothing under `{key}`")
    }
}

impl Diagnostic for NothingListed {
    fn exit(&self) -> Exit {
        Exit::Config
    }

    fn hint(&self) -> Option<Hint> {
        let key = list_key(self.kind.setting, &self.within);
        let example = quoted(self.kind.example);
        Some(Hint::Try(format!(
            "say first where a token may go: `keyfob config set {key} {example}`"
        )))
    }
}

/// Shows, writes or takes back.
pub(super) fn run(
    tool: &dyn Tool,
    (within, args): (Option<Selector>, ChangeArgs),
    app: &App,
) -> Result<(), Failure> {
    let place = Place::of(app)?;
    let owner = within.as_ref().map(Selector::to_string);
    if args.remove {
        return remove(tool, owner.as_deref(), &place, app);
    }
    let within = within.unwrap_or_default();
    let kind = Kind {
        setting: tool.setting(),
        example: tool.example(),
    };
    let listed = listed(kind, &within, app)?;
    let plan = tool.plan(&place, &listed)?;
    let format = tool.format(&place);
    let owner = owner.unwrap_or_default();
    if args.write {
        let mut changes = Changes::lock(tool.name(), &place.state, &*format, place.clock)?;
        let done = changes.write(&plan, &owner)?;
        drop(changes);
        for line in told(&done, &plan) {
            app.console.note(&line);
        }
        for note in &plan.notes {
            app.console.note(note);
        }
        return prove(tool, (&place, &plan, &listed), app);
    }
    let shows = showing(&plan);
    app.console.answer(&shows)?;
    let changes = Changes::look(tool.name(), &place.state, &*format)?;
    match changes.work_out(&plan, &owner) {
        Ok(changes) => would(&changes)
            .iter()
            .for_each(|line| app.console.note(line)),
        Err(unchanged) => app.console.note(&unchanged.in_words()),
    }
    for note in &plan.notes {
        app.console.note(note);
    }
    app.console
        .note("keyfob: the same with --write does this; --remove takes it back.");
    Ok(())
}

/// Finds what is listed for a program; nothing is an error.
pub(super) fn listed(kind: Kind, within: &Selector, app: &App) -> Result<Vec<Listed>, Failure> {
    let listed = app.config()?.listing(kind.setting, within)?;
    if listed.is_empty() {
        let within = within.clone();
        return Err(NothingListed { within, kind }.into());
    }
    let listed = listed.into_iter().map(|(target, serves)| Listed {
        target,
        within: within.clone(),
        serves,
    });
    Ok(listed.collect())
}

/// What is to be in the files, each under its name.
fn showing(plan: &Plan) -> String {
    let mut text = String::new();
    let mut last: Option<&Path> = None;
    for wanted in &plan.settings {
        if last != Some(&wanted.file) {
            if !text.is_empty() {
                text.push('\n');
            }
            let _infallible = writeln!(text, "# {}", shown(&wanted.file));
        }
        text.push_str(&wanted.shown);
        last = Some(&wanted.file);
    }
    for link in &plan.links {
        let (path, to) = (shown(&link.path), shown(&link.to));
        let _infallible = writeln!(text, "# {path} -> {to}");
    }
    text
}

/// What a change would do besides adding what is shown.
fn would(changes: &[FileChange]) -> Vec<String> {
    let mut lines = Vec::new();
    for change in changes {
        let path = shown(&change.path);
        if !change.is_change() {
            lines.push(format!("{path} is so already."));
        }
        for (key, values) in &change.replaced {
            let key = printable_line(key);
            lines.push(format!("{path} has something else under {key}; this goes:"));
            lines.extend(
                values
                    .iter()
                    .map(|value| format!("- {}", printable_line(value))),
            );
        }
    }
    lines
}

/// What was done.
fn told(done: &Done, plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for path in &done.links {
        lines.push(format!("{} is made.", shown(path)));
    }
    for (path, kept) in &done.files {
        lines.push(format!("{} is written.", shown(path)));
        if let Some(kept) = kept {
            lines.push(format!("What was there before is in {}.", shown(kept)));
        }
    }
    let mut so: Vec<&Path> = plan.settings.iter().map(|it| &*it.file).collect();
    so.extend(plan.links.iter().map(|it| &*it.path));
    so.dedup();
    so.retain(|path| {
        !done.links.iter().any(|it| it == path) && !done.files.iter().any(|(it, _)| it == path)
    });
    lines.extend(
        so.iter()
            .map(|path| format!("{} was so already.", shown(path))),
    );
    lines
}

fn remove(
    tool: &dyn Tool,
    owner: Option<&str>,
    place: &Place<'_>,
    app: &App,
) -> Result<(), Failure> {
    let format = tool.format(place);
    let nothing = || {
        let whom = owner.map_or_else(String::new, |owner| format!(" for `{owner}`"));
        app.console.note(&format!(
            "There is nothing that keyfob has written for {}{whom}.",
            tool.name()
        ));
    };
    let mut changes = Changes::lock(tool.name(), &place.state, &*format, place.clock)?;
    if changes.is_empty(owner) {
        nothing();
        return Ok(());
    }
    let done = changes.remove(owner)?;
    let note = |line: String| app.console.note(&line);
    for path in &done.restored {
        note(format!("{} is what it was before.", shown(path)));
    }
    for (path, _) in &done.files {
        note(format!(
            "What keyfob wrote in {} is taken out; all else there stays.",
            shown(path)
        ));
    }
    for path in &done.links {
        note(format!("{} is removed.", shown(path)));
    }
    for (path, what) in &done.left {
        let what = printable_line(what);
        note(format!(
            "{}: {what} was changed since keyfob wrote it, and stays.",
            shown(path)
        ));
    }
    Ok(())
}

/// Says what came out. What was written stays in any case.
fn prove(
    tool: &dyn Tool,
    (place, plan, listed): (&Place<'_>, &Plan, &[Listed]),
    app: &App,
) -> Result<(), Failure> {
    let mut failed = None;
    for proof in tool.prove(place, plan, listed) {
        match proof {
            Proof::Works(said) => app.console.note(&format!("Proven: {said}.")),
            Proof::NotYet(said) => app.console.note(&format!("Not proven yet: {said}.")),
            Proof::Fails(said) => {
                failed.get_or_insert(Unproven(said));
            }
        }
    }
    match failed {
        Some(unproven) => Err(unproven.into()),
        None => Ok(()),
    }
}
