// Package rlp reads and writes Ethereum's recursive length prefix encoding. Reading is strict: every
// value has exactly one accepted encoding.
package rlp

import (
	"errors"
	"math"
	"math/bits"
)

// ErrMalformed says that bytes are no canonical encoding of what was expected.
var ErrMalformed = errors.New("rlp: malformed")

// Item is one encoded value.
type Item struct {
	// IsList tells a list from a byte string.
	IsList bool
	// Content is the string, or the list's encoded items one after the other.
	Content []byte
	// Raw is the whole encoding.
	Raw []byte
}

// Head reads the head of the first item of data without making an Item: where its content starts, how long that
// content is, and whether it is a list.
func Head(data []byte) (start, length int, isList bool, err error) {
	if len(data) == 0 {
		return 0, 0, false, ErrMalformed
	}

	first := int(data[0])
	isList = first >= 0xc0
	switch {
	case first < 0x80:
		return 0, 1, false, nil
	case first < 0xb8:
		start, length = 1, first-0x80
		if length == 1 && len(data) > 1 && data[1] < 0x80 {
			return 0, 0, false, ErrMalformed
		}
	case first < 0xc0:
		start, length, err = longLength(data, first-0xb7)
	case first < 0xf8:
		start, length = 1, first-0xc0
	default:
		start, length, err = longLength(data, first-0xf7)
	}

	if err != nil || len(data)-start < length {
		return 0, 0, false, ErrMalformed
	}

	return start, length, isList, nil
}

// Split takes the first item off data.
func Split(data []byte) (item Item, rest []byte, err error) {
	start, length, isList, err := Head(data)
	if err != nil {
		return Item{}, nil, err
	}

	end := start + length
	return Item{isList, data[start:end], data[:end]}, data[end:], nil
}

func longLength(data []byte, lengthBytes int) (start, length int, err error) {
	start = 1 + lengthBytes
	if len(data) < start || data[1] == 0 {
		return 0, 0, ErrMalformed
	}

	for _, digit := range data[1:start] {
		// Two GiB are more than any data here have, and what 32-bit words can count.
		if length > math.MaxInt32>>8 {
			return 0, 0, ErrMalformed
		}

		length = length<<8 | int(digit)
	}

	if length < 56 {
		return 0, 0, ErrMalformed
	}

	return start, length, nil
}

// List reads data as exactly one list and returns its items.
func List(data []byte) ([]Item, error) {
	list, rest, err := Split(data)
	if err != nil || !list.IsList || len(rest) != 0 {
		return nil, ErrMalformed
	}

	return list.Items()
}

// Items returns the items of a list.
func (list Item) Items() ([]Item, error) {
	if !list.IsList {
		return nil, ErrMalformed
	}

	var items []Item
	for rest := list.Content; len(rest) > 0; {
		var item Item
		var err error
		item, rest, err = Split(rest)
		if err != nil {
			return nil, err
		}

		items = append(items, item)
	}

	return items, nil
}

// Uint64 reads a number of at most 64 bits.
func (item Item) Uint64() (uint64, error) {
	if item.IsList || len(item.Content) > 8 || len(item.Content) > 0 && item.Content[0] == 0 {
		return 0, ErrMalformed
	}

	value := uint64(0)
	for _, digit := range item.Content {
		value = value<<8 | uint64(digit)
	}

	return value, nil
}

// Bytes reads a string of exactly this many bytes.
func (item Item) Bytes(length int) ([]byte, error) {
	if item.IsList || len(item.Content) != length {
		return nil, ErrMalformed
	}

	return item.Content, nil
}

// EncodeUint64 writes a number.
func EncodeUint64(value uint64) []byte {
	if value > 0 && value < 0x80 {
		return []byte{byte(value)}
	}

	digits := bigEndian(value)
	return append([]byte{0x80 + byte(len(digits))}, digits...)
}

// EncodeBytes writes a string.
func EncodeBytes(data []byte) []byte {
	return AppendBytes(make([]byte, 0, HeadMax+len(data)), data)
}

// AppendBytes writes a string behind what stands in target.
func AppendBytes(target []byte, data []byte) []byte {
	if len(data) != 1 || data[0] >= 0x80 {
		var head [HeadMax]byte
		target = append(target, head[:putHead(&head, 0x80, len(data))]...)
	}

	return append(target, data...)
}

// EncodeList puts a list's head before already encoded items.
func EncodeList(items ...[]byte) []byte {
	length := 0
	for _, item := range items {
		length += len(item)
	}

	var head [HeadMax]byte
	size := ListHead(&head, length)
	list := append(make([]byte, 0, size+length), head[:size]...)
	for _, item := range items {
		list = append(list, item...)
	}

	return list
}

// HeadMax is the length of the longest head in bytes.
const HeadMax = 9

// ListHead writes the head of a list whose encoded items have this length together, and returns the head's size.
func ListHead(head *[HeadMax]byte, length int) int {
	return putHead(head, 0xc0, length)
}

// putHead makes the bytes before a string (offset 0x80) or a list (0xc0).
func putHead(head *[HeadMax]byte, offset byte, length int) int {
	if length < 56 {
		head[0] = offset + byte(length)
		return 1
	}

	size := (bits.Len(uint(length)) + 7) / 8
	head[0] = offset + 55 + byte(size)
	for place := size; place > 0; place-- {
		head[place] = byte(length)
		length >>= 8
	}

	return 1 + size
}

func bigEndian(value uint64) []byte {
	var digits []byte
	for shift := 56; shift >= 0; shift -= 8 {
		if digit := byte(value >> uint(shift)); digit != 0 || len(digits) > 0 {
			digits = append(digits, digit)
		}
	}

	return digits
}
