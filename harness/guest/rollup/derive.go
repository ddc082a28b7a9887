// Package rollup decides claims about L2 from L1 alone.
package rollup

import (
	"culverin/guest/chain"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/trie"
)

// posted holds what was sent to the batch inbox. The block after a block is the first header of the batcher's
// that names it as its parent. Whether the parent itself was posted before or after does not matter, so that the
// chain looks the same from wherever one starts to follow it.
type posted struct {
	batcher chain.Address
	headers map[keccak.Hash][]candidate
}

// candidate is a header in a batch of still unknown origin.
type candidate struct {
	header chain.Header
	batch  *batch
}

// batch is a call of the inbox. Who signed it is asked only when one of its headers is needed, since the answer
// costs more than all else.
type batch struct {
	call          chain.Call
	isChecked     bool
	isFromBatcher bool
}

// add takes a call of the inbox, if it holds a well-formed batch.
func (posts posted) add(call chain.Call) {
	headers, isBatch := DecodeBatch(call.Data)
	if !isBatch {
		return
	}

	source := &batch{call: call}
	for _, header := range headers {
		posts.headers[header.Parent] = append(posts.headers[header.Parent], candidate{header, source})
	}
}

// next returns the block after the parent of this hash and number, if its data is on L1.
//
// This is where the state transition belongs. Today the batcher's header is believed as far as it links to
// its parent. A program that executes transactions would instead find them in the batch, execute them on
// the parent's state, make the header itself, and so need no word of the batcher about roots.
func (posts posted) next(parent keccak.Hash, number uint64) (chain.Header, bool) {
	for _, each := range posts.headers[parent] {
		if each.batch.isFrom(posts.batcher) {
			return each.header, each.header.Number == number+1
		}
	}

	return chain.Header{}, false
}

func (source *batch) isFrom(batcher chain.Address) bool {
	if !source.isChecked {
		sender, found := source.call.Sender()
		source.isChecked, source.isFromBatcher = true, found && sender == batcher
	}

	return source.isFromBatcher
}

// collect gathers the batches in the L1 blocks above the origin, up to the head. A header posted there or
// before cannot build on an L2 block of that origin, since that block's hash depends on the origin's. An
// origin that the head does not descend from leaves nothing to collect.
func collect(source *oracle.Oracle, head keccak.Hash, attributes chain.Attributes, inbox chain.Address) posted {
	var blocks []l1Block
	block := l1Block{head, header(source, "l1-block-header", head)}
	for block.header.Number > attributes.OriginNumber {
		blocks = append(blocks, block)
		parent := block.header.Parent
		block = l1Block{parent, header(source, "l1-block-header", parent)}
	}

	posts := posted{attributes.Batcher, map[keccak.Hash][]candidate{}}
	if block.hash != attributes.Origin {
		return posts
	}

	for index := len(blocks) - 1; index >= 0; index-- {
		block = blocks[index]
		for _, data := range transactions(source, "l1-transactions", block.hash, block.header) {
			if call, isCall := chain.DecodeCall(data); isCall && call.To == inbox {
				posts.add(call)
			}
		}
	}

	return posts
}

// l1Block is an L1 header with the hash that it was asked by.
type l1Block struct {
	hash   keccak.Hash
	header chain.Header
}

// originOf returns what an L2 block knows about L1. A block that does not start with that deposit belongs to
// its parent's origin.
func originOf(source *oracle.Oracle, hash keccak.Hash, block chain.Header) chain.Attributes {
	for {
		list := transactions(source, "l2-transactions", hash, block)
		if len(list) > 0 {
			if attributes, found := chain.DecodeAttributes(list[0]); found {
				return attributes
			}
		}

		if block.Number == 0 {
			panic("rollup: no L2 block up to the agreed one says where L1 is")
		}

		hash = block.Parent
		block = header(source, "l2-block-header", hash)
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

func transactions(source *oracle.Oracle, hint string, hash keccak.Hash, block chain.Header) [][]byte {
	if block.TransactionsRoot == trie.EmptyRoot {
		return nil
	}

	source.Hint(hint, hash[:])
	return trie.List(source, block.TransactionsRoot)
}
