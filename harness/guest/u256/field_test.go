package u256

import (
	"math/big"
	"math/rand"
	"testing"
	"time"
)

// TestFields compares all operations with big numbers, for primes of several lengths.
func TestFields(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	for _, digits := range []string{
		"21888242871839275222246405745257275088696311157297823662689037894645226208583",
		"21888242871839275222246405745257275088548364400416034343698204186575808495617",
		"3", "170141183460469231731687303715884105727", "65537",
	} {
		prime, _ := new(big.Int).SetString(digits, 10)
		power := new(big.Int).Lsh(big.NewInt(1), 512)
		field := NewField(ofBig(prime), ofBig(power.Mod(power, prime)))
		for round := 0; round < 300; round++ {
			left, right := new(big.Int).Rand(random, prime), new(big.Int).Rand(random, prime)
			switch round {
			case 0:
				left.SetInt64(1)
			case 1:
				left.Sub(prime, big.NewInt(1))
			case 2:
				right.SetInt64(0)
			}

			var x, y, z Int
			leftInt, rightInt := ofBig(left), ofBig(right)
			if !field.Enter(&x, &leftInt) || !field.Enter(&y, &rightInt) {
				t.Fatalf("%v or %v is not below %v", left, right, prime)
			}

			check := func(name string, want *big.Int) {
				t.Helper()
				var plain Int
				if field.Leave(&plain, &z); plain != ofBig(want.Mod(want, prime)) || !z.IsBelow(&field.prime) {
					t.Fatalf("%s of %v and %v modulo %v: %v, not %v", name, left, right, prime, plain, want)
				}
			}
			field.Multiply(&z, &x, &y)
			check("product", new(big.Int).Mul(left, right))
			field.Add(&z, &x, &y)
			check("sum", new(big.Int).Add(left, right))
			field.Subtract(&z, &x, &y)
			check("difference", new(big.Int).Sub(left, right))
			if left.Sign() != 0 {
				field.Invert(&z, &x)
				check("inverse", new(big.Int).ModInverse(left, prime))
			}
		}

		primeInt := ofBig(prime)
		if field.Enter(new(Int), &primeInt) {
			t.Errorf("%v is taken for an element", prime)
		}
	}
}

func ofBig(value *big.Int) (result Int) {
	result.SetBytes(value.Bytes())
	return result
}
