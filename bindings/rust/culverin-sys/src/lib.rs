//! What culverin.h declares, word for word; see there for the contracts.
// Generated from the exports of bindings/c; do not edit.
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

pub const CULVERIN_ABI_MAJOR: u32 = 1;
pub const CULVERIN_ABI_MINOR: u32 = 0;

pub type culverin_status = i32;
pub const CULVERIN_OK: i32 = 0;
pub const CULVERIN_E_INVALID_ARGUMENT: i32 = 1;
pub const CULVERIN_E_FILE_ACCESS: i32 = 2;
pub const CULVERIN_E_INVALID_ELF: i32 = 3;
pub const CULVERIN_E_INVALID_STATE: i32 = 4;
pub const CULVERIN_E_UNSUPPORTED_VERSION: i32 = 5;
pub const CULVERIN_E_INVALID_PROOF: i32 = 6;
pub const CULVERIN_E_PROOF_REJECTED: i32 = 7;
pub const CULVERIN_E_GUEST_PANIC: i32 = 8;
pub const CULVERIN_E_PREIMAGE_SERVER: i32 = 9;
pub const CULVERIN_E_PREIMAGE_MISSING: i32 = 10;
pub const CULVERIN_E_INFINITE_LOOP: i32 = 11;
pub const CULVERIN_E_CANCELLED: i32 = 12;
pub const CULVERIN_E_LIMIT_EXCEEDED: i32 = 13;
pub const CULVERIN_E_HOST_RESOURCE: i32 = 14;
pub const CULVERIN_E_PROCESS_START: i32 = 15;
pub const CULVERIN_E_MISUSE: i32 = 64;
pub const CULVERIN_E_BUFFER_TOO_SMALL: i32 = 65;
pub const CULVERIN_E_INTERNAL: i32 = 66;
pub const CULVERIN_ENGINE_AUTO: i32 = 0;
pub const CULVERIN_ENGINE_INTERPRETER: i32 = 1;
pub const CULVERIN_ENGINE_TRANSLATOR: i32 = 2;
pub const CULVERIN_FLAG_UNCHECKED_PREIMAGES: i32 = 1;
pub const CULVERIN_RUN_FLAG_STOP_AFTER_PREIMAGE: i32 = 1;
pub const CULVERIN_END_STEP_REACHED: i32 = 1;
pub const CULVERIN_END_EXITED: i32 = 2;
pub const CULVERIN_END_PREIMAGE_READ: i32 = 3;
pub const CULVERIN_END_DEADLINE_PASSED: i32 = 4;
pub const CULVERIN_LEVEL_INFO: i32 = 1;
pub const CULVERIN_LEVEL_WARNING: i32 = 2;
pub const CULVERIN_PART_STATE_DATA: i32 = 1;
pub const CULVERIN_PART_PROOF_DATA: i32 = 2;
pub const CULVERIN_PART_PREIMAGE: i32 = 3;
pub const CULVERIN_PART_JSON: i32 = 4;

#[repr(C)]
pub struct culverin_machine {
    _private: [u8; 0],
}

#[repr(C)]
pub struct culverin_proof {
    _private: [u8; 0],
}

#[repr(C)]
pub struct culverin_trace {
    _private: [u8; 0],
}

#[repr(C)]
pub struct culverin_analysis {
    _private: [u8; 0],
}

#[repr(C)]
pub struct culverin_cancel {
    _private: [u8; 0],
}

pub type culverin_output_fn =
    unsafe extern "C" fn(user: *mut c_void, descriptor: i32, bytes: *const u8, bytes_size: usize);
pub type culverin_log_fn =
    unsafe extern "C" fn(user: *mut c_void, level: i32, text: *const c_char);
pub type culverin_preimage_fn =
    unsafe extern "C" fn(user: *mut c_void, key: *const u8, value: *mut *const u8, value_size: *mut usize) -> i32;
pub type culverin_hint_fn =
    unsafe extern "C" fn(user: *mut c_void, hint: *const u8, hint_size: usize) -> i32;
pub type culverin_progress_fn =
    unsafe extern "C" fn(user: *mut c_void, step: u64, page_count: u64) -> i32;

