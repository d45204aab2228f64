//! The only place that prints errors: a failure in, lines on stderr and an exit status out.
//!
//! Everything is made safe for a terminal first. Never writes to stdout, never panics when stderr
//! is closed.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;

use crate::base::{Diagnostic, Exit, Hint, printable, printable_line};
use crate::commands::Failure;
use crate::explain::{self, About, Aside};

/// More causes than this help nobody.
const MOST_CAUSES: usize = 8;

/// Prints a failure and returns the status it ends with.
pub fn report(failure: &Failure) -> Exit {
    if failure.is_untold() {
        print(&render(failure.diagnostic(), failure.about()));
    }
    failure.exit()
}

/// Prints what clap says about a wrong command line and returns the status it ends with.
pub(super) fn report_usage(error: &clap::Error) -> Exit {
    print(&render_usage(error));
    Exit::Usage
}

/// Writes a failure as people read it: what is wrong, why, what that means when a provider said it,
/// what to do next.
pub fn render(failure: &dyn Diagnostic, about: Option<&About>) -> String {
    let mut text = format!("keyfob: {}\n", printable_line(&failure.to_string()));
    for cause in causes(failure) {
        line(&mut text, "cause", &cause);
    }
    let nobody = About::default();
    let refused = failure.refused();
    let aside = refused.and_then(|refused| explain::aside(&refused, about.unwrap_or(&nobody)));
    if let Some(aside) = &aside {
        line(&mut text, "means", &aside.means);
    }
    if let Some(hint) = one_hint(failure.hint(), aside) {
        line(&mut text, "hint", &hint.to_string());
    }
    text
}

/// There is one next step, so that no two contradict each other: the row's for what is known about
/// this very case, else the error's own.
fn one_hint(own: Option<Hint>, aside: Option<Aside>) -> Option<Hint> {
    let Some(aside) = aside else { return own };
    match (&own, &aside.hint) {
        (Some(_), _) if !aside.is_specific => own,
        // The error's own says the same, and more.
        (Some(Hint::Try(sentence)), Some(Hint::Run(line))) if sentence.contains(line.as_str()) => {
            own
        }
        (_, Some(_)) => aside.hint,
        (_, None) => own,
    }
}

/// The chain of causes, without those that say again what was just said.
fn causes(failure: &dyn Diagnostic) -> Vec<String> {
    let mut said = failure.to_string();
    let mut causes = Vec::new();
    let mut next: Option<&dyn Error> = failure.source();
    while let Some(cause) = next.take_if(|_| causes.len() < MOST_CAUSES) {
        let text = cause.to_string();
        if !text.is_empty() && !said.contains(&text) {
            causes.push(text.clone());
            said = text;
        }
        next = cause.source();
    }
    causes
}

fn line(text: &mut String, label: &str, sentence: &str) {
    writeln!(text, "  {label}: {}", printable_line(sentence)).expect("a string takes any text");
}

/// Clap's text in the house's voice. It may repeat arguments, which may hold anything.
fn render_usage(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let text = match text.strip_prefix("error: ") {
        Some(text) => format!("keyfob: {text}"),
        None => text,
    };
    format!("{}\n", printable(text.trim_end()))
}

/// Writes to stderr; when nobody can read it, the exit status has to say it all.
fn print(text: &str) {
    let mut stderr = std::io::stderr().lock();
    drop(
        stderr
            .write_all(text.as_bytes())
            .and_then(|()| stderr.flush()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Sample {
        #[error("the sign-in for profile `api` has ended")]
        Ended(#[source] Box<Sample>),
        #[error("the provider said \u{1b}[2J no\nkeyfob: all is well")]
        Refused,
        #[error("cannot go on: {0}")]
        Again(#[source] Box<Sample>),
    }

    impl Diagnostic for Sample {
        fn exit(&self) -> Exit {
            Exit::SignInNeeded
        }

        fn hint(&self) -> Option<Hint> {
            Some(Hint::Run("keyfob login api".into()))
        }
    }

    #[test]
    fn a_failure_says_what_why_and_what_next() {
        let failure = Sample::Ended(Box::new(Sample::Again(Box::new(Sample::Refused))));

        assert_eq!(
            render(&failure, None),
            "keyfob: the sign-in for profile `api` has ended\n  \
             cause: cannot go on: the provider said \\u{1b}[2J no\\u{a}keyfob: all is well\n  \
             hint: run `keyfob login api`\n"
        );
    }

    #[test]
    fn there_is_one_hint_and_the_one_about_this_very_case_stands() {
        let run = |line: &str| Hint::Run(line.into());
        let say = |text: &str| Hint::Try(text.into());
        let aside = |hint: Hint, is_specific| {
            Some(Aside {
                means: String::new(),
                hint: Some(hint),
                is_specific,
            })
        };
        let (login, step) = (run("keyfob login work"), say("ask the tenant's admin"));

        assert_eq!(
            one_hint(Some(login.clone()), aside(step.clone(), true)),
            Some(step.clone())
        );
        assert_eq!(
            one_hint(Some(step.clone()), aside(login.clone(), false)),
            Some(step.clone())
        );
        assert_eq!(
            one_hint(None, aside(login.clone(), false)),
            Some(login.clone())
        );
        let join = say("process 7 signs in: join it with `keyfob login work`");
        assert_eq!(
            one_hint(Some(join.clone()), aside(login.clone(), true)),
            Some(join)
        );
        assert_eq!(one_hint(Some(login.clone()), None), Some(login));
    }
}
