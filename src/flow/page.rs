//! Placeholder.
/// Outcome.
pub enum Outcome<'a> {
    /// x
    SignedIn { account: &'a str, issuer: &'a str },
    /// x
    Failed { reason: &'a str },
}
/// x
pub fn page(_: &Outcome<'_>) -> String {
    String::new()
}
