//! The codes of AWS STS, where a token is traded for the credentials of a role.
//!
//! Data only: what follows from a refusal is decided in `flow/assume_role`.

use super::{AWS_ADMIN, Code, DEVELOPER, NOBODY, Next, Row, YOU, YOU_OR_AWS_ADMIN};

/// Every family.
pub(super) const FAMILIES: &[&[Row]] = &[ROWS];

/// The rows.
const ROWS: &[Row] = &[
    Row {
        code: Code::Name("AccessDenied"),
        meaning: "the token is good, but no statement of the role's trust policy lets it in: the \
                  provider, the audience or the subject is another than the policy names",
        fixers: AWS_ADMIN,
        next: Next::Run("keyfob explain aws {profile}"),
        avoid: "widen the policy with `*`: it would let every account of the provider in",
    },
    Row {
        code: Code::Name("ExpiredTokenException"),
        meaning: "the token is over by the clock of AWS",
        fixers: YOU,
        next: Next::Step(
            "set this machine's clock, then run `keyfob credential aws {profile}` again",
        ),
        avoid: "write the token into a file: keyfob gets a new one whenever it is needed",
    },
    Row {
        code: Code::Name("IDPCommunicationError"),
        meaning: "AWS could not reach the provider to fetch its keys, or not in time",
        fixers: NOBODY,
        next: Next::Step(
            "try again in a minute; if it stays, the provider's metadata and keys must be reachable \
             from the internet",
        ),
        avoid: "change the trust policy: it was not looked at yet",
    },
    Row {
        code: Code::Name("IDPRejectedClaim"),
        meaning: "the provider says that the token, or the sign-in behind it, is no longer good",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry with the same token",
    },
    Row {
        code: Code::Name("InvalidIdentityToken"),
        meaning: "AWS cannot verify the token: there is no identity provider in the account with \
                  exactly the token's issuer and audience, or it cannot find the key that signed it",
        fixers: YOU_OR_AWS_ADMIN,
        next: Next::Run("keyfob explain aws {profile}"),
        avoid: "add or drop a slash at the end of the issuer by hand: it must be the token's own",
    },
    Row {
        code: Code::Name("MalformedPolicyDocument"),
        meaning: "the session policy that was sent along is not a policy as AWS reads it",
        fixers: DEVELOPER,
        next: Next::Step(
            "correct `aws_policy` in the profile: it needs `Version` and `Statement`, and no \
             `Principal`",
        ),
        avoid: "change the role's own policies: they are not meant",
    },
    Row {
        code: Code::Name("PackedPolicyTooLarge"),
        meaning: "the session policy, its managed policies and the tags are too much together",
        fixers: DEVELOPER,
        next: Next::Step("shorten `aws_policy`, or name fewer `aws_policy_arns` in the profile"),
        avoid: "retry: the size stays the same",
    },
    Row {
        code: Code::Name("RegionDisabledException"),
        meaning: "the account has STS turned off in that region",
        fixers: YOU_OR_AWS_ADMIN,
        next: Next::Step(
            "set another `aws_region` in the profile, or ask the account's admin to turn STS on in \
             this one",
        ),
        avoid: "retry: the region stays off until an admin turns it on",
    },
    Row {
        code: Code::Name("Throttling"),
        meaning: "AWS is asked too often by this account",
        fixers: NOBODY,
        next: Next::Step("wait a minute, then run `keyfob credential aws {profile}` again"),
        avoid: "retry in a loop: keyfob keeps the credentials and asks once for all of them",
    },
    Row {
        code: Code::Name("ValidationError"),
        meaning: "a part of the request is not as AWS wants it; mostly the credentials were asked to \
                  live longer than the role allows",
        fixers: YOU_OR_AWS_ADMIN,
        next: Next::Step(
            "lower `aws_duration` in the profile to what the role allows, which is an hour unless \
             its admin has raised it",
        ),
        avoid: "retry: the request stays the same",
    },
];
