//! Is the client the user's own? Microsoft's are of a family whose refresh tokens redeem as each
//! other, and a borrowed one shows another name on the consent screen.

use crate::doctor::{Check, Finding, Patient};
use crate::provider::first_party::{Family, owner};

pub(in crate::doctor) struct Client;

impl Check for Client {
    fn name(&self) -> &'static str {
        "client"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let remedy = "register an app of your own: `keyfob config add --entra TENANT` prints how";
        if let Some(owner) = owner(&patient.profile.client_id) {
            let family = match owner.family {
                Family::Shared => ", whose refresh token opens every app of its family",
                Family::Alone => "",
            };
            return Finding::warning(format!("borrowed from {}{family}", owner.tool), remedy);
        }
        if patient.entries().iter().any(|entry| entry.is_family) {
            return Finding::warning(
                "its refresh token serves a family of Microsoft's own apps",
                remedy,
            );
        }
        Finding::good("your own registration")
    }
}
