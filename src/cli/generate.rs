//! Completions and man pages, made from the command tree, so that they cannot disagree with it.
//!
//! Writes nothing itself: it returns text, the same for the same version.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::config;

/// A shell that completions can be made for.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(after_help = "Examples:
  keyfob completions bash > ~/.local/share/bash-completion/completions/keyfob
  keyfob completions fish > ~/.config/fish/completions/keyfob.fish
  keyfob completions powershell | Out-String | Invoke-Expression")]
pub struct Completions {
    /// Name the shell
    #[arg(value_enum)]
    pub shell: Shell,
}

const SHELLS: [Shell; 5] = [
    Shell::Bash,
    Shell::Elvish,
    Shell::Fish,
    Shell::PowerShell,
    Shell::Zsh,
];

/// Exit statuses, as the man page explains them.
const STATUSES: [(&str, &str); 16] = [
    ("0", "the answer is on stdout"),
    ("1", "a fault of keyfob or the machine"),
    ("2", "wrong usage"),
    ("3", "a person must sign in: run \\fBkeyfob login\\fR"),
    (
        "4",
        "the sign-in was not completed: declined, interrupted or out of time",
    ),
    ("5", "the provider refused: wrong scope, client or target"),
    ("6", "the provider cannot be reached: try later"),
    ("7", "the store is locked or missing"),
    ("8", "the configuration is wrong"),
    ("9", "a token failed verification: look before going on"),
    ("10", "nobody but its API can verify this token"),
    (
        "125",
        "\\fBexec\\fR: the command was not started; what is said tells why",
    ),
    (
        "126",
        "\\fBexec\\fR: the command is there and cannot be run",
    ),
    ("127", "\\fBexec\\fR: there is no such command"),
    ("128+n", "signal n ended the program"),
    ("", "Every number keeps its meaning across versions."),
];

/// Files that are read or written, as the man page lists them.
const FILES: [(&str, &str); 2] = [
    (
        "config.toml",
        "profiles and settings, in the platform's configuration folder; \
         \\fBkeyfob config path\\fR prints where",
    ),
    (
        "~/.config/keyfob/config.toml",
        "where that is on Linux, unless \\fBXDG_CONFIG_HOME\\fR moves it",
    ),
];

/// Returns the completions for one shell.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "keyfob", &mut script);
    script
}

/// Returns every file that is kept in the repository, by its path there.
pub fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for shell in SHELLS {
        use clap_complete::Generator as _;
        let path = format!("completions/{}", shell.file_name("keyfob"));
        files.insert(path, completions(shell));
    }
    let mut tree = super::command().disable_help_subcommand(true);
    tree.build();
    pages(&tree, &mut files);
    files
}

fn pages(command: &Command, files: &mut BTreeMap<String, Vec<u8>>) {
    for inner in command.get_subcommands() {
        if !inner.is_hide_set() {
            pages(inner, files);
        }
    }
    let page = Man::new(command.clone()).manual("keyfob manual");
    let path = format!("man/{}", page.get_filename());
    let mut text = Vec::new();
    render(command, &page, &mut text).expect("a vector takes any bytes");
    if command.get_name() == "keyfob" {
        text.extend(sections().into_bytes());
    }
    files.insert(path, text);
}

/// All that clap knows; examples as they are typed, where the library would fill their lines.
fn render(command: &Command, page: &Man, text: &mut Vec<u8>) -> std::io::Result<()> {
    page.render_title(text)?;
    page.render_name_section(text)?;
    page.render_synopsis_section(text)?;
    page.render_description_section(text)?;
    page.render_options_section(text)?;
    if command.get_subcommands().any(|inner| !inner.is_hide_set()) {
        page.render_subcommands_section(text)?;
    }
    if let Some(notes) = command.get_after_help() {
        let notes: Vec<String> = notes.to_string().lines().map(roff).collect();
        writeln!(text, ".SH \"NOTES\"\n.nf\n{}\n.fi", notes.join("\n"))?;
    }
    Ok(())
}

/// The sections that clap knows nothing of.
fn sections() -> String {
    let mut text = String::new();
    section(&mut text, "EXIT STATUS", STATUSES);
    let variables = config::variables().map(|variable| (variable.name, variable.means));
    section(&mut text, "ENVIRONMENT", variables);
    section(&mut text, "FILES", FILES);
    text
}

fn section<'a>(
    text: &mut String,
    title: &str,
    entries: impl IntoIterator<Item = (&'a str, &'a str)>,
) {
    writeln!(text, ".SH \"{title}\"").expect("a string takes any text");
    for (term, meaning) in entries {
        let (term, meaning) = (roff(term), roff(meaning));
        match term.as_str() {
            "" => writeln!(text, ".PP\n{meaning}"),
            term => writeln!(text, ".TP\n\\fB{term}\\fR\n{meaning}"),
        }
        .expect("a string takes any text");
    }
}

/// Keeps a hyphen a hyphen, a line's last `\` a character, and a first `.` or `'` too.
fn roff(text: &str) -> String {
    let text = text.replace('-', "\\-");
    let text = match text.strip_suffix('\\') {
        Some(text) => format!("{text}\\e"),
        None => text,
    };
    match text.chars().next() {
        Some('.' | '\'') => format!("\\&{text}"),
        _ => text,
    }
}
