//! Where things are that are set up: keyfob's own program, the user's home, and the folders of
//! keyfob's own that links are put into.
//!
//! Only absolute paths: what is written is read in any folder.

use std::io;
use std::path::{Path, PathBuf};

use crate::app::{App, AppError};
use crate::base::{Diagnostic, Exit, Hint, Vars, printable_line};
use crate::sys::clock::Clock;
use crate::sys::program;
use crate::sys::service::own_program;

/// Where things are.
pub(super) struct Place<'a> {
    /// keyfob's own program.
    pub(super) program: String,
    /// The user's home.
    pub(super) home: PathBuf,
    /// keyfob's own settings.
    pub(super) config: PathBuf,
    /// Where is kept what was set up.
    pub(super) state: PathBuf,
    /// The variables.
    pub(super) vars: &'a Vars,
    /// The time, to wait by.
    pub(super) clock: &'a dyn Clock,
}

/// Why nothing can be set up.
#[derive(Debug, thiserror::Error)]
pub(super) enum Nowhere {
    #[error(transparent)]
    App(#[from] AppError),
    #[error("this user has no home folder")]
    Homeless,
    #[error("the path of this program cannot be told")]
    NoProgram(#[source] io::Error),
    #[error("{what} cannot be told of a program at `{path}`")]
    Program { what: &'static str, path: String },
}

impl Diagnostic for Nowhere {
    fn exit(&self) -> Exit {
        match self {
            Self::App(error) => error.exit(),
            Self::Homeless | Self::NoProgram(_) => Exit::Fault,
            Self::Program { .. } => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::App(error) => error.hint(),
            Self::Homeless => Some(Hint::Try("set HOME".into())),
            Self::NoProgram(_) => None,
            Self::Program { .. } => Some(Hint::Try("install keyfob at a plainer path".into())),
        }
    }
}

impl<'a> Place<'a> {
    /// Finds out where things are.
    pub(super) fn of(app: &'a App) -> Result<Self, Nowhere> {
        let vars = &app.env.vars;
        let dirs = app.dirs()?;
        let home = ["HOME", "USERPROFILE"].into_iter().find_map(|name| {
            let home = PathBuf::from(vars.get(name)?);
            home.is_absolute().then_some(home)
        });
        Ok(Self {
            program: own(vars)?,
            home: home.ok_or(Nowhere::Homeless)?,
            config: dirs.config.clone(),
            state: dirs.state.clone(),
            vars,
            clock: app.clock(),
        })
    }

    /// The folder that a variable names, or this one in the user's home.
    pub(super) fn folder(&self, variable: &str, otherwise: &str) -> PathBuf {
        self.named(variable)
            .unwrap_or_else(|| self.home.join(otherwise))
    }

    /// The absolute path that a variable has.
    pub(super) fn named(&self, variable: &str) -> Option<PathBuf> {
        let path = PathBuf::from(self.vars.get(variable)?);
        path.is_absolute().then_some(path)
    }

    /// The folder of keyfob's own that links for a program are put into.
    pub(super) fn links(&self, tool: &str) -> PathBuf {
        self.state.join("shims").join(tool)
    }

    /// Tells whether a folder is on `PATH`.
    pub(super) fn is_on_path(&self, folder: &Path) -> bool {
        program::folders(self.vars)
            .iter()
            .any(|on_path| on_path == folder)
    }

    /// A folder on `PATH` for a second name of keyfob's: the user's own, by custom or since keyfob is
    /// there; the customary one where none is on `PATH`.
    pub(super) fn folder_on_path(&self) -> PathBuf {
        let customary = self.home.join(".local/bin");
        let own = Path::new(&self.program).parent().map(Path::to_owned);
        let own = own.filter(|own| own.starts_with(&self.home) && self.is_on_path(own));
        match own {
            Some(own) if !self.is_on_path(&customary) => own,
            Some(_) | None => customary,
        }
    }

    /// keyfob's own path where a program reads no quotes, or its words by a shell that it may or may
    /// not use: none of its characters may mean anything to either.
    pub(super) fn plain_program(&self, what: &'static str, also: &[char]) -> Result<&str, Nowhere> {
        let plain = |c: char| {
            c.is_ascii_alphanumeric()
                || matches!(c, '/' | '.' | '_' | '-' | '+' | '@' | ':' | ',')
                || also.contains(&c)
        };
        if self.program.chars().all(plain) {
            return Ok(&self.program);
        }
        Err(Nowhere::Program {
            what,
            path: printable_line(&self.program).into_owned(),
        })
    }
}

/// The path of this program. The system tells where it lies, which can be the place of one version;
/// the name that leads there by `PATH` outlives it.
fn own(vars: &Vars) -> Result<String, Nowhere> {
    let program = own_program().map_err(Nowhere::NoProgram)?;
    let by_name = program::find("keyfob", vars)
        .filter(|found| found.canonicalize().is_ok_and(|real| real == program));
    let program = by_name.unwrap_or(program);
    let is_plain = |path: &str| {
        Path::new(path).is_absolute()
            && !path.ends_with(" (deleted)")
            && !path.chars().any(char::is_control)
    };
    program
        .to_str()
        .filter(|path| is_plain(path))
        .map(str::to_owned)
        .ok_or_else(|| Nowhere::Program {
            what: "other programs",
            path: printable_line(&program.to_string_lossy()).into_owned(),
        })
}
