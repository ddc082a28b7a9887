package u256

// wideCount is how many limbs a product of two numbers has.
const wideCount = 2 * limbCount

// product writes all limbs of x · y.
func product(target *[wideCount]limb, x, y *Int) {
	var a, b [limbCount]limb
	split(&a, x)
	split(&b, y)
	for i := range b {
		factor, carry := b[i], limb(0)
		for j := range a {
			carry, target[i+j] = multiply(factor, a[j], target[i+j], carry)
		}

		target[i+limbCount] = carry
	}
}

// used returns how many limbs are left without leading zeros.
func used(limbs []limb) int {
	count := len(limbs)
	for count > 0 && limbs[count-1] == 0 {
		count--
	}

	return count
}

// divider divides by one number: shifted left until the highest bit of its highest limb is set, with the
// reciprocal of that limb, so that one multiplication gives a digit of the quotient (Möller and Granlund, Improved
// division by invariant integers, 2011).
type divider struct {
	limbs      [limbCount]limb
	count      int
	shift      uint
	reciprocal limb
}

// set prepares a divider; the divisor must not be zero.
func (d *divider) set(divisor *Int) {
	split(&d.limbs, divisor)
	d.count = used(d.limbs[:])
	d.shift = uint(limbBits - 1 - (divisor.BitLen()-1)&(limbBits-1))
	shiftLimbs(d.limbs[:d.count], d.shift)
	top := d.limbs[d.count-1]

	// The reciprocal is ⌊(β² - 1) / top⌋ - β, where β is one more than the largest limb.
	d.reciprocal = divideLimbs(^top, ^limb(0), top)
}

// shiftLimbs shifts left by less than a limb and returns what leaves at the top.
func shiftLimbs(limbs []limb, shift uint) limb {
	if shift == 0 {
		return 0
	}

	down := (limbBits - shift) & (limbBits - 1)
	shift &= limbBits - 1
	out := limb(0)
	for index, value := range limbs {
		limbs[index] = value<<shift | out
		out = value >> down
	}

	return out
}

// digit divides two limbs, the higher of which is below the divisor's highest limb, by that limb (algorithm 4 of
// Möller and Granlund).
func (d *divider) digit(high, low, top limb) (quotient, rest limb) {
	upper, lower := multiply(d.reciprocal, high, low, 0)
	quotient = upper + high + 1
	rest = low - quotient*top
	if rest > lower {
		quotient--
		rest += top
	}

	if rest >= top {
		quotient++
		rest -= top
	}

	return quotient, rest
}

// divide divides limbs, of which the last is below the divisor's highest, in place: the lowest d.count limbs become
// the remainder (still shifted), and the quotient is written where there is room for it (Knuth 4.3.1, algorithm D).
func (d *divider) divide(limbs []limb, quotient []limb) {
	top := d.limbs[d.count-1]
	if d.count == 1 {
		rest := limbs[len(limbs)-1]
		for place := len(limbs) - 2; place >= 0; place-- {
			quotient[place], rest = d.digit(rest, limbs[place], top)
		}

		limbs[0] = rest
		return
	}

	next := d.limbs[d.count-2]
	for place := len(limbs) - 1 - d.count; place >= 0; place-- {
		row := limbs[place : place+d.count+1]
		quotient[place] = d.row(row, top, next)
	}
}

// row takes the largest multiple of the divisor from limbs that are one more than it has, and returns the factor.
func (d *divider) row(row []limb, top, next limb) limb {
	digit := d.estimate(row[d.count], row[d.count-1], row[d.count-2], top, next)
	var carry, borrow limb
	for index, value := range d.limbs[:d.count] {
		var lower limb
		carry, lower = multiply(digit, value, carry, 0)
		row[index], borrow = subtract(row[index], lower, borrow)
	}

	row[d.count], borrow = subtract(row[d.count], carry, borrow)
	if borrow != 0 {
		digit--
		carry = 0
		for index, value := range d.limbs[:d.count] {
			row[index], carry = add(row[index], value, carry)
		}

		row[d.count] += carry
	}

	return digit
}

// estimate divides three limbs by the two highest of the divisor: the result is right or one too large.
func (d *divider) estimate(high, low, lowest, top, next limb) limb {
	digit, rest := ^limb(0), low+top
	if high < top {
		digit, rest = d.digit(high, low, top)
	} else if rest < top {
		return digit
	}

	for upper, lower := multiply(digit, next, 0, 0); upper > rest || upper == rest && lower > lowest; {
		digit--
		rest += top
		if rest < top {
			break
		}

		if lower < next {
			upper--
		}

		lower -= next
	}

	return digit
}

