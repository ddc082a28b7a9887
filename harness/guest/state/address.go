package state

import (
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/u256"
)

// The methods below do for an address what those of Account do for an account.

// IsEmpty tells whether an account has no nonce, no balance and no code.
func (state *State) IsEmpty(address Address) bool {
	return state.Account(&address).IsEmpty()
}

// Exists tells whether an account is in the trie of accounts, be it empty, or will be after the transaction.
func (state *State) Exists(address Address) bool {
	return state.Account(&address).Exists()
}

// Balance returns a balance in wei.
func (state *State) Balance(address Address) u256.Int {
	return *state.Account(&address).Balance()
}

// AddBalance adds to a balance and touches the account.
func (state *State) AddBalance(address Address, amount *u256.Int) {
	state.Account(&address).AddBalance(amount)
}

// SubBalance takes from a balance, which must be high enough, and touches the account.
func (state *State) SubBalance(address Address, amount *u256.Int) {
	state.Account(&address).SubBalance(amount)
}

// Nonce returns a nonce.
func (state *State) Nonce(address Address) uint64 {
	return state.Account(&address).Nonce()
}

// SetNonce sets a nonce.
func (state *State) SetNonce(address Address, nonce uint64) {
	state.Account(&address).SetNonce(nonce)
}

// Code returns an account's code, which nobody may change.
func (state *State) Code(address Address) []byte {
	return state.Account(&address).Code().Bytes
}

// CodeHash returns the hash of an account's code.
func (state *State) CodeHash(address Address) keccak.Hash {
	return state.Account(&address).CodeHash()
}

// SetCode gives an account code.
func (state *State) SetCode(address Address, code []byte) {
	state.Account(&address).SetCode(code)
}

// Storage returns what an account's storage holds at a place, without accessing it for the transaction.
func (state *State) Storage(address Address, place *u256.Int) u256.Int {
	return state.Account(&address).Peek(place)
}

// SetStorage changes what an account's storage holds at a place, without accessing it for the transaction.
func (state *State) SetStorage(address Address, place, value *u256.Int) {
	state.Account(&address).Poke(place, value)
}

// WarmAddress notes an access (EIP-2929) and tells whether it is the transaction's first.
func (state *State) WarmAddress(address Address) (wasCold bool) {
	return state.Account(&address).Warm()
}

// WarmSlot notes an access (EIP-2929) and tells whether it is the transaction's first.
func (state *State) WarmSlot(address Address, place *u256.Int) (wasCold bool) {
	_, wasCold = state.Account(&address).Slot(place)
	return wasCold
}

// StorageRoot returns the root of an account's storage as it was at the last call of Root.
func (state *State) StorageRoot(address Address) keccak.Hash {
	return state.Account(&address).StorageRoot()
}

// Root writes all changes to the tries, between transactions, and returns the root of the trie of accounts.
func (state *State) Root() keccak.Hash {
	return state.Commit(mpt.Store(nil))
}
