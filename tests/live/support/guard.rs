//! Who a token is, as a resource server finds out: by the provider's published keys. Written without
//! the program's own verification, so that both would have to be wrong in the same way.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

/// Knows one provider.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    issuer: String,
    jwks: String,
}

/// Whom a request is from, and how it said so.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// `Bearer`, `Basic`, or none for a bare token.
    pub(crate) scheme: String,
    /// The user name beside a token that came as a password.
    pub(crate) username: Option<String>,
    /// What the token says.
    pub(crate) claims: Value,
}

impl Guard {
    /// Trusts the keys of this provider.
    #[track_caller]
    pub(crate) fn of(issuer: &str) -> Self {
        let metadata = document(&format!("{issuer}/.well-known/openid-configuration"));
        let jwks = metadata["jwks_uri"].as_str().expect("a provider has keys");
        Self {
            issuer: issuer.to_owned(),
            jwks: jwks.to_owned(),
        }
    }

    /// What a token says, if it is this provider's, signed, and not at its end.
    pub(crate) fn claims(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let (header, claims) = (json_of(header)?, json_of(claims)?);
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let keys = document(&self.jwks);
        let mut keys = keys["keys"].as_array()?.iter();
        let key = keys.find(|key| key["kid"] == header["kid"])?;
        let is_signed = is_by(key, header["alg"].as_str()?, signed.as_bytes(), &signature)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let is_ours = claims["iss"] == self.issuer.as_str();
        (is_signed && is_ours && claims["exp"].as_u64()? > now).then_some(claims)
    }

    /// Who sent this `Authorization` field: a bearer token, one as a password, or a bare one, which
    /// is how cargo sends it.
    pub(crate) fn caller(&self, authorization: &str) -> Option<Caller> {
        let (scheme, rest) = authorization
            .split_once(' ')
            .unwrap_or(("none", authorization));
        let (username, token) = if scheme.eq_ignore_ascii_case("basic") {
            let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
            let (name, password) = text.split_once(':')?;
            (Some(name.to_owned()), password.to_owned())
        } else {
            (None, rest.trim().to_owned())
        };
        Some(Caller {
            scheme: scheme.to_owned(),
            username,
            claims: self.claims(&token)?,
        })
    }
}

/// RS256, ES256 and EdDSA (RFC 7518 §3.1, RFC 8037 §3.1).
fn is_by(key: &Value, algorithm: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
    let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str()?).ok();
    let verified = match algorithm {
        "RS256" => {
            let (n, e) = (part("n")?, part("e")?);
            let key = RsaPublicKeyComponents { n, e };
            key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
        }
        "ES256" => {
            let point = [vec![4], part("x")?, part("y")?].concat();
            let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point);
            key.verify(message, signature)
        }
        "EdDSA" => {
            UnparsedPublicKey::new(&signature::ED25519, part("x")?).verify(message, signature)
        }
        _ => return None,
    };
    Some(verified.is_ok())
}

fn json_of(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[track_caller]
fn document(url: &str) -> Value {
    let mut answer = ureq::get(url).call().expect("the provider is up");
    let text = answer.body_mut().read_to_string();
    serde_json::from_str(&text.expect("it answers in full")).expect("it answers in JSON")
}