// unshift reads the remainder that divide left.
func (d *divider) unshift(z *Int, limbs []limb) {
	var rest [limbCount]limb
	shift, up := d.shift&(limbBits-1), (limbBits-d.shift)&(limbBits-1)
	for index := 0; index < d.count; index++ {
		rest[index] = limbs[index] >> shift
		if index+1 < d.count && shift != 0 {
			rest[index] |= limbs[index+1] << up
		}
	}

	z.join(&rest)
}

// DivMod makes quotient = x / y, rounded down, and z the remainder. Both are zero where y is zero, as the EVM wants
// it.
func (z *Int) DivMod(quotient, x, y *Int) {
	if x[1]|x[2]|x[3]|y[1]|y[2]|y[3] == 0 && limbBits == 64 && y[0] != 0 {
		q := x[0] / y[0]
		rest := x[0] - q*y[0]
		quotient.SetUint64(q)
		z.SetUint64(rest)
		return
	}

	if x.IsBelow(y) || y.IsZero() {
		if !y.IsZero() {
			z.Set(x)
		} else {
			z.Clear()
		}

		quotient.Clear()
		return
	}

	var d divider
	d.set(y)
	var dividend [limbCount + 1]limb
	split((*[limbCount]limb)(dividend[:limbCount]), x)
	count := used(dividend[:])
	dividend[count] = shiftLimbs(dividend[:count], d.shift)
	var digits [limbCount]limb
	d.divide(dividend[:count+1], digits[:])
	quotient.join(&digits)
	d.unshift(z, dividend[:])
}

// Div makes z = x / y, rounded down, or zero where y is zero.
func (z *Int) Div(x, y *Int) {
	var rest Int
	rest.DivMod(z, x, y)
}

// Mod makes z the remainder of x / y, or zero where y is zero.
func (z *Int) Mod(x, y *Int) {
	var quotient Int
	z.DivMod(&quotient, x, y)
}

// absolute makes z the distance of x from zero as a two's complement number and tells whether it was negative.
func (z *Int) absolute(x *Int) bool {
	if x.IsNegative() {
		z.Negate(x)
		return true
	}

	z.Set(x)
	return false
}

// SignedDiv makes z = x / y as two's complement numbers, rounded towards zero, or zero where y is zero.
func (z *Int) SignedDiv(x, y *Int) {
	var left, right Int
	isNegative := left.absolute(x) != right.absolute(y)
	z.Div(&left, &right)
	if isNegative {
		z.Negate(z)
	}
}

// SignedMod makes z the remainder of SignedDiv, which has the sign of x.
func (z *Int) SignedMod(x, y *Int) {
	var left, right Int
	isNegative := left.absolute(x)
	right.absolute(y)
	z.Mod(&left, &right)
	if isNegative {
		z.Negate(z)
	}
}

// modWide makes z the remainder of a number of twice the length.
func (z *Int) modWide(wide *[wideCount]limb, modulus *Int) {
	var d divider
	d.set(modulus)
	var dividend [wideCount + 1]limb
	copy(dividend[:], wide[:])
	count := used(dividend[:])
	if count < d.count {
		z.join((*[limbCount]limb)(wide[:limbCount]))
		return
	}

	dividend[count] = shiftLimbs(dividend[:count], d.shift)
	var digits [wideCount]limb
	d.divide(dividend[:count+1], digits[:])
	d.unshift(z, dividend[:])
}

// AddMod makes z the remainder of (x + y) / modulus, or zero where the modulus is zero; the sum may have 257 bits.
func (z *Int) AddMod(x, y, modulus *Int) {
	if modulus.IsZero() {
		z.Clear()
		return
	}

	var sum Int
	if !sum.AddOverflow(x, y) {
		z.Mod(&sum, modulus)
		return
	}

	var wide [wideCount]limb
	split((*[limbCount]limb)(wide[:limbCount]), &sum)
	wide[limbCount] = 1
	z.modWide(&wide, modulus)
}

// MulMod makes z the remainder of x · y / modulus, or zero where the modulus is zero; the product may have 512 bits.
func (z *Int) MulMod(x, y, modulus *Int) {
	if modulus.IsZero() {
		z.Clear()
		return
	}

	var wide [wideCount]limb
	product(&wide, x, y)
	z.modWide(&wide, modulus)
}

// MulOverflow makes z = x · y and tells whether the product has more than 256 bits.
func (z *Int) MulOverflow(x, y *Int) bool {
	var wide [wideCount]limb
	product(&wide, x, y)
	z.join((*[limbCount]limb)(wide[:limbCount]))
	return used(wide[:]) > limbCount
}

// Exp makes z = base to the power of exponent.
func (z *Int) Exp(base, exponent *Int) {
	factor, power, result := *base, *exponent, Int{1}
	count := power.BitLen()
	for index := 0; index < count; index++ {
		if power[index/64&3]>>(uint(index)%64)&1 != 0 {
			result.Mul(&result, &factor)
		}

		if index+1 < count {
			factor.Mul(&factor, &factor)
		}
	}

	z.Set(&result)
}
