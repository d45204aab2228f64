//! What must hold after a kill, and how it is found out.

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::table::Row;
use crate::support::bus::Keyring;
use crate::support::eventually;
use crate::support::process::Ran;
use crate::support::session::{Bench, STRICT, files_below};

/// How far a killed renewal is known to have come.
pub(super) struct Kill {
    /// It did not come to its end before.
    pub(super) killed: bool,
    /// The refresh token is with the provider, or on its way to it.
    pub(super) sent: bool,
    /// The answer was in the journal; `None` when only the folder can tell.
    pub(super) journalled: Option<bool>,
}

impl Bench {
    /// Kills a renewal, and goes on as its user would.
    #[track_caller]
    pub(super) fn survive(&mut self, row: &mut Row, place: &str, kill: impl Fn(&Self) -> Kill) {
        let before = self.refreshes().len();
        let killed = kill(self);
        if killed.sent {
            eventually("the request on its way", || {
                (self.refreshes().len() > before).then_some(())
            });
        }
        let was_spent = self.refreshes().len() > before;
        let is_kept = killed.journalled.unwrap_or_else(|| self.has_journal());
        self.assert_nothing_in_the_clear(place);

        let cached = self.world.run("token work");
        let renewed = self.world.run("token work --renew");

        assert!(
            self.is_honoured(cached.answer()) || renewed.status != Some(0),
            "{place}"
        );
        row.kills += usize::from(killed.killed);
        row.spent += usize::from(was_spent);
        let refused = self.refreshes()[before..].iter().filter(|ok| !**ok).count();
        row.second_spends += refused;
        // Without a trace, and with the journal gone again, what follows tells.
        let is_kept = is_kept || killed.journalled.is_none() && renewed.status == Some(0);
        row.kept += usize::from(was_spent && is_kept);
        if renewed.status == Some(0) {
            assert!(self.is_honoured(renewed.answer()), "killed at {place}");
            assert_eq!(
                refused, 0,
                "killed at {place}: a token was refused, yet nothing was lost"
            );
            assert!(
                !self.has_journal(),
                "killed at {place}: the journal is done with"
            );
        } else {
            self.assert_unavoidable(place, &renewed, (was_spent, is_kept));
            row.lost += 1;
            self.world.signed_in();
            self.world.run("token work --renew").answer();
        }
    }

    /// A loss is no fault of keyfob's: the provider ended the session, and only because the answer
    /// that it gave never arrived.
    #[track_caller]
    fn assert_unavoidable(&self, place: &str, ran: &Ran, (was_spent, is_kept): (bool, bool)) {
        let said = ran.refusal(3);
        assert!(
            said.contains("keyfob login work"),
            "killed at {place}: {said}"
        );
        assert_eq!(
            self.rotation, STRICT,
            "killed at {place}: lost despite grace: {said}"
        );
        assert!(
            was_spent,
            "killed at {place}, before anything was sent: {said}"
        );
        assert!(
            !is_kept,
            "killed at {place}, with the answer in the journal: {said}"
        );
        let again = self.refreshes().len();
        self.world.run("token work --renew").refusal(3);
        assert_eq!(
            self.refreshes().len(),
            again,
            "a dead token is not sent again"
        );
    }

    /// What the kills left half done does not pile up: files go once they are old, and the marks
    /// of interrupted probes have few names.
    #[track_caller]
    pub(super) fn assert_tidy(&self) {
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        for path in self.unfinished() {
            let file = File::options().write(true).open(path).unwrap();
            file.set_modified(long_ago).unwrap();
        }
        self.world.run("token work --renew").answer();
        assert_eq!(self.unfinished(), Vec::<PathBuf>::new());
        let sealed = files_below(&self.world.path("state/keyfob/sealed")).len();
        assert!(sealed <= 5 + 16, "{sealed} sealed files for one session");
        if self.store == "keyring" {
            let kept = Keyring::attributes(&self.world, "service", "keyfob");
            let probes = kept.matches("= probe-").count();
            assert!(kept.contains("journal-key") && probes <= 16, "{kept}");
        }
    }

    fn unfinished(&self) -> Vec<PathBuf> {
        let all = ["cache", "state"].map(|folder| files_below(&self.world.path(folder)));
        let is_unfinished = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(".keyfob-"))
        };
        all.concat().into_iter().filter(is_unfinished).collect()
    }
}
