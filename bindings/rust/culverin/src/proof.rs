use crate::error::{self, check, Result};
use crate::Hash;
use culverin_sys as sys;
use std::ffi::c_void;
use std::ptr::{null, null_mut};

/// The pre-image that a step reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preimage {
    pub key: Hash,
    /// The value with its 8-byte big-endian length in front.
    pub value: Vec<u8>,
    pub offset: u64,
}

/// The proof of one step.
pub struct Proof {
    handle: *mut sys::culverin_proof,
}

// SAFETY: the header allows any number of threads at once.
unsafe impl Send for Proof {}
unsafe impl Sync for Proof {}

impl Proof {
    pub(crate) fn own(handle: *mut sys::culverin_proof) -> Proof {
        Proof { handle }
    }

    /// Reads a proof file.
    pub fn load(path: &str) -> Result<Proof> {
        let path = error::text(path)?;
        let mut handle = null_mut();
        check(unsafe { sys::culverin_proof_load(&mut handle, path.as_ptr()) }, null())?;
        Ok(Proof { handle })
    }

    /// Reads the bytes of a proof file.
    pub fn parse(json: &[u8]) -> Result<Proof> {
        let mut handle = null_mut();
        check(unsafe { sys::culverin_proof_parse(&mut handle, json.as_ptr(), json.len()) }, null())?;
        Ok(Proof { handle })
    }

    fn summary(&self) -> Result<sys::culverin_proof_summary> {
        // SAFETY: a struct of numbers, for which zeros are values.
        let mut summary: sys::culverin_proof_summary = unsafe { std::mem::zeroed() };
        summary.struct_size = std::mem::size_of::<sys::culverin_proof_summary>();
        let status = unsafe { sys::culverin_proof_describe(self.handle, &mut summary) };
        check(status, self.handle as *const c_void)?;
        Ok(summary)
    }

    fn part(&self, part: i32) -> Result<Vec<u8>> {
        error::bytes(self.handle as *const c_void, |bytes, size, length| unsafe {
            sys::culverin_proof_part(self.handle, bytes, size, length, part)
        })
    }

    /// The step counter before the step.
    pub fn step(&self) -> Result<u64> {
        Ok(self.summary()?.step)
    }

    /// State hash before the step.
    pub fn pre_hash(&self) -> Result<Hash> {
        Ok(self.summary()?.pre_hash)
    }

    /// State hash after the step: the claim at this trace index.
    pub fn post_hash(&self) -> Result<Hash> {
        Ok(self.summary()?.post_hash)
    }

    /// The state witness before the step.
    pub fn state_data(&self) -> Result<Vec<u8>> {
        self.part(sys::CULVERIN_PART_STATE_DATA)
    }

    /// The memory proofs.
    pub fn proof_data(&self) -> Result<Vec<u8>> {
        self.part(sys::CULVERIN_PART_PROOF_DATA)
    }

    /// The pre-image that the step reads.
    pub fn preimage(&self) -> Result<Option<Preimage>> {
        let summary = self.summary()?;
        if summary.has_preimage == 0 {
            return Ok(None);
        }
        let value = self.part(sys::CULVERIN_PART_PREIMAGE)?;
        Ok(Some(Preimage { key: summary.preimage_key, value, offset: summary.preimage_offset }))
    }

    /// The proof file as the reference writes it, byte for byte.
    pub fn json(&self) -> Result<Vec<u8>> {
        self.part(sys::CULVERIN_PART_JSON)
    }

    /// Writes a proof file.
    pub fn save(&self, path: &str) -> Result<()> {
        let path = error::text(path)?;
        let status = unsafe { sys::culverin_proof_save(self.handle, path.as_ptr()) };
        check(status, self.handle as *const c_void)
    }

    /// Checks it as the contract does.
    pub fn verify(&self, state_version: u32) -> Result<()> {
        let status = unsafe { sys::culverin_proof_verify(self.handle, state_version) };
        check(status, self.handle as *const c_void)
    }
}

impl Drop for Proof {
    fn drop(&mut self) {
        let _ = unsafe { sys::culverin_proof_free(self.handle) };
    }
}
