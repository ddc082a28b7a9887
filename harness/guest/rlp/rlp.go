// Package rlp reads and writes Ethereum's recursive length prefix encoding. Reading is strict: every
// value has exactly one accepted encoding.
package rlp

import "errors"

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

// Split takes the first item off data.
func Split(data []byte) (item Item, rest []byte, err error) {
	if len(data) == 0 {
		return Item{}, nil, ErrMalformed
	}

	start, length := 1, 0
	switch first := int(data[0]); {
	case first < 0x80:
		return Item{false, data[:1], data[:1]}, data[1:], nil
	case first < 0xb8:
		length = first - 0x80
	case first < 0xc0:
		start, length, err = longLength(data, first-0xb7)
	case first < 0xf8:
		length = first - 0xc0
	default:
		start, length, err = longLength(data, first-0xf7)
	}

	if err != nil || len(data)-start < length {
		return Item{}, nil, ErrMalformed
	}

	end := start + length
	item = Item{data[0] >= 0xc0, data[start:end], data[:end]}
	if !item.IsList && length == 1 && item.Content[0] < 0x80 {
		return Item{}, nil, ErrMalformed
	}

	return item, data[end:], nil
}

func longLength(data []byte, lengthBytes int) (start, length int, err error) {
	// Three bytes of length are 16 MiB, more than any block or transaction has.
	start = 1 + lengthBytes
	if lengthBytes > 3 || len(data) < start || data[1] == 0 {
		return 0, 0, ErrMalformed
	}

	for _, digit := range data[1:start] {
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
	if len(data) == 1 && data[0] < 0x80 {
		return []byte{data[0]}
	}

	return append(head(0x80, len(data)), data...)
}

// EncodeList puts a list's head before already encoded items.
func EncodeList(items ...[]byte) []byte {
	length := 0
	for _, item := range items {
		length += len(item)
	}

	list := head(0xc0, length)
	for _, item := range items {
		list = append(list, item...)
	}

	return list
}

// head makes the bytes before a string (offset 0x80) or a list (0xc0), with room for it.
func head(offset byte, length int) []byte {
	if length < 56 {
		return append(make([]byte, 0, 1+length), offset+byte(length))
	}

	digits := bigEndian(uint64(length))
	start := append(make([]byte, 0, 9+length), offset+55+byte(len(digits)))
	return append(start, digits...)
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
