//! `keyfob config` as people meet it: the real program, a folder of its own, both streams.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A user with nothing but an empty home.
struct User {
    home: TempDir,
    variables: Vec<(&'static str, String)>,
}

/// What a run left behind.
struct Ran {
    exit: i32,
    stdout: String,
    stderr: String,
}

impl User {
    fn new() -> Self {
        let (home, variables) = (TempDir::new().unwrap(), Vec::new());
        Self { home, variables }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn with_file(self, text: &str) -> Self {
        fs::create_dir(self.folder()).unwrap();
        fs::File::create(self.file())
            .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
            .unwrap();
        self
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("config")
    }

    fn file(&self) -> PathBuf {
        self.folder().join("config.toml")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output: Output = Command::new(env!("CARGO_BIN_EXE_keyfob"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("KEYFOB_CONFIG_DIR", self.folder())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran {
            exit: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

const ADD: [&str; 9] = [
    "config",
    "add",
    "work",
    "--issuer",
    "https://id.example.com",
    "--client-id",
    "keyfob-cli",
    "--scope",
    "openid profile offline_access",
];

#[test]
fn a_first_profile_is_written_and_shown_with_its_lines() {
    let user = User::new();

    let added = user.run(&ADD);
    let shown = user.run(&["config"]);

    assert_eq!((added.exit, added.stdout.as_str()), (0, ""));
    assert!(
        added.stderr.contains("keyfob login work"),
        "{}",
        added.stderr
    );
    assert_eq!(
        user.text(),
        "[profile.work]\nissuer = \"https://id.example.com\"\nclient_id = \"keyfob-cli\"\n\
         scopes = \"openid profile offline_access\"\n"
    );
    assert_eq!((shown.exit, shown.stderr.as_str()), (0, ""));
    assert!(
        shown.stdout.contains("profile work (default)"),
        "{}",
        shown.stdout
    );
    let issuer = shown
        .stdout
        .lines()
        .find(|line| line.contains("issuer"))
        .unwrap();
    assert!(
        issuer.ends_with("line 2") && issuer.contains("https://id.example.com"),
        "{issuer}"
    );
}

#[cfg(unix)]
#[test]
fn a_new_file_is_private_and_a_linked_one_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let user = User::new();

    user.run(&ADD);

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&user.folder()), mode(&user.file())), (0o700, 0o600));

    let dotfiles = user.home.path().join("dotfiles.toml");
    fs::rename(user.file(), &dotfiles).unwrap();
    symlink(&dotfiles, user.file()).unwrap();
    let set = user.run(&["config", "set", "store", "memory"]);

    assert_eq!(set.exit, 0, "{}", set.stderr);
    assert!(fs::symlink_metadata(user.file()).unwrap().is_symlink());
    assert!(
        fs::read_to_string(&dotfiles)
            .unwrap()
            .contains("store = \"memory\"")
    );
}

#[test]
fn json_says_where_each_value_comes_from() {
    let user = User::new()
        .with_file("[profile.work]\nissuer = 'https://a'\nclient_id = 'c'\n")
        .with("KEYFOB_FLOW", "device");

    let shown = user.run(&["config", "show", "work", "--json"]);

    let json: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    let values = json["profiles"][0]["values"].as_array().unwrap();
    let origin =
        |key: &str| values.iter().find(|value| value["key"] == key).unwrap()["origin"].clone();
    assert_eq!(origin("issuer")["line"], 2);
    assert_eq!(origin("flow")["name"], "KEYFOB_FLOW");
    assert_eq!(origin("timeout")["from"], "default");
}

#[test]
fn a_secret_in_a_variable_is_named_and_never_shown() {
    let user = User::new()
        .with_file("[profile.work]\nissuer = 'https://a'\nclient_id = 'c'\n")
        .with("KEYFOB_CLIENT_SECRET", "hunter2");

    for arguments in [&["config"][..], &["config", "--json"], &["config", "show"]] {
        let shown = user.run(arguments);

        assert!(
            shown.stdout.contains("env:KEYFOB_CLIENT_SECRET"),
            "{}",
            shown.stdout
        );
        assert!(!format!("{}{}", shown.stdout, shown.stderr).contains("hunter2"));
    }
}

#[test]
fn a_profile_that_lacks_something_is_shown_and_fails() {
    let user = User::new().with_file("[profile.a]\nissuer = 'https://a'\n");

    let shown = user.run(&["config"]);

    assert_eq!(shown.exit, 8);
    assert!(
        shown
            .stdout
            .contains("wrong: profile `a` has no `client_id`"),
        "{}",
        shown.stdout
    );
    assert!(shown.stderr.contains("hint: "), "{}", shown.stderr);
}

#[test]
fn a_misspelt_variable_is_pointed_out_on_stderr() {
    let shown = User::new().with("KEYFOB_ISUER", "x").run(&["config"]);

    assert_eq!(shown.exit, 0);
    assert!(
        shown.stderr.contains("did you mean `KEYFOB_ISSUER`?"),
        "{}",
        shown.stderr
    );
}

/// What is typed, the exit status, and what the message says.
const REFUSED: [(&[&str], i32, &str); 12] = [
    (
        &[
            "config",
            "add",
            "work",
            "--issuer",
            "https://b",
            "--client-id",
            "c",
        ],
        2,
        "exists already",
    ),
    (
        &[
            "config",
            "add",
            "b",
            "--issuer",
            "http://b",
            "--client-id",
            "c",
        ],
        2,
        "`https://`",
    ),
    (
        &["config", "add", "b", "--issuer", "https://b"],
        2,
        "`--client-id`",
    ),
    (&["config", "add"], 2, "a name"),
    (&["config", "add", "a/b"], 2, "no profile name"),
    (
        &["config", "add", "b", "--client-secret", "hunter2"],
        2,
        "--client-secret-env",
    ),
    (
        &[
            "config",
            "add",
            "b",
            "--provider",
            "entra",
            "--client-id",
            "c",
        ],
        2,
        "`--tenant`",
    ),
    (
        &["config", "set", "work.client_secret", "hunter2"],
        2,
        "never the secret itself",
    ),
    (
        &["config", "set", "wrok.scopes", "openid"],
        2,
        "did you mean `work.scopes`?",
    ),
    (
        &["config", "set", "default_profile", "home"],
        8,
        "no profile `home`",
    ),
    (&["config", "unset", "work.flow"], 2, "is not set"),
    (&["config", "remove", "wrok"], 2, "did you mean `work`?"),
];

#[test]
fn a_command_that_fails_leaves_the_file_as_it_was() {
    let text = "# mine\n[profile.work]\nissuer = 'https://a'\nclient_id = 'c' # kept\n";
    let user = User::new().with_file(text);
    for (arguments, exit, said) in REFUSED {
        let ran = user.run(arguments);

        assert_eq!(
            (ran.exit, ran.stdout.as_str()),
            (exit, ""),
            "{arguments:?}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.starts_with("keyfob: "),
            "{arguments:?}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(said), "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
        assert_eq!(user.text(), text, "{arguments:?}");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_its_place() {
    let large = vec![b'\n'; 1024 * 1024 + 1];
    let cases: [(&[u8], &str); 6] = [
        (
            b"[profile.a]\nisuer = 'x'\n",
            "config.toml:2:1: unknown key `isuer`",
        ),
        (b"[profile.a]\nissuer = \n", "config.toml:2:10: "),
        (b"a\0", "NUL character"),
        (b"# \xff", "config.toml:1:3: the file is not UTF-8 text"),
        (b"[profile.a]\n[profile.a]\n", "duplicate key"),
        (&large, "larger than 1024 KiB"),
    ];
    for (bytes, said) in cases {
        let user = User::new().with_file("");
        fs::File::create(user.file())
            .and_then(|mut file| std::io::Write::write_all(&mut file, bytes))
            .unwrap();

        let ran = user.run(&["config"]);

        assert_eq!(
            (ran.exit, ran.stdout.as_str()),
            (8, ""),
            "{said}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    let ran = User::new().run(&["config", "--config", "/"]);
    assert_eq!(ran.exit, 8, "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn an_edited_file_is_taken_over_only_when_it_is_right() {
    let text = "[profile.work]\nissuer = 'https://a'\nclient_id = 'c'\n";
    let edit = |editor: &str| {
        let user = User::new().with("EDITOR", editor);
        let scratch = user.home.path().to_str().unwrap().to_owned();
        let user = user.with("TMPDIR", &scratch).with_file(text);
        let ran = user.run(&["config", "edit"]);
        (user, ran)
    };

    let (user, right) = edit("sed -i s/work/job/");
    assert_eq!(right.exit, 0, "{}", right.stderr);
    assert!(user.text().contains("[profile.job]"));

    let (user, wrong) = edit("sed -i s/issuer/isuer/");
    assert_eq!(wrong.exit, 8, "{}", wrong.stderr);
    assert_eq!(user.text(), text);
    assert!(
        wrong.stderr.contains("did you mean `issuer`?"),
        "{}",
        wrong.stderr
    );
    let kept = files_in(user.home.path(), "keyfob-");
    assert!(fs::read_to_string(&kept[0]).unwrap().contains("isuer"));

    for (editor, exit) in [("true", 0), ("false", 1), ("no-such-editor", 1)] {
        let (user, ran) = edit(editor);
        assert_eq!(ran.exit, exit, "{editor}: {}", ran.stderr);
        assert_eq!(user.text(), text);
        assert!(files_in(user.home.path(), "keyfob-").is_empty(), "{editor}");
    }
}

#[cfg(unix)]
fn files_in(folder: &Path, start: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(start)
        })
        .collect()
}

#[test]
fn help_and_version_are_answers_and_a_missing_command_is_not() {
    let user = User::new();

    let (help, version, none) = (user.run(&["--help"]), user.run(&["-V"]), user.run(&[]));

    assert_eq!((help.exit, help.stderr.as_str()), (0, ""));
    assert_eq!(
        version.stdout,
        format!("keyfob {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!((none.exit, none.stdout.as_str()), (2, ""));
    assert!(none.stderr.contains("Usage: keyfob"), "{}", none.stderr);
}

#[test]
fn an_argument_cannot_drive_the_terminal() {
    let ran = User::new().run(&["config", "show", "a\u{1b}[2Jb"]);

    assert_eq!(ran.exit, 2);
    assert!(!ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
}

#[test]
fn every_shell_gets_its_completions() {
    let user = User::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = user.run(&["completions", shell]);

        assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""), "{shell}");
        assert!(ran.stdout.contains("config"), "{shell}");
    }
}
