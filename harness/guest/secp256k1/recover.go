package secp256k1

import "culverin/guest/keccak"

// Address is an account's address.
type Address [20]byte

// Recover returns the account that signed a hash. r and s have 32 bytes at most; isOdd is the parity of
// the y coordinate that the signature's point has. False when there is no such account.
func Recover(hash keccak.Hash, r, s []byte, isOdd bool) (signer Address, found bool) {
	if len(r) > 32 || len(s) > 32 {
		return Address{}, false
	}

	rValue, sValue := fromBytes(r), fromBytes(s)
	if rValue.isZero() || sValue.isZero() ||
		!rValue.isBelow(&order.prime) || !sValue.isBelow(&order.prime) {
		return Address{}, false
	}

	commitment, found := lift(&rValue, isOdd)
	if !found {
		return Address{}, false
	}

	digest := fromBytes(hash[:])
	order.reduceOnce(&digest, 0)
	inverse := order.inverse(&rValue)
	digest = order.multiply(&digest, &inverse)
	digest = order.subtract(&number{}, &digest)
	share := order.multiply(&sValue, &inverse)
	key := combine(&digest, &generator, &share, &commitment)
	if key.z.isZero() {
		return Address{}, false
	}

	x, y := key.affine()
	xBytes, yBytes := x.bytes(), y.bytes()
	name := keccak.Sum(xBytes[:], yBytes[:])
	copy(signer[:], name[12:])
	return signer, true
}
