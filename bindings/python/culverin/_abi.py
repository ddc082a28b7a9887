# Generated from the exports of bindings/c; do not edit.
import ctypes as c

ABI_MAJOR = 1
ABI_MINOR = 0

OK = 0
E_INVALID_ARGUMENT = 1
E_FILE_ACCESS = 2
E_INVALID_ELF = 3
E_INVALID_STATE = 4
E_UNSUPPORTED_VERSION = 5
E_INVALID_PROOF = 6
E_PROOF_REJECTED = 7
E_GUEST_PANIC = 8
E_PREIMAGE_SERVER = 9
E_PREIMAGE_MISSING = 10
E_INFINITE_LOOP = 11
E_CANCELLED = 12
E_LIMIT_EXCEEDED = 13
E_HOST_RESOURCE = 14
E_PROCESS_START = 15
E_MISUSE = 64
E_BUFFER_TOO_SMALL = 65
E_INTERNAL = 66
ENGINE_AUTO = 0
ENGINE_INTERPRETER = 1
ENGINE_TRANSLATOR = 2
FLAG_UNCHECKED_PREIMAGES = 1
RUN_FLAG_STOP_AFTER_PREIMAGE = 1
END_STEP_REACHED = 1
END_EXITED = 2
END_PREIMAGE_READ = 3
END_DEADLINE_PASSED = 4
LEVEL_INFO = 1
LEVEL_WARNING = 2
PART_STATE_DATA = 1
PART_PROOF_DATA = 2
PART_PREIMAGE = 3
PART_JSON = 4

OutputCallback = c.CFUNCTYPE(None, c.c_void_p, c.c_int32, c.c_void_p, c.c_size_t)
LogCallback = c.CFUNCTYPE(None, c.c_void_p, c.c_int32, c.c_char_p)
PreimageCallback = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_void_p, c.POINTER(c.c_void_p), c.POINTER(c.c_size_t))
HintCallback = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_void_p, c.c_size_t)
ProgressCallback = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_uint64, c.c_uint64)


class Options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        ("engine", c.c_int32),
        ("flags", c.c_uint32),
        ("meta_path", c.c_char_p),
        ("output", OutputCallback),
        ("output_user", c.c_void_p),
        ("log", LogCallback),
        ("log_user", c.c_void_p),
        ("preimage", PreimageCallback),
        ("preimage_user", c.c_void_p),
        ("hint", HintCallback),
        ("hint_user", c.c_void_p),
        ("server_command", c.POINTER(c.c_char_p)),
        ("server_command_count", c.c_size_t),
        ("folder_path", c.c_char_p),
        ("replay_path", c.c_char_p),
        ("record_path", c.c_char_p),
        ("preimage_bytes_max", c.c_uint64),
        ("answer_timeout_milliseconds", c.c_uint64),
    ]


class Limits(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        ("until_step", c.c_uint64),
        ("timeout_milliseconds", c.c_uint64),
        ("memory_bytes_max", c.c_uint64),
        ("cancel", c.c_void_p),
        ("progress", ProgressCallback),
        ("progress_user", c.c_void_p),
        ("flags", c.c_uint32),
        ("reserved", c.c_uint32),
    ]


class TraceOptions(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        ("input_name", c.c_char_p),
        ("spacing_steps", c.c_uint64),
        ("disk_bytes_max", c.c_uint64),
        ("memory_bytes_max", c.c_uint64),
        ("lock_timeout_milliseconds", c.c_uint64),
        ("parallelism", c.c_uint32),
        ("reserved", c.c_uint32),
    ]


class VersionInfo(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        ("state_version", c.c_uint32),
        ("word_bits", c.c_uint32),
        ("name", c.c_char * 32),
    ]


class MachineSummary(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        ("step", c.c_uint64),
        ("program_counter", c.c_uint64),
        ("page_count", c.c_uint64),
        ("preimage_request_count", c.c_uint64),
        ("preimage_total_bytes", c.c_uint64),
        ("last_preimage_offset", c.c_uint64),
        ("state_version", c.c_uint32),
        ("exited", c.c_uint32),
        ("exit_code", c.c_uint32),
        ("has_last_preimage", c.c_uint32),
        ("last_preimage_key", c.c_uint8 * 32),
    ]


class ProofSummary(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        ("step", c.c_uint64),
        ("preimage_offset", c.c_uint64),
        ("has_preimage", c.c_uint32),
        ("reserved", c.c_uint32),
        ("pre_hash", c.c_uint8 * 32),
        ("post_hash", c.c_uint8 * 32),
        ("preimage_key", c.c_uint8 * 32),
    ]


class TraceEnd(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        ("step", c.c_uint64),
        ("exit_code", c.c_uint32),
        ("reserved", c.c_uint32),
        ("state_hash", c.c_uint8 * 32),
    ]


