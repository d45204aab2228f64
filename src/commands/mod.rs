//! One verb per file: what it takes from the command line, and what it does.
//!
//! A command asks and answers; what is hard is decided below.

pub mod config;

use clap::Subcommand;

use crate::base::Diagnostic;

/// Why a command failed: any error that knows its exit status.
#[derive(Debug)]
pub struct Failure(Box<dyn Diagnostic + Send + Sync>);

impl Failure {
    /// Returns the error.
    pub fn diagnostic(&self) -> &dyn Diagnostic {
        &*self.0
    }
}

impl<E: Diagnostic + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

/// What keyfob can do, in the order that help lists it.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the settings, where each comes from, and change them
    Config(config::Args),
}
