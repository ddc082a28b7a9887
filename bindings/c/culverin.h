/* Generated from the exports of bindings/c; do not edit. */
/*
 * Culverin: runs MIPS programs as the fault-proof contracts do, commits to their states, proves
 * steps.
 *
 * Rules that hold everywhere:
 * - Every function returns a status; CULVERIN_OK is 0. The numbers never change their meaning.
 * - Order of arguments: the handle; then what is written, each buffer followed by its size and
 *   the place for its length; then what is read, each array followed by its size.
 * - A callback's first argument is the user pointer that stands behind it in its struct.
 * - Handles are opaque numbers, not addresses. Null, a freed handle, a handle of another kind
 *   and bytes that never were one give CULVERIN_E_MISUSE, also when another thread frees it
 *   meanwhile.
 * - Who makes a handle frees it, with the function named there. All other memory stays with its
 *   owner: what the library needs longer than a call it copies, and it hands out copies only.
 * - A buffer that is too small gives CULVERIN_E_BUFFER_TOO_SMALL and the length needed; nothing
 *   is written. So a first call with null and 0 asks for the length. Text ends with a zero,
 *   which the length does not count and the size must.
 * - Structs begin with struct_size, which the caller sets to sizeof; they may grow at their end.
 * - Text is UTF-8. Hashes and keys are 32 bytes. Steps are values of the step counter: the hash
 *   at step i is that of the state before step i, the proof of step i leads from there to i + 1.
 * - Callbacks run on the thread of the call, if nothing else is said. They must return: no
 *   exception, no longjmp may leave them. They may call everything but functions on the handle
 *   that is in use.
 * - No exception of the library's passes into the caller, and no error ends the process. A
 *   pointer that is neither null nor valid is the only thing it cannot notice.
 * - What signals do is the program's to decide. A write beyond the limit of the size of files
 *   (setrlimit, RLIMIT_FSIZE) raises SIGXFSZ, which ends a process that does not ignore it;
 *   where it is ignored, the call gives CULVERIN_E_FILE_ACCESS.
 * - The library cannot be unloaded, and does not survive fork() without exec().
 */
#ifndef CULVERIN_H
#define CULVERIN_H

#include <stddef.h>
#include <stdint.h>

#define CULVERIN_ABI_MAJOR 1
#define CULVERIN_ABI_MINOR 0

#if defined(__GNUC__)
#define CULVERIN_API __attribute__((visibility("default"), warn_unused_result))
#else
#define CULVERIN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a call came to. Values are pinned: never reused, never renumbered. */
typedef int32_t culverin_status;
enum {
    /* Done. */
    CULVERIN_OK = 0,
    /* An argument or option is not usable. */
    CULVERIN_E_INVALID_ARGUMENT = 1,
    /* A file could not be read, written or renamed. */
    CULVERIN_E_FILE_ACCESS = 2,
    /* An ELF file is malformed or does not suit the chosen state version. */
    CULVERIN_E_INVALID_ELF = 3,
    /* A state file is malformed or truncated. */
    CULVERIN_E_INVALID_STATE = 4,
    /* The state version is unknown. */
    CULVERIN_E_UNSUPPORTED_VERSION = 5,
    /* A proof is malformed. */
    CULVERIN_E_INVALID_PROOF = 6,
    /* A proof is well-formed but wrong: the contract would revert. */
    CULVERIN_E_PROOF_REJECTED = 7,
    /* The guest did what the virtual machine forbids; on chain the step reverts. */
    CULVERIN_E_GUEST_PANIC = 8,
    /* The pre-image server or callback died, lied about a length, or fell silent. */
    CULVERIN_E_PREIMAGE_SERVER = 9,
    /* A pre-image is not available from the chosen source. */
    CULVERIN_E_PREIMAGE_MISSING = 10,
    /* The guest waits for itself for ever. */
    CULVERIN_E_INFINITE_LOOP = 11,
    /* Ended by a cancel token, by a progress callback, or because the handle was freed. */
    CULVERIN_E_CANCELLED = 12,
    /* A configured limit (memory, size, time) was reached. */
    CULVERIN_E_LIMIT_EXCEEDED = 13,
    /* The host refused memory or another resource. */
    CULVERIN_E_HOST_RESOURCE = 14,
    /* A child process could not be started. */
    CULVERIN_E_PROCESS_START = 15,
    /*
     * The caller's mistake: a null pointer, a handle that is freed, of another kind or none at
     * all, or in use by another thread.
     */
    CULVERIN_E_MISUSE = 64,
    /* The buffer is too small; its length is told and nothing is written. */
    CULVERIN_E_BUFFER_TOO_SMALL = 65,
    /* A mistake of the library's own; the message is worth a report. */
    CULVERIN_E_INTERNAL = 66
};

