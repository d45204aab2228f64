//! What the sign-in page asks, and what its reader answers.
//!
//! A page is good for one answer: its ticket is random, and gone once used. There is no password:
//! choosing a person is signing in.

use std::time::Duration;

use crate::issuer::message::{Answer, Form, Refusal, Request};
use crate::issuer::pages;
use crate::issuer::people::Person;
use crate::issuer::random::{digest, token};
use crate::issuer::realm::Realm;
use crate::issuer::server::new_cookie;
use crate::issuer::state::{Asks, Session, Ticket};

use super::{AuthorizationRequest, respond};

/// How long a page waits for its reader.
const PATIENCE: Duration = Duration::from_secs(600);

/// Shows the sign-in page.
pub(super) fn ask(
    realm: &Realm,
    asked: AuthorizationRequest,
    chosen: Option<&'static Person>,
) -> Answer {
    let page = pages::SignIn {
        client: asked.client.clone(),
        scopes: asked.scopes.clone(),
        goes_to: asked.return_to.redirect_uri.clone(),
        chosen,
    };
    let ticket = issue(realm, Asks::SignIn(Box::new(asked)));
    pages::sign_in(realm, &page, &ticket)
}

/// Answers what the page posted.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    let read = read(realm, request).and_then(|form| {
        let ticket = redeem(realm, &form)?;
        match ticket {
            Asks::SignIn(asked) => Ok((form, asked)),
            Asks::Device(_) | Asks::SignOut(_) => Err(stale()),
        }
    });
    let (form, asked) = match read {
        Ok(read) => read,
        Err(refusal) => return pages::refusal(&refusal),
    };
    let person = form.get("person").and_then(Person::find);
    match (form.get("decision"), person) {
        (Some("allow"), Some(person)) => {
            let session = session(realm, person);
            let (cookie, field) = new_cookie(realm);
            realm
                .state()
                .sessions
                .insert(digest(&cookie), session.clone());
            respond::allow(realm, &asked, &session).with("Set-Cookie", field)
        }
        (Some("deny"), _) => {
            let refusal = Refusal::new("access_denied", "the person said no");
            respond::refuse(realm, &asked.return_to, &refusal)
        }
        _ => {
            let refusal = Refusal::new("invalid_request", "nobody was chosen");
            pages::refusal(&refusal)
        }
    }
}

/// Makes a session that starts now.
pub(super) fn session(realm: &Realm, person: &'static Person) -> Session {
    Session {
        person,
        auth_time: realm.clock.now(),
        sid: token(),
    }
}

/// Makes a ticket for one answer.
pub(super) fn issue(realm: &Realm, asks: Asks) -> String {
    let ticket = token();
    let expires = realm.clock.now().plus(PATIENCE);
    let mut state = realm.state();
    state.prune(realm.clock.now());
    state
        .tickets
        .insert(digest(&ticket), Ticket { asks, expires });
    ticket
}

/// Reads what one of our own pages posted.
pub(super) fn read(realm: &Realm, request: &Request) -> Result<Form, Refusal> {
    // Our pages send no referrer, so browsers give `null` as their origin.
    let origin = request.header("origin").unwrap_or("null");
    let host = origin.strip_prefix("http://").unwrap_or_default();
    if origin != "null" && !realm.authorities.iter().any(|ours| ours == host) {
        return Err(Refusal::new(
            "invalid_request",
            "another site sent this form",
        ));
    }
    let form = request.form()?;
    form.once_each()?;
    Ok(form)
}

/// Takes the ticket that a page posted.
pub(super) fn redeem(realm: &Realm, form: &Form) -> Result<Asks, Refusal> {
    let ticket = form.need("ticket")?;
    let ticket = realm.state().tickets.remove(&digest(ticket));
    ticket
        .filter(|ticket| ticket.expires > realm.clock.now())
        .map(|ticket| ticket.asks)
        .ok_or_else(stale)
}

fn stale() -> Refusal {
    Refusal::new(
        "invalid_request",
        "this page was answered before, or is too old",
    )
}
