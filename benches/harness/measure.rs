//! Times whole processes, taking turns, so that whatever else the machine does hits all alike.
//!
//! `measure ROUNDS NAME PROGRAM [ARGUMENT…] -- NAME PROGRAM …` runs every command ROUNDS times
//! after a tenth as many unmeasured ones, and prints one line each, separated by tabs: name, then
//! medians and 10th and 90th percentiles of wall microseconds, the median of CPU microseconds
//! (user and system), and the median of the peak memory in KiB. A command that fails ends it. A
//! PROGRAM that begins with `@` is a line of its own, split at spaces and run before each turn of
//! the command that follows it, without being measured. One that begins with `<` names the file that
//! the command after it has on stdin.
//!
//! Compiled by `benches/run` and `benches/tools` with rustc alone. It never looks at what the commands print.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// The kernel's account of a process that has ended, as `wait4(2)` fills it in.
#[repr(C)]
#[derive(Default)]
struct Usage {
    user: [i64; 2],
    system: [i64; 2],
    peak_kib: i64,
    others: [i64; 13],
}

unsafe extern "C" {
    fn wait4(pid: i32, status: *mut i32, options: i32, usage: *mut Usage) -> i32;
}

struct Contender {
    name: OsString,
    before: Vec<String>,
    stdin: Option<String>,
    words: Vec<OsString>,
    wall: Vec<u64>,
    cpu: Vec<u64>,
    peak: Vec<u64>,
}

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let rounds = words
        .next()
        .and_then(|word| word.to_str()?.parse::<usize>().ok());
    let (Some(rounds), mut contenders) = (rounds, contenders(words)) else {
        eprintln!("measure: the first word is the number of rounds");
        return ExitCode::from(2);
    };
    for round in 0..rounds + rounds / 10 {
        for contender in &mut contenders {
            let measured = round >= rounds / 10;
            if let Err(reason) = contender.run(measured) {
                eprintln!("measure: {}: {reason}", contender.name.display());
                return ExitCode::FAILURE;
            }
        }
    }
    for contender in &mut contenders {
        contender.report();
    }
    ExitCode::SUCCESS
}

fn contenders(words: impl Iterator<Item = OsString>) -> Vec<Contender> {
    let words: Vec<OsString> = words.collect();
    words
        .split(|word| word == "--")
        .filter_map(|part| part.split_first())
        .map(|(name, words)| {
            let marked = |words: &[OsString], mark| {
                let word = words.first()?.to_str()?;
                word.strip_prefix(mark).map(ToOwned::to_owned)
            };
            let line = marked(words, '@');
            let words = words.get(usize::from(line.is_some())..).unwrap_or_default();
            let stdin = marked(words, '<');
            let words = words
                .get(usize::from(stdin.is_some())..)
                .unwrap_or_default();
            let before = line.unwrap_or_default();
            let before: Vec<String> = before.split_whitespace().map(ToOwned::to_owned).collect();
            Contender {
                name: name.clone(),
                words: words.to_vec(),
                stdin,
                before,
                wall: Vec::new(),
                cpu: Vec::new(),
                peak: Vec::new(),
            }
        })
        .collect()
}

impl Contender {
    fn run(&mut self, measured: bool) -> Result<(), String> {
        if let Some((program, arguments)) = self.before.split_first() {
            let status = Command::new(program).args(arguments).status();
            if !status.is_ok_and(|status| status.success()) {
                return Err(format!("`{program}` failed"));
            }
        }
        let (program, arguments) = self.words.split_first().ok_or("no program")?;
        let stdin = match &self.stdin {
            Some(path) => Stdio::from(File::open(path).map_err(|error| error.to_string())?),
            None => Stdio::null(),
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(stdin)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // Naming the user makes the library fork instead of sharing its memory with the child until
        // it runs the program: otherwise the child's peak would begin at ours.
        let me = std::fs::metadata("/proc/self").map_err(|error| error.to_string())?;
        command.uid(me.uid());

        let began = Instant::now();
        let child = command.spawn().map_err(|error| error.to_string())?;
        let mut status = 0;
        let mut usage = Usage::default();
        let id = child.id().cast_signed();
        // SAFETY: both pointers are to live values of the layout the call fills in, and the child
        // is ours and waited for nowhere else.
        let waited = unsafe { wait4(id, &raw mut status, 0, &raw mut usage) };
        let wall = began.elapsed();

        if waited != id || status != 0 {
            return Err(format!("ended with wait status {status}"));
        }
        if measured {
            let micros = |[seconds, micros]: [i64; 2]| seconds * 1_000_000 + micros;
            self.wall
                .push(u64::try_from(wall.as_micros()).unwrap_or(u64::MAX));
            self.cpu
                .push((micros(usage.user) + micros(usage.system)).unsigned_abs());
            self.peak.push(usage.peak_kib.unsigned_abs());
        }
        Ok(())
    }

    fn report(&mut self) {
        println!(
            "{}\t{}\t{}\t{}\t{}\t{}",
            self.name.display(),
            part(&mut self.wall, 50),
            part(&mut self.wall, 10),
            part(&mut self.wall, 90),
            part(&mut self.cpu, 50),
            part(&mut self.peak, 50),
        );
    }
}

/// The value below which this many percent lie.
fn part(values: &mut [u64], percent: usize) -> u64 {
    values.sort_unstable();
    values
        .get(values.len().saturating_sub(1) * percent / 100)
        .copied()
        .unwrap_or(0)
}
