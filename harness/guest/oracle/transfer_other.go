//go:build !mips && !mips64

package oracle

import (
	"syscall"
	"unsafe"
)

// move asks the kernel to move bytes until all are moved, or it fails or moves none or too many. It returns how many are
// left.
func move(call, descriptor uintptr, data unsafe.Pointer, length uintptr) (left uintptr) {
	for length > 0 {
		count, _, failure := syscall.RawSyscall(call, descriptor, uintptr(data), length)
		if failure != 0 || count == 0 || count > length {
			return length
		}

		data = unsafe.Add(data, count)
		length -= count
	}

	return 0
}
