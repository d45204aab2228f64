//! Which name was likely meant by one that there is not. Never guesses far.

/// Finds the name that was most likely meant.
pub(super) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    /// Far enough for a swapped pair, near enough to be no riddle.
    const LEAST: f64 = 0.75;
    // Cut first: the comparison is quadratic and the text may be anything.
    let written: String = written.chars().take(64).collect::<String>().to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > LEAST)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.to_owned())
}
