//! Starts many processes of one command at once, and times how long they all take.
//!
//! `crowd COUNT PROGRAM [ARGUMENT…]` prints one line, separated by tabs: microseconds from the first
//! start to the last end, the same to the last start, and how many did not end well. What the
//! commands print is thrown away. Compiled by `benches/run` with rustc alone.

use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let count = words
        .first()
        .and_then(|word| word.to_str()?.parse::<usize>().ok());
    let (Some(count), Some(program)) = (count, words.get(1)) else {
        eprintln!("crowd: the words are COUNT PROGRAM [ARGUMENT…]");
        return ExitCode::from(2);
    };
    let began = Instant::now();
    let children: Result<Vec<Child>, _> = (0..count)
        .map(|_| {
            Command::new(program)
                .args(&words[2..])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
        })
        .collect();
    let children = match children {
        Ok(children) => children,
        Err(error) => {
            eprintln!("crowd: {error}");
            return ExitCode::FAILURE;
        }
    };
    let started = began.elapsed().as_micros();
    let failed = children
        .into_iter()
        .map(|mut child| child.wait())
        .filter(|ended| !ended.as_ref().is_ok_and(|status| status.success()))
        .count();
    println!("{}\t{started}\t{failed}", began.elapsed().as_micros());
    ExitCode::SUCCESS
}