/* How ordinary steps are executed; all give the same results. */
enum {
    /* As machine code where the host allows it, else by interpreting. */
    CULVERIN_ENGINE_AUTO = 0,
    /* By interpreting. */
    CULVERIN_ENGINE_INTERPRETER = 1,
    /* As machine code; an error where the host refuses. */
    CULVERIN_ENGINE_TRANSLATOR = 2
};

/* Bits of culverin_options.flags. */
enum {
    /* Do not check that keccak256 and sha256 pre-images hash to their keys. */
    CULVERIN_FLAG_UNCHECKED_PREIMAGES = 1
};

/* Bits of culverin_limits.flags. */
enum {
    /* Stop after each step that reads a pre-image. */
    CULVERIN_RUN_FLAG_STOP_AFTER_PREIMAGE = 1
};

/* Why a run returned. */
enum {
    /* The step counter reached the limit. */
    CULVERIN_END_STEP_REACHED = 1,
    /* The guest exited. */
    CULVERIN_END_EXITED = 2,
    /* A step read a pre-image. */
    CULVERIN_END_PREIMAGE_READ = 3,
    /* The time was up; the run may be continued. */
    CULVERIN_END_DEADLINE_PASSED = 4
};

/* Levels of log lines. */
enum {
    /* From the pre-image server. */
    CULVERIN_LEVEL_INFO = 1,
    /* Something works less well than it could. */
    CULVERIN_LEVEL_WARNING = 2
};

/* Parts of a proof. */
enum {
    /* The state witness before the step. */
    CULVERIN_PART_STATE_DATA = 1,
    /* The memory proofs. */
    CULVERIN_PART_PROOF_DATA = 2,
    /* The pre-image read, with its 8-byte big-endian length in front; empty if none. */
    CULVERIN_PART_PREIMAGE = 3,
    /* The whole proof as the reference's JSON file, byte for byte. */
    CULVERIN_PART_JSON = 4
};

/*
 * A machine with a program in it. One thread at a time; it may move between threads. A second
 * thread that calls meanwhile gets CULVERIN_E_MISUSE. Machines are independent of each other.
 */
typedef struct culverin_machine culverin_machine;

/* The proof of one step. Immutable: any number of threads at once. */
typedef struct culverin_proof culverin_proof;

/*
 * Hash, proof and end of a run, from checkpoints in a folder. One thread at a time, as a
 * machine.
 */
typedef struct culverin_trace culverin_trace;

/* What was found in a program. Immutable: any number of threads at once. */
typedef struct culverin_analysis culverin_analysis;

/* Ends runs from outside. Any thread at any time, also while a run uses it. */
typedef struct culverin_cancel culverin_cancel;

/*
 * Takes bytes that the guest wrote to descriptor 1 or 2; a line may come in several parts. They
 * are valid during the call only.
 */
typedef void (*culverin_output_fn)(
    void *user,
    int32_t descriptor,
    const uint8_t *bytes,
    size_t bytes_size);

/*
 * Takes one line, CULVERIN_LEVEL_INFO or CULVERIN_LEVEL_WARNING, valid during the call only.
 * Lines of a pre-image server come on a thread of the library's.
 */
