//! Files under hostile conditions: open masks, links, pipes, full disks.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn make_pipe(path: &Path) {
    let status = Command::new("mkfifo")
        .args(["-m", "600"])
        .arg(path)
        .status();
    assert!(status.unwrap().success());
}

/// Runs one of the ignored functions below in a shell's child, after `setup` changed the shell.
fn run_after(setup: &str, name: &str, home: &Path) {
    let script = format!("{setup}; exec \"$0\" --ignored --exact sys::files::tests::{name}");
    let status = Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env("KEYFOB_TEST_HOME", home)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{name}: {status}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the parent passes the folder this way"
)]
fn home_of_child() -> Option<PathBuf> {
    std::env::var("KEYFOB_TEST_HOME").ok().map(PathBuf::from)
}

#[test]
#[ignore = "a process for a_secret_file_is_private_whatever_the_umask"]
fn create_a_folder_and_a_file() {
    let Some(home) = home_of_child() else { return };
    private_dir(&home.join("a/b")).unwrap();
    write_private(&home.join("a/b/s"), b"secret").unwrap();
}

#[test]
fn a_secret_file_is_private_whatever_the_umask() {
    let home = tempfile::tempdir().unwrap();

    run_after("umask 0000", "create_a_folder_and_a_file", home.path());

    assert_eq!(mode(&home.path().join("a")), 0o700);
    assert_eq!(mode(&home.path().join("a/b")), 0o700);
    assert_eq!(mode(&home.path().join("a/b/s")), 0o600);
}

#[test]
#[ignore = "a process for a_full_disk_keeps_the_old_content"]
fn write_more_than_fits() {
    let Some(home) = home_of_child() else { return };
    let error = write_private(&home.join("s"), &vec![b'x'; 100_000]).unwrap_err();
    assert!(matches!(error, FileError::Full { .. }), "{error:?}");
}

#[test]
fn a_full_disk_keeps_the_old_content() {
    let home = tempfile::tempdir().unwrap();
    write_private(&home.path().join("s"), b"old").unwrap();

    // A limit on the size of files fails a write half way, as a full disk does.
    let full = "trap '' XFSZ; ulimit -f 8";
    run_after(full, "write_more_than_fits", home.path());

    assert_eq!(*read_private(&home.path().join("s"), 10).unwrap(), b"old");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn a_secret_file_is_replaced_as_a_whole_and_read_back() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("s");

    write_private(&path, b"first, and longer").unwrap();
    write_private(&path, b"second").unwrap();

    assert_eq!(*read_private(&path, 100).unwrap(), b"second");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn a_write_sweeps_up_what_killed_writers_left_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let left = |name: &str, is_old: bool| {
        let file = File::create(dir.path().join(name)).unwrap();
        if is_old {
            file.set_modified(long_ago).unwrap();
        }
    };
    left(".keyfob-aaaaaaaaaaaa", true);
    left(".keyfob-bbbbbbbbbbbb", false);
    left(".keyfob-notes", true);
    left("keyfob-cccccccccccc", true);

    write_private(&dir.path().join("x"), b"new").unwrap();

    assert_eq!(
        names_in(dir.path()),
        [
            ".keyfob-bbbbbbbbbbbb",
            ".keyfob-notes",
            "keyfob-cccccccccccc",
            "x"
        ]
    );
}

#[test]
fn a_link_a_pipe_a_socket_or_a_folder_is_no_secret_file() {
    let home = tempfile::tempdir().unwrap();
    let at = |name| home.path().join(name);
    write_private(&at("real"), b"x").unwrap();
    symlink(at("real"), at("link")).unwrap();
    symlink(at("nowhere"), at("dangling")).unwrap();
    make_pipe(&at("pipe"));
    fs::create_dir(at("folder")).unwrap();
    let _socket = UnixListener::bind(at("socket")).unwrap();

    for name in ["link", "dangling", "pipe", "socket", "folder"] {
        let read = read_private(&at(name), 10).unwrap_err();
        let written = write_private(&at(name), b"y").unwrap_err();

        assert!(matches!(read, FileError::NotPlain { .. }), "{read:?}");
        assert!(matches!(written, FileError::NotPlain { .. }), "{written:?}");
    }
    assert_eq!(*read_private(&at("real"), 10).unwrap(), b"x");
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("s");
    write_private(&path, b"x").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();

    let error = read_private(&path, 10).unwrap_err();

    assert!(matches!(error, FileError::Exposed { mode: 0o640, .. }));
}

