/* A chain of shifts and exclusive ors where each instruction needs the result of the one before. */
#include "runtime.h"

#ifndef ROUNDS
#define ROUNDS 60000000
#endif

static uint32 next(uint32 state)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* The generator is linear, so stepping a sum of two states equals the sum of the states stepped. */
int main(void)
{
    uint32 first = 0x2545f491;
    for (uint32 round = 0; round < ROUNDS; round++)
    {
        first = next(first);
    }

    uint32 second = 0x9e3779b9;
    uint32 sum = first ^ second;
    for (uint32 round = 0; round < 1000; round++)
    {
        first = next(first);
        second = next(second);
        sum = next(sum);
    }

    print_number("state", first);
    return (first ^ second) == sum ? 0 : 1;
}
