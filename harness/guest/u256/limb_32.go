//go:build mips || limbs32

package u256

// limb is what the machine multiplies by one instruction with the whole product as its result.
type limb uint32

const (
	limbBits  = 32
	limbCount = 8
)

// split writes the limbs of a number, least significant first.
func split(target *[limbCount]limb, x *Int) {
	target[0], target[1] = limb(x[0]), limb(x[0]>>32)
	target[2], target[3] = limb(x[1]), limb(x[1]>>32)
	target[4], target[5] = limb(x[2]), limb(x[2]>>32)
	target[6], target[7] = limb(x[3]), limb(x[3]>>32)
}

// join reads them back.
func (z *Int) join(source *[limbCount]limb) {
	z[0] = uint64(source[0]) | uint64(source[1])<<32
	z[1] = uint64(source[2]) | uint64(source[3])<<32
	z[2] = uint64(source[4]) | uint64(source[5])<<32
	z[3] = uint64(source[6]) | uint64(source[7])<<32
}

// multiply returns x · y + a + b, which always fits two limbs.
func multiply(x, y, a, b limb) (high, low limb) {
	product := uint64(x)*uint64(y) + uint64(a) + uint64(b)
	return limb(product >> 32), limb(product)
}

// subtract returns x - y - borrow.
func subtract(x, y, borrow limb) (difference, borrowed limb) {
	wide := uint64(x) - uint64(y) - uint64(borrow)
	return limb(wide), limb(wide>>32) & 1
}

// add returns x + y + carry.
func add(x, y, carry limb) (sum, carried limb) {
	wide := uint64(x) + uint64(y) + uint64(carry)
	return limb(wide), limb(wide >> 32)
}

// divideLimbs divides two limbs, of which the higher is below the divisor, by a divisor whose highest bit is set. Two
// steps with half limbs (Knuth, The Art of Computer Programming, volume 2, 4.3.1): division of 64 bits is a whole
// subroutine on these machines.
func divideLimbs(high, low, divisor limb) limb {
	top, bottom := divisor>>16, divisor&0xffff
	quotient1, rest := high/top, high%top
	for quotient1 > 0xffff || quotient1*bottom > rest<<16|low>>16 {
		quotient1--
		rest += top
		if rest > 0xffff {
			break
		}
	}

	middle := high<<16 + low>>16 - quotient1*divisor
	quotient0, rest := middle/top, middle%top
	for quotient0 > 0xffff || quotient0*bottom > rest<<16|low&0xffff {
		quotient0--
		rest += top
		if rest > 0xffff {
			break
		}
	}

	return quotient1<<16 + quotient0
}

// Mul makes z = x · y.
func (z *Int) Mul(x, y *Int) {
	x0, x1, x2, x3 := limb(x[0]), limb(x[0]>>32), limb(x[1]), limb(x[1]>>32)
	x4, x5, x6, x7 := limb(x[2]), limb(x[2]>>32), limb(x[3]), limb(x[3]>>32)
	var r0, r1, r2, r3, r4, r5, r6, r7 limb
	if f := limb(y[0]); f != 0 {
		r1, r0 = multiply(f, x0, 0, 0)
		r2, r1 = multiply(f, x1, r1, 0)
		r3, r2 = multiply(f, x2, r2, 0)
		r4, r3 = multiply(f, x3, r3, 0)
		r5, r4 = multiply(f, x4, r4, 0)
		r6, r5 = multiply(f, x5, r5, 0)
		r7, r6 = multiply(f, x6, r6, 0)
		r7 += f * x7
	}

	var c limb
	if f := limb(y[0] >> 32); f != 0 {
		c, r1 = multiply(f, x0, r1, 0)
		c, r2 = multiply(f, x1, r2, c)
		c, r3 = multiply(f, x2, r3, c)
		c, r4 = multiply(f, x3, r4, c)
		c, r5 = multiply(f, x4, r5, c)
		c, r6 = multiply(f, x5, r6, c)
		r7 += f*x6 + c
	}

	if f := limb(y[1]); f != 0 {
		c, r2 = multiply(f, x0, r2, 0)
		c, r3 = multiply(f, x1, r3, c)
		c, r4 = multiply(f, x2, r4, c)
		c, r5 = multiply(f, x3, r5, c)
		c, r6 = multiply(f, x4, r6, c)
		r7 += f*x5 + c
	}

	if f := limb(y[1] >> 32); f != 0 {
		c, r3 = multiply(f, x0, r3, 0)
		c, r4 = multiply(f, x1, r4, c)
		c, r5 = multiply(f, x2, r5, c)
		c, r6 = multiply(f, x3, r6, c)
		r7 += f*x4 + c
	}

	if f := limb(y[2]); f != 0 {
		c, r4 = multiply(f, x0, r4, 0)
		c, r5 = multiply(f, x1, r5, c)
		c, r6 = multiply(f, x2, r6, c)
		r7 += f*x3 + c
	}

	if f := limb(y[2] >> 32); f != 0 {
		c, r5 = multiply(f, x0, r5, 0)
		c, r6 = multiply(f, x1, r6, c)
		r7 += f*x2 + c
	}

	if f := limb(y[3]); f != 0 {
		c, r6 = multiply(f, x0, r6, 0)
		r7 += f*x1 + c
	}

	r7 += limb(y[3]>>32) * x0
	z[0] = uint64(r0) | uint64(r1)<<32
	z[1] = uint64(r2) | uint64(r3)<<32
	z[2] = uint64(r4) | uint64(r5)<<32
	z[3] = uint64(r6) | uint64(r7)<<32
}

// montgomery makes z = x · y / 2^256 modulo p, which has at most 254 bits, up to one p too much; factor is minus the inverse
// of p's lowest limb. Products and multiples of p are added in turns, so that no carry is left over.
func (z *Int) montgomery(x, y *Int, p *[limbCount]limb, factor limb) {
	var left, right [limbCount]limb
	split(&left, x)
	split(&right, y)
	x0, x1, x2, x3, x4, x5, x6, x7 := left[0], left[1], left[2], left[3], left[4], left[5], left[6], left[7]
	var r0, r1, r2, r3, r4, r5, r6, r7 limb
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
		c, r = multiply(f, x4, r4, c)
		d, r3 = multiply(m, p[4], r, d)
		c, r = multiply(f, x5, r5, c)
		d, r4 = multiply(m, p[5], r, d)
		c, r = multiply(f, x6, r6, c)
		d, r5 = multiply(m, p[6], r, d)
		c, r = multiply(f, x7, r7, c)
		d, r6 = multiply(m, p[7], r, d)
		r7 = c + d
	}

	left = [limbCount]limb{r0, r1, r2, r3, r4, r5, r6, r7}
	z.join(&left)
}
