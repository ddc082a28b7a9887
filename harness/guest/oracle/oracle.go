// Package oracle asks the host for data by name and believes none of it: whatever is named by its hash
// is hashed.
package oracle

import (
	"crypto/sha256"

	"culverin/guest/keccak"
)

// Key types, the first byte of a pre-image key.
const (
	localType      = 1
	keccakType     = 2
	sha256Type     = 4
	blobType       = 5
	precompileType = 6
)

// Source hands out pre-images and takes hints of what will be asked for soon.
type Source interface {
	Hint(text string)
	Get(key [32]byte) []byte
}

// Oracle checks what a source answers. Data that does not fit its name ends the program by Fail, with exit code 2:
// neither "right" nor "wrong" may ever rest on it.
type Oracle struct {
	source Source
}

// New asks a source.
func New(source Source) *Oracle {
	return &Oracle{source}
}

// Local returns a value that the dispute game itself provides, of exactly this many bytes.
func (oracle *Oracle) Local(index byte, length int) []byte {
	value := oracle.source.Get([32]byte{0: localType, 31: index})
	if len(value) != length {
		Fail("a local pre-image has an unexpected length; its index is", []byte{index})
	}

	return value
}

// Hint tells what kind of data comes next, as "kind 0xdigits".
func (oracle *Oracle) Hint(kind string, name ...[]byte) {
	const digits = "0123456789abcdef"
	length := len(kind) + 3
	for _, part := range name {
		length += 2 * len(part)
	}

	text := append(append(make([]byte, 0, length), kind...), " 0x"...)
	for _, part := range name {
		for _, octet := range part {
			text = append(text, digits[octet>>4], digits[octet&15])
		}
	}

	oracle.source.Hint(string(text))
}

// Keccak returns the data that has this keccak256 hash.
func (oracle *Oracle) Keccak(hash keccak.Hash) []byte {
	value := oracle.source.Get(keyOf(keccakType, hash))
	if keccak.Sum(value) != hash {
		failKeccak(hash)
	}

	return value
}

// intoSource is a source that can write an answer into a buffer: without a garbage collector that is what keeps memory
// bounded.
type intoSource interface {
	GetInto(key [32]byte, buffer []byte) []byte
}

// KeccakInto returns the data that has this keccak256 hash, and may use the room of a buffer for them.
func (oracle *Oracle) KeccakInto(hash keccak.Hash, buffer []byte) []byte {
	source, isInto := oracle.source.(intoSource)
	if !isInto {
		return oracle.Keccak(hash)
	}

	value := source.GetInto(keyOf(keccakType, hash), buffer)
	if keccak.Sum(value) != hash {
		failKeccak(hash)
	}

	return value
}

func failKeccak(hash keccak.Hash) {
	Fail("a pre-image is missing or does not have the keccak256 hash that it was asked by", hash[:])
}

// Sha256 returns the data that has this SHA-256 hash.
func (oracle *Oracle) Sha256(hash [32]byte) []byte {
	value := oracle.source.Get(keyOf(sha256Type, hash))
	if sha256.Sum256(value) != hash {
		Fail("a pre-image is missing or does not have the SHA-256 hash that it was asked by", hash[:])
	}

	return value
}

func keyOf(kind byte, hash [32]byte) [32]byte {
	hash[0] = kind
	return hash
}
