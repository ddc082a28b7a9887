// Package reserved is a room in the program for the configuration of an L2 that the program does not know by itself. Who
// runs such an L2 writes it there before the first state is made (culverin-harness prestate): so the configuration is part
// of what a game's absolutePrestate commits to.
package reserved

import (
	"encoding/binary"
	"errors"

	"culverin/guest/config"
	"culverin/guest/config/rollupjson"
)

// The room: a mark by which it is found, then the lengths of a rollup.json and of its L1's configuration, 4 bytes each,
// big-endian, then these two files. The rest is zero.
const (
	markBytes = 32
	headBytes = markBytes + 4 + 4
	// Bytes is the room's size.
	Bytes = 16384
)

// room stands in the program's data. Nothing in the program writes to it.
var room = [Bytes]byte{
	'c', 'u', 'l', 'v', 'e', 'r', 'i', 'n', ':', ' ', 'r', 'o', 'o', 'm', ' ', 'f',
	'o', 'r', ' ', 'a', ' ', 'r', 'o', 'l', 'l', 'u', 'p', '.', 'j', 's', 'o', 'n',
}

// ErrMalformed says that the lengths in the room are none.
var ErrMalformed = errors.New("reserved: the configuration in the program is malformed")

// Rollup is the configuration that was written; nil if none was.
func Rollup() (*config.Rollup, error) {
	return Read(room[:])
}

// Read reads a room.
func Read(room []byte) (*config.Rollup, error) {
	if len(room) != Bytes {
		return nil, ErrMalformed
	}

	rollup, l1 := binary.BigEndian.Uint32(room[markBytes:]), binary.BigEndian.Uint32(room[markBytes+4:])
	const most = Bytes - headBytes
	if rollup > most || l1 > most-rollup {
		return nil, ErrMalformed
	}

	if rollup == 0 {
		return nil, nil
	}

	data := room[headBytes:]
	var l1Data []byte
	if l1 > 0 {
		l1Data = data[rollup : rollup+l1]
	}

	return rollupjson.ParseRollup(data[:rollup], l1Data)
}

// Write fills a room in a program, which it finds by its mark.
func Write(room, rollup, l1 []byte) error {
	if len(room) != Bytes || len(rollup) == 0 || len(rollup)+len(l1) > Bytes-headBytes {
		return ErrMalformed
	}

	binary.BigEndian.PutUint32(room[markBytes:], uint32(len(rollup)))
	binary.BigEndian.PutUint32(room[markBytes+4:], uint32(len(l1)))
	rest := room[headBytes:]
	rest = rest[copy(rest, rollup):]
	rest = rest[copy(rest, l1):]
	for place := range rest {
		rest[place] = 0
	}

	return nil
}

// New is an empty room.
func New() []byte {
	return append([]byte(nil), room[:]...)
}
