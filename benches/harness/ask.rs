//! Asks an agent the same thing many times over one connection, and times each answer.
//!
//! `ask SOCKET COUNT JSON…` says hello, sends the requests in turn until COUNT are answered, and
//! prints one line, separated by tabs: answers, the median, the 10th and the 99th percentile of
//! nanoseconds from sending to having the answer, and the answers that were errors. Compiled by
//! `benches/run` with rustc alone. It never prints an answer: there are tokens in them.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let (Some(socket), Some(count)) = (words.next(), words.next().and_then(|n| n.parse().ok()))
    else {
        eprintln!("ask: the words are SOCKET COUNT JSON…");
        return ExitCode::from(2);
    };
    let requests: Vec<String> = words.collect();
    match ask(&socket, count, &requests) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("ask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ask(socket: &str, count: usize, requests: &[String]) -> std::io::Result<String> {
    let mut agent = UnixStream::connect(socket)?;
    exchange(&mut agent, br#"{"hello":[1]}"#)?;
    let mut spans = Vec::with_capacity(count);
    let mut errors = 0;
    for request in requests.iter().cycle().take(count) {
        let began = Instant::now();
        let answer = exchange(&mut agent, request.as_bytes())?;
        spans.push(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX));
        if answer.starts_with(br#"{"answer":"error""#) {
            errors += 1;
        }
    }
    spans.sort_unstable();
    let part = |percent| spans.get(spans.len().saturating_sub(1) * percent / 100);
    let part = |percent| part(percent).copied().unwrap_or(0);
    let answers = spans.len();
    Ok(format!(
        "{answers}\t{}\t{}\t{}\t{errors}",
        part(50),
        part(10),
        part(99)
    ))
}

fn exchange(agent: &mut UnixStream, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let length = u32::try_from(request.len()).map_err(std::io::Error::other)?;
    agent.write_all(&[&length.to_be_bytes(), request].concat())?;
    let mut prefix = [0; 4];
    agent.read_exact(&mut prefix)?;
    let length = usize::try_from(u32::from_be_bytes(prefix)).map_err(std::io::Error::other)?;
    let mut answer = vec![0; length];
    agent.read_exact(&mut answer)?;
    Ok(answer)
}
