package u256

import (
	"math/big"
	"math/rand"
	"testing"
	"time"
)

var wrap = new(big.Int).Lsh(big.NewInt(1), 256)

func toBig(x *Int) *big.Int {
	data := x.Bytes32()
	return new(big.Int).SetBytes(data[:])
}

func toSigned(x *Int) *big.Int {
	value := toBig(x)
	if x.IsNegative() {
		value.Sub(value, wrap)
	}

	return value
}

func fromBig(value *big.Int) (x Int) {
	x.SetBytes(new(big.Int).Mod(value, wrap).Bytes())
	return x
}

// edges are the limbs where carries and estimates of digits go wrong.
var edges = []uint64{
	0, 1, 2, 3, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<32 + 1, 1<<63 - 1, 1 << 63, 1<<63 + 1, 1<<64 - 2, 1<<64 - 1,
	0xffffffff00000000, 0x8000000080000000, 0x7fffffffffffffff, 0xfffffffeffffffff,
}

func draw(random *rand.Rand) (x Int) {
	style, length := random.Intn(4), 1+random.Intn(4)
	for index := range x[:length] {
		if style == 0 || style == 1 && random.Intn(2) == 0 {
			x[index] = random.Uint64()
		} else {
			x[index] = edges[random.Intn(len(edges))]
		}
	}

	if style == 3 {
		x.ShiftRight(&x, uint(random.Intn(256)))
	}

	return x
}

// orZero is what the EVM makes of a division by zero.
func orZero(operation func(z, x, y *big.Int) *big.Int) func(z, x, y *big.Int) *big.Int {
	return func(z, x, y *big.Int) *big.Int {
		if y.Sign() == 0 {
			return z.SetUint64(0)
		}

		return operation(z, x, y)
	}
}

func TestOperationsOfTwoAgreeWithBigNumbers(t *testing.T) {
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	for round := 0; round < 200000; round++ {
		x, y := draw(random), draw(random)
		if random.Intn(16) == 0 {
			y = x
		}

		for _, each := range []struct {
			name string
			run  func(z, x, y *Int)
			want func(z, x, y *big.Int) *big.Int
			read func(*Int) *big.Int
		}{
			{"add", (*Int).Add, (*big.Int).Add, toBig},
			{"sub", (*Int).Sub, (*big.Int).Sub, toBig},
			{"mul", (*Int).Mul, (*big.Int).Mul, toBig},
			{"div", (*Int).Div, orZero((*big.Int).Div), toBig},
			{"mod", (*Int).Mod, orZero((*big.Int).Mod), toBig},
			{"sdiv", (*Int).SignedDiv, orZero((*big.Int).Quo), toSigned},
			{"smod", (*Int).SignedMod, orZero((*big.Int).Rem), toSigned},
			{"and", (*Int).And, (*big.Int).And, toBig},
			{"or", (*Int).Or, (*big.Int).Or, toBig},
			{"xor", (*Int).Xor, (*big.Int).Xor, toBig},
		} {
			want := fromBig(each.want(new(big.Int), each.read(&x), each.read(&y)))
			var z Int
			each.run(&z, &x, &y)
			left, right := x, y
			each.run(&left, &left, &y)
			each.run(&right, &x, &right)
			if z != want || left != want || right != want {
				t.Fatalf("seed %d: %s of %x and %x: %x, in place %x and %x, not %x",
					seed, each.name, x, y, z, left, right, want)
			}
		}

		checkOverflow(t, seed, &x, &y)
		checkOrder(t, seed, &x, &y)
	}
}

func checkOverflow(t *testing.T, seed int64, x, y *Int) {
	var sum, difference, product Int
	if sum.AddOverflow(x, y) != (new(big.Int).Add(toBig(x), toBig(y)).Cmp(wrap) >= 0) {
		t.Fatalf("seed %d: overflow of %x + %x", seed, *x, *y)
	}

	if difference.SubUnderflow(x, y) != (toBig(x).Cmp(toBig(y)) < 0) {
		t.Fatalf("seed %d: underflow of %x - %x", seed, *x, *y)
	}

	want := new(big.Int).Mul(toBig(x), toBig(y))
	if product.MulOverflow(x, y) != (want.Cmp(wrap) >= 0) || product != fromBig(want) {
		t.Fatalf("seed %d: overflow of %x · %x", seed, *x, *y)
	}
}

func checkOrder(t *testing.T, seed int64, x, y *Int) {
	order, signed := toBig(x).Cmp(toBig(y)), toSigned(x).Cmp(toSigned(y))
	if x.Compare(y) != order || x.IsBelow(y) != (order < 0) || x.Equals(y) != (order == 0) ||
		x.IsSignedBelow(y) != (signed < 0) {
		t.Fatalf("seed %d: order of %x and %x", seed, *x, *y)
	}

	if x.BitLen() != toBig(x).BitLen() || string(x.Trimmed()) != string(toBig(x).Bytes()) ||
		x.IsZero() != (toBig(x).Sign() == 0) || x.IsUint64() != toBig(x).IsUint64() {
		t.Fatalf("seed %d: size of %x", seed, *x)
	}
}

