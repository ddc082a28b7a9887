package rollup

import (
	"encoding/binary"

	"culverin/guest/chain"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/trie"
)

// Claim is what a dispute is about; the game provides it under the local keys 1 to 5.
type Claim struct {
	// L1Head is the newest L1 block when the game was created: later data does not count.
	L1Head keccak.Hash
	// AgreedRoot is the output root that both sides take as right.
	AgreedRoot keccak.Hash
	// ClaimedRoot is the output root in dispute.
	ClaimedRoot keccak.Hash
	// ClaimedBlock is the number of the L2 block it is claimed for.
	ClaimedBlock uint64
	// ChainID names the L2 chain.
	ChainID uint64
}

// ReadClaim asks for the claim to decide.
func ReadClaim(source *oracle.Oracle) Claim {
	var claim Claim
	copy(claim.L1Head[:], source.Local(1, keccak.Size))
	copy(claim.AgreedRoot[:], source.Local(2, keccak.Size))
	copy(claim.ClaimedRoot[:], source.Local(3, keccak.Size))
	claim.ClaimedBlock = binary.BigEndian.Uint64(source.Local(4, 8))
	claim.ChainID = binary.BigEndian.Uint64(source.Local(5, 8))
	return claim
}

// Verdict is the outcome, and how it came about.
type Verdict struct {
	// IsRight tells whether the claim holds.
	IsRight bool
	// Block is the number of the last block that was followed.
	Block uint64
	// Root is the output root that would have been right.
	Root keccak.Hash
}

// Decide finds out whether a claim is right.
//
// The right root for a block is that of the block itself or, where the data on L1 ends earlier, that of the last
// block whose data is there: so an honest player has a right root to claim for every block of a game, and
// a proposal that runs ahead of the data is wrong. A block before the agreed one has no right root.
func Decide(source *oracle.Oracle, claim Claim) Verdict {
	source.Hint("l2-output", claim.AgreedRoot[:])
	agreed, err := chain.DecodeOutput(source.Keccak(claim.AgreedRoot))
	if err != nil {
		panic("rollup: the agreed output is malformed")
	}

	block := header(source, "l2-block-header", agreed.Block)
	verdict := Verdict{Block: block.Number, Root: claim.AgreedRoot}
	if claim.ClaimedBlock > block.Number {
		attributes := originOf(source, agreed.Block, block)
		posts := collect(source, claim.L1Head, attributes, Inbox(claim.ChainID))
		hash, last := follow(posts, agreed.Block, block, claim.ClaimedBlock)
		if last.Number > block.Number {
			verdict = Verdict{Block: last.Number, Root: outputRoot(source, hash, last)}
		}
	}

	verdict.IsRight = claim.ClaimedBlock >= verdict.Block && claim.ClaimedRoot == verdict.Root
	return verdict
}

// follow goes from block to block up to a number, or to where the data ends.
func follow(posts posted, hash keccak.Hash, block chain.Header, number uint64) (keccak.Hash, chain.Header) {
	for block.Number < number {
		next, found := posts.next(hash, block.Number)
		if !found {
			break
		}

		hash, block = next.Hash(), next
	}

	return hash, block
}

func outputRoot(source *oracle.Oracle, hash keccak.Hash, block chain.Header) keccak.Hash {
	source.Hint("l2-account-proof", hash[:], chain.MessagePasser[:])
	key := keccak.Sum(chain.MessagePasser[:])
	account, found := trie.Get(source, block.StateRoot, key[:])
	if !found {
		panic("rollup: the L2 block has no message passer")
	}

	storage, err := chain.DecodeStorageRoot(account)
	if err != nil {
		panic("rollup: the message passer's account is malformed")
	}

	return chain.Output{StateRoot: block.StateRoot, MessagePasserRoot: storage, Block: hash}.Root()
}

// Inbox is the address that batches are sent to: 0xff, zeros, and the chain's id in decimal digits.
func Inbox(chainID uint64) (inbox chain.Address) {
	for place := 2*len(inbox) - 1; chainID > 0; place-- {
		inbox[place/2] |= byte(chainID%10) << (4 * uint(1-place%2))
		chainID /= 10
	}

	inbox[0] = 0xff
	return inbox
}
