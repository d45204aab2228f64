//! Sample people with groups and roles, made up.
//!
//! Nobody here has a password: whoever sees the sign-in page is whom they choose to be.

/// Somebody who can sign in at the practice provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Person {
    /// What people type: the value of `auto_approve` and of `login_hint`.
    pub id: &'static str,
    /// The `sub` claim.
    pub subject: &'static str,
    /// The first name.
    pub given_name: &'static str,
    /// The last name.
    pub family_name: &'static str,
    /// What they do, as the sign-in page says it.
    pub about: &'static str,
    /// The `locale` claim.
    pub locale: &'static str,
    /// The `roles` claim.
    pub roles: &'static [&'static str],
    /// The named part of the `groups` claim.
    groups: &'static [&'static str],
    /// How many numbered groups come after the named ones.
    more_groups: usize,
}

impl Person {
    /// Everybody, in the order of the sign-in page.
    pub const ALL: &'static [Self] = &[
        Self {
            id: "amara",
            subject: "5d0c1f3e-8a54-4c1b-9f0e-2b7c61a4d801",
            given_name: "Amara",
            family_name: "Okafor",
            about: "Backend developer",
            locale: "en-GB",
            roles: &["developer"],
            groups: &["engineering", "orders-team", "vpn-users"],
            more_groups: 0,
        },
        Self {
            id: "jonas",
            subject: "c7b9e2a0-33d1-4f6a-8d27-90e5a1f4c802",
            given_name: "Jonas",
            family_name: "Lindqvist",
            about: "Platform administrator",
            locale: "sv-SE",
            roles: &["admin", "developer"],
            groups: &["engineering", "platform", "on-call", "vpn-users"],
            more_groups: 0,
        },
        Self {
            id: "mei-lin",
            subject: "0e84f7d6-61c2-4b39-a5f8-7d3b2c9e1803",
            given_name: "Mei-Lin",
            family_name: "Tan",
            about: "Finance, reads reports",
            locale: "en-SG",
            roles: &["auditor", "reports-reader"],
            groups: &["finance", "month-end"],
            more_groups: 0,
        },
        Self {
            id: "sofia",
            subject: "94a2b5c8-f07e-4d1d-b6e3-1c8f5a7d2804",
            given_name: "Sofía",
            family_name: "Herrera",
            about: "Customer support",
            locale: "es-MX",
            roles: &["support"],
            groups: &["support", "orders-readers"],
            more_groups: 0,
        },
        Self {
            id: "tomasz",
            subject: "2f6d8b1a-c953-4e70-87a4-e5d0b3f6a805",
            given_name: "Tomasz",
            family_name: "Zieliński",
            about: "Twelve years here, in 250 groups",
            locale: "pl-PL",
            roles: &["architect", "developer"],
            groups: &["engineering", "architects"],
            more_groups: 248,
        },
        Self {
            id: "priya",
            subject: "b83e5c07-2d94-4a6f-9c15-f47a8e0d3806",
            given_name: "Priya",
            family_name: "Raman",
            about: "Started today: no groups, no roles",
            locale: "en-IN",
            roles: &[],
            groups: &[],
            more_groups: 0,
        },
    ];

    /// Finds somebody by what people type: id, e-mail address or subject.
    pub fn find(text: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|person| {
            person.id.eq_ignore_ascii_case(text)
                || person.email().eq_ignore_ascii_case(text)
                || person.subject == text
        })
    }

    /// Returns the `name` claim.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// Returns the `email` claim.
    pub fn email(&self) -> String {
        format!("{}@practice.example", self.id)
    }

    /// Returns the `groups` claim.
    pub fn groups(&self) -> Vec<String> {
        let numbered = (1..=self.more_groups).map(|number| format!("project-{number:03}-members"));
        let named = self.groups.iter().copied().map(str::to_owned);
        named.chain(numbered).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_found_by_id_address_and_subject_and_is_unique() {
        for person in Person::ALL {
            for text in [person.id, &person.email(), person.subject] {
                assert_eq!(Person::find(text), Some(person));
            }
        }
        assert_eq!(Person::find("nobody"), None);
    }

    #[test]
    fn tomasz_is_in_250_groups() {
        assert_eq!(Person::find("tomasz").unwrap().groups().len(), 250);
    }
}
