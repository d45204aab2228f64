//! Chromium, headless, through `browser/drive.mjs`.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::artefacts;
use super::process::run;

/// Opens `url` in a real browser, signs in as `user`, and says what the last page shows. Pictures
/// of it are kept as `<name>-light-wide.png` and so on.
#[track_caller]
pub(crate) fn drive(name: &str, url: &str, user: &str, answer: &str) -> Value {
    let shots = artefacts("browser").join(format!("{name}-"));
    let settings = json!({ "url": url, "user": user, "answer": answer, "shots": shots });
    let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/browser/drive.mjs");
    let mut command = Command::new("node");
    command.arg(driver).arg(settings.to_string());
    let ran = run(command);
    serde_json::from_str(ran.answer()).expect("the driver answers in JSON")
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
