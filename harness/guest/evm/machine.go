// Package evm executes calls and contract creations by the rules of Ethereum's Cancun upgrade and, where they hold,
// Prague's: what execution-layer specifications call a message, without what surrounds it in a transaction.
package evm

import (
	"errors"

	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// Address is an account's address.
type Address = state.Address

// Block is what contracts can learn about the block they run in.
type Block struct {
	// Coinbase is the fee recipient.
	Coinbase Address
	// Number, Timestamp (seconds) and GasLimit are those of the header; ChainID is the chain's (EIP-155).
	Number, Timestamp, GasLimit, ChainID uint64
	// PrevRandao is the beacon chain's randomness (EIP-4399).
	PrevRandao keccak.Hash
	// BaseFee and BlobBaseFee are in wei for each gas (EIP-1559, EIP-7516).
	BaseFee, BlobBaseFee u256.Int
	// Hash returns the hash of a block of the last 256 before this one.
	Hash func(number uint64) keccak.Hash
}

// Transaction is what contracts can learn about the transaction they run in.
type Transaction struct {
	// Origin is the sender.
	Origin Address
	// GasPrice is what the sender pays for each gas, in wei.
	GasPrice u256.Int
	// BlobHashes are the versioned hashes of a transaction of type 3 (EIP-4844).
	BlobHashes [][32]byte
}

// Errors of a call or creation. All but ErrRevert use up all gas.
var (
	// ErrRevert is the contract's own decision.
	ErrRevert = errors.New("evm: reverted")
	// ErrOutOfGas says that the gas does not pay for an instruction.
	ErrOutOfGas = errors.New("evm: out of gas")
	// ErrStack says that an instruction lacks operands, or the stack would have more than 1,024 words.
	ErrStack = errors.New("evm: stack underflow or overflow")
	// ErrInstruction says that an opcode is not an instruction, or the one that is meant to fail.
	ErrInstruction = errors.New("evm: invalid instruction")
	// ErrJump says that a jump does not lead to a JUMPDEST.
	ErrJump = errors.New("evm: invalid jump")
	// ErrStatic says that a static call would change something.
	ErrStatic = errors.New("evm: change in a static call")
	// ErrReturnData says that RETURNDATACOPY reads behind the end.
	ErrReturnData = errors.New("evm: read behind the return data")
	// ErrDepth says that calls are nested more than 1,024 deep.
	ErrDepth = errors.New("evm: too many nested calls")
	// ErrBalance says that the caller lacks the value it would send.
	ErrBalance = errors.New("evm: balance too low")
	// ErrNonce says that the creator's nonce cannot be increased (EIP-2681).
	ErrNonce = errors.New("evm: nonce at its limit")
	// ErrCollision says that the address of a creation is taken (EIP-684, EIP-7610).
	ErrCollision = errors.New("evm: address is taken")
	// ErrCode says that a creation's result cannot be code: too long (EIP-170) or with a forbidden start (EIP-3541).
	ErrCode = errors.New("evm: invalid code")
)

// Result is the end of a call or creation.
type Result struct {
	// Output is what was returned or, with ErrRevert, why not.
	Output []byte
	// GasLeft is what remains of the gas given.
	GasLeft uint64
	// Err is nil where all went well; otherwise the state is as before.
	Err error
}

// Machine executes the transactions of one block, one after the other.
type Machine struct {
	// State is read and changed.
	State *state.State
	// Rules are those of the block.
	Rules *config.Rules
	// Block and Transaction are set by whoever executes.
	Block       Block
	Transaction Transaction

	// isStrict makes blocks of one instruction, so that gas and stack are checked before each: the definition that blocks
	// are tested against.
	isStrict bool
	// frames are those of each depth, used again and again.
	frames []*frame
	// spare are programs of creation code that has run.
	spare  []*program
	hashes hashes
	// decoded is where a block of instructions grows.
	decoded []instruction
}

// New returns a machine for a state.
func New(world *state.State, rules *config.Rules) *Machine {
	return &Machine{State: world, Rules: rules}
}

// Call sends a message from outside: it moves the value, if the caller has it, and runs what is there at the target.
// Nonce, gas price and access lists are the caller's business.
func (machine *Machine) Call(caller, to Address, input []byte, gas uint64, value *u256.Int) Result {
	target := machine.State.Account(&to)
	message := message{
		caller: caller, account: target, code: target, input: aligned(input), gas: gas, value: *value, movesValue: true,
	}
	return machine.call(&message).detached()
}

// Create runs code from outside that creates a contract. It increases the creator's nonce, which gives the address
// together with the creator's own; both are returned even if the creation fails.
func (machine *Machine) Create(creator Address, code []byte, gas uint64, value *u256.Int) (Address, Result) {
	account := machine.State.Account(&creator)
	nonce := account.Nonce()
	created := createdAddress(&creator, nonce)
	if nonce == nonceLimit {
		return created, Result{GasLeft: gas, Err: ErrNonce}
	}

	if account.Balance().IsBelow(value) {
		return created, Result{GasLeft: gas, Err: ErrBalance}
	}

	account.SetNonce(nonce + 1)
	target := machine.State.Account(&created)
	target.Warm()
	message := message{
		caller: creator, account: target, input: aligned(code), gas: gas, value: *value, movesValue: true,
	}
	return created, machine.create(&message).detached()
}

// detached copies the output, which lies in memory that the next call uses again.
func (result Result) detached() Result {
	if len(result.Output) > 0 {
		result.Output = append([]byte(nil), result.Output...)
	}

	return result
}

// aligned copies bytes to a place where words can be read fast.
func aligned(data []byte) []byte {
	return append([]byte(nil), data...)
}
