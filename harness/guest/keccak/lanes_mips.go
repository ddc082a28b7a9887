package keccak

import "unsafe"

// reversed swaps the order of bytes: the machine is big-endian, lanes are little-endian.
func reversed(word uint32) uint32 {
	return word<<24 | word&0xff00<<8 | word>>8&0xff00 | word>>24
}

// absorb reads whole words where they lie at multiples of their size, as the machine wants it.
func absorb(state *[25]uint64, data []byte) {
	const wordBytes = 4
	if len(data) == 0 || uintptr(unsafe.Pointer(&data[0]))&(wordBytes-1) != 0 {
		absorbAnywhere(state, data)
		return
	}

	// SAFETY: as many whole lanes are read as the data have, and at most as many as a block has.
	words := (*[rateBytes / laneBytes][2]uint32)(unsafe.Pointer(&data[0]))[:len(data)/laneBytes]
	for lane := range words {
		word := &words[lane]
		state[lane] ^= uint64(reversed(word[1]))<<32 | uint64(reversed(word[0]))
	}
}

func squeeze(hash *Hash, state *[25]uint64) {
	for lane := 0; lane < Size/laneBytes; lane++ {
		low, high := uint32(state[lane]), uint32(state[lane]>>32)
		part := (*[laneBytes]byte)(hash[lane*laneBytes:])
		part[0], part[1], part[2], part[3] = byte(low), byte(low>>8), byte(low>>16), byte(low>>24)
		part[4], part[5], part[6], part[7] = byte(high), byte(high>>8), byte(high>>16), byte(high>>24)
	}
}
