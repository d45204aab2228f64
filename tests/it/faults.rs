//! The program against every scripted misbehaviour of the practice provider, held to each verdict.
//!
//! The table goes to `target/fault-verdicts.txt`. What holds in every row: no place that only a
//! careless client calls is ever called, and no secret and no control character is ever said.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use keyfob::issuer::{
    Endpoint, Fault, FaultInfo, Flow, Lifetimes, Provider, PushedRequests, Rotation,
    SERVICE_CLIENT, Verdict,
};

use crate::support::{Output, Running, World, approve, assert_private, provider_with};

/// Most of a row's time is waiting: for a process, for a poll, for a deadline.
const AT_ONCE: usize = 8;

/// Discovery is tried three times, at two addresses, and no more.
const MOST_TRIES: usize = 6;

#[test]
fn every_fault_gets_its_verdict() {
    // The slowest first, so that nothing waits for them at the end.
    let mut rows: Vec<&'static FaultInfo> = Fault::ALL.iter().collect();
    rows.sort_by_key(|row| row.flow != Flow::Device);
    let queue = Mutex::new(VecDeque::from(rows));
    let results = Mutex::new(Vec::new());

    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(row) = queue.lock().unwrap().pop_front() else {
                        return;
                    };
                    let seen = catch_unwind(AssertUnwindSafe(|| Case::new(row).run()));
                    results.lock().unwrap().push((row, seen.ok()));
                }
            });
        }
    });

    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(row, _)| row.name);
    let table = table(&results);
    let path = crate::root().join("target/fault-verdicts.txt");
    keyfob::sys::files::write_private(&path, table.as_bytes()).unwrap();
    assert_eq!(results.len(), Fault::ALL.len());
    let failed = results.iter().filter(|(_, seen)| seen.is_none());
    let failed: Vec<&str> = failed.map(|(row, _)| row.name).collect();
    assert!(failed.is_empty(), "not as they should be: {failed:?}");
}

fn table(results: &[(&FaultInfo, Option<String>)]) -> String {
    let mut table = String::new();
    for (row, seen) in results {
        let verdict = match row.verdict {
            Verdict::Accept => "accept".to_owned(),
            Verdict::Discard { check } => format!("discard, saying `{check}`"),
            Verdict::Either { check } => format!("carry on, or refuse by `{check}`"),
            Verdict::Refuse { check } => format!("refuse by `{check}`"),
            Verdict::Retry { check } => format!("try again, then fail by `{check}`"),
            Verdict::SignInAgain => "a person must sign in".to_owned(),
            Verdict::Wait => "ignore and wait on".to_owned(),
            Verdict::Warn { check } => format!("carry on, and warn by `{check}`"),
        };
        let seen = seen.as_deref().unwrap_or("NOT AS IT SHOULD BE");
        let name = row.name;
        writeln!(table, "{name:<24} {verdict:<40} {seen}").unwrap();
    }
    table
}

/// What a run says of its own: without addresses, and without its name, which has words in it.
fn complaint(run: &Output) -> String {
    let lines = run
        .stderr
        .lines()
        .filter(|line| !line.contains("://127.0.0.1:") || line.contains("keyfob:"));
    lines
        .map(|line| line.replace("keyfob", "") + "\n")
        .collect()
}

/// One row, its provider and its user.
struct Case {
    row: &'static FaultInfo,
    provider: Provider,
    world: World,
}

impl Case {
    fn new(row: &'static FaultInfo) -> Self {
        let provider = provider_with(|settings| {
            settings.faults = vec![Fault::parse(row.name).unwrap()];
            // Two of three have to hold for the old refresh token too.
            if matches!(row.verdict, Verdict::Refuse { .. }) {
                settings.rotation = Rotation::Keep;
            }
            if row.flow != Flow::Pushed {
                settings.pushed = PushedRequests::Unsupported;
            }
            if row.name == "dev.never" {
                settings.lifetimes = Lifetimes {
                    device: Duration::from_secs(3),
                    ..settings.lifetimes
                };
            }
        });
        let world = match row.name {
            "auth.basic" => Self::confidential(&provider),
            _ => World::at(&provider),
        };
        Self {
            row,
            provider,
            world,
        }
    }

