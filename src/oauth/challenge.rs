//! A challenge of an API: `WWW-Authenticate` (RFC 9110 §11.6.1, RFC 6750 §3), with the claims that
//! Entra's APIs demand, or the kind of sign-in of RFC 9470; or those claims alone.
//!
//! An API is no provider: no address in a challenge is followed, and nothing in it names a scope, a
//! client or a tenant. What demands nothing is an error that says what was found.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{AcrValues, ClaimsError, ClaimsRequest, Demand};
use crate::base::{Diagnostic, Exit, Hint, printable_line};

/// The longest text that is read: a few headers of a response.
pub const LONGEST: usize = 64 * 1024;

/// The header, as a line begins with it.
const HEADER: &str = "www-authenticate:";

/// Base64 as APIs write it: padded or not, and with what is left over ignored.
const LOOSE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Why a text demands nothing that could be met.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ChallengeError {
    /// The claims are not what they must be.
    #[error("the challenge cannot be used: {0}")]
    Claims(ClaimsError),
    /// A challenge for a token, and no demand in it.
    #[error("the challenge demands no claims and no other sign-in{}", said(.0.as_deref()))]
    NoDemand(Option<String>),
    /// A header, and no challenge for a bearer token in it.
    #[error("there is no challenge for a Bearer token, only for {}", printable_line(.0))]
    NotBearer(String),
    /// Neither a header, nor claims.
    #[error("this is neither a `WWW-Authenticate` header nor claims, in base64 or as JSON")]
    Nothing,
    /// Longer than anything real.
    #[error("the challenge is longer than {} KiB", LONGEST / 1024)]
    TooLong,
}

fn said(error: Option<&str>) -> String {
    error.map_or_else(String::new, |error| {
        format!(": it only says `{}`", printable_line(error))
    })
}

impl From<ClaimsError> for ChallengeError {
    fn from(error: ClaimsError) -> Self {
        Self::Claims(error)
    }
}

impl Diagnostic for ChallengeError {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::NoDemand(Some(error)) if error == "invalid_token" => {
                "ask for a new token with `--renew` instead"
            }
            Self::NoDemand(Some(error)) if error == "insufficient_scope" => {
                "ask for the scopes with `--scope` instead"
            }
            Self::Claims(_) | Self::NoDemand(_) | Self::NotBearer(_) => {
                "ask whoever runs the API what its answer is to mean"
            }
            Self::Nothing | Self::TooLong => {
                "give the value of the `WWW-Authenticate` header of the API's answer, as in \
                 `curl -sI URL | keyfob token PROFILE --claims-challenge -`"
            }
        };
        Some(Hint::Try(hint.to_owned()))
    }
}

/// One challenge of a header.
#[derive(Debug, Default, Eq, PartialEq)]
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.parameters.iter();
        let (_, value) = all.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    fn is_bearer(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("bearer")
    }

    /// What it demands; nothing for one that only says that the token is not good.
    fn demand(&self) -> Result<Option<Demand>, ChallengeError> {
        let mut demand = Demand::default();
        if let Some(claims) = self.get("claims").filter(|text| !text.trim().is_empty()) {
            demand.claims = Some(from_base64(claims)?);
        }
        if self.get("error") == Some("insufficient_user_authentication") {
            demand.acr_values = self.get("acr_values").and_then(AcrValues::parse);
            demand.max_age = self.get("max_age").and_then(|text| text.parse().ok());
        }
        Ok(Some(demand).filter(|demand| !demand.is_empty()))
    }
}

/// Reads what an API demands: a header's value, whole lines of a response, base64, or JSON. Of
/// several challenges for a bearer token, the first that demands something counts.
///
/// # Errors
///
/// Every [`ChallengeError`].
pub fn parse(text: &str) -> Result<Demand, ChallengeError> {
    if text.len() > LONGEST {
        return Err(ChallengeError::TooLong);
    }
    let text = text.trim();
    if text.starts_with('{') {
        return Ok(Demand::of_claims(ClaimsRequest::parse(text)?));
    }
    let headers = headers(text);
    let is_scheme = text.eq_ignore_ascii_case("bearer");
    let is_one_word = !text.is_empty() && text.bytes().all(is_base64);
    if headers.is_empty() && is_one_word && !is_scheme {
        return from_base64(text).map(Demand::of_claims).map_err(|error| {
            let is_other = matches!(error, ChallengeError::Claims(ClaimsError::NotAnObject(_)));
            if is_other {
                ChallengeError::Nothing
            } else {
                error
            }
        });
    }
    let whole = if headers.is_empty() {
        text.to_owned()
    } else {
        headers.join(", ")
    };
    from_header(&whole)
}

