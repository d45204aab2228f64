//! Chromium, headless, through `browser/drive.mjs`.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::process::run;
use super::world::World;
use super::{artefacts, eventually};

const DRIVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/browser/drive.mjs");

/// Opens `url` in a real browser, does there what `visit` says, and tells what the last page shows.
#[track_caller]
pub(crate) fn drive(visit: &Visit<'_>, url: &str) -> Value {
    let mut command = Command::new("node");
    command.arg(DRIVER).arg(visit.settings(None)).arg(url);
    serde_json::from_str(run(command).answer()).expect("the driver answers in JSON")
}

/// What is done in the browser. Pictures of the last page are kept as `<name>-light-wide.png` and
/// so on.
pub(crate) struct Visit<'a> {
    pub(crate) name: &'a str,
    pub(crate) user: &'a str,
    /// `approve` or `decline`.
    pub(crate) answer: &'a str,
}

impl Visit<'_> {
    fn settings(&self, home: Option<PathBuf>) -> String {
        let shots = artefacts("browser").join(format!("{}-", self.name));
        let mut settings = json!({ "user": self.user, "answer": self.answer, "shots": shots });
        if let Some(home) = home {
            settings["home"] = json!(home);
        }
        settings.to_string()
    }

    /// Writes the command that a profile names as its browser: one that drives a real one.
    pub(crate) fn command(&self, world: &World) -> OpenedBrowser {
        let answer = world.path("browser.json");
        let script = format!(
            "#!/bin/sh\nnode '{DRIVER}' '{}' \"$1\" >'{answer}.part' && mv '{answer}.part' '{answer}'\n",
            self.settings(Some(world.path("chromium"))),
            answer = answer.display(),
        );
        let script = world.write_program("browser", &script);
        OpenedBrowser { script, answer }
    }
}

/// A browser that the program under test opens by itself.
pub(crate) struct OpenedBrowser {
    pub(crate) script: PathBuf,
    answer: PathBuf,
}

impl OpenedBrowser {
    /// What the last page showed; waits for the browser to close.
    #[track_caller]
    pub(crate) fn last_page(&self) -> Value {
        let text = eventually("the browser to close", || {
            std::fs::read_to_string(&self.answer).ok()
        });
        std::fs::remove_file(&self.answer).expect("the answer was there");
        serde_json::from_str(&text).expect("the driver answers in JSON")
    }
}

/// Checks the pictures of a finishing page: four of them, none empty, none wider than its window,
/// and dark where dark was asked for.
#[track_caller]
pub(crate) fn assert_well_drawn(last: &Value) {
    let shots = last["shots"]
        .as_array()
        .expect("the driver lists its pictures");
    assert_eq!(shots.len(), 4, "light and dark, wide and narrow");
    for shot in shots {
        let path = Path::new(shot["path"].as_str().expect("a picture has a path"));
        let size = std::fs::metadata(path).expect("the picture was kept").len();
        assert!(size > 2_000, "{} is only {size} bytes", path.display());
        assert_eq!(
            shot["sideways"],
            false,
            "{} scrolls sideways",
            path.display()
        );
        let dark = shot["colorScheme"] == "dark";
        let ground = lightness(&shot["ground"]);
        assert_eq!(ground < 128, dark, "{}: ground {ground}", path.display());
        let contrast = lightness(&shot["text"]).abs_diff(ground);
        assert!(
            contrast > 120,
            "{}: text and ground differ by {contrast}",
            path.display()
        );
    }
}

/// The mean of a CSS `rgb(r, g, b)`, from 0 to 255.
fn lightness(colour: &Value) -> u32 {
    let text = colour.as_str().expect("a colour is text");
    let parts = text
        .trim_start_matches("rgba(")
        .trim_start_matches("rgb(")
        .trim_end_matches(')');
    let numbers: Vec<u32> = parts
        .split(',')
        .take(3)
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    assert_eq!(numbers.len(), 3, "`{text}` is no colour these tests know");
    numbers.iter().sum::<u32>() / 3
}
