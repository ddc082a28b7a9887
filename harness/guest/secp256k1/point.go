package secp256k1

// point is a point of the curve y² = x³ + 7 in Jacobian form: x/z², y/z³. The point at infinity has z = 0.
type point struct {
	x, y, z number
}

var generator = point{
	number{0x16f81798, 0x59f2815b, 0x2dce28d9, 0x029bfcdb, 0xce870b07, 0x55a06295, 0xf9dcbbac, 0x79be667e},
	number{0xfb10d4b8, 0x9c47d08f, 0xa6855419, 0xfd17b448, 0x0e1108a8, 0x5da4fbfc, 0x26a3c465, 0x483ada77},
	number{1},
}

func (p *point) double() point {
	ySquare := field.multiply(&p.y, &p.y)
	s := field.multiply(&p.x, &ySquare)
	s = times(&s, 4)
	xSquare := field.multiply(&p.x, &p.x)
	m := times(&xSquare, 3)
	x := field.multiply(&m, &m)
	x = field.subtract(&x, &s)
	x = field.subtract(&x, &s)
	y := field.subtract(&s, &x)
	y = field.multiply(&m, &y)
	yFourth := field.multiply(&ySquare, &ySquare)
	yFourth = times(&yFourth, 8)
	y = field.subtract(&y, &yFourth)
	z := field.multiply(&p.y, &p.z)
	z = times(&z, 2)
	return point{x, y, z}
}

func (p *point) add(q *point) point {
	if p.z.isZero() {
		return *q
	}

	if q.z.isZero() {
		return *p
	}

	pzSquare := field.multiply(&p.z, &p.z)
	qzSquare := field.multiply(&q.z, &q.z)
	u1 := field.multiply(&p.x, &qzSquare)
	u2 := field.multiply(&q.x, &pzSquare)
	s1 := field.multiply(&q.z, &qzSquare)
	s1 = field.multiply(&p.y, &s1)
	s2 := field.multiply(&p.z, &pzSquare)
	s2 = field.multiply(&q.y, &s2)
	h := field.subtract(&u2, &u1)
	r := field.subtract(&s2, &s1)
	if h.isZero() {
		if r.isZero() {
			return p.double()
		}

		return point{}
	}

	hSquare := field.multiply(&h, &h)
	hCube := field.multiply(&h, &hSquare)
	v := field.multiply(&u1, &hSquare)
	x := field.multiply(&r, &r)
	x = field.subtract(&x, &hCube)
	x = field.subtract(&x, &v)
	x = field.subtract(&x, &v)
	y := field.subtract(&v, &x)
	y = field.multiply(&r, &y)
	s1 = field.multiply(&s1, &hCube)
	y = field.subtract(&y, &s1)
	z := field.multiply(&p.z, &q.z)
	z = field.multiply(&z, &h)
	return point{x, y, z}
}

// combine returns a·p + b·q; the doublings serve both.
func combine(a *number, p *point, b *number, q *point) (result point) {
	both := p.add(q)
	for index := 255; index >= 0; index-- {
		result = result.double()
		switch a.bit(index) | b.bit(index)<<1 {
		case 1:
			result = result.add(p)
		case 2:
			result = result.add(q)
		case 3:
			result = result.add(&both)
		}
	}

	return result
}

// affine returns the plain coordinates of a point that is not at infinity.
func (p *point) affine() (x, y number) {
	inverse := field.inverse(&p.z)
	square := field.multiply(&inverse, &inverse)
	cube := field.multiply(&square, &inverse)
	return field.multiply(&p.x, &square), field.multiply(&p.y, &cube)
}

// lift returns the curve's point with this x and this parity of y.
func lift(x *number, isOdd bool) (point, bool) {
	if !x.isBelow(&field.prime) {
		return point{}, false
	}

	square := field.multiply(x, x)
	square = field.multiply(&square, x)
	square = field.add(&square, &number{7})

	// (prime + 1) / 4: the prime is 3 modulo 4, so this power of a square is a root of it.
	exponent := number{
		0xbfffff0c, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x3fffffff,
	}
	y := field.power(&square, &exponent)
	if check := field.multiply(&y, &y); check != square {
		return point{}, false
	}

	if (y[0]&1 != 0) != isOdd {
		y = field.subtract(&number{}, &y)
	}

	return point{*x, y, number{1}}, true
}

func times(value *number, factor int) number {
	result := *value
	switch factor {
	case 2:
		result = field.add(&result, &result)
	case 3:
		result = field.add(&result, &result)
		result = field.add(&result, value)
	case 4:
		result = field.add(&result, &result)
		result = field.add(&result, &result)
	case 8:
		result = field.add(&result, &result)
		result = field.add(&result, &result)
		result = field.add(&result, &result)
	}

	return result
}
