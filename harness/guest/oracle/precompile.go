package oracle

import "culverin/guest/keccak"

// Answers to precompiles begin with a status.
const (
	precompileFailed    = 0
	precompileSucceeded = 1
)

// Precompile asks what a precompiled contract of L1 answers to an input: key type 6. Nothing in the program can check
// the answer; on chain the oracle contract runs the precompile itself, and a host recomputes before it answers.
//
// The question is named by the hash of address ‖ input, or of address ‖ gas (8 bytes, big-endian) ‖ input, as the oracle
// contract of the program's disputes does it (see namesPrecompileGas).
func (oracle *Oracle) Precompile(address [20]byte, gas uint64, input []byte) (output []byte, ok bool) {
	question := make([]byte, 0, len(address)+8+len(input))
	question = append(question, address[:]...)
	hint := "l1-precompile"
	if namesPrecompileGas {
		hint = "l1-precompile-v2"
		for shift := 56; shift >= 0; shift -= 8 {
			question = append(question, byte(gas>>uint(shift)))
		}
	}

	question = append(question, input...)
	oracle.Hint(hint, question)
	answer := oracle.source.Get(keyOf(precompileType, keccak.Sum(question)))
	switch {
	case len(answer) == 1 && answer[0] == precompileFailed:
		return nil, false
	case len(answer) > 0 && answer[0] == precompileSucceeded:
		return answer[1:], true
	}

	oracle.Malformed(address)
	return nil, false
}

// Malformed ends the program: the answer of a precompile is missing, or none that it can give.
func (oracle *Oracle) Malformed(address [20]byte) {
	Fail("the answer of a precompile is missing or malformed; its address is", address[:])
}
