//! Token revocation (RFC 7009).
//!
//! Builds the request and reads the status; never decides what a failure means for the session.

use std::time::Duration;

use zeroize::Zeroizing;

use super::{Refusal, form};
use crate::base::{ClientId, Secret};
use crate::oauth::client_auth::ClientAuth;

/// Which token is taken back (RFC 7009 §2.1, `token_type_hint`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// An access token.
    Access,
    /// A refresh token; most providers end its access tokens with it.
    Refresh,
}

/// What the provider made of it (RFC 7009 §2.2).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The token is dead, or never lived.
    Done,
    /// The token lives on; the provider asks to come again later.
    Later(Option<Duration>),
    /// The provider refused, for example to revoke that kind of token.
    Refused(Option<Refusal>, u16),
}

/// Writes the request's form.
pub fn body(
    token: &Secret,
    kind: Kind,
    client_id: &ClientId,
    auth: &ClientAuth,
) -> Zeroizing<String> {
    let hint = match kind {
        Kind::Access => "access_token",
        Kind::Refresh => "refresh_token",
    };
    let mut pairs = vec![("token", token.expose()), ("token_type_hint", hint)];
    pairs.extend(auth.form(client_id));
    form(&pairs)
}

/// Reads the answer; `retry_after` is the header of that name.
pub fn outcome(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Outcome {
    match status {
        200..=299 => Outcome::Done,
        429 | 503 => Outcome::Later(retry_after),
        _ => Outcome::Refused(Refusal::parse(body), status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_provider_means_that_the_token_lives_on() {
        let later = Some(Duration::from_secs(7));

        assert_eq!(outcome(503, later, b""), Outcome::Later(later));
        assert_eq!(outcome(200, None, b"anything"), Outcome::Done);
        let refused = outcome(400, None, br#"{"error":"unsupported_token_type"}"#);
        assert!(matches!(refused, Outcome::Refused(Some(refusal), 400)
            if refusal.is("unsupported_token_type")));
    }

    #[test]
    fn the_kind_of_token_goes_along_as_a_hint() {
        let id = ClientId::parse("c").unwrap();
        let token = Secret::new("t&1".into());
        let body = |kind| body(&token, kind, &id, &ClientAuth::None);

        assert_eq!(
            *body(Kind::Refresh),
            "token=t%261&token_type_hint=refresh_token&client_id=c"
        );
        assert_eq!(
            *body(Kind::Access),
            "token=t%261&token_type_hint=access_token&client_id=c"
        );
    }
}
