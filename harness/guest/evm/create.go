package evm

import (
	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/u256"
)

const (
	// nonceLimit is the highest nonce (EIP-2681).
	nonceLimit = 1<<64 - 1
	// initCodeLimit is the most bytes of creation code, each word of which costs 2 gas (EIP-3860).
	initCodeLimit   = 49152
	initCodeWordGas = 2
	// codeLimit is the most bytes of a contract's code (EIP-170), each of which costs 200 gas.
	codeLimit   = 24576
	codeByteGas = 200
	// codeForbidden is what no code may start with (EIP-3541).
	codeForbidden = 0xef
)

// createdAddress is the address of what an account creates by its nonce (Yellow Paper, 7).
func createdAddress(creator *Address, nonce uint64) (created Address) {
	hash := keccak.Sum(rlp.EncodeList(rlp.EncodeBytes(creator[:]), rlp.EncodeUint64(nonce)))
	copy(created[:], hash[12:])
	return created
}

// createdAddress2 is the address of what an account creates by a salt and the code (EIP-1014).
func createdAddress2(creator *Address, salt *u256.Int, code []byte) (created Address) {
	saltBytes, codeHash := salt.Bytes32(), keccak.Sum(code)
	hash := keccak.Sum([]byte{0xff}, creator[:], saltBytes[:], codeHash[:])
	copy(created[:], hash[12:])
	return created
}

// create runs creation code and gives the account what it returns as code. The input is the code. Where it fails, the
// state is as before.
func (machine *Machine) create(m *message) Result {
	if m.account.IsTaken() {
		return Result{Err: ErrCollision}
	}

	snapshot := machine.State.Snapshot()
	m.account.Create()
	machine.transfer(m)
	program := machine.takeProgram(m.input)
	input := m.input
	m.input = nil
	result := machine.start(m, program)
	m.input = input
	machine.spare = append(machine.spare, program)
	if result.Err == nil {
		result = deposit(m, result)
	}

	if result.Err != nil {
		machine.State.Revert(snapshot)
	}

	return result
}

// deposit gives a new contract its code, if that can be paid.
func deposit(m *message, result Result) Result {
	code := result.Output
	if len(code) > codeLimit || len(code) > 0 && code[0] == codeForbidden {
		return Result{Err: ErrCode}
	}

	cost := codeByteGas * uint64(len(code))
	if result.GasLeft < cost {
		return Result{Err: ErrOutOfGas}
	}

	m.account.SetCode(code)
	result.GasLeft -= cost
	return result
}

// takeProgram returns a program for creation code, which is not kept by its hash: it seldom runs twice.
func (machine *Machine) takeProgram(code []byte) *program {
	last := len(machine.spare) - 1
	if last < 0 {
		machine.spare = append(machine.spare, &program{})
		last = 0
	}

	taken := machine.spare[last]
	machine.spare = machine.spare[:last]
	taken.reset(code)
	return taken
}

func create(f *frame, _ uint32) {
	t := f.top()
	f.create(&t[0], &t[1], &t[2], nil)
}

func create2(f *frame, _ uint32) {
	t := f.top()
	f.create(&t[0], &t[1], &t[2], &t[3])
}

// create does what CREATE and CREATE2 have in common; there is a salt for the latter.
func (f *frame) create(value, offset, size, salt *u256.Int) {
	if f.isStatic {
		f.fail(ErrStatic)
		return
	}

	if !size.IsUint64() || size[0] > initCodeLimit {
		f.fail(ErrOutOfGas)
		return
	}

	wordGas, result := uint64(initCodeWordGas), size
	if salt != nil {
		// The code is hashed (EIP-1014).
		wordGas += 6
		result = salt
	}

	code, ok := f.reach(offset, size, wordGas)
	if !ok {
		return
	}

	machine, creator := f.machine, f.account
	f.offset += (operandsOf(salt) - 1) * wordBytes
	if creator.Balance().IsBelow(value) || creator.Nonce() == nonceLimit || f.depth+1 > depthLimit {
		f.finish(Result{Err: ErrBalance}, nil, result)
		return
	}

	var created Address
	if salt == nil {
		created = createdAddress(&creator.Address, creator.Nonce())
	} else {
		created = createdAddress2(&creator.Address, salt, code)
	}

	account := machine.State.Account(&created)
	account.Warm()
	creator.SetNonce(creator.Nonce() + 1)
	given := allButOne64th(f.gas)
	f.gas -= given
	m := message{
		caller: creator.Address, account: account, input: code, gas: given, value: *value, movesValue: true,
		depth: f.depth + 1,
	}
	ended := machine.create(&m)
	if ended.Err == nil {
		ended.Output = nil
	}

	f.finish(ended, nil, result)
	if ended.Err == nil {
		result.SetAddress(&created)
	}
}

func operandsOf(salt *u256.Int) int {
	if salt == nil {
		return 3
	}

	return 4
}
