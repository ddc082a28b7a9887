package precompile

import (
	"encoding/binary"
	"math/bits"
)

// blake2FBytes: rounds 4, state 64, message block 128, offset counters 16, final flag 1 (EIP-152).
const blake2FBytes = 213

// blake2FGas is one per round (EIP-152). Another length fails and costs all the gas anyway.
func blake2FGas(input []byte) (uint64, bool) {
	if len(input) != blake2FBytes {
		return 0, true
	}

	return uint64(binary.BigEndian.Uint32(input)), true
}

func blake2F(input []byte) ([]byte, error) {
	if len(input) != blake2FBytes || input[blake2FBytes-1] > 1 {
		return nil, ErrFailure
	}

	var state [8]uint64
	var message [16]uint64
	for index := range state {
		state[index] = binary.LittleEndian.Uint64(input[4+8*index:])
	}

	for index := range message {
		message[index] = binary.LittleEndian.Uint64(input[68+8*index:])
	}

	counter := [2]uint64{binary.LittleEndian.Uint64(input[196:]), binary.LittleEndian.Uint64(input[204:])}
	blake2Compress(&state, &message, counter, input[212] == 1, binary.BigEndian.Uint32(input))
	output := make([]byte, 0, 64)
	for _, word := range state {
		output = binary.LittleEndian.AppendUint64(output, word)
	}

	return output, nil
}

// The constants and the permutations of message words of BLAKE2b (RFC 7693, sections 2.6 and 2.7).
var (
	blake2Start = [8]uint64{
		0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
		0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
	}
	blake2Schedule = [10][16]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
		{11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
		{7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
		{9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
		{2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
		{12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
		{13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
		{6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
		{10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
	}
	// The state words that the eight mixings of a round take: columns, then diagonals.
	blake2Mixings = [8][4]uint8{
		{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15},
		{0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14},
	}
)

// blake2Compress is the function F of RFC 7693, section 3.2, with the number of rounds as a parameter.
func blake2Compress(state *[8]uint64, message *[16]uint64, counter [2]uint64, isFinal bool, rounds uint32) {
	var work [16]uint64
	copy(work[:8], state[:])
	copy(work[8:], blake2Start[:])
	work[12] ^= counter[0]
	work[13] ^= counter[1]
	if isFinal {
		work[14] = ^work[14]
	}

	for round := uint32(0); round < rounds; round++ {
		schedule := &blake2Schedule[round%10]
		for index, mixing := range blake2Mixings {
			a, b, c, d := work[mixing[0]], work[mixing[1]], work[mixing[2]], work[mixing[3]]
			a += b + message[schedule[2*index]]
			d = bits.RotateLeft64(d^a, -32)
			c += d
			b = bits.RotateLeft64(b^c, -24)
			a += b + message[schedule[2*index+1]]
			d = bits.RotateLeft64(d^a, -16)
			c += d
			b = bits.RotateLeft64(b^c, -63)
			work[mixing[0]], work[mixing[1]], work[mixing[2]], work[mixing[3]] = a, b, c, d
		}
	}

	for index := range state {
		state[index] ^= work[index] ^ work[index+8]
	}
}
