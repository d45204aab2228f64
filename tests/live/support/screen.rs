//! A terminal: tmux on a private socket, with keys to press and a screen to read.

use std::path::PathBuf;
use std::process::Command;

use super::process::run;
use super::world::World;
use super::{artefacts, eventually};

/// A window of tmux in which one command runs.
pub(crate) struct Screen {
    socket: PathBuf,
}

impl Screen {
    /// Opens a window of this size and runs `line` in its shell. The window outlives the command,
    /// so that its last words can be read; its exit status is the last of them.
    pub(crate) fn open(world: &World, (columns, rows): (u16, u16), line: &str) -> Self {
        let socket = world.path("run/tmux");
        let mut command = world.command("tmux");
        command
            .arg("-S")
            .arg(&socket)
            .args(["-f", "/dev/null", "new-session", "-d"]);
        command.args(["-x", &columns.to_string(), "-y", &rows.to_string()]);
        command.arg(format!(
            "{line}; printf 'ended with %s\\n' $?; exec sleep 600"
        ));
        run(command).answer();
        Self { socket }
    }

    fn tmux(&self, words: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).args(words);
        run(command).answer().to_owned()
    }

    /// What stands on it now.
    pub(crate) fn text(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-J"])
    }

    /// Presses keys, by tmux's names for them.
    pub(crate) fn press(&self, keys: &str) {
        self.tmux(&["send-keys", keys]);
    }

    /// Waits until `wanted` finds what it looks for on the screen.
    #[track_caller]
    pub(crate) fn wait<T>(&self, what: &str, wanted: impl Fn(&str) -> Option<T>) -> T {
        eventually(what, || wanted(&self.text()))
    }

    /// Waits for the command's end and gives its exit status.
    #[track_caller]
    pub(crate) fn ended(&self) -> i32 {
        self.wait("the command to end", |screen| {
            let (_, status) = screen.rsplit_once("ended with ")?;
            status.lines().next()?.trim().parse().ok()
        })
    }

    /// Keeps the screen as it is, with its colours, for people to look at.
    pub(crate) fn keep(&self, name: &str) {
        let path = artefacts("terminal").join(format!("{name}.txt"));
        std::fs::write(path, self.tmux(&["capture-pane", "-p", "-e"]))
            .expect("the build folder can be written");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).arg("kill-server");
        // After a failed start there is nothing to end.
        drop(command.output());
    }
}
