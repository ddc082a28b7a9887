/* Every instruction that 64-bit machines have beyond 32-bit ones, each with operands where a mistake in width, sign
 * or direction shows. The exit code is 0, or the number of the first check that fails. dclz and dclo exist from
 * state version 7 on and are left out with -DCOUNTS=0. */
        .set noreorder
        .set noat
        .text
        .globl __start

/* check REGISTER, VALUE: counts in $23, leaves with the number when the register holds something else. */
        .macro check register, value
        daddiu  $23, $23, 1
        dli     $24, \value
        bne     \register, $24, leave
        move    $4, $23
        .endm

        .ent __start
__start:
        move    $23, $0
        dli     $8, 0x123456789abcdef0
        dli     $9, 0xfedcba9876543210
        dli     $10, 0x8000000000000000
        li      $11, -1

        dadd    $12, $8, $9
        check   $12, 0x1111111111111100
        daddu   $12, $9, $9
        check   $12, 0xfdb97530eca86420
        daddu   $12, $10, $10
        check   $12, 0
        daddi   $12, $8, -0x10
        check   $12, 0x123456789abcdee0
        daddiu  $12, $11, 1
        check   $12, 0
        daddiu  $12, $10, -1
        check   $12, 0x7fffffffffffffff
        dsub    $12, $8, $9
        check   $12, 0x13579be02468ace0
        dsubu   $12, $0, $8
        check   $12, 0xedcba98765432110

        dsll    $12, $8, 4
        check   $12, 0x23456789abcdef00
        dsrl    $12, $9, 4
        check   $12, 0x0fedcba987654321
        dsra    $12, $9, 4
        check   $12, 0xffedcba987654321
        dsll32  $12, $8, 4
        check   $12, 0xabcdef0000000000
        dsrl32  $12, $9, 4
        check   $12, 0x0fedcba9
        dsra32  $12, $9, 31
        check   $12, -1
        li      $13, 68
        dsllv   $12, $8, $13
        check   $12, 0x23456789abcdef00
        li      $13, 63
        dsrlv   $12, $9, $13
        check   $12, 1
        dsrav   $12, $10, $13
        check   $12, -1

        dmult   $9, $8
        mfhi    $12
        mflo    $14
        check   $12, 0xffeb49923cc09532
        check   $14, 0x236d88fe5618cf00
        dmultu  $11, $11
        mfhi    $12
        mflo    $14
        check   $12, 0xfffffffffffffffe
        check   $14, 1
        ddiv    $0, $9, $13
        mflo    $12
        mfhi    $14
        check   $12, 0xfffb606c1221d829
        check   $14, 0xfffffffffffffff9
        ddiv    $0, $10, $11
        mflo    $12
        mfhi    $14
        check   $12, 0x8000000000000000
        check   $14, 0
        ddivu   $0, $9, $13
        mflo    $12
        mfhi    $14
        check   $12, 0x040ba1702262dc39
        check   $14, 9

        dla     $16, word
        sd      $8, 0($16)
        ld      $12, 0($16)
        check   $12, 0x123456789abcdef0
        lwu     $12, 4($16)
        check   $12, 0x9abcdef0
        lw      $12, 4($16)
        check   $12, 0xffffffff9abcdef0
        ld      $12, 5($16)
        check   $12, 0x123456789abcdef0
        move    $12, $9
        ldl     $12, 3($16)
        check   $12, 0x789abcdef0543210
        move    $12, $9
        ldr     $12, 3($16)
        check   $12, 0xfedcba9812345678
        sdl     $9, 5($16)
        ld      $12, 0($16)
        check   $12, 0x123456789afedcba
        sd      $8, 0($16)
        sdr     $9, 2($16)
        ld      $12, 0($16)
        check   $12, 0x543210789abcdef0

        sd      $8, 0($16)
        lld     $12, 0($16)
        check   $12, 0x123456789abcdef0
        move    $14, $9
        scd     $14, 0($16)
        check   $14, 1
        ld      $12, 0($16)
        check   $12, 0xfedcba9876543210
        move    $14, $8
        scd     $14, 0($16)
        check   $14, 0
        lld     $12, 0($16)
        sb      $0, 7($16)
        move    $14, $8
        scd     $14, 0($16)
        check   $14, 0
        lld     $12, 0($16)
        move    $14, $8
        sc      $14, 0($16)
        check   $14, 0
        ll      $12, 4($16)
        check   $12, 0x76543200
        move    $14, $8
        sc      $14, 4($16)
        check   $14, 1
        ld      $12, 0($16)
        check   $12, 0xfedcba989abcdef0

#if COUNTS
        dclz    $12, $8
        check   $12, 3
        dclz    $12, $0
        check   $12, 64
        dclo    $12, $9
        check   $12, 7
        dclo    $12, $11
        check   $12, 64
#endif
        move    $4, $0
leave:
        li      $2, 5205
        syscall
        .end __start

        .data
        .align  3
word:   .dword  0
