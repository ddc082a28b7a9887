// Package u256 computes with the 256-bit words of the EVM. All results are modulo 2^256 unless a function says
// otherwise. Results go to the receiver, which may be one of the operands.
//
// A word is stored as four 64-bit limbs on every machine: adding, comparing and shifting are shortest that way even
// where a register has 32 bits. Products and quotients are computed with limbs as wide as the machine's multiplier, see
// limb_32.go and limb_64.go.
package u256

import "math/bits"

// Int is an unsigned 256-bit number, least significant limb first. The zero value is zero.
type Int [4]uint64

// Bytes is the length of a word in bytes.
const Bytes = 32

// New returns a small number.
func New(value uint64) Int {
	return Int{value}
}

// Set makes z equal to x.
func (z *Int) Set(x *Int) {
	z[0], z[1], z[2], z[3] = x[0], x[1], x[2], x[3]
}

// SetUint64 makes z equal to a small number.
func (z *Int) SetUint64(value uint64) {
	z[0], z[1], z[2], z[3] = value, 0, 0, 0
}

// Clear makes z zero.
func (z *Int) Clear() {
	z[0], z[1], z[2], z[3] = 0, 0, 0, 0
}

// SetBool makes z one or zero.
func (z *Int) SetBool(value bool) {
	z.Clear()
	if value {
		z[0] = 1
	}
}

// SetBytes reads a big-endian number of at most 32 bytes.
func (z *Int) SetBytes(data []byte) {
	z.Clear()
	for index := range data {
		place := uint(len(data) - 1 - index)
		z[place/8&3] |= uint64(data[index]) << (place % 8 * 8)
	}
}

// Bytes32 returns the number as 32 bytes, big-endian.
func (z *Int) Bytes32() (data [Bytes]byte) {
	z.PutBytes32(&data)
	return data
}

// Trimmed returns the number big-endian without leading zero bytes, as RLP wants it; nothing for zero.
func (z *Int) Trimmed() []byte {
	data := z.Bytes32()
	start := Bytes - (z.BitLen()+7)/8
	return append([]byte(nil), data[start:]...)
}

// IsZero tells whether the number is zero.
func (z *Int) IsZero() bool {
	return z[0]|z[1]|z[2]|z[3] == 0
}

// IsUint64 tells whether the number fits 64 bits.
func (z *Int) IsUint64() bool {
	return z[1]|z[2]|z[3] == 0
}

// Uint64 returns the lowest 64 bits.
func (z *Int) Uint64() uint64 {
	return z[0]
}

// IsNegative tells whether the highest bit is set: the sign of a two's complement number.
func (z *Int) IsNegative() bool {
	return int64(z[3]) < 0
}

// BitLen returns how many bits the number has without leading zeros.
func (z *Int) BitLen() int {
	for index := 3; index >= 0; index-- {
		if z[index] != 0 {
			return 64*index + bits.Len64(z[index])
		}
	}

	return 0
}

// Equals tells whether two numbers are the same.
func (z *Int) Equals(x *Int) bool {
	return (z[0]^x[0])|(z[1]^x[1])|(z[2]^x[2])|(z[3]^x[3]) == 0
}

// IsBelow tells whether z < x.
func (z *Int) IsBelow(x *Int) bool {
	if z[3] != x[3] {
		return z[3] < x[3]
	}

	if z[2] != x[2] {
		return z[2] < x[2]
	}

	if z[1] != x[1] {
		return z[1] < x[1]
	}

	return z[0] < x[0]
}

// IsSignedBelow tells whether z < x as two's complement numbers.
func (z *Int) IsSignedBelow(x *Int) bool {
	if z[3] != x[3] {
		return int64(z[3]) < int64(x[3])
	}

	return z.IsBelow(x)
}

// Compare returns -1, 0 or 1 where z is below, equal to or above x.
func (z *Int) Compare(x *Int) int {
	if z.Equals(x) {
		return 0
	}

	if z.IsBelow(x) {
		return -1
	}

	return 1
}
