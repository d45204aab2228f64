//! What the standards demand of this program, statement by statement, each with its proofs.
//!
//! A row names the tests that hold the program to it, most of them by trying the opposite, and the
//! faults of the practice provider that must get their verdict. A statement without a proof, and a
//! proof that is gone, are errors. Identifiers: N native apps, D device grant, T tokens, P pushed
//! requests, R resources, V revocation, M metadata, L logout, C client authentication, O `DPoP`,
//! X token exchange.

mod device;
mod endpoints;
mod held;
mod native;
mod tokens;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use keyfob::issuer::Fault;

use crate::{files_below, root};

/// One statement.
struct Row {
    /// The standard and its section.
    standard: &'static str,
    /// Its place in the checklist; a statement of several parts has several rows.
    id: &'static str,
    /// The statement, in our words.
    statement: &'static str,
    /// The tests that prove it, by module path.
    tests: &'static [&'static str],
    /// The faults that must get their verdict.
    faults: &'static [&'static str],
}

/// A statement proved by tests.
const fn row(
    standard: &'static str,
    id: &'static str,
    statement: &'static str,
    tests: &'static [&'static str],
) -> Row {
    Row {
        standard,
        id,
        statement,
        tests,
        faults: &[],
    }
}

impl Row {
    /// Proved by these faults, too.
    const fn faults(self, faults: &'static [&'static str]) -> Self {
        Self { faults, ..self }
    }
}

/// The families of the checklist and how many statements each has.
const CHECKLIST: [(char, usize); 11] = [
    ('N', 21),
    ('D', 9),
    ('T', 21),
    ('P', 3),
    ('O', 4),
    ('R', 2),
    ('X', 2),
    ('V', 2),
    ('M', 2),
    ('L', 2),
    ('C', 2),
];

/// Statements about what this program does not do.
const NOT_HERE: &[(&str, &str)] = &[
    ("T19", "RFC 7662: keyfob never introspects a token"),
    ("T20", "RFC 9470: no part of keyfob receives a challenge"),
    ("O1", "RFC 9449: `DPoP` is not offered"),
    ("O2", "RFC 9449: `DPoP` is not offered"),
    ("O3", "RFC 9449: `DPoP` is not offered"),
    ("O4", "RFC 9449: `DPoP` is not offered"),
    ("X1", "RFC 8693: tokens are not exchanged"),
    ("X2", "RFC 8693: tokens are not exchanged"),
    ("C2", "RFC 7523: no client assertions are made"),
];

/// The test that holds the program to every fault's verdict.
const FAULTS: &str = "it::faults::every_fault_gets_its_verdict";

fn rows() -> impl Iterator<Item = &'static Row> {
    [native::ROWS, device::ROWS, tokens::ROWS, endpoints::ROWS]
        .into_iter()
        .flatten()
}

#[test]
fn every_statement_has_proofs_that_exist() {
    let tests = tests();
    let mut faults = Vec::new();

    assert!(tests.contains(FAULTS), "{FAULTS} is gone");
    for row in rows() {
        let about = format!("{} ({}): {}", row.id, row.standard, row.statement);
        if row.tests.is_empty() && row.faults.is_empty() {
            faults.push(format!("{about}\n    nothing proves it"));
        }
        for test in row.tests.iter().filter(|test| !tests.contains(**test)) {
            faults.push(format!("{about}\n    there is no test {test}"));
        }
        let is_known = |name: &&&str| Fault::ALL.iter().any(|fault| fault.name == **name);
        for fault in row.faults.iter().filter(|name| !is_known(name)) {
            faults.push(format!("{about}\n    there is no fault {fault}"));
        }
    }

    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_statement_of_the_checklist_is_here_or_has_a_reason_not_to_be() {
    let checklist: BTreeSet<String> = CHECKLIST
        .iter()
        .flat_map(|(family, count)| (1..=*count).map(move |number| format!("{family}{number}")))
        .collect();
    let held: BTreeSet<String> = rows().map(|row| row.id.to_owned()).collect();
    let not_here: BTreeSet<String> = NOT_HERE.iter().map(|(id, _)| (*id).to_owned()).collect();

    let both: Vec<_> = held.intersection(&not_here).collect();
    let named: BTreeSet<String> = held.union(&not_here).cloned().collect();
    let forgotten: Vec<_> = checklist.difference(&named).collect();
    let unknown: Vec<_> = named.difference(&checklist).collect();

    assert!(both.is_empty(), "held, and not here: {both:?}");
    assert!(forgotten.is_empty(), "forgotten: {forgotten:?}");
    assert!(unknown.is_empty(), "not in the checklist: {unknown:?}");
}

#[test]
fn a_test_is_found_by_its_module_and_a_comment_is_none() {
    let text = "\
fn outer() {}
#[test]
#[cfg(unix)]
fn at_the_top() {}
// #[test]
fn commented_out() {}
mod tests {
    #[test]
    fn inside() {}
    mod deeper {
        #[test]
        fn at_the_bottom() {}
    }
    proptest! {
        #[test]
        fn with_arguments(text in \".*\") {}
    }
}
#[test]
fn after_all() {}
";

    let found = tests_in("a::b", text);

    assert_eq!(
        found,
        [
            "a::b::at_the_top",
            "a::b::tests::inside",
            "a::b::tests::deeper::at_the_bottom",
            "a::b::tests::with_arguments",
            "a::b::after_all",
        ]
    );
}

/// Every test of the library, of this binary and of the live one, by module path.
fn tests() -> BTreeSet<String> {
    let root = root();
    let places = [("src", ""), ("tests/it", "it"), ("tests/live", "live")];
    let mut tests = BTreeSet::new();
    for (folder, name) in places {
        let folder = root.join(folder);
        for path in files_below(&folder, ".rs") {
            let module = module(path.strip_prefix(&folder).unwrap(), name);
            tests.extend(tests_in(&module, &fs::read_to_string(&path).unwrap()));
        }
    }
    tests
}

/// The module that a file is: `a/mod.rs` and `a.rs` are `a`, `main.rs` and `lib.rs` the top.
fn module(file: &Path, top: &str) -> String {
    let file = file.with_extension("");
    let parts = file.iter().map(|part| part.to_str().unwrap());
    let parts = parts.filter(|part| !matches!(*part, "mod" | "main" | "lib"));
    let parts = [top].into_iter().chain(parts);
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("::")
}

/// The tests of one file; modules within it are told by their indentation, as rustfmt leaves it.
fn tests_in(module: &str, text: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut modules: Vec<(usize, &str)> = Vec::new();
    let mut is_next = false;
    for line in text.lines() {
        let bare = line.trim_start();
        let indent = line.len() - bare.len();
        if bare == "}" && modules.last().is_some_and(|(at, _)| *at == indent) {
            modules.pop();
        }
        if let Some(name) = bare.strip_prefix("mod ")
            && let Some(name) = name.strip_suffix(" {")
        {
            modules.push((indent, name));
        }
        if bare == "#[test]" {
            is_next = true;
        } else if is_next && let Some(name) = bare.strip_prefix("fn ") {
            let name = name.split('(').next().unwrap();
            let inner = modules.iter().map(|(_, name)| *name);
            let path: Vec<&str> = [module].into_iter().chain(inner).chain([name]).collect();
            tests.push(path.join("::"));
            is_next = false;
        }
    }
    tests
}
