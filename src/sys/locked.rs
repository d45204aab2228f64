//! Bytes in a page of their own that the system is asked never to swap out.
//!
//! A system may refuse (a container's limit on locked memory is often zero); then the bytes are
//! kept all the same, and [`Locked::is_locked`] says so. Wiped when dropped, before the page is
//! given back. Never moves: a copy elsewhere would be neither locked nor wiped.

use std::fmt;

use zeroize::Zeroize;

/// At most one page of the smallest size there is.
const MOST: usize = 4096;

/// So aligned, the bytes share their page with nothing.
#[repr(align(4096))]
struct Page([u8; MOST]);

/// Bytes in a page that is not swapped out.
pub struct Locked<const LEN: usize> {
    page: Box<Page>,
    #[cfg(unix)]
    guard: Option<region::LockGuard>,
}

impl<const LEN: usize> Locked<LEN> {
    /// Makes room, zeroed, and asks the system to keep it in memory.
    pub fn new() -> Self {
        const { assert!(LEN <= MOST, "more than a page holds") };
        let page = Box::new(Page([0; MOST]));
        Self {
            #[cfg(unix)]
            guard: region::lock(page.0.as_ptr(), MOST).ok(),
            page,
        }
    }

    /// Tells whether the system keeps it in memory.
    pub fn is_locked(&self) -> bool {
        #[cfg(unix)]
        {
            self.guard.is_some()
        }
        #[cfg(not(unix))]
        {
            false
        }
    }

    /// Returns the bytes.
    pub fn bytes(&self) -> &[u8; LEN] {
        let bytes = self.page.0.first_chunk();
        bytes.expect("no more was asked for than a page holds")
    }

    /// Returns the bytes, to be written in place.
    pub fn bytes_mut(&mut self) -> &mut [u8; LEN] {
        let bytes = self.page.0.first_chunk_mut();
        bytes.expect("no more was asked for than a page holds")
    }
}

impl<const LEN: usize> Default for Locked<LEN> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const LEN: usize> Drop for Locked<LEN> {
    fn drop(&mut self) {
        // The fields, the guard among them, are dropped after this.
        self.page.0.zeroize();
    }
}

impl<const LEN: usize> fmt::Debug for Locked<LEN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locked")
            .field("is_locked", &self.is_locked())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_bytes_are_written_in_place_and_never_shown() {
        let mut locked = Locked::<32>::new();
        let place = locked.bytes().as_ptr();

        locked.bytes_mut().copy_from_slice(&[7; 32]);

        assert_eq!(locked.bytes(), &[7; 32]);
        assert_eq!(locked.bytes().as_ptr(), place);
        assert_eq!(place.align_offset(MOST), 0);
        assert!(!format!("{locked:?}").contains('7'));
    }
}
