//! A private package index for pip and uv (PEP 503) with one wheel, for whoever shows a token as the
//! password of a user.

use super::guard::Guard;
use super::process::run;
use super::python;
use super::web::{Asked, Told, Web};
use super::world::World;

/// The one package there is, at version 1.0.0. Its module `keyfob_practice` has `ANSWER`.
pub(crate) const PACKAGE: &str = "keyfob-practice";

const WHEEL: &str = "keyfob_practice-1.0.0-py3-none-any.whl";

/// Open until dropped.
pub(crate) struct PipIndex {
    web: Web,
}

impl PipIndex {
    /// Wants the token as this user's password.
    pub(crate) fn start(world: &World, guard: Guard, username: &'static str) -> Self {
        let wheel = wheel(world);
        let web = Web::plain(move |asked| {
            let authorization = asked.header("authorization");
            let caller = authorization.and_then(|field| guard.caller(field));
            let username = Some(username.to_owned());
            if caller.is_none_or(|caller| caller.username != username) {
                return Told::text(401, "who?\n").with("WWW-Authenticate", "Basic realm=\"pip\"");
            }
            answer(asked, &wheel)
        });
        Self { web }
    }

    /// The index, as `--index-url` names it.
    pub(crate) fn url(&self) -> String {
        format!("{}/simple/", self.web.origin())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.web.asked()
    }
}

fn answer(asked: &Asked, wheel: &[u8]) -> Told {
    match asked.path.as_str() {
        "/simple/keyfob-practice/" => {
            let page = format!("<!DOCTYPE html><a href=\"/files/{WHEEL}\">{WHEEL}</a>\n");
            Told::text(200, &page).with("Content-Type", "text/html")
        }
        path if path == format!("/files/{WHEEL}") => Told {
            body: wheel.to_owned(),
            ..Told::text(200, "").with("Content-Type", "application/octet-stream")
        },
        _ => Told::text(404, "there is nothing here\n"),
    }
}

fn wheel(world: &World) -> Vec<u8> {
    let file = world.path(WHEEL);
    let mut make = python::script(world, "make_wheel.py");
    make.arg(&file);
    run(make).answer();
    std::fs::read(file).expect("the script wrote it")
}
