package oracle

import (
	"encoding/binary"
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
	// The length comes right before the text, which lies at a multiple of the machine's word.
	const start = 8
	message := make([]byte, start+len(text))
	copy(message[start:], text)
	binary.BigEndian.PutUint32(message[start-4:], uint32(len(text)))
	transfer(syscall.SYS_WRITE, hintRequests, message[start-4:])
	var acknowledgement [1]byte
	transfer(syscall.SYS_READ, hintAnswers, acknowledgement[:])
}

// Get asks for one pre-image.
func (channel Channel) Get(key [32]byte) []byte {
	return channel.GetInto(key, nil)
}

// GetInto asks for one pre-image and uses the room of a buffer if that is enough.
func (Channel) GetInto(key [32]byte, buffer []byte) []byte {
	transfer(syscall.SYS_WRITE, preimageRequests, key[:])
	var prefix [8]byte
	transfer(syscall.SYS_READ, preimageAnswers, prefix[:])
	length := uint64(0)
	for _, digit := range prefix {
		length = length<<8 | uint64(digit)
	}

	if length > valueBytesMax {
		Fail("a pre-image is longer than anything on a chain; its key is", key[:])
	}

	value := buffer[:0]
	if uint64(cap(value)) < length {
		value = make([]byte, 0, length)
	}

	value = value[:length]
	transfer(syscall.SYS_READ, preimageAnswers, value)
	return value
}

func transfer(call uintptr, descriptor uintptr, data []byte) {
	if len(data) > 0 && move(call, descriptor, unsafe.Pointer(&data[0]), uintptr(len(data))) != 0 {
		Fail("the host's channel is broken")
	}
}
