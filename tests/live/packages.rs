//! cargo, pip and uv against registries that check a token, with keyfob as the program that each of
//! them runs.

use crate::support::cargo_registry::{CRATE, CargoRegistry, cargo};
use crate::support::guard::Guard;
use crate::support::pip_index::{PACKAGE, PipIndex};
use crate::support::process::{Ran, run};
use crate::support::python;
use crate::support::session::{Bench, WITH_GRACE};
use crate::support::world::World;

/// Somebody who is signed in, and a guard who knows the provider.
fn signed_in() -> (Bench, Guard) {
    let bench = Bench::new("sealed", WITH_GRACE);
    let guard = Guard::of(bench.provider.issuer());
    (bench, guard)
}

/// keyfob under the name that a program looks for, in a folder that comes first.
fn called(world: &mut World, name: &str) {
    let folder = world.path("links");
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_keyfob"), folder.join(name)).unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
    world.set("PATH", std::env::join_paths(folders).unwrap());
}

/// Lists a place for the profile, as its user does.
#[track_caller]
fn list(world: &World, setting: &str, place: &str) {
    let ran = world.run(&format!("config set work.{setting} {place}"));
    assert_eq!(ran.status, Some(0), "{ran:?}");
}

/// A package that needs the registry's crate, and cargo's settings with this provider.
fn needs_the_crate(world: &World, index: &str, provider: &str) {
    world.write(
        "app/Cargo.toml",
        &format!(
            "[package]\nname = \"app\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
             [dependencies]\n{CRATE} = {{ version = \"1\", registry = \"mine\" }}\n"
        ),
    );
    world.write("app/src/lib.rs", "");
    world.write(
        "cargo/config.toml",
        &format!("[registries.mine]\nindex = \"{index}\"\ncredential-provider = {provider}\n"),
    );
}

fn fetch(world: &World) -> Ran {
    let mut cargo = cargo(world);
    cargo.args(["fetch", "--manifest-path", "app/Cargo.toml"]);
    run(cargo)
}

#[test]
fn cargo_reads_and_writes_through_its_credential_protocol() {
    let (mut bench, guard) = signed_in();
    called(&mut bench.world, "cargo-credential-keyfob");
    let registry = CargoRegistry::start(&bench.world, guard, "Bearer");
    let index = registry.index();
    let link = bench.world.path("links/cargo-credential-keyfob");
    needs_the_crate(
        &bench.world,
        &index,
        &format!("[\"{}\", \"work\"]", link.display()),
    );

    let before = bench.refreshes();
    let unlisted = fetch(&bench.world);
    let shown = registry.asked().iter().any(|one| one.scheme().is_some());
    list(&bench.world, "cargo", &index);
    let fetched = fetch(&bench.world);
    let asked = registry.asked();
    let mut yank = cargo(&bench.world);
    yank.args(["yank", "--registry", "mine", "--version", "1.0.0", CRATE]);
    let yanked = run(yank);
    let mut logout = cargo(&bench.world);
    logout.args(["logout", "--registry", "mine"]);
    let logout = run(logout);

    assert_eq!(unlisted.status, Some(101), "{unlisted:?}");
    assert!(!shown, "a token went where none is listed");
    fetched.answer();
    assert!(
        asked.last().unwrap().path.ends_with("/1.0.0/download"),
        "{asked:?}"
    );
    assert_eq!(yanked.status, Some(0), "{yanked:?}");
    let last = registry.asked().pop().unwrap();
    assert_eq!(
        (last.method.as_str(), last.scheme()),
        ("DELETE", Some("Bearer"))
    );
    assert_ne!(logout.status, Some(0));
    assert!(logout.stderr.contains("not supported"), "{logout:?}");
    assert_eq!(bench.refreshes(), before, "one token did for all of it");
}

#[test]
fn cargo_reads_a_token_from_stdout() {
    let (bench, guard) = signed_in();
    let registry = CargoRegistry::start(&bench.world, guard, "Bearer");
    let index = registry.index();
    let keyfob = env!("CARGO_BIN_EXE_keyfob");
    let provider =
        format!("[\"cargo:token-from-stdout\", \"{keyfob}\", \"credential\", \"cargo\", \"work\"]");
    needs_the_crate(&bench.world, &index, &provider);

    let unlisted = fetch(&bench.world);
    list(&bench.world, "cargo", &index);
    let fetched = fetch(&bench.world);

    assert_eq!(unlisted.status, Some(101));
    assert!(
        unlisted.stderr.contains("keyfob config set"),
        "{unlisted:?}"
    );
    fetched.answer();
}

#[test]
fn cargo_says_what_to_run_when_nobody_is_signed_in() {
    let (mut bench, guard) = signed_in();
    called(&mut bench.world, "cargo-credential-keyfob");
    let registry = CargoRegistry::start(&bench.world, guard, "Bearer");
    let link = bench.world.path("links/cargo-credential-keyfob");
    needs_the_crate(
        &bench.world,
        &registry.index(),
        &format!("\"{}\"", link.display()),
    );
    list(&bench.world, "cargo", &registry.index());
    bench.world.run("logout work").answer();

    let fetched = fetch(&bench.world);

    assert_eq!(fetched.status, Some(101));
    assert!(
        fetched.stderr.contains("run `keyfob login work`"),
        "{fetched:?}"
    );
}

#[test]
fn pip_gets_its_password_from_keyring() {
    let (mut bench, guard) = signed_in();
    called(&mut bench.world, "keyring");
    // With and without a user in the index's address.
    for (user, expected) in [("amara@", "amara"), ("", "__token__")] {
        let index = PipIndex::start(&bench.world, guard.clone(), expected);
        let (place, url) = (
            index.url(),
            index.url().replace("://", &format!("://{user}")),
        );
        let download = || {
            let mut pip = python::tool(&bench.world, "pip");
            pip.args(["download", "--no-input", "--no-deps", "--no-cache-dir"]);
            pip.args(["--disable-pip-version-check", "--isolated"]);
            pip.args(["--keyring-provider", "subprocess"]);
            pip.args(["--index-url", &url, "--dest", expected, PACKAGE]);
            run(pip)
        };

        let unlisted = download();
        let shown = index
            .asked()
            .iter()
            .filter_map(|one| one.header("authorization"))
            .any(|field| {
                // The address alone makes pip send a user without a password.
                field.len() > 100
            });
        list(&bench.world, "pip", &place);
        let downloaded = download();

        assert_eq!(unlisted.status, Some(1), "{unlisted:?}");
        assert!(!shown, "a token went where none is listed");
        assert_eq!(downloaded.status, Some(0), "{downloaded:?}");
        let asked = index.asked();
        assert!(
            asked.iter().any(|one| one.path.ends_with(".whl")),
            "{asked:?}"
        );
    }
}

#[test]
fn uv_gets_its_password_from_keyring() {
    let (mut bench, guard) = signed_in();
    called(&mut bench.world, "keyring");
    for (user, authenticate, expected) in [("amara@", "auto", "amara"), ("", "always", "__token__")]
    {
        let index = PipIndex::start(&bench.world, guard.clone(), expected);
        let (place, url) = (
            index.url(),
            index.url().replace("://", &format!("://{user}")),
        );
        let config = bench.world.write(
            "uv.toml",
            &format!(
                "[[index]]\nurl = \"{url}\"\ndefault = true\nauthenticate = \"{authenticate}\"\n"
            ),
        );
        let install = || {
            let mut uv = python::tool(&bench.world, "uv");
            uv.args(["pip", "install", "--no-cache", "--no-deps"]);
            uv.args(["--keyring-provider", "subprocess", "--target", expected]);
            uv.arg("--config-file").arg(&config);
            uv.arg("--python")
                .arg(python::tool(&bench.world, "python").get_program());
            uv.arg(PACKAGE);
            run(uv)
        };

        let unlisted = install();
        list(&bench.world, "pip", &place);
        let installed = install();

        assert_ne!(unlisted.status, Some(0), "{unlisted:?}");
        assert_eq!(installed.status, Some(0), "{installed:?}");
        let asked = index.asked();
        assert!(
            asked.iter().any(|one| one.path.ends_with(".whl")),
            "{asked:?}"
        );
    }
}
