//! Does the provider say who it is, and has it keys that can be used?

use crate::base::Exit;
use crate::doctor::{Check, Finding, Patient};
use crate::flow::documents::Freshness;
use crate::flow::{Error, metadata};
use crate::oauth::metadata::Metadata;
use crate::provider::{MetadataHabit, Revocation};

pub(in crate::doctor) struct Discovery;

impl Check for Discovery {
    fn name(&self) -> &'static str {
        "provider"
    }

    fn run(&self, patient: &Patient) -> Finding {
        look(patient).unwrap_or_else(|error| Finding::of(&error))
    }

    fn late(&self) -> Finding {
        Finding::bad(
            "the provider did not answer in time",
            "check the network, a firewall or the proxy settings",
            Exit::Unreachable,
        )
    }
}

fn look(patient: &Patient) -> Result<Finding, Error> {
    let line = patient.line()?;
    let rule = patient.profile.issuer_rule(None);
    let metadata = metadata::fetch(line.wire(), &rule)?;
    let keys = metadata::keys(line.wire(), &metadata, Freshness::AsTold)?;
    let usable = keys.set.keys().len();
    let skipped = keys.set.skipped().len();
    if usable == 0 {
        return Ok(Finding::bad(
            "its key set has no key that can be used",
            "ask whoever runs the provider",
            Exit::Verification,
        ));
    }
    let title = patient.profile.provider.title;
    let said = match usable {
        1 => format!("{title}: metadata fits, 1 key"),
        many => format!("{title}: metadata fits, {many} keys"),
    };
    let mut more = lacks(patient, &metadata);
    if skipped > 0 {
        more.push(format!("{skipped} keys of the set are not used"));
    }
    Ok(Finding::good(said).with(more))
}

/// What the provider does not offer; none of it stands in the way.
fn lacks(patient: &Patient, metadata: &Metadata) -> Vec<String> {
    let provider = patient.profile.provider;
    let mut lacks = Vec::new();
    let mut note = |lacking: bool, what: &str| {
        if lacking {
            lacks.push(what.to_owned());
        }
    };
    note(
        metadata.device_authorization_endpoint.is_none(),
        "it offers no sign-in by device code",
    );
    note(
        metadata.revocation_endpoint.is_none() || provider.revocation == Revocation::Nowhere,
        "it takes no single token back at logout",
    );
    note(
        metadata.pushed_authorization_request_endpoint.is_none(),
        "it takes no pushed requests",
    );
    note(
        provider.metadata == MetadataHabit::Silent,
        "it does not say that it supports PKCE, and does",
    );
    lacks
}
