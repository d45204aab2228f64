//! The README tells the truth: its command lines parse, and its links lead somewhere.

use std::collections::BTreeSet;

use crate::{files_below, root};

#[test]
fn every_command_line_in_the_readme_parses() {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();

    let lines = command_lines(&text);

    assert!(!lines.is_empty(), "the README shows no command line");
    for line in lines {
        assert_parses(&line);
    }
}

/// A line that asks for help or the version is one too.
fn assert_parses(line: &str) {
    if let Err(error) = keyfob::cli::command().try_get_matches_from(words(line)) {
        let shown = matches!(
            error.kind(),
            clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion
        );
        assert!(shown, "`{line}`: {error}");
    }
}

#[test]
fn every_command_line_that_the_program_advises_parses() {
    let mut advised = BTreeSet::new();
    for path in files_below(&root().join("src"), ".rs") {
        let text = std::fs::read_to_string(path).unwrap();
        let text = joined(&text);
        let (code, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
        let quoted = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in quoted {
            let mut pieces: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
            if line.contains("Hint::Run") {
                pieces.extend(line.split('"').skip(1).step_by(2));
            }
            pieces.retain(|piece| piece.starts_with("keyfob "));
            advised.extend(
                pieces
                    .into_iter()
                    .flat_map(|piece| commands_in(&filled(piece))),
            );
        }
    }

    assert!(advised.contains("keyfob login work"), "{advised:#?}");
    for line in advised {
        assert_parses(&line);
    }
}

/// Joins string literals that go on in the next line.
fn joined(text: &str) -> String {
    let mut pieces = text.split("\\\n");
    let mut whole = pieces.next().unwrap().to_owned();
    for piece in pieces {
        whole.push_str(piece.trim_start());
    }
    whole
}

/// Puts a name where a format string has a hole.
fn filled(text: &str) -> String {
    let mut parts = text.split('{');
    let mut line = parts.next().unwrap().to_owned();
    for part in parts {
        line.push_str("work");
        line.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    line
}

#[test]
fn every_relative_link_in_the_readme_exists() {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();

    for link in links(&text) {
        let elsewhere = ["http://", "https://", "mailto:", "#"];
        if elsewhere.iter().any(|start| link.starts_with(start)) {
            continue;
        }
        let path = link.split('#').next().unwrap();
        assert!(root().join(path).exists(), "`{link}` leads nowhere");
    }
}

#[test]
fn command_lines_are_found_in_blocks_and_in_backticks() {
    let text = "Run `keyfob login work` or `cargo run`.\n```sh\n$ keyfob token \\\n    --format curl \
        | curl -K - https://a  # comment\nexport T=$(keyfob token 'a b')\n# keyfob nonsense\n```\n";

    let found: Vec<String> = command_lines(text).into_iter().collect();

    assert_eq!(
        found,
        [
            "keyfob login work",
            "keyfob token     --format curl",
            "keyfob token 'a b'"
        ]
    );
    assert_eq!(
        words("keyfob token 'a b' \"c d\""),
        ["keyfob", "token", "a b", "c d"]
    );
}

/// Every command line that begins with `keyfob`, in a block or between backticks.
fn command_lines(text: &str) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let mut in_block = false;
    for line in text.replace("\\\n", "").lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            let line = line.trim_start().trim_start_matches("$ ");
            if !line.starts_with('#') {
                lines.extend(commands_in(line));
            }
        } else {
            let quoted = line.split('`').skip(1).step_by(2);
            lines.extend(
                quoted
                    .filter(|code| code.starts_with("keyfob "))
                    .flat_map(commands_in),
            );
        }
    }
    lines
}

/// The keyfob commands of one shell line: pipes, lists and substitutions taken apart.
fn commands_in(line: &str) -> Vec<String> {
    let line = match line.find(" #") {
        Some(at) if line[..at].matches('\'').count().is_multiple_of(2) => &line[..at],
        _ => line,
    };
    let parts = line.split(['|', ';', '(', ')', '<', '>', '&']);
    let parts = parts.map(str::trim);
    parts
        .filter(|part| *part == "keyfob" || part.starts_with("keyfob "))
        .map(str::to_owned)
        .collect()
}

/// The words of a command line as a shell sees them, quotes removed.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (None, ' ') => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (None, '\'' | '"') => (quote, begun) = (Some(c), true),
            (Some(open), c) if c == open => quote = None,
            (_, c) => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// What stands in the round brackets behind square ones.
fn links(text: &str) -> Vec<String> {
    let behind = text.split("](").skip(1);
    behind
        .filter_map(|rest| rest.split_once(')').map(|(link, _)| link.to_owned()))
        .collect()
}
