//! The pages of the practice provider, for people.
//!
//! No script, except the one line that sends a form post on (with a button for browsers without
//! script); no foreign resource; everything that came from outside is escaped; never cached, never
//! framed, no referrer.

pub(super) mod html;

use crate::base::Scopes;

use super::message::{Answer, Refusal};
use super::people::Person;
use super::realm::Realm;

use html::{Html, Page, escape, origin};

/// What the sign-in page says.
pub(super) struct SignIn {
    pub(super) client: String,
    pub(super) scopes: Scopes,
    /// The redirect URI, which the form may lead to.
    pub(super) goes_to: String,
    pub(super) chosen: Option<&'static Person>,
}

/// What the device page says.
pub(super) struct Device {
    pub(super) client: String,
    pub(super) scopes: Scopes,
    pub(super) user_code: String,
    pub(super) chosen: Option<&'static Person>,
}

/// Asks who signs in, and whether the client may have what it wants.
pub(super) fn sign_in(realm: &Realm, page: &SignIn, ticket: &str) -> Answer {
    let mut body = Html::default();
    body.add("<h1>Sign in to ").text(&page.client).add("</h1>");
    wishes(&mut body, &page.client, &page.scopes);
    body.add(&format!(
        "<form method=\"post\" action=\"{}\">",
        escape(&realm.url("/sign-in"))
    ));
    decision(&mut body, page.chosen, ticket, "Allow");
    body.add("</form><p class=\"soft\">Afterwards you go to ")
        .text(&origin(&page.goes_to))
        .add(".</p>");
    Page::new("Sign in", body)
        .leading_to(&page.goes_to)
        .answer(200)
}

/// Asks for the code that a device shows.
pub(super) fn device_code(realm: &Realm, filled: &str, wrong: Option<&str>) -> Answer {
    let mut body = Html::default();
    body.add("<h1>Connect a device</h1>");
    if let Some(text) = wrong {
        body.add("<p class=\"bad\" role=\"alert\">")
            .text(text)
            .add("</p>");
    }
    body.add(&format!(
        "<form method=\"post\" action=\"{}\">\
         <label for=\"user_code\">Enter the code that the device shows</label>\
         <input class=\"code\" type=\"text\" id=\"user_code\" name=\"user_code\" value=\"{}\" \
         maxlength=\"20\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" \
         required autofocus>\
         <div class=\"choice\"><button class=\"main\">Continue</button></div></form>",
        escape(&realm.url("/device")),
        escape(filled),
    ));
    let status = if wrong.is_some() { 400 } else { 200 };
    Page::new("Connect a device", body).answer(status)
}

/// Asks whether a device may sign in, and as whom.
pub(super) fn device(realm: &Realm, page: &Device, ticket: &str) -> Answer {
    let mut body = Html::default();
    body.add("<h1>Connect ")
        .text(&page.client)
        .add("?</h1><p class=\"code\">");
    body.text(&page.user_code)
        .add("</p><p>Go on only if your device shows this very code, and you started this.</p>");
    wishes(&mut body, &page.client, &page.scopes);
    body.add(&format!(
        "<form method=\"post\" action=\"{}\">",
        escape(&realm.url("/device"))
    ));
    decision(&mut body, page.chosen, ticket, "Connect");
    body.add("</form>");
    Page::new("Connect a device", body).answer(200)
}

/// Asks whether to sign out.
pub(super) fn sign_out(ticket: &str) -> Answer {
    let mut body = Html::default();
    // Without an action, the form goes where the page came from.
    body.add(&format!(
        "<h1>Sign out?</h1><p>This ends the session of this browser.</p>\
         <form method=\"post\"><input type=\"hidden\" name=\"ticket\" value=\"{}\">\
         <div class=\"choice\"><button class=\"main\">Sign out</button></div></form>",
        escape(ticket),
    ));
    // The confirmation may lead on to any loopback address of the client.
    Page::new("Sign out", body).leading_anywhere().answer(200)
}

/// Says that something is done.
pub(super) fn done(title: &str, text: &str) -> Answer {
    let mut body = Html::default();
    body.add("<h1>")
        .text(title)
        .add("</h1><p>")
        .text(text)
        .add("</p>");
    Page::new(title, body).answer(200)
}

