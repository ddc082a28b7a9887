// Package rollup decides claims about L2 from L1 alone.
package rollup

import (
	"culverin/guest/chain"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/trie"
)

// posted holds what the batcher has posted: for each L2 block the first header on L1 that names it as its
// parent. Whether the parent itself was posted before or after does not matter, so that the chain looks
// the same from wherever one starts to follow it.
type posted map[keccak.Hash]chain.Header

// add takes the headers of one batch.
func (headers posted) add(batch []chain.Header) {
	for _, header := range batch {
		if _, isTaken := headers[header.Parent]; !isTaken {
			headers[header.Parent] = header
		}
	}
}

// next returns the block after parent, if its data is on L1.
//
// This is where the state transition belongs. Today the batcher's header is believed as far as it links to
// its parent. A program that executes transactions would instead find them in the batch, execute them on
// the parent's state, make the header itself, and so need no word of the batcher about roots.
func (headers posted) next(parent chain.Header) (chain.Header, bool) {
	header, found := headers[parent.Hash]
	return header, found && header.Number == parent.Number+1
}

// collect gathers the batches in the L1 blocks above the origin, up to the head. A header posted there or
// before cannot build on an L2 block of that origin, since that block's hash depends on the origin's. An
// origin that the head does not descend from leaves nothing to collect.
func collect(source *oracle.Oracle, head keccak.Hash, attributes chain.Attributes, inbox chain.Address) posted {
	var blocks []chain.Header
	block := header(source, "l1-block-header", head)
	for block.Number > attributes.OriginNumber {
		blocks = append(blocks, block)
		block = header(source, "l1-block-header", block.Parent)
	}

	headers := posted{}
	if block.Hash != attributes.Origin {
		return headers
	}

	for index := len(blocks) - 1; index >= 0; index-- {
		for _, data := range transactions(source, "l1-transactions", blocks[index]) {
			call, isCall := chain.DecodeCall(data)
			if !isCall || call.To != inbox {
				continue
			}

			batch, isBatch := DecodeBatch(call.Data)
			if !isBatch {
				continue
			}

			if sender, found := call.Sender(); found && sender == attributes.Batcher {
				headers.add(batch)
			}
		}
	}

	return headers
}

// originOf returns what an L2 block knows about L1. A block that does not start with that deposit belongs to
// its parent's origin.
func originOf(source *oracle.Oracle, block chain.Header) chain.Attributes {
	for {
		list := transactions(source, "l2-transactions", block)
		if len(list) > 0 {
			if attributes, found := chain.DecodeAttributes(list[0]); found {
				return attributes
			}
		}

		if block.Number == 0 {
			panic("rollup: no L2 block up to the agreed one says where L1 is")
		}

		block = header(source, "l2-block-header", block.Parent)
	}
}

func header(source *oracle.Oracle, hint string, hash keccak.Hash) chain.Header {
	source.Hint(hint, hash[:])
	block, err := chain.DecodeHeader(source.Keccak(hash))
	if err != nil {
		panic("rollup: a header is malformed")
	}

	return block
}

func transactions(source *oracle.Oracle, hint string, block chain.Header) [][]byte {
	if block.TransactionsRoot == trie.EmptyRoot {
		return nil
	}

	source.Hint(hint, block.Hash[:])
	return trie.List(source, block.TransactionsRoot)
}
