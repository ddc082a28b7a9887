package precompile

// Remote answers the contracts that this package does not compute: from L1, where a dispute game's oracle contract can
// run the same precompile (pre-image key type 6).
type Remote interface {
	// Precompile returns the output of the contract at an address for an input, called with this much gas; false if it
	// fails. The answer is the truth: whoever implements this checks it or ends the program.
	Precompile(address Address, gas uint64, input []byte) (output []byte, ok bool)
	// Malformed ends the program: an answer cannot have come from the contract. It does not return.
	Malformed(address Address)
}

var remote Remote

// Use sets who answers. A program calls it once, before it executes anything.
func Use(answers Remote) {
	remote = answers
}

func ask(address Address, gas uint64, input []byte, lengths []int) ([]byte, error) {
	if remote == nil {
		panic("precompile: nobody was set to answer the precompiles of L1")
	}

	output, ok := remote.Precompile(address, gas, input)
	if !ok {
		return nil, ErrFailure
	}

	for _, length := range lengths {
		if len(output) == length {
			return output, nil
		}
	}

	remote.Malformed(address)
	return nil, ErrFailure
}
