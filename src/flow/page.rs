//! PURE: the page on which a browser sign-in ends (RFC 8252 §8.1 leaves it to us).
//!
//! A real small page: light and dark, readable on a phone, and nothing in it but text. It has no
//! script, no link and no outside resource, follows no parameter, and escapes every word that is
//! not ours. The listener sends it with a policy that allows its one style sheet, by hash.

use url::Url;

use crate::base::printable_line;

/// How the sign-in went, as far as is known when the page is sent.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// The user, or the provider for them, said no.
    Declined {
        /// Who was asked: the issuer's host.
        provider: &'a str,
        /// Why, in the provider's words.
        reason: &'a str,
    },
    /// Something is wrong with the answer, or with what came after it.
    Failed {
        /// Who was asked: the issuer's host.
        provider: &'a str,
        /// What is wrong.
        reason: &'a str,
    },
    /// The answer is here; the terminal says what comes of it.
    Received {
        /// Who was asked: the issuer's host.
        provider: &'a str,
    },
    /// The session is stored.
    SignedIn {
        /// Who it is: a name or an address that the user knows.
        account: &'a str,
        /// The profile.
        profile: &'a str,
        /// Who says so: the issuer's host.
        provider: &'a str,
    },
}

/// Returns the page as HTML.
pub fn page(outcome: &Outcome<'_>) -> String {
    let (kind, title) = match outcome {
        Outcome::Declined { .. } => ("quiet", "Sign-in declined"),
        Outcome::Failed { .. } => ("bad", "Sign-in failed"),
        Outcome::Received { .. } => ("good", "Back to the terminal"),
        Outcome::SignedIn { .. } => ("good", "You are signed in"),
    };
    let (mark, body, next) = (mark(outcome), body(outcome), next(outcome));
    document(&Parts {
        kind,
        title,
        mark,
        body,
        next,
        warning: WARNING,
    })
}

/// Returns the page that signs out at a provider (RP-Initiated Logout 1.0 §2): one button, which
/// posts the members, and an address without them for providers that take no POST. Without a
/// script, so the last step is the person's own.
pub fn sign_out(endpoint: &Url, members: &[(&str, &str)], by_hand: &Url) -> String {
    let provider = foreign(endpoint.host_str().unwrap_or_default());
    let mut body = format!(
        "<p>You are signed out here. {provider} may still know you.</p>\n\
         <form method=\"post\" action=\"{}\">\n",
        escape(endpoint.as_str())
    );
    for (name, value) in members {
        let (name, value) = (escape(name), escape(value));
        body.extend([
            "<input type=\"hidden\" name=\"",
            &name,
            "\" value=\"",
            &value,
            "\">\n",
        ]);
    }
    body.push_str("<button>Sign out there too</button>\n</form>\n");
    let link = escape(by_hand.as_str());
    body.extend([
        "<p>If that leads nowhere, <a href=\"",
        &link,
        "\">ask there</a>.</p>",
    ]);
    document(&Parts {
        kind: "quiet",
        title: "Sign out everywhere",
        mark: sign("M20 16h-5v16h5M22 24h13M30 19l5 5-5 5"),
        body,
        next: "The provider’s page tells how it ended.",
        warning: "This page can be opened once, and only on this machine.",
    })
}

/// The parts of a page; all of them HTML.
struct Parts {
    kind: &'static str,
    title: &'static str,
    mark: String,
    body: String,
    next: &'static str,
    warning: &'static str,
}

fn document(parts: &Parts) -> String {
    let Parts {
        kind,
        title,
        mark,
        body,
        next,
        warning,
    } = parts;
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>{title} – keyfob</title>\n\
         <style>{STYLE}</style>\n\
         </head>\n\
         <body>\n\
         <main class=\"{kind}\">\n\
         {mark}\n\
         <h1>{title}</h1>\n\
         {body}\n\
         <p class=\"next\">{next}</p>\n\
         <footer>{warning}</footer>\n\
         </main>\n\
         </body>\n\
         </html>\n"
    )
}

