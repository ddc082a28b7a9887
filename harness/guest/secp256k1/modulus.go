// Package secp256k1 recovers the signer of an Ethereum transaction. It handles public data only and does
// not try to run in constant time.
package secp256k1

import "math/bits"

// number is a 256-bit number, least significant limb first. A 32-bit machine multiplies two such limbs by
// one instruction.
type number [8]uint32

// modulus is a prime just below 2^256.
type modulus struct {
	prime number
	// reduce makes a product fit the lower eight limbs and be worth the same.
	reduce func(wide *[16]uint32)
}

var field = modulus{
	number{0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
	reduceByField,
}

var order = modulus{
	number{0xd0364141, 0xbfd25e8c, 0xaf48a03b, 0xbaaedce6, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff},
	reduceByOrder,
}

func fromBytes(data []byte) (value number) {
	for index, octet := range data {
		place := len(data) - 1 - index
		value[place/4] |= uint32(octet) << (8 * (uint(place) % 4))
	}

	return value
}

func (value *number) bytes() (data [32]byte) {
	for index := range data {
		place := uint(31 - index)
		data[index] = byte(value[place/4] >> (8 * (place % 4)))
	}

	return data
}

func (value *number) isZero() bool {
	return *value == number{}
}

func (value *number) bit(index int) uint32 {
	return value[index/32] >> (uint(index) % 32) & 1
}

func (value *number) isBelow(other *number) bool {
	for limb := 7; limb >= 0; limb-- {
		if value[limb] != other[limb] {
			return value[limb] < other[limb]
		}
	}

	return false
}

// reduceOnce brings a value with a carry above its top, together less than two primes, below the prime.
func (m *modulus) reduceOnce(value *number, carry uint32) {
	if carry == 0 && value.isBelow(&m.prime) {
		return
	}

	var borrow uint32
	for limb := range value {
		value[limb], borrow = bits.Sub32(value[limb], m.prime[limb], borrow)
	}
}

func (m *modulus) add(left, right *number) (sum number) {
	var carry uint32
	for limb := range sum {
		sum[limb], carry = bits.Add32(left[limb], right[limb], carry)
	}

	m.reduceOnce(&sum, carry)
	return sum
}

func (m *modulus) subtract(left, right *number) (difference number) {
	var borrow uint32
	for limb := range difference {
		difference[limb], borrow = bits.Sub32(left[limb], right[limb], borrow)
	}

	if borrow != 0 {
		var carry uint32
		for limb := range difference {
			difference[limb], carry = bits.Add32(difference[limb], m.prime[limb], carry)
		}
	}

	return difference
}

func (m *modulus) multiply(left, right *number) (product number) {
	var wide [16]uint32
	for i := 0; i < 8; i++ {
		addMultiple((*[9]uint32)(wide[i:i+9:16]), right, left[i])
	}

	m.reduce(&wide)
	copy(product[:], wide[:8])
	m.reduceOnce(&product, 0)
	return product
}

// addMultiple adds factor times value to a row whose last limb is still zero. It is written out because it
// is most of the work of a recovery.
func addMultiple(row *[9]uint32, value *number, factor uint32) {
	f := uint64(factor)
	sum := f*uint64(value[0]) + uint64(row[0])
	row[0] = uint32(sum)
	sum = sum>>32 + f*uint64(value[1]) + uint64(row[1])
	row[1] = uint32(sum)
	sum = sum>>32 + f*uint64(value[2]) + uint64(row[2])
	row[2] = uint32(sum)
	sum = sum>>32 + f*uint64(value[3]) + uint64(row[3])
	row[3] = uint32(sum)
	sum = sum>>32 + f*uint64(value[4]) + uint64(row[4])
	row[4] = uint32(sum)
	sum = sum>>32 + f*uint64(value[5]) + uint64(row[5])
	row[5] = uint32(sum)
	sum = sum>>32 + f*uint64(value[6]) + uint64(row[6])
	row[6] = uint32(sum)
	sum = sum>>32 + f*uint64(value[7]) + uint64(row[7])
	row[7] = uint32(sum)
	row[8] = uint32(sum >> 32)
}

// reduceByField brings a product below 2^256. A multiple of 2^256 is as much of 2^32 + 977.
func reduceByField(wide *[16]uint32) {
	sum, previous := uint64(0), uint32(0)
	for limb := 0; limb < 8; limb++ {
		upper := wide[limb+8]
		sum += uint64(wide[limb]) + uint64(previous)
		low := sum + uint64(upper)*977
		wide[limb] = uint32(low)
		sum, previous = low>>32, upper
	}

	// What is left above the top is below 2^34: folded in, it can carry out once more, as exactly 1.
	for upper := sum + uint64(previous); upper != 0; {
		low := uint64(wide[0]) + uint64(uint32(upper))*977
		wide[0] = uint32(low)
		sum = low>>32 + uint64(wide[1]) + uint64(uint32(upper)) + upper>>32*977
		wide[1] = uint32(sum)
		sum = sum>>32 + upper>>32
		for limb := 2; limb < 8 && sum != 0; limb++ {
			sum += uint64(wide[limb])
			wide[limb] = uint32(sum)
			sum >>= 32
		}

		upper = sum
	}
}

// orderComplement is 2^256 minus the order.
var orderComplement = number{0x2fc9bebf, 0x402da173, 0x50b75fc4, 0x45512319, 1}

// reduceByOrder does the same for the order. It is called too seldom to be worth another form.
func reduceByOrder(wide *[16]uint32) {
	for {
		upper := *(*number)(wide[8:])
		if upper.isZero() {
			return
		}

		var next [17]uint32
		copy(next[:8], wide[:8])
		for i := 0; i < 8; i++ {
			addMultiple((*[9]uint32)(next[i:]), &orderComplement, upper[i])
		}

		copy(wide[:], next[:16])
	}
}

func (m *modulus) power(base, exponent *number) number {
	result := number{1}
	for index := 255; index >= 0; index-- {
		result = m.multiply(&result, &result)
		if exponent.bit(index) != 0 {
			result = m.multiply(&result, base)
		}
	}

	return result
}

// inverse uses that a number to the power of the prime minus two is its inverse.
func (m *modulus) inverse(value *number) number {
	exponent := m.prime
	exponent[0] -= 2
	return m.power(value, &exponent)
}
