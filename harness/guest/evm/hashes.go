package evm

import (
	"culverin/guest/keccak"
	"culverin/guest/u256"
)

// hashesBits is the size of the table of hashes: 2^10 entries of 104 bytes.
const hashesBits = 10

// hashes remembers hashes of 64 bytes: places in Solidity's mappings, of which a block asks for the same few again and
// again. Whoever makes all of them fall on one entry gains nothing but the hashing that there would be anyway.
type hashes [1 << hashesBits]struct {
	left, right, hash u256.Int
	isKnown           bool
}

// of returns the hash of 64 bytes as a word.
func (table *hashes) of(data *[2 * wordBytes]byte) *u256.Int {
	var left, right u256.Int
	left.LoadBytes32((*[wordBytes]byte)(data[:wordBytes]))
	right.LoadBytes32((*[wordBytes]byte)(data[wordBytes:]))

	// In most of them one word is an address or a number, the other a small number.
	mixed := uint32(left[0]) ^ uint32(left[0]>>32)>>11 ^ uint32(left[1])<<3 ^ uint32(right[0])*5 ^ uint32(right[0]>>32)
	entry := &table[(mixed^mixed>>hashesBits)&(1<<hashesBits-1)]
	if !entry.isKnown || !entry.left.Equals(&left) || !entry.right.Equals(&right) {
		hash := keccak.Sum(data[:])
		entry.left.Set(&left)
		entry.right.Set(&right)
		entry.hash.LoadBytes32((*[wordBytes]byte)(&hash))
		entry.isKnown = true
	}

	return &entry.hash
}
