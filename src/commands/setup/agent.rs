//! `keyfob setup agent`: the agent as a service of the user's login, for systemd or launchd.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use super::ChangeArgs;
use super::own::{Done, OwnFile, changes};
use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, Vars, printable_line};
use crate::commands::Failure;
use crate::sys::service::{Services, own_program, services};

/// Why there is nothing to set up.
#[derive(Debug, thiserror::Error)]
enum NoService {
    #[error("this user has no home folder")]
    Homeless,
    #[error("the path of this program cannot be told")]
    NoProgram(#[source] io::Error),
    #[error("a service cannot be told of a program at `{0}`")]
    Program(String),
    #[error("on this system keyfob knows of nothing that starts a user's services")]
    Unknown,
}

impl Diagnostic for NoService {
    fn exit(&self) -> Exit {
        match self {
            Self::Homeless | Self::NoProgram(_) | Self::Unknown => Exit::Fault,
            Self::Program(_) => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Homeless => Some(Hint::Try("set HOME".into())),
            Self::NoProgram(_) => None,
            Self::Program(_) => Some(Hint::Try("install keyfob at a plainer path".into())),
            Self::Unknown => Some(Hint::Run("keyfob agent".into())),
        }
    }
}

/// A service, and what makes it start and stop.
struct Service {
    file: OwnFile,
    start: &'static str,
    stop: &'static str,
}

pub(super) fn run(args: ChangeArgs, app: &App) -> Result<(), Failure> {
    let service = service(services(), &app.env.vars)?;
    let place = service.file.path().to_string_lossy();
    let (start, stop) = (service.start, service.stop);
    if args.remove {
        let said = match service.file.remove()? {
            Done::Removed(true) => format!("{place} is what it was before.\nMake it known: {stop}"),
            Done::Removed(false) => format!("{place} is removed.\nMake it known: {stop}"),
            Done::Nothing | Done::Written(_) => format!("There is no {place}."),
        };
        app.console.note(&said);
        return Ok(());
    }
    if !args.write {
        app.console.answer(service.file.text())?;
        app.console.note(&format!(
            "keyfob: this belongs into {place}; `keyfob setup agent --write` puts it there."
        ));
        return Ok(());
    }
    let before = service.file.found()?;
    let mut said = match service.file.write()? {
        Done::Nothing | Done::Removed(_) => format!("{place} was so already."),
        Done::Written(kept) => {
            let mut said = format!("{place} is written.");
            if let Some(before) = before {
                let _infallible = write!(said, "\n{}", changes(&before, service.file.text()));
            }
            if let Some(kept) = kept {
                let kept = kept.to_string_lossy();
                let _infallible = write!(said, "\nWhat was there before is in {kept}.");
            }
            said
        }
    };
    let _infallible = write!(said, "\nStart the agent, now and with every login: {start}");
    app.console.note(&said);
    Ok(())
}

fn service(services: Services, vars: &Vars) -> Result<Service, NoService> {
    let program = own_program().map_err(NoService::NoProgram)?;
    let program = program
        .to_str()
        .filter(|path| is_plain(path))
        .ok_or_else(|| {
            NoService::Program(printable_line(&program.to_string_lossy()).into_owned())
        })?;
    let absolute = |name: &str| {
        vars.get(name)
            .map(PathBuf::from)
            .filter(|it| it.is_absolute())
    };
    let home = absolute("HOME").ok_or(NoService::Homeless)?;
    match services {
        Services::Systemd => {
            let config = absolute("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
            let path = config.join("systemd/user/keyfob-agent.service");
            Ok(Service {
                file: OwnFile::new(path, &unit(program)),
                start: "systemctl --user daemon-reload && \
                        systemctl --user enable --now keyfob-agent.service",
                stop: "systemctl --user disable --now keyfob-agent.service; \
                       systemctl --user daemon-reload",
            })
        }
        Services::Launchd => {
            let path = home.join("Library/LaunchAgents/keyfob.agent.plist");
            Ok(Service {
                file: OwnFile::new(path, &plist(program)),
                start: "launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/keyfob.agent.plist",
                stop: "launchctl bootout gui/$(id -u)/keyfob.agent",
            })
        }
        Services::Unknown => Err(NoService::Unknown),
    }
}

/// A deleted program is shown with a note behind its name, and would not start again.
fn is_plain(path: &str) -> bool {
    path.starts_with('/') && !path.ends_with(" (deleted)") && !path.chars().any(char::is_control)
}

/// The unit (systemd.service(5), systemd.exec(5)); only what a user's own systemd can hold to. A
/// program that asks for confirmation is started within the same bounds.
fn unit(program: &str) -> String {
    format!(
        "# {{mark}}
[Unit]
Description=keyfob agent: sessions in memory
Documentation=man:keyfob-agent(1)

[Service]
ExecStart={} agent
Restart=on-failure
RestartSec=5
UMask=0077
LimitCORE=0
NoNewPrivileges=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native

[Install]
WantedBy=default.target
",
        word_of_unit(program)
    )
}

/// Quotes a path as systemd reads it (systemd.service(5), \"Command lines\").
fn word_of_unit(path: &str) -> String {
    let mut word = String::from("\"");
    for c in path.chars() {
        match c {
            '"' | '\\' => word.push('\\'),
            '%' | '$' => word.push(c),
            _ => {}
        }
        word.push(c);
    }
    word.push('"');
    word
}

/// The property list (launchd.plist(5)); 63 is 077.
fn plist(program: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- {{mark}} -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>keyfob.agent</string>
	<key>ProgramArguments</key>
	<array>
		<string>{}</string>
		<string>agent</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>KeepAlive</key>
	<dict>
		<key>SuccessfulExit</key>
		<false/>
	</dict>
	<key>ProcessType</key>
	<string>Background</string>
	<key>Umask</key>
	<integer>63</integer>
	<key>HardResourceLimits</key>
	<dict>
		<key>Core</key>
		<integer>0</integer>
	</dict>
</dict>
</plist>
"#,
        xml(program)
    )
}

fn xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_with_an_odd_path_is_named_as_each_service_reads_it() {
        let odd = "/opt/a b/100%/\"x\"/$y\\z<&>";

        let exec = unit(odd);
        let list = plist(odd);

        let line = exec.lines().find(|line| line.starts_with("ExecStart="));
        assert_eq!(
            line,
            Some(r#"ExecStart="/opt/a b/100%%/\"x\"/$$y\\z<&>" agent"#)
        );
        assert!(list.contains("<string>/opt/a b/100%/\"x\"/$y\\z&lt;&amp;&gt;</string>"));
        for path in ["relative", "/usr/bin/keyfob (deleted)", "/a\nb"] {
            assert!(!is_plain(path), "{path:?}");
        }
    }

    #[test]
    fn launchd_gets_a_list_in_which_every_element_ends() {
        let text = plist("/usr/local/bin/keyfob");

        let mut open: Vec<&str> = Vec::new();
        for tag in text
            .split('<')
            .skip(1)
            .filter_map(|rest| rest.split('>').next())
        {
            match tag {
                tag if tag.starts_with(['?', '!']) || tag.ends_with('/') => {}
                tag => match tag.strip_prefix('/') {
                    Some(name) => assert_eq!(open.pop(), Some(name)),
                    None => open.push(tag.split(' ').next().unwrap()),
                },
            }
        }
        assert!(open.is_empty());
    }

    #[test]
    fn each_system_has_its_place() {
        let vars = |pairs: &[(&str, &str)]| {
            Vars::new(
                pairs
                    .iter()
                    .map(|(a, b)| ((*a).to_owned(), (*b).to_owned())),
            )
        };
        let at = |services, pairs: &[(&str, &str)]| {
            let service = service(services, &vars(pairs)).ok()?;
            Some(service.file.path().to_string_lossy().into_owned())
        };
        let home = ("HOME", "/h");

        assert_eq!(
            at(Services::Systemd, &[home]).as_deref(),
            Some("/h/.config/systemd/user/keyfob-agent.service")
        );
        assert_eq!(
            at(Services::Systemd, &[home, ("XDG_CONFIG_HOME", "/c")]).as_deref(),
            Some("/c/systemd/user/keyfob-agent.service")
        );
        assert_eq!(
            at(Services::Launchd, &[home]).as_deref(),
            Some("/h/Library/LaunchAgents/keyfob.agent.plist")
        );
        assert_eq!(at(Services::Systemd, &[("HOME", "h")]), None);
        assert_eq!(at(Services::Unknown, &[home]), None);
    }
}
