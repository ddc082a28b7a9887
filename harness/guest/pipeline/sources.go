// Package pipeline derives the blocks of an L2 from L1, one after the other: it walks over L1 and feeds the rules of
// package derive (derivation.md, "L2 Chain Derivation Pipeline", with Holocene's stages). The fault-proof program and the
// node use the same pipeline; they differ in where they read the two chains from.
package pipeline

import (
	"errors"

	"culverin/guest/block"
	"culverin/guest/keccak"
)

// ErrEndOfL1 says that L1's newest block was read: nothing more can be derived until there is another one.
var ErrEndOfL1 = errors.New("pipeline: L1 ends here")

// L1Block is a block of L1 whose header was checked against its hash.
type L1Block struct {
	Hash   keccak.Hash
	Header *block.Header
}

// L1 is where the pipeline reads L1. Whatever an implementation hands out belongs to the block that it was asked of: it
// was checked against the roots in that block's header. An implementation that has no way to go on without an answer ends
// the work by oracle.Fail; others return an error, which ends the pipeline's current step and leaves it as it was, so that
// the step can be tried again.
type L1 interface {
	// Block returns the block with a number on the chain that is derived from, and ErrEndOfL1 if that chain ends before.
	// Blocks of two calls need not link: the pipeline compares hashes.
	Block(number uint64) (*L1Block, error)
	// Transactions hands a block's transactions to visit, each as it stands in the block, in their order. The bytes may
	// be overwritten when visit returns.
	Transactions(of *L1Block, visit func(transaction []byte)) error
	// Receipts hands a block's receipts to visit, each as the receipts' trie holds it, in their order. The bytes may be
	// overwritten when visit returns.
	Receipts(of *L1Block, visit func(receipt []byte)) error
	// Blob returns the derive.BlobBytes bytes of a blob of a block.
	Blob(of *L1Block, blob BlobID) ([]byte, error)
}

// BlobID names a blob of an L1 block.
type BlobID struct {
	// Hash is the versioned hash (EIP-4844).
	Hash [32]byte
	// Index is the blob's place among all blobs of the block.
	Index uint64
}

// L2 is the chain that is derived, as far as it is derived already: the pipeline reads from it where L1 has to be read
// from (Pipeline.Reset), and the blocks that a span batch overlaps. What L1 says about errors holds
// here too.
type L2 interface {
	// Block returns the block with a number, which is not above the safe head's.
	Block(number uint64) (*L2Block, error)
	// Transactions hands a block's transactions to visit, each as it stands in the block, in their order, until it says
	// false. The bytes may be overwritten when visit returns.
	Transactions(of *L2Block, visit func(transaction []byte) bool) error
}

// L2Block is a block of L2 whose header was checked against its hash.
type L2Block struct {
	Hash   keccak.Hash
	Header *block.Header
}
