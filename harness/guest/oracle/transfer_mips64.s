#include "textflag.h"

// func move(call, descriptor uintptr, data unsafe.Pointer, length uintptr) (left uintptr)
TEXT ·move(SB), NOSPLIT, $0-40
	MOVV	call+0(FP), R16
	MOVV	descriptor+8(FP), R17
	MOVV	data+16(FP), R18
	MOVV	length+24(FP), R19

again:
	MOVV	R16, R2
	MOVV	R17, R4
	MOVV	R18, R5
	MOVV	R19, R6
	SYSCALL
	BNE	R7, done
	BEQ	R2, done
	SGTU	R2, R19, R3
	BNE	R3, done
	ADDVU	R2, R18
	SUBVU	R2, R19
	BNE	R19, again

done:
	MOVV	R19, left+32(FP)
	RET
