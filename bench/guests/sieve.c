/* Sieve of Eratosthenes: byte stores with a growing stride, then a scan of bytes. */
#include "runtime.h"

#ifndef ROUNDS
#define ROUNDS 6
#endif

enum { LIMIT = 4000000, PRIMES_BELOW_LIMIT = 283146 };

static uint8 composite[LIMIT];

static uint32 count_primes(void)
{
    for (uint32 number = 0; number < LIMIT; number++)
    {
        composite[number] = 0;
    }

    uint32 count = 0;
    for (uint32 number = 2; number < LIMIT; number++)
    {
        if (composite[number])
        {
            continue;
        }

        count++;
        if (number < LIMIT / number)
        {
            for (uint32 multiple = number * number; multiple < LIMIT; multiple += number)
            {
                composite[multiple] = 1;
            }
        }
    }

    return count;
}

int main(void)
{
    uint32 count = 0;
    for (int round = 0; round < ROUNDS; round++)
    {
        count = count_primes();
        if (count != PRIMES_BELOW_LIMIT)
        {
            break;
        }
    }

    print_number("primes", count);
    return count == PRIMES_BELOW_LIMIT ? 0 : 1;
}
