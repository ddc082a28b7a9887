/* A heap of 1 TiB of reserved addresses with few pages in use, as production's guest has it: records lie on pages
 * scattered over the whole range and refer to each other. 64-bit words only. */
#include "runtime.h"

#ifndef PAGES
#define PAGES 4096
#endif
#ifndef ROUNDS
#define ROUNDS 2000000
#endif

enum { PAGE_BYTES = 4096, RECORD_WORDS = 64 };

#define HEAP_BYTES (1ull << 40)
#define HEAP_PAGES (HEAP_BYTES / PAGE_BYTES)

struct record
{
    struct record *next;
    uint64 number;
    uint64 words[RECORD_WORDS];
};

/* The low 12 bits are the record's number itself (there are at most 4096), so that no page is chosen twice. */
static uint64 page_of(uint64 number)
{
    return (number * 0x9e3779b97f4a7c15ull >> 3 & (HEAP_PAGES - 1) & ~0xfffull) | number;
}

static uint64 mix(uint64 value)
{
    value ^= value >> 29;
    value += value << 9;
    value ^= value >> 32;
    return value;
}

int main(void)
{
    long heap = system_call(CALL_MMAP, 0, (long)HEAP_BYTES, 3);
    if (heap == -1)
    {
        return 1;
    }

    struct record *first = 0;
    for (uint64 number = 0; number < PAGES; number++)
    {
        struct record *record = (struct record *)(heap + page_of(number) * PAGE_BYTES);
        record->next = first;
        record->number = number;
        first = record;
    }

    struct record *record = first;
    uint64 digest = 0;
    for (uint32 round = 0; round < ROUNDS; round++)
    {
        for (int index = 0; index < RECORD_WORDS; index += 4)
        {
            record->words[index] += mix(digest + index);
            digest += record->words[index] ^ record->number;
        }

        record = record->next ? record->next : first;
    }

    uint64 count = 0;
    for (record = first; record; record = record->next)
    {
        count++;
    }

    print_number("digest", digest);
    return count == PAGES ? 0 : 1;
}
