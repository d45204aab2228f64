//! The rules of the house that no compiler checks, over every source file.
//!
//! Each failure names the file, the line and the rule. See `src/ARCHITECTURE.md` for the why.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{files_below, root};

/// A module uses only modules of a lower number; modules of one number never meet.
const LAYERS: &[(&str, u8)] = &[
    ("base", 0),
    ("jwt", 1),
    ("sys", 1),
    ("audit", 2),
    ("credential", 2),
    ("oauth", 2),
    ("output", 2),
    ("provider", 2),
    ("store", 2),
    ("config", 3),
    ("explain", 3),
    ("flow", 4),
    ("session", 5),
    ("agent", 6),
    ("endpoint", 6),
    ("issuer", 6),
    ("app", 7),
    ("doctor", 7),
    ("commands", 8),
    ("cli", 9),
];

/// The practice provider is the other side of the wire: it must not share our side's mistakes.
const ISSUER_MAY_USE: [&str; 5] = ["base", "jwt", "oauth", "sys", "issuer"];

/// Folders whose code has no input but its arguments.
const PURE: &[&str] = &[
    "base",
    "jwt",
    "oauth",
    "credential",
    "output",
    "provider",
    "config",
    "explain",
];

/// What reaches out of a pure function.
const IMPURE: [&str; 15] = [
    "crate::store",
    "crate::sys",
    "std::env",
    "std::fs",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::ToSocketAddrs",
    "std::net::UdpSocket",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
];

/// Where secrets are shown, and how often: each one has been looked at.
const EXPOSED: &[(&str, usize)] = &[
    ("src/agent/frame.rs", 2),
    ("src/app/passphrase.rs", 1),
    ("src/app.rs", 1),
    ("src/audit/token_id.rs", 1),
    ("src/commands/agent/tend.rs", 1),
    ("src/commands/demo.rs", 3),
    ("src/commands/explain/aws.rs", 1),
    ("src/commands/farewell.rs", 1),
    ("src/commands/groups.rs", 1),
    ("src/commands/inspect.rs", 3),
    ("src/commands/issuer.rs", 1),
    ("src/commands/verify.rs", 1),
    ("src/credential/aws.rs", 2),
    ("src/credential/azd.rs", 1),
    ("src/credential/azure_cli.rs", 1),
    ("src/credential/cargo.rs", 1),
    ("src/credential/docker.rs", 1),
    ("src/credential/gcp.rs", 1),
    ("src/credential/git.rs", 1),
    ("src/credential/kubernetes.rs", 1),
    ("src/credential/mcp.rs", 1),
    ("src/credential/pip.rs", 1),
    ("src/endpoint/aws.rs", 2),
    ("src/endpoint/azure.rs", 1),
    ("src/endpoint/door.rs", 1),
    ("src/endpoint/fresh_file.rs", 1),
    ("src/endpoint/github.rs", 1),
    ("src/flow/assume_role.rs", 2),
    ("src/flow/browser.rs", 2),
    ("src/flow/exchange.rs", 4),
    ("src/flow/graph.rs", 1),
    ("src/flow/userinfo.rs", 1),
    ("src/oauth/authorize.rs", 2),
    ("src/oauth/callback.rs", 5),
    ("src/oauth/client_auth.rs", 2),
    ("src/oauth/end_session.rs", 1),
    ("src/oauth/grant.rs", 4),
    ("src/oauth/pkce.rs", 1),
    ("src/oauth/revoke.rs", 1),
    ("src/output/json.rs", 1),
    ("src/output/mod.rs", 1),
    ("src/session/groups.rs", 1),
    ("src/session/keep.rs", 4),
    ("src/session/record.rs", 4),
    ("src/session/renewal.rs", 1),
    ("src/session/role/held.rs", 3),
    ("src/store/cache.rs", 1),
    ("src/store/chunks.rs", 3),
    ("src/store/derive.rs", 1),
    ("src/store/sealed.rs", 1),
    ("src/store/sealing_key.rs", 1),
    ("src/store/vault.rs", 1),
    ("src/sys/child/descriptor.rs", 2),
    ("src/sys/child.rs", 1),
    ("src/sys/http/proxy.rs", 1),
    ("src/sys/loopback/relay.rs", 1),
];

/// Above this a file has two subjects.
const MOST_LINES: usize = 400;