/// Says what is wrong to the person who came here; nobody is redirected.
pub(super) fn refusal(refusal: &Refusal) -> Answer {
    let mut body = Html::default();
    body.add("<h1>This request is not in order</h1><p class=\"bad\">")
        .text(&refusal.text);
    body.add("</p><p class=\"soft\">The error is <code>")
        .text(refusal.error)
        .add(
            "</code>. It stays on this page: an answer goes to the client only when it is certain \
         who the client is and where it lives.</p>",
        );
    let mut answer = Page::new("Request refused", body).answer(400);
    answer.error = Some(refusal.error.to_owned());
    answer
}

/// Says what this is, to people who look.
pub(super) fn front(realm: &Realm) -> Answer {
    let mut body = Html::default();
    body.add("<h1>A provider to practise with</h1><p>The issuer is <code>")
        .text(&realm.issuer);
    body.add("</code>. It is strict, it lives in memory, and it is for this machine only.</p><ul>");
    for (name, path) in [
        ("Metadata", "/.well-known/openid-configuration"),
        ("Keys", "/jwks"),
        ("Connect a device", "/device"),
        ("Sign out", "/end_session"),
    ] {
        let address = escape(&realm.url(path)).into_owned();
        body.add(&format!("<li><a href=\"{address}\">{name}</a></li>"));
    }
    body.add("</ul>");
    Page::new("Practice provider", body).answer(200)
}

/// Sends parameters on by a POST of the browser (OAuth 2.0 Form Post Response Mode §2).
pub(super) fn form_post(uri: &str, parameters: &[(&'static str, String)]) -> Answer {
    let mut body = Html::default();
    body.add(&format!(
        "<h1>One moment</h1><p>You are on your way back to {}.</p>\
         <form method=\"post\" action=\"{}\">",
        escape(&origin(uri)),
        escape(uri)
    ));
    for (name, value) in parameters {
        body.add(&format!(
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        ));
    }
    body.add("<div class=\"choice\"><button class=\"main\">Continue</button></div></form>");
    Page::new("One moment", body)
        .leading_to(uri)
        .submitting_itself()
        .answer(200)
}

/// Lists what the client wants.
fn wishes(body: &mut Html, client: &str, scopes: &Scopes) {
    body.add("<p><b>")
        .text(client)
        .add("</b> would like to:</p><ul>");
    for scope in scopes.iter() {
        match meaning(scope) {
            Some(meaning) => body.add("<li>").add(meaning).add("</li>"),
            None => body.add("<li>use <code>").text(scope).add("</code></li>"),
        };
    }
    body.add("</ul>");
}

fn meaning(scope: &str) -> Option<&'static str> {
    match scope {
        "openid" => Some("know who you are"),
        "profile" => Some("see your name"),
        "email" => Some("see your e-mail address"),
        "groups" => Some("see your groups and roles"),
        "offline_access" => Some("stay signed in while you are away"),
        "orders.read" => Some("read orders"),
        "orders.write" => Some("change orders"),
        "reports.read" => Some("read reports"),
        _ => None,
    }
}

/// Offers everybody, and two buttons.
fn decision(body: &mut Html, chosen: Option<&Person>, ticket: &str, yes: &str) {
    body.add(&format!(
        "<input type=\"hidden\" name=\"ticket\" value=\"{}\">\
         <fieldset><legend>Continue as</legend>",
        escape(ticket)
    ));
    let chosen = chosen.or(Person::ALL.first());
    for person in Person::ALL {
        let checked = if chosen == Some(person) {
            " checked"
        } else {
            ""
        };
        body.add(&format!(
            "<label class=\"person\"><input type=\"radio\" name=\"person\" value=\"{}\"{checked}>\
             <span>{}<small>{}</small></span></label>",
            escape(person.id),
            escape(&person.name()),
            escape(person.about),
        ));
    }
    body.add(&format!(
        "</fieldset><div class=\"choice\">\
         <button class=\"main\" name=\"decision\" value=\"allow\">{}</button>\
         <button name=\"decision\" value=\"deny\">Deny</button></div>",
        escape(yes)
    ));
}
