// Package keccak computes keccak256, the hash that names everything on an Ethereum chain.
package keccak

import "math/bits"

// Size is the length of a hash in bytes.
const Size = 32

// rateBytes is how much of the 200-byte state each permutation takes in.
const rateBytes = 136

// Hash is a keccak256 hash.
type Hash [Size]byte

var roundConstants = [24]uint64{
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
	0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
	0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
	0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
	0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
}

// Sum returns the hash of the parts, one after the other.
func Sum(parts ...[]byte) Hash {
	var state [25]uint64
	var block [rateBytes]byte
	filled := 0
	for _, part := range parts {
		for len(part) > 0 {
			count := copy(block[filled:], part)
			part = part[count:]
			filled += count
			if filled == rateBytes {
				absorb(&state, &block)
				filled = 0
			}
		}
	}

	for index := filled; index < rateBytes; index++ {
		block[index] = 0
	}

	// Keccak's own padding; the later standard SHA-3 starts it with 0x06.
	block[filled] = 0x01
	block[rateBytes-1] |= 0x80
	absorb(&state, &block)

	var hash Hash
	for index := range hash {
		hash[index] = byte(state[index/8] >> (8 * (uint(index) % 8)))
	}

	return hash
}

func absorb(state *[25]uint64, block *[rateBytes]byte) {
	for lane := 0; lane < rateBytes/8; lane++ {
		bytes := block[lane*8 : lane*8+8 : lane*8+8]
		low := uint32(bytes[0]) | uint32(bytes[1])<<8 | uint32(bytes[2])<<16 | uint32(bytes[3])<<24
		high := uint32(bytes[4]) | uint32(bytes[5])<<8 | uint32(bytes[6])<<16 | uint32(bytes[7])<<24
		state[lane] ^= uint64(high)<<32 | uint64(low)
	}

	permute(state)
}

// permute applies the 24 rounds. Lanes are named as the standard numbers them, x + 5y; everything is written
// out because each loop, index and variable shift would cost a 32-bit machine several times the work itself.
func permute(state *[25]uint64) {
	a0, a1, a2, a3, a4 := state[0], state[1], state[2], state[3], state[4]
	a5, a6, a7, a8, a9 := state[5], state[6], state[7], state[8], state[9]
	a10, a11, a12, a13, a14 := state[10], state[11], state[12], state[13], state[14]
	a15, a16, a17, a18, a19 := state[15], state[16], state[17], state[18], state[19]
	a20, a21, a22, a23, a24 := state[20], state[21], state[22], state[23], state[24]
	for _, constant := range roundConstants {
		c0 := a0 ^ a5 ^ a10 ^ a15 ^ a20
		c1 := a1 ^ a6 ^ a11 ^ a16 ^ a21
		c2 := a2 ^ a7 ^ a12 ^ a17 ^ a22
		c3 := a3 ^ a8 ^ a13 ^ a18 ^ a23
		c4 := a4 ^ a9 ^ a14 ^ a19 ^ a24
		d0 := c4 ^ bits.RotateLeft64(c1, 1)
		d1 := c0 ^ bits.RotateLeft64(c2, 1)
		d2 := c1 ^ bits.RotateLeft64(c3, 1)
		d3 := c2 ^ bits.RotateLeft64(c4, 1)
		d4 := c3 ^ bits.RotateLeft64(c0, 1)

		b0 := a0 ^ d0
		b1 := bits.RotateLeft64(a6^d1, 44)
		b2 := bits.RotateLeft64(a12^d2, 43)
		b3 := bits.RotateLeft64(a18^d3, 21)
		b4 := bits.RotateLeft64(a24^d4, 14)
		b5 := bits.RotateLeft64(a3^d3, 28)
		b6 := bits.RotateLeft64(a9^d4, 20)
		b7 := bits.RotateLeft64(a10^d0, 3)
		b8 := bits.RotateLeft64(a16^d1, 45)
		b9 := bits.RotateLeft64(a22^d2, 61)
		b10 := bits.RotateLeft64(a1^d1, 1)
		b11 := bits.RotateLeft64(a7^d2, 6)
		b12 := bits.RotateLeft64(a13^d3, 25)
		b13 := bits.RotateLeft64(a19^d4, 8)
		b14 := bits.RotateLeft64(a20^d0, 18)
		b15 := bits.RotateLeft64(a4^d4, 27)
		b16 := bits.RotateLeft64(a5^d0, 36)
		b17 := bits.RotateLeft64(a11^d1, 10)
		b18 := bits.RotateLeft64(a17^d2, 15)
		b19 := bits.RotateLeft64(a23^d3, 56)
		b20 := bits.RotateLeft64(a2^d2, 62)
		b21 := bits.RotateLeft64(a8^d3, 55)
		b22 := bits.RotateLeft64(a14^d4, 39)
		b23 := bits.RotateLeft64(a15^d0, 41)
		b24 := bits.RotateLeft64(a21^d1, 2)

		a0 = b0 ^ (^b1 & b2) ^ constant
		a1 = b1 ^ (^b2 & b3)
		a2 = b2 ^ (^b3 & b4)
		a3 = b3 ^ (^b4 & b0)
		a4 = b4 ^ (^b0 & b1)
		a5 = b5 ^ (^b6 & b7)
		a6 = b6 ^ (^b7 & b8)
		a7 = b7 ^ (^b8 & b9)
		a8 = b8 ^ (^b9 & b5)
		a9 = b9 ^ (^b5 & b6)
		a10 = b10 ^ (^b11 & b12)
		a11 = b11 ^ (^b12 & b13)
		a12 = b12 ^ (^b13 & b14)
		a13 = b13 ^ (^b14 & b10)
		a14 = b14 ^ (^b10 & b11)
		a15 = b15 ^ (^b16 & b17)
		a16 = b16 ^ (^b17 & b18)
		a17 = b17 ^ (^b18 & b19)
		a18 = b18 ^ (^b19 & b15)
		a19 = b19 ^ (^b15 & b16)
		a20 = b20 ^ (^b21 & b22)
		a21 = b21 ^ (^b22 & b23)
		a22 = b22 ^ (^b23 & b24)
		a23 = b23 ^ (^b24 & b20)
		a24 = b24 ^ (^b20 & b21)
	}

	state[0], state[1], state[2], state[3], state[4] = a0, a1, a2, a3, a4
	state[5], state[6], state[7], state[8], state[9] = a5, a6, a7, a8, a9
	state[10], state[11], state[12], state[13], state[14] = a10, a11, a12, a13, a14
	state[15], state[16], state[17], state[18], state[19] = a15, a16, a17, a18, a19
	state[20], state[21], state[22], state[23], state[24] = a20, a21, a22, a23, a24
}
