//! One trial: something bad, what was said, put right, and what became of the session.

use std::time::Duration;

use super::table::{Row, publish};
use crate::support::process::Ran;
use crate::support::session::{Bench, STRICT};

/// The trials of one fault at one moment, and what may come of them.
pub(super) struct Sheet {
    row: Row,
    statuses: &'static [i32],
    words: Vec<String>,
    bound: Duration,
    may_be_lost: bool,
}

impl Sheet {
    /// By default everything is well: an answer, at once.
    pub(super) fn new(bench: &Bench, fault: &str, moment: &str) -> Self {
        let name = [fault.to_owned(), moment.to_owned(), bench.name()];
        Self {
            row: Row {
                name,
                ..Row::default()
            },
            statuses: &[0],
            words: Vec::new(),
            bound: Duration::from_secs(20),
            may_be_lost: false,
        }
    }

    /// The exit statuses that are right.
    pub(super) fn ends(mut self, statuses: &'static [i32]) -> Self {
        self.statuses = statuses;
        self
    }

    /// Words of which a refusal says one at least.
    pub(super) fn says(mut self, words: &[&str]) -> Self {
        self.words = words.iter().map(ToString::to_string).collect();
        self
    }

    /// How long it may take.
    pub(super) fn within(mut self, bound: Duration) -> Self {
        self.bound = bound;
        self
    }

    /// The provider's answer does not arrive, or nothing can keep it: a strict provider ends the
    /// session, and nobody can help it.
    pub(super) fn may_be_lost(mut self) -> Self {
        self.may_be_lost = true;
        self
    }

    /// Writes the row.
    pub(super) fn publish(self) {
        publish(self.row);
    }

    /// Something bad happens while the program runs; then it is put right.
    #[track_caller]
    pub(super) fn endure(
        &mut self,
        bench: &mut Bench,
        place: &str,
        act: impl FnOnce(&mut Bench) -> Ran,
        mend: impl FnOnce(&mut Bench),
    ) {
        let place = format!("{} {place}", self.row.name.join(", "));
        let before = bench.refreshes().len();
        let ran = act(bench);
        let was_spent = bench.refreshes().len() > before;
        assert!(bench.did_it(), "{place}: the moment never came: {ran:#?}");
        self.hear(bench, &place, &ran);
        mend(bench);
        bench.assert_nothing_in_the_clear(&place);
        self.row.searched += 1;

        let renewed = bench.world.run("token work --renew");

        let refused = bench.refreshes()[before..]
            .iter()
            .filter(|ok| !**ok)
            .count();
        if renewed.status != Some(0) && self.may_be_lost && was_spent && bench.rotation == STRICT {
            assert!(
                renewed.refusal(3).contains("keyfob login work"),
                "{place}: {renewed:?}"
            );
            self.row.lost += 1;
            bench.sign_in_again();
            return;
        }
        assert_eq!(
            renewed.status,
            Some(0),
            "{place}: it said {ran:#?}, and then {renewed:#?}"
        );
        assert!(bench.is_honoured(renewed.answer()), "{place}: {renewed:?}");
        assert_eq!(refused, 0, "{place}: a refresh token was refused");
        assert!(!bench.has_journal(), "{place}: the journal is done with");
        self.row.second_spends += refused;
        self.row.lives += 1;
    }

    /// Holds what was said to what may be said.
    #[track_caller]
    fn hear(&mut self, bench: &Bench, place: &str, ran: &Ran) {
        let shown = ran
            .status
            .map_or("-".to_owned(), |status| status.to_string());
        *self.row.said.entry(shown).or_default() += 1;
        let is_right = ran
            .status
            .is_some_and(|status| self.statuses.contains(&status));
        assert!(is_right, "{place}: {ran:#?}");
        assert!(ran.took < self.bound, "{place}: it took {:?}", ran.took);
        assert!(!ran.stderr.contains("panicked"), "{place}: {ran:#?}");
        if ran.status == Some(0) {
            assert!(
                bench.is_honoured(ran.answer()),
                "{place}: the provider does not know the token: {ran:#?}"
            );
            return;
        }
        let complains = ran.stderr.lines().any(|line| line.starts_with("keyfob: "));
        assert!(ran.stdout.is_empty() && complains, "{place}: {ran:#?}");
        let is_named = self.words.is_empty()
            || self
                .words
                .iter()
                .any(|word| ran.stderr.contains(word.as_str()));
        assert!(is_named, "{place}: none of {:?}: {ran:#?}", self.words);
    }
}
