use crate::callbacks::{connect, Callbacks, Options};
use crate::error::{self, check, Result};
use crate::{Hash, Proof};
use culverin_sys as sys;
use std::ffi::c_void;
use std::mem::size_of;
use std::ptr::{null, null_mut};
use std::time::Duration;

/// Ends runs from any thread.
pub struct Cancel {
    handle: *mut sys::culverin_cancel,
}

// SAFETY: the header allows any thread at any time.
unsafe impl Send for Cancel {}
unsafe impl Sync for Cancel {}

impl Cancel {
    pub fn new() -> Result<Cancel> {
        let mut handle = null_mut();
        check(unsafe { sys::culverin_cancel_create(&mut handle) }, null())?;
        Ok(Cancel { handle })
    }

    /// Ends all runs that use it, now and later.
    pub fn request(&self) -> Result<()> {
        check(unsafe { sys::culverin_cancel_request(self.handle) }, null())
    }

    pub(crate) fn pointer(cancel: Option<&Cancel>) -> *mut sys::culverin_cancel {
        cancel.map_or(null_mut(), |cancel| cancel.handle)
    }
}

impl Drop for Cancel {
    fn drop(&mut self) {
        let _ = unsafe { sys::culverin_cancel_free(self.handle) };
    }
}

/// How far to run, and what it may cost; the default runs to the end.
#[derive(Default)]
pub struct Limits<'a> {
    pub until_step: Option<u64>,
    pub stop_after_preimage: bool,
    pub timeout: Option<Duration>,
    pub memory_bytes_max: Option<u64>,
    pub cancel: Option<&'a Cancel>,
}

/// Why a run returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    StepReached,
    Exited,
    PreimageRead,
    DeadlinePassed,
}

/// Where a machine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineSummary {
    pub step: u64,
    pub program_counter: u64,
    pub page_count: u64,
    pub preimage_request_count: u64,
    pub preimage_total_bytes: u64,
    pub state_version: u32,
    pub exit_code: Option<u8>,
    /// Key and offset of the pre-image that the last executed step read.
    pub last_preimage: Option<(Hash, u64)>,
}

/// A machine with a program in it.
pub struct Machine {
    handle: *mut sys::culverin_machine,
    callbacks: Box<Callbacks>,
}

// SAFETY: the header allows a machine to move between threads; the callbacks are Send.
unsafe impl Send for Machine {}

impl Machine {
    /// Makes the first state of the program in a file.
    pub fn load_elf(path: &str, state_version: u32, options: Options) -> Result<Machine> {
        let path = error::text(path)?;
        Self::load(options, |machine, options| unsafe {
            sys::culverin_machine_load_elf(machine, path.as_ptr(), state_version, options)
        })
    }

    /// Makes the first state of a program.
    pub fn load_elf_bytes(program: &[u8], state_version: u32, options: Options) -> Result<Machine> {
        Self::load(options, |machine, options| unsafe {
            let (start, size) = (program.as_ptr(), program.len());
            sys::culverin_machine_load_elf_memory(machine, start, size, state_version, options)
        })
    }

    /// Loads a state file.
    pub fn load_state(path: &str, options: Options) -> Result<Machine> {
        let path = error::text(path)?;
        Self::load(options, |machine, options| unsafe {
            sys::culverin_machine_load_state(machine, path.as_ptr(), options)
        })
    }

    /// Loads a state.
    pub fn load_state_bytes(state: &[u8], options: Options) -> Result<Machine> {
        Self::load(options, |machine, options| unsafe {
            sys::culverin_machine_load_state_memory(machine, state.as_ptr(), state.len(), options)
        })
    }

    fn load(
        options: Options,
        make: impl FnOnce(*mut *mut sys::culverin_machine, *const sys::culverin_options) -> i32,
    ) -> Result<Machine> {
        let mut handle = null_mut();
        let callbacks = connect(options, |options| check(make(&mut handle, options), null()))?;
        Ok(Machine { handle, callbacks })
    }

    pub(crate) fn handle(&self) -> *mut sys::culverin_machine {
        self.handle
    }

    fn check(&mut self, status: i32) -> Result<()> {
        self.callbacks.check();
        check(status, self.handle as *const c_void)
    }

