//! `keyfob verify --ndjson`: one token per line in, one verdict per line out, in the same order.
//!
//! Memory stays bounded whatever comes: a line that is too long is a verdict of its own, and the
//! rest goes on. Verdicts wait in a buffer only while more tokens are there already.

use std::io::{self, BufRead, BufReader};

use zeroize::Zeroizing;

use super::judge::Judge;
use crate::app::App;
use crate::base::{Diagnostic, Exit};
use crate::commands::Failure;
use crate::jwt::checks::Outcome;
use crate::output::checks;

/// The longest line that is looked at: the longest token, and what may stand around it.
const LONGEST_LINE: usize = 68 * 1024;

/// How much is read at once.
const AT_ONCE: usize = 256 * 1024;

/// Not every token holds.
#[derive(Debug, thiserror::Error)]
enum NotAll {
    #[error("{failed} of {all} tokens do not hold")]
    Some { failed: u64, all: u64 },
    #[error("there is no token: nothing was given")]
    None,
    #[error("the tokens cannot be read from stdin")]
    Stdin(#[source] io::Error),
}

impl Diagnostic for NotAll {
    fn exit(&self) -> Exit {
        match self {
            Self::Some { .. } => Exit::Verification,
            Self::None | Self::Stdin(_) => Exit::Usage,
        }
    }
}

/// Judges every token on stdin.
///
/// # Errors
///
/// A [`Failure`] unless there was at least one token and every one holds.
pub(super) fn run(judge: &Judge<'_>, app: &App) -> Result<(), Failure> {
    let mut input = BufReader::with_capacity(AT_ONCE, io::stdin().lock());
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_LINE + 1));
    let mut verdicts = Vec::with_capacity(AT_ONCE);
    let (mut number, mut failed) = (0u64, 0u64);
    while let Some(whole) = next(&mut input, &mut line).map_err(NotAll::Stdin)? {
        number += 1;
        let text = std::str::from_utf8(&line).ok().map(str::trim);
        let outcome = match text.filter(|_| whole) {
            Some("") => {
                number -= 1;
                continue;
            }
            Some(token) => {
                let report = judge.judge(token);
                checks::line(&mut verdicts, number, &report);
                report.outcome
            }
            None => {
                checks::unread_line(&mut verdicts, number);
                Outcome::Fails
            }
        };
        failed += u64::from(outcome != Outcome::Holds);
        if input.buffer().is_empty() || verdicts.len() >= AT_ONCE {
            flush(app, &mut verdicts)?;
        }
    }
    flush(app, &mut verdicts)?;
    match (failed, number) {
        (_, 0) => Err(NotAll::None.into()),
        (0, _) => Ok(()),
        (failed, all) => Err(NotAll::Some { failed, all }.into()),
    }
}

fn flush(app: &App, verdicts: &mut Vec<u8>) -> Result<(), Failure> {
    app.console.answer_bytes(verdicts)?;
    verdicts.clear();
    Ok(())
}

/// Reads the next line; answers whether it was short enough to be kept whole, nothing at the end.
fn next(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let (mut any, mut whole) = (false, true);
    loop {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            return Ok(any.then_some(whole));
        }
        any = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
        if line.len() + part.len() > LONGEST_LINE {
            whole = false;
        } else {
            line.extend_from_slice(part);
        }
        let taken = part.len() + usize::from(end.is_some());
        input.consume(taken);
        if end.is_some() {
            return Ok(Some(whole));
        }
    }
}
