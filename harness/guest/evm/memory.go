package evm

import (
	"unsafe"

	"culverin/guest/u256"
)

// memoryLimit is the most bytes that a frame's memory may have, so that a size fits an int everywhere. Memory of 2^31
// bytes costs 2^43 gas, more than any block has room for.
const memoryLimit = 1<<31 - wordBytes

// memoryCost is what memory of some words costs in all (Yellow Paper, appendix H.1).
func memoryCost(words uint64) uint64 {
	return 3*words + words*words/512
}

// grow makes the memory reach to a place, rounded up to words, and pays for it.
func (f *frame) grow(end uint64) bool {
	words, before := (end+wordBytes-1)/wordBytes, uint64(len(f.memory))/wordBytes
	if end > memoryLimit {
		f.fail(ErrOutOfGas)
		return false
	}

	if words <= before {
		return true
	}

	if !f.spend(memoryCost(words) - memoryCost(before)) {
		return false
	}

	length, size := len(f.memory), int(words)*wordBytes
	if size > cap(f.memory) {
		capacity := 2 * cap(f.memory)
		if capacity < size {
			capacity = size
		}

		if capacity < 1024 {
			capacity = 1024
		}

		larger := make([]byte, size, capacity)
		copy(larger, f.memory)
		f.memory = larger
		f.memoryStart = unsafe.Pointer(&larger[0])
		return true
	}

	// What lies there may be left over from an earlier call.
	f.memory = f.memory[:size]
	fresh := f.memory[length:]
	for index := range fresh {
		fresh[index] = 0
	}

	return true
}

// reach returns a part of the memory, which grows as necessary, and pays for each word of it in addition.
func (f *frame) reach(offset, size *u256.Int, wordGas uint64) (data []byte, ok bool) {
	if size.IsZero() {
		return nil, true
	}

	if !size.IsUint64() || size[0] > memoryLimit || !offset.IsUint64() || offset[0] > memoryLimit {
		f.fail(ErrOutOfGas)
		return nil, false
	}

	start, end := offset[0], offset[0]+size[0]
	if wordGas != 0 && !f.spend(wordGas*((size[0]+wordBytes-1)/wordBytes)) {
		return nil, false
	}

	if end > uint64(len(f.memory)) && !f.grow(end) {
		return nil, false
	}

	return f.memory[start:end:end], true
}

// word returns 32 bytes of the memory, which grows as necessary; nil if that cannot be paid.
func (f *frame) word(offset *u256.Int) *[wordBytes]byte {
	if offset[1]|offset[2]|offset[3]|offset[0]>>32 != 0 {
		f.fail(ErrOutOfGas)
		return nil
	}

	if end := offset[0] + wordBytes; end > uint64(len(f.memory)) && !f.grow(end) {
		return nil
	}

	// SAFETY: the memory reaches at least to the end of the word.
	return (*[wordBytes]byte)(unsafe.Add(f.memoryStart, uintptr(offset[0])))
}

func memoryLoad(f *frame, _ uint32) {
	t := f.top()
	if data := f.word(&t[0]); data != nil {
		t[0].LoadBytes32(data)
	}
}

func memoryStore(f *frame, _ uint32) {
	t := f.top()
	if data := f.word(&t[0]); data != nil {
		t[1].PutBytes32(data)
		f.offset += 2 * wordBytes
	}
}

func memoryStoreByte(f *frame, _ uint32) {
	t := f.top()
	if data, ok := f.reach(&t[0], &u256.Int{1}, 0); ok {
		data[0] = byte(t[1][0])
		f.offset += 2 * wordBytes
	}
}

func memorySize(f *frame, _ uint32) {
	f.offset -= wordBytes
	f.top()[0].SetUint64(uint64(len(f.memory)))
}

// memoryCopy is MCOPY (EIP-5656); the memory reaches to the end of both places.
func memoryCopy(f *frame, _ uint32) {
	t := f.top()
	further := &t[0]
	if further.IsBelow(&t[1]) {
		further = &t[1]
	}

	if _, ok := f.reach(further, &t[2], copyGas); !ok {
		return
	}

	if target, ok := f.reach(&t[0], &t[2], 0); ok && len(target) > 0 {
		source := t[1][0]
		copy(target, f.memory[source:source+uint64(len(target))])
	}

	f.offset += 3 * wordBytes
}

// copyInto copies data, followed by zeros without end, from an offset on into the memory (CALLDATACOPY and the like).
func (f *frame) copyInto(target, offset, size *u256.Int, data []byte) bool {
	memory, ok := f.reach(target, size, copyGas)
	if !ok {
		return false
	}

	count := 0
	if offset.IsUint64() && offset[0] < uint64(len(data)) {
		count = copy(memory, data[offset[0]:])
	}

	rest := memory[count:]
	for index := range rest {
		rest[index] = 0
	}

	return true
}
