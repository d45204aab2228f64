//! What claims mean, in a few words each (RFC 7519 §4.1, OIDC Core §2 and §5.1, RFC 9068 §2.2, and
//! what large providers add). Data only; a claim that is not here is simply not explained.

/// Names and meanings, in the order in which people want to see them.
pub(super) const MEANINGS: &[(&str, &str)] = &[
    ("iss", "issuer: who made the token"),
    ("sub", "subject: the account there"),
    ("aud", "audience: who it is for"),
    ("azp", "client it was issued to"),
    ("client_id", "client it was issued to"),
    ("appid", "client it was issued to"),
    ("cid", "client it was issued to"),
    ("exp", "expires"),
    ("nbf", "not valid before"),
    ("iat", "issued"),
    ("auth_time", "the person signed in"),
    ("name", "full name"),
    ("preferred_username", "name to sign in with"),
    ("upn", "user principal name"),
    ("unique_name", "name for display"),
    ("username", "name to sign in with"),
    ("email", "e-mail address"),
    ("email_verified", "is the address proven"),
    ("given_name", "first name"),
    ("family_name", "last name"),
    ("middle_name", "middle name"),
    ("nickname", "casual name"),
    ("profile", "profile page"),
    ("picture", "picture"),
    ("website", "web page"),
    ("gender", "gender"),
    ("birthdate", "date of birth"),
    ("zoneinfo", "time zone"),
    ("locale", "language and region"),
    ("phone_number", "telephone number"),
    ("phone_number_verified", "is the number proven"),
    ("address", "postal address"),
    ("updated_at", "profile last changed"),
    ("scope", "what it allows"),
    ("scp", "what it allows"),
    ("roles", "roles granted"),
    ("role", "role granted"),
    ("wids", "directory roles (Entra)"),
    ("groups", "groups of the account"),
    ("cognito:groups", "groups of the account"),
    ("hasgroups", "too many groups to list"),
    ("permissions", "permissions granted"),
    ("entitlements", "entitlements (RFC 9068)"),
    ("realm_access", "realm roles (Keycloak)"),
    ("resource_access", "client roles (Keycloak)"),
    ("authorization_details", "what it allows (RFC 9396)"),
    ("tid", "tenant (Entra)"),
    ("oid", "object id (Entra)"),
    ("idtyp", "kind of account (Entra)"),
    ("hd", "Workspace domain (Google)"),
    ("org_id", "organization"),
    ("ver", "version of the format"),
    ("token_use", "kind of token (Cognito)"),
    ("typ", "kind of token (Keycloak)"),
    ("acr", "strength of the sign-in"),
    ("amr", "how the person signed in"),
    ("nonce", "echo of the request"),
    ("at_hash", "binds the access token"),
    ("c_hash", "binds the code"),
    ("s_hash", "binds the state"),
    ("cnf", "key the sender must prove"),
    ("act", "who acts for the subject"),
    ("may_act", "who may act for the subject"),
    ("sid", "session at the provider"),
    ("session_state", "session at the provider"),
    ("jti", "id of this token"),
    ("uti", "id of this token (Entra)"),
    ("rh", "internal to Entra"),
    ("aio", "internal to Entra"),
    ("xms_cc", "client abilities (Entra)"),
    ("ipaddr", "address signed in from"),
    ("events", "what happened (RFC 8417)"),
    ("_claim_names", "claims kept elsewhere"),
    ("_claim_sources", "where those claims are"),
];

/// Returns what a claim means, in at most 28 characters so that it fits beside a value.
pub fn meaning_of(claim: &str) -> Option<&'static str> {
    let row = MEANINGS.iter().find(|(name, _)| *name == claim)?;
    Some(row.1)
}

/// Returns a claim's place in the order of the table; claims that are not in it come last.
pub(super) fn rank(claim: &str) -> usize {
    let row = MEANINGS.iter().position(|(name, _)| *name == claim);
    row.unwrap_or(MEANINGS.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_claim_is_explained_once_and_briefly() {
        let names: BTreeSet<&str> = MEANINGS.iter().map(|(name, _)| *name).collect();

        assert_eq!(names.len(), MEANINGS.len());
        for (name, meaning) in MEANINGS {
            assert!(meaning.chars().count() <= 28, "{name}: {meaning}");
        }
    }
}