    /// The service, which has a secret.
    fn confidential(provider: &Provider) -> World {
        let world = World::at(provider);
        let secret = world.write("secret", provider.service_secret().expose());
        let (issuer, browser) = (provider.issuer(), world.browser_command());
        world.configure(&format!(
            "[profile.work]\nissuer = \"{issuer}\"\nclient_id = \"{SERVICE_CLIENT}\"\n\
             client_secret = {{ file = \"{}\" }}\nbrowser = \"{browser}\"\nstore = \"sealed\"\n",
            secret.display()
        ));
        world
    }

    /// Runs the row through its flow and its verdict; says what was seen.
    fn run(&self) -> String {
        let run = match self.row.flow {
            Flow::Refresh => {
                self.sign_in().ok();
                let before = self.world.run("token work").ok();
                let after = self.world.run("token work --renew");
                return self.refreshed(&before, after);
            }
            Flow::UserInfo => {
                self.sign_in().ok();
                self.world.run("inspect work --userinfo")
            }
            Flow::Device | Flow::Discovery | Flow::Pushed | Flow::SignIn => self.sign_in(),
        };
        self.hold(&run);
        self.hold_always(&[&run]);
        format!("exit {}", run.status)
    }

    fn sign_in(&self) -> Output {
        let time = match (self.row.verdict, self.row.name) {
            (Verdict::Wait, _) | (_, "disc.timeout" | "tok.slowloris") => " --timeout 2s",
            _ => "",
        };
        if self.row.flow == Flow::Device {
            return self.world.run(&format!("login work --device{time}"));
        }
        let mut running = self.world.spawn(&format!("login work{time}"));
        if let Some(address) = running.address_or_end() {
            self.approve(&mut running, &address);
        }
        running.wait()
    }

    fn approve(&self, running: &mut Running, address: &url::Url) {
        assert!(
            self.row.flow != Flow::Discovery || !self.refuses(),
            "a browser was sent off: {}",
            running.stderr()
        );
        let page = approve(address).deliver();
        let expected = match self.row.verdict {
            Verdict::Refuse { .. } | Verdict::Wait if self.row.flow != Flow::Refresh => {
                page.status == 400
            }
            Verdict::Refuse { .. }
            | Verdict::Wait
            | Verdict::Accept
            | Verdict::Discard { .. }
            | Verdict::Either { .. }
            | Verdict::Retry { .. }
            | Verdict::SignInAgain
            | Verdict::Warn { .. } => page.status == 200,
        };
        assert!(expected, "{page:#?}");
    }

    fn refuses(&self) -> bool {
        matches!(
            self.row.verdict,
            Verdict::Refuse { .. } | Verdict::Retry { .. }
        )
    }

    /// Holds a sign-in, or what was asked after it, to the verdict.
    fn hold(&self, run: &Output) {
        let name = self.row.name;
        match self.row.verdict {
            Verdict::Accept => self.hold_works(run),
            Verdict::Discard { check } => {
                assert!(
                    run.status == 9 && complaint(run).contains(check),
                    "{name}: {run:#?}"
                );
                assert!(!run.stdout.contains("somebody-else"), "{name}: {run:#?}");
                self.world.run("token work").ok();
            }
            Verdict::Either { check } => {
                if run.status == 0 {
                    self.hold_works(run);
                } else {
                    self.hold_refused(run, check);
                }
            }
            Verdict::Refuse { check } => self.hold_refused(run, check),
            Verdict::Retry { check } => {
                self.hold_refused(run, check);
                assert_eq!(run.status, 6, "{name}: {run:#?}");
                let tries = self.provider.requests(Endpoint::Discovery);
                assert!((1..=MOST_TRIES).contains(&tries), "{name}: {tries} tries");
            }
            Verdict::SignInAgain => panic!("{name} shows at a refresh"),
            Verdict::Wait => {
                assert_eq!(run.status, 4, "{name}: {run:#?}");
                self.hold_nothing_kept(run);
                assert_eq!(self.provider.requests(Endpoint::Token), 0, "{name}");
            }
            Verdict::Warn { check } => {
                assert!(complaint(run).contains(check), "{name}: {run:#?}");
                self.hold_works(run);
            }
        }
    }

    fn hold_works(&self, run: &Output) {
        let name = self.row.name;
        assert_eq!(run.status, 0, "{name}: {run:#?}");
        assert_eq!(self.world.sessions().len(), 1, "{name}");
        let token = self.world.run("token work");
        assert!(token.status == 0, "{name}: {token:#?}");
        assert_private(&self.world, &[&token.line()], &[run, &token]);
        if self.row.name.starts_with("jwks.") || self.row.name.starts_with("disc.jwks") {
            // Whoever was signed in once can do it again, whatever became of the keys.
            let again = self.sign_in();
            assert_eq!(again.status, 0, "{name}, again: {again:#?}");
        }
    }

