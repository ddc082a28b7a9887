// Package oracle asks the host for data by name and believes none of it: whatever is named by its hash
// is hashed.
package oracle

import "culverin/guest/keccak"

// Key types, the first byte of a pre-image key.
const (
	localType  = 1
	keccakType = 2
)

// Source hands out pre-images and takes hints of what will be asked for soon.
type Source interface {
	Hint(text string)
	Get(key [32]byte) []byte
}

// Oracle checks what a source answers. Data that does not fit its name panics, which ends the program
// with exit code 2: neither "right" nor "wrong" may ever rest on it.
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
		panic("oracle: a boot value has an unexpected length")
	}

	return value
}

// Hint tells what kind of data comes next, as "kind 0xdigits".
func (oracle *Oracle) Hint(kind string, name ...[]byte) {
	const digits = "0123456789abcdef"
	text := []byte(kind + " 0x")
	for _, part := range name {
		for _, octet := range part {
			text = append(text, digits[octet>>4], digits[octet&15])
		}
	}

	oracle.source.Hint(string(text))
}

// Keccak returns the data that has this keccak256 hash.
func (oracle *Oracle) Keccak(hash keccak.Hash) []byte {
	key := hash
	key[0] = keccakType
	value := oracle.source.Get(key)
	if keccak.Sum(value) != hash {
		panic("oracle: a pre-image does not have the hash it was asked by")
	}

	return value
}
