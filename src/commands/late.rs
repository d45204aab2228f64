//! Arguments that are described to the parser only when their verb was typed: describing every
//! verb's flags costs more than handing out a cached token.
//!
//! Help and errors read the same as without it. Never parses anything itself.

use std::ops::Deref;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Id};

/// A verb's arguments, described late; in a tree for updates at once, and just as they are. That
/// tree is what completions and man pages are made from: nothing here is ever updated.
#[derive(Clone, Debug, Default)]
pub struct Late<T>(T);

impl<T> Deref for Late<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Late<T> {
    fn group_id() -> Option<Id> {
        T::group_id()
    }

    fn augment_args(command: Command) -> Command {
        command.defer(|command| {
            // The verb's own line of help stands: its arguments come with a description of theirs.
            let about = Resettable::from(command.get_about().cloned());
            let long = Resettable::from(command.get_long_about().cloned());
            T::augment_args(command).about(about).long_about(long)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Late<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
