package keccak

import "encoding/binary"

// absorbAnywhere adds whole lanes to the state, of which bytes are least significant first.
func absorbAnywhere(state *[25]uint64, data []byte) {
	for lane := 0; len(data) >= laneBytes && lane < len(state); lane++ {
		state[lane] ^= binary.LittleEndian.Uint64(data)
		data = data[laneBytes:]
	}
}
