package evm

import "culverin/guest/state"

// delegationPrefix is what the code of an account that delegates starts with; an address follows (EIP-7702).
const delegationPrefix = "\xef\x01\x00"

// Delegate tells whether code is a delegation, and to which address.
func Delegate(code []byte) (address Address, isDelegated bool) {
	if len(code) != len(delegationPrefix)+len(address) || string(code[:len(delegationPrefix)]) != delegationPrefix {
		return address, false
	}

	copy(address[:], code[len(delegationPrefix):])
	return address, true
}

// delegate returns the account that code delegates to, where the rules know delegations.
func (machine *Machine) delegate(code []byte) (account *state.Account, isDelegated bool) {
	if !machine.Rules.Prague {
		return nil, false
	}

	address, isDelegated := Delegate(code)
	if !isDelegated {
		return nil, false
	}

	return machine.State.Account(&address), true
}
