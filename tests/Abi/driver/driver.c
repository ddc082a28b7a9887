/*
 * Calls every function of the library, rightly and wrongly, to be run under AddressSanitizer.
 *
 *     driver PROGRAM.elf STATE_VERSION FINAL_HASH_HEX FOLDER SEED ROUNDS
 *
 * Ends with 0 when the program's root is the expected one, every misuse was refused as such, and nothing
 * was written outside of the buffers, each of which has exactly the size that is told.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "culverin.h"

#define POOL 24

static uint64_t random_state;
static void *machines[POOL], *proofs[POOL], *traces[POOL], *analyses[POOL], *cancels[POOL];
static uint8_t *elf;
static size_t elf_size;
static const char *elf_path, *folder;
static uint32_t version;

static void fail(int line, const char *what)
{
    char text[256] = "";
    size_t length;
    if (culverin_message(NULL, text, sizeof text, &length) != CULVERIN_OK) {
        text[0] = '\0';
    }
    fprintf(stderr, "line %d: %s (%s)\n", line, what, text);
    exit(1);
}

#define IS(expected, call) do { culverin_status s_ = (call); \
    if (s_ != (expected)) { fprintf(stderr, "status %d\n", (int)s_); fail(__LINE__, #call); } } while (0)
#define MISUSE(call) IS(CULVERIN_E_MISUSE, call)

static uint64_t next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void run_rightly(const char *expected)
{
    culverin_machine *machine;
    culverin_machine_summary summary = {0};
    culverin_limits limits = {0};
    culverin_proof *proof, *again;
    uint8_t hash[32], *part;
    char hex[65];
    int32_t end = 0;
    size_t length = 0;
    int at;

    IS(CULVERIN_OK, culverin_selftest());
    IS(CULVERIN_OK, culverin_machine_load_elf_memory(&machine, elf, elf_size, version, NULL));
    limits.struct_size = sizeof limits;
    limits.until_step = 1000;
    IS(CULVERIN_OK, culverin_machine_run(machine, &end, &limits));
    if (end != CULVERIN_END_STEP_REACHED) { fail(__LINE__, "end"); }
    IS(CULVERIN_OK, culverin_machine_prove(machine, &proof));
    IS(CULVERIN_OK, culverin_proof_verify(proof, version));
    IS(CULVERIN_E_BUFFER_TOO_SMALL, culverin_proof_part(proof, NULL, 0, &length, CULVERIN_PART_JSON));
    part = malloc(length);
    IS(CULVERIN_OK, culverin_proof_part(proof, part, length, &length, CULVERIN_PART_JSON));
    IS(CULVERIN_OK, culverin_proof_parse(&again, part, length));
    IS(CULVERIN_OK, culverin_proof_verify(again, version));
    free(part);
    IS(CULVERIN_OK, culverin_proof_free(again));
    IS(CULVERIN_OK, culverin_proof_free(proof));
    IS(CULVERIN_OK, culverin_machine_run(machine, &end, NULL));
    if (end != CULVERIN_END_EXITED) { fail(__LINE__, "end"); }
    IS(CULVERIN_OK, culverin_machine_hash(machine, hash));
    for (at = 0; at < 32; at++) {
        sprintf(hex + 2 * at, "%02x", hash[at]);
    }
    if (strcmp(hex, expected) != 0) { fail(__LINE__, "the root is another"); }
    summary.struct_size = sizeof summary;
    IS(CULVERIN_OK, culverin_machine_describe(machine, &summary));
    if (!summary.exited || summary.state_version != version) { fail(__LINE__, "summary"); }
    IS(CULVERIN_OK, culverin_machine_free(machine));
    MISUSE(culverin_machine_free(machine));
    IS(CULVERIN_OK, culverin_machine_free(NULL));
}

/* Whatever is no handle of the right kind is refused by every function. */
static void refuse(void *bad)
{
    uint8_t bytes[32];
    size_t length;
    uint64_t word = 0;
    int32_t end;
    culverin_machine_summary machine = {sizeof machine, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {0}};
    culverin_proof_summary proof = {sizeof proof, 0, 0, 0, 0, {0}, {0}, {0}};
    culverin_trace_summary trace = {sizeof trace, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    culverin_trace_end trace_end = {sizeof trace_end, 0, 0, 0, {0}};
    culverin_proof *made;

    MISUSE(culverin_machine_run(bad, &end, NULL));
    MISUSE(culverin_machine_hashes(bad, bytes, &length, &word, 1, NULL));
    MISUSE(culverin_machine_describe(bad, &machine));
    MISUSE(culverin_machine_step(bad, &word));
    MISUSE(culverin_machine_hash(bad, bytes));
    MISUSE(culverin_machine_witness(bad, bytes, sizeof bytes, &length));
    MISUSE(culverin_machine_prove(bad, &made));
    MISUSE(culverin_machine_save(bad, "x.bin"));
    MISUSE(culverin_machine_finish_preimages(bad));
    MISUSE(culverin_proof_describe(bad, &proof));
    MISUSE(culverin_proof_part(bad, bytes, sizeof bytes, &length, CULVERIN_PART_JSON));
    MISUSE(culverin_proof_save(bad, "x.json"));
    MISUSE(culverin_proof_verify(bad, version));
    MISUSE(culverin_analysis_json(bad, bytes, sizeof bytes, &length));
    MISUSE(culverin_trace_build(bad, NULL));
    MISUSE(culverin_trace_hash(bad, bytes, 0, NULL));
    MISUSE(culverin_trace_hashes(bad, bytes, &word, 1, NULL));
    MISUSE(culverin_trace_claim(bad, bytes, 0, NULL));
    MISUSE(culverin_trace_prestate_hash(bad, bytes));
    MISUSE(culverin_trace_proof(bad, &made, 0, NULL));
    MISUSE(culverin_trace_final(bad, &trace_end, NULL));
    MISUSE(culverin_trace_final_witness(bad, bytes, sizeof bytes, &length, NULL));
    MISUSE(culverin_trace_describe(bad, &trace));
    MISUSE(culverin_cancel_request(bad));
    if (bad != NULL) {
        MISUSE(culverin_machine_free(bad));
        MISUSE(culverin_proof_free(bad));
        MISUSE(culverin_trace_free(bad));
        MISUSE(culverin_analysis_free(bad));
        MISUSE(culverin_cancel_free(bad));
        MISUSE(culverin_message(bad, (char *)bytes, sizeof bytes, &length));
    }
}

static void refuse_nulls(void)
{
    culverin_machine *machine;
    culverin_proof *proof;
    uint8_t bytes[32];
    uint32_t number;

    MISUSE(culverin_abi_version(NULL, &number));
    MISUSE(culverin_abi_version(&number, NULL));
    MISUSE(culverin_version((char *)bytes, sizeof bytes, NULL));
    MISUSE(culverin_message(NULL, (char *)bytes, sizeof bytes, NULL));
    MISUSE(culverin_state_version(NULL, 0));
    MISUSE(culverin_prestate_hash(NULL, elf_path));
    MISUSE(culverin_prestate_hash(bytes, NULL));
    MISUSE(culverin_cancel_create(NULL));
    MISUSE(culverin_machine_load_state(NULL, elf_path, NULL));
    MISUSE(culverin_machine_load_state(&machine, NULL, NULL));
    MISUSE(culverin_machine_load_state_memory(&machine, NULL, 1, NULL));
    MISUSE(culverin_machine_load_elf(&machine, NULL, version, NULL));
    MISUSE(culverin_machine_load_elf_memory(&machine, NULL, 1, version, NULL));
    MISUSE(culverin_machine_load_elf_memory(&machine, elf, SIZE_MAX, version, NULL));
    MISUSE(culverin_proof_load(&proof, NULL));
    MISUSE(culverin_proof_parse(&proof, NULL, 5));
    MISUSE(culverin_trace_open(NULL, folder, NULL, NULL, NULL));
    IS(CULVERIN_OK, culverin_machine_load_elf(&machine, elf_path, version, NULL));
    MISUSE(culverin_machine_run(machine, NULL, NULL));
    MISUSE(culverin_machine_describe(machine, NULL));
    MISUSE(culverin_machine_step(machine, NULL));
    MISUSE(culverin_machine_hash(machine, NULL));
    MISUSE(culverin_machine_witness(machine, bytes, sizeof bytes, NULL));
    MISUSE(culverin_machine_prove(machine, NULL));
    MISUSE(culverin_machine_save(machine, NULL));
    refuse(NULL);
    IS(CULVERIN_OK, culverin_machine_free(machine));
    refuse(machine);
}

/* A place in the pool for a new handle; what is there already may not leak. */
static void *place_in(void **pool)
{
    void **place = &pool[next() % POOL];
    culverin_status status = pool == machines ? culverin_machine_free(*place)
        : pool == proofs ? culverin_proof_free(*place)
        : pool == traces ? culverin_trace_free(*place)
        : pool == analyses ? culverin_analysis_free(*place)
        : culverin_cancel_free(*place);
    if (status != CULVERIN_OK && status != CULVERIN_E_MISUSE) { fail(__LINE__, "free"); }
    return place;
}

/* A handle of the pool, sometimes a freed one, one of another kind, or none at all. */
static void *pick(void **pool)
{
    void **pools[5];
    pools[0] = machines; pools[1] = proofs; pools[2] = traces; pools[3] = analyses; pools[4] = cancels;
    switch (next() % 12) {
    case 0: return NULL;
    case 1: return (void *)(uintptr_t)next();
    case 2: return (void *)(uintptr_t)(next() % 64);
    case 3: return pools[next() % 5][next() % POOL];
    default: return pool[next() % POOL];
    }
}

static size_t some_size(void)
{
    static const size_t sizes[] = {0, 1, 7, 31, 32, 33, 64, 200, 1000, 5000, 20000};
    return sizes[next() % (sizeof sizes / sizeof sizes[0])];
}

static int32_t on_progress(void *user, uint64_t step, uint64_t pages)
{
    (void)user; (void)step; (void)pages;
    return next() % 3 == 0;
}

static void fill_limits(culverin_limits *limits)
{
    memset(limits, 0, sizeof *limits);
    limits->struct_size = next() % 8 == 0 ? (size_t)next() % 300 : sizeof *limits;
    if (limits->struct_size > sizeof *limits) {
        limits->struct_size = sizeof *limits;
    }
    limits->until_step = next() % 3 == 0 ? next() : next() % 600000;
    limits->timeout_milliseconds = 1 + next() % 50;
    limits->memory_bytes_max = next() % 3 == 0 ? next() % 1000000 : 0;
    limits->cancel = next() % 2 ? pick(cancels) : NULL;
    limits->progress = next() % 2 ? on_progress : NULL;
    limits->flags = next() % 5 == 0 ? (uint32_t)next() : (uint32_t)(next() % 2);
}

static culverin_status call_machine(uint8_t *buffer, size_t size)
{
    void *machine = pick(machines);
    culverin_limits limits;
    culverin_machine_summary summary;
    uint64_t steps[4], step;
    uint8_t hashes[4 * 32];
    size_t length;
    int32_t end;

    fill_limits(&limits);
    switch (next() % 8) {
    case 0: return culverin_machine_run(machine, &end, next() % 8 ? &limits : NULL);
    case 1: return culverin_machine_hash(machine, hashes);
    case 2: return culverin_machine_witness(machine, buffer, size, &length);
    case 3: return culverin_machine_prove(machine, place_in(proofs));
    case 4: return culverin_machine_step(machine, &step);
    case 5:
        summary.struct_size = next() % (sizeof summary + 1);
        return culverin_machine_describe(machine, &summary);
    case 6:
        for (length = 0; length < 4; length++) { steps[length] = next() % 700000; }
        return culverin_machine_hashes(machine, hashes, &length, steps, next() % 5, pick(cancels));
    default: return culverin_machine_free(machine);
    }
}

static culverin_status call_maker(uint8_t *buffer, size_t size)
{
    culverin_options options;
    size_t length;

    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.engine = next() % 6 == 0 ? (int32_t)next() : (int32_t)(next() % 3);
    options.flags = next() % 6 == 0 ? (uint32_t)next() : 0;
    options.replay_path = next() % 9 == 0 ? "there/is/no/such/recording" : NULL;
    for (length = 0; length < size; length++) { buffer[length] = (uint8_t)next(); }
    switch (next() % 7) {
    case 0: return culverin_cancel_create(place_in(cancels));
    case 1: return culverin_machine_load_elf_memory(place_in(machines), buffer, size,
        (uint32_t)(next() % 12), &options);
    case 2: return culverin_machine_load_state_memory(place_in(machines), buffer, size,
        &options);
    case 3: return culverin_proof_parse(place_in(proofs), buffer, size);
    case 4: return culverin_analyze_elf(place_in(analyses), elf, elf_size,
        (uint32_t)(next() % 12));
    case 5: return culverin_trace_open(place_in(traces), folder, pick(machines), &options,
        NULL);
    default: return culverin_machine_load_elf_memory(place_in(machines), elf, elf_size,
        version, &options);
    }
}

static culverin_status call_other(uint8_t *buffer, size_t size)
{
    uint8_t hash[32];
    size_t length;
    culverin_proof_summary proof;
    culverin_trace_summary trace;
    culverin_limits limits;

    fill_limits(&limits);
    switch (next() % 14) {
    case 0: return culverin_proof_part(pick(proofs), buffer, size, &length, (int32_t)(next() % 6));
    case 1: return culverin_proof_verify(pick(proofs), (uint32_t)(next() % 12));
    case 2: proof.struct_size = next() % (sizeof proof + 1);
        return culverin_proof_describe(pick(proofs), &proof);
    case 3: return culverin_proof_free(pick(proofs));
    case 4: return culverin_trace_hash(pick(traces), hash, next() % 600000, pick(cancels));
    case 5: return culverin_trace_claim(pick(traces), hash, next(), pick(cancels));
    case 6: return culverin_trace_proof(pick(traces), place_in(proofs),
        next() % 600000, pick(cancels));
    case 7: trace.struct_size = next() % (sizeof trace + 1);
        return culverin_trace_describe(pick(traces), &trace);
    case 8: return culverin_trace_build(pick(traces), &limits);
    case 9: return culverin_trace_free(pick(traces));
    case 10: return culverin_analysis_json(pick(analyses), buffer, size, &length);
    case 11: return culverin_cancel_request(next() % 4 ? NULL : pick(cancels));
    case 12: return culverin_cancel_free(pick(cancels));
    default: return culverin_message(pick(proofs), (char *)buffer, size, &length);
    }
}

static void fuzz(unsigned long rounds)
{
    unsigned long round;
    unsigned long done = 0;
    for (round = 0; round < rounds; round++) {
        size_t size = some_size();
        uint8_t *buffer = size == 0 ? NULL : malloc(size);
        uint64_t kind = next() % 10;
        culverin_status status = kind < 3 ? call_maker(buffer, size)
            : kind < 6 ? call_machine(buffer, size)
            : call_other(buffer, size);
        free(buffer);
        done += status == CULVERIN_OK;
        if (!((status >= 0 && status <= 15) || status == CULVERIN_E_MISUSE
            || status == CULVERIN_E_BUFFER_TOO_SMALL)) {
            fprintf(stderr, "round %lu: status %d\n", round, (int)status);
            fail(__LINE__, "a status that must not come");
        }
    }
    printf("%lu of %lu random calls succeeded\n", done, rounds);
    if (done == 0) { fail(__LINE__, "no random call succeeded"); }
}

static void *free_soon(void *machine)
{
    if (culverin_machine_free(machine) != CULVERIN_OK) { fail(__LINE__, "free"); }
    return NULL;
}

/* A machine that is freed while another thread runs it: that run ends, and nothing is touched after. */
static void race(int rounds)
{
    for (; rounds > 0; rounds--) {
        culverin_machine *machine;
        culverin_status status = CULVERIN_OK;
        pthread_t thread;
        int32_t end;

        IS(CULVERIN_OK, culverin_machine_load_elf_memory(&machine, elf, elf_size, version, NULL));
        if (pthread_create(&thread, NULL, free_soon, machine) != 0) { fail(__LINE__, "thread"); }
        while (status == CULVERIN_OK) {
            uint8_t hash[32];
            status = culverin_machine_run(machine, &end, NULL);
            status = status == CULVERIN_OK ? culverin_machine_hash(machine, hash) : status;
        }
        if (status != CULVERIN_E_MISUSE && status != CULVERIN_E_CANCELLED) { fail(__LINE__, "race"); }
        pthread_join(thread, NULL);
        MISUSE(culverin_machine_run(machine, &end, NULL));
    }
}

/* The library's runtime handles SIGSEGV itself, and keeps memory of its own to the end. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "handle_segv=0:allow_user_segv_handler=1:detect_leaks=0:exitcode=99";
}

static void read_elf(void)
{
    FILE *file = fopen(elf_path, "rb");
    long size;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) <= 0) {
        fprintf(stderr, "cannot read %s\n", elf_path);
        exit(1);
    }
    elf_size = (size_t)size;
    elf = malloc(elf_size);
    rewind(file);
    if (fread(elf, 1, elf_size, file) != elf_size) { exit(1); }
    fclose(file);
}

int main(int count, char **words)
{
    if (count != 7) {
        fprintf(stderr, "usage: driver PROGRAM.elf STATE_VERSION FINAL_HASH_HEX FOLDER SEED ROUNDS\n");
        return 2;
    }
    elf_path = words[1];
    version = (uint32_t)strtoul(words[2], NULL, 10);
    folder = words[4];
    random_state = strtoull(words[5], NULL, 10) * 2654435761u + 1;
    read_elf();
    run_rightly(words[3]);
    refuse_nulls();
    refuse((void *)(uintptr_t)1);
    refuse((void *)(uintptr_t)UINTPTR_MAX);
    fuzz(strtoul(words[6], NULL, 10));
    race(50);
    free(elf);
    printf("done\n");
    return 0;
}
