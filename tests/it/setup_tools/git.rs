//! git, by the git of this machine.

use std::fs;
use std::process::Command;

use super::{PROGRAM, kept, text, world};
use crate::support::{World, provider};

const LISTS: &str = "git = [\"https://git.example.com\", \"https://host.example/team\"]\n";

/// What git of this user says.
fn git(world: &World, words: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(words).env_clear().current_dir("/");
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command
        .env("HOME", world.home())
        .env("GIT_CONFIG_NOSYSTEM", "1");
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// The helpers that git has for a server, in the order that it asks them.
fn helpers(world: &World, server: &str) -> Vec<String> {
    let key = format!("credential.{server}.helper");
    let said = git(world, &["config", "--global", "--null", "--get-all", &key]);
    let values = said.split_terminator('\0');
    values.map(str::to_owned).collect()
}

#[test]
fn it_shows_what_git_would_read_and_writes_nothing() {
    let provider = provider();
    let world = world(&provider, LISTS);

    let shown = world.run("setup git work/code").ok().says("--write");

    let home = world.home().to_str().unwrap();
    assert_eq!(
        shown.stdout,
        format!(
            "# {home}/.gitconfig\n\
             [credential \"https://git.example.com\"]\n\
             \thelper =\n\
             \thelper = !{PROGRAM} credential git work/code\n\
             [credential \"https://host.example/team\"]\n\
             \thelper =\n\
             \thelper = !{PROGRAM} credential git work/code\n\
             \tuseHttpPath = true\n"
        )
    );
    assert_eq!(text(&world, ".gitconfig"), None);
    // Git reads the same from it as from what is written.
    world.write("shown", &shown.stdout);
    world.run("setup git work/code --write").ok();
    let place = world.path("shown");
    let list = ["config", "--list", "--file", place.to_str().unwrap()];
    assert_eq!(
        git(&world, &list),
        git(&world, &["config", "--list", "--global"])
    );
}

#[test]
fn it_proves_that_git_gets_the_token() {
    let provider = provider();
    let world = world(&provider, LISTS);
    world
        .run("setup git --write")
        .ok()
        .says(".gitconfig is written")
        .says("Not proven yet: somebody has to sign in first, by `keyfob login work/code`");

    world.sign_in();
    let proven = world
        .run("setup git --write")
        .ok()
        .says("was so already")
        .says("Proven: git gets the token of `work/code` for https://git.example.com.")
        .says("Proven: git gets the token of `work/code` for https://host.example/team.");

    let token = world.run("token work/code").ok().line();
    assert!(!format!("{proven:?}").contains(&token));
    assert_eq!(proven.stdout, "");
}

#[test]
fn what_another_setting_wins_is_no_proof() {
    let provider = provider();
    let world = world(&provider, "git = \"https://git.example.com\"\n");
    world.sign_in();
    // Git's own order: this one comes later, and puts all helpers before it out.
    let late = "[include]\n\tpath = late\n[credential \"https://git.example.com\"]\n";
    world.write(".gitconfig", late);
    world.run("setup git --write").ok();
    let written = text(&world, ".gitconfig").unwrap();
    let theirs =
        "[credential]\n\thelper =\n\thelper = \"!f() { echo username=x; echo password=y; }; f\"\n";
    world.write(".gitconfig", written + theirs);

    world
        .run("setup git --write")
        .exits(1)
        .says("git takes another credential for https://git.example.com");
}

#[test]
fn it_is_taken_back_byte_for_byte() {
    let provider = provider();
    let world = world(&provider, LISTS);
    for before in [
        "",
        "# mine\n[user]\n\tname = A B ; c\n[credential]\n\thelper = store",
        "[core]\r\n\tautocrlf = true\r\n[alias]\r\n\tx = !y\r\n",
        "[credential \"https://git.example.com\"]\n  helper=cache # mine\n\thelper = store\n\tuseHttpPath = no",
    ] {
        world.write(".gitconfig", before);

        world.run("setup git work/code --write").ok();
        let once = text(&world, ".gitconfig");
        world.run("setup git work/code --write").ok();
        assert_eq!(text(&world, ".gitconfig"), once, "twice is once");
        assert_eq!(kept(&world, ".gitconfig").len(), 1);
        assert_eq!(
            helpers(&world, "https://git.example.com"),
            [
                String::new(),
                format!("!{PROGRAM} credential git work/code")
            ]
        );
        world
            .run("setup git --remove")
            .ok()
            .says("is what it was before");

        assert_eq!(text(&world, ".gitconfig").as_deref(), Some(before));
        assert!(kept(&world, ".gitconfig").is_empty());
        world
            .run("setup git --remove")
            .ok()
            .says("There is nothing");
    }
    fs::remove_file(world.path(".gitconfig")).unwrap();
    world.run("setup git --write").ok();
    world.run("setup git --remove").ok();
    assert_eq!(text(&world, ".gitconfig"), None);
}

#[test]
fn what_was_added_since_stays_and_what_was_there_before_comes_back() {
    let provider = provider();
    let world = world(&provider, LISTS);
    let theirs = "[credential \"https://git.example.com\"]\n\thelper = store\n";
    world.write(".gitconfig", theirs);
    world
        .run("setup git")
        .ok()
        .says("this goes:")
        .says("- store");
    world.run("setup git --write").ok();
    git(&world, &["config", "--global", "user.name", "Amara"]);

    world.run("setup git --remove").ok().says("is taken out");

    assert_eq!(helpers(&world, "https://git.example.com"), ["store"]);
    assert_eq!(helpers(&world, "https://host.example/team"), [""; 0]);
    assert_eq!(git(&world, &["config", "--global", "user.name"]), "Amara\n");
    assert!(!text(&world, ".gitconfig").unwrap().contains("keyfob"));
}

#[test]
fn what_somebody_made_of_it_since_is_theirs() {
    let provider = provider();
    let world = world(&provider, "git = \"https://git.example.com\"\n");
    world.run("setup git --write").ok();
    let key = "credential.https://git.example.com.helper";
    git(
        &world,
        &["config", "--global", "--replace-all", key, "mine"],
    );

    world
        .run("setup git --remove")
        .ok()
        .says("was changed since keyfob wrote it, and stays");

    assert_eq!(helpers(&world, "https://git.example.com"), ["mine"]);
}

#[test]
fn each_profile_is_taken_back_for_itself() {
    let provider = provider();
    let world = World::with_profiles(&[
        ("one", provider.issuer(), "git = \"https://one.example\"\n"),
        (
            "two",
            provider.issuer(),
            "git = [\"https://two.example\", \"https://one.example\"]\n",
        ),
    ]);
    world.run("setup git one --write").ok();
    world.run("setup git two --write").ok();
    let of = |profile: &str| {
        vec![
            String::new(),
            format!("!{PROGRAM} credential git {profile}"),
        ]
    };
    assert_eq!(
        helpers(&world, "https://one.example"),
        of("two"),
        "the last one counts"
    );

    world.run("setup git one --remove").ok();
    assert_eq!(helpers(&world, "https://two.example"), of("two"));
    assert_eq!(helpers(&world, "https://one.example"), of("two"));
    // What is not listed any more goes with the next write.
    world.run("config set two.git https://two.example").ok();
    world.run("setup git two --write").ok();
    assert_eq!(helpers(&world, "https://one.example"), [""; 0]);
    world.run("setup git two --remove").ok();

    assert_eq!(text(&world, ".gitconfig"), None);
}

#[test]
fn a_link_to_the_real_file_stays_a_link_and_the_file_keeps_its_mode() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    let provider = provider();
    let world = world(&provider, LISTS);
    fs::create_dir(world.path("dotfiles")).unwrap();
    let real = world.write("dotfiles/gitconfig", "[user]\n\tname = A\n");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o644)).unwrap();
    symlink(&real, world.path(".gitconfig")).unwrap();

    world.run("setup git --write").ok();

    assert_eq!(fs::read_link(world.path(".gitconfig")).unwrap(), real);
    assert!(
        fs::read_to_string(&real)
            .unwrap()
            .contains("credential git")
    );
    assert_eq!(fs::metadata(&real).unwrap().mode() & 0o777, 0o644);
    world.run("setup git --remove").ok();
    assert_eq!(fs::read_to_string(&real).unwrap(), "[user]\n\tname = A\n");
    assert_eq!(fs::read_link(world.path(".gitconfig")).unwrap(), real);
}