typedef void (*culverin_log_fn)(void *user, int32_t level, const char *text);

/*
 * Finds a pre-image. Sets value and value_size (without length prefix) and returns CULVERIN_OK;
 * the bytes stay the callback's and must stay valid until its next call for the same machine or
 * trace. A value that stays null is an error; a pre-image of no bytes needs a place, too.
 * Returns CULVERIN_E_PREIMAGE_MISSING if there is none, CULVERIN_E_CANCELLED to end the run; any
 * other value becomes CULVERIN_E_PREIMAGE_SERVER. The key has 32 bytes.
 */
typedef int32_t (*culverin_preimage_fn)(
    void *user,
    const uint8_t *key,
    const uint8_t **value,
    size_t *value_size);

/*
 * Takes one hint of the guest, without its length, valid during the call only. Returns
 * CULVERIN_OK when the source has taken note of it, else a status as the pre-image callback
 * does.
 */
typedef int32_t (*culverin_hint_fn)(void *user, const uint8_t *hint, size_t hint_size);

/*
 * Is told how far a run has come, every few million steps. Returns 0 to go on; any other value
 * ends the run with CULVERIN_E_CANCELLED.
 */
typedef int32_t (*culverin_progress_fn)(void *user, uint64_t step, uint64_t page_count);

/*
 * What a machine or a trace is connected to; all zero but struct_size is the default. Strings
 * and arrays are copied; callbacks and their user pointers are used until the handle is freed.
 * Pre-images come from the first that is set of: callback, server, folder, recording.
 */
typedef struct culverin_options {
    /* sizeof(culverin_options). */
    size_t struct_size;
    /* CULVERIN_ENGINE_*. */
    int32_t engine;
    /* CULVERIN_FLAG_* bits. */
    uint32_t flags;
    /* Symbols for a state file, as `load-elf --meta` writes them; null for none. */
    const char *meta_path;
    /* Takes the guest's output; null to drop it. */
    culverin_output_fn output;
    /* First argument of output. */
    void *output_user;
    /* Takes log lines; null to drop them. */
    culverin_log_fn log;
    /* First argument of log. */
    void *log_user;
    /* Finds pre-images; null for none. */
    culverin_preimage_fn preimage;
    /* First argument of preimage. */
    void *preimage_user;
    /* Takes hints, together with a pre-image callback; null to drop them. */
    culverin_hint_fn hint;
    /* First argument of hint. */
    void *hint_user;
    /* A pre-image server's program and arguments; null for none. */
    const char *const *server_command;
    /* How many strings those are. */
    size_t server_command_count;
    /* A folder with one pre-image file a key; null for none. */
    const char *folder_path;
    /* A recording to answer from; null for none. */
    const char *replay_path;
    /*
     * Where answers and hints are recorded, for a machine; null for nowhere. Complete when the
     * machine is freed.
     */
    const char *record_path;
    /* Largest pre-image accepted, in bytes; 0 for 512 MiB. */
    uint64_t preimage_bytes_max;
    /* How long a server may take for one answer; 0 for ten minutes. */
    uint64_t answer_timeout_milliseconds;
} culverin_options;

/* How far to run, and what it may cost; all zero but struct_size runs to the end. */
typedef struct culverin_limits {
    /* sizeof(culverin_limits). */
    size_t struct_size;
    /* Step counter to stop at; 0 for none. */
    uint64_t until_step;
    /* How long to run, to some milliseconds; 0 for no deadline. */
    uint64_t timeout_milliseconds;
    /*
     * Most bytes of the guest's memory, 0 for no limit; a step beyond it is
     * CULVERIN_E_LIMIT_EXCEEDED. Traces have a limit of their own.
     */
    uint64_t memory_bytes_max;
    /* Ends the run between two steps; null for none. */
    const culverin_cancel *cancel;
    /* Is told how far the run has come; null for nobody. */
    culverin_progress_fn progress;
    /* First argument of progress. */
    void *progress_user;
    /* CULVERIN_RUN_FLAG_* bits. */
    uint32_t flags;
    /* Not used; zero. */
    uint32_t reserved;
} culverin_limits;

