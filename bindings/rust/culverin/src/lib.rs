//! The Culverin fault-proof engine: runs MIPS programs as the contracts do, commits to their states, proves
//! their steps.
//!
//! [`Machine`] and [`Trace`] may move between threads and belong to one at a time; [`Proof`] and [`Cancel`]
//! may be shared. A panic in a callback does not pass through the library: it goes on when the call that
//! ran the callback returns.

mod callbacks;
mod error;
mod machine;
mod proof;
mod trace;

pub use callbacks::Options;
pub use error::{Error, Result};
pub use machine::{Cancel, End, Limits, Machine, MachineSummary};
pub use proof::{Preimage, Proof};
pub use trace::{Trace, TraceEnd};

use culverin_sys as sys;

/// Bytes of a hash or a pre-image key.
pub type Hash = [u8; 32];

/// Compares this library on this machine with what the reference recorded.
pub fn selftest() -> Result<()> {
    error::check(unsafe { sys::culverin_selftest() }, std::ptr::null())
}

/// The hash of a state file: what a game's contract names as its absolute prestate.
pub fn prestate_hash(path: &str) -> Result<Hash> {
    let path = error::text(path)?;
    let mut hash = [0; 32];
    // SAFETY: hash has the 32 bytes that are written, and path ends with a zero.
    error::check(unsafe { sys::culverin_prestate_hash(hash.as_mut_ptr(), path.as_ptr()) }, std::ptr::null())?;
    Ok(hash)
}

/// What a state version (all, if none is given) makes of a program, as JSON.
pub fn analyze_elf(program: &[u8], state_version: Option<u32>) -> Result<String> {
    let mut handle = std::ptr::null_mut();
    // SAFETY: the program is as long as is told; the handle is freed once below.
    unsafe {
        let version = state_version.unwrap_or(u32::MAX);
        let status = sys::culverin_analyze_elf(&mut handle, program.as_ptr(), program.len(), version);
        error::check(status, std::ptr::null())?;
        let json = error::bytes(handle as *const _, |bytes, size, length| {
            sys::culverin_analysis_json(handle, bytes, size, length)
        });
        error::check(sys::culverin_analysis_free(handle), std::ptr::null())?;
        Ok(String::from_utf8_lossy(&json?).into_owned())
    }
}
