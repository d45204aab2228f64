//! The endpoints, one file each; every one turns a request into an answer.
//!
//! None touches a socket, a file or the environment.

mod authorize;
mod client_auth;
mod device;
mod device_page;
mod discovery;
mod echo;
mod end_session;
mod introspect;
mod jwks;
mod par;
mod redeem;
mod respond;
mod revoke;
mod sign_in;
mod token;
mod userinfo;

use super::log::Endpoint;
use super::message::{Answer, Method, Request};
use super::pages;
use super::realm::Realm;

pub(super) use authorize::AuthorizationRequest;
pub(super) use client_auth::basic;
pub(super) use token::GRANTS;

/// Lets an endpoint answer.
pub(super) fn answer(realm: &Realm, endpoint: Endpoint, request: &Request) -> Answer {
    use Endpoint as E;
    use Method::{Get, Other, Post};
    match (endpoint, request.method) {
        (E::Echo, _) => echo::answer(realm, request),
        (E::Trap, _) => jwks::trap(realm),
        (_, Other) => Answer::text(405, "this endpoint takes no such method\n"),
        (E::Authorize, Get | Post) => authorize::answer(realm, request),
        (E::Device, Post) => device::answer(realm, request),
        (E::DevicePage, Get) => device_page::show(realm, request),
        (E::DevicePage, Post) => device_page::answer(realm, request),
        (E::Discovery, Get) => discovery::answer(realm),
        (E::EndSession, Get | Post) => end_session::answer(realm, request),
        (E::Front, Get) => pages::front(realm),
        (E::Introspect, Post) => introspect::answer(realm, request),
        (E::Keys, Get) => jwks::answer(realm),
        (E::Graph | E::Nowhere, Get | Post) => Answer::text(404, "there is nothing here\n"),
        (E::Pushed, Post) => par::answer(realm, request),
        (E::Revoke, Post) => revoke::answer(realm, request),
        (E::SignIn, Post) => sign_in::answer(realm, request),
        (E::Token, Post) => token::answer(realm, request),
        (E::UserInfo, Get | Post) => userinfo::answer(realm, request),
        (E::Discovery | E::Front | E::Keys, Post) => method_is("GET"),
        (E::Device | E::Introspect | E::Pushed | E::Revoke | E::SignIn | E::Token, Get) => {
            method_is("POST")
        }
    }
}

fn method_is(allowed: &str) -> Answer {
    let text = format!("this endpoint takes {allowed} only\n");
    Answer::text(405, &text).with("Allow", allowed.to_owned())
}
