/* What a guest without a C library needs: start, output, exit, and the helpers that the compiler may call.
 * Big-endian MIPS with Linux system calls, o32 or n64, or the host itself, x86-64, to see what the same source costs
 * there; everything is static, one translation unit a guest. */
#ifndef RUNTIME_H
#define RUNTIME_H

typedef unsigned char uint8;
typedef unsigned int uint32;
typedef unsigned long long uint64;
typedef __SIZE_TYPE__ size;

#if defined(__x86_64__)
enum { CALL_WRITE = 1, CALL_MMAP = 9, CALL_EXIT_GROUP = 231 };
#elif defined(__mips64)
enum { CALL_WRITE = 5001, CALL_MMAP = 5009, CALL_EXIT_GROUP = 5205 };
#else
enum { CALL_WRITE = 4004, CALL_MMAP = 4090, CALL_EXIT_GROUP = 4246 };
#endif

int main(void);

#if defined(__x86_64__)
static long system_call(long number, long first, long second, long third)
{
    /* What mmap looks at besides: private, anonymous, costs nothing until it is touched; no file. */
    register long flags __asm__("r10") = 0x4022;
    register long file __asm__("r8") = -1;
    register long offset __asm__("r9") = 0;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(first), "S"(second), "d"(third), "r"(flags), "r"(file), "r"(offset)
                     : "rcx", "r11", "memory");
    return result < 0 ? -1 : result;
}
#else
static long system_call(long number, long first, long second, long third)
{
    register long result __asm__("$2") = number;
    register long a0 __asm__("$4") = first;
    register long a1 __asm__("$5") = second;
    register long a2 __asm__("$6") = third;
    register long error __asm__("$7") = 0;
    __asm__ volatile("syscall"
                     : "+r"(result), "+r"(error)
                     : "r"(a0), "r"(a1), "r"(a2)
                     : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo",
                       "memory");
    return error ? -1 : result;
}
#endif

static void print(const char *text)
{
    long length = 0;
    while (text[length])
    {
        length++;
    }

    system_call(CALL_WRITE, 1, (long)text, length);
}

/* One line: a name and 64 bits in hexadecimal. */
static __attribute__((unused)) void print_number(const char *name, uint64 value)
{
    char digits[18];
    for (int index = 0; index < 16; index++)
    {
        digits[index] = "0123456789abcdef"[value >> (60 - 4 * index) & 15];
    }

    digits[16] = '\n';
    digits[17] = 0;
    print(name);
    print(" ");
    print(digits);
}

/* Called by the entry point below; $29 is set by the loader. */
__attribute__((used, noreturn)) static void begin(void)
{
    int code = main();
    for (;;)
    {
        system_call(CALL_EXIT_GROUP, code, 0, 0);
    }
}

#if defined(__x86_64__)
__asm__(".text\n"
        ".globl _start\n"
        "_start:\n"
        "andq $-16, %rsp\n"
        "call begin\n"
        "hlt\n");
#else
__asm__(".text\n"
        ".globl __start\n"
        ".ent __start\n"
        "__start:\n"
        ".set push\n"
        ".set noreorder\n"
#if defined(__mips64)
        "daddiu $29, $29, -64\n"
#else
        "addiu $29, $29, -64\n"
#endif
        "jal begin\n"
        "nop\n"
        ".set pop\n"
        ".end __start\n");
#endif

/* volatile keeps the compiler from turning the loops into calls of themselves. */
__attribute__((used)) void *memset(void *target, int value, size count)
{
    volatile uint8 *byte = target;
    while (count--)
    {
        *byte++ = (uint8)value;
    }

    return target;
}

__attribute__((used)) void *memcpy(void *target, const void *source, size count)
{
    volatile uint8 *to = target;
    const uint8 *from = source;
    while (count--)
    {
        *to++ = *from++;
    }

    return target;
}

#endif
