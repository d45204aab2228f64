//! Compact signed tokens (RFC 7515 §3.1, RFC 7519 §7.2): three parts, strictly.
//!
//! Never decrypts, never follows a key that the header names or embeds (`jku`, `x5u`, `jwk`,
//! `x5c`), never repairs: padding, white space and loose trailing bits are errors, so one token
//! has exactly one spelling.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::claims::{ClaimError, Claims};
use super::json::{JsonError, strict_object};
use crate::base::printable_line;

/// The longest token that is looked at, in bytes; Entra's with 200 groups stay below 16 KiB.
pub(super) const MOST_BYTES: usize = 64 * 1024;

/// The longest key identifier, in bytes; thumbprints and certificate names are far shorter.
const MOST_KID_BYTES: usize = 512;

/// A well-formed signed token that nobody has verified: nothing may be decided from it.
#[derive(Clone)]
pub struct Unverified {
    header: Header,
    claims: Claims,
    signing_input: Zeroizing<String>,
    signature: Vec<u8>,
}

/// The header's members that matter here, and all of them for display.
#[derive(Clone, Debug)]
pub struct Header {
    /// The algorithm's name as written; may be one that is never accepted.
    pub alg: String,
    /// The key's identifier: a map key, nothing else.
    pub kid: Option<String>,
    /// The token's media type.
    pub typ: Option<String>,
    /// Every member.
    pub members: Map<String, Value>,
}

/// One of the three parts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// The first.
    Header,
    /// The second.
    Claims,
    /// The third.
    Signature,
}

/// Why a text is not a signed token that can be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CompactError {
    /// A part is not strict base64url.
    #[error("the {} is not base64url without padding", .0.name())]
    Base64(Part),
    /// A registered claim has the wrong type.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The header demands extensions that are not known (RFC 7515 §4.1.11).
    #[error("the header demands extensions that are not known (`crit`: {0})")]
    Critical(String),
    /// Five parts: an encrypted token (JWE, RFC 7516).
    #[error("it is encrypted (a JWE), which is not supported")]
    Encrypted,
    /// A header member has the wrong type, or is missing.
    #[error("the header's `{0}` must be a text")]
    HeaderMember(&'static str),
    /// A part is not a strict JSON object.
    #[error("the {} cannot be read: {error}", .part.name())]
    Json {
        /// Which part.
        part: Part,
        /// What is wrong with it.
        error: JsonError,
    },
    /// The key identifier is too long.
    #[error("the header's `kid` is longer than 512 bytes")]
    KidTooLong,
    /// A token inside the token (RFC 7519 §5.2).
    #[error("it holds another token (`cty`), which is not supported")]
    Nested,
    /// Not three parts.
    #[error("it has {0} parts between dots, a signed token has 3")]
    Parts(usize),
    /// Longer than 64 KiB.
    #[error("it is longer than 64 KiB")]
    TooLong,
    /// `b64: false` (RFC 7797).
    #[error("its claims are not encoded (`b64` is false), which is not supported")]
    Unencoded,
}

impl Part {
    /// Returns the part's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Claims => "claims",
            Self::Signature => "signature",
        }
    }
}

impl Unverified {
    /// Reads a token, exactly as written: no white space around it.
    ///
    /// # Errors
    ///
    /// Every [`CompactError`]; none holds a part of the token but names from its header.
    pub fn parse(token: &str) -> Result<Self, CompactError> {
        if token.len() > MOST_BYTES {
            return Err(CompactError::TooLong);
        }
        let (header, claims, signature) = three_parts(token)?;
        let signing_input = Zeroizing::new(format!("{header}.{claims}"));
        Ok(Self {
            header: Header::read(object(Part::Header, header)?)?,
            claims: Claims::read(object(Part::Claims, claims)?)?,
            signing_input,
            signature: decode(Part::Signature, signature)?,
        })
    }

    /// Returns the header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the claims, which nobody vouches for yet.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    pub(super) fn into_claims(self) -> Claims {
        self.claims
    }

    /// Returns what was signed.
    pub(super) fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }
}

impl fmt::Debug for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was signed and its signature together are the token, which opens doors.
        f.debug_struct("Unverified")
            .field("header", &self.header)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

impl Header {
    fn read(members: Map<String, Value>) -> Result<Self, CompactError> {
        if let Some(critical) = members.get("crit") {
            let names = printable_line(&critical.to_string()).into_owned();
            return Err(CompactError::Critical(names));
        }
        if members.get("b64").is_some_and(|b64| b64 != true) {
            return Err(CompactError::Unencoded);
        }
        let kid = text(&members, "kid")?;
        if kid.as_ref().is_some_and(|kid| kid.len() > MOST_KID_BYTES) {
            return Err(CompactError::KidTooLong);
        }
        if text(&members, "cty")?.is_some() {
            return Err(CompactError::Nested);
        }
        Ok(Self {
            alg: text(&members, "alg")?.ok_or(CompactError::HeaderMember("alg"))?,
            kid,
            typ: text(&members, "typ")?,
            members,
        })
    }
}

fn three_parts(token: &str) -> Result<(&str, &str, &str), CompactError> {
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.count()) {
        (Some(header), Some(claims), Some(signature), 0) => Ok((header, claims, signature)),
        (_, _, Some(_), 2) => Err(CompactError::Encrypted),
        _ => Err(CompactError::Parts(token.split('.').count())),
    }
}

fn object(part: Part, encoded: &str) -> Result<Map<String, Value>, CompactError> {
    strict_object(&decode(part, encoded)?).map_err(|error| CompactError::Json { part, error })
}

fn decode(part: Part, encoded: &str) -> Result<Vec<u8>, CompactError> {
    BASE64_URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|_| CompactError::Base64(part))
}

fn text(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, CompactError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(CompactError::HeaderMember(name)),
    }
}

#[cfg(test)]
mod tests;
