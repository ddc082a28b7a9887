package precompile

import (
	"bytes"
	"math/big"
	"math/rand"
	"testing"

	"culverin/guest/config"
)

var bnPrimeBig, _ = new(big.Int).SetString(
	"21888242871839275222246405745257275088696311157297823662689037894645226208583", 10)

// The order of the group (EIP-196).
var bnOrderBig, _ = new(big.Int).SetString(
	"21888242871839275222246405745257275088548364400416034343698204186575808495617", 10)

// plainPoint is a point by its definition; nil at infinity.
type plainPoint struct{ x, y *big.Int }

func (p *plainPoint) plus(q *plainPoint) *plainPoint {
	if p == nil {
		return q
	}

	if q == nil {
		return p
	}

	numerator, denominator := new(big.Int).Sub(q.y, p.y), new(big.Int).Sub(q.x, p.x)
	if p.x.Cmp(q.x) == 0 {
		if p.y.Cmp(q.y) != 0 || p.y.Sign() == 0 {
			return nil
		}

		numerator.Mul(p.x, p.x).Mul(numerator, big.NewInt(3))
		denominator.Lsh(p.y, 1)
	}

	slope := denominator.ModInverse(denominator.Mod(denominator, bnPrimeBig), bnPrimeBig)
	slope.Mul(slope, numerator).Mod(slope, bnPrimeBig)
	x := new(big.Int).Mul(slope, slope)
	x.Sub(x, p.x).Sub(x, q.x).Mod(x, bnPrimeBig)
	y := new(big.Int).Sub(p.x, x)
	y.Mul(y, slope).Sub(y, p.y).Mod(y, bnPrimeBig)
	return &plainPoint{x, y}
}

func (p *plainPoint) times(factor *big.Int) (product *plainPoint) {
	for bit := factor.BitLen() - 1; bit >= 0; bit-- {
		product = product.plus(product)
		if factor.Bit(bit) != 0 {
			product = product.plus(p)
		}
	}

	return product
}

func (p *plainPoint) encode() []byte {
	data := make([]byte, 64)
	if p != nil {
		p.x.FillBytes(data[:32])
		p.y.FillBytes(data[32:])
	}

	return data
}

func TestBn254AgreesWithTheDefinition(t *testing.T) {
	seed := int64(8)
	random := rand.New(rand.NewSource(seed))
	generator := &plainPoint{big.NewInt(1), big.NewInt(2)}
	factors := []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(2), bnOrderBig, new(big.Int).Sub(bnOrderBig, big.NewInt(1)),
		new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))}
	for round := 0; round < 20; round++ {
		factors = append(factors, new(big.Int).Rand(random, bnOrderBig))
	}

	point := generator
	for index, factor := range factors {
		product := point.times(factor)
		input := append(point.encode(), factor.FillBytes(make([]byte, 32))...)
		output, left, err := Run(at(7), input, 6000, &config.L1Cancun)
		if err != nil || left != 0 || !bytes.Equal(output, product.encode()) {
			t.Errorf("seed %d: %d times %v: %x, %v", seed, factor, point, output, err)
		}

		for _, other := range []*plainPoint{point, product, nil, product.plus(point)} {
			input = append(product.encode(), other.encode()...)
			output, left, err = Run(at(6), input, 150, &config.L1Cancun)
			if err != nil || left != 0 || !bytes.Equal(output, product.plus(other).encode()) {
				t.Errorf("seed %d, %d: a sum: %x, %v", seed, index, output, err)
			}
		}

		if product != nil {
			point = product
		}
	}
}

func TestBn254RefusesWhatIsNoPoint(t *testing.T) {
	generator := (&plainPoint{big.NewInt(1), big.NewInt(2)}).encode()
	aboveX := (&plainPoint{new(big.Int).Add(bnPrimeBig, big.NewInt(1)), big.NewInt(2)}).encode()
	aboveY := (&plainPoint{big.NewInt(1), new(big.Int).Add(bnPrimeBig, big.NewInt(2))}).encode()
	zero := (&plainPoint{bnPrimeBig, new(big.Int)}).encode()
	off := (&plainPoint{big.NewInt(1), big.NewInt(3)}).encode()
	for _, wrong := range [][]byte{aboveX, aboveY, zero, off} {
		for _, input := range [][]byte{wrong, append(append([]byte(nil), generator...), wrong...)} {
			if _, left, err := Run(at(6), input, 200, &config.L1Cancun); err != ErrFailure || left != 0 {
				t.Errorf("%x: %d, %v", input, left, err)
			}
		}

		if _, _, err := Run(at(7), wrong, 7000, &config.L1Cancun); err != ErrFailure {
			t.Errorf("%x: %v", wrong, err)
		}
	}

	// Missing bytes are zeros, further bytes are nothing.
	for _, input := range [][]byte{generator, append(append(append([]byte(nil), generator...), make([]byte, 64)...), 9)} {
		if output, _, err := Run(at(6), input, 150, &config.L1Cancun); err != nil || !bytes.Equal(output, generator) {
			t.Errorf("%x: %x, %v", input, output, err)
		}
	}

	if output, _, err := Run(at(6), nil, 150, &config.L1Cancun); err != nil || !bytes.Equal(output, make([]byte, 64)) {
		t.Errorf("nothing: %x, %v", output, err)
	}
}
