package block

import (
	"culverin/guest/chain"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/state"
)

// Source hands out what a block is executed on. What it returns has the hash that it was asked by; where that cannot be
// had, it ends the work by oracle.Fail.
type Source interface {
	state.Source
	// Header returns an encoded header by its hash.
	Header(hash keccak.Hash) []byte
}

// Result is an executed block.
type Result struct {
	// Header is complete; its hash names the block.
	Header *Header
	// Receipts are those of the transactions, in order.
	Receipts []*Receipt
	// MessagePasserRoot is the storage root of the contract with the withdrawals, which an output root holds.
	MessagePasserRoot keccak.Hash
}

// Execute makes the block that follows a parent by its attributes. It returns a *config.UnknownRulesError if the rules
// of its time are not implemented: then nothing is known about the block; and an *InvalidError if no such block can
// stand on the parent.
func Execute(l2 *config.Chain, source Source, parent *Header, attributes *Attributes) (*Result, error) {
	return ExecuteInto(l2, source, parent, attributes, nil)
}

// ExecuteInto is Execute, and hands trie nodes and code that are new to store.
func ExecuteInto(
	l2 *config.Chain, source Source, parent *Header, attributes *Attributes, store mpt.Store,
) (*Result, error) {
	maker, err := Begin(l2, source, parent, attributes)
	if err != nil {
		return nil, err
	}

	for _, encoded := range attributes.Transactions {
		if err = maker.Add(encoded); err != nil {
			return nil, err
		}
	}

	return maker.Seal(store), nil
}

// startHeader fills in what is known before execution.
func startHeader(l2 *config.Chain, rules *config.Rules, parent *Header, attributes *Attributes) (*Header, error) {
	if attributes.Timestamp <= parent.Timestamp {
		return nil, &InvalidError{"the block is not later than its parent"}
	}

	baseFee, isKnown := nextBaseFee(l2, parent)
	if !isKnown {
		return nil, &InvalidError{"the parent's header has no usable parameters for the base fee"}
	}

	extra, isUsable := extraData(l2, rules, attributes)
	if !isUsable {
		return nil, &InvalidError{"the attributes have no usable parameters for the base fee"}
	}

	return &Header{
		ParentHash: parent.Hash(), UnclesHash: EmptyUncles, Coinbase: attributes.FeeRecipient,
		Number: parent.Number + 1, GasLimit: attributes.GasLimit, Timestamp: attributes.Timestamp,
		ExtraData: extra, PrevRandao: attributes.PrevRandao, BaseFee: baseFee,
		ParentBeaconRoot: attributes.ParentBeaconRoot,
	}, nil
}

// ancestors finds the hashes of the blocks before one, from its parent back.
type ancestors struct {
	source Source
	// number is the parent's; hashes holds the hashes found so far, the parent's first.
	number uint64
	hashes []keccak.Hash
}

func newAncestors(source Source, parent *Header, parentHash keccak.Hash) *ancestors {
	found := &ancestors{source, parent.Number, []keccak.Hash{parentHash}}
	if parent.Number > 0 {
		found.hashes = append(found.hashes, parent.ParentHash)
	}

	return found
}

// hash returns the hash of the block of a number, which is not above the parent's.
func (ancestors *ancestors) hash(number uint64) keccak.Hash {
	for distance := ancestors.number - number; uint64(len(ancestors.hashes)) <= distance; {
		// The header may be older than the fields that this package wants of one.
		last := ancestors.hashes[len(ancestors.hashes)-1]
		header, err := chain.DecodeHeader(ancestors.source.Header(last))
		if err != nil {
			oracle.Fail("the header of an older block is malformed", last[:])
		}

		ancestors.hashes = append(ancestors.hashes, header.Parent)
	}

	return ancestors.hashes[ancestors.number-number]
}
