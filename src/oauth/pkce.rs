//! Proof Key for Code Exchange: verifier and S256 challenge (RFC 7636 §4).
//!
//! `plain` does not exist here, so nothing can fall back to it (RFC 9700 §2.1.1).

use oauth2::{PkceCodeChallenge, PkceCodeVerifier};

use crate::base::Secret;

/// Returns the S256 challenge of a verifier (RFC 7636 §4.2).
pub fn challenge(verifier: &Secret) -> PkceCodeChallenge {
    let verifier = PkceCodeVerifier::new(verifier.expose().to_owned());
    PkceCodeChallenge::from_code_verifier_sha256(&verifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b_holds() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());

        let challenge = challenge(&verifier);

        assert_eq!(
            challenge.as_str(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        assert_eq!(challenge.method().as_str(), "S256");
    }
}
