//! Which tenant a domain named when it was first met: one small file per address.
//!
//! No secret, and yet worth guarding: whoever can change it can send a sign-in to another tenant.
//! Never changed by keyfob once it is written.

use std::path::{Path, PathBuf};

use super::Error;
use crate::base::{TenantId, hex};
use crate::config::Profile;
use crate::store::Backend;
use crate::sys::files::{self, FileError};
use ring::digest::{SHA256, digest};

/// A GUID and the end of its line.
const LARGEST: usize = 64;

/// The file for one address.
pub struct Pin {
    path: PathBuf,
    /// A command that leaves nothing behind remembers no tenant either.
    lasts: bool,
}

impl Pin {
    /// Finds the file of a profile that names its tenant by a domain; others need none.
    ///
    /// `state` is the user's state folder: an agent's sessions rest elsewhere, but a domain means
    /// the same everywhere. The memory store adds nothing there, and is bound by
    /// what is there all the same.
    pub fn of(profile: &Profile, state: &Path, store: Backend) -> Option<Self> {
        profile.wants_pin().then(|| {
            let name = digest(&SHA256, profile.issuer.as_str().as_bytes());
            let name = hex(&name.as_ref()[..16]);
            Self {
                path: state.join("tenants").join(name),
                lasts: store != Backend::Memory,
            }
        })
    }

    /// Reads the tenant; `None` before the first contact.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when the file cannot be read, [`Error::BrokenPin`] when it holds no GUID: a
    /// tenant that was pinned is not forgotten in silence.
    pub fn load(&self) -> Result<Option<TenantId>, Error> {
        let broken = || Error::BrokenPin(self.path.clone());
        match files::read_private(&self.path, LARGEST) {
            Ok(bytes) => {
                let text = std::str::from_utf8(&bytes).map_err(|_| broken())?;
                TenantId::parse(text.trim_end())
                    .map(Some)
                    .map_err(|_| broken())
            }
            Err(error) if error.is_missing() => Ok(None),
            Err(FileError::TooLarge { .. }) => Err(broken()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes the tenant, readable by the user alone.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn save(&self, tenant: &TenantId) -> Result<(), Error> {
        if !self.lasts {
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            files::private_dir(folder)?;
        }
        Ok(files::write_private(
            &self.path,
            format!("{tenant}\n").as_bytes(),
        )?)
    }
}
