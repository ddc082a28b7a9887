// Package outputclaim decides whether a claimed output root of an L2 is right: it derives the L2 from L1 and executes it,
// from an output that both sides of a dispute agree on. It is the fault-proof program without its input and output.
package outputclaim

import (
	"encoding/binary"

	"culverin/guest/block"
	"culverin/guest/chain"
	"culverin/guest/chainoracle"
	"culverin/guest/config"
	"culverin/guest/config/reserved"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/pipeline"
	"culverin/guest/precompile"
)

// Local keys, as the dispute game contract serves them.
const (
	// L1HeadKey: the hash of the L1 block up to which L1 counts, 32 bytes.
	L1HeadKey = 1
	// AgreedKey: the output root that both sides agree on, 32 bytes.
	AgreedKey = 2
	// ClaimKey: the claimed output root, 32 bytes. It is asked last, so that all claims about a block share their run up
	// to there.
	ClaimKey = 3
	// BlockKey: the number of the L2 block that the claim is about, 8 bytes.
	BlockKey = 4
	// ChainKey: the L2 chain's id, 8 bytes; its configuration is in the program, or was written into it.
	ChainKey = 5
)

// Verdict is the outcome.
type Verdict struct {
	// IsRight tells whether the claim holds.
	IsRight bool
	// Block is the number of the L2 block whose output root is right, Root that output root, and L1Origin the number of the
	// L1 block up to which L1 was read for it; 0 if nothing was.
	Block, L1Origin uint64
	Root            keccak.Hash
	// Claim is the claimed output root, ClaimedBlock the block that it is about.
	Claim        keccak.Hash
	ClaimedBlock uint64
}

// Decide derives and executes; everything comes from the oracle, but precompiles from remote. A native program may bring
// a configuration; without one it is the program's own for the chain's id. Decide ends by oracle.Fail where nothing can be
// known.
//
// Where L1 ends before the claimed block can be derived, the right root is that of the last block that can be: so an honest
// player has a right root to claim for every block of a game, and a proposal that runs ahead of L1 is wrong. A block before
// the agreed one has no right root.
func Decide(source *oracle.Oracle, remote precompile.Remote, rollup *config.Rollup) Verdict {
	precompile.Use(remote)
	var head, agreedRoot keccak.Hash
	copy(head[:], source.Local(L1HeadKey, keccak.Size))
	copy(agreedRoot[:], source.Local(AgreedKey, keccak.Size))
	verdict := Verdict{ClaimedBlock: binary.BigEndian.Uint64(source.Local(BlockKey, 8))}
	id := source.Local(ChainKey, 8)
	if rollup == nil {
		rollup = ownConfiguration(id)
	}

	source.Hint("l2-output", agreedRoot[:])
	agreed, err := chain.DecodeOutput(source.Keccak(agreedRoot))
	if err != nil {
		oracle.Fail("the agreed output is malformed:", agreedRoot[:])
	}

	l2 := chainoracle.NewL2(source, agreed.Block)
	start := l2.Head().Header.Number
	verdict.Root = agreedRoot
	if verdict.ClaimedBlock > start {
		walk := pipeline.New(rollup, chainoracle.NewL1(source, head), l2)
		verdict.L1Origin = derive(rollup, walk, l2, verdict.ClaimedBlock)
	}

	verdict.Block = l2.Head().Header.Number
	if verdict.Block > start {
		verdict.Root = outputRoot(l2)
	}

	copy(verdict.Claim[:], source.Local(ClaimKey, keccak.Size))
	verdict.IsRight = verdict.ClaimedBlock >= verdict.Block && verdict.Claim == verdict.Root
	return verdict
}

// ownConfiguration is what was written into the program, or what it knows by itself.
func ownConfiguration(id []byte) *config.Rollup {
	number := binary.BigEndian.Uint64(id)
	written, err := reserved.Rollup()
	must(err)
	if written != nil && written.Chain.ID == number {
		return written
	}

	rollup, found := config.RollupByID(number)
	if !found {
		oracle.Fail("the program has no configuration of the chain", id)
	}

	return rollup
}

// derive makes blocks on top of L2 up to a number, or to where L1 ends. It returns the number of the L1 block up to which L1
// was read.
func derive(rollup *config.Rollup, walk *pipeline.Pipeline, l2 *chainoracle.L2, last uint64) uint64 {
	must(walk.Reset(l2.Head().Header.Number))
	for l2.Head().Header.Number < last {
		payload, err := walk.Next()
		if err == pipeline.ErrEndOfL1 {
			break
		}

		must(err)
		parent := l2.Head().Header
		result, err := block.ExecuteInto(rollup.Chain, l2, parent, payload.Attributes, l2.Keep)
		if _, isInvalid := err.(*block.InvalidError); isInvalid {
			must(walk.Reject())
			continue
		}

		must(err)
		hash := result.Header.Hash()
		l2.Add(hash, result.Header, payload.Attributes.Transactions)
		must(walk.Accept(hash, result.Header))
	}

	return walk.Origin().Number
}

// must ends the program by oracle.Fail after an error: nothing can be known then.
func must(err error) {
	if err != nil {
		oracle.Fail(err.Error())
	}
}

// outputRoot is that of the newest block. Since Isthmus its header has the message passer's storage root; before, it is in
// the state.
func outputRoot(l2 *chainoracle.L2) keccak.Hash {
	head := l2.Head()
	output := chain.Output{
		StateRoot: head.Header.StateRoot, MessagePasserRoot: head.Header.WithdrawalsRoot, Block: head.Hash,
	}
	if !head.Header.HasRequests {
		output.MessagePasserRoot = mpt.EmptyRoot
		key := keccak.Sum(chain.MessagePasser[:])
		if account := mpt.Open(l2, head.Header.StateRoot).Get(key[:]); account != nil {
			root, err := chain.DecodeStorageRoot(account)
			if err != nil {
				oracle.Fail("the message passer's account is malformed; the state's root is", head.Header.StateRoot[:])
			}

			output.MessagePasserRoot = root
		}
	}

	return output.Root()
}
