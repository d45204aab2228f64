//! Second names of keyfob's program: made where nothing is, and removed where they still are that.

use super::super::record::KeptLink;
use super::super::unchanged::Unchanged;
use super::take_back::disown;
use super::{Changes, Done, Link};
use crate::sys::files;

impl Changes<'_> {
    /// Makes a link, unless it is there; what else is there stays.
    pub(super) fn make(&mut self, link: &Link, owner: &str) -> Result<bool, Unchanged> {
        let mut record = self.record.clone();
        let known = record.links.iter_mut().find(|kept| kept.path == link.path);
        if files::is_link_to(&link.path, &link.to) {
            if let Some(kept) = known
                && !kept.owners.iter().any(|it| it == owner)
            {
                kept.owners.push(owner.to_owned());
                self.save(record)?;
            }
            return Ok(false);
        }
        if files::is_there(&link.path) {
            // keyfob was elsewhere when it made it.
            let ours = known.filter(|kept| files::is_link_to(&kept.path, &kept.to));
            if ours.is_none() {
                return Err(Unchanged::Taken(link.path.clone()));
            }
            files::remove(&link.path)?;
        }
        if let Some(folder) = link.path.parent().filter(|folder| !files::is_there(folder)) {
            files::private_dir(folder)?;
        }
        record.links.retain(|kept| kept.path != link.path);
        record.links.push(KeptLink {
            path: link.path.clone(),
            to: link.to.clone(),
            owners: vec![owner.to_owned()],
        });
        self.save(record)?;
        if !files::link(&link.path, &link.to)? {
            return Err(Unchanged::Taken(link.path.clone()));
        }
        Ok(true)
    }

    /// Removes the links that are nobody's now.
    pub(super) fn unlink(&mut self, owner: Option<&str>, done: &mut Done) -> Result<(), Unchanged> {
        let mut record = self.record.clone();
        for link in &mut record.links {
            disown(&mut link.owners, owner);
        }
        let (kept, gone) = record
            .links
            .into_iter()
            .partition(|it| !it.owners.is_empty());
        record.links = kept;
        let gone: Vec<KeptLink> = gone;
        for link in gone {
            if files::is_link_to(&link.path, &link.to) {
                files::remove(&link.path)?;
                done.links.push(link.path);
            } else if files::is_there(&link.path) {
                done.left.push((link.path, "the whole file".to_owned()));
            }
        }
        self.save(record)
    }
}
