package u256

import "math/bits"

// Add makes z = x + y.
func (z *Int) Add(x, y *Int) {
	z.AddOverflow(x, y)
}

// AddOverflow makes z = x + y and tells whether the sum has more than 256 bits.
func (z *Int) AddOverflow(x, y *Int) bool {
	var carry uint64
	z[0], carry = bits.Add64(x[0], y[0], 0)
	z[1], carry = bits.Add64(x[1], y[1], carry)
	z[2], carry = bits.Add64(x[2], y[2], carry)
	z[3], carry = bits.Add64(x[3], y[3], carry)
	return carry != 0
}

// Sub makes z = x - y.
func (z *Int) Sub(x, y *Int) {
	z.SubUnderflow(x, y)
}

// SubUnderflow makes z = x - y and tells whether x < y.
func (z *Int) SubUnderflow(x, y *Int) bool {
	var borrow uint64
	z[0], borrow = bits.Sub64(x[0], y[0], 0)
	z[1], borrow = bits.Sub64(x[1], y[1], borrow)
	z[2], borrow = bits.Sub64(x[2], y[2], borrow)
	z[3], borrow = bits.Sub64(x[3], y[3], borrow)
	return borrow != 0
}

// Negate makes z = -x, in two's complement.
func (z *Int) Negate(x *Int) {
	z.Sub(&Int{}, x)
}

// And makes z the bits that x and y share.
func (z *Int) And(x, y *Int) {
	z[0], z[1], z[2], z[3] = x[0]&y[0], x[1]&y[1], x[2]&y[2], x[3]&y[3]
}

// Or makes z the bits of x and y together.
func (z *Int) Or(x, y *Int) {
	z[0], z[1], z[2], z[3] = x[0]|y[0], x[1]|y[1], x[2]|y[2], x[3]|y[3]
}

// Xor makes z the bits in which x and y differ.
func (z *Int) Xor(x, y *Int) {
	z[0], z[1], z[2], z[3] = x[0]^y[0], x[1]^y[1], x[2]^y[2], x[3]^y[3]
}

// Not makes z the bits that x lacks.
func (z *Int) Not(x *Int) {
	z[0], z[1], z[2], z[3] = ^x[0], ^x[1], ^x[2], ^x[3]
}

// ShiftLeft makes z = x · 2^count.
func (z *Int) ShiftLeft(x *Int, count uint) {
	if count >= 256 {
		z.Clear()
		return
	}

	a, b, c, d := x[0], x[1], x[2], x[3]
	for ; count >= 64; count -= 64 {
		a, b, c, d = 0, a, b, c
	}

	if count != 0 {
		// Masks tell the compiler that no count reaches 64.
		up, down := count&63, (64-count)&63
		d = d<<up | c>>down
		c = c<<up | b>>down
		b = b<<up | a>>down
		a <<= up
	}

	z[0], z[1], z[2], z[3] = a, b, c, d
}

// ShiftRight makes z = x / 2^count, rounded down.
func (z *Int) ShiftRight(x *Int, count uint) {
	z.shiftRight(x, count, 0)
}

// ShiftRightSigned makes z = x / 2^count, rounded down, as two's complement numbers.
func (z *Int) ShiftRightSigned(x *Int, count uint) {
	z.shiftRight(x, count, uint64(int64(x[3])>>63))
}

// shiftRight moves copies of fill's bits in from above.
func (z *Int) shiftRight(x *Int, count uint, fill uint64) {
	if count >= 256 {
		z[0], z[1], z[2], z[3] = fill, fill, fill, fill
		return
	}

	a, b, c, d := x[0], x[1], x[2], x[3]
	for ; count >= 64; count -= 64 {
		a, b, c, d = b, c, d, fill
	}

	if count != 0 {
		down, up := count&63, (64-count)&63
		a = a>>down | b<<up
		b = b>>down | c<<up
		c = c>>down | d<<up
		d = d>>down | fill<<up
	}

	z[0], z[1], z[2], z[3] = a, b, c, d
}

// Byte makes z the byte of x at a place counted from the most significant one; zero behind the last.
func (z *Int) Byte(place, x *Int) {
	if !place.IsUint64() || place[0] >= Bytes {
		z.Clear()
		return
	}

	shift := 31 - uint(place[0])
	z.SetUint64(x[shift/8&3] >> (shift % 8 * 8) & 0xff)
}

// SignExtend makes z the number whose lowest bytes, last + 1 of them, are those of x as a two's complement number.
func (z *Int) SignExtend(last, x *Int) {
	if !last.IsUint64() || last[0] >= Bytes-1 {
		z.Set(x)
		return
	}

	unused := 8 * (Bytes - 1 - uint(last[0]))
	z.ShiftLeft(x, unused)
	z.ShiftRightSigned(z, unused)
}
