//go:build mips || mips64

package oracle

import "unsafe"

// move asks the kernel to move bytes until all are moved, or it fails or moves none or too many. It returns how many are
// left. The machine moves one word at a time, so this loop is much of a program's work: it is written in assembly, and
// spares the scheduler's bookkeeping for calls that block; here none does.
//
//go:noescape
func move(call, descriptor uintptr, data unsafe.Pointer, length uintptr) (left uintptr)