/* How a trace index is kept; zeros are the defaults. */
typedef struct culverin_trace_options {
    /* sizeof(culverin_trace_options). */
    size_t struct_size;
    /*
     * Names what the trace depends on besides its first state, such as the server's arguments; a
     * folder of another input is refused. Null to take any.
     */
    const char *input_name;
    /*
     * Steps between two checkpoints to begin with; 0 for those the trace was built with, 2^25
     * for a new one.
     */
    uint64_t spacing_steps;
    /* Most bytes of all checkpoints together; 0 for 2 GiB. */
    uint64_t disk_bytes_max;
    /* Most bytes of the guest's memory; 0 for no limit. */
    uint64_t memory_bytes_max;
    /* How long to wait for another process that uses the folder. */
    uint64_t lock_timeout_milliseconds;
    /* How many queries of one call may run at a time; 0 for one. */
    uint32_t parallelism;
    /* Not used; zero. */
    uint32_t reserved;
} culverin_trace_options;

/* A state version. */
typedef struct culverin_version_info {
    /* sizeof(culverin_version_info). */
    size_t struct_size;
    /* The version byte. */
    uint32_t state_version;
    /* Bits of a word: 32 or 64. */
    uint32_t word_bits;
    /* The reference's name, with a zero at its end. */
    char name[32];
} culverin_version_info;

/* Where a machine is. */
typedef struct culverin_machine_summary {
    /* sizeof(culverin_machine_summary). */
    size_t struct_size;
    /* Steps executed since the program's start. */
    uint64_t step;
    /* Address of the instruction to execute next. */
    uint64_t program_counter;
    /* Pages of 4096 bytes in the guest's memory. */
    uint64_t page_count;
    /* How often the source was asked for a pre-image. */
    uint64_t preimage_request_count;
    /* Bytes of all pre-images received, with their length prefixes. */
    uint64_t preimage_total_bytes;
    /* Where the last executed step read in its pre-image; counts the length prefix. */
    uint64_t last_preimage_offset;
    /* The version byte. */
    uint32_t state_version;
    /* 1 when the guest has ended, else 0. */
    uint32_t exited;
    /* The guest's exit code. */
    uint32_t exit_code;
    /* 1 when the last executed step read a pre-image, else 0. */
    uint32_t has_last_preimage;
    /* Key of the pre-image that the last executed step read. */
    uint8_t last_preimage_key[32];
} culverin_machine_summary;

/* A proof without its long parts. */
typedef struct culverin_proof_summary {
    /* sizeof(culverin_proof_summary). */
    size_t struct_size;
    /* The step counter before the step. */
    uint64_t step;
    /* Where the step reads in its pre-image; counts the length prefix. */
    uint64_t preimage_offset;
    /* 1 when the step reads a pre-image, else 0. */
    uint32_t has_preimage;
    /* Not used; zero. */
    uint32_t reserved;
    /* State hash before the step. */
    uint8_t pre_hash[32];
    /* State hash after the step: the claim at this trace index. */
    uint8_t post_hash[32];
    /* Key of the pre-image. */
    uint8_t preimage_key[32];
} culverin_proof_summary;

/* How a trace ends; from this step on every state is this one. */
typedef struct culverin_trace_end {
    /* sizeof(culverin_trace_end). */
    size_t struct_size;
    /* The first step at which the guest has ended. */
    uint64_t step;
    /* The guest's exit code. */
    uint32_t exit_code;
    /* Not used; zero. */
    uint32_t reserved;
    /* The last state's hash. */
    uint8_t state_hash[32];
} culverin_trace_end;

