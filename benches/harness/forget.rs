//! `forget NUMBER` takes the key `keyfob:cache:NUMBER` out of the kernel's user keyring, as a
//! restart would, so that the next token has to ask the desktop's keyring for it.
//!
//! Compiled by `benches/run` with rustc alone. A key that is not there is no failure; nothing else
//! in that keyring is touched.

use std::ffi::{CString, c_char, c_long};
use std::process::ExitCode;

#[cfg(target_arch = "x86_64")]
const KEYCTL: c_long = 250;
#[cfg(not(target_arch = "x86_64"))]
const KEYCTL: c_long = 219;
const UNLINK: c_long = 9;
const SEARCH: c_long = 10;
const USER_KEYRING: c_long = -4;

unsafe extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
}

fn main() -> ExitCode {
    let place = std::env::args()
        .nth(1)
        .and_then(|word| word.parse::<u8>().ok());
    let Some(place) = place else {
        eprintln!("forget: the first word is the number of the key");
        return ExitCode::from(2);
    };
    let name = CString::new(format!("keyfob:cache:{place}")).expect("digits hold no NUL");
    let (kind, name): (*const c_char, *const c_char) = (c"user".as_ptr(), name.as_ptr());
    // SAFETY: both texts end with a NUL and outlive the call, which only reads them.
    let key = unsafe { syscall(KEYCTL, SEARCH, USER_KEYRING, kind, name, 0 as c_long) };
    if key >= 0 {
        // SAFETY: only numbers are passed.
        unsafe { syscall(KEYCTL, UNLINK, key, USER_KEYRING) };
    }
    ExitCode::SUCCESS
}
