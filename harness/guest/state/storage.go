package state

import (
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/u256"
)

// slot is a place in an account's storage that was accessed in this block.
type slot struct {
	isLoaded, hasKey bool
	// warmIn is the transaction that last accessed it.
	warmIn uint32
	// value is the present one, original that before the transaction, committed that in the trie.
	value, original, committed u256.Int
	// key is the hash of the place's number, if hasKey.
	key keccak.Hash
}

// transient is an account's transient storage (EIP-1153).
type transient struct {
	// in is the transaction it belongs to; in another it is empty.
	in      uint32
	numbers table
	values  []u256.Int
}

// slotNumber returns the account's own number for a place.
func (account *Account) slotNumber(place *u256.Int) int {
	number := account.slotNumbers.find(&account.state.seed, place)
	if number < 0 {
		number = account.slotNumbers.add(&account.state.seed, place)
		account.slots = append(withRoom(account.slots), &slot{})
	}

	return number
}

// open returns a place with the value that the trie has for it.
func (account *Account) open(number int) *slot {
	entry := account.slots[number]
	if entry.isLoaded {
		return entry
	}

	entry.isLoaded = true
	account.load()
	if account.storageRoot == mpt.EmptyRoot {
		return entry
	}

	encoded := account.openStorage().Get(account.slotKey(number))
	if encoded == nil {
		return entry
	}

	start, length, isList, err := rlp.Head(encoded)
	value := encoded[start:]
	if err != nil || isList || length != len(value) || length == 0 || length > u256.Bytes || value[0] == 0 {
		oracle.Fail("a value in a storage trie is malformed:", account.Address[:], encoded)
	}

	entry.committed.SetBytes(value)
	entry.value, entry.original = entry.committed, entry.committed
	return entry
}

// slotKey returns a place's key in the storage trie.
func (account *Account) slotKey(number int) []byte {
	entry := account.slots[number]
	if !entry.hasKey {
		place := account.slotNumbers.keys[number].Bytes32()
		entry.key, entry.hasKey = keccak.Sum(place[:]), true
	}

	return entry.key[:]
}

// Slot is a place in an account's storage, as Account.Slot found it.
type Slot struct {
	account *Account
	entry   *slot
	number  int
}

// Slot accesses a place in the account's storage, and tells whether the transaction does so for the first time
// (EIP-2929).
func (account *Account) Slot(place *u256.Int) (slot Slot, wasCold bool) {
	number := account.slotNumber(place)
	entry := account.slots[number]
	if entry.warmIn == account.state.number {
		return Slot{account, entry, number}, false
	}

	account.state.note(undo{kind: undoWarmSlot, account: account.number, slot: uint32(number), number: uint64(entry.warmIn)})
	entry.warmIn = account.state.number

	// Whatever this transaction wrote there before was undone together with the access itself, so the value is the
	// one before the transaction.
	entry.original = entry.value
	return Slot{account, entry, number}, true
}

// Value returns the present value; the caller must not change it.
func (slot Slot) Value() *u256.Int {
	return &slot.account.open(slot.number).value
}

// Original returns the value before the transaction (EIP-2200); the caller must not change it.
func (slot Slot) Original() *u256.Int {
	return &slot.account.open(slot.number).original
}

// Set changes the value.
func (slot Slot) Set(value *u256.Int) {
	account := slot.account
	entry := account.open(slot.number)
	account.state.note(undo{kind: undoSlot, account: account.number, slot: uint32(slot.number), value: entry.value})
	entry.value.Set(value)
}

// Peek returns the value at a place of the account's storage, without accessing it for the transaction.
func (account *Account) Peek(place *u256.Int) u256.Int {
	return account.open(account.slotNumber(place)).value
}

// Poke changes the value at a place of the account's storage, without accessing it for the transaction.
func (account *Account) Poke(place, value *u256.Int) {
	number := account.slotNumber(place)
	Slot{account, account.slots[number], number}.Set(value)
}

// Transient returns a value of the account's transient storage.
func (account *Account) Transient(place *u256.Int) (value u256.Int) {
	store := &account.transient
	if store.in == account.state.number {
		if number := store.numbers.find(&account.state.seed, place); number >= 0 {
			return store.values[number]
		}
	}

	return value
}

// SetTransient changes a value of the account's transient storage.
func (account *Account) SetTransient(place, value *u256.Int) {
	store := &account.transient
	if store.in != account.state.number {
		*store = transient{in: account.state.number}
	}

	number := store.numbers.find(&account.state.seed, place)
	if number < 0 {
		number = store.numbers.add(&account.state.seed, place)
		store.values = append(withRoom(store.values), u256.Int{})
	}

	account.state.note(undo{kind: undoTransient, account: account.number, slot: uint32(number), value: store.values[number]})
	store.values[number] = *value
}