/* What a trace index holds. */
typedef struct culverin_trace_summary {
    /* sizeof(culverin_trace_summary). */
    size_t struct_size;
    /* Step of the first state. */
    uint64_t first_step;
    /* The last step along the trace with a checkpoint. */
    uint64_t last_step;
    /* Steps between checkpoints along the trace, on the whole. */
    uint64_t spacing_steps;
    /* Bytes of all checkpoints. */
    uint64_t disk_bytes;
    /* Checkpoints, those of queries included. */
    uint64_t checkpoint_count;
    /* Checkpoints that queries have left. */
    uint64_t probe_count;
    /* Recorded pre-images. */
    uint64_t preimage_count;
    /* 1 when the guest has ended at the last step, else 0. */
    uint32_t finished;
    /* Not used; zero. */
    uint32_t reserved;
} culverin_trace_summary;

/* ---- The library ---- */

/*
 * The version of this interface: a program made with CULVERIN_ABI_MAJOR works with a library of
 * the same major number and an equal or higher minor one.
 */
CULVERIN_API culverin_status culverin_abi_version(uint32_t *major, uint32_t *minor);

/* The library's own version as text, such as "0.1.0". */
CULVERIN_API culverin_status culverin_version(char *text, size_t text_size, size_t *text_length);

/*
 * Runs recorded programs, compares their ends with the reference's, proves a step and checks the
 * proof: some milliseconds. CULVERIN_E_HOST_RESOURCE if anything comes out wrong. Any thread.
 */
CULVERIN_API culverin_status culverin_selftest(void);

/*
 * What the last failed call on a handle had to say, as a sentence; the text is copied, the
 * handle stays usable. With null: what the last failed call of this thread had to say that had
 * no handle, such as one that should have made one or was given a bad one.
 */
CULVERIN_API culverin_status culverin_message(
    const void *handle,
    char *text,
    size_t text_size,
    size_t *text_length);

/*
 * Describes the state version with an index from 0 on, in ascending order;
 * CULVERIN_E_INVALID_ARGUMENT behind the last.
 */
CULVERIN_API culverin_status culverin_state_version(culverin_version_info *info, size_t index);

/* The hash of a state file, 32 bytes: what a game's contract names as its absolute prestate. */
CULVERIN_API culverin_status culverin_prestate_hash(uint8_t *hash, const char *path);

/* Makes a cancel token. The caller frees it by culverin_cancel_free. */
CULVERIN_API culverin_status culverin_cancel_create(culverin_cancel **cancel);

/*
 * Ends all runs that use the token, now and later, within milliseconds. Safe from any thread,
 * but not from a signal handler.
 */
CULVERIN_API culverin_status culverin_cancel_request(culverin_cancel *cancel);

/* Frees a token; runs that use it go on without. Null is nothing to do. */
CULVERIN_API culverin_status culverin_cancel_free(culverin_cancel *cancel);

/* ---- Machines ---- */

/*
 * Loads a state file; the name decides its format (.bin, .bin.gz, .json, .json.gz, .culverin).
 * Options may be null. The caller frees the machine by culverin_machine_free.
 */
CULVERIN_API culverin_status culverin_machine_load_state(
    culverin_machine **machine,
    const char *path,
    const culverin_options *options);

/*
 * Loads a state from memory, compressed or not; its content tells the format. The bytes are
 * copied. The caller frees the machine.
 */
CULVERIN_API culverin_status culverin_machine_load_state_memory(
    culverin_machine **machine,
    const uint8_t *content,
    size_t content_size,
    const culverin_options *options);

/*
 * Makes the first state of the program in a file, for a state version. The caller frees the
 * machine.
 */
CULVERIN_API culverin_status culverin_machine_load_elf(
    culverin_machine **machine,
    const char *path,
    uint32_t state_version,
    const culverin_options *options);

/*
 * Makes the first state of a program in memory. The bytes are copied. The caller frees the
 * machine.
 */
CULVERIN_API culverin_status culverin_machine_load_elf_memory(
    culverin_machine **machine,
    const uint8_t *content,
    size_t content_size,
    uint32_t state_version,
    const culverin_options *options);

/*
 * Frees a machine, stops its pre-image server and completes its recording. If another thread
 * runs it, that run ends with CULVERIN_E_CANCELLED and frees it then. Null is nothing to do.
 */
