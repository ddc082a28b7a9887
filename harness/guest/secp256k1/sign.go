//go:build !mips && !mips64

package secp256k1

import (
	"crypto/hmac"
	"crypto/sha256"

	"culverin/guest/keccak"
)

// PrivateKey signs. It is for native programs that send transactions of their own. Signing takes a time that depends on
// the key, as all of this package does: whoever measures it from outside could learn from that.
type PrivateKey struct {
	secret number
}

// NewPrivateKey takes 32 bytes; false if they are no key.
func NewPrivateKey(secret [32]byte) (key *PrivateKey, isKey bool) {
	key = &PrivateKey{fromBytes(secret[:])}
	return key, !key.secret.isZero() && key.secret.isBelow(&order.prime)
}

// Address is the key's account.
func (key *PrivateKey) Address() (address Address) {
	public := combine(&key.secret, &generator, &number{}, &generator)
	x, y := public.affine()
	xBytes, yBytes := x.bytes(), y.bytes()
	name := keccak.Sum(xBytes[:], yBytes[:])
	copy(address[:], name[12:])
	return address
}

// halfOrder is the highest s of a transaction's signature (EIP-2).
var halfOrder = number{0x681b20a0, 0xdfe92f46, 0x57a4501d, 0x5d576e73, 0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff}

// Sign signs a hash with the nonce of RFC 6979 and s in the lower half; isOddY is the parity of the point's y.
func (key *PrivateKey) Sign(hash keccak.Hash) (isOddY bool, r, s [32]byte) {
	digest := fromBytes(hash[:])
	order.reduceOnce(&digest, 0)
	nonces := newNonces(key.secret.bytes(), digest.bytes())
	for {
		nonce := nonces.next()
		commitment := combine(&nonce, &generator, &number{}, &generator)
		x, y := commitment.affine()
		if !x.isBelow(&order.prime) || x.isZero() {
			continue
		}

		inverse := order.inverse(&nonce)
		share := order.multiply(&x, &key.secret)
		share = order.add(&share, &digest)
		share = order.multiply(&share, &inverse)
		if share.isZero() {
			continue
		}

		isOddY = y[0]&1 != 0
		if halfOrder.isBelow(&share) {
			share = order.subtract(&number{}, &share)
			isOddY = !isOddY
		}

		return isOddY, x.bytes(), share.bytes()
	}
}

// nonces are those of RFC 6979, section 3.2, with HMAC-SHA256.
type nonces struct {
	key, value []byte
	isStarted  bool
}

func newNonces(secret, digest [32]byte) *nonces {
	state := &nonces{key: make([]byte, 32), value: make([]byte, 32)}
	for index := range state.value {
		state.value[index] = 1
	}

	for _, mark := range []byte{0, 1} {
		state.key = state.mac(state.value, []byte{mark}, secret[:], digest[:])
		state.value = state.mac(state.value)
	}

	return state
}

func (state *nonces) mac(parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, state.key)
	for _, part := range parts {
		mac.Write(part)
	}

	return mac.Sum(nil)
}

func (state *nonces) next() number {
	for {
		if state.isStarted {
			state.key = state.mac(state.value, []byte{0})
			state.value = state.mac(state.value)
		}

		state.isStarted = true
		state.value = state.mac(state.value)
		nonce := fromBytes(state.value)
		if !nonce.isZero() && nonce.isBelow(&order.prime) {
			return nonce
		}
	}
}
