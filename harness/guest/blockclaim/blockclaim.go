// Package blockclaim decides whether a claimed hash is that of the block which given payload attributes make on a given
// parent. It is the executor alone, without derivation, in the form of a fault-proof program.
package blockclaim

import (
	"encoding/binary"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/precompile"
)

// Local keys.
const (
	// ParentKey: the parent's hash, 32 bytes.
	ParentKey = 1
	// AttributesKey: the keccak256 hash of the attributes, as block.Attributes encodes them, 32 bytes.
	AttributesKey = 2
	// ClaimKey: the claimed hash, 32 bytes. It is asked last, so that all claims about a block share the run up to there.
	ClaimKey = 3
	// ChainKey: the L2 chain's id, 8 bytes.
	ChainKey = 5
)

// Verdict is the outcome.
type Verdict struct {
	// IsRight tells whether the claim holds.
	IsRight bool
	// Hash is the block's, and Header its header; zero and nil where no block can be made.
	Hash   keccak.Hash
	Header *block.Header
	// Reason says why no block can be made; then every claim is wrong.
	Reason string
	// Claim is the claimed hash.
	Claim keccak.Hash
}

// Decide executes the block; everything comes from the oracle, but precompiles from remote. A native program may bring a
// configuration; without one it is the program's own for the chain's id. Decide ends by oracle.Fail where nothing can be
// known: data are missing or malformed, or the rules of the block's time are not implemented.
func Decide(source *oracle.Oracle, remote precompile.Remote, chain *config.Chain) Verdict {
	precompile.Use(remote)
	if chain == nil {
		chain = readChain(source)
	}

	parent := readParent(source)
	attributes := readAttributes(source)
	result, err := block.Execute(chain, block.NewSource(source), parent, attributes)
	verdict := Verdict{}
	switch failure := err.(type) {
	case nil:
		verdict.Header, verdict.Hash = result.Header, result.Header.Hash()
	case *block.InvalidError:
		verdict.Reason = failure.Reason
	default:
		oracle.Fail(err.Error())
	}

	copy(verdict.Claim[:], source.Local(ClaimKey, keccak.Size))
	verdict.IsRight = err == nil && verdict.Claim == verdict.Hash
	return verdict
}

func readChain(source *oracle.Oracle) *config.Chain {
	id := source.Local(ChainKey, 8)
	chain, found := config.ByID(binary.BigEndian.Uint64(id))
	if !found {
		oracle.Fail("the program has no configuration of the chain", id)
	}

	return chain
}

func readParent(source *oracle.Oracle) *block.Header {
	var hash keccak.Hash
	copy(hash[:], source.Local(ParentKey, keccak.Size))
	source.Hint("l2-block-header", hash[:])
	parent, err := block.DecodeHeader(source.Keccak(hash))
	if err != nil {
		oracle.Fail("the parent's header is malformed", hash[:])
	}

	return parent
}

func readAttributes(source *oracle.Oracle) *block.Attributes {
	var hash keccak.Hash
	copy(hash[:], source.Local(AttributesKey, keccak.Size))
	attributes, err := block.DecodeAttributes(source.Keccak(hash))
	if err != nil {
		oracle.Fail("the payload attributes are malformed", hash[:])
	}

	return attributes
}