#[test]
fn what_git_cannot_read_is_refused_and_stays() {
    use std::os::unix::fs::PermissionsExt as _;

    let provider = provider();
    let world = world(&provider, LISTS);
    for broken in ["[user\n\tname", "[user]\n\tname = \"\n", "\u{fffd}[\n"] {
        world.write(".gitconfig", broken);

        world
            .run("setup git --write")
            .exits(1)
            .says("not what git reads");

        assert_eq!(text(&world, ".gitconfig").as_deref(), Some(broken));
        assert!(kept(&world, ".gitconfig").is_empty());
    }
    world.write(".gitconfig", b"[user]\n\tname = \xe9\n");
    world.run("setup git --write").exits(1).says("UTF-8");
    let guarded = world.write(".gitconfig", "[user]\n");
    fs::set_permissions(&guarded, fs::Permissions::from_mode(0o400)).unwrap();
    world
        .run("setup git --write")
        .exits(1)
        .says("write-protected");
    assert_eq!(text(&world, ".gitconfig").as_deref(), Some("[user]\n"));
    assert!(kept(&world, ".gitconfig").is_empty());
    world
        .run("setup git --remove")
        .ok()
        .says("There is nothing");
}

#[test]
fn a_listed_address_is_nothing_else_in_gits_file() {
    let provider = provider();
    for (listed, key) in [
        (
            r#"https://git.example.com/a"b'c]"#,
            "https://git.example.com/a%22b%27c%5D",
        ),
        (
            "https://git.example.com/a.helper=x;y",
            "https://git.example.com/a.helper%3Dx%3By",
        ),
        ("https://git.example.com/!x", "https://git.example.com/%21x"),
        (
            "https://git.example.com/$(x)`y`",
            "https://git.example.com/%24%28x%29%60y%60",
        ),
    ] {
        let world = world(&provider, &format!("git = ['''{listed}''']\n"));
        world.sign_in();
        let list = || git(&world, &["config", "--global", "--null", "--list"]);

        world.run("setup git --write").ok().says("Proven: git gets");

        let wanted = [
            (key, "helper", ""),
            (key, "helper", &format!("!{PROGRAM} credential git")),
            (key, "usehttppath", "true"),
        ];
        let wanted = wanted.map(|(key, name, value)| format!("credential.{key}.{name}\n{value}\0"));
        assert_eq!(list(), wanted.concat(), "{listed}");
        let shown = world.run("setup git").ok().stdout;
        world.write(".gitconfig", shown);
        assert_eq!(list(), wanted.concat(), "{listed}");
    }
    for listed in [
        "https://*.example.com",
        "https://git.example.com/a%0ahost=b",
    ] {
        let world = world(&provider, &format!("git = \"{listed}\"\n"));
        world
            .run("setup git --write")
            .exits(8)
            .says("git cannot be told of");
        assert_eq!(text(&world, ".gitconfig"), None);
    }
}

#[test]
fn without_a_list_it_says_what_is_missing() {
    let provider = provider();
    let world = World::at(&provider);

    world
        .run("setup git")
        .exits(8)
        .says("no profile lists anything under `git`")
        .says("keyfob config set PROFILE.git https://git.example.com");
    world
        .run("setup git work --write")
        .exits(8)
        .says("keyfob config set work.git https://git.example.com");
    world.run("setup git nobody").exits(2).says("nobody");
    world.run("setup git work/nothing").exits(2).says("nothing");
}

#[test]
fn without_git_it_shows_and_does_not_write() {
    let provider = provider();
    let world = world(&provider, LISTS).with("PATH", "/nowhere");

    let shown = world.run("setup git").ok().says("install it");
    assert!(shown.stdout.contains("credential git"));
    world
        .run("setup git --write")
        .exits(1)
        .says("`git` changes its settings itself, and is not on PATH");
    assert_eq!(text(&world, ".gitconfig"), None);
}
