//! Claims about the person behind an access token (OIDC Core §5.3).

use crate::issuer::fault::Point;
use crate::issuer::message::{Answer, Request};
use crate::issuer::mint::person_claims;
use crate::issuer::realm::Realm;

use super::echo::{bearer, insufficient_scope, invalid_token};

/// Answers with the claims that the token's scopes allow.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    let token = match bearer(request) {
        Ok(token) => token,
        Err(answer) => return answer,
    };
    let found = {
        let state = realm.state();
        state
            .live_access(token, realm.clock.now())
            .map(|(access, grant)| (grant.person, access.scopes.clone()))
    };
    match found {
        None => invalid_token(),
        Some((Some(person), scopes)) if scopes.contains("openid") => {
            let claims = person_claims(person, &scopes);
            realm
                .faults
                .bend_json(realm, Point::UserInfo, claims)
                .no_store()
        }
        Some(_) => insufficient_scope("openid"),
    }
}
