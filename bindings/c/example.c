/*
 * Runs a program to its end, prints what it says, its root and the proof of one step.
 *
 *     example PROGRAM.elf STATE_VERSION STEP [PREIMAGES [RECORDING]]
 *
 * Pre-images come from a folder, or from a recording if the name ends with ".record"; they are recorded if
 * another name is given.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "culverin.h"

static void require(culverin_status status, const void *handle)
{
    char text[512];
    size_t length = 0;
    if (status == CULVERIN_OK) {
        return;
    }
    if (culverin_message(handle, text, sizeof text, &length) != CULVERIN_OK) {
        text[0] = '\0';
    }
    fprintf(stderr, "error %" PRId32 ": %s\n", status, text);
    exit(1);
}

static void print_hash(const char *name, const uint8_t *hash)
{
    int index;
    printf("%s 0x", name);
    for (index = 0; index < 32; index++) {
        printf("%02x", hash[index]);
    }
    printf("\n");
}

static void on_output(void *user, int32_t descriptor, const uint8_t *bytes, size_t size)
{
    (void)user;
    fwrite(bytes, 1, size, descriptor == 2 ? stderr : stdout);
}

static int is_recording(const char *name)
{
    size_t length = strlen(name);
    return length > 7 && strcmp(name + length - 7, ".record") == 0;
}

static void print_proof(const culverin_proof *proof, uint32_t state_version)
{
    culverin_proof_summary summary = {0};
    size_t length = 0;
    uint8_t *json;

    summary.struct_size = sizeof summary;
    require(culverin_proof_describe(proof, &summary), proof);
    print_hash("pre ", summary.pre_hash);
    print_hash("post", summary.post_hash);
    require(culverin_proof_verify(proof, state_version), proof);

    /* The first call only asks for the length. */
    if (culverin_proof_part(proof, NULL, 0, &length, CULVERIN_PART_JSON) != CULVERIN_E_BUFFER_TOO_SMALL) {
        exit(1);
    }
    json = malloc(length);
    require(culverin_proof_part(proof, json, length, &length, CULVERIN_PART_JSON), proof);
    fwrite(json, 1, length, stdout);
    free(json);
}

int main(int count, char **words)
{
    culverin_options options = {0};
    culverin_limits limits = {0};
    culverin_machine *machine;
    culverin_proof *proof;
    uint32_t version;
    uint8_t hash[32];
    int32_t end = 0;

    if (count < 4) {
        fprintf(stderr, "usage: example PROGRAM.elf STATE_VERSION STEP [PREIMAGES [RECORDING]]\n");
        return 2;
    }
    version = (uint32_t)strtoul(words[2], NULL, 10);
    options.struct_size = sizeof options;
    options.output = on_output;
    if (count > 4 && is_recording(words[4])) {
        options.replay_path = words[4];
    } else if (count > 4) {
        options.folder_path = words[4];
    }
    options.record_path = count > 5 ? words[5] : NULL;
    limits.struct_size = sizeof limits;
    limits.until_step = strtoull(words[3], NULL, 10);

    require(culverin_machine_load_elf(&machine, words[1], version, &options), NULL);
    require(culverin_machine_run(machine, &end, &limits), machine);
    require(culverin_machine_prove(machine, &proof), machine);
    require(culverin_machine_run(machine, &end, NULL), machine);
    require(culverin_machine_hash(machine, hash), machine);
    print_hash("root", hash);
    print_proof(proof, version);
    require(culverin_proof_free(proof), NULL);
    require(culverin_machine_finish_preimages(machine), machine);
    require(culverin_machine_free(machine), NULL);
    return 0;
}
