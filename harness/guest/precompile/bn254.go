package precompile

// bnPoint is a point of BN254 in Jacobian form: x/z², y/z³; z = 0 at infinity.
type bnPoint struct {
	x, y, z bnElement
}

// bn254Add adds two points of 64 bytes each; missing bytes are zeros, further ones are ignored (EIP-196).
func bn254Add(input []byte) ([]byte, error) {
	data := padded(input, 0, 128)
	left, isPoint := bnDecodePoint(data[:64])
	if !isPoint {
		return nil, ErrFailure
	}

	right, isPoint := bnDecodePoint(data[64:])
	if !isPoint {
		return nil, ErrFailure
	}

	sum := left.add(&right)
	return sum.encode(), nil
}

// bn254Multiply multiplies a point of 64 bytes by a number of 32 bytes (EIP-196).
func bn254Multiply(input []byte) ([]byte, error) {
	data := padded(input, 0, 96)
	base, isPoint := bnDecodePoint(data[:64])
	if !isPoint {
		return nil, ErrFailure
	}

	// Four bits at once: the table has the point's multiples from 0 to 15.
	var table [16]bnPoint
	for digit := 1; digit < len(table); digit++ {
		table[digit] = table[digit-1].add(&base)
	}

	var product bnPoint
	for _, octet := range data[64:] {
		for _, digit := range [2]byte{octet >> 4, octet & 15} {
			for count := 0; count < 4; count++ {
				product = product.double()
			}

			product = product.add(&table[digit])
		}
	}

	return product.encode(), nil
}

// bnDecodePoint reads a point; 64 zeros are the point at infinity. The curve has no other subgroup.
func bnDecodePoint(data []byte) (bnPoint, bool) {
	x, isX := bnDecode(data[:32])
	y, isY := bnDecode(data[32:])
	if !isX || !isY {
		return bnPoint{}, false
	}

	if x == (bnElement{}) && y == (bnElement{}) {
		return bnPoint{}, true
	}

	left := bnMultiply(&y, &y)
	right := bnMultiply(&x, &x)
	right = bnMultiply(&right, &x)
	right = bnAdd(&right, &bnThree)
	return bnPoint{x, y, bnOne}, left == right
}

func (p *bnPoint) encode() []byte {
	if p.z == (bnElement{}) {
		return make([]byte, 64)
	}

	var inverse bnElement
	bnField.Invert(&inverse, &p.z)
	square := bnMultiply(&inverse, &inverse)
	cube := bnMultiply(&square, &inverse)
	x, y := bnMultiply(&p.x, &square), bnMultiply(&p.y, &cube)
	return bnEncode(bnEncode(make([]byte, 0, 64), &x), &y)
}

func (p *bnPoint) double() bnPoint {
	if p.z == (bnElement{}) {
		return *p
	}

	ySquare := bnMultiply(&p.y, &p.y)
	s := bnMultiply(&p.x, &ySquare)
	s = bnTwice(&s)
	s = bnTwice(&s)
	slope := bnMultiply(&p.x, &p.x)
	twice := bnTwice(&slope)
	slope = bnAdd(&slope, &twice)
	x := bnMultiply(&slope, &slope)
	twice = bnTwice(&s)
	x = bnSubtract(&x, &twice)
	y := bnSubtract(&s, &x)
	y = bnMultiply(&slope, &y)
	yFourth := bnMultiply(&ySquare, &ySquare)
	for count := 0; count < 3; count++ {
		yFourth = bnTwice(&yFourth)
	}

	y = bnSubtract(&y, &yFourth)
	z := bnMultiply(&p.y, &p.z)
	z = bnTwice(&z)
	return bnPoint{x, y, z}
}

func (p *bnPoint) add(q *bnPoint) bnPoint {
	if p.z == (bnElement{}) {
		return *q
	}

	if q.z == (bnElement{}) {
		return *p
	}

	pzSquare := bnMultiply(&p.z, &p.z)
	qzSquare := bnMultiply(&q.z, &q.z)
	u1 := bnMultiply(&p.x, &qzSquare)
	u2 := bnMultiply(&q.x, &pzSquare)
	s1 := bnMultiply(&q.z, &qzSquare)
	s1 = bnMultiply(&p.y, &s1)
	s2 := bnMultiply(&p.z, &pzSquare)
	s2 = bnMultiply(&q.y, &s2)
	h := bnSubtract(&u2, &u1)
	r := bnSubtract(&s2, &s1)
	if h == (bnElement{}) {
		if r == (bnElement{}) {
			return p.double()
		}

		return bnPoint{}
	}

	hSquare := bnMultiply(&h, &h)
	hCube := bnMultiply(&h, &hSquare)
	v := bnMultiply(&u1, &hSquare)
	x := bnMultiply(&r, &r)
	x = bnSubtract(&x, &hCube)
	x = bnSubtract(&x, &v)
	x = bnSubtract(&x, &v)
	y := bnSubtract(&v, &x)
	y = bnMultiply(&r, &y)
	s1 = bnMultiply(&s1, &hCube)
	y = bnSubtract(&y, &s1)
	z := bnMultiply(&p.z, &q.z)
	z = bnMultiply(&z, &h)
	return bnPoint{x, y, z}
}
