//! `keyfob agent`: sessions in memory, for all processes of one user.

mod errors;
mod life;
mod locking;
mod protocol;
mod raw;
mod sessions;

use std::path::PathBuf;

use keyfob::issuer::Provider;

use crate::support::{Output, Running, World};

/// The note that an agent begins with: it listens.
const LISTENING: &str = "keyfob: the agent is process";

/// An agent that runs; it ends with the test.
pub(crate) struct Agent {
    running: Running,
}

impl Agent {
    /// Starts the agent of a world, on a line of flags.
    #[track_caller]
    pub(crate) fn start(world: &World, flags: &str) -> Self {
        let mut running = world.spawn(&format!("agent {flags}"));
        running.wait_for(|line| line.starts_with(LISTENING).then_some(()));
        Self { running }
    }

    pub(crate) fn id(&self) -> u32 {
        self.running.id()
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn end(self) -> Output {
        self.running.wait()
    }

    /// Sends it a signal.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        self.running.signal(name);
    }
}

/// Where a world's agent listens.
pub(crate) fn socket(world: &World) -> PathBuf {
    world.path("state/keyfob/agent/agent.sock")
}

/// A user whose profile `work` has its session in the agent.
pub(crate) fn in_memory(provider: &Provider) -> World {
    let world = World::new();
    configure(&world, provider.issuer(), "agent");
    world
}

/// Writes the profile `work`, with a target.
pub(crate) fn configure(world: &World, issuer: &str, store: &str) {
    let browser = world.browser_command();
    world.configure(&format!(
        "[profile.work]\nissuer = \"{issuer}\"\nclient_id = \"keyfob-cli\"\n\
         scopes = \"openid profile email offline_access\"\nstore = \"{store}\"\n\
         browser = \"{browser}\"\n\n[profile.work.target.orders]\nscopes = \"orders.read\"\n"
    ));
}