#[test]
fn a_module_uses_lower_layers_only() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some(area) = source.area() else { continue };
        let Some(own) = layer(&area) else {
            faults.push(format!("{}: `{area}` has no layer", source.name));
            continue;
        };
        for (line, path) in source.paths() {
            let Some(used) = path.strip_prefix("crate::") else {
                continue;
            };
            let used = used.split("::").next().unwrap();
            let Some(number) = layer(used) else { continue };
            if used != area && number >= own {
                faults.push(format!("{}:{line}: {area} may not use {used}", source.name));
            }
            if area == "issuer" && !ISSUER_MAY_USE.contains(&used) {
                faults.push(format!("{}:{line}: issuer may not use {used}", source.name));
            }
        }
        for (line, text) in source.code() {
            if source.climbs_out(text) {
                faults.push(format!(
                    "{}:{line}: leave a folder by `crate::`",
                    source.name
                ));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn a_pure_file_has_no_input_but_its_arguments() {
    let mut faults = Vec::new();
    for source in sources() {
        let area = source.area().unwrap_or_default();
        let is_pure = PURE.contains(&area.as_str()) || source.head().contains("PURE");
        if !is_pure || source.is_test {
            continue;
        }
        for (line, path) in source.paths() {
            let begins = |word: &&&str| {
                path.strip_prefix(**word)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            };
            // A pure file of an impure folder may speak of its neighbours' plain types.
            let own = format!("crate::{area}");
            if let Some(word) = IMPURE.iter().find(begins).filter(|word| **word != own) {
                faults.push(format!(
                    "{}:{line}: a pure file may not use {word}",
                    source.name
                ));
            }
        }
        for (line, text) in source.code() {
            for word in ["async ", "SystemRandom", "Instant::now", "SystemTime::now"] {
                if text.contains(word) {
                    faults.push(format!(
                        "{}:{line}: a pure file may not use {word}",
                        source.name
                    ));
                }
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn only_sys_and_store_know_the_platform() {
    let mut faults = Vec::new();
    for source in sources() {
        if matches!(source.area().as_deref(), Some("sys" | "store")) {
            continue;
        }
        for (line, text) in source.code() {
            if [
                "cfg(unix",
                "cfg(windows",
                "cfg(not(unix",
                "cfg(not(windows",
                "target_os",
            ]
            .iter()
            .any(|word| text.contains(word))
            {
                faults.push(format!(
                    "{}:{line}: platform code belongs in sys or store",
                    source.name
                ));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn every_file_says_what_it_is_and_is_about_one_thing() {
    let mut faults = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            faults.push(format!("{}:1: the file has no `//!` head", source.name));
        }
        let lines = source.production().lines().count();
        if lines > MOST_LINES && !source.is_test {
            faults.push(format!(
                "{}: {lines} lines, more than {MOST_LINES}",
                source.name
            ));
        }
    }
    for path in files_below(&root().join("tests"), ".rs") {
        if !fs::read_to_string(&path).unwrap().starts_with("//! ") {
            faults.push(format!("{}:1: the file has no `//!` head", path.display()));
        }
    }
    assert_none(&faults);
}

#[test]
fn a_secret_is_shown_at_known_places_only() {
    let mut found = Vec::new();
    for source in sources() {
        let count = source
            .code()
            .filter(|(_, text)| text.contains(".expose()"))
            .count();
        if count > 0 && !source.is_test {
            found.push((source.name.clone(), count));
        }
    }

    let known: Vec<_> = EXPOSED
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect();

    assert_eq!(
        found, known,
        "look at each, then write these into EXPOSED: {found:#?}"
    );
}

#[test]
fn nothing_is_left_for_later_and_nothing_tells_how_it_was_made() {
    // Put together here, so that this file does not trip over itself.
    let words = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X"],
        ["unimple", "mented!"],
        ["todo", "!("],
        ["issue ", "#"],
        ["Issue ", "#"],
        ["Clau", "de"],
        ["Anthro", "pic"],
        ["Chat", "GPT"],
        ["Open", "AI"],
        ["language ", "model"],
        ["as an ", "AI"],
        ["AI-", "generated"],
        ["/work/", "shared"],
        ["/work/", "plan"],
        ["CONTRACTS", ".md"],
    ];
    let words = words.map(|halves| halves.concat());
    let mut faults = Vec::new();
    for path in texts() {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(word.as_str())) {
                faults.push(format!("{}:{}: {word}", path.display(), index + 1));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn the_changelog_tells_of_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let text = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let heading = |line: &str| {
        let rest = line.strip_prefix("## ")?.trim_start_matches('[');
        rest.strip_prefix(version)
            .map(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    };

    assert!(
        text.lines().any(|line| heading(line) == Some(true)),
        "CHANGELOG.md has no heading for {version}"
    );
}

#[test]
fn a_use_with_braces_is_taken_apart() {
    let text = "use crate::{base::{A, b::C}, sys};\nlet x = std::fs::read(crate::jwt::y);\n";
    let source = Source {
        name: "src/flow/a.rs".into(),
        text: text.into(),
        is_test: false,
    };

    let paths: Vec<String> = source.paths().into_iter().map(|(_, path)| path).collect();

    for wanted in [
        "crate::base::A",
        "crate::base::b::C",
        "crate::sys",
        "std::fs::read",
        "crate::jwt::y",
    ] {
        assert!(
            paths.iter().any(|path| path == wanted),
            "{wanted}: {paths:?}"
        );
    }
    assert!(source.climbs_out("use super::super::x;"));
    assert!(!source.climbs_out("use super::x;"));
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn layer(area: &str) -> Option<u8> {
    LAYERS
        .iter()
        .find(|(name, _)| *name == area)
        .map(|(_, number)| *number)
}

/// One file of `src/`.
struct Source {
    name: String,
    text: String,
    /// Whether it is compiled for tests only.
    is_test: bool,
}

fn sources() -> Vec<Source> {
    let root = root();
    let source = |path: PathBuf| Source {
        name: path
            .strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/"),
        text: fs::read_to_string(&path).unwrap(),
        is_test: false,
    };
    let mut sources: Vec<Source> = files_below(&root.join("src"), ".rs")
        .into_iter()
        .map(source)
        .collect();
    let tests: Vec<String> = sources.iter().flat_map(Source::test_modules).collect();
    for source in &mut sources {
        let stem = source.name.trim_end_matches(".rs").trim_end_matches("/mod");
        let is_within = |module: &String| {
            stem.strip_prefix(module.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        source.is_test = tests.iter().any(is_within);
    }
    sources
}

impl Source {
    /// The folder, or the file at the top; none for the two roots.
    fn area(&self) -> Option<String> {
        let path = self.name.strip_prefix("src/")?;
        let first = path.split('/').next()?.trim_end_matches(".rs");
        (!matches!(first, "lib" | "main")).then(|| first.to_owned())
    }

    fn head(&self) -> String {
        self.text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .collect()
    }

    /// The modules that this file declares for tests, as paths without an ending.
    fn test_modules(&self) -> Vec<String> {
        let folder = self.name.trim_end_matches(".rs").trim_end_matches("/mod");
        let lines: Vec<&str> = self.text.lines().collect();
        let declared = lines
            .windows(2)
            .filter(|pair| pair[0].starts_with("#[cfg(") && pair[0].contains("test"));
        declared
            .filter_map(|pair| pair[1].strip_suffix(';')?.split("mod ").nth(1))
            .map(|name| format!("{folder}/{name}"))
            .collect()
    }

    /// What is compiled into the program: all above the tests at the foot.
    fn production(&self) -> &str {
        let end = self.text.find("#[cfg(test)]\nmod tests {");
        &self.text[..end.unwrap_or(self.text.len())]
    }

    /// Lines of production code with their numbers, comments left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.production().lines().enumerate();
        lines
            .map(|(index, line)| (index + 1, line))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Every path that begins with `crate` or `std`, groups taken apart, with its line.
    fn paths(&self) -> Vec<(usize, String)> {
        let mut paths = Vec::new();
        let mut statement: Option<(usize, String)> = None;
        for (number, line) in self.code() {
            let start = line
                .trim_start()
                .trim_start_matches("pub ")
                .trim_start_matches("pub(super) ");
            if statement.is_none() && start.starts_with("use ") {
                statement = Some((number, String::new()));
            }
            let Some((begun, mut text)) = statement.take() else {
                paths.extend(inline_paths(line).map(|path| (number, path)));
                continue;
            };
            text.push_str(line.trim());
            if line.contains(';') {
                let tree = text
                    .split("use ")
                    .nth(1)
                    .unwrap_or_default()
                    .trim_end_matches(';');
                paths.extend(taken_apart("", tree).into_iter().map(|path| (begun, path)));
            } else {
                statement = Some((begun, text));
            }
        }
        paths
    }

    /// Tells whether a line climbs by `super` to the top, past the reach of the layer table.
    fn climbs_out(&self, line: &str) -> bool {
        let inner = self.name.trim_start_matches("src/").trim_end_matches(".rs");
        let depth = inner.trim_end_matches("/mod").split('/').count();
        line.contains(&"super::".repeat(depth))
    }
}

/// `a::{b, c::{d}}` as `a::b` and `a::c::d`.
fn taken_apart(before: &str, tree: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth) = (Vec::new(), String::new(), 0);
    for c in tree.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    parts.push(part);
    let parts = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty());
    parts
        .flat_map(|part| match part.split_once('{') {
            Some((head, rest)) => {
                let rest = rest.trim_end().strip_suffix('}').unwrap_or(rest);
                taken_apart(&format!("{before}{head}"), rest)
            }
            None => vec![format!(
                "{before}{}",
                part.split(" as ").next().unwrap_or(part)
            )],
        })
        .collect()
}

fn inline_paths(line: &str) -> impl Iterator<Item = String> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = line.split(move |c| !is_path(c));
    words
        .filter(|word| word.starts_with("crate::") || word.starts_with("std::"))
        .map(str::to_owned)
}

/// Every text of the repository that people wrote.
fn texts() -> Vec<PathBuf> {
    let skipped = [
        "target",
        ".git",
        "node_modules",
        "Cargo.lock",
        "package-lock.json",
    ];
    let is_ours = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        !skipped.contains(&name)
    };
    let mut texts = Vec::new();
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true if is_ours(&path) => texts.extend(
                files_below(&path, "")
                    .into_iter()
                    .filter(|path| path.iter().all(|part| part != "node_modules"))
                    .filter(|path| is_ours(path)),
            ),
            false if is_ours(&path) => texts.push(path),
            _ => {}
        }
    }
    texts
}
