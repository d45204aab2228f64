//! Tokens as the standards write them: read strictly, verified, or merely looked at.
//!
//! [`Unverified`] promises only that the text is a well-formed signed token (RFC 7515, RFC 7519):
//! nothing may be decided from it. [`Verified`] promises that every check of OIDC Core §3.1.3.7
//! (or RFC 9068 §4) passed; only `verify` can make one. [`Inspection`] is for people's eyes.
//! Pure: no keys are fetched and no clock is read here.

mod algorithm;
mod by_the_crate;
pub mod checks;
mod claims;
mod compact;
mod failure;
mod inspect;
mod json;
mod key;
mod key_set;
mod made_by;
mod material;
mod meaning;
mod verify;
mod verify_more;
mod warning;

#[cfg(test)]
mod testing;

pub use algorithm::Algorithm;
pub use claims::{ClaimError, Claims};
pub use compact::{CompactError, Header, Part, Unverified};
pub use failure::{Check, Failure, Reason, TokenKind};
pub use inspect::{Described, Inspection, Kind, Moment, describe, inspect};
pub use json::{JsonError, strict_object};
pub use key::{Key, KeyRefusal};
pub use key_set::{KeySet, KeySetError, SkippedKey};
pub use made_by::{MadeBy, made_by};
pub use meaning::meaning_of;
pub use verify::{
    AccessTokenTypes, Expect, ExpectAccess, Verified, verify_access_token, verify_id_token,
};
pub use warning::Warning;
