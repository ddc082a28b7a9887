package ledger

import (
	"errors"
	"sync/atomic"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/node/store"
	"culverin/guest/oracle"
	"culverin/guest/state"
)

// ErrNotFound says that the node does not have what was asked for.
var ErrNotFound = errors.New("ledger: not found")

// Heads are the three heads of the chain, as they are on disk.
type Heads struct {
	Unsafe, Safe, Finalized *Block
}

// Reader reads what is on disk: everything that was acknowledged, and nothing else. It may be used by many goroutines.
type Reader struct {
	// Chain is the L2's configuration.
	Chain *config.Chain

	store *store.Store
	known *cache
	// genesis is the first block's number and hash.
	genesis *Block
	heads   atomic.Pointer[Heads]
}

// Heads are the present ones.
func (reader *Reader) Heads() *Heads {
	return reader.heads.Load()
}

// Genesis is the first block.
func (reader *Reader) Genesis() *Block {
	return reader.genesis
}

// Block returns a block by its hash, be it canonical or not; ErrNotFound if it is not there.
func (reader *Reader) Block(hash keccak.Hash) (*Block, error) {
	encoded, err := reader.store.Block(hash)
	if err != nil {
		return nil, err
	}

	if encoded == nil {
		return nil, ErrNotFound
	}

	return decodeBlock(encoded)
}

// Canonical returns the hash of the canonical block with a number; ErrNotFound if there is none. A block that was just
// written is one with its head: whoever sees it, its transactions or its receipts sees its state as the latest, too.
func (reader *Reader) Canonical(number uint64) (keccak.Hash, error) {
	if number > reader.Heads().Unsafe.Header.Number {
		return keccak.Hash{}, ErrNotFound
	}

	hash, found, err := reader.store.Canonical(number)
	if err == nil && !found {
		err = ErrNotFound
	}

	return hash, err
}

// BlockByNumber returns the canonical block with a number.
func (reader *Reader) BlockByNumber(number uint64) (*Block, error) {
	hash, err := reader.Canonical(number)
	if err != nil {
		return nil, err
	}

	return reader.Block(hash)
}

// HeaderByHash returns a header; ErrNotFound if it is not there.
func (reader *Reader) HeaderByHash(hash keccak.Hash) (*block.Header, error) {
	encoded, err := reader.store.Header(hash)
	if err != nil {
		return nil, err
	}

	if encoded == nil {
		return nil, ErrNotFound
	}

	return block.DecodeHeader(encoded)
}

// IsCanonical tells whether a block is part of the chain.
func (reader *Reader) IsCanonical(hash keccak.Hash, number uint64) bool {
	canonical, err := reader.Canonical(number)
	return err == nil && canonical == hash
}

// Transaction returns the canonical block that a transaction stands in, and its place; ErrNotFound if there is none.
func (reader *Reader) Transaction(hash keccak.Hash) (*Block, int, error) {
	place, err := reader.store.Place(hash)
	if err != nil {
		return nil, 0, err
	}

	if place == nil {
		return nil, 0, ErrNotFound
	}

	within, err := reader.Block(place.Block)
	if err != nil {
		return nil, 0, err
	}

	if !reader.IsCanonical(place.Block, within.Header.Number) || int(place.Index) >= len(within.Transactions) {
		return nil, 0, ErrNotFound
	}

	return within, int(place.Index), nil
}

// SafeHeadAt returns which L2 block was safe at an L1 block, or at the newest one before it that is known; nil if none.
func (reader *Reader) SafeHeadAt(l1Number uint64) (*store.SafeHead, error) {
	return reader.store.SafeHeadAt(l1Number)
}

// Data returns a trie node or code by its hash; ErrNotFound if it is not there.
func (reader *Reader) Data(hash keccak.Hash) ([]byte, error) {
	if data := reader.known.get(hash); data != nil {
		return data, nil
	}

	data, err := reader.store.Data(hash)
	if err == nil && data == nil {
		err = ErrNotFound
	}

	if err == nil {
		reader.known.put(hash, data)
	}

	return data, err
}

// State opens the state with a root. What lacks ends the work by oracle.Fail.
func (reader *Reader) State(root keccak.Hash) *state.State {
	return state.New(reader, root, root)
}

// Node, Code and Header make this a block.Source.
func (reader *Reader) Node(hash keccak.Hash) []byte { return reader.must("trie node", hash) }

// Code returns a contract's code.
func (reader *Reader) Code(hash keccak.Hash) []byte {
	if hash == state.EmptyCodeHash {
		return nil
	}

	return reader.must("code", hash)
}

func (reader *Reader) must(what string, hash keccak.Hash) []byte {
	data, err := reader.Data(hash)
	if err != nil {
		oracle.Fail("the node's "+what+" is not there: "+err.Error(), hash[:])
	}

	return data
}

// Header returns an encoded header.
func (reader *Reader) Header(hash keccak.Hash) []byte {
	encoded, err := reader.store.Header(hash)
	if err != nil || encoded == nil {
		oracle.Fail("a header is not there", hash[:])
	}

	return encoded
}
