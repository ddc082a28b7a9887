package block

import (
	"math"

	"culverin/guest/evm"
	"culverin/guest/keccak"
	"culverin/guest/precompile"
	"culverin/guest/rlp"
	"culverin/guest/u256"
)

// authorizationMagic stands before what an authority signs (EIP-7702, "Parameters").
const authorizationMagic = 0x05

// delegationPrefix stands before the address in the code of a delegated account (EIP-7702, "Delegation Designation").
var delegationPrefix = []byte{0xef, 0x01, 0x00}

// applyAuthorizations sets the code of each account that authorized it, in order; one that does not hold is skipped. The
// steps are those of EIP-7702, "Behavior". They stay even if the transaction fails.
func applyAuthorizations(machine *evm.Machine, authorizations []Authorization) {
	for index := range authorizations {
		applyAuthorization(machine, &authorizations[index])
	}
}

func applyAuthorization(machine *evm.Machine, authorization *Authorization) {
	chainID := u256.New(machine.Block.ChainID)
	if !authorization.ChainID.IsZero() && !authorization.ChainID.Equals(&chainID) || authorization.Nonce == math.MaxUint64 {
		return
	}

	authority, found := authorization.authority()
	if !found {
		return
	}

	world := machine.State
	world.WarmAddress(authority)
	if code := world.Code(authority); len(code) > 0 {
		if _, isDelegated := evm.Delegate(code); !isDelegated {
			return
		}
	}

	if world.Nonce(authority) != authorization.Nonce {
		return
	}

	// The final text says "if authority is not empty", the official tests and the text before it "if authority exists
	// in the trie". They differ for an empty account in the trie, which no chain has (EIP-7523); the tests were taken.
	if world.Exists(authority) {
		world.AddRefund(emptyAccountGas - authorizationGas)
	}

	var code []byte
	if authorization.Address != (Address{}) {
		code = append(append(code, delegationPrefix...), authorization.Address[:]...)
	}

	world.SetCode(authority, code)
	world.SetNonce(authority, authorization.Nonce+1)
}

// authority is the account that signed; s is in the lower half (EIP-2).
func (authorization *Authorization) authority() (Address, bool) {
	if authorization.Parity > 1 {
		return Address{}, false
	}

	signed := keccak.Sum([]byte{authorizationMagic}, rlp.EncodeList(authorization.encodeSigned()...))
	return precompile.Recover(signed, authorization.R, authorization.S, authorization.Parity == 1, true)
}

// Sender returns the account that signed the transaction, or a deposit's sender; an *InvalidError if nobody did.
func Sender(transaction *Transaction) (Address, error) {
	if transaction.IsDeposit() {
		return transaction.From, nil
	}

	sender, found := precompile.Recover(
		transaction.SigningHash, transaction.R, transaction.S, transaction.IsOddY, true)
	if !found {
		return Address{}, &InvalidError{"a transaction's signature is none"}
	}

	return sender, nil
}
