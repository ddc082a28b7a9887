// Package keccak computes keccak256, the hash that names everything on an Ethereum chain.
package keccak

// Size is the length of a hash in bytes.
const Size = 32

const (
	// rateBytes is how much of the 200-byte state each permutation takes in.
	rateBytes = 136
	laneBytes = 8
)

// Hash is a keccak256 hash.
type Hash [Size]byte

// Sum returns the hash of the parts, one after the other.
func Sum(parts ...[]byte) (hash Hash) {
	var state [25]uint64
	data := joined(parts)
	for ; len(data) >= rateBytes; data = data[rateBytes:] {
		absorb(&state, data[:rateBytes])
		permute(&state)
	}

	whole := len(data) &^ (laneBytes - 1)
	absorb(&state, data[:whole])

	// Keccak's own padding; the later standard SHA-3 starts it with 0x06. It begins in the lane after the whole ones.
	last := uint64(0x01)
	for index := len(data) - 1; index >= whole; index-- {
		last = last<<8 | uint64(data[index])
	}

	state[whole/laneBytes] ^= last
	state[rateBytes/laneBytes-1] ^= 0x80 << 56
	permute(&state)
	squeeze(&hash, &state)
	return hash
}

// joined returns the parts as one; a single part, by far the most frequent case, is not copied.
func joined(parts [][]byte) []byte {
	if len(parts) == 1 {
		return parts[0]
	}

	var data []byte
	for _, part := range parts {
		data = append(data, part...)
	}

	return data
}
