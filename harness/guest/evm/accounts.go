package evm

import (
	"culverin/guest/keccak"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// access returns the account whose address a word names; what a cold access costs is paid (EIP-2929).
func (f *frame) access(word *u256.Int) (account *state.Account, ok bool) {
	account = f.machine.State.AccountOf(word)
	return account, !account.Warm() || f.spend(coldAccountGas)
}

func balance(f *frame, _ uint32) {
	word := &f.top()[0]
	if account, ok := f.access(word); ok {
		word.Set(account.Balance())
	}
}

// EXTCODESIZE, EXTCODECOPY and EXTCODEHASH see an account's own code: where that is a delegation, its 23 bytes
// (EIP-7702, "Delegation Designation").
func externalCodeSize(f *frame, _ uint32) {
	word := &f.top()[0]
	if account, ok := f.access(word); ok {
		word.SetUint64(uint64(len(account.Code().Bytes)))
	}
}

func externalCodeCopy(f *frame, _ uint32) {
	t := f.top()
	account, ok := f.access(&t[0])
	if !ok {
		return
	}

	var code []byte
	if !t[3].IsZero() {
		code = account.Code().Bytes
	}

	if f.copyInto(&t[1], &t[2], &t[3], code) {
		f.offset += 4 * wordBytes
	}
}

// externalCodeHash is zero for an account that does not exist (EIP-1052) or is empty (EIP-161).
func externalCodeHash(f *frame, _ uint32) {
	word := &f.top()[0]
	account, ok := f.access(word)
	if !ok {
		return
	}

	if account.IsEmpty() {
		word.Clear()
		return
	}

	f.setHash(word, account.CodeHash())
}

func storageLoad(f *frame, _ uint32) {
	word := &f.top()[0]
	slot, wasCold := f.account.Slot(word)
	if wasCold && !f.spend(coldSlotGas) {
		return
	}

	word.Set(slot.Value())
}

// Gas of SSTORE (EIP-2200 with the amounts of EIP-2929 and EIP-3529).
const (
	storeStipend    = 2300
	storeSetGas     = 20000
	storeResetGas   = 5000 - 2100
	storeClearGas   = 4800
	storeColdGas    = 2100
	storeNothingGas = warmGas
)

// storageStore is given the gas of the instructions behind it in its block, which is already paid.
func storageStore(f *frame, behind uint32) {
	t := f.top()
	if f.isStatic {
		f.fail(ErrStatic)
		return
	}

	if f.gas+uint64(behind) <= storeStipend {
		f.fail(ErrOutOfGas)
		return
	}

	slot, wasCold := f.account.Slot(&t[0])
	cost := uint64(0)
	if wasCold {
		cost = storeColdGas
	}

	present, value := slot.Value(), &t[1]
	if present.Equals(value) {
		if f.spend(cost + storeNothingGas) {
			f.offset += 2 * wordBytes
		}

		return
	}

	original := slot.Original()
	switch {
	case !original.Equals(present):
		cost += storeNothingGas
	case original.IsZero():
		cost += storeSetGas
	default:
		cost += storeResetGas
	}

	if !f.spend(cost) {
		return
	}

	f.refund(original, present, value)
	slot.Set(value)
	f.offset += 2 * wordBytes
}

// refund counts what a changed slot gives back or takes back (EIP-2200, as amended by EIP-3529).
func (f *frame) refund(original, present, value *u256.Int) {
	world := f.machine.State
	if original.Equals(present) {
		if value.IsZero() {
			world.AddRefund(storeClearGas)
		}

		return
	}

	if !original.IsZero() {
		if present.IsZero() {
			world.SubRefund(storeClearGas)
		} else if value.IsZero() {
			world.AddRefund(storeClearGas)
		}
	}

	if original.Equals(value) {
		if original.IsZero() {
			world.AddRefund(storeSetGas - storeNothingGas)
		} else {
			world.AddRefund(storeResetGas - storeNothingGas)
		}
	}
}

func transientLoad(f *frame, _ uint32) {
	word := &f.top()[0]
	value := f.account.Transient(word)
	word.Set(&value)
}

func transientStore(f *frame, _ uint32) {
	if f.isStatic {
		f.fail(ErrStatic)
		return
	}

	t := f.top()
	f.account.SetTransient(&t[0], &t[1])
	f.offset += 2 * wordBytes
}

// log is LOG0 to LOG4; each byte costs 8 gas.
func log(f *frame, topics uint32) {
	if f.isStatic {
		f.fail(ErrStatic)
		return
	}

	t := f.top()
	data, ok := f.reach(&t[0], &t[1], 0)
	if !ok || !f.spend(8*uint64(len(data))) {
		return
	}

	entry := state.Log{Address: f.account.Address, Data: append([]byte(nil), data...)}
	for index := 0; index < int(topics); index++ {
		entry.Topics = append(entry.Topics, keccak.Hash(t[2+index].Bytes32()))
	}

	f.machine.State.AddLog(entry)
	f.offset += (2 + int(topics)) * wordBytes
}

const newAccountGas = 25000

// selfDestruct sends the whole balance away. Only an account that this transaction created goes as well (EIP-6780);
// what it has sent to itself is gone then.
func selfDestruct(f *frame, _ uint32) {
	if f.isStatic {
		f.fail(ErrStatic)
		return
	}

	heir := f.machine.State.AccountOf(&f.top()[0])
	cost := uint64(0)
	if heir.Warm() {
		// Unlike elsewhere, no warm access is part of the least cost.
		cost = coldAccountGas + warmGas
	}

	amount := *f.account.Balance()
	if !amount.IsZero() && heir.IsEmpty() {
		cost += newAccountGas
	}

	if !f.spend(cost) {
		return
	}

	if heir != f.account {
		heir.AddBalance(&amount)
		f.account.SubBalance(&amount)
	} else if f.account.IsCreated() {
		f.account.SubBalance(&amount)
	}

	if f.account.IsCreated() {
		f.account.Destroy()
	}

	f.stop()
}
