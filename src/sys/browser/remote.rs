//! A sign-in over SSH, where the browser is on another machine than the listener.
//!
//! Builds the one line that brings the browser's answer here. Never puts text into it that a shell
//! would read as anything but one word.

use std::net::IpAddr;

use crate::base::Vars;
use crate::sys::loopback::LoopbackHost;

/// How the user came here by SSH.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SshSession {
    /// The address of this machine that the user's SSH connected to.
    pub server_address: IpAddr,
    /// The port of the SSH server.
    pub server_port: u16,
    /// The user's name here.
    pub user: Option<String>,
}

/// Reads `SSH_CONNECTION`: client address, client port, server address, server port.
pub fn ssh_session(vars: &Vars) -> Option<SshSession> {
    let mut words = vars.get("SSH_CONNECTION")?.split(' ').skip(2);
    let plain = |name: &&str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        !name.starts_with('-') && name.chars().all(fits)
    };
    // The zone of a link-local address means nothing on the other machine.
    let address = words.next()?.split('%').next()?;
    Some(SshSession {
        server_address: address.parse().ok()?,
        server_port: words.next()?.parse().ok()?,
        user: vars
            .get("USER")
            .or_else(|| vars.get("LOGNAME"))
            .filter(plain)
            .map(ToOwned::to_owned),
    })
}

impl SshSession {
    /// Returns the line to run on the user's own machine, so that the redirect arrives here.
    pub fn forward_command(&self, host: LoopbackHost, port: u16) -> String {
        let here = host.name();
        let tunnel = match host {
            // Without an address, ssh listens on both families, as a browser may try either.
            LoopbackHost::Localhost => format!("{port}:{here}:{port}"),
            LoopbackHost::V4 => format!("{here}:{port}:{here}:{port}"),
            // Brackets are patterns to some shells.
            LoopbackHost::V6 => format!("'{here}:{port}:{here}:{port}'"),
        };
        let other_port = match self.server_port {
            22 => String::new(),
            port => format!("-p {port} "),
        };
        let user = self.user.as_ref().map(|user| format!("{user}@"));
        let (user, address) = (user.unwrap_or_default(), self.server_address);
        format!("ssh -N -L {tunnel} {other_port}{user}{address}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(connection: &str, user: &str) -> Option<SshSession> {
        let pairs = [("SSH_CONNECTION", connection), ("USER", user)];
        let owned = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        ssh_session(&Vars::new(owned))
    }

    #[test]
    fn the_line_makes_the_redirect_arrive() {
        let usual = session("10.0.0.7 50111 192.0.2.5 22", "alice").unwrap();
        let other = session("2001:db8::7 50111 2001:db8::5 2222", "bob").unwrap();

        assert_eq!(
            usual.forward_command(LoopbackHost::Localhost, 8400),
            "ssh -N -L 8400:localhost:8400 alice@192.0.2.5"
        );
        assert_eq!(
            usual.forward_command(LoopbackHost::V4, 8400),
            "ssh -N -L 127.0.0.1:8400:127.0.0.1:8400 alice@192.0.2.5"
        );
        assert_eq!(
            other.forward_command(LoopbackHost::V6, 8400),
            "ssh -N -L '[::1]:8400:[::1]:8400' -p 2222 bob@2001:db8::5"
        );
    }

    #[test]
    fn hostile_variables_never_reach_the_line() {
        assert_eq!(session("a b $(id) 22", "alice"), None);
        assert_eq!(session("1.2.3.4 5 6.7.8.9", "alice"), None);
        for user in ["$(id)", "-oProxyCommand=x", "a b", "a;b"] {
            let session = session("1.2.3.4 5 6.7.8.9 22", user).unwrap();
            assert_eq!(session.user, None, "{user}");
        }
        assert_eq!(ssh_session(&Vars::default()), None);
    }
}
