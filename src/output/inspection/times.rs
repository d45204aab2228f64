//! Dates for people: in the reader's zone, and from now.
//!
//! Never asks what time it is or where the reader is; both are arguments.

use jiff::tz::TimeZone;

use crate::base::{Timestamp, in_words};
use crate::jwt::Moment;

pub(super) fn event(moment: &Moment, now: Timestamp) -> &'static str {
    match moment.claim {
        "auth_time" => "signed in",
        "exp" if moment.at <= now => "expired",
        "exp" => "expires",
        "iat" => "issued",
        "nbf" => "valid from",
        _ => "profile changed",
    }
}

pub(super) fn local(at: Timestamp, zone: &TimeZone) -> String {
    match jiff::Timestamp::from_second(at.0) {
        Ok(moment) => {
            let zoned = moment.to_zoned_datetime(zone.clone());
            zoned.strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
        }
        // The very last hours of the year 9999 are beyond the calendar.
        Err(_) => at.0.to_string(),
    }
}

/// Says where a date lies from now: `in 42 min`, `7 min ago`, `now`.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    match at.0.cmp(&now.0) {
        std::cmp::Ordering::Less => format!("{} ago", in_words(now.since(at))),
        std::cmp::Ordering::Equal => "now".to_owned(),
        std::cmp::Ordering::Greater => format!("in {}", in_words(at.since(now))),
    }
}