CULVERIN_API culverin_status culverin_machine_free(culverin_machine *machine);

/*
 * Runs until a limit or the guest's end, and sets end to one of CULVERIN_END_*. Limits may be
 * null: to the end. On any error but CULVERIN_E_MISUSE the machine is in the state before the
 * step that failed, or between two steps, and may go on.
 */
CULVERIN_API culverin_status culverin_machine_run(
    culverin_machine *machine,
    int32_t *end,
    const culverin_limits *limits);

/*
 * Batch: runs to each of count ascending steps and writes the state hash there, 32 bytes each;
 * done tells how many were reached. Steps behind the guest's end get the last state's hash.
 */
CULVERIN_API culverin_status culverin_machine_hashes(
    culverin_machine *machine,
    uint8_t *hashes,
    size_t *done,
    const uint64_t *steps,
    size_t count,
    const culverin_cancel *cancel);

/* Tells where the machine is. */
CULVERIN_API culverin_status culverin_machine_describe(
    culverin_machine *machine,
    culverin_machine_summary *summary);

/* The step counter alone. */
CULVERIN_API culverin_status culverin_machine_step(culverin_machine *machine, uint64_t *step);

/* The state hash, 32 bytes: the claim of a dispute at this step. */
CULVERIN_API culverin_status culverin_machine_hash(culverin_machine *machine, uint8_t *hash);

/* The bytes that the state hash commits to, copied. */
CULVERIN_API culverin_status culverin_machine_witness(
    culverin_machine *machine,
    uint8_t *witness,
    size_t witness_size,
    size_t *witness_length);

/*
 * Executes one step and makes its proof. The caller frees the proof by culverin_proof_free; it
 * does not depend on the machine.
 */
CULVERIN_API culverin_status culverin_machine_prove(
    culverin_machine *machine,
    culverin_proof **proof);

/*
 * Writes a state file, replaced whole or not at all; the name decides its format as in
 * culverin_machine_load_state.
 */
CULVERIN_API culverin_status culverin_machine_save(culverin_machine *machine, const char *path);

/*
 * Stops the pre-image server and completes the recording, and tells errors that freeing would
 * not. Further pre-images fail.
 */
CULVERIN_API culverin_status culverin_machine_finish_preimages(culverin_machine *machine);

/* ---- Proofs and programs ---- */

/* Reads a proof file; it is only known to be well-formed. The caller frees the proof. */
CULVERIN_API culverin_status culverin_proof_load(culverin_proof **proof, const char *path);

/* Reads a proof from the bytes of its file. The caller frees the proof. */
CULVERIN_API culverin_status culverin_proof_parse(
    culverin_proof **proof,
    const uint8_t *json,
    size_t json_size);

/* Step, hashes and pre-image key of a proof. */
CULVERIN_API culverin_status culverin_proof_describe(
    const culverin_proof *proof,
    culverin_proof_summary *summary);

/*
 * A part of a proof, CULVERIN_PART_*, copied. CULVERIN_PART_JSON is the file as the reference
 * writes it.
 */
CULVERIN_API culverin_status culverin_proof_part(
    const culverin_proof *proof,
    uint8_t *bytes,
    size_t bytes_size,
    size_t *bytes_length,
    int32_t part);

/* Writes a proof file; a name that ends with ".gz" is compressed. */
CULVERIN_API culverin_status culverin_proof_save(const culverin_proof *proof, const char *path);

/*
 * Checks a proof as the contract does, from the proof alone, by the rules of a state version.
 * CULVERIN_OK only if hashes, step and execution all fit; else CULVERIN_E_PROOF_REJECTED,
 * CULVERIN_E_INVALID_PROOF or CULVERIN_E_GUEST_PANIC.
 */
CULVERIN_API culverin_status culverin_proof_verify(
    const culverin_proof *proof,
    uint32_t state_version);

/* Frees a proof. Null is nothing to do. */
CULVERIN_API culverin_status culverin_proof_free(culverin_proof *proof);

