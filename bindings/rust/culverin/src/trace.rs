use crate::callbacks::{connect, Callbacks, Options};
use crate::error::{self, check, Result};
use crate::{Cancel, Hash, Machine, Proof};
use culverin_sys as sys;
use std::ffi::c_void;
use std::ptr::{null, null_mut};

/// How a trace ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceEnd {
    pub step: u64,
    pub exit_code: u8,
    pub state_hash: Hash,
    pub witness: Vec<u8>,
}

/// Hash, proof and end of a run, from checkpoints in a folder of the caller's.
pub struct Trace {
    handle: *mut sys::culverin_trace,
    callbacks: Box<Callbacks>,
}

// SAFETY: the header allows a trace to move between threads; the callbacks are Send.
unsafe impl Send for Trace {}

impl Trace {
    /// Begins an index, or opens the one that is there; first is a machine that has not run.
    pub fn open(folder: &str, first: Option<&mut Machine>, options: Options) -> Result<Trace> {
        let folder = error::text(folder)?;
        let first = first.map_or(null_mut(), |machine| machine.handle());
        let mut handle = null_mut();
        let callbacks = connect(options, |options| {
            let status =
                unsafe { sys::culverin_trace_open(&mut handle, folder.as_ptr(), first, options, null()) };
            check(status, first as *const c_void)
        })?;
        Ok(Trace { handle, callbacks })
    }

    fn check(&mut self, status: i32) -> Result<()> {
        self.callbacks.check();
        check(status, self.handle as *const c_void)
    }

    /// Runs to the guest's end and leaves checkpoints.
    pub fn build(&mut self, cancel: Option<&Cancel>) -> Result<()> {
        // SAFETY: a struct of numbers and pointers, for which zeros are values.
        let mut limits: sys::culverin_limits = unsafe { std::mem::zeroed() };
        limits.struct_size = std::mem::size_of::<sys::culverin_limits>();
        limits.cancel = Cancel::pointer(cancel);
        let status = unsafe { sys::culverin_trace_build(self.handle, &limits) };
        self.check(status)
    }

    /// The state hash before a step; behind the end the last state's.
    pub fn hash_at(&mut self, step: u64, cancel: Option<&Cancel>) -> Result<Hash> {
        let mut hash = [0; 32];
        let cancel = Cancel::pointer(cancel);
        let status = unsafe { sys::culverin_trace_hash(self.handle, hash.as_mut_ptr(), step, cancel) };
        self.check(status)?;
        Ok(hash)
    }

    /// The state hashes at several steps, in the order asked.
    pub fn hashes_at(&mut self, steps: &[u64], cancel: Option<&Cancel>) -> Result<Vec<Hash>> {
        let mut hashes = vec![[0u8; 32]; steps.len()];
        let place = hashes.as_mut_ptr() as *mut u8;
        let cancel = Cancel::pointer(cancel);
        let status =
            unsafe { sys::culverin_trace_hashes(self.handle, place, steps.as_ptr(), steps.len(), cancel) };
        self.check(status)?;
        Ok(hashes)
    }

    /// The claim at a trace index: the hash after `trace_index + 1` steps; `u64::MAX` is the final one.
    pub fn claim_at(&mut self, trace_index: u64, cancel: Option<&Cancel>) -> Result<Hash> {
        let mut hash = [0; 32];
        let cancel = Cancel::pointer(cancel);
        let status =
            unsafe { sys::culverin_trace_claim(self.handle, hash.as_mut_ptr(), trace_index, cancel) };
        self.check(status)?;
        Ok(hash)
    }

    /// The hash of the first state.
    pub fn prestate_hash(&mut self) -> Result<Hash> {
        let mut hash = [0; 32];
        let status = unsafe { sys::culverin_trace_prestate_hash(self.handle, hash.as_mut_ptr()) };
        self.check(status)?;
        Ok(hash)
    }

    /// The proof of a step, checked.
    pub fn proof_at(&mut self, step: u64, cancel: Option<&Cancel>) -> Result<Proof> {
        let mut proof = null_mut();
        let cancel = Cancel::pointer(cancel);
        let status = unsafe { sys::culverin_trace_proof(self.handle, &mut proof, step, cancel) };
        self.check(status)?;
        Ok(Proof::own(proof))
    }

    /// The end of the trace; runs there if need be.
    pub fn end(&mut self, cancel: Option<&Cancel>) -> Result<TraceEnd> {
        // SAFETY: a struct of numbers, for which zeros are values.
        let mut end: sys::culverin_trace_end = unsafe { std::mem::zeroed() };
        end.struct_size = std::mem::size_of::<sys::culverin_trace_end>();
        let cancel = Cancel::pointer(cancel);
        let status = unsafe { sys::culverin_trace_final(self.handle, &mut end, cancel) };
        self.check(status)?;
        let handle = self.handle;
        let witness = error::bytes(handle as *const c_void, |bytes, size, length| unsafe {
            sys::culverin_trace_final_witness(handle, bytes, size, length, cancel)
        })?;
        Ok(TraceEnd { step: end.step, exit_code: end.exit_code as u8, state_hash: end.state_hash, witness })
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        let _ = unsafe { sys::culverin_trace_free(self.handle) };
    }
}
