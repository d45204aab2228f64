//! Makes a report fit for a stranger's eyes: no secret, no name of a person, an account or a tenant.
//!
//! What cannot be told from a secret is masked: it is a report about keyfob, not about its user.

use crate::base::TenantId;

/// Words that are private here, and what stands for them.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    words: Vec<(String, &'static str)>,
}

/// Shorter words are too common to be told from others.
const SHORTEST: usize = 3;

/// A longer run of letters and digits without a vowel pattern of words is taken for a secret.
const LONGEST_PLAIN: usize = 24;

impl Mask {
    /// Takes a word that must not be seen, and what to write for it.
    pub fn hide(&mut self, word: &str, instead: &'static str) {
        if word.len() >= SHORTEST {
            self.words.push((word.to_owned(), instead));
            // A longer word first: the home folder before the user's name in it.
            self.words
                .sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
    }

    /// Masks a text.
    pub fn apply(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut run = String::new();
        for c in text.chars() {
            if c.is_ascii_alphanumeric() || "-_.~+/=@:%".contains(c) {
                run.push(c);
            } else {
                masked.push_str(&judged(&run));
                run.clear();
                masked.push(c);
            }
        }
        masked.push_str(&judged(&run));
        for (word, instead) in &self.words {
            masked = replaced(&masked, word, instead);
        }
        masked
    }
}

/// Replaces a word whatever its case.
fn replaced(text: &str, word: &str, instead: &str) -> String {
    let (lower, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find(&word)) {
        out.push_str(text.get(from..from + at).unwrap_or_default());
        out.push_str(instead);
        from += at + word.len();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Masks one run of characters that could be an address, an id or a secret.
fn judged(run: &str) -> String {
    if run.contains('@') {
        return "<address>".to_owned();
    }
    // A URL or a path: each part for itself.
    if run.contains('/') {
        let parts: Vec<String> = run.split('/').map(judged).collect();
        return parts.join("/");
    }
    if TenantId::parse(run).is_ok() {
        return "<id>".to_owned();
    }
    let plain = |part: &str| part.len() < LONGEST_PLAIN;
    if run.split(['.', '-', '_', ':', '=', '%']).all(plain) && !is_dense(run) {
        return run.to_owned();
    }
    "<masked>".to_owned()
}

/// Secrets mix letters of both cases and digits; names hardly do.
fn is_dense(run: &str) -> bool {
    let has = |fits: fn(&char) -> bool| run.chars().filter(fits).count() >= 2;
    run.len() >= 16
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_secret_or_a_person_is_masked_and_the_rest_can_be_read() {
        let mut mask = Mask::default();
        mask.hide("/home/amara", "~");
        mask.hide("amara", "<user>");
        for (text, masked) in [
            (
                "`/home/amara/.config/keyfob/config.toml` can be changed by others",
                "`~/.config/keyfob/config.toml` can be changed by others",
            ),
            ("signed in as Amara", "signed in as <user>"),
            ("amara.okafor@contoso.com", "<address>"),
            (
                "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
                "https://login.microsoftonline.com/<id>/v2.0",
            ),
            ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA", "<masked>"),
            ("0.ARoAv4j5cvGGr0GRqy180BHbR3", "<masked>"),
            ("p4ssW0rdABCdef12", "<masked>"),
            (
                "proxy.corp.example:8080, from `HTTPS_PROXY`",
                "proxy.corp.example:8080, from `HTTPS_PROXY`",
            ),
            ("xterm-256color, 80 columns", "xterm-256color, 80 columns"),
            (
                "+90 s: 2 min ahead of the provider's",
                "+90 s: 2 min ahead of the provider's",
            ),
        ] {
            assert_eq!(mask.apply(text), masked);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_hidden_word_is_never_seen_again(before in "[ -~é]{0,20}", word in "[a-zA-Z]{3,12}", after in "[ -~é]{0,20}") {
            let mut mask = Mask::default();
            mask.hide(&word, "<x>");
            let masked = mask.apply(&format!("{before}{word}{after}"));
            proptest::prop_assert!(!masked.contains(&word) || "<masked><address><id>".contains(&word));
        }
    }
}
