//! Every scripted misbehaviour of the practice provider, by name.
//!
//! A fault is a row of data: its name, what a client must make of it, and the acts that bend what
//! the provider sends. Names follow the OpenID Foundation's conformance suite where it has the
//! test. Acts bend messages only; they never reach into what the provider remembers.
//!
//! Left out, because no public client of the code, device and refresh flows receives it:
//! `disc.webfinger.*` (`WebFinger`), `reg.dynamic` (registration), `jarm.*` (JARM), `none.fapi`,
//! `rs.dpop.*` and `rt.fapi` (`DPoP`), `auth.mtls.alias` (mTLS), `fed.*` (CI federation),
//! `logout.*`, `bcl.*`, `fcl.*` and `session.*` (logout tokens, sessions in a browser),
//! `id.chash.missing` (hybrid flow; a `c_hash` is never sent unasked), `init.3rdparty` and
//! `req.uri.*` (requests that a client gets or makes), `none`, `rt.ok`, `scope.claims`,
//! `ui.header` and `ui.body` (no fault: the provider as it is, which takes an access token in the
//! header only).

mod act;
mod active;
mod ar;
mod dev;
mod disc;
mod disc_endpoint;
mod id;
mod jwks;
mod rt;
mod tok;
mod ui;
mod verdict;

use std::str::FromStr;

use crate::base::printable_line;

pub use verdict::{Flow, Verdict};

use act::{Act, rewrite};
use verdict::refuse;

pub(super) use act::{Flag, Point};
pub(super) use active::Faults;

/// One fault: its row and how often it strikes.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    info: &'static FaultInfo,
    times: Option<u32>,
}

/// What there is to know about a fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultInfo {
    /// The name, such as `id.aud.wrong`.
    pub name: &'static str,
    /// What the provider does, in a few words.
    pub summary: &'static str,
    /// Where it shows.
    pub flow: Flow,
    /// What a client must make of it.
    pub verdict: Verdict,
    /// How often it strikes when the name comes without `:N`; `None` for always.
    pub times: Option<u32>,
    acts: &'static [Act],
}

/// Why a text names no fault.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FaultError {
    /// What follows the colon is no number of times.
    #[error("`{0}` is no number of times: write a fault as `name` or `name:2`")]
    Times(String),
    /// There is no such fault.
    #[error("there is no fault `{name}`{}", meant(.suggestion.as_deref()))]
    Unknown {
        /// What was written.
        name: String,
        /// The fault it looks like.
        suggestion: Option<&'static str>,
    },
}

fn meant(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(
        || ": `--list-faults` names them".to_owned(),
        |name| format!(": did you mean `{name}`?"),
    )
}

/// Finds the fault whose name was most likely meant.
fn nearest(written: &str) -> Option<&'static str> {
    /// Names of one family are alike anyway.
    const LEAST: f64 = 0.85;
    let written: String = written.chars().take(64).collect();
    let likeness = |info: &FaultInfo| strsim::jaro_winkler(&written, info.name);
    let nearest = Fault::ALL
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(nearest) > LEAST).then_some(nearest.name)
}

/// The families, each a file.
const FAMILIES: [&[FaultInfo]; 9] = [
    ar::ROWS,
    dev::ROWS,
    disc::ROWS,
    disc_endpoint::ROWS,
    id::ROWS,
    jwks::ROWS,
    rt::ROWS,
    tok::ROWS,
    ui::ROWS,
];

impl Fault {
    /// Every fault, by family.
    pub const ALL: &'static [FaultInfo] = &{
        const COUNT: usize = {
            let (mut count, mut family) = (0, 0);
            while family < FAMILIES.len() {
                count += FAMILIES[family].len();
                family += 1;
            }
            count
        };
        let mut all = [FAMILIES[0][0]; COUNT];
        let (mut filled, mut family) = (0, 0);
        while family < FAMILIES.len() {
            let mut row = 0;
            while row < FAMILIES[family].len() {
                all[filled] = FAMILIES[family][row];
                filled += 1;
                row += 1;
            }
            family += 1;
        }
        all
    };

    /// Parses a name, with an optional `:N` for "only the first N times". A fault that is a
    /// lasting state of the provider, such as keys that move, stays on whatever N says.
    ///
    /// # Errors
    ///
    /// [`FaultError`] when there is no such fault or N is no number above zero.
    pub fn parse(text: &str) -> Result<Self, FaultError> {
        let (name, times) = match text.split_once(':') {
            None => (text, None),
            Some((name, times)) => {
                let number = times.parse().ok().filter(|number| *number > 0);
                let shown = || printable_line(times).into_owned();
                (
                    name,
                    Some(number.ok_or_else(|| FaultError::Times(shown()))?),
                )
            }
        };
        let info = Self::ALL.iter().find(|info| info.name == name);
        let info = info.ok_or_else(|| FaultError::Unknown {
            name: printable_line(name).into_owned(),
            suggestion: nearest(name),
        })?;
        Ok(Self {
            info,
            times: times.or(info.times),
        })
    }

    /// Returns the fault's row.
    pub fn info(&self) -> &'static FaultInfo {
        self.info
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        Self::parse(text)
    }
}

impl FaultInfo {
    /// Makes a row that strikes always.
    const fn new(
        name: &'static str,
        summary: &'static str,
        flow: Flow,
        verdict: Verdict,
        acts: &'static [Act],
    ) -> Self {
        Self {
            name,
            summary,
            flow,
            verdict,
            times: None,
            acts,
        }
    }

    /// Makes the row strike only the first few times.
    const fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }
}
