//! The pages of the practice Entra, for people; each as plain and as locked down as the others.

use super::authorize::SignIn;
use super::directory::Account;
use super::place::Place;
use super::refusal::Refusal;
use crate::issuer::message::Answer;
use crate::issuer::pages::html::{Html, Page, escape, origin};
use crate::issuer::realm::Realm;

/// Asks who signs in.
pub(super) fn sign_in(
    place: &Place,
    asked: &SignIn,
    chosen: Option<&'static Account>,
    ticket: &str,
) -> Answer {
    let mut body = Html::default();
    body.add("<h1>Sign in to ").text(&asked.client);
    body.add("</h1><p>It would like: <code>")
        .text(&asked.wish.said())
        .add("</code></p>");
    body.add(&format!(
        "<form method=\"post\" action=\"{}/sign-in\">",
        escape(&place.origin)
    ));
    choice(&mut body, chosen, ticket);
    body.add("</form><p class=\"soft\">Afterwards you go to ")
        .text(&origin(&asked.return_to.uri))
        .add(".</p>");
    Page::new("Sign in", body)
        .leading_to(&asked.return_to.uri)
        .answer(200)
}

/// Asks for the code that a device shows.
pub(super) fn code(place: &Place, wrong: Option<&str>) -> Answer {
    let mut body = Html::default();
    body.add("<h1>Enter code to allow access</h1>");
    if let Some(text) = wrong {
        body.add("<p class=\"bad\" role=\"alert\">")
            .text(text)
            .add("</p>");
    }
    body.add(&format!(
        "<form method=\"post\" action=\"{}\">\
         <label for=\"user_code\">Enter the code displayed on your app or device</label>\
         <input class=\"code\" type=\"text\" id=\"user_code\" name=\"user_code\" \
         maxlength=\"20\" autocomplete=\"off\" spellcheck=\"false\" required autofocus>\
         <div class=\"choice\"><button class=\"main\">Next</button></div></form>",
        escape(&place.devices),
    ));
    let status = if wrong.is_some() { 400 } else { 200 };
    Page::new("Enter code", body).answer(status)
}

/// Asks whether a device may sign in, and as whom.
pub(super) fn device(place: &Place, client: &str, code: &str, ticket: &str) -> Answer {
    let mut body = Html::default();
    body.add("<h1>Are you trying to sign in to ")
        .text(client)
        .add("?</h1><p class=\"code\">")
        .text(code)
        .add("</p><p>Only go on if you started this yourself.</p>");
    body.add(&format!(
        "<form method=\"post\" action=\"{}\">",
        escape(&place.devices)
    ));
    choice(&mut body, None, ticket);
    body.add("</form>");
    Page::new("Device", body).answer(200)
}

/// Says what is wrong to the person who came here; nobody is redirected.
pub(super) fn refusal(realm: &Realm, place: &Place, refusal: &Refusal) -> Answer {
    let said = refusal.members(realm, place, None);
    let mut body = Html::default();
    body.add("<h1>Sorry, but we're having trouble signing you in.</h1><p class=\"bad\">");
    for line in said.description.split("\r\n") {
        body.text(line).add("<br>");
    }
    body.add("</p>");
    Answer {
        error: Some(refusal.error.to_owned()),
        ..Page::new("Sign in", body).answer(400)
    }
}

/// Says what this is, to people who look.
pub(super) fn front(place: &Place) -> Answer {
    let mut body = Html::default();
    body.add(
        "<h1>A cloud to practise with</h1><p>It plays Microsoft Entra ID. Its origin is <code>",
    )
    .text(&place.origin)
    .add(
        "</code>; its tenants are <code>contoso.onmicrosoft.com</code> and <code>\
              fabrikam.onmicrosoft.com</code>. Nothing in it is real.</p>",
    );
    Page::new("Practice Entra", body).answer(200)
}

/// Offers everybody, and two buttons.
fn choice(body: &mut Html, chosen: Option<&Account>, ticket: &str) {
    body.add(&format!(
        "<input type=\"hidden\" name=\"ticket\" value=\"{}\">\
         <fieldset><legend>Pick an account</legend>",
        escape(ticket)
    ));
    let chosen = chosen.or(Account::ALL.first());
    for account in Account::ALL {
        let checked = if chosen == Some(account) {
            " checked"
        } else {
            ""
        };
        body.add(&format!(
            "<label class=\"person\"><input type=\"radio\" name=\"person\" value=\"{}\"{checked}>\
             <span>{}<small>{}</small></span></label>",
            escape(account.id),
            escape(account.upn),
            escape(account.about),
        ));
    }
    body.add(
        "</fieldset><div class=\"choice\">\
         <button class=\"main\" name=\"decision\" value=\"allow\">Continue</button>\
         <button name=\"decision\" value=\"deny\">Cancel</button></div>",
    );
}
