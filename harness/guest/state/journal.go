package state

import "culverin/guest/u256"

type undoKind uint8

const (
	undoTouch undoKind = iota
	undoNonce
	undoBalance
	undoCode
	undoCreated
	undoDestroyed
	undoWarm
	undoWarmSlot
	undoSlot
	undoTransient
)

// undo says how one change of an account is taken back. It has no pointers, which would cost the allocator a step for
// each word of a long journal.
type undo struct {
	kind undoKind
	// account and slot are numbers, see State.accounts and Account.slots.
	account, slot uint32
	// number is what a count, a mark or the number of a code was before, value what a word was.
	number uint64
	value  u256.Int
}

func (state *State) note(change undo) {
	state.journal = append(withRoom(state.journal), change)
}

// withRoom returns a slice with room for one more element. It doubles; append itself grows by a quarter, so that what
// becomes long is copied, and left behind, several times over.
func withRoom[T any](slice []T) []T {
	if len(slice) < cap(slice) {
		return slice
	}

	return append(make([]T, 0, 2*len(slice)+8), slice...)
}

// Snapshot is a moment in a transaction to which the state can return.
type Snapshot struct {
	changes, logs int
	refund        uint64
}

// Snapshot returns the present moment.
func (state *State) Snapshot() Snapshot {
	return Snapshot{len(state.journal), len(state.logs), state.refund}
}

// Revert takes back all changes since a moment of the same transaction: values, accesses, logs and the refund.
func (state *State) Revert(snapshot Snapshot) {
	for index := len(state.journal) - 1; index >= snapshot.changes; index-- {
		state.takeBack(&state.journal[index])
	}

	state.journal = state.journal[:snapshot.changes]
	state.logs = state.logs[:snapshot.logs]
	state.refund = snapshot.refund
}

func (state *State) takeBack(change *undo) {
	account := state.accounts[change.account]
	switch change.kind {
	case undoTouch:
		account.touchedIn = uint32(change.number)
	case undoNonce:
		account.nonce = change.number
	case undoBalance:
		account.balance = change.value
	case undoCode:
		account.code = state.replaced[change.number]
		account.codeHash = account.code.Hash
	case undoCreated:
		account.createdIn = uint32(change.number)
	case undoDestroyed:
		account.destroyedIn = uint32(change.number)
	case undoWarm:
		account.warmIn = uint32(change.number)
	case undoWarmSlot:
		account.slots[change.slot].warmIn = uint32(change.number)
	case undoSlot:
		account.slots[change.slot].value = change.value
	case undoTransient:
		account.transient.values[change.slot] = change.value
	}
}
