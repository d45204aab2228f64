//! Untrusted text made safe for a terminal, a log or a table.
//!
//! What could move a cursor, change a clipboard, reverse or hide text is shown as an escape
//! (`\u{1b}`, `\u{202e}`); everything else stays as it is. Never drops a character in silence.

use std::borrow::Cow;

/// Makes text safe to print; line feeds stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && drives_a_terminal(c))
}

/// Makes text safe to print on one line; line feeds are escaped too.
pub fn printable_line(text: &str) -> Cow<'_, str> {
    escape(text, drives_a_terminal)
}

fn escape(text: &str, unsafe_char: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&unsafe_char) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if unsafe_char(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// C0, DEL and C1 controls; line and paragraph separators; bidi controls; invisible characters.
fn drives_a_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_are_shown_and_plain_text_is_borrowed() {
        assert!(matches!(printable("Zoë, 東京"), Cow::Borrowed("Zoë, 東京")));
        assert_eq!(printable("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(printable("a\rb\u{9b}c"), "a\\u{d}b\\u{9b}c");
        assert_eq!(printable("x\u{202e}y\u{200b}"), "x\\u{202e}y\\u{200b}");
        assert_eq!(printable("a\nb"), "a\nb");
        assert_eq!(printable_line("a\nb"), "a\\u{a}b");
    }

    proptest! {
        #[test]
        fn nothing_that_drives_a_terminal_survives(text in any::<String>()) {
            let line = printable_line(&text);

            prop_assert!(!line.contains(drives_a_terminal));
            prop_assert_eq!(printable_line(&line), line.as_ref());
        }
    }
}
