//! What became of every trial, as a table that grows with every test that ends.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use crate::support::artefacts;

/// The trials of one fault at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// What went wrong, when, and with which store.
    pub(super) name: [String; 3],
    /// How often each exit status was seen; `-` for killed.
    pub(super) said: BTreeMap<String, usize>,
    /// Sessions that went on.
    pub(super) lives: usize,
    /// Sessions that the provider had ended, with an answer that never arrived.
    pub(super) lost: usize,
    /// Refresh tokens that the provider refused as used before.
    pub(super) second_spends: usize,
    /// Trials after which every file was searched for tokens.
    pub(super) searched: usize,
}

impl Row {
    fn line(&self) -> String {
        let said: Vec<String> = self
            .said
            .iter()
            .map(|(status, count)| format!("{status} x{count}"))
            .collect();
        let [fault, moment, store] = &self.name;
        let session = match (self.lives, self.lost) {
            (lives, 0) => format!("lives x{lives}"),
            (0, lost) => format!("lost x{lost}"),
            (lives, lost) => format!("lives x{lives}, lost x{lost}"),
        };
        format!(
            "{fault:<38} {moment:<34} {store:<20} {:<18} {session:<22} {:>7} {:>8}\n",
            said.join(", "),
            self.second_spends,
            format!("0 of {}", self.searched),
        )
    }
}

static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

/// Adds a row and shows it; the whole table is in `faults.txt`.
pub(super) fn publish(row: Row) {
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    let shown = row.line();
    rows.push(row);
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let lines: String = rows.iter().map(Row::line).collect();
    let head = format!(
        "{:<38} {:<34} {:<20} {:<18} {:<22} {:>7} {:>8}\n",
        "fault", "moment", "store, provider", "exit status", "session after", "2nd use", "in clear"
    );
    let place = artefacts("").join("faults.txt");
    std::fs::write(place, format!("{head}{lines}{FOOT}")).expect("the build folder can be written");
    drop(std::io::stdout().write_all(shown.as_bytes()));
}

const FOOT: &str = "
exit status: of the run under the fault, with how many trials ended so.
lives: the next renewal, without the fault, brought a token that the provider honours.
lost: the provider had rotated the refresh token and its answer never reached this machine's disk.
2nd use: refresh tokens the provider refused as used before, in sessions that were not lost.
in clear: trials after which a file held a token, of those after which every file was searched.
";
