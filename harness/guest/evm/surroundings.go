package evm

import (
	"culverin/guest/keccak"
	"culverin/guest/u256"
)

// Gas of accesses (EIP-2929): the warm one is part of an instruction's least cost, the cold ones are what is added.
const (
	warmGas        = 100
	coldAccountGas = 2600 - warmGas
	coldSlotGas    = 2100 - warmGas
	// copyGas is the gas of each word copied to memory.
	copyGas = 3
)

// push makes room for one more word and returns it.
func (f *frame) push() *u256.Int {
	f.offset -= wordBytes
	return &f.top()[0]
}

func (f *frame) pushAddress(address *Address) {
	f.push().SetAddress(address)
}

func address(f *frame, _ uint32) {
	f.pushAddress(&f.account.Address)
}

func origin(f *frame, _ uint32) {
	f.pushAddress(&f.machine.Transaction.Origin)
}

func caller(f *frame, _ uint32) {
	f.pushAddress(&f.caller)
}

func callValue(f *frame, _ uint32) {
	f.push().Set(&f.value)
}

func callDataLoad(f *frame, _ uint32) {
	offset := &f.top()[0]
	if !offset.IsUint64() || offset[0] >= uint64(len(f.input)) {
		offset.Clear()
		return
	}

	data := f.input[offset[0]:]
	if len(data) >= wordBytes {
		offset.LoadBytes32((*[wordBytes]byte)(data))
		return
	}

	var padded [wordBytes]byte
	copy(padded[:], data)
	offset.LoadBytes32(&padded)
}

func callDataSize(f *frame, _ uint32) {
	f.push().SetUint64(uint64(len(f.input)))
}

func callDataCopy(f *frame, _ uint32) {
	t := f.top()
	if f.copyInto(&t[0], &t[1], &t[2], f.input) {
		f.offset += 3 * wordBytes
	}
}

func codeSize(f *frame, _ uint32) {
	f.push().SetUint64(uint64(len(f.program.code)))
}

func codeCopy(f *frame, _ uint32) {
	t := f.top()
	if f.copyInto(&t[0], &t[1], &t[2], f.program.code) {
		f.offset += 3 * wordBytes
	}
}

func gasPrice(f *frame, _ uint32) {
	f.push().Set(&f.machine.Transaction.GasPrice)
}

func returnDataSize(f *frame, _ uint32) {
	f.push().SetUint64(uint64(len(f.returned)))
}

// returnDataCopy must not read behind the end, not even nothing (EIP-211).
func returnDataCopy(f *frame, _ uint32) {
	t := f.top()
	var end u256.Int
	if end.AddOverflow(&t[1], &t[2]) || !end.IsUint64() || end[0] > uint64(len(f.returned)) {
		f.fail(ErrReturnData)
		return
	}

	if f.copyInto(&t[0], &t[1], &t[2], f.returned) {
		f.offset += 3 * wordBytes
	}
}

func blockHash(f *frame, _ uint32) {
	asked, number := &f.top()[0], f.machine.Block.Number
	if !asked.IsUint64() || asked[0] >= number || number-asked[0] > 256 {
		asked.Clear()
		return
	}

	f.setHash(asked, f.machine.Block.Hash(asked[0]))
}

func (f *frame) setHash(word *u256.Int, hash keccak.Hash) {
	word.LoadBytes32((*[wordBytes]byte)(&hash))
}

func coinbase(f *frame, _ uint32) {
	f.pushAddress(&f.machine.Block.Coinbase)
}

func timestamp(f *frame, _ uint32) {
	f.push().SetUint64(f.machine.Block.Timestamp)
}

func number(f *frame, _ uint32) {
	f.push().SetUint64(f.machine.Block.Number)
}

func prevRandao(f *frame, _ uint32) {
	f.setHash(f.push(), f.machine.Block.PrevRandao)
}

func gasLimit(f *frame, _ uint32) {
	f.push().SetUint64(f.machine.Block.GasLimit)
}

func chainID(f *frame, _ uint32) {
	f.push().SetUint64(f.machine.Block.ChainID)
}

func selfBalance(f *frame, _ uint32) {
	f.push().Set(f.account.Balance())
}

func baseFee(f *frame, _ uint32) {
	f.push().Set(&f.machine.Block.BaseFee)
}

// blobHash is BLOBHASH (EIP-4844).
func blobHash(f *frame, _ uint32) {
	index, hashes := &f.top()[0], f.machine.Transaction.BlobHashes
	if !index.IsUint64() || index[0] >= uint64(len(hashes)) {
		index.Clear()
		return
	}

	f.setHash(index, hashes[index[0]])
}

func blobBaseFee(f *frame, _ uint32) {
	f.push().Set(&f.machine.Block.BlobBaseFee)
}

// gas pushes what is left behind this very instruction.
func gas(f *frame, behind uint32) {
	f.push().SetUint64(f.gas + uint64(behind))
}
