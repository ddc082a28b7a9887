// Package hexjson has the values of Ethereum's JSON-RPC: bytes and numbers as "0x" and hex digits.
package hexjson

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"

	"culverin/guest/u256"
)

// Errors of values. They do not repeat what was sent.
var (
	errPrefix  = errors.New("hex digits must begin with 0x")
	errDigits  = errors.New("there are characters that are no hex digits, or an odd number of digits")
	errNumber  = errors.New("a number must be 0x and hex digits without leading zeros")
	errTooLong = errors.New("a number is too large")
)

// Bytes are any number of bytes.
type Bytes []byte

// Hash has 32 bytes, Address 20, Octets 8 and Bloom, a filter of logs, 256.
type (
	Hash    [32]byte
	Address [20]byte
	Octets  [8]byte
	Bloom   [256]byte
)

// Quantity is a number of at most 64 bits.
type Quantity uint64

// Word is a number of at most 256 bits.
type Word u256.Int

// MarshalText writes two digits a byte.
func (value Bytes) MarshalText() ([]byte, error) {
	return encode(value), nil
}

// UnmarshalText reads two digits a byte.
func (value *Bytes) UnmarshalText(text []byte) error {
	data, err := decode(text)
	*value = data
	return err
}

// MarshalText writes 64 digits.
func (value Hash) MarshalText() ([]byte, error) {
	return encode(value[:]), nil
}

// UnmarshalText reads 64 digits.
func (value *Hash) UnmarshalText(text []byte) error {
	return exactly(value[:], text)
}

// MarshalText writes 40 digits.
func (value Address) MarshalText() ([]byte, error) {
	return encode(value[:]), nil
}

// UnmarshalText reads 40 digits.
func (value *Address) UnmarshalText(text []byte) error {
	return exactly(value[:], text)
}

// MarshalText writes 16 digits.
func (value Octets) MarshalText() ([]byte, error) {
	return encode(value[:]), nil
}

// UnmarshalText reads 16 digits.
func (value *Octets) UnmarshalText(text []byte) error {
	return exactly(value[:], text)
}

// MarshalText writes 512 digits.
func (value Bloom) MarshalText() ([]byte, error) {
	return encode(value[:]), nil
}

// UnmarshalText reads 512 digits.
func (value *Bloom) UnmarshalText(text []byte) error {
	return exactly(value[:], text)
}

// MarshalText writes no more digits than the number needs.
func (value Quantity) MarshalText() ([]byte, error) {
	return strconv.AppendUint([]byte("0x"), uint64(value), 16), nil
}

// UnmarshalText reads a number without leading zeros.
func (value *Quantity) UnmarshalText(text []byte) error {
	digits, err := digitsOf(text)
	if err != nil {
		return err
	}

	number, err := strconv.ParseUint(digits, 16, 64)
	if errors.Is(err, strconv.ErrRange) {
		return errTooLong
	}

	if err != nil {
		return errNumber
	}

	*value = Quantity(number)
	return nil
}

// MarshalText writes no more digits than the number needs.
func (value Word) MarshalText() ([]byte, error) {
	number := u256.Int(value)
	return append([]byte("0x"), new(big.Int).SetBytes(number.Trimmed()).Text(16)...), nil
}

// UnmarshalText reads a number without leading zeros.
func (value *Word) UnmarshalText(text []byte) error {
	digits, err := digitsOf(text)
	if err != nil {
		return err
	}

	if len(digits) > 2*u256.Bytes {
		return errTooLong
	}

	if len(digits)%2 != 0 {
		digits = "0" + digits
	}

	data, err := hex.DecodeString(digits)
	if err != nil {
		return errNumber
	}

	var number u256.Int
	number.SetBytes(data)
	*value = Word(number)
	return nil
}

func digitsOf(text []byte) (string, error) {
	if len(text) < 3 || text[0] != '0' || text[1] != 'x' || text[2] == '0' && len(text) > 3 {
		return "", errNumber
	}

	return string(text[2:]), nil
}

func encode(data []byte) []byte {
	text := make([]byte, 2+2*len(data))
	copy(text, "0x")
	hex.Encode(text[2:], data)
	return text
}

func decode(text []byte) ([]byte, error) {
	if len(text) < 2 || text[0] != '0' || text[1] != 'x' && text[1] != 'X' {
		return nil, errPrefix
	}

	data := make([]byte, (len(text)-2)/2)
	if _, err := hex.Decode(data, text[2:]); err != nil {
		return nil, errDigits
	}

	return data, nil
}

func exactly(target, text []byte) error {
	data, err := decode(text)
	if err != nil {
		return err
	}

	if len(data) != len(target) {
		return fmt.Errorf("%d bytes where %d belong", len(data), len(target))
	}

	copy(target, data)
	return nil
}
