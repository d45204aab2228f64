//! Which parameters a profile may add to the authorization request (RFC 6749 §4.1.1).
//!
//! Never lets one through that keyfob sets itself: a fixed `state` or `nonce` would undo the
//! checks that depend on them.

/// Tells why a parameter may not be added to the authorization request.
pub(super) fn reserved(parameter: &str) -> Option<&'static str> {
    let is = |list: &[&str]| list.contains(&parameter);
    match () {
        () if is(&OWN_PARAMETERS) => Some("keyfob sets it itself"),
        () if is(&SET_PARAMETERS) => Some("write it as a setting of the profile"),
        () if is(&SECRET_PARAMETERS) => Some("a secret has no place in a URL"),
        () if parameter.is_empty() => Some("it has no name"),
        () if !parameter.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Some("a name is printable ASCII without spaces")
        }
        () => None,
    }
}

/// Tells what a parameter's value must be, if it is not: a wish that cannot be read could not be
/// enforced (OIDC Core §3.1.2.1).
pub(super) fn must_be(parameter: &str, value: &str) -> Option<&'static str> {
    let is_number = value.parse::<u32>().is_ok() && value.bytes().all(|b| b.is_ascii_digit());
    (parameter == "max_age" && !is_number).then_some("a number of seconds in quotes")
}

/// Authorize parameters that keyfob sets itself.
const OWN_PARAMETERS: [&str; 12] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "dpop_jkt",
];

/// Authorize parameters that have a setting of their own.
const SET_PARAMETERS: [&str; 2] = ["resource", "audience"];

/// Parameters that would put a secret into a URL.
const SECRET_PARAMETERS: [&str; 5] = [
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code_verifier",
    "password",
];
