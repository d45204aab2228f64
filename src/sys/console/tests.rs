//! The console over real files, and over buffers where a terminal would be.

use std::fs::File;
use std::sync::Arc;

use super::*;
use crate::base::Vars;

/// What was written, shared with the console under test.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn env(pairs: &[(&str, &str)], terminal: bool) -> Env {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Env {
        vars: Vars::new(pairs.iter().map(owned)),
        stdin_is_terminal: terminal,
        stdout_is_terminal: terminal,
        stderr_is_terminal: terminal,
        ..Env::default()
    }
}

fn console(env: &Env, typed: &'static str) -> (Console, Paper, Paper) {
    let (out, err) = (Paper::default(), Paper::default());
    let streams = (Box::new(out.clone()), Box::new(err.clone()));
    let console = Console::with(env, Box::new(typed.as_bytes()), streams.0, streams.1);
    (console, out, err)
}

#[test]
fn answers_and_notes_keep_to_their_streams() {
    let (console, out, err) = console(&env(&[], false), "");

    console.note("working");
    console.answer("token").unwrap();
    console.status("never without a terminal");

    assert_eq!(
        (out.text().as_str(), err.text().as_str()),
        ("token\n", "working\n")
    );
}

#[test]
fn foreign_text_cannot_drive_the_terminal() {
    let (console, out, err) = console(&env(&[("NO_COLOR", "1")], true), "");

    console.note("a\u{1b}[2Jb\nc");
    console.answer("a\u{9b}2Jb").unwrap();
    console.status("a\rb\nc");

    assert_eq!(out.text(), "a\\u{9b}2Jb\n");
    let (line, rest) = err
        .text()
        .split_once('\n')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert_eq!(line, "a\\u{1b}[2Jb");
    assert!(rest.contains("a\\u{d}b\\u{a}c"), "{rest:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_an_error() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let console = Console::with(
        &env(&[], false),
        Box::new(io::empty()),
        Box::new(io::BufWriter::new(full)),
        Box::new(io::sink()),
    );

    let error = console.answer("token").unwrap_err();

    assert!(matches!(error, ConsoleError::Full), "{error:?}");
}

#[test]
fn a_reader_that_went_away_is_an_error() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let console = Console::with(
        &env(&[], false),
        Box::new(io::empty()),
        Box::new(writer.try_clone().unwrap()),
        Box::new(writer),
    );

    console.note("lost, without a panic");
    let error = console.answer("token").unwrap_err();

    assert!(matches!(error, ConsoleError::Closed), "{error:?}");
}

#[test]
fn colour_is_for_terminals_unless_variables_say_otherwise() {
    let decide = |pairs: &[(&str, &str)], terminal| Colours::decide(&env(pairs, terminal)).stderr;

    assert!(decide(&[], true));
    assert!(!decide(&[], false));
    assert!(!decide(&[("NO_COLOR", "1")], true));
    assert!(decide(&[("NO_COLOR", "")], true));
    assert!(decide(&[("CLICOLOR_FORCE", "1")], false));
    assert!(!decide(&[("CLICOLOR_FORCE", "0")], false));
    assert!(!decide(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], true));
    assert!(!decide(&[("TERM", "dumb")], true));
}

#[test]
fn a_note_clears_the_status_line_first() {
    let (console, _, err) = console(&env(&[("TERM", "xterm")], true), "");

    console.status("14:59 left");
    console.status("14:58 left");
    console.note_styled(&[(Style::Good, "done"), (Style::Plain, " now")]);

    let clear = CLEAR_TO_END;
    let expected =
        format!("\r14:59 left{clear}\r14:58 left{clear}\r{clear}\u{1b}[32mdone\u{1b}[0m now\n");
    assert_eq!(err.text(), expected);
}

#[test]
fn questions_are_asked_until_they_are_answered() {
    let terminal = env(&[], true);

    let (asked, ..) = console(&terminal, "\n  work \n");
    assert_eq!(asked.ask("name", None).unwrap(), "work");
    let (asked, ..) = console(&terminal, "\n");
    assert_eq!(asked.ask("name", Some("home")).unwrap(), "home");
    let (asked, ..) = console(&terminal, "maybe\nYES\n\nn\n");
    assert!(asked.confirm("sure?", Preset::No).unwrap());
    assert!(asked.confirm("sure?", Preset::Yes).unwrap());
    assert!(!asked.confirm("sure?", Preset::Yes).unwrap());
    let (asked, _, err) = console(&terminal, "0\nx\n3\n2\n");
    assert_eq!(asked.choose("which?", &["a", "b"]).unwrap(), 1);
    assert!(err.text().starts_with("  1  a\n  2  b\n"), "{}", err.text());
}

#[test]
fn an_end_of_input_is_no_answer_and_no_terminal_is_never_asked() {
    let (ended, ..) = console(&env(&[], true), "");
    let (scripted, out, err) = console(&env(&[], false), "yes\n");

    assert!(matches!(ended.ask("name", None), Err(ConsoleError::Ended)));
    let refused = scripted.confirm("sure?", Preset::No);
    assert!(matches!(refused, Err(ConsoleError::NoTerminal)));
    assert_eq!((out.text(), err.text()), (String::new(), String::new()));
}
