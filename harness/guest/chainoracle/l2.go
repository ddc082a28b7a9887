package chainoracle

import (
	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/pipeline"
)

// L2 is the chain up to a block that the program starts from, and what is made on top of it. It has the states of all of
// them: what execution makes is kept, so that the host is only asked for what was there before.
type L2 struct {
	source *oracle.Oracle
	// before has what was there before.
	before block.Source
	walk   walk
	// made are the blocks on top of the walk's head.
	made []pipeline.L2Block
	// transactions are those of the blocks that were made.
	transactions [][][]byte
	// kept are the trie nodes and the code that were made, and the headers.
	kept map[keccak.Hash][]byte
}

// NewL2 starts from a block and reads nothing but its header.
func NewL2(source *oracle.Oracle, start keccak.Hash) *L2 {
	return &L2{
		source: source, before: block.NewSource(source), walk: newWalk(source, "l2-block-header", block.DecodeHeader, start),
		kept: map[keccak.Hash][]byte{},
	}
}

// Head is the newest block.
func (l2 *L2) Head() *pipeline.L2Block {
	if len(l2.made) > 0 {
		return &l2.made[len(l2.made)-1]
	}

	hash, header := l2.walk.block(l2.walk.head)
	return &pipeline.L2Block{Hash: hash, Header: header}
}

// Add puts a block with its transactions on top.
func (l2 *L2) Add(hash keccak.Hash, header *block.Header, transactions [][]byte) {
	l2.made = append(l2.made, pipeline.L2Block{Hash: hash, Header: header})
	l2.transactions = append(l2.transactions, transactions)
	l2.kept[hash] = header.Encode()
}

// Keep takes a trie node or a code that was made.
func (l2 *L2) Keep(hash keccak.Hash, data []byte) {
	l2.kept[hash] = append([]byte(nil), data...)
}

// Block returns a block up to the head.
func (l2 *L2) Block(number uint64) (*pipeline.L2Block, error) {
	if number > l2.walk.head {
		return &l2.made[number-l2.walk.head-1], nil
	}

	hash, header := l2.walk.block(number)
	return &pipeline.L2Block{Hash: hash, Header: header}, nil
}

// Transactions hands over a block's transactions.
func (l2 *L2) Transactions(of *pipeline.L2Block, visit func(transaction []byte) bool) error {
	if of.Header.Number > l2.walk.head {
		for _, transaction := range l2.transactions[of.Header.Number-l2.walk.head-1] {
			if !visit(transaction) {
				break
			}
		}

		return nil
	}

	l2.source.Hint("l2-transactions", of.Hash[:])
	mpt.EachOfList(nodes{l2.source}, of.Header.TransactionsRoot, visit)
	return nil
}

// Node returns a node of a state or storage trie.
func (l2 *L2) Node(hash keccak.Hash) []byte {
	if data, isKept := l2.kept[hash]; isKept {
		return data
	}

	return l2.before.Node(hash)
}

// Code returns a contract's code.
func (l2 *L2) Code(hash keccak.Hash) []byte {
	if data, isKept := l2.kept[hash]; isKept {
		return data
	}

	return l2.before.Code(hash)
}

// Header returns an encoded header.
func (l2 *L2) Header(hash keccak.Hash) []byte {
	if data, isKept := l2.kept[hash]; isKept {
		return data
	}

	return l2.before.Header(hash)
}
