package u256

// Field computes modulo an odd prime of at most 254 bits. Its elements are numbers below the prime in Montgomery form: times
// 2^256, so that a product needs no division (P. Montgomery, Modular Multiplication Without Trial Division, 1985).
type Field struct {
	prime  Int
	limbs  [limbCount]limb
	factor limb
	// square is 2^512 modulo the prime: multiplied by it, a number comes into Montgomery form.
	square Int
}

// fieldBitsMax bounds a prime, so that sums of two elements and unreduced products do not carry out.
const fieldBitsMax = 254

// NewField makes the field of a prime; square is 2^512 modulo it.
func NewField(prime, square Int) *Field {
	if prime.BitLen() > fieldBitsMax || prime[0]&1 == 0 {
		panic("u256: no prime for a field")
	}

	field := &Field{prime: prime, square: square}
	split(&field.limbs, &prime)

	// Each step doubles the bits of the inverse that are right; three are to begin with.
	inverse := field.limbs[0]
	for right := 3; right < limbBits; right *= 2 {
		inverse *= 2 - field.limbs[0]*inverse
	}

	field.factor = -inverse
	return field
}

// Enter brings a number into Montgomery form; false if it is not below the prime.
func (field *Field) Enter(z, x *Int) bool {
	if !x.IsBelow(&field.prime) {
		return false
	}

	field.Multiply(z, x, &field.square)
	return true
}

// Leave is the number that an element stands for.
func (field *Field) Leave(z, x *Int) {
	one := Int{1}
	field.Multiply(z, x, &one)
}

// Add makes z = x + y.
func (field *Field) Add(z, x, y *Int) {
	z.Add(x, y)
	field.reduce(z)
}

// Subtract makes z = x - y.
func (field *Field) Subtract(z, x, y *Int) {
	if z.SubUnderflow(x, y) {
		z.Add(z, &field.prime)
	}
}

// Multiply makes z = x · y.
func (field *Field) Multiply(z, x, y *Int) {
	z.montgomery(x, y, &field.limbs, field.factor)
	field.reduce(z)
}

// reduce takes the prime off once, if it is not above the number.
func (field *Field) reduce(z *Int) {
	if !z.IsBelow(&field.prime) {
		z.Sub(z, &field.prime)
	}
}

// Invert makes z the inverse of x, which is not zero (B. Kaliski, The Montgomery Inverse and Its Applications, 1995). While
// u and v are halved towards their greatest common divisor, the invariants are prime = u·s + v·r, x·r = -u·2^k and
// x·s = v·2^k modulo the prime.
func (field *Field) Invert(z, x *Int) {
	u, v := field.prime, *x
	r, s := Int{}, Int{1}
	k := uint(0)
	for ; !v.IsZero(); k++ {
		switch {
		case u[0]&1 == 0:
			u.halve()
			s.double()
		case v[0]&1 == 0:
			v.halve()
			r.double()
		case v.IsBelow(&u):
			u.Sub(&u, &v)
			u.halve()
			r.Add(&r, &s)
			s.double()
		default:
			v.Sub(&v, &u)
			v.halve()
			s.Add(&s, &r)
			r.double()
		}
	}

	field.reduce(&r)
	r.Sub(&field.prime, &r)

	// Now r = 2^k / x. It is brought to 2^512 / x, of which x = 2^256 · y makes 2^256 / y, the inverse in Montgomery form.
	const wanted = 2 * 8 * Bytes
	for ; wanted-k >= fieldBitsMax; k++ {
		field.Add(&r, &r, &r)
	}

	rest := Int{}
	rest[(wanted-k)/64] = 1 << ((wanted - k) % 64)
	field.Multiply(z, &r, &rest)
	field.Multiply(z, z, &field.square)
}

// halve makes z = z / 2.
func (z *Int) halve() {
	z[0] = z[0]>>1 | z[1]<<63
	z[1] = z[1]>>1 | z[2]<<63
	z[2] = z[2]>>1 | z[3]<<63
	z[3] >>= 1
}

// double makes z = 2 · z.
func (z *Int) double() {
	z[3] = z[3]<<1 | z[2]>>63
	z[2] = z[2]<<1 | z[1]>>63
	z[1] = z[1]<<1 | z[0]>>63
	z[0] <<= 1
}
