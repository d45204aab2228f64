//! What a person should know of one issuer or another before its tokens are trusted.
//!
//! From the token and its issuer alone. Says what is known to go wrong, and nothing to fill a page.

use super::Trust;
use crate::base::is_loopback_host;
use crate::provider::entra::CLOUDS;

/// Issuers that sign for everybody: without the subject, a role would be open to strangers.
const SHARED: &[&str] = &[
    "https://accounts.google.com",
    "https://agent.buildkite.com",
    "https://api.bitbucket.org",
    "https://app.terraform.io",
    "https://cognito-identity.amazonaws.com",
    "https://gitlab.com",
    "https://oidc.vercel.com",
    "https://token.actions.githubusercontent.com",
];

/// The tenant of all personal accounts of Microsoft.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Where Entra's tokens of version 1 come from.
const ENTRA_V1: &str = "https://sts.windows.net/";

impl Trust<'_> {
    /// Returns the remarks, a sentence each.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        remarks.extend(self.about_azp());
        if self.audiences.len() > 1 {
            remarks.push(
                "the token names several audiences and no `azp`: the identity provider needs each of \
                 them as a client id, or better, the token one audience of its own"
                    .into(),
            );
        }
        remarks.extend(self.about_the_issuer());
        if self.is_entra() {
            remarks.extend(self.about_entra());
        }
        remarks
    }

    fn about_azp(&self) -> Option<String> {
        let claims = self.presented.claims;
        let client = claims.azp.as_deref()?;
        let is_other = claims.aud.iter().any(|audience| audience != client);
        is_other.then(|| {
            format!(
                "AWS judges `azp` in the place of `aud` where a token has it, so `{client}` stands in \
                 the block, and not `{}`",
                claims.aud.join("`, `")
            )
        })
    }

    fn about_the_issuer(&self) -> Option<String> {
        let issuer = self.issuer.as_str();
        if is_loopback_host(&self.issuer.url()) || !issuer.starts_with("https://") {
            return Some(format!(
                "AWS fetches the provider's metadata and keys by itself, and cannot reach `{issuer}`: \
                 only a stand-in for AWS on this machine can"
            ));
        }
        let is_shared = SHARED
            .iter()
            .any(|shared| issuer.trim_end_matches('/') == *shared)
            || issuer.contains(PERSONAL);
        is_shared.then(|| {
            format!(
                "`{issuer}` signs for everybody who has an account there: leave the condition on \
                 `sub` in the policy, or strangers get in"
            )
        })
    }

    fn is_entra(&self) -> bool {
        let host = self.issuer.url();
        let host = host.host_str().unwrap_or_default();
        self.is_entra_v1() || CLOUDS.iter().any(|cloud| cloud.host == host)
    }

    fn is_entra_v1(&self) -> bool {
        self.issuer.as_str().starts_with(ENTRA_V1)
    }

    fn about_entra(&self) -> Vec<String> {
        let claims = self.presented.claims;
        let object = claims.claim("oid").and_then(|oid| oid.as_str());
        let is_the_app = object.is_some() && object == Some(self.subject);
        let mut remarks = Vec::new();
        if is_the_app {
            remarks.push(
                "`sub` is the object id of the app's service principal: the app itself is trusted, \
                 and no person"
                    .into(),
            );
        } else {
            remarks.push(
                "at Entra a person's `sub` is another for each app, and it is not the object id: \
                 this one holds for the app that the token is for, and for no other; a policy for \
                 many people leaves `sub` out, which admits all whom the tenant lets sign in to the \
                 app"
                    .into(),
            );
        }
        let (this, other) = if self.is_entra_v1() {
            (1, "https://login.microsoftonline.com/TENANT/v2.0")
        } else {
            (2, "https://sts.windows.net/TENANT/")
        };
        remarks.push(format!(
            "this token is of version {this}; those of the other version have `{other}` as their \
             issuer, which is another identity provider to AWS"
        ));
        remarks
    }
}
