/*
 * What the C interface costs: nanoseconds of a small call, and a run in one call against the same run in
 * calls of a million steps each. Times are the processor's, of the best round, so that other work on the
 * machine disturbs little.
 *
 *     overhead PROGRAM.elf STATE_VERSION
 */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "culverin.h"

#define CALLS 10000000
#define ROUNDS 9
#define SLICE_STEPS 1000000

static void require(culverin_status status)
{
    if (status != CULVERIN_OK) {
        fprintf(stderr, "error %d\n", (int)status);
        exit(1);
    }
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double small_calls(culverin_machine *machine)
{
    double start = seconds();
    uint64_t step;
    int call;
    for (call = 0; call < CALLS; call++) {
        require(culverin_machine_step(machine, &step));
    }
    return (seconds() - start) / CALLS * 1e9;
}

static double whole_run(const char *path, uint32_t version, uint64_t slice, uint64_t *steps)
{
    culverin_machine *machine;
    culverin_limits limits = {0};
    int32_t end = 0;
    double start, time;

    limits.struct_size = sizeof limits;
    require(culverin_machine_load_elf(&machine, path, version, NULL));
    start = seconds();
    while (end != CULVERIN_END_EXITED) {
        limits.until_step = slice == 0 ? 0 : limits.until_step + slice;
        require(culverin_machine_run(machine, &end, &limits));
    }
    time = seconds() - start;
    require(culverin_machine_step(machine, steps));
    require(culverin_machine_free(machine));
    return time;
}

int main(int count, char **words)
{
    culverin_machine *machine;
    uint32_t version;
    double call = 1e9, whole = 1e9, sliced = 1e9;
    uint64_t steps = 0;
    int round;

    if (count != 3) {
        fprintf(stderr, "usage: overhead PROGRAM.elf STATE_VERSION\n");
        return 2;
    }
    version = (uint32_t)strtoul(words[2], NULL, 10);
    require(culverin_machine_load_elf(&machine, words[1], version, NULL));
    for (round = 0; round < ROUNDS; round++) {
        double time = small_calls(machine);
        call = time < call ? time : call;
        time = whole_run(words[1], version, 0, &steps);
        whole = time < whole ? time : whole;
        time = whole_run(words[1], version, SLICE_STEPS, &steps);
        sliced = time < sliced ? time : sliced;
    }
    require(culverin_machine_free(machine));
    printf("a small call            %.1f ns\n", call);
    printf("a run in one call       %.4f s, %.0f M steps/s\n", whole, (double)steps / whole / 1e6);
    printf("in calls of %d steps %.4f s, %+.2f %%\n", SLICE_STEPS, sliced, (sliced / whole - 1) * 100);
    return 0;
}
