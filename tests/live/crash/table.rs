//! The counts, as a table that grows with every test that ends.

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use crate::support::artefacts;

/// What became of the kills of one kind.
#[derive(Clone, Debug)]
pub(super) struct Row {
    name: String,
    /// How many system calls there were to kill at.
    boundaries: usize,
    pub(super) kills: usize,
    /// The refresh token was with the provider.
    pub(super) spent: usize,
    /// The answer was in the journal, or further.
    pub(super) kept: usize,
    /// A refresh token was sent again and refused.
    pub(super) second_spends: usize,
    /// The provider had ended the session.
    pub(super) lost: usize,
    /// What else is worth knowing.
    pub(super) note: String,
}

impl Row {
    pub(super) fn new(name: String, boundaries: usize) -> Self {
        Self {
            name,
            boundaries,
            kills: 0,
            spent: 0,
            kept: 0,
            second_spends: 0,
            lost: 0,
            note: String::new(),
        }
    }

    fn line(&self) -> String {
        let cells = [
            self.boundaries,
            self.kills,
            self.kills.saturating_sub(self.spent),
            self.kept,
            self.spent.saturating_sub(self.kept),
            self.second_spends,
            self.lost,
        ];
        let cells = cells.map(|cell| format!("{cell:>9}")).concat();
        let line = format!("{:<28}{cells}  {}", self.name, self.note);
        line.trim_end().to_owned() + "\n"
    }
}

static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

const HEAD: &str = "\
killed at                      calls    kills   unsent     kept   window   2nd use     lost
";

const FOOT: &str = "
unsent: before the refresh token was sent. kept: the answer was in the journal, or further.
window: sent, and the answer not yet in the journal; with a strict provider the session is lost.
2nd use: refresh tokens the provider refused as used before. lost: sessions to sign in to again.
";

/// Adds a row and shows it; the whole table is in `crash.txt`.
pub(super) fn publish(row: Row) {
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    let shown = format!("{HEAD}{}", row.line());
    rows.push(row);
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let lines: String = rows.iter().map(Row::line).collect();
    let table = format!("{HEAD}{lines}{FOOT}");
    let place = artefacts("").join("crash.txt");
    std::fs::write(place, table).expect("the build folder can be written");
    drop(std::io::stdout().write_all(shown.as_bytes()));
}