fn body(outcome: &Outcome<'_>) -> String {
    match outcome {
        Outcome::SignedIn {
            account,
            profile,
            provider,
        } => {
            let (account, profile) = (foreign(account), foreign(profile));
            let provider = foreign(provider);
            format!(
                "<p class=\"account\">{account}</p>\n\
                 <dl>\n\
                 <div><dt>Provider</dt><dd>{provider}</dd></div>\n\
                 <div><dt>Profile</dt><dd>{profile}</dd></div>\n\
                 </dl>"
            )
        }
        Outcome::Received { provider } => {
            let provider = foreign(provider);
            format!("<p>keyfob has the answer of {provider} and is checking it now.</p>")
        }
        Outcome::Declined { provider, reason } => {
            let (provider, reason) = (foreign(provider), foreign(reason));
            format!(
                "<p>{provider} did not let keyfob in:</p>\n\
                 <blockquote>{reason}</blockquote>\n\
                 <p>Nothing was stored.</p>"
            )
        }
        Outcome::Failed { provider, reason } => {
            let (provider, reason) = (foreign(provider), foreign(reason));
            format!(
                "<p>The sign-in at {provider} did not work:</p>\n\
                 <blockquote>{reason}</blockquote>\n\
                 <p>Nothing was stored.</p>"
            )
        }
    }
}

fn next(outcome: &Outcome<'_>) -> &'static str {
    match outcome {
        Outcome::SignedIn { .. } => "You can close this tab and go back to the terminal.",
        Outcome::Received { .. } => {
            "You can close this tab. The terminal shows whether the sign-in worked."
        }
        Outcome::Declined { .. } | Outcome::Failed { .. } => {
            "You can close this tab. The terminal says what to do next."
        }
    }
}

/// The sign over the title; it says nothing that the title does not.
fn mark(outcome: &Outcome<'_>) -> String {
    let stroke = match outcome {
        Outcome::SignedIn { .. } => "M15 25l6.5 6.5L34 18",
        Outcome::Received { .. } => "M16 19l6 5.5-6 5.5M25 31h8",
        Outcome::Declined { .. } => "M16 24h16",
        Outcome::Failed { .. } => "M17 17l14 14M31 17L17 31",
    };
    sign(stroke)
}

fn sign(stroke: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 48 48\" width=\"56\" height=\"56\" aria-hidden=\"true\">\
         <circle cx=\"24\" cy=\"24\" r=\"22\"/><path d=\"{stroke}\"/></svg>"
    )
}

/// The longest foreign text that is shown; the terminal shows all of it.
const MOST: usize = 400;

/// Escapes text that is not ours, and keeps its direction from leaking into ours.
fn foreign(text: &str) -> String {
    let text = printable_line(text.trim());
    let mut html = String::from("<bdi>");
    html.push_str(&escape(&text.chars().take(MOST).collect::<String>()));
    if text.chars().nth(MOST).is_some() {
        html.push('…');
    }
    html.push_str("</bdi>");
    html
}

fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
    html
}

/// The address can hold a code, and people have been talked into passing it on.
const WARNING: &str = "Do not share this page’s address, or a picture of it: \
     it can hold a one-time key to your account.";

