//! A token answer between the network and the store, as the journal holds it.
//!
//! Written before the answer is understood, so that no crash can lose a one-time refresh token.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::base::{Audience, Issuer, Resource, Scopes, Secret, Timestamp};
use crate::flow::Skew;
use crate::flow::exchange::Answer;
use crate::oauth::Demand;
use crate::oauth::grant::Wanted;

/// An answer to a refresh, not yet stored.
pub(super) struct Spill {
    /// The session's generation whose refresh token was spent.
    pub(super) generation: u64,
    /// Where it was asked for; none in those from before sessions had several tenants.
    pub(super) issuer: Option<Issuer>,
    status: u16,
    at: Timestamp,
    wanted: Wanted,
    body: Zeroizing<String>,
}

#[derive(Deserialize, Serialize)]
struct Text {
    version: u32,
    generation: u64,
    #[serde(default)]
    issuer: Option<Issuer>,
    status: u16,
    at: Timestamp,
    scopes: Scopes,
    audience: Option<Audience>,
    resources: Vec<Resource>,
    #[serde(default)]
    demand: Option<Demand>,
    body: String,
}

const VERSION: u32 = 1;

/// `\u001f` for one byte.
const LONGEST_ESCAPE: usize = 6;

/// Scopes, audience, resources and a demand, and what stands around them.
const LARGEST_REST: usize = 64 * 1024;

impl Spill {
    /// Takes an answer as it came.
    pub(super) fn new(
        (generation, issuer): (u64, &Issuer),
        answer: &Answer,
        wanted: &Wanted,
    ) -> Self {
        Self {
            generation,
            issuer: Some(issuer.clone()),
            status: answer.status,
            at: answer.at,
            wanted: wanted.clone(),
            body: Zeroizing::new(String::from_utf8_lossy(&answer.body).into_owned()),
        }
    }

    /// Reads a spill; `None` when it is none, or of another version.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text: Text = serde_json::from_slice(bytes).ok()?;
        (text.version == VERSION).then(|| Self {
            generation: text.generation,
            issuer: text.issuer,
            status: text.status,
            at: text.at,
            wanted: Wanted {
                scopes: text.scopes,
                audience: text.audience,
                resources: text.resources,
                demand: text.demand,
            },
            body: Zeroizing::new(text.body),
        })
    }

    /// Tells whether it was asked for at another issuer than this one.
    pub(super) fn is_from_elsewhere(&self, here: &Issuer) -> bool {
        self.issuer.as_ref().is_some_and(|issuer| issuer != here)
    }

    /// Writes the spill.
    pub(super) fn print(&self) -> Secret {
        let mut text = Text {
            version: VERSION,
            generation: self.generation,
            issuer: self.issuer.clone(),
            status: self.status,
            at: self.at,
            scopes: self.wanted.scopes.clone(),
            audience: self.wanted.audience.clone(),
            resources: self.wanted.resources.clone(),
            demand: self.wanted.demand.clone(),
            body: self.body.as_str().to_owned(),
        };
        // As large as it can get: a buffer that grows leaves copies behind.
        let most = text.body.len() * LONGEST_ESCAPE + LARGEST_REST;
        let mut printed = Zeroizing::new(Vec::with_capacity(most));
        serde_json::to_writer(&mut *printed, &text).expect("a spill has only text keys");
        zeroize::Zeroize::zeroize(&mut text.body);
        let printed = std::str::from_utf8(&printed).expect("JSON is UTF-8");
        Secret::new(printed.to_owned())
    }

    /// Gives the answer back as it came.
    pub(super) fn answer(self) -> (Answer, Wanted) {
        let answer = Answer {
            status: self.status,
            retry_after: None,
            body: Zeroizing::new(self.body.as_bytes().to_vec()),
            skew: Skew::default(),
            at: self.at,
        };
        (answer, self.wanted)
    }
}
