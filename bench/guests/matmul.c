/* Products of integer matrices: loads with a stride, multiplications, few branches. */
#include "runtime.h"

#ifndef ROUNDS
#define ROUNDS 36
#endif

enum { SIDE = 120 };

static uint32 left[SIDE][SIDE];
static uint32 right[SIDE][SIDE];
static uint32 product[SIDE][SIDE];

static void multiply(void)
{
    for (int row = 0; row < SIDE; row++)
    {
        for (int column = 0; column < SIDE; column++)
        {
            uint32 sum = 0;
            for (int index = 0; index < SIDE; index++)
            {
                sum += left[row][index] * right[index][column];
            }

            product[row][column] = sum;
        }
    }
}

/* The trace is checked against a direct sum, which costs little: trace(AB) = sum of a[i][k] * b[k][i]. */
static int trace_is_right(void)
{
    uint32 expected = 0;
    uint32 found = 0;
    for (int row = 0; row < SIDE; row++)
    {
        found += product[row][row];
        for (int column = 0; column < SIDE; column++)
        {
            expected += left[row][column] * right[column][row];
        }
    }

    return expected == found;
}

int main(void)
{
    for (int row = 0; row < SIDE; row++)
    {
        for (int column = 0; column < SIDE; column++)
        {
            left[row][column] = (uint32)(row * 31 + column * 7 + 3);
            right[row][column] = (uint32)(row ^ column) + 1;
        }
    }

    uint64 digest = 1;
    for (int round = 0; round < ROUNDS; round++)
    {
        multiply();
        if (!trace_is_right())
        {
            return 1;
        }

        for (int row = 0; row < SIDE; row++)
        {
            for (int column = 0; column < SIDE; column++)
            {
                left[row][column] = product[row][column] >> 5 ^ (uint32)round;
                digest = digest * 1099511628211u ^ product[row][column];
            }
        }
    }

    print_number("matrix", digest);
    return 0;
}
