//go:build !mips && !mips64

package keccak

import "encoding/binary"

func absorb(state *[25]uint64, data []byte) {
	absorbAnywhere(state, data)
}

func squeeze(hash *Hash, state *[25]uint64) {
	for lane := 0; lane < Size/laneBytes; lane++ {
		binary.LittleEndian.PutUint64(hash[lane*laneBytes:], state[lane])
	}
}
