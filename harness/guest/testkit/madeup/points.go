package madeup

import "math/big"

// allPoints are the points of a blob's field elements (EIP-4844): powers of a root of unity of order 4,096 in the field of
// BLS12-381's scalars, in the order of their numbers' reversed bits.
var allPoints [][32]byte

// Points are the points of the field elements of a blob (EIP-4844), in its own order.
func Points() [][32]byte {
	if allPoints != nil {
		return allPoints
	}

	prime, _ := new(big.Int).SetString("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16)
	exponent := new(big.Int).Sub(prime, big.NewInt(1))
	exponent.Div(exponent, big.NewInt(4096))
	root := new(big.Int).Exp(big.NewInt(7), exponent, prime)
	allPoints = make([][32]byte, 4096)
	for place := range allPoints {
		power := int64(0)
		for bit := 0; bit < 12; bit++ {
			power |= int64(place) >> bit & 1 << (11 - bit)
		}

		new(big.Int).Exp(root, big.NewInt(power), prime).FillBytes(allPoints[place][:])
	}

	return allPoints
}
