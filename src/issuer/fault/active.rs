//! The faults of a running provider: which of them strike, and what they do to what is sent.
//!
//! A fault with a number of times is counted by its first act, whenever that act bends something.

use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use super::{Act, Fault, FaultInfo, Flag, Point};
use crate::base::Timestamp;
use crate::issuer::message::Answer;
use crate::issuer::mint::{Draft, Occasion};
use crate::issuer::realm::Realm;

/// The faults of a running provider, with what is left of each.
pub(in crate::issuer) struct Faults(Mutex<Vec<Active>>);

struct Active {
    info: &'static FaultInfo,
    left: Option<u32>,
}

impl Faults {
    /// Starts with these.
    pub(in crate::issuer) fn new(faults: &[Fault]) -> Self {
        let none = Self(Mutex::default());
        none.set(faults);
        none
    }

    /// Goes on with these and no others.
    pub(in crate::issuer) fn set(&self, faults: &[Fault]) {
        let fresh = faults.iter().map(|fault| Active {
            info: fault.info,
            left: fault.times,
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = fresh.collect();
    }

    /// Picks the acts that apply here, counting those that are counted.
    fn strike<T>(&self, pick: impl Fn(&Act) -> Option<T>) -> Vec<T> {
        let mut active = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut struck = Vec::new();
        for fault in active.iter_mut() {
            for (index, act) in fault.info.acts.iter().enumerate() {
                let Some(picked) = pick(act) else { continue };
                if index == 0 && !matches!(act, Act::Flag(_)) {
                    match &mut fault.left {
                        Some(0) => continue,
                        Some(left) => *left -= 1,
                        None => {}
                    }
                }
                struck.push(picked);
            }
        }
        struck
    }

    /// Tells whether a switch is on.
    pub(in crate::issuer) fn flag(&self, flag: Flag) -> bool {
        let on = |act: &Act| matches!(act, Act::Flag(switch) if *switch == flag).then_some(());
        !self.strike(on).is_empty()
    }

    /// Tells whether a switch is on, and counts this as one strike.
    pub(in crate::issuer) fn flag_once(&self, flag: Flag) -> bool {
        let mut active = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = active.iter_mut().find(|fault| {
            let mut acts = fault.info.acts.iter();
            fault.left != Some(0) && acts.any(|act| matches!(act, Act::Flag(on) if *on == flag))
        });
        if let Some(Active {
            left: Some(left), ..
        }) = found
        {
            *left -= 1;
            return true;
        }
        found.is_some()
    }

    /// Returns what is answered instead of what the endpoint would.
    pub(in crate::issuer) fn instead(&self, realm: &Realm, here: Point) -> Option<Answer> {
        let acts = self.strike(|act| {
            let Act::Instead(point, answer) = *act else {
                return None;
            };
            (point == here).then_some(answer)
        });
        acts.first().map(|answer| answer(realm))
    }

    /// Bends a JSON answer and wraps it up.
    pub(in crate::issuer) fn bend_json(
        &self,
        realm: &Realm,
        here: Point,
        mut json: Map<String, Value>,
    ) -> Answer {
        let members = self.strike(|act| {
            let Act::Metadata(name, value) = *act else {
                return None;
            };
            (here == Point::Metadata).then_some((name, value))
        });
        for (name, value) in members {
            json.insert(name.to_owned(), Value::String(value(realm)));
        }
        let acts = self.strike(|act| {
            let Act::TokenJson(bend) = *act else {
                return None;
            };
            (here == Point::Token).then_some(bend)
        });
        for bend in acts {
            bend(&mut json);
        }
        let acts = self.strike(|act| {
            let Act::Json(point, bend) = *act else {
                return None;
            };
            (point == here).then_some(bend)
        });
        for bend in acts {
            bend(&mut json, realm);
        }
        let acts = self.strike(|act| {
            let Act::Answer(point, bend) = *act else {
                return None;
            };
            (point == here).then_some(bend)
        });
        let answer = Answer::json(200, &Value::Object(json));
        acts.into_iter()
            .fold(answer, |answer, bend| bend(answer, realm))
    }

    /// Bends the parameters of an authorization response.
    pub(in crate::issuer) fn bend_callback(&self, parameters: &mut Vec<(&'static str, String)>) {
        let acts = self.strike(|act| {
            let Act::Callback(bend) = *act else {
                return None;
            };
            Some(bend)
        });
        for bend in acts {
            bend(parameters);
        }
    }

    /// Bends an ID token before it is signed.
    pub(in crate::issuer) fn bend_id_token(&self, realm: &Realm, now: Occasion, draft: &mut Draft) {
        let acts = self.strike(|act| {
            let Act::IdClaims(bend) = *act else {
                return None;
            };
            (now == Occasion::SignIn).then_some(bend)
        });
        for bend in acts {
            bend(&mut draft.claims, realm);
        }
        let acts = self.strike(|act| {
            let Act::IdToken(occasion, bend) = *act else {
                return None;
            };
            (occasion == now).then_some(bend)
        });
        for bend in acts {
            bend(draft, realm);
        }
    }

    /// Bends the published keys.
    pub(in crate::issuer) fn bend_keys(&self, realm: &Realm, keys: &mut Vec<Value>) {
        let acts = self.strike(|act| {
            let Act::Keys(bend) = *act else {
                return None;
            };
            Some(bend)
        });
        for bend in acts {
            bend(keys, realm);
        }
    }

    /// Bends the `Date` field.
    pub(in crate::issuer) fn bend_date(&self, date: Timestamp) -> Timestamp {
        let acts = self.strike(|act| {
            let Act::Date(seconds) = *act else {
                return None;
            };
            Some(seconds)
        });
        Timestamp(date.0.saturating_add(acts.into_iter().sum()))
    }
}
