//! `keyfob completions`: a script per shell, the one that is committed.

use std::fs;

use crate::root;
use crate::support::World;

#[test]
fn every_shell_gets_the_script_that_is_committed() {
    let world = World::new();
    for (shell, file) in [
        ("bash", "keyfob.bash"),
        ("zsh", "_keyfob"),
        ("fish", "keyfob.fish"),
        ("powershell", "_keyfob.ps1"),
        ("elvish", "keyfob.elv"),
    ] {
        let output = world.run(&format!("completions {shell}")).ok().silent();

        let committed = fs::read_to_string(root().join("completions").join(file)).unwrap();
        assert_eq!(output.stdout, committed, "{shell}");
        assert!(output.stdout.contains("inspect"), "{shell}");
    }
}

#[test]
fn a_shell_that_nobody_knows_is_a_usage_error() {
    World::new().run("completions tcsh").exits(2).says("bash");
}
