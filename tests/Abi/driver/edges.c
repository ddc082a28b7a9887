/*
 * edges PROGRAM.elf STATE_VERSION: what callbacks and buffers may not do. The program reads a pre-image.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "culverin.h"

static void fail(int line, const char *what)
{
    fprintf(stderr, "line %d: %s\n", line, what);
    exit(1);
}

#define REQUIRE(condition) do { if (!(condition)) { fail(__LINE__, #condition); } } while (0)

/* Says that it went well and sets nothing. */
static int32_t forgetful(void *user, const uint8_t *key, const uint8_t **value, size_t *value_size)
{
    (void)user; (void)key; (void)value; (void)value_size;
    return CULVERIN_OK;
}

/* Sets a size, but no place. */
static int32_t placeless(void *user, const uint8_t *key, const uint8_t **value, size_t *value_size)
{
    (void)user; (void)key; (void)value;
    *value_size = 32;
    return CULVERIN_OK;
}

/* A pre-image of no bytes, which is one. */
static int32_t empty(void *user, const uint8_t *key, const uint8_t **value, size_t *value_size)
{
    static const uint8_t place[1];
    (void)user; (void)key;
    *value = place;
    *value_size = 0;
    return CULVERIN_OK;
}

static culverin_status run(const char *elf, uint32_t version, culverin_preimage_fn preimage, char *text)
{
    culverin_options options;
    culverin_machine *machine;
    culverin_status status;
    size_t length;
    int32_t end;

    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.preimage = preimage;
    options.flags = CULVERIN_FLAG_UNCHECKED_PREIMAGES;
    REQUIRE(culverin_machine_load_elf(&machine, elf, version, &options) == CULVERIN_OK);
    status = culverin_machine_run(machine, &end, NULL);
    REQUIRE(culverin_message(machine, text, 500, &length) == CULVERIN_OK);
    REQUIRE(culverin_machine_free(machine) == CULVERIN_OK);
    return status;
}

static void callbacks(const char *elf, uint32_t version)
{
    char text[500];

    REQUIRE(run(elf, version, forgetful, text) == CULVERIN_E_PREIMAGE_SERVER);
    REQUIRE(strstr(text, "callback") != NULL);
    REQUIRE(run(elf, version, placeless, text) == CULVERIN_E_PREIMAGE_SERVER);
    REQUIRE(strstr(text, "callback") != NULL);
    (void)!run(elf, version, empty, text);
    REQUIRE(strstr(text, "callback") == NULL);
}

static void buffers(const char *elf, uint32_t version)
{
    char text[500];
    char again[500];
    char version_text[64] = "untouched";
    uint8_t hash[32];
    uint8_t witness[4];
    culverin_machine *machine;
    size_t length;

    REQUIRE(culverin_prestate_hash(hash, "no/such/state.bin") == CULVERIN_E_FILE_ACCESS);
    REQUIRE(culverin_message(NULL, text, sizeof text, &length) == CULVERIN_OK);
    REQUIRE(strstr(text, "no/such/state.bin") != NULL);

    /* Asking for a message in parts does not change it. */
    REQUIRE(culverin_message(NULL, again, 3, &length) == CULVERIN_E_BUFFER_TOO_SMALL);
    REQUIRE(length == strlen(text));
    REQUIRE(culverin_message(NULL, again, sizeof again, &length) == CULVERIN_OK);
    REQUIRE(strcmp(text, again) == 0);

    REQUIRE(culverin_version(version_text, 2, &length) == CULVERIN_E_BUFFER_TOO_SMALL);
    REQUIRE(strcmp(version_text, "untouched") == 0);
    REQUIRE(culverin_message(NULL, again, sizeof again, &length) == CULVERIN_OK);
    REQUIRE(strstr(again, "buffer") != NULL && strstr(again, "6 bytes") != NULL);

    REQUIRE(culverin_machine_load_elf(&machine, elf, version, NULL) == CULVERIN_OK);
    REQUIRE(culverin_machine_witness(machine, witness, sizeof witness, &length) == CULVERIN_E_BUFFER_TOO_SMALL);
    REQUIRE(culverin_message(machine, text, sizeof text, &length) == CULVERIN_OK);
    REQUIRE(strstr(text, "buffer") != NULL);
    REQUIRE(culverin_machine_free(machine) == CULVERIN_OK);
}

int main(int count, char **words)
{
    if (count != 3) {
        fprintf(stderr, "usage: edges PROGRAM.elf STATE_VERSION\n");
        return 2;
    }
    callbacks(words[1], (uint32_t)strtoul(words[2], NULL, 10));
    buffers(words[1], (uint32_t)strtoul(words[2], NULL, 10));
    printf("done\n");
    return 0;
}
