//! What `keyfob setup` writes, read by the program it is for.

use std::process::Command;

use crate::support::process::run;
use crate::support::world::World;

#[test]
fn systemd_finds_nothing_wrong_with_the_unit() {
    let world = World::new();
    let written = world.run("setup agent --write");
    assert_eq!(written.status, Some(0), "{written:?}");
    let unit = world.path("config/systemd/user/keyfob-agent.service");
    let verify = |unit: &std::path::Path| {
        let mut verify: Command = world.command("systemd-analyze");
        verify.args(["verify", "--user", "--man=no"]).arg(unit);
        run(verify)
    };

    let verified = verify(&unit);

    assert_eq!(verified.status, Some(0), "{verified:?}");
    assert_eq!(verified.stderr, "", "it has nothing to say");
    // It does say something about a unit that is wrong.
    let text = std::fs::read_to_string(&unit).expect("it was written");
    let wrong = text.replace("NoNewPrivileges=yes", "NoNewPrivilege=yes");
    let wrong = world.write("wrong.service", &wrong);
    let complaint = verify(&wrong);
    assert!(complaint.stderr.contains("NoNewPrivilege"), "{complaint:?}");
}
