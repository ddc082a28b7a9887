package derive

import (
	"encoding/binary"
	"math/bits"

	"culverin/guest/rlp"
)

// cursor takes one field after the other off data. After the first one that is not there everything is empty and failed
// is set, so that a reader checks at its end, or before it relies on a value.
type cursor struct {
	rest   []byte
	failed bool
}

// take returns the next bytes.
func (data *cursor) take(length int) []byte {
	if data.failed || length < 0 || length > len(data.rest) {
		data.failed, data.rest = true, nil
		return nil
	}

	taken := data.rest[:length:length]
	data.rest = data.rest[length:]
	return taken
}

// uvarint reads a base-128 number of at most 64 bits, lowest digits first. Leading zeros are allowed, as in protobuf.
func (data *cursor) uvarint() uint64 {
	if len(data.rest) > 0 && data.rest[0] < 0x80 {
		value := data.rest[0]
		data.rest = data.rest[1:]
		return uint64(value)
	}

	value, size := binary.Uvarint(data.rest)
	if data.failed || size <= 0 {
		data.failed, data.rest = true, nil
		return 0
	}

	data.rest = data.rest[size:]
	return value
}

// item reads an RLP item and returns its encoding; wantsList says what it must be.
func (data *cursor) item(wantsList bool) []byte {
	start, length, isList, err := rlp.Head(data.rest)
	if data.failed || err != nil || isList != wantsList {
		data.failed, data.rest = true, nil
		return nil
	}

	return data.take(start + length)
}

// bitlist is a list of bits as a big-endian number, padded with zeros in front to whole bytes (delta/span-batches.md,
// "Span batch format"): the list's first bit is the number's lowest.
type bitlist []byte

// bitlist reads a list of this many bits. Padding that is not zero is malformed.
func (data *cursor) bitlist(count int) bitlist {
	list := bitlist(data.take((count + 7) / 8))
	if padding := uint(count) % 8; padding != 0 && len(list) > 0 && list[0]>>padding != 0 {
		data.failed, data.rest = true, nil
		return nil
	}

	return list
}

// newBitlist makes a list of this many zeros.
func newBitlist(count int) bitlist {
	return make(bitlist, (count+7)/8)
}

func (list bitlist) at(index int) bool {
	return list[len(list)-1-index/8]>>(uint(index)%8)&1 != 0
}

func (list bitlist) set(index int) {
	list[len(list)-1-index/8] |= 1 << (uint(index) % 8)
}

// ones counts the bits that are set.
func (list bitlist) ones() (count int) {
	for _, octet := range list {
		count += bits.OnesCount8(octet)
	}

	return count
}
