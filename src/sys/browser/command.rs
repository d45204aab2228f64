//! PURE: a browser's command line to words, as a shell splits it, without a shell.
//!
//! Knows quotes and backslashes, and nothing else: no variables, no substitution, no patterns.

/// Splits a command into words and puts the URL where `%s` stands, or last; none when there is no
/// word, or a quotation has no end.
pub(super) fn words(command: &str, url: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut url_placed = false;
    let mut quote = None;
    let mut chars = command.chars().peekable();
    while let Some(c) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            words.extend(word.take());
            continue;
        }
        let word = word.get_or_insert_default();
        match c {
            '\'' | '"' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            // Windows paths are full of backslashes that mean themselves.
            '\\' if cfg!(unix) && quote != Some('\'') => word.push(chars.next()?),
            '%' => match chars.next_if(|next| matches!(next, 's' | 'c' | '%')) {
                Some('s') => {
                    word.push_str(url);
                    url_placed = true;
                }
                Some('c') => word.push(':'),
                Some(_) | None => word.push('%'),
            },
            _ => word.push(c),
        }
    }
    words.extend(word);
    if quote.is_some() || words.first().is_none_or(String::is_empty) {
        return None;
    }
    if !url_placed {
        words.push(url.to_owned());
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://a/?b=%s";

    #[test]
    fn the_url_stands_where_it_is_asked_for_or_last() {
        let split = |command| words(command, URL).unwrap();

        assert_eq!(split("firefox"), ["firefox", URL]);
        assert_eq!(split("a -u=%s -x"), ["a", &format!("-u={URL}"), "-x"]);
        assert_eq!(split("a '%s'"), ["a", URL]);
        assert_eq!(split("a 1%% %c %u"), ["a", "1%", ":", "%u", URL]);
    }

    #[test]
    fn quotes_hold_words_together() {
        let split = |command| words(command, URL).unwrap();

        let quoted = split("'/opt/My Browser/run' \"two words\" ''");
        assert_eq!(quoted, ["/opt/My Browser/run", "two words", "", URL]);
        assert_eq!(split("it\"'\"s"), ["it's", URL]);
    }

    #[test]
    fn what_is_no_command_is_refused() {
        for command in ["", "   ", "'a", "a \"b", "''"] {
            assert_eq!(words(command, URL), None, "{command:?}");
        }
    }
}
