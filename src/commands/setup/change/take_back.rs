//! Taking back what was written: byte for byte where nobody has touched a file since, else setting
//! by setting, and only those that still are what keyfob wrote.

use std::path::PathBuf;

use super::super::format::{Format, Odd};
use super::super::record::{Kept, KeptFile, Record, Was, sum};
use super::super::unchanged::Unchanged;
use super::{Changes, Done, read, replace};
use crate::sys::files;

/// A text, and the keys in it that somebody has changed since.
type Undone = (Option<String>, Vec<String>);

impl Changes<'_> {
    /// Tells whether there is nothing to take back.
    pub(in super::super) fn is_empty(&self, owner: Option<&str>) -> bool {
        let owns = |owners: &[String]| owner.is_none_or(|it| owners.iter().any(|own| own == it));
        let settings = self.record.settings.iter().any(|kept| owns(&kept.owners));
        let links = self.record.links.iter().any(|kept| owns(&kept.owners));
        !settings && !links
    }

    /// Takes back what was written for `owner`, or for everybody.
    pub(in super::super) fn remove(&mut self, owner: Option<&str>) -> Result<Done, Unchanged> {
        let mut done = Done::default();
        let mut files: Vec<PathBuf> = self
            .record
            .settings
            .iter()
            .map(|it| it.file.clone())
            .collect();
        files.sort();
        files.dedup();
        for file in files {
            self.take_back(file, owner, &mut done)?;
        }
        self.unlink(owner, &mut done)?;
        Ok(done)
    }

    fn take_back(
        &mut self,
        path: PathBuf,
        owner: Option<&str>,
        done: &mut Done,
    ) -> Result<(), Unchanged> {
        let mut record = self.record.clone();
        let released = release(&mut record, owner, |kept| kept.file == path);
        if released.is_empty() {
            return self.save(record);
        }
        let is_all = !record.has(&path);
        let now = read(&path)?;
        let file = self.record.file(&path).cloned();
        let untouched = file
            .as_ref()
            .is_some_and(|it| it.last == sum(now.as_deref()));
        let whole = file.as_ref().filter(|_| is_all && untouched);
        let was = whole.map_or(Earlier::Unknown, as_it_was);
        let restored = !matches!(was, Earlier::Unknown);
        let (after, left) = match was {
            Earlier::Known(was) => (was, Vec::new()),
            Earlier::Unknown => undo(self.format, now.clone(), &released)
                .map_err(|odd| Unchanged::odd(&path, odd))?,
        };
        if after != now {
            if files::is_read_only(&path) {
                return Err(Unchanged::ReadOnly(path));
            }
            replace(&path, now.as_deref(), after.as_deref())?;
        }
        let backup = file.and_then(|file| file.backup);
        if is_all {
            record.files.retain(|file| file.path != path);
        } else if let Some(file) = record.files.iter_mut().find(|file| file.path == path) {
            if untouched {
                file.last = sum(after.as_deref());
            } else {
                file.was = Was::Unknown;
            }
        }
        self.save(record)?;
        let kept = backup.filter(|_| is_all);
        match kept {
            Some(kept) if left.is_empty() => {
                files::remove(&kept)?;
            }
            Some(_) | None => {}
        }
        done.left
            .extend(left.into_iter().map(|key| (path.clone(), key)));
        match () {
            () if restored => done.restored.push(path),
            () if after != now => done.files.push((path, None)),
            () => {}
        }
        Ok(())
    }
}

/// Takes `owner`, or everybody, off the settings that `which` chooses; returns those that are
/// nobody's now, and takes them out of the record.
pub(super) fn release(
    record: &mut Record,
    owner: Option<&str>,
    which: impl Fn(&Kept) -> bool,
) -> Vec<Kept> {
    for kept in record.settings.iter_mut().filter(|kept| which(kept)) {
        disown(&mut kept.owners, owner);
    }
    let settings = std::mem::take(&mut record.settings);
    let (kept, released) = settings.into_iter().partition(|it| !it.owners.is_empty());
    record.settings = kept;
    released
}

pub(super) fn disown(owners: &mut Vec<String>, owner: Option<&str>) {
    match owner {
        Some(owner) => owners.retain(|it| it != owner),
        None => owners.clear(),
    }
}

/// Puts back what was there before, the last one first.
pub(super) fn undo(
    format: &dyn Format,
    mut text: Option<String>,
    settings: &[Kept],
) -> Result<Undone, Odd> {
    let mut left = Vec::new();
    for kept in settings.iter().rev() {
        let now = format.values(text.as_deref(), &kept.key)?;
        if now == kept.after {
            text = format.with(text.as_deref(), &kept.key, &kept.before)?;
        } else if now != kept.before {
            left.push(kept.key.clone());
        }
    }
    Ok((text, left))
}

/// What a file was before keyfob's first change.
enum Earlier {
    /// This; nothing where there was none.
    Known(Option<String>),
    /// That cannot be told any more.
    Unknown,
}

/// Reads what is kept, if it still is what it was.
fn as_it_was(file: &KeptFile) -> Earlier {
    match &file.was {
        Was::Missing => Earlier::Known(None),
        Was::Sum(known) => {
            let kept = file.backup.as_deref().map(read);
            match kept {
                Some(Ok(Some(text))) if sum(Some(&text)) == *known => Earlier::Known(Some(text)),
                _ => Earlier::Unknown,
            }
        }
        Was::Unknown => Earlier::Unknown,
    }
}
