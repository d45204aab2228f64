//! What stays alive for a command, and ends with it: endpoints, files, and their folder.
//!
//! While a renewal is under way when the command ends, it is waited for: a refresh token that was
//! spent without its successor being kept would end the session.

use std::path::PathBuf;
use std::thread;

use super::folder::Folder;
use super::purse::Purse;
use crate::app::App;
use crate::base::{Exit, TargetName};
use crate::commands::Failure;
use crate::endpoint::{Door, End, FreshFile, Shape};
use crate::sys::child::Program;

/// What stays alive.
pub(super) struct Kit<'a> {
    pub(super) app: &'a App,
    pub(super) purse: &'a Purse<'a>,
    endpoints: Vec<(Door, Box<dyn Shape + 'a>)>,
    files: Vec<(FreshFile, Option<TargetName>)>,
    folder: Option<Folder>,
}

impl<'a> Kit<'a> {
    /// Begins with nothing.
    pub(super) fn new(app: &'a App, purse: &'a Purse<'a>) -> Self {
        Self {
            app,
            purse,
            endpoints: Vec::new(),
            files: Vec::new(),
            folder: None,
        }
    }

    /// Adds an endpoint; returns its address as it stands in a URL.
    pub(super) fn add_endpoint(&mut self, shape: Box<dyn Shape + 'a>) -> Result<String, Failure> {
        let door = Door::open().map_err(Failure::from_io)?;
        let authority = door.authority();
        self.endpoints.push((door, shape));
        Ok(authority)
    }

    /// Adds a file that always holds a token of a target; returns where it is.
    pub(super) fn add_token_file(
        &mut self,
        name: &str,
        target: Option<TargetName>,
    ) -> Result<PathBuf, Failure> {
        let first = self.purse.token(target.as_ref())?;
        let path = self.folder()?.at(name);
        let file = FreshFile::write(&path, &first, self.app.clock().now())?;
        self.files.push((file, target));
        Ok(path)
    }

    /// Returns the folder of the run, which is made when something needs it.
    pub(super) fn folder(&mut self) -> Result<&Folder, Failure> {
        if self.folder.is_none() {
            self.folder = Some(Folder::make(self.app.dirs()?, self.app.clock())?);
        }
        Ok(self.folder.as_ref().expect("it was just made"))
    }

    /// Returns the words that make another keyfob read the same configuration.
    pub(super) fn config(&self) -> Vec<String> {
        let named = self.app.named_config();
        let path = named.and_then(|path| std::path::absolute(path).ok());
        let path = path.map(|path| path.to_string_lossy().into_owned());
        path.map_or_else(Vec::new, |path| vec!["--config".to_owned(), path])
    }

    /// Runs the command, or becomes it when nothing must stay alive.
    pub(super) fn run(self, program: Program) -> Result<Exit, Failure> {
        let limit = self.app.env.core_limit;
        let Self {
            app,
            purse,
            endpoints,
            files,
            folder,
        } = self;
        if endpoints.is_empty() && folder.is_none() {
            return Ok(program.become_it(limit)?);
        }
        let end = End::default();
        thread::scope(|scope| {
            let ends = Ends {
                endpoints: &endpoints,
                end: &end,
            };
            for (door, shape) in ends.endpoints {
                door.serve(scope, &**shape).map_err(Failure::from_io)?;
            }
            for (file, target) in files {
                let keep = move || {
                    let next = || purse.lasting_token(target.as_ref());
                    file.keep((app.clock(), ends.end), &next, &|fault| app.trace(fault));
                };
                let kept = thread::Builder::new().spawn_scoped(scope, keep);
                kept.map_err(Failure::from_io)?;
            }
            Ok(program.run(limit)?)
        })
    }
}

/// Ends what was begun, however the run ends.
struct Ends<'k, 'a> {
    endpoints: &'k [(Door, Box<dyn Shape + 'a>)],
    end: &'k End,
}

impl Drop for Ends<'_, '_> {
    fn drop(&mut self) {
        self.end.reach();
        for (door, _) in self.endpoints {
            door.close();
        }
    }
}
