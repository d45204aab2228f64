//! Points in time as the standards write them: whole seconds since 1970 (RFC 7519 §2).
//!
//! Never asks what time it is; that is `sys::Clock`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Returns how long this is after `earlier`; zero when it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        let seconds = self.0.saturating_sub(earlier.0);
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
    }

    /// Returns the point `span` later, at most the last there is.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(span.as_secs()).unwrap_or(i64::MAX)),
        )
    }

    /// Returns the point `span` earlier, at least the first there is.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(span.as_secs()).unwrap_or(i64::MAX)),
        )
    }
}

/// Says a span in the two largest units that people use: `42 min`, `1 h 5 min`, `3 d 2 h`.
pub fn in_words(span: Duration) -> String {
    let seconds = span.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match () {
        () if days > 0 => two(days, "d", hours % 24, "h"),
        () if hours > 0 => two(hours, "h", minutes % 60, "min"),
        () if minutes > 0 && minutes < 10 => two(minutes, "min", seconds % 60, "s"),
        () if minutes > 0 => format!("{minutes} min"),
        () => format!("{seconds} s"),
    }
}

fn two(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    if small == 0 {
        format!("{large} {large_unit}")
    } else {
        format!("{large} {large_unit} {small} {small_unit}")
    }
}

/// Why a text is no span of time.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no span of time: write `90s`, `10m`, `1h` or `7d`")]
pub struct SpanError(String);

/// Parses a span: a whole number with `s`, `m`, `h` or `d`; a bare number is seconds.
///
/// # Errors
///
/// [`SpanError`] when it is none, or longer than a hundred years.
pub fn span(text: &str) -> Result<Duration, SpanError> {
    let wrong = || SpanError(crate::base::printable_line(text).into_owned());
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, text.chars().last()),
        None => (text, None),
    };
    let factor = match unit {
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 86400,
        Some(_) | None => 1,
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let seconds = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor));
    let seconds = seconds
        .filter(|seconds| *seconds <= 100 * 366 * 86400)
        .ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_two_units() {
        let said = |seconds| in_words(Duration::from_secs(seconds));

        assert_eq!(said(0), "0 s");
        assert_eq!(said(59), "59 s");
        assert_eq!(said(61), "1 min 1 s");
        assert_eq!(said(42 * 60 + 7), "42 min");
        assert_eq!(said(3600), "1 h");
        assert_eq!(said(3900), "1 h 5 min");
        assert_eq!(said(3 * 86400 + 7200), "3 d 2 h");
    }

    #[test]
    fn spans_are_read_with_and_without_a_unit() {
        let seconds = |text| span(text).map(|span| span.as_secs());

        assert_eq!(seconds("90"), Ok(90));
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("10m"), Ok(600));
        assert_eq!(seconds("1h"), Ok(3600));
        assert_eq!(seconds("7d"), Ok(604_800));
        for text in [
            "",
            "m",
            "-1",
            "1.5h",
            "1w",
            "h1",
            "99999999999999999999",
            "99999999d",
        ] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_overflows_at_the_ends_of_time() {
        let (first, last) = (Timestamp(i64::MIN), Timestamp(i64::MAX));

        assert_eq!(first.since(last), Duration::ZERO);
        assert_eq!(last.plus(Duration::MAX), last);
        assert_eq!(first.minus(Duration::MAX), first);
        assert!(last.since(first) > Duration::ZERO);
    }
}
