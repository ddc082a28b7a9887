package secp256k1

import (
	"encoding/hex"
	"math/big"
	"math/rand"
	"testing"

	"culverin/guest/keccak"
)

func toBig(value number) *big.Int {
	data := value.bytes()
	return new(big.Int).SetBytes(data[:])
}

func fromBig(value *big.Int) number {
	return fromBytes(value.Bytes())
}

func TestArithmeticAgreesWithBigNumbers(t *testing.T) {
	seed := int64(21)
	random := rand.New(rand.NewSource(seed))
	for name, m := range map[string]*modulus{"field": &field, "order": &order} {
		prime := toBig(m.prime)
		if !prime.ProbablyPrime(20) {
			t.Fatalf("%s: no prime", name)
		}

		for round := 0; round < 3000; round++ {
			left := new(big.Int).Rand(random, prime)
			right := new(big.Int).Rand(random, prime)
			if round%3 == 0 {
				left.Sub(prime, big.NewInt(int64(random.Intn(4)+1)))
			}

			if round%5 == 0 {
				right.Sub(prime, big.NewInt(int64(random.Intn(4)+1)))
			}

			l, r := fromBig(left), fromBig(right)
			for operation, pair := range map[string][2]*big.Int{
				"add":      {toBig(m.add(&l, &r)), new(big.Int).Add(left, right)},
				"subtract": {toBig(m.subtract(&l, &r)), new(big.Int).Sub(left, right)},
				"multiply": {toBig(m.multiply(&l, &r)), new(big.Int).Mul(left, right)},
			} {
				if pair[0].Cmp(pair[1].Mod(pair[1], prime)) != 0 {
					t.Fatalf("seed %d, %s: %s of %x and %x", seed, name, operation, left, right)
				}
			}
		}

		value := fromBig(new(big.Int).Rand(random, prime))
		inverse := m.inverse(&value)
		if one := m.multiply(&value, &inverse); one != (number{1}) {
			t.Errorf("%s: inverse", name)
		}
	}
}

// sign makes an ordinary signature by the very definition, with the test's own arithmetic below.
func sign(key, nonce *big.Int, hash keccak.Hash) (r, s []byte, isOdd bool) {
	prime := toBig(order.prime)
	nonceNumber := fromBig(nonce)
	commitment := combine(&nonceNumber, &generator, &number{}, &generator)
	x, y := commitment.affine()
	rValue := new(big.Int).Mod(toBig(x), prime)
	sValue := new(big.Int).Mul(rValue, key)
	sValue.Add(sValue, new(big.Int).SetBytes(hash[:]))
	sValue.Mul(sValue, new(big.Int).ModInverse(nonce, prime))
	sValue.Mod(sValue, prime)
	return rValue.Bytes(), sValue.Bytes(), y[0]&1 != 0
}

func TestRecoversTheSigner(t *testing.T) {
	random := rand.New(rand.NewSource(5))
	prime := toBig(order.prime)

	// The first account of the well-known test mnemonic of local nodes.
	key, _ := new(big.Int).SetString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80", 16)
	want := "f39fd6e51aad88f6f4ce6ab8827279cfffb92266"
	for round := 0; round < 20; round++ {
		hash := keccak.Sum([]byte{byte(round)})
		r, s, isOdd := sign(key, new(big.Int).Rand(random, prime), hash)
		signer, found := Recover(hash, r, s, isOdd)
		if !found || hex.EncodeToString(signer[:]) != want {
			t.Fatalf("round %d: %x", round, signer)
		}

		if other, _ := Recover(hash, r, s, !isOdd); other == signer {
			t.Errorf("the other parity gives the same signer")
		}
	}
}

func TestRefusesImpossibleSignatures(t *testing.T) {
	one, limit := []byte{1}, order.prime.bytes()
	big33 := make([]byte, 33)
	for _, pair := range [][2][]byte{{nil, one}, {one, nil}, {limit[:], one}, {one, limit[:]}, {big33, one}} {
		if signer, found := Recover(keccak.Hash{1}, pair[0], pair[1], false); found {
			t.Errorf("%x %x was signed by %x", pair[0], pair[1], signer)
		}
	}

	// No point of the curve has x = 5.
	if _, found := Recover(keccak.Hash{1}, []byte{5}, one, false); found {
		t.Errorf("a point off the curve was taken")
	}

	// digest = r·0: s·R − z·G is the point at infinity when R = G, s = z.
	x, _ := generator.affine()
	xBytes := x.bytes()
	hash := keccak.Hash{31: 9}
	if _, found := Recover(hash, xBytes[:], []byte{9}, generator.y[0]&1 != 0); found {
		t.Errorf("the point at infinity was taken as a key")
	}
}
