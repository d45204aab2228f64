//! `keyfob exec` under a shell with job control, on a real terminal.

use std::fs;

use crate::support::screen::Screen;
use crate::support::session::{Bench, WITH_GRACE};

const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");

/// How often a line is exactly this.
fn lines(screen: &str, wanted: &str) -> usize {
    screen
        .lines()
        .filter(|line| line.trim_end() == wanted)
        .count()
}

/// The states of the processes that a shell's job has.
fn states(pids: &str) -> String {
    let state = |pid: &str| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let (_, rest) = stat.rsplit_once(") ").unwrap_or_default();
        rest.chars().next().unwrap_or('-')
    };
    pids.split_whitespace().map(state).collect()
}

#[test]
fn ctrl_z_gives_the_shell_its_terminal_back_and_ctrl_c_comes_once() {
    let mut bench = Bench::new("sealed", WITH_GRACE);
    let more = "store = \"sealed\"\nterraform = [\"api://AzureADTokenExchange\"]\n";
    bench.world.profile(bench.provider.issuer(), more);
    let world = &bench.world;
    let script = world.path("child.sh");
    let text = "trap 'echo; echo interrupted' INT\necho \"$PPID $$\" >pids\necho started\n\
                while read -r line; do echo \"read $line\"; done\nexit 7\n";
    fs::write(&script, text).unwrap();
    let shell = "env PS1='$ ' bash --norc --noprofile -i";
    let screen = Screen::open(world, (160, 40), shell);
    let enter = |text: &str| {
        screen.press(text);
        screen.press("Enter");
    };
    let waits = |wanted: &str, times: usize| {
        screen.wait(wanted, |text| (lines(text, wanted) == times).then_some(()));
    };

    enter(&format!("cd {}", world.path("").display()));
    enter(&format!(
        "{KEYFOB} exec work --terraform -- bash {}",
        script.display()
    ));
    waits("started", 1);
    let pids = fs::read_to_string(world.path("pids")).unwrap();
    enter("one");
    waits("read one", 1);

    // Ctrl-Z stops both, and the shell is there.
    screen.press("C-z");
    screen.wait("the shell", |text| text.contains("Stopped").then_some(()));
    enter("echo the $((1 + 1)) are stopped");
    waits("the 2 are stopped", 1);
    assert_eq!(states(&pids), "TT");
    enter("fg");
    enter("two");
    waits("read two", 1);

    // Ctrl-C comes to the command once, and keyfob lives as long as it does.
    screen.press("C-c");
    waits("interrupted", 1);
    enter("three");
    waits("read three", 1);
    screen.press("C-c");
    waits("interrupted", 2);

    // A second stop is as good as the first, and the status is the command's own.
    screen.press("C-z");
    screen.wait("the shell", |text| {
        (text.matches("Stopped").count() == 2).then_some(())
    });
    enter("fg");
    enter("four");
    waits("read four", 1);
    assert_eq!(lines(&screen.text(), "interrupted"), 2);
    screen.press("C-d");
    enter("echo ended with status $?");
    waits("ended with status 7", 1);
    enter("exit");
}