class TraceSummary(c.Structure):
    _fields_ = [
        ("struct_size", c.c_size_t),
        ("first_step", c.c_uint64),
        ("last_step", c.c_uint64),
        ("spacing_steps", c.c_uint64),
        ("disk_bytes", c.c_uint64),
        ("checkpoint_count", c.c_uint64),
        ("probe_count", c.c_uint64),
        ("preimage_count", c.c_uint64),
        ("finished", c.c_uint32),
        ("reserved", c.c_uint32),
    ]


FUNCTIONS = {
    "culverin_abi_version": [c.c_void_p, c.c_void_p],
    "culverin_version": [c.c_char_p, c.c_size_t, c.POINTER(c.c_size_t)],
    "culverin_selftest": [],
    "culverin_message": [c.c_void_p, c.c_char_p, c.c_size_t, c.POINTER(c.c_size_t)],
    "culverin_state_version": [c.POINTER(VersionInfo), c.c_size_t],
    "culverin_prestate_hash": [c.c_void_p, c.c_char_p],
    "culverin_cancel_create": [c.POINTER(c.c_void_p)],
    "culverin_cancel_request": [c.c_void_p],
    "culverin_cancel_free": [c.c_void_p],
    "culverin_machine_load_state": [c.POINTER(c.c_void_p), c.c_char_p, c.POINTER(Options)],
    "culverin_machine_load_state_memory": [c.POINTER(c.c_void_p), c.c_void_p, c.c_size_t, c.POINTER(Options)],
    "culverin_machine_load_elf": [c.POINTER(c.c_void_p), c.c_char_p, c.c_uint32, c.POINTER(Options)],
    "culverin_machine_load_elf_memory": [c.POINTER(c.c_void_p), c.c_void_p, c.c_size_t, c.c_uint32, c.POINTER(Options)],
    "culverin_machine_free": [c.c_void_p],
    "culverin_machine_run": [c.c_void_p, c.c_void_p, c.POINTER(Limits)],
    "culverin_machine_hashes": [c.c_void_p, c.c_void_p, c.POINTER(c.c_size_t), c.c_void_p, c.c_size_t, c.c_void_p],
    "culverin_machine_describe": [c.c_void_p, c.POINTER(MachineSummary)],
    "culverin_machine_step": [c.c_void_p, c.c_void_p],
    "culverin_machine_hash": [c.c_void_p, c.c_void_p],
    "culverin_machine_witness": [c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(c.c_size_t)],
    "culverin_machine_prove": [c.c_void_p, c.POINTER(c.c_void_p)],
    "culverin_machine_save": [c.c_void_p, c.c_char_p],
    "culverin_machine_finish_preimages": [c.c_void_p],
    "culverin_proof_load": [c.POINTER(c.c_void_p), c.c_char_p],
    "culverin_proof_parse": [c.POINTER(c.c_void_p), c.c_void_p, c.c_size_t],
    "culverin_proof_describe": [c.c_void_p, c.POINTER(ProofSummary)],
    "culverin_proof_part": [c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(c.c_size_t), c.c_int32],
    "culverin_proof_save": [c.c_void_p, c.c_char_p],
    "culverin_proof_verify": [c.c_void_p, c.c_uint32],
    "culverin_proof_free": [c.c_void_p],
    "culverin_analyze_elf": [c.POINTER(c.c_void_p), c.c_void_p, c.c_size_t, c.c_uint32],
    "culverin_analysis_json": [c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(c.c_size_t)],
    "culverin_analysis_free": [c.c_void_p],
    "culverin_trace_open": [c.POINTER(c.c_void_p), c.c_char_p, c.c_void_p, c.POINTER(Options), c.POINTER(TraceOptions)],
    "culverin_trace_free": [c.c_void_p],
    "culverin_trace_build": [c.c_void_p, c.POINTER(Limits)],
    "culverin_trace_hash": [c.c_void_p, c.c_void_p, c.c_uint64, c.c_void_p],
    "culverin_trace_hashes": [c.c_void_p, c.c_void_p, c.c_void_p, c.c_size_t, c.c_void_p],
    "culverin_trace_claim": [c.c_void_p, c.c_void_p, c.c_uint64, c.c_void_p],
    "culverin_trace_prestate_hash": [c.c_void_p, c.c_void_p],
    "culverin_trace_proof": [c.c_void_p, c.POINTER(c.c_void_p), c.c_uint64, c.c_void_p],
    "culverin_trace_final": [c.c_void_p, c.POINTER(TraceEnd), c.c_void_p],
    "culverin_trace_final_witness": [c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(c.c_size_t), c.c_void_p],
    "culverin_trace_describe": [c.c_void_p, c.POINTER(TraceSummary)],
}
