#include "textflag.h"

// func move(call, descriptor uintptr, data unsafe.Pointer, length uintptr) (left uintptr)
TEXT ·move(SB), NOSPLIT, $0-20
	MOVW	call+0(FP), R16
	MOVW	descriptor+4(FP), R17
	MOVW	data+8(FP), R18
	MOVW	length+12(FP), R19

again:
	MOVW	R16, R2
	MOVW	R17, R4
	MOVW	R18, R5
	MOVW	R19, R6
	SYSCALL
	BNE	R7, done
	BEQ	R2, done
	SGTU	R2, R19, R3
	BNE	R3, done
	ADDU	R2, R18
	SUBU	R2, R19
	BNE	R19, again

done:
	MOVW	R19, left+16(FP)
	RET
