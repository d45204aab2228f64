//! The two providers: npm `oidc-provider`, and keyfob's own practice provider as a process.

use std::process::Command;

use serde_json::Value;

use super::process::Running;
use super::world::World;

/// The certified provider from the npm registry.
pub(crate) struct Npm {
    process: Running,
    pub(crate) issuer: String,
}

impl Npm {
    /// Starts it with the settings named at the top of `provider/server.mjs`.
    pub(crate) fn start(settings: &Value) -> Self {
        let server = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/live/provider/server.mjs"
        );
        let mut command = Command::new("node");
        command.arg(server).arg(settings.to_string());
        let mut process = Running::start(command);
        let told: Value = process.stdout_line("where the npm provider listens", |line| {
            serde_json::from_str(line).ok()
        });
        let issuer = told["issuer"]
            .as_str()
            .expect("the first line names the issuer")
            .to_owned();
        Self { process, issuer }
    }

    /// What it says it has seen, as `grant.success refresh_token` and the like, oldest first.
    pub(crate) fn seen(&self) -> Vec<String> {
        let text = ureq::get(format!("{}/seen", self.issuer))
            .call()
            .expect("the provider is up")
            .body_mut()
            .read_to_string()
            .expect("it answers in full");
        let events: Vec<Value> = serde_json::from_str(&text).expect("it answers in JSON");
        let words = |event: &Value| {
            ["event", "grant", "error"]
                .iter()
                .filter_map(|name| event[name].as_str())
                .collect::<Vec<_>>()
                .join(" ")
        };
        events.iter().map(words).collect()
    }

    /// How often it saw just this.
    pub(crate) fn count(&self, event: &str) -> usize {
        self.seen().iter().filter(|seen| *seen == event).count()
    }

    /// Its process, to be stopped and continued.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

/// The practice provider, run as a user would: `keyfob issuer`.
pub(crate) struct Practice {
    _process: Running,
    pub(crate) issuer: String,
}

impl Practice {
    pub(crate) fn start(world: &World, flags: &str) -> Self {
        let mut process = world.start(&format!("issuer --port 0 {flags}"));
        let issuer = process.stdout_line("where the practice provider listens", |line| {
            line.starts_with("http://127.0.0.1:")
                .then(|| line.to_owned())
        });
        Self {
            _process: process,
            issuer,
        }
    }
}
