package derive

import (
	"encoding/binary"
)

// wordBytes is the size of the ABI's words.
const wordBytes = 32

// soleBytes reads the data of an event whose only unindexed argument is a byte string: its offset, its length, the bytes,
// padded with zeros to whole words.
func soleBytes(data []byte) (content []byte, isRight bool) {
	offset, isNumber := uint64Word(data, 0)
	length, isLength := uint64Word(data, 1)
	if !isNumber || !isLength || offset != wordBytes || len(data)%wordBytes != 0 ||
		length > uint64(len(data)) || (length+wordBytes-1)/wordBytes*wordBytes != uint64(len(data)-2*wordBytes) {
		return nil, false
	}

	content, padding := data[2*wordBytes:2*wordBytes+length], data[2*wordBytes+length:]
	return content, isZero(padding)
}

// word is the word at a place, counted in words; nil if data end before.
func word(data []byte, place int) []byte {
	if len(data) < (place+1)*wordBytes {
		return nil
	}

	return data[place*wordBytes : (place+1)*wordBytes]
}

// uint64Word reads a word that holds a number of at most 64 bits.
func uint64Word(data []byte, place int) (value uint64, isRight bool) {
	digits := word(data, place)
	if digits == nil || !isZero(digits[:wordBytes-8]) {
		return 0, false
	}

	return binary.BigEndian.Uint64(digits[wordBytes-8:]), true
}

func isZero(data []byte) bool {
	for _, octet := range data {
		if octet != 0 {
			return false
		}
	}

	return true
}
