/* Copies between addresses that are not aligned: the compiler uses lwl, lwr, swl and swr, with 64-bit words also
 * ldl, ldr, sdl and sdr; the rest goes byte by byte. */
#include "runtime.h"

#ifndef ROUNDS
#define ROUNDS 9000
#endif

enum { LENGTH = 20000, SLACK = 32 };

struct __attribute__((packed)) word32
{
    uint32 value;
};

struct __attribute__((packed)) word_long
{
    unsigned long value;
};

static uint8 source[LENGTH + SLACK];
static uint8 target[LENGTH + SLACK];

static void copy(uint8 *to, const uint8 *from, size count)
{
    while (count >= sizeof(struct word_long) + sizeof(struct word32))
    {
        ((struct word_long *)to)->value = ((const struct word_long *)from)->value;
        to += sizeof(struct word_long);
        from += sizeof(struct word_long);
        ((struct word32 *)to)->value = ((const struct word32 *)from)->value;
        to += sizeof(struct word32);
        from += sizeof(struct word32);
        count -= sizeof(struct word_long) + sizeof(struct word32);
    }

    while (count--)
    {
        *to++ = *from++;
    }
}

static int are_equal(const uint8 *first, const uint8 *second, size count)
{
    for (size index = 0; index < count; index++)
    {
        if (first[index] != second[index])
        {
            return 0;
        }
    }

    return 1;
}

int main(void)
{
    uint32 state = 1;
    for (uint32 index = 0; index < LENGTH + SLACK; index++)
    {
        state = state * 1664525 + 1013904223;
        source[index] = state >> 24;
    }

    for (uint32 round = 0; round < ROUNDS; round++)
    {
        uint32 from = round % 8;
        uint32 to = round / 8 % 8;
        size count = LENGTH - round % 13;
        target[to + count] = 0xa5;
        copy(target + to, source + from, count);
        if (target[to + count] != 0xa5
            || (round % 64 == 0 && !are_equal(target + to, source + from, count)))
        {
            return 1;
        }
    }

    print_number("last", target[LENGTH / 2]);
    return 0;
}
