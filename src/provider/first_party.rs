//! Client ids that belong to Microsoft's own tools.
//!
//! They work for others, and should not be used: the consent screen names Microsoft, an admin cannot
//! tell keyfob from the tool, and most are of one family, whose refresh tokens redeem as each other.

use crate::base::ClientId;

/// A tool of Microsoft's and its client id.
#[derive(Debug)]
pub struct FirstParty {
    /// The tool.
    pub tool: &'static str,
    /// Its client id, in lower case.
    pub client_id: &'static str,
    /// Whether a refresh token of it redeems as every other of the family.
    pub family: Family,
}

/// Whether refresh tokens are shared with other clients of Microsoft's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Family {
    /// They are: what is stolen from one opens mail and chats through another.
    Shared,
    /// It has not been seen.
    Alone,
}

/// The tools whose ids are borrowed most.
pub static FIRST_PARTIES: [FirstParty; 9] = [
    FirstParty {
        tool: "Azure CLI",
        client_id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        family: Family::Shared,
    },
    FirstParty {
        tool: "Azure PowerShell",
        client_id: "1950a258-227b-4e31-a9cf-717495945fc2",
        family: Family::Shared,
    },
    FirstParty {
        tool: "Visual Studio",
        client_id: "872cd9fa-d31f-45e0-9eab-6e460a02d1f1",
        family: Family::Shared,
    },
    FirstParty {
        tool: "Visual Studio Code",
        client_id: "aebc6443-996d-45c2-90f0-388ff96faa56",
        family: Family::Alone,
    },
    FirstParty {
        tool: "Microsoft Graph command line tools",
        client_id: "14d82eec-204b-4c2f-b7e8-296a70dab67e",
        family: Family::Alone,
    },
    FirstParty {
        tool: "Graph Explorer",
        client_id: "de8bc8b5-d9f9-48b1-a8ad-b748da725064",
        family: Family::Alone,
    },
    FirstParty {
        tool: "the AKS client",
        client_id: "80faf920-1908-4b52-b5ef-a8e7bedfc67a",
        family: Family::Alone,
    },
    FirstParty {
        tool: "the Azure portal",
        client_id: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
        family: Family::Alone,
    },
    FirstParty {
        tool: "the authentication broker",
        client_id: "29d9ed98-a469-4536-ade2-f981bc1d605e",
        family: Family::Shared,
    },
];

/// Finds the tool of Microsoft's that a client id belongs to.
pub fn owner(client_id: &ClientId) -> Option<&'static FirstParty> {
    FIRST_PARTIES
        .iter()
        .find(|party| party.client_id.eq_ignore_ascii_case(client_id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TenantId;

    #[test]
    fn every_id_is_a_guid_and_is_found_in_any_case() {
        for party in &FIRST_PARTIES {
            assert!(TenantId::parse(party.client_id).is_ok(), "{}", party.tool);
            let upper = ClientId::parse(&party.client_id.to_uppercase()).unwrap();
            assert_eq!(owner(&upper).unwrap().tool, party.tool);
        }
        assert!(owner(&ClientId::parse("keyfob-cli").unwrap()).is_none());
    }
}
