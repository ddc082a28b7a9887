//go:build !mips && !limbs32

package u256

import "math/bits"

// limb is what the machine multiplies by one instruction with the whole product as its result.
type limb uint64

const (
	limbBits  = 64
	limbCount = 4
)

// split writes the limbs of a number, least significant first.
func split(target *[limbCount]limb, x *Int) {
	target[0], target[1], target[2], target[3] = limb(x[0]), limb(x[1]), limb(x[2]), limb(x[3])
}

// join reads them back.
func (z *Int) join(source *[limbCount]limb) {
	z[0], z[1], z[2], z[3] = uint64(source[0]), uint64(source[1]), uint64(source[2]), uint64(source[3])
}

// multiply returns x · y + a + b, which always fits two limbs.
func multiply(x, y, a, b limb) (high, low limb) {
	h, l := bits.Mul64(uint64(x), uint64(y))
	l, carry := bits.Add64(l, uint64(a), 0)
	h += carry
	l, carry = bits.Add64(l, uint64(b), 0)
	return limb(h + carry), limb(l)
}

// subtract returns x - y - borrow.
func subtract(x, y, borrow limb) (difference, borrowed limb) {
	d, b := bits.Sub64(uint64(x), uint64(y), uint64(borrow))
	return limb(d), limb(b)
}

// add returns x + y + carry.
func add(x, y, carry limb) (sum, carried limb) {
	s, c := bits.Add64(uint64(x), uint64(y), uint64(carry))
	return limb(s), limb(c)
}

// divideLimbs divides two limbs, of which the higher is below the divisor, by a divisor whose highest bit is set.
func divideLimbs(high, low, divisor limb) limb {
	quotient, _ := bits.Div64(uint64(high), uint64(low), uint64(divisor))
	return limb(quotient)
}

// Mul makes z = x · y.
func (z *Int) Mul(x, y *Int) {
	x0, x1, x2, x3 := limb(x[0]), limb(x[1]), limb(x[2]), limb(x[3])
	var r0, r1, r2, r3, c limb
	f := limb(y[0])
	r1, r0 = multiply(f, x0, 0, 0)
	r2, r1 = multiply(f, x1, r1, 0)
	r3, r2 = multiply(f, x2, r2, 0)
	r3 += f * x3
	if f = limb(y[1]); f != 0 {
		c, r1 = multiply(f, x0, r1, 0)
		c, r2 = multiply(f, x1, r2, c)
		r3 += f*x2 + c
	}

	if f = limb(y[2]); f != 0 {
		c, r2 = multiply(f, x0, r2, 0)
		r3 += f*x1 + c
	}

	r3 += limb(y[3]) * x0
	z[0], z[1], z[2], z[3] = uint64(r0), uint64(r1), uint64(r2), uint64(r3)
}

// montgomery makes z = x · y / 2^256 modulo p, which has at most 254 bits, up to one p too much; factor is minus the inverse
// of p's lowest limb. Products and multiples of p are added in turns, so that no carry is left over.
func (z *Int) montgomery(x, y *Int, p *[limbCount]limb, factor limb) {
	var left, right [limbCount]limb
	split(&left, x)
	split(&right, y)
	x0, x1, x2, x3 := left[0], left[1], left[2], left[3]
	var r0, r1, r2, r3 limb
	for _, f := range right {
		c, r := multiply(f, x0, r0, 0)
		m := r * factor
		d, _ := multiply(m, p[0], r, 0)
		c, r = multiply(f, x1, r1, c)
		d, r0 = multiply(m, p[1], r, d)
		c, r = multiply(f, x2, r2, c)
		d, r1 = multiply(m, p[2], r, d)
		c, r = multiply(f, x3, r3, c)
		d, r2 = multiply(m, p[3], r, d)
		r3 = c + d
	}

	left = [limbCount]limb{r0, r1, r2, r3}
	z.join(&left)
}
