//! What a running sign-in shares with other processes: where the person is asked, how it ends, and
//! whether somebody has taken its place.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::TurnError;
use super::words::this_process;
use crate::app::{App, Room};
use crate::commands::Failure;
use crate::commands::present::forward_line;
use crate::flow::Event;
use crate::session::attempt::{Attempt, End, Ours, Place};
use crate::session::prompt::{self, Account, Budget, Mark};

/// How often the record is looked at, to see whether somebody has taken over.
const LOOK: Duration = Duration::from_millis(100);

/// What a sign-in of this process shares with others.
pub(in crate::commands) struct Share<'a> {
    app: &'a App,
    room: &'a Room<'a>,
    ours: RefCell<Option<Ours<'a>>>,
    looked: Cell<Option<Duration>>,
    replaced: RefCell<Option<Attempt>>,
    /// The account whose one prompt this is, when there is a limit.
    limit: Option<Account>,
    spent: Cell<bool>,
    asked: Cell<bool>,
}

impl<'a> Share<'a> {
    /// Shares `ours`; without it, nothing.
    pub(in crate::commands) fn new(
        app: &'a App,
        room: &'a Room<'a>,
        ours: Option<Ours<'a>>,
    ) -> Self {
        Self {
            app,
            room,
            ours: RefCell::new(ours),
            looked: Cell::new(None),
            replaced: RefCell::new(None),
            limit: None,
            spent: Cell::new(false),
            asked: Cell::new(false),
        }
    }

    /// Sets the limit of one prompt for an account.
    pub(super) fn limited(self, account: Account) -> Self {
        Self {
            limit: Some(account),
            ..self
        }
    }

    /// Makes sure that a person may be asked; to be called right before.
    ///
    /// # Errors
    ///
    /// [`TurnError::BudgetSpent`], or why that could not be noted.
    pub(in crate::commands) fn about_to_ask(&self) -> Result<(), Failure> {
        let Some(account) = &self.limit else {
            return Ok(());
        };
        let profile = self.room.profile.name.clone();
        let now = self.app.clock().now();
        let mark = Mark::new(now, profile.clone(), this_process(self.app));
        match prompt::spend(self.room.keep().state, account, &mark)? {
            Budget::Granted => {
                self.spent.set(true);
                Ok(())
            }
            Budget::Spent(mark) => Err(TurnError::BudgetSpent { profile, mark, now }.into()),
        }
    }

    /// Tells the others where the person is asked; the sign-in takes at most `longest`.
    pub(in crate::commands) fn tell(&self, event: &Event<'_>, longest: Duration) {
        let (place, life) = match event {
            Event::BrowserOpened(url) => (
                Place::Browser {
                    url: url.to_string(),
                },
                longest,
            ),
            Event::OpenYourself {
                url, redirect_uri, ..
            } => (
                Place::Open {
                    url: url.to_string(),
                    forward: forward_line(self.app, &self.room.profile, redirect_uri),
                },
                longest,
            ),
            Event::DeviceCode(authorization) => (
                Place::Device {
                    url: authorization.verification_uri.to_string(),
                    user_code: authorization.user_code.clone(),
                },
                longest.min(authorization.expires_in),
            ),
            Event::StillWaiting(_) => return,
        };
        self.asked.set(true);
        if let Some(ours) = self.ours.borrow_mut().as_mut() {
            ours.ask_at(place, self.app.clock().now().plus(life));
        }
    }

    /// Tells whether somebody has taken this sign-in's place, as of a moment ago.
    pub(in crate::commands) fn is_replaced(&self) -> bool {
        let now = self.app.clock().elapsed();
        let due = self.looked.get().is_none_or(|last| now >= last + LOOK);
        if due {
            self.looked.set(Some(now));
            self.is_replaced_now();
        }
        self.replaced.borrow().is_some()
    }

    /// Tells whether somebody has taken this sign-in's place.
    pub(in crate::commands) fn is_replaced_now(&self) -> bool {
        if self.replaced.borrow().is_none() {
            let found = self.ours.borrow().as_ref().and_then(Ours::replaced);
            *self.replaced.borrow_mut() = found;
        }
        self.replaced.borrow().is_some()
    }

    /// Says what became of this sign-in instead.
    pub(in crate::commands) fn replacement(&self) -> Option<TurnError> {
        let replaced = self.replaced.borrow();
        let other = replaced.as_ref()?;
        let here = this_process(self.app);
        let who = other.by.named(here.host.as_deref());
        let signed_out = other.ended == Some(End::SignedOut);
        Some(TurnError::replaced(
            &self.room.profile.name,
            who,
            signed_out,
        ))
    }

    /// Ends it, and tells those who wait for it how.
    pub(super) fn end(&self, end: End) {
        if let Some(ours) = self.ours.borrow_mut().take() {
            ours.end(end);
        }
    }

    /// Ends it with a failure, which is another one when somebody has taken its place.
    pub(super) fn fail(&self, failure: Failure) -> Failure {
        if let Some(account) = self.limit.as_ref().filter(|_| self.spent.get()) {
            // Nobody has seen anything yet, so the next one may try.
            if !self.asked.get() {
                prompt::give_back(self.room.keep().state, account);
            }
        }
        let failure = self.replacement().map_or(failure, Failure::from);
        let said = failure.diagnostic();
        self.end(End::failed(said.exit(), said.to_string()));
        failure
    }
}
