package precompile

import (
	"crypto/elliptic"
	"math/big"
)

// p256VerifyBytes: hash, r, s, and the key's x and y, 32 bytes each (RIP-7212).
const p256VerifyBytes = 160

// p256VerifySignature returns 1 in 32 bytes if the signature is valid, nothing otherwise; it never fails (RIP-7212,
// "Precompiled Contract Input/Output"; EIP-7951, "Input Validation", where those agree).
func p256VerifySignature(input []byte) ([]byte, error) {
	if len(input) != p256VerifyBytes || !isP256Signature(input) {
		return nil, nil
	}

	return append(make([]byte, 31, 32), 1), nil
}

func isP256Signature(input []byte) bool {
	curve := elliptic.P256()
	parameters := curve.Params()
	var numbers [5]*big.Int
	for index := range numbers {
		numbers[index] = new(big.Int).SetBytes(input[32*index : 32*index+32])
	}

	hash, r, s, x, y := numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
	order := parameters.N
	if r.Sign() == 0 || s.Sign() == 0 || r.Cmp(order) >= 0 || s.Cmp(order) >= 0 ||
		x.Cmp(parameters.P) >= 0 || y.Cmp(parameters.P) >= 0 || !curve.IsOnCurve(x, y) {
		return false
	}

	inverse := new(big.Int).ModInverse(s, order)
	hash.Mul(hash, inverse).Mod(hash, order)
	inverse.Mul(inverse, r).Mod(inverse, order)
	leftX, leftY := curve.ScalarBaseMult(hash.Bytes())
	rightX, rightY := curve.ScalarMult(x, y, inverse.Bytes())
	sumX, sumY := curve.Add(leftX, leftY, rightX, rightY)

	// The library stands for the point at infinity by (0, 0), which is not on the curve.
	if sumX.Sign() == 0 && sumY.Sign() == 0 {
		return false
	}

	return sumX.Mod(sumX, order).Cmp(r) == 0
}
