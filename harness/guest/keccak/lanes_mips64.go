package keccak

import "unsafe"

// Masks of every second byte and pair of bytes. They are variables because the compiler would build a constant of this
// size anew, in several steps, wherever it is used.
var evenBytes, evenPairs uint64 = 0x00ff00ff00ff00ff, 0x0000ffff0000ffff

// reversed swaps the order of bytes: the machine is big-endian, lanes are little-endian.
func reversed(word, bytes, pairs uint64) uint64 {
	word = word>>32 | word<<32
	word = word>>16&pairs | word&pairs<<16
	return word>>8&bytes | word&bytes<<8
}

// absorb reads whole words where they lie at multiples of their size, as the machine wants it.
func absorb(state *[25]uint64, data []byte) {
	if len(data) == 0 || uintptr(unsafe.Pointer(&data[0]))&(laneBytes-1) != 0 {
		absorbAnywhere(state, data)
		return
	}

	// SAFETY: as many whole lanes are read as the data have, and at most as many as a block has.
	words := (*[rateBytes / laneBytes]uint64)(unsafe.Pointer(&data[0]))[:len(data)/laneBytes]
	bytes, pairs := evenBytes, evenPairs
	for lane, word := range words {
		state[lane] ^= reversed(word, bytes, pairs)
	}
}

func squeeze(hash *Hash, state *[25]uint64) {
	if uintptr(unsafe.Pointer(hash))&(laneBytes-1) != 0 {
		for index := range hash {
			hash[index] = byte(state[index/laneBytes] >> (uint(index) % laneBytes * 8))
		}

		return
	}

	// SAFETY: a hash has exactly four words.
	words := (*[Size / laneBytes]uint64)(unsafe.Pointer(hash))
	for lane := range words {
		words[lane] = reversed(state[lane], evenBytes, evenPairs)
	}
}
