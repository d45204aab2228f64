//! Changes to other programs' settings: worked out first, made in one step for each file, written
//! down so that they can be taken back, and taken back.
//!
//! A file that nobody has touched since comes back byte for byte; in any other only what keyfob
//! wrote is taken out, and only where it still is what keyfob wrote. Nothing is ever lost: what a
//! file was is kept beside it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::format::{Format, Odd};
use super::record::{Kept, KeptFile, Record, Was, sum};
use super::unchanged::Unchanged;
use crate::sys::clock::Clock;
use crate::sys::files;
use crate::sys::lock::{Acquired, Lock};

mod links;
mod take_back;

/// Larger files are nobody's settings.
const LARGEST: usize = 4 * 1024 * 1024;

/// So many files are kept that were there before.
const MOST_KEPT: u32 = 99;

/// How long another `keyfob setup` is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a program needs to work with keyfob.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) settings: Vec<Wanted>,
    pub(super) links: Vec<Link>,
    /// What else the user should know or do.
    pub(super) notes: Vec<String>,
}

/// A setting as it should be.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) file: PathBuf,
    pub(super) key: String,
    pub(super) values: Vec<String>,
    /// The same as it would be typed into the file.
    pub(super) shown: String,
}

/// A second name of keyfob's program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Link {
    pub(super) path: PathBuf,
    pub(super) to: PathBuf,
}

/// What a file becomes.
#[derive(Debug)]
pub(super) struct FileChange {
    pub(super) path: PathBuf,
    before: Option<String>,
    after: Option<String>,
    /// What goes for it: keys, and what stood there.
    pub(super) replaced: Vec<(String, Vec<String>)>,
    /// The record as it is with this change.
    record: Record,
}

/// What was done.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Done {
    /// Files that were changed, and where what they were is kept.
    pub(super) files: Vec<(PathBuf, Option<PathBuf>)>,
    /// Files that are what they were before, to the byte.
    pub(super) restored: Vec<PathBuf>,
    /// Links that were made, or removed.
    pub(super) links: Vec<PathBuf>,
    /// What somebody has changed since, and what was left alone for that: where, and what.
    pub(super) left: Vec<(PathBuf, String)>,
}

impl FileChange {
    /// Tells whether anything changes in the file.
    pub(super) fn is_change(&self) -> bool {
        self.before != self.after
    }
}

/// The changes for one program, under a lock.
pub(super) struct Changes<'a> {
    format: &'a dyn Format,
    /// Where the record is.
    place: PathBuf,
    record: Record,
    _lock: Option<Lock>,
}

impl<'a> Changes<'a> {
    /// Looks up what was written for a program before.
    pub(super) fn look(
        tool: &str,
        state: &Path,
        format: &'a dyn Format,
    ) -> Result<Self, Unchanged> {
        let place = state.join("setup").join(format!("{tool}.json"));
        let record = Record::load(&place)?;
        Ok(Self {
            format,
            place,
            record,
            _lock: None,
        })
    }

    /// The same, to change something: one at a time.
    pub(super) fn lock(
        tool: &str,
        state: &Path,
        format: &'a dyn Format,
        clock: &dyn Clock,
    ) -> Result<Self, Unchanged> {
        let folder = state.join("setup");
        files::private_dir(&folder)?;
        let lock = match Lock::acquire(&folder.join("lock"), PATIENCE, clock, &mut || false)? {
            Acquired::Locked(lock) => Some(lock),
            Acquired::GivenUp => None,
        };
        Ok(Self {
            _lock: lock,
            ..Self::look(tool, state, format)?
        })
    }

    /// Works out what each file becomes, one after the other; changes nothing.
    pub(super) fn work_out(&self, plan: &Plan, owner: &str) -> Result<Vec<FileChange>, Unchanged> {
        let mut files: Vec<&PathBuf> = plan.settings.iter().map(|wanted| &wanted.file).collect();
        let stale = self.record.settings.iter();
        files.extend(
            stale
                .filter(|kept| kept.owners.iter().any(|it| it == owner))
                .map(|kept| &kept.file),
        );
        files.sort();
        files.dedup();
        let mut record = self.record.clone();
        let mut changes = Vec::new();
        for file in files {
            let change = self.work_out_one(file, plan, owner, record)?;
            record = change.record.clone();
            changes.push(change);
        }
        Ok(changes)
    }

    fn work_out_one(
        &self,
        file: &Path,
        plan: &Plan,
        owner: &str,
        mut record: Record,
    ) -> Result<FileChange, Unchanged> {
        let odd = |odd| Unchanged::odd(file, odd);
        let before = read(file)?;
        let had = record.has(file);
        let wanted: Vec<&Wanted> = plan.settings.iter().filter(|it| it.file == file).collect();
        let keys: Vec<&str> = wanted.iter().map(|wanted| wanted.key.as_str()).collect();
        let unwanted = |kept: &Kept| !keys.contains(&kept.key.as_str());
        let released = take_back::release(&mut record, Some(owner), |kept| {
            kept.file == file && unwanted(kept)
        });
        let (mut text, _) = take_back::undo(self.format, before.clone(), &released).map_err(odd)?;
        let mut replaced = Vec::new();
        for wanted in wanted {
            let now = self
                .format
                .values(text.as_deref(), &wanted.key)
                .map_err(odd)?;
            if now != wanted.values {
                let with = self
                    .format
                    .with(text.as_deref(), &wanted.key, &wanted.values);
                text = with.map_err(odd)?;
            }
            if let Some(before) = note(&mut record, wanted, &now, owner) {
                replaced.push((wanted.key.clone(), before));
            }
        }
        if text != before {
            note_file(&mut record, file, (before.as_deref(), text.as_deref()), had);
        }
        Ok(FileChange {
            path: file.to_owned(),
            before,
            after: text,
            replaced,
            record,
        })
    }