#[repr(C)]
pub struct culverin_options {
    pub struct_size: usize,
    pub engine: i32,
    pub flags: u32,
    pub meta_path: *const c_char,
    pub output: Option<culverin_output_fn>,
    pub output_user: *mut c_void,
    pub log: Option<culverin_log_fn>,
    pub log_user: *mut c_void,
    pub preimage: Option<culverin_preimage_fn>,
    pub preimage_user: *mut c_void,
    pub hint: Option<culverin_hint_fn>,
    pub hint_user: *mut c_void,
    pub server_command: *const *const c_char,
    pub server_command_count: usize,
    pub folder_path: *const c_char,
    pub replay_path: *const c_char,
    pub record_path: *const c_char,
    pub preimage_bytes_max: u64,
    pub answer_timeout_milliseconds: u64,
}

#[repr(C)]
pub struct culverin_limits {
    pub struct_size: usize,
    pub until_step: u64,
    pub timeout_milliseconds: u64,
    pub memory_bytes_max: u64,
    pub cancel: *const culverin_cancel,
    pub progress: Option<culverin_progress_fn>,
    pub progress_user: *mut c_void,
    pub flags: u32,
    pub reserved: u32,
}

#[repr(C)]
pub struct culverin_trace_options {
    pub struct_size: usize,
    pub input_name: *const c_char,
    pub spacing_steps: u64,
    pub disk_bytes_max: u64,
    pub memory_bytes_max: u64,
    pub lock_timeout_milliseconds: u64,
    pub parallelism: u32,
    pub reserved: u32,
}

#[repr(C)]
pub struct culverin_version_info {
    pub struct_size: usize,
    pub state_version: u32,
    pub word_bits: u32,
    pub name: [c_char; 32],
}

#[repr(C)]
pub struct culverin_machine_summary {
    pub struct_size: usize,
    pub step: u64,
    pub program_counter: u64,
    pub page_count: u64,
    pub preimage_request_count: u64,
    pub preimage_total_bytes: u64,
    pub last_preimage_offset: u64,
    pub state_version: u32,
    pub exited: u32,
    pub exit_code: u32,
    pub has_last_preimage: u32,
    pub last_preimage_key: [u8; 32],
}

#[repr(C)]
pub struct culverin_proof_summary {
    pub struct_size: usize,
    pub step: u64,
    pub preimage_offset: u64,
    pub has_preimage: u32,
    pub reserved: u32,
    pub pre_hash: [u8; 32],
    pub post_hash: [u8; 32],
    pub preimage_key: [u8; 32],
}

#[repr(C)]
pub struct culverin_trace_end {
    pub struct_size: usize,
    pub step: u64,
    pub exit_code: u32,
    pub reserved: u32,
    pub state_hash: [u8; 32],
}

#[repr(C)]
pub struct culverin_trace_summary {
    pub struct_size: usize,
    pub first_step: u64,
    pub last_step: u64,
    pub spacing_steps: u64,
    pub disk_bytes: u64,
    pub checkpoint_count: u64,
    pub probe_count: u64,
    pub preimage_count: u64,
    pub finished: u32,
    pub reserved: u32,
}

