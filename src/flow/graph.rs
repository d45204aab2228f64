//! Asks Microsoft Graph for what a token has no room for: all groups of the account, and their names.
//!
//! The access token goes to the Graph of the profile's cloud and nowhere else; an address that a
//! token or an answer names is never followed. Graph's trouble is not held against the issuer.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::{Error, Wire};
use crate::base::Secret;
use crate::provider::entra::groups::{
    self, Answer, FIRST_PAGE, GraphError, NAMES_AT_ONCE, names, names_question, page, question,
};
use crate::sys::http::Response;

/// The Graph of one cloud, and the account that asks.
pub struct Graph<'a> {
    wire: Wire<'a>,
    /// Its origin: a scheme and a host.
    origin: &'a Url,
    access_token: &'a Secret,
}

impl<'a> Graph<'a> {
    /// Names the Graph at `origin`, asked as the account of an access token for it.
    pub fn new(wire: Wire<'a>, origin: &'a Url, access_token: &'a Secret) -> Self {
        let wire = Wire {
            backoff: None,
            ..wire
        };
        Self {
            wire,
            origin,
            access_token,
        }
    }

    /// Returns the object ids of all groups and directory roles of the account, nested ones included.
    ///
    /// # Errors
    ///
    /// [`Error::Http`], or [`Error::Graph`] with Graph's own code.
    pub fn groups(&self) -> Result<Vec<String>, Error> {
        let (path, body) = question();
        let answer = self.post(path, &body)?;
        match groups::ids(answer.status, &answer.body)? {
            Answer::Ids(ids) => Ok(ids),
            Answer::AskForPages => self.pages(),
        }
    }

    fn pages(&self) -> Result<Vec<String>, Error> {
        let origin = self.origin.origin().ascii_serialization();
        let mut ids = Vec::new();
        let mut next = Some(FIRST_PAGE.to_owned());
        while let Some(path) = next {
            let answer = self.send(Request::get(self.at(&path)?.as_str()), Vec::new())?;
            let before = ids.len();
            next = page(answer.status, &answer.body, &origin, &mut ids)?;
            // A list that leads back to itself never ends.
            if next.is_some() && ids.len() == before {
                return Err(GraphError::Malformed.into());
            }
        }
        Ok(ids)
    }

    /// Returns the names of groups, for people; a group without one is left out.
    ///
    /// # Errors
    ///
    /// As [`Self::groups`].
    pub fn names(&self, ids: &[String]) -> Result<Vec<(String, String)>, Error> {
        let mut all = Vec::new();
        for some in ids.chunks(NAMES_AT_ONCE) {
            let (path, body) = names_question(some);
            let answer = self.post(path, &body)?;
            all.extend(names(answer.status, &answer.body)?);
        }
        Ok(all)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Response, Error> {
        let request =
            Request::post(self.at(path)?.as_str()).header(CONTENT_TYPE, "application/json");
        self.send(request, body.to_string().into_bytes())
    }

    fn send(&self, request: http::request::Builder, body: Vec<u8>) -> Result<Response, Error> {
        let bearer = Zeroizing::new(format!("Bearer {}", self.access_token.expose()));
        let mut bearer = HeaderValue::from_str(&bearer).expect("a token fits a header");
        bearer.set_sensitive(true);
        let request = request
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, bearer)
            .body(body)
            .expect("a parsed URL makes a request");
        self.wire.send(request)
    }

    /// Makes an address at this Graph of a path with its query.
    fn at(&self, path: &str) -> Result<Url, Error> {
        let url = self.origin.join(path).map_err(|_| GraphError::Malformed)?;
        if url.origin() == self.origin.origin() {
            Ok(url)
        } else {
            Err(GraphError::Elsewhere.into())
        }
    }
}
