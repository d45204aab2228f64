//! Programs whose files keyfob changes itself: docker, cargo, the AWS tools, pip, Google's, Azure's.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::{PROGRAM, kept, text, world};
use crate::support::{World, provider};

/// A program, what is listed for it, its file, and what is there before.
struct Case {
    tool: &'static str,
    lists: &'static str,
    file: &'static str,
    before: &'static [&'static str],
    broken: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        tool: "docker",
        lists: "docker = [\"registry.example.com\", \"localhost:5000\"]\n",
        file: ".docker/config.json",
        before: &[
            "{}",
            "{\n\t\"auths\": {\n\t\t\"registry.example.com\": {\n\t\t\t\"auth\": \"eDp5\"\n\t\t}\n\t},\n\t\"zzz\": 1.50\n}",
            "{\"credHelpers\":{\"registry.example.com\":\"ecr-login\"},\"aaa\":[]}\r\n",
        ],
        broken: &["{", "[]", "{\"credHelpers\": 7}", "{/**/}"],
    },
    Case {
        tool: "cargo",
        lists: "cargo = \"https://crates.example.com/index/\"\n",
        file: ".cargo/config.toml",
        before: &[
            "# mine\n[registries.my]\nindex = \"sparse+https://crates.example.com/index/\" # x\n[net]\nretry=2",
            "[registries]\r\nmy = { index = 'sparse+https://crates.example.com/index/', credential-provider = \"cargo:token\" }\r\n",
        ],
        broken: &["[registries.my\n", "a = 1\na = 2\n"],
    },
    Case {
        tool: "aws",
        lists: "aws_role = \"arn:aws:iam::123456789012:role/dev\"\naws_region = \"eu-central-1\"\n",
        file: ".aws/config",
        before: &[
            "",
            "[default]\nregion = us-east-1\n# mine",
            "[profile x]\r\ns3 =\r\n  a = b\r\n",
            "[profile keyfob-work-code]\nregion = mine\n\n# about y\n[profile y]\nregion = z\n",
        ],
        broken: &["region = x\n", "[default\n", "[a]\n[a]\n"],
    },
    Case {
        tool: "pip",
        lists: "pip = \"https://pypi.example.com/simple/\"\n",
        file: "config/pip/pip.conf",
        before: &[
            "",
            "[global]\n# mine\nindex-url = https://a:b@c/simple\n\n[install]\nuser = yes",
            "[global]\r\nkeyring_provider: import\r\n",
        ],
        broken: &["x = y\n", "[global]\n[global]\n"],
    },
];

/// A user with a program's file.
fn user(case: &Case, before: &str) -> World {
    let provider = provider();
    // No program of this machine has a say here.
    let world = world(&provider, case.lists).with("PATH", "/nowhere");
    fs::create_dir_all(world.path(case.file).parent().unwrap()).unwrap();
    world.write(case.file, before);
    world
}

#[test]
fn a_file_is_changed_once_and_comes_back_byte_for_byte() {
    for case in CASES {
        for before in case.before {
            let world = user(case, before);
            let say = |how: &str| world.run(&format!("setup {} work/code {how}", case.tool));
            let now = || text(&world, case.file).unwrap();

            let shown = say("").ok().says("--write");
            assert_eq!(now(), *before, "nothing is written");
            say("--write").ok().says("is written");
            let written = now();
            assert!(
                written.contains("keyfob") || written.contains("subprocess"),
                "{shown:?}"
            );
            assert_ne!(written, *before);
            say("--write").ok().says("was so already");
            say("").ok().says("is so already");
            assert_eq!(now(), written);
            let backup = kept(&world, case.file);
            assert_eq!(backup.len(), 1);
            assert_eq!(fs::read_to_string(&backup[0]).unwrap(), *before);
            assert_eq!(fs::metadata(&backup[0]).unwrap().mode() & 0o777, 0o600);
            say("--remove").ok().says("is what it was before");

            assert_eq!(now(), *before, "{}", case.tool);
            assert!(kept(&world, case.file).is_empty());
            say("--remove").ok().says("There is nothing");
        }
    }
}

#[test]
fn what_was_written_into_it_since_stays() {
    for case in CASES {
        for before in case.before {
            let world = user(case, before);
            let say = |how: &str| world.run(&format!("setup {} {how}", case.tool));
            say("--write").ok();
            let written = text(&world, case.file).unwrap();
            // JSON takes white space in front, the others a comment.
            let mine = if case.tool == "docker" {
                "\n\n"
            } else {
                "# added since\n"
            };
            world.write(case.file, format!("{mine}{written}"));

            say("--remove").ok().says("is taken out");

            let after = text(&world, case.file).unwrap();
            let rest = after.strip_prefix(mine).unwrap();
            assert!(
                !after.contains("keyfob") || before.contains("keyfob"),
                "{after}"
            );
            let words = |text: &str| {
                let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
                words.sort();
                words
                    .concat()
                    .replace('_', "-")
                    .replace(':', "=")
                    .replace('=', "")
            };
            assert_eq!(words(rest), words(before), "{}", case.tool);
        }
    }
}