    fn hold_refused(&self, run: &Output, check: &str) {
        let name = self.row.name;
        assert!(
            ![0, 1, 2, 3, 7, 8].contains(&run.status),
            "{name}: {run:#?}"
        );
        assert!(complaint(run).contains(check), "{name}: {run:#?}");
        self.hold_nothing_kept(run);
    }

    fn hold_nothing_kept(&self, run: &Output) {
        let name = self.row.name;
        assert_eq!(run.stdout, "", "{name}");
        assert_eq!(self.world.sessions(), [""; 0], "{name}");
        assert_eq!(self.world.cached(), [""; 0], "{name}");
        assert!(
            !self.world.has_record(self.provider.issuer(), "work"),
            "{name}"
        );
        if name.starts_with("ar.") {
            assert_eq!(self.provider.requests(Endpoint::Token), 0, "{name}");
        }
    }

    /// Holds a refresh to the verdict; the session is as good as before, unless it has ended.
    fn refreshed(&self, before: &Output, run: Output) -> String {
        let name = self.row.name;
        let mut runs = vec![before.clone(), run];
        match self.row.verdict {
            Verdict::Accept => {
                assert_eq!(runs[1].status, 0, "{name}: {:#?}", runs[1]);
                assert_ne!(runs[1].stdout, before.stdout, "{name}");
                runs.push(self.world.run("token work --renew").ok());
            }
            Verdict::Refuse { check } | Verdict::Retry { check } => {
                let run = &runs[1];
                let is_passing = matches!(self.row.verdict, Verdict::Retry { .. });
                let kind = if is_passing || name == "rt.slow" {
                    6
                } else {
                    9
                };
                assert_eq!(run.status, kind, "{name}: {run:#?}");
                assert!(complaint(run).contains(check), "{name}: {run:#?}");
                let held = self.world.run("token work").ok();
                assert_eq!(held.stdout, before.stdout, "{name}");
                self.provider.set_faults(&[]);
                self.world.forget_trouble();
                runs.push(self.world.run("token work --renew"));
                assert_eq!(runs[2].status, 0, "{name}: {:#?}", runs[2]);
            }
            Verdict::SignInAgain => {
                if runs[1].status != 3 {
                    assert_eq!(runs[1].status, 6, "{name}: {:#?}", runs[1]);
                    self.world.forget_trouble();
                    runs.push(self.world.run("token work --renew"));
                }
                let last = runs.last().unwrap();
                assert_eq!(last.status, 3, "{name}: {last:#?}");
                let asked = self.provider.requests(Endpoint::Token);
                let again = self.world.run("token work --renew");
                assert_eq!(again.status, 3, "{name}: {again:#?}");
                let more = self.provider.requests(Endpoint::Token) - asked;
                assert!(more <= 1, "{name}: asked {more} times more");
                if name == "rt.invalid_grant.mfa" {
                    // It was for this request only: the refresh token still lives.
                    self.provider.set_faults(&[]);
                    self.world.run("token work --renew").ok();
                }
            }
            Verdict::Discard { .. }
            | Verdict::Either { .. }
            | Verdict::Wait
            | Verdict::Warn { .. } => panic!("{name} has no such verdict at a refresh"),
        }
        self.hold_always(&runs.iter().collect::<Vec<_>>());
        let statuses = runs.iter().skip(1).map(|run| run.status.to_string());
        format!("exit {}", statuses.collect::<Vec<_>>().join(", then "))
    }

    /// What holds whatever happens.
    fn hold_always(&self, runs: &[&Output]) {
        let name = self.row.name;
        assert_eq!(
            self.provider.requests(Endpoint::Trap),
            0,
            "{name}: the trap"
        );
        if self.row.flow != Flow::UserInfo {
            assert_eq!(self.provider.requests(Endpoint::UserInfo), 0, "{name}");
        }
        for run in runs {
            let is_tame = |c: char| !c.is_control() || c == '\n';
            assert!(run.stderr.chars().all(is_tame), "{name}: {run:#?}");
            assert!(!run.stderr.contains("panicked"), "{name}: {run:#?}");
        }
        assert_private(&self.world, &[], runs);
    }
}