extern "C" {
    pub fn culverin_abi_version(major: *mut u32, minor: *mut u32) -> culverin_status;
    pub fn culverin_version(text: *mut c_char, text_size: usize, text_length: *mut usize) -> culverin_status;
    pub fn culverin_selftest() -> culverin_status;
    pub fn culverin_message(handle: *const c_void, text: *mut c_char, text_size: usize, text_length: *mut usize) -> culverin_status;
    pub fn culverin_state_version(info: *mut culverin_version_info, index: usize) -> culverin_status;
    pub fn culverin_prestate_hash(hash: *mut u8, path: *const c_char) -> culverin_status;
    pub fn culverin_cancel_create(cancel: *mut *mut culverin_cancel) -> culverin_status;
    pub fn culverin_cancel_request(cancel: *mut culverin_cancel) -> culverin_status;
    pub fn culverin_cancel_free(cancel: *mut culverin_cancel) -> culverin_status;
    pub fn culverin_machine_load_state(machine: *mut *mut culverin_machine, path: *const c_char, options: *const culverin_options) -> culverin_status;
    pub fn culverin_machine_load_state_memory(machine: *mut *mut culverin_machine, content: *const u8, content_size: usize, options: *const culverin_options) -> culverin_status;
    pub fn culverin_machine_load_elf(machine: *mut *mut culverin_machine, path: *const c_char, state_version: u32, options: *const culverin_options) -> culverin_status;
    pub fn culverin_machine_load_elf_memory(machine: *mut *mut culverin_machine, content: *const u8, content_size: usize, state_version: u32, options: *const culverin_options) -> culverin_status;
    pub fn culverin_machine_free(machine: *mut culverin_machine) -> culverin_status;
    pub fn culverin_machine_run(machine: *mut culverin_machine, end: *mut i32, limits: *const culverin_limits) -> culverin_status;
    pub fn culverin_machine_hashes(machine: *mut culverin_machine, hashes: *mut u8, done: *mut usize, steps: *const u64, count: usize, cancel: *const culverin_cancel) -> culverin_status;
    pub fn culverin_machine_describe(machine: *mut culverin_machine, summary: *mut culverin_machine_summary) -> culverin_status;
    pub fn culverin_machine_step(machine: *mut culverin_machine, step: *mut u64) -> culverin_status;
    pub fn culverin_machine_hash(machine: *mut culverin_machine, hash: *mut u8) -> culverin_status;
    pub fn culverin_machine_witness(machine: *mut culverin_machine, witness: *mut u8, witness_size: usize, witness_length: *mut usize) -> culverin_status;
    pub fn culverin_machine_prove(machine: *mut culverin_machine, proof: *mut *mut culverin_proof) -> culverin_status;
    pub fn culverin_machine_save(machine: *mut culverin_machine, path: *const c_char) -> culverin_status;
    pub fn culverin_machine_finish_preimages(machine: *mut culverin_machine) -> culverin_status;
    pub fn culverin_proof_load(proof: *mut *mut culverin_proof, path: *const c_char) -> culverin_status;
    pub fn culverin_proof_parse(proof: *mut *mut culverin_proof, json: *const u8, json_size: usize) -> culverin_status;
    pub fn culverin_proof_describe(proof: *const culverin_proof, summary: *mut culverin_proof_summary) -> culverin_status;
    pub fn culverin_proof_part(proof: *const culverin_proof, bytes: *mut u8, bytes_size: usize, bytes_length: *mut usize, part: i32) -> culverin_status;
    pub fn culverin_proof_save(proof: *const culverin_proof, path: *const c_char) -> culverin_status;
    pub fn culverin_proof_verify(proof: *const culverin_proof, state_version: u32) -> culverin_status;
    pub fn culverin_proof_free(proof: *mut culverin_proof) -> culverin_status;
    pub fn culverin_analyze_elf(analysis: *mut *mut culverin_analysis, elf: *const u8, elf_size: usize, state_version: u32) -> culverin_status;
    pub fn culverin_analysis_json(analysis: *const culverin_analysis, json: *mut u8, json_size: usize, json_length: *mut usize) -> culverin_status;
    pub fn culverin_analysis_free(analysis: *mut culverin_analysis) -> culverin_status;
    pub fn culverin_trace_open(trace: *mut *mut culverin_trace, folder: *const c_char, first: *mut culverin_machine, options: *const culverin_options, trace_options: *const culverin_trace_options) -> culverin_status;
    pub fn culverin_trace_free(trace: *mut culverin_trace) -> culverin_status;
    pub fn culverin_trace_build(trace: *mut culverin_trace, limits: *const culverin_limits) -> culverin_status;
    pub fn culverin_trace_hash(trace: *mut culverin_trace, hash: *mut u8, step: u64, cancel: *const culverin_cancel) -> culverin_status;
    pub fn culverin_trace_hashes(trace: *mut culverin_trace, hashes: *mut u8, steps: *const u64, count: usize, cancel: *const culverin_cancel) -> culverin_status;
    pub fn culverin_trace_claim(trace: *mut culverin_trace, hash: *mut u8, trace_index: u64, cancel: *const culverin_cancel) -> culverin_status;
    pub fn culverin_trace_prestate_hash(trace: *mut culverin_trace, hash: *mut u8) -> culverin_status;
    pub fn culverin_trace_proof(trace: *mut culverin_trace, proof: *mut *mut culverin_proof, step: u64, cancel: *const culverin_cancel) -> culverin_status;
    pub fn culverin_trace_final(trace: *mut culverin_trace, end: *mut culverin_trace_end, cancel: *const culverin_cancel) -> culverin_status;
    pub fn culverin_trace_final_witness(trace: *mut culverin_trace, witness: *mut u8, witness_size: usize, witness_length: *mut usize, cancel: *const culverin_cancel) -> culverin_status;
    pub fn culverin_trace_describe(trace: *mut culverin_trace, summary: *mut culverin_trace_summary) -> culverin_status;
}