const STYLE: &str = "
:root {
  --ground: #f3f4f6; --card: #fff; --text: #16181d; --soft: #5a6170; --line: #e2e5ea;
  --good: #0f7b4f; --bad: #b3261e; --quiet: #5a6170;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1013; --card: #181b20; --text: #eceef2; --soft: #a2a9b6; --line: #2b3038;
    --good: #4cc38a; --bad: #ff8f85; --quiet: #a2a9b6;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh; min-height: 100dvh; padding: 1.25rem;
  display: grid; place-items: center;
  background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
main {
  width: 100%; max-width: 27rem; padding: 2.25rem 1.75rem 1.5rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  text-align: center; overflow-wrap: anywhere;
}
.good { --mark: var(--good); }
.bad { --mark: var(--bad); }
.quiet { --mark: var(--quiet); }
svg { fill: none; stroke: var(--mark); stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
svg circle { stroke-width: 2; stroke-opacity: .35; fill: var(--mark); fill-opacity: .1; }
h1 { margin: .75rem 0 .25rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; }
p { margin-top: .5rem; }
p, footer { text-wrap: balance; }
.account { font-size: 1.125rem; color: var(--text); }
dl { margin: 1.25rem 0 0; border-top: 1px solid var(--line); text-align: left; }
dl div {
  display: flex; justify-content: space-between; gap: 1.5rem;
  padding: .6rem .1rem; border-bottom: 1px solid var(--line);
}
dt { color: var(--soft); flex: none; }
dd { text-align: right; }
blockquote {
  margin: 1rem 0; padding: .75rem 1rem; text-align: left; white-space: pre-wrap;
  border: 1px solid var(--line); border-left: 3px solid var(--mark); border-radius: .5rem;
  background: var(--ground);
}
button {
  margin-top: 1.25rem; padding: .6rem 1.1rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--card); background: var(--text); border: 0; border-radius: .5rem;
}
a { color: inherit; }
.next { margin-top: 1.25rem; font-weight: 600; }
footer { margin-top: 1.5rem; font-size: .875rem; color: var(--soft); }
";

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED_IN: Outcome<'_> = Outcome::SignedIn {
        account: "alice@example.com",
        profile: "work",
        provider: "id.example.com",
    };

    fn failed(reason: &str) -> String {
        page(&Outcome::Failed {
            provider: "id.example.com",
            reason,
        })
    }

    #[test]
    fn it_says_who_signed_in_and_that_the_tab_can_be_closed() {
        let html = page(&SIGNED_IN);

        for words in [
            "alice@example.com",
            "work",
            "id.example.com",
            "close this tab",
        ] {
            assert!(html.contains(words), "{words}");
        }
        assert!(html.contains("Do not share this page’s address"));
    }

    #[test]
    fn foreign_text_stays_text() {
        let html = failed("</style><script>alert('x')</script>\"&\u{202e}\u{1b}[2J");

        let shown = "&lt;/style&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\
                     \\u{202e}\\u{1b}[2J";
        assert!(html.contains(shown), "{html}");
        assert_eq!(html.matches("</style>").count(), 1);
    }

    #[test]
    fn the_sign_out_page_posts_its_members_and_escapes_them() {
        let endpoint = Url::parse("https://id.example.com/out?a=1&b='").unwrap();

        let members = [("id_token_hint", "a\"b<"), ("client_id", "c")];
        let html = sign_out(&endpoint, &members, &endpoint);

        assert!(
            html.contains("action=\"https://id.example.com/out?a=1&amp;b=%27\""),
            "{html}"
        );
        assert!(html.contains("name=\"id_token_hint\" value=\"a&quot;b&lt;\""));
        assert!(!html.contains("<script"));
    }

    #[test]
    fn a_page_of_error_text_is_cut() {
        let html = failed(&"ü".repeat(10_000));

        assert!(html.contains(&format!("{}…</bdi>", "ü".repeat(MOST))));
        assert!(html.len() < 8 << 10);
    }

    #[test]
    fn no_page_has_a_script_a_link_or_anything_from_outside() {
        let provider = "id.example.com";
        let reason = "no";
        for outcome in [
            SIGNED_IN,
            Outcome::Declined { provider, reason },
            Outcome::Failed { provider, reason },
            Outcome::Received { provider },
        ] {
            let html = page(&outcome).to_lowercase();
            for word in [
                "<script", "<a ", "<link", "<img", "<form", "href", "src=", "url(", "@import",
                "style=", "onload", "onclick", "onerror", "http:", "https:", "//",
            ] {
                assert!(!html.contains(word), "{word}\n{html}");
            }
            assert_eq!(html.matches("<style>").count(), 1);
        }
    }
}