#[test]
fn what_its_program_would_not_read_is_refused_and_stays() {
    for case in CASES {
        for broken in case.broken {
            let world = user(case, broken);

            let refused = world.run(&format!("setup {} --write", case.tool));

            assert_eq!(refused.status, 1, "{broken}: {refused:?}");
            assert!(refused.stderr.contains("stays as it is"), "{refused:?}");
            assert_eq!(text(&world, case.file).as_deref(), Some(*broken));
            assert!(kept(&world, case.file).is_empty());
            let nothing = world.run(&format!("setup {} --remove", case.tool));
            assert!(nothing.stderr.contains("There is nothing"), "{nothing:?}");
        }
    }
}

#[test]
fn each_is_told_of_keyfob_in_its_own_words() {
    let link = "state/keyfob/shims";
    for case in CASES {
        let world = user(case, case.before[0]);
        let home = world.home().to_str().unwrap();

        world
            .run(&format!("setup {} work/code --write", case.tool))
            .ok();

        let now = text(&world, case.file).unwrap();
        let wanted = match case.tool {
            "docker" => "{\n\t\"credHelpers\": {\n\t\t\"registry.example.com\": \"keyfob\",\n\t\t\"localhost:5000\": \"keyfob\"\n\t}\n}\n".to_owned(),
            "cargo" => format!("credential-provider = [\"{home}/{link}/cargo/cargo-credential-keyfob\", \"work/code\"]\n"),
            "aws" => format!(
                "[profile keyfob-work-code]\ncredential_process = {PROGRAM} credential aws work/code\nregion = eu-central-1\n"
            ),
            _ => "[global]\nkeyring-provider = subprocess\n".to_owned(),
        };
        assert!(now.contains(&wanted), "{now}");
        let second = match case.tool {
            "docker" => ".local/bin/docker-credential-keyfob".to_owned(),
            "cargo" => format!("{link}/cargo/cargo-credential-keyfob"),
            "pip" => format!("{link}/pip/keyring"),
            _ => continue,
        };
        let to = fs::read_link(world.path(&second)).unwrap();
        assert_eq!(to, Path::new(PROGRAM));
        world.run(&format!("setup {} --remove", case.tool)).ok();
        assert!(!world.path(&second).exists());
    }
}

#[test]
fn a_second_name_that_is_anothers_is_not_taken() {
    let world = user(&CASES[0], "{}");
    fs::create_dir_all(world.path(".local/bin")).unwrap();
    world.write(".local/bin/docker-credential-keyfob", "theirs");

    world
        .run("setup docker --write")
        .exits(1)
        .says("is there already, and is not keyfob's");

    assert_eq!(text(&world, ".docker/config.json").as_deref(), Some("{}"));
    let name = ".local/bin/docker-credential-keyfob";
    assert_eq!(text(&world, name).as_deref(), Some("theirs"));
    // One of keyfob's own that leads to where keyfob was before is led on.
    fs::remove_file(world.path(name)).unwrap();
    world.run("setup docker --write").ok();
    world.run("setup docker --remove").ok();
    assert!(fs::symlink_metadata(world.path(name)).is_err());
}

#[test]
fn a_pip_that_has_a_keyring_hears_that_it_would_be_passed_over() {
    use std::os::unix::fs::PermissionsExt as _;

    let provider = provider();
    let world = world(&provider, CASES[3].lists);
    fs::create_dir(world.path("bin")).unwrap();
    let theirs = world.write("bin/keyring", "#!/bin/sh\n");
    fs::set_permissions(&theirs, fs::Permissions::from_mode(0o700)).unwrap();
    let bin = world.path("bin");
    let world = world.with("PATH", &format!("{}:/usr/bin:/bin", bin.display()));

    world
        .run("setup pip")
        .ok()
        .says(&format!("{} will not be asked", theirs.display()))
        .says("needs a user name: https://__token__@pypi.example.com/simple/");
    assert_eq!(text(&world, "bin/keyring").as_deref(), Some("#!/bin/sh\n"));
}