/// What one challenge says, for whoever explains it.
#[derive(Debug)]
pub struct Told {
    /// Its `error`.
    pub error: Option<String>,
    /// Its `error_description`.
    pub description: Option<String>,
    /// What it demands.
    pub demand: Result<Option<Demand>, ChallengeError>,
}

/// Reads every challenge that says anything: of a header's value, or of whole lines of a response.
pub fn told(text: &str) -> Vec<Told> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let headers = headers(text);
    let values = if headers.is_empty() {
        vec![text.trim()]
    } else {
        headers
    };
    values
        .into_iter()
        .filter_map(challenges)
        .flatten()
        .filter(|challenge| !challenge.parameters.is_empty())
        .map(|challenge| Told {
            error: challenge.get("error").map(ToOwned::to_owned),
            description: challenge.get("error_description").map(ToOwned::to_owned),
            demand: challenge.demand(),
        })
        .collect()
}

/// The values of the header's lines, if there are any.
fn headers(text: &str) -> Vec<&str> {
    let value = |line: &'_ str| {
        let named = line.get(..HEADER.len())?.eq_ignore_ascii_case(HEADER);
        named.then_some(HEADER.len())
    };
    text.lines()
        .map(str::trim)
        .filter_map(|line| line.get(value(line)?..).map(str::trim))
        .collect()
}

fn from_header(text: &str) -> Result<Demand, ChallengeError> {
    let challenges = challenges(text).ok_or(ChallengeError::Nothing)?;
    let mut error = None;
    for challenge in challenges.iter().filter(|challenge| challenge.is_bearer()) {
        if let Some(demand) = challenge.demand()? {
            return Ok(demand);
        }
        error = error.or(challenge.get("error"));
    }
    if challenges.iter().any(Challenge::is_bearer) {
        return Err(ChallengeError::NoDemand(error.map(ToOwned::to_owned)));
    }
    let schemes: Vec<&str> = challenges.iter().map(|one| one.scheme.as_str()).collect();
    Err(ChallengeError::NotBearer(schemes.join(", ")))
}

/// Claims in base64 or base64url; some APIs write them as plain JSON.
fn from_base64(text: &str) -> Result<ClaimsRequest, ChallengeError> {
    if text.trim_start().starts_with('{') {
        return Ok(ClaimsRequest::parse(text)?);
    }
    let standard: String = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    let bytes = LOOSE.decode(standard).ok();
    let json = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let json = json.ok_or_else(|| ClaimsError::NotAnObject("they are not base64".into()))?;
    Ok(ClaimsRequest::parse(&json)?)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(&byte)
}

/// Reads a header's value; `None` when it is none.
fn challenges(text: &str) -> Option<Vec<Challenge>> {
    let mut reader = Reader(text);
    let mut found: Vec<Challenge> = Vec::new();
    loop {
        reader.skip(|c| c == ',' || c.is_ascii_whitespace());
        if reader.0.is_empty() {
            return (!found.is_empty()).then_some(found);
        }
        let word = reader.take(is_token)?;
        if reader.comes_equals() {
            let value = reader.value()?;
            found.last_mut()?.parameters.push((word.to_owned(), value));
        } else {
            found.push(Challenge {
                scheme: word.to_owned(),
                ..Challenge::default()
            });
            reader.skip_token68();
        }
    }
}

/// What is left of a header's value.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(is_skipped);
    }

    /// Takes the characters that fit; `None` when there are none.
    fn take(&mut self, fits: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self.0.find(|c| !fits(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!taken.is_empty()).then_some(taken)
    }

    /// Takes `=`, if that comes next.
    fn comes_equals(&mut self) -> bool {
        let after = self.0.trim_start().strip_prefix('=');
        self.0 = after.unwrap_or(self.0);
        after.is_some()
    }

    /// Takes a value; `None` when it never ends.
    fn value(&mut self) -> Option<String> {
        self.0 = self.0.trim_start();
        let Some(quoted) = self.0.strip_prefix('"') else {
            // Base64 without quotes has `=` in it.
            let bare = self.take(|c| c != ',' && !c.is_ascii_whitespace());
            return Some(bare.unwrap_or_default().to_owned());
        };
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    self.0 = quoted.get(at + 1..).unwrap_or_default();
                    return Some(value);
                }
                '\\' => value.extend(characters.next().map(|(_, c)| c)),
                other => value.push(other),
            }
        }
        None
    }

    /// Skips what stands for credentials right after a scheme, as in `Negotiate YIIB…=`.
    fn skip_token68(&mut self) {
        let mut rest = Reader(self.0.trim_start());
        let taken = rest.take(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        rest.skip(|c| c == '=');
        let ends = rest.0.trim_start().is_empty() || rest.0.trim_start().starts_with(',');
        let is_padded = taken.is_some() && ends;
        if is_padded {
            self.0 = rest.0;
        }
    }
}

/// RFC 9110 §5.6.2.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests;
