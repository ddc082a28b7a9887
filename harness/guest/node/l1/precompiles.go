package l1

import (
	"culverin/guest/precompile"
)

// signersKept is how many recovered signers are kept: each is asked for when a transaction comes, when it is executed and
// whenever somebody reads its block.
const signersKept = 1 << 15

// Precompiles answers precompiled contracts for many goroutines, and remembers who signed what.
type Precompiles struct {
	precompile.Remote
	signers recent[[128]byte, []byte]
}

// NewPrecompiles asks another one for what it does not remember; that one must answer many goroutines.
func NewPrecompiles(remote precompile.Remote) *Precompiles {
	return &Precompiles{Remote: remote, signers: recent[[128]byte, []byte]{most: signersKept}}
}

// Precompile answers one contract.
func (precompiles *Precompiles) Precompile(
	address precompile.Address, gas uint64, input []byte,
) (output []byte, ok bool) {
	var key [128]byte
	isSigner := address == precompile.Address{19: 1} && copy(key[:], input) == len(input)
	if isSigner {
		if output, found := precompiles.signers.get(key); found {
			return output, true
		}
	}

	output, ok = precompiles.Remote.Precompile(address, gas, input)
	if isSigner && ok {
		precompiles.signers.put(key, output)
	}

	return output, ok
}
