//! Who is in the practice directory: two tenants, the people in them, and personal accounts.
//!
//! Everybody is made up. A guest has another object id in every tenant, as in Entra.

/// A directory.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Tenant {
    /// Its GUID.
    pub(super) id: &'static str,
    /// Its verified domains.
    pub(super) domains: &'static [&'static str],
    /// The user flow it has where it is a directory of customers.
    pub(super) policy: &'static str,
}

/// The home of most people here.
pub(super) static CONTOSO: Tenant = Tenant {
    id: "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
    domains: &["contoso.onmicrosoft.com", "contoso.com"],
    policy: "b2c_1_signin",
};

/// Another company, where some are guests.
pub(super) static FABRIKAM: Tenant = Tenant {
    id: "3f1c8d52-6a90-4e7b-b2d4-5c0e9a7f1b26",
    domains: &["fabrikam.onmicrosoft.com", "fabrikam.com"],
    policy: "b2c_1_signin",
};

/// Personal accounts, the same GUID everywhere.
pub(super) static CONSUMERS: Tenant = Tenant {
    id: "9188040d-6c67-4c5b-b112-36a304b66dad",
    domains: &[],
    policy: "",
};

const ALL: [&Tenant; 3] = [&CONTOSO, &FABRIKAM, &CONSUMERS];

/// The tenant in a path, as a client wrote it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Asked {
    /// One tenant.
    One(&'static Tenant),
    /// Work, school and personal accounts.
    Common,
    /// Work and school accounts.
    Organizations,
}

impl Asked {
    /// Reads a path's first segment.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        match text.as_str() {
            "common" => Some(Self::Common),
            "organizations" => Some(Self::Organizations),
            "consumers" => Some(Self::One(&CONSUMERS)),
            _ => ALL
                .into_iter()
                .find(|tenant| tenant.id == text || tenant.domains.contains(&text.as_str()))
                .map(Self::One),
        }
    }

    /// Returns the GUID for an address, or the template that stands for any.
    pub(super) fn guid_or_template(self) -> &'static str {
        match self {
            Self::One(tenant) => tenant.id,
            Self::Common | Self::Organizations => "{tenantid}",
        }
    }

    /// Returns the segment that addresses in metadata have.
    pub(super) fn segment(self) -> &'static str {
        match self {
            Self::One(tenant) => tenant.id,
            Self::Common => "common",
            Self::Organizations => "organizations",
        }
    }
}

/// Somebody with an account.
#[derive(Debug, Eq, PartialEq)]
pub struct Account {
    /// What people type: the value of `--sign-in-as`.
    pub id: &'static str,
    /// The sign-in name.
    pub upn: &'static str,
    /// What they are, as the sign-in page says it.
    pub about: &'static str,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    pub(super) home: &'static Tenant,
    pub(super) oid: &'static str,
    /// Where they are a guest, and their object id there.
    pub(super) guest: Option<(&'static Tenant, &'static str)>,
    /// In how many groups they are.
    pub(super) groups: usize,
    pub(super) roles: &'static [&'static str],
}

/// An account as one tenant sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Seat {
    pub(super) account: &'static Account,
    pub(super) tenant: &'static Tenant,
    pub(super) oid: &'static str,
    pub(super) is_guest: bool,
}

const MEMBER: Account = Account {
    id: "amara",
    upn: "amara@contoso.com",
    about: "member of contoso, three groups",
    given: "Amara",
    family: "Okafor",
    home: &CONTOSO,
    oid: "5d0c1f3e-8a54-4c1b-9f0e-2b7c61a4d801",
    guest: None,
    groups: 3,
    roles: &["Orders.Reader"],
};

