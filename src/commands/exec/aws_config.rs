//! PURE: whether the user's own AWS configuration names other credentials, which the SDKs prefer to
//! a container's.
//!
//! Reads no value, only names; what is no line of an INI file is passed over, as the SDKs do.

/// What names credentials in a profile.
const NAMES: [&str; 8] = [
    "aws_access_key_id",
    "credential_process",
    "login_session",
    "role_arn",
    "sso_account_id",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
];

/// Returns the first setting of the default profile that names other credentials.
pub(super) fn prefers(text: &str) -> Option<&'static str> {
    let mut is_default = false;
    for line in text.lines() {
        // A line that is set in belongs to the setting before it.
        if line.starts_with([' ', '\t', '#', ';']) {
            continue;
        }
        if let Some(section) = line.trim().strip_prefix('[') {
            let section = section.split(']').next().unwrap_or_default();
            let words: Vec<&str> = section.split_whitespace().collect();
            is_default = matches!(words.as_slice(), ["default"] | ["profile", "default"]);
            continue;
        }
        let name = line.split('=').next().unwrap_or_default().trim();
        let found = NAMES.iter().find(|known| name.eq_ignore_ascii_case(known));
        if let (true, Some(found)) = (is_default, found) {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_default_profiles_credentials_are_preferred() {
        for (text, found) in [
            ("", None),
            ("[default]\nregion = eu-central-1\noutput = json\n", None),
            ("[profile dev]\nsso_session = corp\n", None),
            ("[sso-session corp]\nsso_start_url = https://x\n", None),
            (
                "[default]\nregion=x\nsso_session = corp\n",
                Some("sso_session"),
            ),
            (
                "[profile default]\ncredential_process = /x\n",
                Some("credential_process"),
            ),
            (
                "[ default ]\r\nROLE_ARN=arn:aws:iam::1:role/x\r\n",
                Some("role_arn"),
            ),
            ("[default]\n# role_arn = x\n;sso_session=x\n", None),
            ("[default]\ns3 =\n  role_arn = x\n", None),
            ("[default]\nx = 1\n[profile dev]\nrole_arn = x\n", None),
            ("role_arn = x\n", None),
            ("[default\nrole_arn = x\n", Some("role_arn")),
        ] {
            assert_eq!(prefers(text), found, "{text:?}");
        }
    }
}