#[test]
fn a_file_of_another_user_is_refused() {
    // Given a file of root's, or as root, one given away.
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("s");
    write_private(&path, b"x").unwrap();
    let path = match std::os::unix::fs::chown(&path, Some(4_242), None) {
        Ok(()) => path,
        Err(_) => PathBuf::from("/etc/hosts"),
    };

    let error = read_private(&path, 10).unwrap_err();

    assert!(matches!(error, FileError::Foreign { .. }), "{error:?}");
    assert!(write_private(&path, b"y").is_err());
}

#[test]
fn a_folder_that_others_can_change_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("f");
    private_dir(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();

    let error = private_dir(&folder).unwrap_err();

    assert!(matches!(error, FileError::Exposed { .. }), "{error:?}");
}

#[test]
fn a_plain_file_where_a_folder_belongs_is_named() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("f");
    write_private(&path, b"x").unwrap();

    let error = private_dir(&path).unwrap_err();

    assert!(error.to_string().ends_with("is a plain file, not a folder"));
}

#[test]
fn more_than_the_limit_is_an_error_not_half_a_file() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("s");
    write_private(&path, &[b'x'; 11]).unwrap();

    assert!(matches!(
        read_bounded(&path, 10).unwrap_err(),
        FileError::TooLarge { most: 10, .. }
    ));
    assert_eq!(read_bounded(&path, 11).unwrap().len(), 11);
}

#[test]
fn endless_and_blocking_files_are_refused_at_once() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("pipe");
    make_pipe(&path);

    for path in [Path::new("/dev/zero"), &path] {
        let error = read_bounded(path, 10).unwrap_err();

        assert!(matches!(error, FileError::NotPlain { .. }), "{error:?}");
    }
}

#[test]
fn what_is_missing_says_so() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("none");

    assert!(read_private(&path, 10).unwrap_err().is_missing());
    assert!(read_bounded(&path, 10).unwrap_err().is_missing());
    assert!(!remove(&path).unwrap());
    assert!(write_private(&path.join("x"), b"").is_err());
}

#[test]
fn settings_keep_their_link_and_their_mode() {
    let home = tempfile::tempdir().unwrap();
    let (real, link) = (home.path().join("real"), home.path().join("link"));
    write_private(&real, b"old").unwrap();
    fs::set_permissions(&real, Permissions::from_mode(0o644)).unwrap();
    symlink(&real, &link).unwrap();

    replace_settings(&link, b"new").unwrap();

    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&real).unwrap(), b"new");
    assert_eq!(mode(&real), 0o644);
}

#[test]
fn an_error_names_the_path_without_driving_the_terminal() {
    let error = read_private(Path::new("/nowhere/\u{1b}[2J"), 10).unwrap_err();

    assert_eq!(error.to_string(), "`/nowhere/\\u{1b}[2J` does not exist");
}

#[test]
fn settings_that_others_can_change_are_refused_and_others_may_read_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    write_private(&path, b"x").unwrap();
    for (mode, refused) in [
        (0o600, false),
        (0o644, false),
        (0o664, false),
        (0o646, true),
    ] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();

        let read = read_settings(&path, 10);

        assert_eq!(
            matches!(read, Err(FileError::Changeable { .. })),
            refused,
            "{mode:o}"
        );
    }
}

#[test]
fn a_new_file_takes_no_name_that_something_has() {
    let home = tempfile::tempdir().unwrap();
    let (path, link) = (home.path().join("f"), home.path().join("l"));
    symlink("nowhere", &link).unwrap();

    assert!(create_private(&path, b"one").unwrap());
    assert!(!create_private(&path, b"two").unwrap());
    assert!(!create_private(&link, b"two").unwrap());

    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(!home.path().join("nowhere").exists());
}

#[test]
fn a_link_in_the_way_is_replaced_and_what_it_names_is_not() {
    let home = tempfile::tempdir().unwrap();
    let (path, other) = (home.path().join("f"), home.path().join("other"));
    File::create(&other).unwrap();
    symlink(&other, &path).unwrap();

    put_private(&path, b"new").unwrap();

    assert!(fs::symlink_metadata(&path).unwrap().is_file());
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::read(&other).unwrap(), b"");
}