func TestModularOperationsAgreeWithBigNumbers(t *testing.T) {
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	for round := 0; round < 200000; round++ {
		x, y, modulus := draw(random), draw(random), draw(random)
		for name, pair := range map[string][2]func() *big.Int{
			"addmod": {
				func() *big.Int { var z Int; z.AddMod(&x, &y, &modulus); return toBig(&z) },
				func() *big.Int { return new(big.Int).Add(toBig(&x), toBig(&y)) },
			},
			"mulmod": {
				func() *big.Int { var z Int; z.MulMod(&x, &y, &modulus); return toBig(&z) },
				func() *big.Int { return new(big.Int).Mul(toBig(&x), toBig(&y)) },
			},
		} {
			want := orZero((*big.Int).Mod)(new(big.Int), pair[1](), toBig(&modulus))
			if pair[0]().Cmp(want) != 0 {
				t.Fatalf("seed %d: %s of %x, %x and %x is not %x", seed, name, x, y, modulus, want)
			}
		}
	}
}

func TestShiftsAgreeWithBigNumbers(t *testing.T) {
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	for round := 0; round < 50000; round++ {
		x := draw(random)
		count := uint(random.Intn(300))
		var left, right, signed Int
		left.ShiftLeft(&x, count)
		right.ShiftRight(&x, count)
		signed.ShiftRightSigned(&x, count)
		if left != fromBig(new(big.Int).Lsh(toBig(&x), count)) ||
			right != fromBig(new(big.Int).Rsh(toBig(&x), count)) ||
			signed != fromBig(new(big.Int).Rsh(toSigned(&x), count)) {
			t.Fatalf("seed %d: %x shifted by %d: %x, %x, %x", seed, x, count, left, right, signed)
		}

		place := Int{uint64(random.Intn(40)), 0, uint64(random.Intn(20) / 19)}
		var octet, extended Int
		octet.Byte(&place, &x)
		extended.SignExtend(&place, &x)
		wantOctet, wantExtended := Int{}, x
		if place[2] == 0 && place[0] < 32 {
			data := x.Bytes32()
			wantOctet[0] = uint64(data[place[0]])
			size := uint(8 * (place[0] + 1))
			low := new(big.Int).Mod(toBig(&x), new(big.Int).Lsh(big.NewInt(1), size))
			if low.Bit(int(size)-1) != 0 {
				low.Sub(low, new(big.Int).Lsh(big.NewInt(1), size))
			}

			wantExtended = fromBig(low)
		}

		if octet != wantOctet || extended != wantExtended {
			t.Fatalf("seed %d: byte or sign at %x of %x: %x, %x", seed, place, x, octet, extended)
		}
	}
}

func TestPowersAgreeWithBigNumbers(t *testing.T) {
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	for round := 0; round < 2000; round++ {
		base, exponent := draw(random), draw(random)
		want := fromBig(new(big.Int).Exp(toBig(&base), toBig(&exponent), wrap))
		z := base
		z.Exp(&z, &exponent)
		if z != want {
			t.Fatalf("seed %d: %x to the power of %x: %x, not %x", seed, base, exponent, z, want)
		}
	}
}

func TestWordsAreBigEndianAtEveryPlace(t *testing.T) {
	x := Int{0x191a1b1c1d1e1f20, 0x1112131415161718, 0x090a0b0c0d0e0f10, 0x0102030405060708}
	for offset := 0; offset < 9; offset++ {
		data := make([]byte, 41)
		x.PutBytes32((*[32]byte)(data[offset : offset+32]))
		for place := 0; place < 32; place++ {
			if data[offset+place] != byte(place+1) {
				t.Fatalf("offset %d: %x", offset, data)
			}
		}

		var y, z Int
		y.LoadBytes32((*[32]byte)(data[offset : offset+32]))
		z.SetBytes(data[offset : offset+32])
		if y != x || z != x {
			t.Fatalf("offset %d: read %x, %x", offset, y, z)
		}
	}

	address, word := x.Address(), Int{x[0], x[1], x[2] & 0xffffffff}
	var back Int
	if string(address[:]) != "\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20" {
		t.Errorf("address %x", address)
	}

	if back.SetAddress(&address); back != word {
		t.Errorf("%x from the address, not %x", back, word)
	}

	var short Int
	short.SetBytes([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	if short != (Int{0x0203040506070809, 1}) {
		t.Errorf("%x", short)
	}
}

// The quotient digit of a limb pair whose upper limb equals the divisor's is the largest, and needs both corrections.
func TestDivisionWhereTheEstimateIsTooLarge(t *testing.T) {
	for _, high := range edges {
		for _, low := range edges {
			for _, top := range edges {
				for _, next := range edges {
					x, y := Int{low, 5, low, high}, Int{next, low, top}
					wantQuotient, wantRest := new(big.Int), new(big.Int)
					if y.IsZero() {
						continue
					}

					wantQuotient.DivMod(toBig(&x), toBig(&y), wantRest)
					var quotient, rest Int
					rest.DivMod(&quotient, &x, &y)
					if toBig(&quotient).Cmp(wantQuotient) != 0 || toBig(&rest).Cmp(wantRest) != 0 {
						t.Fatalf("%x / %x: %x rest %x", x, y, quotient, rest)
					}
				}
			}
		}
	}
}
