// Package precompile holds the contracts that are part of the EVM itself: their gas, their input limits and, for those
// that are cheap enough in a virtual machine, their result. The others are asked from L1 (see Remote).
package precompile

import (
	"errors"

	"culverin/guest/config"
)

// Address is an account's address.
type Address = [20]byte

// ErrOutOfGas says that the gas given does not pay for the input.
var ErrOutOfGas = errors.New("precompile: out of gas")

// ErrFailure says that the contract fails on the input.
var ErrFailure = errors.New("precompile: the input is not acceptable")

// contract is one precompiled contract.
type contract struct {
	// gas is what the input costs; not all of it fits 64 bits, so false means more than anybody has.
	gas func(input []byte) (uint64, bool)
	// check refuses inputs by their length before any work; nil if every length is allowed.
	check func(length int, rules *config.Rules) bool
	// run computes the output; nil where L1 is asked.
	run func(input []byte) ([]byte, error)
	// outputs are the lengths that an answer from L1 can have.
	outputs []int
}

// Numbers of the contracts; their addresses are these numbers, big-endian.
const (
	numberRecover       = 0x01
	numberSha256        = 0x02
	numberRipemd160     = 0x03
	numberIdentity      = 0x04
	numberModExp        = 0x05
	numberBn254Add      = 0x06
	numberBn254Multiply = 0x07
	numberBn254Pairing  = 0x08
	numberBlake2F       = 0x09
	numberPointCheck    = 0x0a
	numberBlsFirst      = 0x0b
	numberBlsLast       = 0x11
	numberP256Verify    = 0x100
)

// find returns the contract at an address under some rules, or nil.
func find(address Address, rules *config.Rules) *contract {
	for _, octet := range address[:18] {
		if octet != 0 {
			return nil
		}
	}

	switch number := int(address[18])<<8 | int(address[19]); {
	case number == 0:
		return nil
	case number <= numberPointCheck:
		return &classic[number]
	case number <= numberBlsLast && rules.Prague:
		return &bls[number-numberBlsFirst]
	case number == numberP256Verify && rules.Fjord:
		return &p256Verify
	}

	return nil
}

// classic are the contracts up to Cancun, by their number. Gas: EIP-196, 197 (as lowered by EIP-1108), 152, 2565, 4844
// and, for the first four, the Yellow Paper, appendix E.
var classic = [numberPointCheck + 1]contract{
	numberRecover:       {gas: fixed(3000), run: recoverSigner},
	numberSha256:        {gas: perWord(60, 12), run: sha256Sum},
	numberRipemd160:     {gas: perWord(600, 120), run: ripemd160Sum},
	numberIdentity:      {gas: perWord(15, 3), run: identity},
	numberModExp:        {gas: modExpGas, run: modExp},
	numberBn254Add:      {gas: fixed(150), run: bn254Add},
	numberBn254Multiply: {gas: fixed(6000), run: bn254Multiply},
	numberBn254Pairing:  {gas: pairingGas, check: checkPairing, outputs: []int{32}},
	numberBlake2F:       {gas: blake2FGas, run: blake2F},
	numberPointCheck:    {gas: fixed(50000), check: exactly(192), outputs: []int{64}},
}

// RIP-7212, with the gas of the Fjord upgrade (precompiles.md, "P256VERIFY").
var p256Verify = contract{gas: fixed(3450), run: p256VerifySignature}

// Is tells whether there is a precompiled contract at an address.
func Is(address Address, rules *config.Rules) bool {
	return find(address, rules) != nil
}

// Each calls visit with the address of every precompiled contract (EIP-2929: they are warm from the start).
func Each(rules *config.Rules, visit func(address Address)) {
	for number := 1; number <= numberP256Verify; number++ {
		address := Address{18: byte(number >> 8), 19: byte(number)}
		if Is(address, rules) {
			visit(address)
		}
	}
}

// Run executes the contract at an address, which must be one, and returns its output and the gas that is left. On an
// error no gas is left.
func Run(address Address, input []byte, gas uint64, rules *config.Rules) (output []byte, gasLeft uint64, err error) {
	contract := find(address, rules)
	if contract == nil {
		return nil, 0, ErrFailure
	}

	cost, isBounded := contract.gas(input)
	if !isBounded || cost > gas {
		return nil, 0, ErrOutOfGas
	}

	if contract.check != nil && !contract.check(len(input), rules) {
		return nil, 0, ErrFailure
	}

	if contract.run != nil {
		output, err = contract.run(input)
	} else {
		output, err = ask(address, cost, input, contract.outputs)
	}

	if err != nil {
		return nil, 0, err
	}

	return output, gas - cost, nil
}

func fixed(cost uint64) func(input []byte) (uint64, bool) {
	return func([]byte) (uint64, bool) { return cost, true }
}

func perWord(base, word uint64) func(input []byte) (uint64, bool) {
	return func(input []byte) (uint64, bool) {
		return base + word*((uint64(len(input))+31)/32), true
	}
}

func exactly(length int) func(int, *config.Rules) bool {
	return func(given int, _ *config.Rules) bool { return given == length }
}

// padded returns length bytes of data from an offset on; what lies behind the end of data is zero.
func padded(data []byte, offset, length int) []byte {
	result := make([]byte, length)
	if offset < len(data) {
		copy(result, data[offset:])
	}

	return result
}
