// Package state holds the accounts of a chain while a block changes them: what is accessed is loaded from the tries,
// changes can be taken back inside a transaction, and all that is left is written to the tries at the end.
package state

import (
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/u256"
)

// Source hands out trie nodes and code, checked against their hash. It ends the program, see oracle.Fail, where it
// cannot.
type Source interface {
	mpt.Nodes
	Code(hash keccak.Hash) []byte
}

// Log is an event that a contract has written.
type Log struct {
	// Address is the contract's.
	Address Address
	// Topics are at most four.
	Topics []keccak.Hash
	// Data is the rest.
	Data []byte
}

// State is all accounts.
type State struct {
	source   Source
	trie     *mpt.Trie
	seed     seed
	numbers  table
	accounts []*Account
	codes    map[keccak.Hash]*Code

	// number counts transactions from 1 on; marks of other transactions count as none.
	number  uint32
	journal []undo
	// replaced are codes that the journal may put back.
	replaced []*Code
	touched  []*Account
	logs     []Log
	refund   uint64
}

// New returns the state with a root. secret should not be known to those who write the transactions; it has no
// influence on any result.
func New(source Source, root keccak.Hash, secret keccak.Hash) *State {
	state := &State{
		source: source,
		trie:   mpt.Open(source, root),
		codes:  map[keccak.Hash]*Code{EmptyCodeHash: noCode},
		number: 1,
	}
	for index := range state.seed {
		word := secret[4*index : 4*index+4]
		state.seed[index] = uint32(word[0])<<24 | uint32(word[1])<<16 | uint32(word[2])<<8 | uint32(word[3])
	}

	return state
}

// Account returns an account, which need not exist. Nothing is read until something of it is asked for.
func (state *State) Account(address *Address) *Account {
	var key u256.Int
	key.SetAddress(address)
	return state.AccountOf(&key)
}

// AccountOf returns the account whose address is in a word's lowest 20 bytes.
func (state *State) AccountOf(word *u256.Int) *Account {
	key := u256.Int{word[0], word[1], word[2] & 0xffffffff}
	number := state.numbers.find(&state.seed, &key)
	if number < 0 {
		number = state.numbers.add(&state.seed, &key)
		account := &Account{Address: key.Address(), state: state, number: uint32(number)}
		state.accounts = append(withRoom(state.accounts), account)
	}

	return state.accounts[number]
}

// BeginTransaction starts a transaction: nothing is accessed, created or destroyed yet, there is no refund and no log, and
// transient storage is empty.
func (state *State) BeginTransaction() {
	state.number++
	state.journal, state.replaced, state.touched = state.journal[:0], state.replaced[:0], state.touched[:0]
	state.logs, state.refund = nil, 0
}

// EndTransaction finishes a transaction: accounts that destroyed themselves go (EIP-6780), and so do touched accounts that are
// empty (EIP-161). It cannot be taken back.
func (state *State) EndTransaction() {
	for _, account := range state.touched {
		if account.destroyedIn == state.number {
			account.remove()
		} else if account.touchedIn == state.number {
			account.exists = !account.IsEmpty()
		}
	}

	state.journal = state.journal[:0]
}

// remove empties an account that was created in this transaction, so that its tries hold nothing of it.
func (account *Account) remove() {
	account.exists = false
	account.nonce, account.balance = 0, u256.Int{}
	account.code, account.codeHash = noCode, EmptyCodeHash
	for _, entry := range account.slots {
		entry.value.Clear()
	}
}

// Refund returns what was added to the refund counter less what was taken.
func (state *State) Refund() uint64 {
	return state.refund
}

// AddRefund adds to the refund counter.
func (state *State) AddRefund(gas uint64) {
	state.refund += gas
}

// SubRefund takes from the refund counter.
func (state *State) SubRefund(gas uint64) {
	state.refund -= gas
}

// AddLog writes an event; it keeps the slices.
func (state *State) AddLog(log Log) {
	state.logs = append(withRoom(state.logs), log)
}

// Logs returns the events of the transaction.
func (state *State) Logs() []Log {
	return state.logs
}

func (state *State) codeOf(hash keccak.Hash) *Code {
	code := state.codes[hash]
	if code == nil {
		code = &Code{Bytes: state.source.Code(hash), Hash: hash}
		state.codes[hash] = code
	}

	return code
}

func (state *State) newCode(data []byte) *Code {
	hash := keccak.Sum(data)
	code := state.codes[hash]
	if code == nil {
		code = &Code{Bytes: append([]byte(nil), data...), Hash: hash, isNew: true}
		state.codes[hash] = code
	}

	return code
}

// NewCode calls visit with the code of every contract that the block created, or that was given to an account.
func (state *State) NewCode(visit func(code *Code)) {
	for _, code := range state.codes {
		if code.isNew {
			visit(code)
		}
	}
}
