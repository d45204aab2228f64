//! What a provider refuses until a person has acted, judged and noted: the session lives on, and may
//! serve other targets and tenants meanwhile.
//!
//! Decisions follow the refusal's `error` and `suberror`, never a number or a text.

use super::setback::Setback;
use super::{Ask, Entry, Error, Kind, Local, Record};
use crate::flow;
use crate::oauth::token::TokenError;
use crate::oauth::{Demand, Refusal};

impl Local<'_> {
    /// Makes sure that the provider did not refuse the same a moment ago.
    pub(super) fn still_refused(&self, entry: &Entry, ask: &Ask) -> Result<(), Error> {
        let name = self.named(Kind::Access, &ask.wanted);
        match entry.refused(&name, self.keep.clock.now()) {
            Some(refusal) if !ask.renew => Err(self.refused(refusal)),
            Some(_) | None => Ok(()),
        }
    }

    /// Makes sure that a refresh can bring what an API demands: it cannot make the sign-in behind it
    /// another one (RFC 9470 §5).
    pub(super) fn can_meet(&self, record: &Record, ask: &Ask) -> Result<(), Error> {
        let now = self.keep.clock.now();
        match &ask.wanted.demand {
            Some(demand) if !demand.fits(&record.claims, now) => {
                self.note_setback(None, Some(demand), ask);
                Err(Error::OtherSignInNeeded {
                    profile: self.profile.clone(),
                    demand: demand.to_string(),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Notes a refusal that stands until a person has done something.
    pub(super) fn set_back(&self, refusal: &Refusal, ask: &Ask) -> Error {
        let asked = ask.wanted.demand.as_ref();
        let understood = asked.is_some_and(|demand| demand.claims.is_some());
        let answered = refusal.extra().claims.as_ref().map(|claims| {
            if understood {
                claims.with_capability()
            } else {
                claims.clone()
            }
        });
        let demand = answered.map(Demand::of_claims);
        self.note_setback(Some(refusal), demand.as_ref().or(asked), ask);
        self.refused(refusal)
    }

    fn refused(&self, refusal: &Refusal) -> Error {
        let cause = TokenError::Refused(refusal.clone());
        if refusal.leaves_no_way() {
            return flow::Error::from(cause).into();
        }
        Error::PersonNeeded {
            profile: self.profile.clone(),
            cause,
        }
    }

    fn note_setback(&self, refusal: Option<&Refusal>, demand: Option<&Demand>, ask: &Ask) {
        let Some(mut entry) = self.keep.entry(&self.key) else {
            return;
        };
        entry.set_back(Setback {
            name: self.named(Kind::Access, &ask.wanted),
            issuer: self.issuer.clone(),
            at: self.keep.clock.now(),
            refusal: refusal.cloned(),
            demand: demand.cloned(),
        });
        // What cannot be noted costs the next one a request.
        drop(self.keep.save_entry(&self.key, &entry));
    }
}
