//! `keyfob explain`: what an error means, who can fix it, what to do next and what not to try.
//!
//! Reaches no network, and never repeats what was pasted: there may be secrets in it. Only `explain
//! aws`, which is about a token, gets that token first.

mod aws;

use std::io::{self, Read as _};

use clap::Args as ClapArgs;

use super::Failure;
use super::last::{self, Last};
use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, NameError, ProfileName};
use crate::config::{Overrides, Selector};
use crate::explain::{self, About, Page};

/// The longest text that is read: a few pages of a log.
const LONGEST: usize = 64 * 1024;

/// What `keyfob explain` takes.
#[derive(ClapArgs, Debug)]
#[command(
    group(clap::ArgGroup::new("what").required(true)),
    after_help = "Takes a code (AADSTS50076, 50076, invalid_grant), an error as JSON, any text with codes in it, a
WWW-Authenticate header, or the address that a failed sign-in ended at. Nothing is sent anywhere,
and nothing of the text is shown again but codes, ids and times.

`keyfob explain aws [PROFILE[/TARGET]]` says what an AWS account must trust, by the target's token:
the identity provider, the role's trust policy, and the command lines of an admin.

Examples:
  keyfob explain AADSTS65001
  keyfob explain invalid_grant
  curl -si https://api.example.com/me | keyfob explain -
  keyfob explain --last work
  keyfob explain aws work/aws"
)]
pub struct Args {
    /// Code, header, address or text; `-` reads stdin
    #[arg(value_name = "INPUT", group = "what")]
    input: Vec<String>,
    /// Explain the last refusal, of any profile or of this one
    #[arg(
        long,
        value_name = "PROFILE",
        group = "what",
        num_args = 0..=1,
        default_missing_value = "",
        value_parser = Whose::parse
    )]
    last: Option<Whose>,
    /// List every code that is known
    #[arg(long, group = "what")]
    list: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Whose last failure is meant.
#[derive(Clone, Debug)]
enum Whose {
    Anyones,
    Profiles(ProfileName),
}

impl Whose {
    fn parse(text: &str) -> Result<Self, NameError> {
        match text {
            "" => Ok(Self::Anyones),
            name => ProfileName::parse(name).map(Self::Profiles),
        }
    }
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is nothing to explain, or nothing is recognised.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    if args.list {
        let text = if args.json {
            explain::list_json()
        } else {
            explain::list()
        };
        return Ok(app.console.answer(&text)?);
    }
    if let Some(whose) = &args.last {
        return last(args, app, whose);
    }
    if let Some(selector) = aws::meant(&args.input)? {
        return aws::run(&selector, args.json, app);
    }
    let text = match args.input.as_slice() {
        [dash] if dash == "-" => stdin()?,
        words => words.join(" "),
    };
    if text.len() > LONGEST {
        return Err(Nothing::TooLong.into());
    }
    let reading = explain::read(&text);
    if reading.is_empty() {
        return Err(Nothing::Recognised.into());
    }
    answer(
        args,
        app,
        &Page {
            reading: &reading,
            about: &usual(app),
            before: &[],
            columns: columns(app),
        },
    )
}

/// Explains what is noted of a profile's last failure, or of the last of any.
fn last(args: &Args, app: &App, whose: &Whose) -> Result<(), Failure> {
    let state = &app.dirs()?.state;
    let last = match whose {
        Whose::Anyones => last::newest(state).ok_or(Nothing::Noted)?,
        Whose::Profiles(name) => {
            Last::of(state, name).ok_or_else(|| Nothing::NotedOf(name.clone()))?
        }
    };
    let reading = explain::read_refused(&last.refused);
    answer(
        args,
        app,
        &Page {
            reading: &reading,
            about: &last.about(),
            before: &last.lines(),
            columns: columns(app),
        },
    )
}

fn answer(args: &Args, app: &App, page: &Page<'_>) -> Result<(), Failure> {
    let text = if args.json {
        explain::json(page)
    } else {
        explain::text(page)
    };
    Ok(app.console.answer(&text)?)
}

/// Only a person at a terminal needs lines that fit.
fn columns(app: &App) -> Option<usize> {
    let columns = app.env.columns.map(usize::from);
    columns.filter(|_| app.console.stdout_is_terminal())
}

/// The profile that commands are for when none is named; an error pasted from elsewhere may well be
/// of another, so its issuer and client fill nothing in.
fn usual(app: &App) -> About {
    let profile = app.profile(&Selector::default(), &Overrides::default());
    About {
        profile: profile.ok().map(|(profile, _)| profile.name),
        ..About::default()
    }
}

fn stdin() -> Result<String, Nothing> {
    let mut bytes = Vec::new();
    io::stdin()
        .take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(Nothing::Stdin)?;
    if bytes.len() > LONGEST {
        return Err(Nothing::TooLong);
    }
    // A log may hold anything; the codes in it are ASCII.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Why there is nothing to say.
#[derive(Debug, thiserror::Error)]
enum Nothing {
    #[error("no refusal of a provider is noted")]
    Noted,
    #[error("no refusal of a provider is noted for profile `{0}`")]
    NotedOf(ProfileName),
    #[error("no error code is recognised in what was given")]
    Recognised,
    #[error("the text to explain cannot be read from stdin")]
    Stdin(#[source] io::Error),
    #[error("the text to explain is longer than {} KiB", LONGEST / 1024)]
    TooLong,
}

impl Diagnostic for Nothing {
    fn exit(&self) -> Exit {
        match self {
            Self::Noted | Self::NotedOf(_) | Self::Recognised | Self::Stdin(_) | Self::TooLong => {
                Exit::Usage
            }
        }
    }

    fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Noted | Self::NotedOf(_) => Hint::Try(
                "give the error itself, as in `keyfob explain AADSTS50076`, or pipe it into \
                 `keyfob explain -`"
                    .to_owned(),
            ),
            Self::Recognised => Hint::Run("keyfob explain --list".to_owned()),
            Self::Stdin(_) | Self::TooLong => {
                Hint::Try("give the error alone, without the log around it".to_owned())
            }
        })
    }
}