/*
 * Reads a program (the bytes of an ELF file) without running it and says what a state version
 * makes of it; UINT32_MAX looks at all of them. The caller frees the analysis.
 */
CULVERIN_API culverin_status culverin_analyze_elf(
    culverin_analysis **analysis,
    const uint8_t *elf,
    size_t elf_size,
    uint32_t state_version);

/* The report as one JSON object: the fields of `culverin analyze --json` from oldestVersion on. */
CULVERIN_API culverin_status culverin_analysis_json(
    const culverin_analysis *analysis,
    uint8_t *json,
    size_t json_size,
    size_t *json_length);

/* Frees an analysis. Null is nothing to do. */
CULVERIN_API culverin_status culverin_analysis_free(culverin_analysis *analysis);

/* ---- Traces ---- */

/*
 * Begins a trace index in a folder, which stays the caller's, or opens the one that is there.
 * First is a machine that has not run and stays the caller's; null to open what is there.
 * Options and trace_options may be null. The caller frees the trace.
 */
CULVERIN_API culverin_status culverin_trace_open(
    culverin_trace **trace,
    const char *folder,
    culverin_machine *first,
    const culverin_options *options,
    const culverin_trace_options *trace_options);

/*
 * Frees a trace; its folder stays, and a later open goes on there. As culverin_machine_free when
 * another thread uses it.
 */
CULVERIN_API culverin_status culverin_trace_free(culverin_trace *trace);

/*
 * Runs on from where the trace is known to a step or the guest's end and leaves checkpoints;
 * what was done stays when it is ended. Limits may be null. A passed deadline is
 * CULVERIN_E_LIMIT_EXCEEDED.
 */
CULVERIN_API culverin_status culverin_trace_build(
    culverin_trace *trace,
    const culverin_limits *limits);

/* The state hash before a step is executed; behind the end the last state's. */
CULVERIN_API culverin_status culverin_trace_hash(
    culverin_trace *trace,
    uint8_t *hash,
    uint64_t step,
    const culverin_cancel *cancel);

/* Batch: the state hashes at count steps in any order, 32 bytes each, in the order asked. */
CULVERIN_API culverin_status culverin_trace_hashes(
    culverin_trace *trace,
    uint8_t *hashes,
    const uint64_t *steps,
    size_t count,
    const culverin_cancel *cancel);

/*
 * The claim at a trace index as a dispute counts: the state hash after index + 1 steps of the
 * trace; UINT64_MAX is the final one.
 */
CULVERIN_API culverin_status culverin_trace_claim(
    culverin_trace *trace,
    uint8_t *hash,
    uint64_t trace_index,
    const culverin_cancel *cancel);

/* The hash of the trace's first state, 32 bytes. */
CULVERIN_API culverin_status culverin_trace_prestate_hash(culverin_trace *trace, uint8_t *hash);

/*
 * The proof of a step, checked before it is handed out; behind the end that of the last state,
 * which does not change. With the trace's first step 0, the step is also the trace index: the
 * proof's post hash is the claim, its parts are witness, proof and pre-image. The caller frees
 * the proof.
 */
CULVERIN_API culverin_status culverin_trace_proof(
    culverin_trace *trace,
    culverin_proof **proof,
    uint64_t step,
    const culverin_cancel *cancel);

/* The end of the trace; runs there if it is not known. */
CULVERIN_API culverin_status culverin_trace_final(
    culverin_trace *trace,
    culverin_trace_end *end,
    const culverin_cancel *cancel);

/* The witness of the last state, copied. */
CULVERIN_API culverin_status culverin_trace_final_witness(
    culverin_trace *trace,
    uint8_t *witness,
    size_t witness_size,
    size_t *witness_length,
    const culverin_cancel *cancel);

/* Tells what the trace holds. */
CULVERIN_API culverin_status culverin_trace_describe(
    culverin_trace *trace,
    culverin_trace_summary *summary);

#ifdef __cplusplus
}
#endif

#endif