    /// Makes what was worked out.
    pub(super) fn write(&mut self, plan: &Plan, owner: &str) -> Result<Done, Unchanged> {
        let mut done = Done::default();
        if !plan.links.is_empty() {
            // What cannot be written must not leave a link behind.
            self.work_out(plan, owner)?;
        }
        for link in &plan.links {
            if self.make(link, owner)? {
                done.links.push(link.path.clone());
            }
        }
        for change in self.work_out(plan, owner)? {
            let kept = self.write_one(&change)?;
            if change.is_change() {
                done.files.push((change.path, kept));
            }
        }
        Ok(done)
    }

    fn write_one(&mut self, change: &FileChange) -> Result<Option<PathBuf>, Unchanged> {
        let mut record = change.record.clone();
        if !change.is_change() {
            self.save(record)?;
            return Ok(None);
        }
        let path = &change.path;
        if files::is_read_only(path) {
            return Err(Unchanged::ReadOnly(path.clone()));
        }
        let mut kept = None;
        if let Some(file) = record.files.iter_mut().find(|file| file.path == *path)
            && let Some(before) = &change.before
            && file.backup.is_none()
            && file.was != Was::Missing
        {
            kept = Some(keep(path, before)?);
            file.backup.clone_from(&kept);
        }
        let earlier = std::mem::replace(&mut self.record, record);
        let written = self
            .record
            .save(&self.place)
            .map_err(Unchanged::from)
            .and_then(|()| replace(path, change.before.as_deref(), change.after.as_deref()));
        if let Err(error) = written {
            self.save(earlier)?;
            if let Some(kept) = &kept {
                files::remove(kept)?;
            }
            return Err(error);
        }
        Ok(kept)
    }

    fn save(&mut self, record: Record) -> Result<(), Unchanged> {
        if self.record != record {
            record.save(&self.place)?;
            self.record = record;
        }
        Ok(())
    }
}

/// Notes a setting in the record; returns what goes for it.
fn note(record: &mut Record, wanted: &Wanted, now: &[String], owner: &str) -> Option<Vec<String>> {
    let owners = vec![owner.to_owned()];
    match record.kept(&wanted.file, &wanted.key) {
        Some(kept) if kept.after == now && now == wanted.values => {
            if !kept.owners.iter().any(|it| it == owner) {
                kept.owners.extend(owners);
            }
            None
        }
        // It was keyfob's, and is another's now.
        Some(kept) if kept.after == now => {
            kept.after.clone_from(&wanted.values);
            kept.owners = owners;
            None
        }
        // Somebody has written it by hand: it is theirs.
        Some(_) if now == wanted.values => {
            record
                .settings
                .retain(|kept| kept.file != wanted.file || kept.key != wanted.key);
            None
        }
        Some(kept) => {
            kept.before = now.to_vec();
            kept.after.clone_from(&wanted.values);
            kept.owners = owners;
            (!now.is_empty()).then(|| now.to_vec())
        }
        None if now == wanted.values => None,
        None => {
            record.settings.push(Kept {
                file: wanted.file.clone(),
                key: wanted.key.clone(),
                before: now.to_vec(),
                after: wanted.values.clone(),
                owners,
            });
            (!now.is_empty()).then(|| now.to_vec())
        }
    }
}

/// Notes a file in the record: what it was before the first of keyfob's changes, and what it is now.
fn note_file(
    record: &mut Record,
    path: &Path,
    (from, to): (Option<&str>, Option<&str>),
    had: bool,
) {
    let mut files = record.files.iter_mut();
    if let Some(file) = files.find(|file| file.path == path && file.last == sum(from)) {
        file.last = sum(to);
        return;
    }
    let was = match from {
        _ if had => Was::Unknown,
        None => Was::Missing,
        Some(_) => Was::Sum(sum(from)),
    };
    record.files.retain(|file| file.path != path);
    record.files.push(KeptFile {
        path: path.to_owned(),
        was,
        backup: None,
        last: sum(to),
    });
}

/// Reads a file that may not be there; one that is no text is nobody's settings.
fn read(path: &Path) -> Result<Option<String>, Unchanged> {
    match files::read_bounded(path, LARGEST) {
        Ok(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err(Unchanged::odd(
                path,
                Odd::broken("nobody", "it is not UTF-8 text"),
            )),
        },
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Replaces a file in one step, if it still is what it was.
fn replace(path: &Path, before: Option<&str>, after: Option<&str>) -> Result<(), Unchanged> {
    if read(path)?.as_deref() != before {
        return Err(Unchanged::Meanwhile(path.to_owned()));
    }
    let Some(after) = after else {
        files::remove(path)?;
        return Ok(());
    };
    if let Some(folder) = path.parent().filter(|folder| !files::is_there(folder)) {
        files::private_dir(folder)?;
    }
    Ok(files::replace_settings(path, after.as_bytes())?)
}

/// Keeps what a file was under a name beside it that nothing has.
fn keep(path: &Path, text: &str) -> Result<PathBuf, Unchanged> {
    for number in 1..=MOST_KEPT {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".before-keyfob-{number}"));
        let beside = PathBuf::from(name);
        if files::create_private(&beside, text.as_bytes())? {
            return Ok(beside);
        }
    }
    Err(Unchanged::TooMany(path.to_owned()))
}
