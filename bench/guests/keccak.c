/* Keccak-f[1600] over and over: 64-bit rotations, many live values. The first permutation of zeros is checked
 * against the first lane of the published vector (FIPS 202, Keccak team's test vectors). */
#include "runtime.h"

#ifndef ROUNDS
#define ROUNDS 10000
#endif

enum { LANES = 25, PERMUTATION_ROUNDS = 24 };

#define FIRST_LANE 0xf1258f7940e1dde7ull

static uint64 constants[PERMUTATION_ROUNDS];
static uint8 offsets[LANES];
static uint8 targets[LANES];

/* The round constants come from a shift register of 8 bits: bit 2^j - 1 of constant i is its output at 7 i + j. */
static void make_tables(void)
{
    uint32 shift_register = 1;
    for (int round = 0; round < PERMUTATION_ROUNDS; round++)
    {
        for (int bit = 0; bit < 7; bit++)
        {
            if (shift_register & 1)
            {
                constants[round] ^= 1ull << ((1 << bit) - 1);
            }

            shift_register = shift_register << 1 ^ (shift_register & 0x80 ? 0x171 : 0);
        }
    }

    int x = 1;
    int y = 0;
    targets[0] = 0;
    for (int step = 0; step < 24; step++)
    {
        offsets[x + 5 * y] = (step + 1) * (step + 2) / 2 % 64;
        targets[x + 5 * y] = (uint8)(y + 5 * ((2 * x + 3 * y) % 5));
        int next = (2 * x + 3 * y) % 5;
        x = y;
        y = next;
    }
}

static uint64 rotate(uint64 lane, int count)
{
    return count ? lane << count | lane >> (64 - count) : lane;
}

static void permute(uint64 *state)
{
    for (int round = 0; round < PERMUTATION_ROUNDS; round++)
    {
        uint64 columns[5];
        for (int x = 0; x < 5; x++)
        {
            columns[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
        }

        uint64 moved[LANES];
        for (int x = 0; x < 5; x++)
        {
            uint64 parity = columns[x == 0 ? 4 : x - 1] ^ rotate(columns[x == 4 ? 0 : x + 1], 1);
            for (int lane = x; lane < LANES; lane += 5)
            {
                moved[targets[lane]] = rotate(state[lane] ^ parity, offsets[lane]);
            }
        }

        for (int row = 0; row < LANES; row += 5)
        {
            for (int x = 0; x < 5; x++)
            {
                state[row + x] = moved[row + x] ^ (~moved[row + (x + 1) % 5] & moved[row + (x + 2) % 5]);
            }
        }

        state[0] ^= constants[round];
    }
}

int main(void)
{
    uint64 state[LANES] = {0};
    make_tables();
    permute(state);
    int is_right = state[0] == FIRST_LANE;
    for (int round = 1; round < ROUNDS && is_right; round++)
    {
        permute(state);
    }

    print_number("lane", state[0]);
    return is_right ? 0 : 1;
}
