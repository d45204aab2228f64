//! Is the client's secret there, and how old is it? Never reads it where a look will do.

use std::time::Duration;

use crate::base::{Exit, in_words};
use crate::config::SecretReference;
use crate::doctor::{Check, Finding, Patient};
use crate::sys::clock::{Clock as _, SystemClock};
use crate::sys::files;

/// Older secrets should have been renewed.
const OLD: Duration = Duration::from_secs(180 * 24 * 3600);

pub(in crate::doctor) struct Secret;

impl Check for Secret {
    fn name(&self) -> &'static str {
        "secret"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let unknown = "its age and its end are known to the provider alone";
        match &patient.profile.client_secret {
            None => Finding::good("none: a public client needs none"),
            Some(SecretReference::Environment(name)) => {
                if patient.env.vars.get(name).is_none_or(str::is_empty) {
                    return Finding::bad(
                        format!("the variable `{name}` is not set"),
                        format!("set `{name}`"),
                        Exit::Config,
                    );
                }
                Finding::good(format!("in the variable `{name}`")).with([unknown.to_owned()])
            }
            Some(SecretReference::Keyring(name)) => {
                Finding::good(format!("in the store, as `{name}`")).with([unknown.to_owned()])
            }
            Some(SecretReference::File(path)) => {
                match files::written(path).map(|at| SystemClock::new().now().since(at)) {
                    None => Finding::bad(
                        format!("the file `{}` cannot be looked at", path.display()),
                        "correct `client_secret`",
                        Exit::Config,
                    ),
                    Some(age) if age > OLD => Finding::warning(
                        format!("its file is {} old", in_words(age)),
                        "make a new secret, better a certificate or a federated credential, and \
                     delete the old one",
                    ),
                    Some(age) => Finding::good(format!("its file is {} old", in_words(age)))
                        .with([unknown.to_owned()]),
                }
            }
        }
    }
}
