/* Touches page after page for ever, each far from the one before when words have 64 bits. */
#include "../../bench/guests/runtime.h"

#if defined(__mips64)
#define FIRST 0x100000000000ul
#define STRIDE 0x4001000ul
#else
#define FIRST 0x05000000ul
#define STRIDE 0x1000ul
#endif

int main(void)
{
    for (unsigned long address = FIRST;; address += STRIDE)
    {
        *(volatile uint8 *)address = 1;
    }
}
