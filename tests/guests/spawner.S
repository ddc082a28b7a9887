/* Starts threads for ever; each waits for nothing and starts the next one. */
        .set noreorder
        .text
        .globl __start
        .ent __start
__start:
        li      $2, CLONE
        lui     $4, 0x5
        ori     $4, $4, 0x0f00
        move    $5, $29
        syscall
        b       __start
        nop
        .end __start
