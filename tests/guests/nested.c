/*
 * Calls inside calls for whoever looks at stacks and lines: functions that are put in place of their calls, one that
 * calls itself with saved registers, one with a large frame, and one that keeps its frame in a register.
 */
#include "../../bench/guests/runtime.h"

struct visit
{
    uint32 depth;
    uint32 sum;
};

struct visit visits[16];
uint32 visit_count;

static inline uint32 mix(uint32 value, uint32 by)
{
    return (value << 5) ^ (value >> 3) ^ by;
}

static inline uint32 mix_twice(uint32 value, uint32 by)
{
    return mix(mix(value, by), by + 1);
}

__attribute__((noinline)) static uint32 record(uint32 depth, uint32 sum)
{
    struct visit *visit = &visits[visit_count % 16];
    visit->depth = depth;
    visit->sum = sum;
    visit_count++;
    return mix_twice(sum, depth);
}

__attribute__((noinline)) static uint32 descend(uint32 depth, uint32 sum)
{
    uint32 before = record(depth, sum);
    uint32 below = depth == 0 ? before : descend(depth - 1, before);
    return record(depth, below) + before;
}

__attribute__((noinline)) static uint32 with_table(uint32 seed)
{
    volatile uint32 table[512];
    for (uint32 index = 0; index < 512; index++)
    {
        table[index] = mix(seed, index);
    }
    return descend(6, table[seed % 512]);
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static uint32 with_frame(uint32 seed)
{
    return with_table(seed) + 1;
}

int main(void)
{
    uint32 sum = 0;
    for (uint32 round = 0; round < 20; round++)
    {
        sum += with_frame(round) ^ sum;
    }
    return sum & 127;
}
