// Package wallet signs transactions for tests. Keys are small numbers and the nonce of each signature is one: whoever
// sees a signature knows the key.
package wallet

import (
	"math/big"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/secp256k1"
)

// The group's order and the generator's x coordinate; its y coordinate is even.
var (
	order, _     = new(big.Int).SetString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)
	generator, _ = new(big.Int).SetString("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16)
)

// Key is a private key.
type Key uint64

// Address is the key's account.
func (key Key) Address() block.Address {
	hash := keccak.Hash{31: 1}
	isOdd, r, s := key.sign(hash)
	signer, found := secp256k1.Recover(hash, r[:], s[:], isOdd)
	if !found {
		panic("wallet: the key is none")
	}

	return block.Address(signer)
}

// sign makes a signature with s in the lower half.
func (key Key) sign(hash keccak.Hash) (isOddY bool, r, s [32]byte) {
	// With the nonce one the commitment is the generator: s = hash + r · key.
	value := new(big.Int).SetUint64(uint64(key))
	value.Mul(value, generator).Add(value, new(big.Int).SetBytes(hash[:])).Mod(value, order)
	if new(big.Int).Lsh(value, 1).Cmp(order) > 0 {
		value.Sub(order, value)
		isOddY = true
	}

	generator.FillBytes(r[:])
	value.FillBytes(s[:])
	return isOddY, r, s
}

// Sign fills in the signature and the encoding.
func (key Key) Sign(transaction *block.Transaction) *block.Transaction {
	unsigned, err := block.Decode(transaction.Encode())
	if err != nil {
		panic("wallet: the transaction is malformed")
	}

	transaction.SigningHash = unsigned.SigningHash
	transaction.IsOddY, transaction.R, transaction.S = key.sign(unsigned.SigningHash)
	transaction.Encoded = transaction.Encode()
	return transaction
}

// Authorize signs an authorization (EIP-7702).
func (key Key) Authorize(authorization block.Authorization) block.Authorization {
	signed := keccak.Sum([]byte{5}, rlp.EncodeList(
		rlp.EncodeBytes(authorization.ChainID.Trimmed()), rlp.EncodeBytes(authorization.Address[:]),
		rlp.EncodeUint64(authorization.Nonce)))
	var isOdd bool
	isOdd, authorization.R, authorization.S = key.sign(signed)
	if isOdd {
		authorization.Parity = 1
	}

	return authorization
}