impl Account {
    /// Everybody, in the order of the sign-in page.
    pub const ALL: &'static [Self] = &[
        MEMBER,
        Self {
            id: "jonas",
            upn: "jonas@contoso.com",
            about: "administrator of contoso, 200 groups",
            given: "Jonas",
            family: "Lindqvist",
            oid: "c7b9e2a0-33d1-4f6a-8d27-90e5a1f4c802",
            groups: 200,
            roles: &["Orders.Admin", "Orders.Reader"],
            ..MEMBER
        },
        Self {
            id: "mei-lin",
            upn: "mei-lin@contoso.com",
            about: "member of contoso, guest in fabrikam",
            given: "Mei-Lin",
            family: "Tan",
            oid: "0e84f7d6-61c2-4b39-a5f8-7d3b2c9e1803",
            guest: Some((&FABRIKAM, "6a1d9c47-0b5e-43f2-9e88-c2f7d4a1b813")),
            ..MEMBER
        },
        Self {
            id: "sofia",
            upn: "sofia@fabrikam.com",
            about: "member of fabrikam, guest in contoso",
            given: "Sofía",
            family: "Herrera",
            home: &FABRIKAM,
            oid: "94a2b5c8-f07e-4d1d-b6e3-1c8f5a7d2804",
            guest: Some((&CONTOSO, "b0c4e6f8-2d13-4a79-8f5b-7e9a1c3d5814")),
            ..MEMBER
        },
        Self {
            id: "tomasz",
            upn: "tomasz@contoso.com",
            about: "member of contoso, 250 groups: more than a token holds",
            given: "Tomasz",
            family: "Zieliński",
            oid: "2f6d8b1a-c953-4e70-87a4-e5d0b3f6a805",
            groups: 250,
            ..MEMBER
        },
        Self {
            id: "priya",
            upn: "priya@contoso.com",
            about: "member of contoso: no groups, no roles",
            given: "Priya",
            family: "Raman",
            oid: "b83e5c07-2d94-4a6f-9c15-f47a8e0d3806",
            groups: 0,
            roles: &[],
            ..MEMBER
        },
        Self {
            id: "oskar",
            upn: "oskar@contoso.com",
            about: "member of contoso, 12,000 groups: more than Graph lists at once",
            given: "Oskar",
            family: "Virtanen",
            oid: "41f7c2d9-5e8b-4c36-a0d1-9b6e3f8a2807",
            groups: 12_000,
            ..MEMBER
        },
        Self {
            id: "lena",
            upn: "lena@outlook.example",
            about: "a personal account",
            given: "Lena",
            family: "Brandt",
            home: &CONSUMERS,
            oid: "00000000-0000-0000-3a5c-8e1f7b2d9c08",
            groups: 0,
            roles: &[],
            ..MEMBER
        },
    ];

    /// Finds somebody by id, sign-in name, object id or opaque hint.
    pub fn find(text: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|account| {
            account.id.eq_ignore_ascii_case(text)
                || account.upn.eq_ignore_ascii_case(text)
                || account.oid == text
                || account.hint() == text
        })
    }

    /// The opaque `login_hint`, which outlives a change of name.
    pub(super) fn hint(&self) -> String {
        let sum = crate::issuer::random::digest(self.oid);
        format!("O.{}", crate::issuer::random::base64url(&sum))
    }

    /// The `name` claim.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// How a tenant sees the account; `None` when it is not in there.
    pub(super) fn seat(&'static self, asked: Asked) -> Option<Seat> {
        let home = Seat {
            account: self,
            tenant: self.home,
            oid: self.oid,
            is_guest: false,
        };
        match (asked, self.guest) {
            (Asked::Common, _) => Some(home),
            (Asked::Organizations, _) => (*self.home != CONSUMERS).then_some(home),
            (Asked::One(tenant), _) if tenant == self.home => Some(home),
            (Asked::One(tenant), Some((there, oid))) if tenant == there => Some(Seat {
                tenant,
                oid,
                is_guest: true,
                ..home
            }),
            (Asked::One(_), _) => None,
        }
    }

    /// The object ids of the groups.
    pub(super) fn group_ids(&self) -> impl Iterator<Item = String> {
        (1..=self.groups).map(group_id)
    }
}

/// The object id of a group, by its number.
pub(super) fn group_id(number: usize) -> String {
    format!("0c0e{number:04x}-7d1b-4a11-9b5d-{number:012x}")
}

/// The number of a group, by its object id.
pub(super) fn group_number(id: &str) -> Option<usize> {
    let (_, last) = id.rsplit_once('-')?;
    let number = usize::from_str_radix(last, 16).ok()?;
    (group_id(number) == id).then_some(number)
}
