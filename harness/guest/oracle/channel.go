package oracle

import (
	"syscall"
	"unsafe"
)

// Descriptors of the virtual machine.
const (
	hintAnswers      = 3
	hintRequests     = 4
	preimageAnswers  = 5
	preimageRequests = 6
)

// A pre-image is at most this long. Nothing on a chain comes near it; without a limit a lying host could
// make the program ask for all memory.
const valueBytesMax = 1 << 24

// Channel is the source that the virtual machine provides.
type Channel struct{}

// Hint sends one hint and waits until the host has taken note of it.
func (Channel) Hint(text string) {
	length := len(text)
	message := []byte{byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length)}
	message = append(message, text...)
	transfer(syscall.SYS_WRITE, hintRequests, message)
	var acknowledgement [1]byte
	transfer(syscall.SYS_READ, hintAnswers, acknowledgement[:])
}

// Get asks for one pre-image.
func (Channel) Get(key [32]byte) []byte {
	transfer(syscall.SYS_WRITE, preimageRequests, key[:])
	var prefix [8]byte
	transfer(syscall.SYS_READ, preimageAnswers, prefix[:])
	length := uint64(0)
	for _, digit := range prefix {
		length = length<<8 | uint64(digit)
	}

	if length > valueBytesMax {
		panic("oracle: a pre-image is longer than anything on a chain")
	}

	value := make([]byte, length)
	transfer(syscall.SYS_READ, preimageAnswers, value)
	return value
}

// The machine moves four bytes at a time at most, so this loop is much of the whole program's work. The
// raw call spares the scheduler's bookkeeping for calls that block; here none does.
func transfer(call uintptr, descriptor uintptr, data []byte) {
	for len(data) > 0 {
		count, _, failure := syscall.RawSyscall(
			call, descriptor, uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)))
		if failure != 0 || count == 0 || count > uintptr(len(data)) {
			panic("oracle: the host's channel is broken")
		}

		data = data[count:]
	}
}
