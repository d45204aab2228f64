//! A process that uses the store, and answers questions about it on its standard output.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use keyfob::base::{Diagnostic, Secret};
use keyfob::store::{Cache, Store, StoreError, keyring};
use keyfob::sys::clock::{Clock, SystemClock};

use super::desk::Running;

#[path = "../../../src/store/tests/contract.rs"]
mod contract;

/// A process that answers questions about the store, one line each.
pub(super) struct Client {
    _process: Running,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Client {
    /// Starts this test program again, as a client with these settings.
    pub(super) fn start(mut program: Command, settings: &str) -> Self {
        let module = module_path!().split_once("::").unwrap().1;
        let mut process = program
            .args(["--ignored", "--exact", "--nocapture", "--test-threads=1"])
            .arg(format!("{module}::answer_the_questions_on_stdin"))
            .env("CLIENT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut client = Self {
            questions: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            _process: Running(process),
        };
        client.say(settings);
        client
    }

    pub(super) fn say(&mut self, question: &str) {
        writeln!(self.questions, "{question}").unwrap();
    }

    /// Hears an answer, and how long the call took.
    pub(super) fn hear(&mut self) -> (String, Duration) {
        loop {
            let mut line = String::new();
            let read = self.answers.read_line(&mut line).unwrap();
            assert!(read > 0, "the client ended without an answer");
            // The test runner of the client prints lines of its own.
            if let Some((_, rest)) = line.split_once("@@ ") {
                let (micros, answer) = rest.trim_end().split_once(' ').unwrap();
                let took = Duration::from_micros(micros.parse().unwrap());
                return (answer.to_owned(), took);
            }
        }
    }

    pub(super) fn timed(&mut self, question: &str) -> (String, Duration) {
        self.say(question);
        self.hear()
    }

    pub(super) fn ask(&mut self, question: &str) -> String {
        self.timed(question).0
    }

    /// Asks until the answer is good enough, for at most ten seconds.
    pub(super) fn until(&mut self, question: &str, good: impl Fn(&str) -> bool) -> String {
        let clock = SystemClock::new();
        loop {
            let answer = self.ask(question);
            if good(&answer) || clock.elapsed() > Duration::from_secs(10) {
                return answer;
            }
            clock.sleep(Duration::from_millis(5));
        }
    }
}

/// The variant's name, of an answer that is an error.
pub(super) fn kind(answer: &str) -> &str {
    let rest = answer.strip_prefix("error ").unwrap_or(answer);
    rest.split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or("")
}

#[test]
#[ignore = "a process for the other tests"]
fn answer_the_questions_on_stdin() {
    if std::env::var("CLIENT").is_err() {
        return;
    }
    let mut lines = std::io::stdin().lines().map(Result::unwrap);
    let settings = lines.next().unwrap();
    let mut words = settings.split(' ');
    let patience = Duration::from_millis(words.next().unwrap().parse().unwrap());
    let limit = words.next().unwrap().parse().unwrap();
    let cache = Path::new(words.next().unwrap()).join("tokens");
    let keyring = match limit {
        0 => keyring(patience),
        limit => keyring(patience).with_limit(limit),
    };
    let store: Arc<dyn Store> = Arc::new(keyring);
    let cache = Cache::new(cache, Arc::clone(&store));

    let clock = SystemClock::new();
    for question in lines {
        let started = clock.elapsed();
        let outcome = answer(&question, store.as_ref(), &cache);
        let took = clock.elapsed().saturating_sub(started).as_micros();
        let text = outcome.unwrap_or_else(|error| {
            let (exit, hint) = (error.exit().code(), error.hint());
            format!(
                "error {error:?} | {error} | exit {exit} | hint {}",
                hint.is_some()
            )
        });
        println!("@@ {took} {}", text.replace('\n', " "));
    }
}

fn answer(question: &str, store: &dyn Store, cache: &Cache) -> Result<String, StoreError> {
    let words: Vec<&str> = question.split(' ').collect();
    let found = |secret: Option<Secret>| {
        secret.map_or("nothing".to_owned(), |secret| {
            format!("found {}", secret.expose())
        })
    };
    let done = |()| "done".to_owned();
    match words.as_slice() {
        ["contract"] => {
            contract::contract(store);
            Ok(done(()))
        }
        ["probe"] => store.probe().map(done),
        ["load", key] => store.load(key).map(found),
        ["save", key, text] => store.save(key, &Secret::new((*text).into())).map(done),
        ["delete", key] => {
            let removed = store.delete(key)?;
            Ok(if removed { "removed" } else { "nothing" }.to_owned())
        }
        ["cache-save", key, text] => cache.save(key, &Secret::new((*text).into())).map(done),
        ["cache-load", key] => Ok(found(cache.load(key))),
        _ => panic!("no such question: {question}"),
    }
}