    /// Runs until a limit or the guest's end.
    pub fn run(&mut self, limits: Limits) -> Result<End> {
        if limits.until_step == Some(0) {
            return Ok(End::StepReached);
        }
        let given = sys::culverin_limits {
            struct_size: size_of::<sys::culverin_limits>(),
            until_step: limits.until_step.unwrap_or(0),
            timeout_milliseconds: limits.timeout.map_or(0, |time| (time.as_millis() as u64).max(1)),
            memory_bytes_max: limits.memory_bytes_max.unwrap_or(0),
            cancel: Cancel::pointer(limits.cancel),
            progress: None,
            progress_user: null_mut(),
            flags: if limits.stop_after_preimage {
                sys::CULVERIN_RUN_FLAG_STOP_AFTER_PREIMAGE as u32
            } else {
                0
            },
            reserved: 0,
        };
        let mut end = 0;
        let status = unsafe { sys::culverin_machine_run(self.handle, &mut end, &given) };
        self.check(status)?;
        Ok(match end {
            sys::CULVERIN_END_EXITED => End::Exited,
            sys::CULVERIN_END_PREIMAGE_READ => End::PreimageRead,
            sys::CULVERIN_END_DEADLINE_PASSED => End::DeadlinePassed,
            _ => End::StepReached,
        })
    }

    /// Runs to each of ascending steps and tells the state hash there.
    pub fn hashes(&mut self, steps: &[u64], cancel: Option<&Cancel>) -> Result<Vec<Hash>> {
        let mut hashes = vec![[0u8; 32]; steps.len()];
        let mut done = 0;
        let status = unsafe {
            sys::culverin_machine_hashes(
                self.handle,
                hashes.as_mut_ptr() as *mut u8,
                &mut done,
                steps.as_ptr(),
                steps.len(),
                Cancel::pointer(cancel),
            )
        };
        self.check(status)?;
        Ok(hashes)
    }

    /// Where it is.
    pub fn describe(&mut self) -> Result<MachineSummary> {
        // SAFETY: a struct of numbers, for which zeros are values.
        let mut known: sys::culverin_machine_summary = unsafe { std::mem::zeroed() };
        known.struct_size = size_of::<sys::culverin_machine_summary>();
        let status = unsafe { sys::culverin_machine_describe(self.handle, &mut known) };
        self.check(status)?;
        Ok(MachineSummary {
            step: known.step,
            program_counter: known.program_counter,
            page_count: known.page_count,
            preimage_request_count: known.preimage_request_count,
            preimage_total_bytes: known.preimage_total_bytes,
            state_version: known.state_version,
            exit_code: (known.exited != 0).then_some(known.exit_code as u8),
            last_preimage: (known.has_last_preimage != 0)
                .then_some((known.last_preimage_key, known.last_preimage_offset)),
        })
    }

    /// Steps executed since the program's start.
    pub fn step(&mut self) -> Result<u64> {
        let mut step = 0;
        let status = unsafe { sys::culverin_machine_step(self.handle, &mut step) };
        self.check(status)?;
        Ok(step)
    }

    /// The state hash.
    pub fn state_hash(&mut self) -> Result<Hash> {
        let mut hash = [0; 32];
        let status = unsafe { sys::culverin_machine_hash(self.handle, hash.as_mut_ptr()) };
        self.check(status)?;
        Ok(hash)
    }

    /// The bytes that the state hash commits to.
    pub fn witness(&mut self) -> Result<Vec<u8>> {
        let handle = self.handle;
        error::bytes(handle as *const c_void, |bytes, size, length| unsafe {
            sys::culverin_machine_witness(handle, bytes, size, length)
        })
    }

    /// Executes one step and returns its proof.
    pub fn prove(&mut self) -> Result<Proof> {
        let mut proof = null_mut();
        let status = unsafe { sys::culverin_machine_prove(self.handle, &mut proof) };
        self.check(status)?;
        Ok(Proof::own(proof))
    }

    /// Writes a state file.
    pub fn save(&mut self, path: &str) -> Result<()> {
        let path = error::text(path)?;
        let status = unsafe { sys::culverin_machine_save(self.handle, path.as_ptr()) };
        self.check(status)
    }

    /// Stops the pre-image server and completes the recording.
    pub fn finish_preimages(&mut self) -> Result<()> {
        let status = unsafe { sys::culverin_machine_finish_preimages(self.handle) };
        self.check(status)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = unsafe { sys::culverin_machine_free(self.handle) };
    }
}
