//! Does the sign-in ask for more than its targets use?

use crate::doctor::{Check, Finding, Patient};

/// Scopes that every sign-in may ask for (OIDC Core §5.4 and §11).
const PLAIN: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Words in a scope that stand for far more than a developer's tool needs.
const BROAD: [&str; 6] = [
    "Directory.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "Application.ReadWrite.All",
    "full_access",
    "cloud-platform",
    "Sites.FullControl.All",
];

pub(in crate::doctor) struct Scopes;

impl Check for Scopes {
    fn name(&self) -> &'static str {
        "scopes"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let profile = &patient.profile;
        let own = || {
            profile
                .base
                .scopes
                .iter()
                .filter(|scope| !PLAIN.contains(scope))
        };
        let all = own().chain(
            profile
                .targets
                .values()
                .flat_map(|target| target.scopes.iter()),
        );
        let broad: Vec<&str> = all
            .filter(|scope| BROAD.iter().any(|word| scope.contains(word)))
            .collect();
        if !broad.is_empty() {
            return Finding::warning(
                format!("very broad: `{}`", broad.join("`, `")),
                "ask for the narrowest scope that the task needs",
            );
        }
        // What no target shares is the profile's own API, and used as such.
        let is_used = |scope: &&str| {
            let mut targets = profile.targets.values();
            targets.any(|target| target.scopes.contains(scope))
        };
        let unused: Vec<&str> = own().filter(|scope| !is_used(scope)).collect();
        if own().any(|scope| is_used(&scope)) && !unused.is_empty() {
            return Finding::warning(
                format!("wider than its targets by `{}`", unused.join("`, `")),
                format!(
                    "leave out what nobody needs: `keyfob config show {}`",
                    profile.name
                ),
            );
        }
        match own().count() {
            0 => Finding::good("no more than who you are, and the targets' own"),
            1 => Finding::good("1 of an API"),
            many => Finding::good(format!("{many} of APIs")),
        }
    }
}