#[test]
fn google_gets_a_file_of_its_own_that_goes_again() {
    let pool =
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b";
    let provider = provider();
    let world = world(&provider, &format!("gcp = '{pool}'\npresent = \"id\"\n"));
    let name = "config/keyfob/gcp/keyfob-work-code.json";

    world
        .run("setup gcp --write")
        .ok()
        .says("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1");

    let file: serde_json::Value = serde_json::from_str(&text(&world, name).unwrap()).unwrap();
    assert_eq!(file["audience"], pool);
    assert_eq!(
        file["subject_token_type"],
        "urn:ietf:params:oauth:token-type:id_token"
    );
    assert_eq!(
        file["credential_source"]["executable"]["command"],
        format!("{PROGRAM} credential gcp work/code")
    );
    assert_eq!(
        fs::metadata(world.path(name)).unwrap().mode() & 0o777,
        0o600
    );
    world.run("setup gcp --remove").ok();
    assert_eq!(text(&world, name), None);
}

#[test]
fn az_and_azd_are_put_where_nobody_finds_them_by_chance() {
    let provider = provider();
    let world = world(&provider, "azure = \"https://management.azure.com\"\n");

    world
        .run("setup azure")
        .ok()
        .says("keyfob exec work/code --azure");
    world.run("setup azure --write").ok().says("Not proven yet");

    for name in ["az", "azd"] {
        let link = world.path(&format!("state/keyfob/shims/azure/{name}"));
        assert_eq!(fs::read_link(&link).unwrap(), Path::new(PROGRAM));
    }
    world.run("setup azure --remove").ok().says("is removed");
    assert!(!world.path("state/keyfob/shims/azure/az").exists());
}

#[test]
fn what_a_header_helper_is_told_is_printed_only() {
    let provider = provider();
    let world = world(&provider, "mcp = \"https://mcp.example.com/mcp\"\n");

    let printed = world.run("setup mcp").ok().json();

    assert_eq!(
        printed,
        serde_json::json!({"mcpServers": {"keyfob-work-code": {
            "type": "http",
            "url": "https://mcp.example.com/mcp",
            "headersHelper": format!("{PROGRAM} credential mcp work/code"),
        }}})
    );
    world.run("setup mcp --write").exits(2);
}

#[test]
fn nothing_that_is_listed_breaks_out_of_its_place() {
    let provider = provider();
    let hostile = "https://crates.example.com/a\"b]'c/";
    let world = world(&provider, &format!("cargo = ['''{hostile}''']\n"));
    fs::create_dir(world.path(".cargo")).unwrap();
    let before = format!("[registries.\"a]\\nb\"]\nindex = '''sparse+{hostile}'''\n");
    world.write(".cargo/config.toml", &before);

    let shown = world.run("setup cargo").ok();
    world.run("setup cargo --write").ok();

    assert!(!shown.stdout.contains("a]\nb"), "{shown:?}");
    let now = text(&world, ".cargo/config.toml").unwrap();
    let added = now.strip_prefix(&before).unwrap();
    assert!(added.starts_with("credential-provider = ["), "{now}");
    assert_eq!(added.lines().count(), 1);
}

#[test]
fn each_program_that_keyfob_answers_is_proven_to_be_answered() {
    let provider = provider();
    for (tool, lists, said) in [
        (
            "docker",
            "docker = \"registry.example.com\"\n",
            "docker's helper gets the token",
        ),
        (
            "cargo",
            "cargo = \"https://crates.example.com/index/\"\n",
            "cargo's provider gets the token",
        ),
        (
            "pip",
            "pip = \"https://pypi.example.com/simple/\"\n",
            "keyring gets the token",
        ),
        (
            "gcp",
            "gcp = \"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b\"\n",
            "gets the token of `work/code` for Google",
        ),
        (
            "azure",
            "azure = \"https://management.azure.com\"\n",
            "az on PATH is keyfob",
        ),
    ] {
        let world = world(&provider, lists);
        world.sign_in();
        let path = [
            ".local/bin",
            "state/keyfob/shims/pip",
            "state/keyfob/shims/azure",
        ];
        let path = path.map(|folder| world.path(folder).to_str().unwrap().to_owned());
        let world = world.with("PATH", &path.join(":"));
        fs::create_dir(world.path(".cargo")).unwrap();
        let index = "[registries.my]\nindex = \"sparse+https://crates.example.com/index/\"\n";
        world.write(".cargo/config.toml", index);

        let proven = world.run(&format!("setup {tool} work/code --write")).ok();
        let token = world.run("token work/code").ok().line();

        assert!(proven.stderr.contains("Proven: "), "{tool}: {proven:?}");
        assert!(proven.stderr.contains(said), "{tool}: {proven:?}");
        assert!(!format!("{proven:?}").contains(&token));
    }
}
