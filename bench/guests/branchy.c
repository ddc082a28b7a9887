/* Branches that depend on data: quicksort, a binary search tree, and a small stack machine that runs a program. */
#include "runtime.h"

#ifndef ROUNDS
#define ROUNDS 30
#endif

enum { COUNT = 40000, STACK_DEPTH = 64 };

static uint32 values[COUNT];
static uint32 node_key[COUNT];
static uint32 node_left[COUNT];
static uint32 node_right[COUNT];
static uint32 seed = 0x1234567;

static uint32 random_number(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static void sort(int low, int high)
{
    while (low < high)
    {
        uint32 pivot = values[(low + high) / 2];
        int left = low;
        int right = high;
        while (left <= right)
        {
            while (values[left] < pivot)
            {
                left++;
            }

            while (values[right] > pivot)
            {
                right--;
            }

            if (left <= right)
            {
                uint32 kept = values[left];
                values[left++] = values[right];
                values[right--] = kept;
            }
        }

        sort(low, right);
        low = left;
    }
}

static int is_sorted(void)
{
    for (int index = 1; index < COUNT; index++)
    {
        if (values[index - 1] > values[index])
        {
            return 0;
        }
    }

    return 1;
}

/* Node 0 is the root; a child of 0 is none. */
static uint32 grow_tree(void)
{
    uint32 used = 0;
    uint64 depths = 0;
    for (int number = 0; number < COUNT; number++)
    {
        uint32 key = random_number();
        uint32 fresh = used++;
        node_key[fresh] = key;
        node_left[fresh] = 0;
        node_right[fresh] = 0;
        uint32 at = 0;
        while (fresh != 0)
        {
            uint32 *child = key < node_key[at] ? &node_left[at] : &node_right[at];
            depths++;
            if (*child == 0)
            {
                *child = fresh;
                break;
            }

            at = *child;
        }
    }

    return (uint32)depths;
}

enum { PUSH, ADD, SUBTRACT, PICK, ROLL, SWAP, JUMP_IF, HALT };

/* Fibonacci numbers modulo 2^32: a b n -> b (a + b) (n - 1) until n is 0. */
static uint32 run_program(uint32 count)
{
    static const uint8 code[] = {
        ROLL, 2, PICK, 2, ADD, SWAP, PUSH, 1, SUBTRACT, PICK, 0, JUMP_IF, 0, HALT,
    };
    uint32 stack[STACK_DEPTH] = {0, 1, count};
    int depth = 3;
    int at = 0;
    for (;;)
    {
        uint32 moved;
        int from;
        switch (code[at++])
        {
            case PUSH:
                stack[depth++] = code[at++];
                break;
            case ADD:
                depth--;
                stack[depth - 1] += stack[depth];
                break;
            case SUBTRACT:
                depth--;
                stack[depth - 1] -= stack[depth];
                break;
            case PICK:
                stack[depth] = stack[depth - 1 - code[at++]];
                depth++;
                break;
            case ROLL:
                from = depth - 1 - code[at++];
                moved = stack[from];
                for (; from < depth - 1; from++)
                {
                    stack[from] = stack[from + 1];
                }

                stack[from] = moved;
                break;
            case SWAP:
                moved = stack[depth - 1];
                stack[depth - 1] = stack[depth - 2];
                stack[depth - 2] = moved;
                break;
            case JUMP_IF:
                at = stack[--depth] ? code[at] : at + 1;
                break;
            default:
                return stack[0];
        }
    }
}

static uint32 fibonacci(uint32 count)
{
    uint32 first = 0;
    uint32 second = 1;
    while (count--)
    {
        uint32 next = first + second;
        first = second;
        second = next;
    }

    return first;
}

int main(void)
{
    uint64 digest = 1;
    for (uint32 round = 0; round < ROUNDS; round++)
    {
        for (int index = 0; index < COUNT; index++)
        {
            values[index] = random_number();
        }

        sort(0, COUNT - 1);
        uint32 number = 20000 + round;
        uint32 computed = run_program(number);
        if (!is_sorted() || computed != fibonacci(number))
        {
            return 1;
        }

        digest = digest * 1099511628211u ^ grow_tree() ^ computed;
    }

    print_number("digest", digest);
    return 0;
}
