//! A private registry for cargo: a sparse index and one crate, for whoever shows a token (RFC 3139).

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use ring::digest::{SHA256, digest};
use serde_json::json;

use super::guard::Guard;
use super::process::run;
use super::web::{Asked, Told, Web};
use super::world::World;

/// The one crate there is, at version 1.0.0. It has a function `answer`.
pub(crate) const CRATE: &str = "keyfob-practice-crate";

/// Open until dropped.
pub(crate) struct CargoRegistry {
    web: Web,
}

impl CargoRegistry {
    /// Asks for a token on every request, also for `config.json`, and challenges as cargo expects. The
    /// token stands behind this scheme: cargo adds none by itself, so `none` is a bare one.
    pub(crate) fn start(world: &World, guard: Guard, scheme: &'static str) -> Self {
        let packed = packed(world);
        let sum = digest(&SHA256, &packed);
        let sum = sum.as_ref().iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a String does not fail");
            text
        });
        let entry = json!({ "name": CRATE, "vers": "1.0.0", "deps": [], "cksum": sum,
            "features": {}, "yanked": false });
        let web = Web::plain(move |asked| {
            let authorization = asked.header("authorization");
            let caller = authorization.and_then(|field| guard.caller(field));
            if caller.is_none_or(|caller| caller.scheme != scheme) {
                let field = "Cargo login_url=\"https://registry.example.com/me\"";
                return Told::text(401, "who?\n").with("WWW-Authenticate", field);
            }
            let origin = format!("http://{}", asked.header("host").unwrap_or_default());
            answer(asked, &origin, &entry.to_string(), &packed)
        });
        Self { web }
    }

    /// The index, as `registries.NAME.index` names it.
    pub(crate) fn index(&self) -> String {
        format!("sparse+{}/index/", self.web.origin())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.web.asked()
    }
}

/// The cargo that these tests are built by, with a home in the world. It finds its compiler without
/// rustup, which would look for toolchains in the world's home.
pub(crate) fn cargo(world: &World) -> Command {
    let cargo = Path::new(env!("CARGO"));
    let toolchain = cargo.parent().expect("cargo is in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).map(std::path::PathBuf::into_os_string);
    let folders = std::iter::once(toolchain.as_os_str().to_owned()).chain(folders);
    let path = std::env::join_paths(folders).expect("no folder has a colon in its name");
    let mut command = world.command(cargo);
    command.env("PATH", path);
    command.env("CARGO_HOME", world.path("cargo"));
    command
}

fn answer(asked: &Asked, origin: &str, entry: &str, packed: &[u8]) -> Told {
    // Two letters, two letters, the name: where an index has a name of more than three.
    let of_crate = format!("/index/ke/yf/{CRATE}");
    match asked.path.as_str() {
        "/index/config.json" => Told::json(
            200,
            &json!({ "dl": format!("{origin}/crates"), "api": origin, "auth-required": true }),
        ),
        path if path == of_crate => Told::text(200, &format!("{entry}\n")),
        path if path == format!("/crates/{CRATE}/1.0.0/download") => Told {
            body: packed.to_owned(),
            ..Told::text(200, "").with("Content-Type", "application/gzip")
        },
        // `cargo publish`, `yank` and `owner` begin here.
        path if path.starts_with("/api/v1/crates/") => Told::json(200, &json!({ "ok": true })),
        _ => Told::text(404, "there is nothing here\n"),
    }
}

/// The crate as cargo downloads it.
fn packed(world: &World) -> Vec<u8> {
    let folder = format!("registry/{CRATE}-1.0.0");
    world.write(
        &format!("{folder}/Cargo.toml"),
        &format!("[package]\nname = \"{CRATE}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n"),
    );
    world.write(
        &format!("{folder}/src/lib.rs"),
        "pub fn answer() -> u8 {\n    42\n}\n",
    );
    let file = world.path("registry/crate.tgz");
    let mut tar = world.command("tar");
    tar.arg("-czf")
        .arg(&file)
        .arg("-C")
        .arg(world.path("registry"));
    tar.arg(format!("{CRATE}-1.0.0"));
    run(tar).answer();
    std::fs::read(file).expect("tar wrote it")
}
