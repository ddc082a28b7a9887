// Package chainoracle reads L1 and L2 from pre-images, for a pipeline inside the virtual machine: blocks by their hashes,
// from a head backwards. Everything is announced by a hint first. Where data are missing or malformed it ends the program
// by oracle.Fail.
package chainoracle

import (
	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/pipeline"
)

// L1 is the chain that ends with a head.
type L1 struct {
	source *oracle.Oracle
	walk   walk
}

// NewL1 reads nothing but the head's header.
func NewL1(source *oracle.Oracle, head keccak.Hash) *L1 {
	return &L1{source, newWalk(source, "l1-block-header", block.DecodeL1Header, head)}
}

// Block returns a block, and walks back to it if it is older than all before.
func (l1 *L1) Block(number uint64) (*pipeline.L1Block, error) {
	if number > l1.walk.head {
		return nil, pipeline.ErrEndOfL1
	}

	hash, header := l1.walk.block(number)
	return &pipeline.L1Block{Hash: hash, Header: header}, nil
}

// Transactions hands over a block's transactions.
func (l1 *L1) Transactions(of *pipeline.L1Block, visit func(transaction []byte)) error {
	return l1.list("l1-transactions", of, of.Header.TransactionsRoot, visit)
}

// Receipts hands over a block's receipts.
func (l1 *L1) Receipts(of *pipeline.L1Block, visit func(receipt []byte)) error {
	return l1.list("l1-receipts", of, of.Header.ReceiptsRoot, visit)
}

func (l1 *L1) list(hint string, of *pipeline.L1Block, root keccak.Hash, visit func(value []byte)) error {
	if root != mpt.EmptyRoot {
		l1.source.Hint(hint, of.Hash[:])
		mpt.EachOfList(nodes{l1.source}, root, func(value []byte) bool {
			visit(value)
			return true
		})
	}

	return nil
}

// Blob returns a blob.
func (l1 *L1) Blob(of *pipeline.L1Block, blob pipeline.BlobID) ([]byte, error) {
	return l1.source.Blob(blob.Hash, blob.Index, of.Header.Timestamp), nil
}

// nodes are those of tries whose nodes a hint before announced.
type nodes struct {
	source *oracle.Oracle
}

func (nodes nodes) NodeInto(hash keccak.Hash, buffer []byte) []byte {
	return nodes.source.KeccakInto(hash, buffer)
}

// walk goes from a block back to its ancestors. It keeps their headers, so that each is asked for and hashed once.
type walk struct {
	source *oracle.Oracle
	hint   string
	// decode reads a header of the chain.
	decode func(encoded []byte) (*block.Header, error)
	// head is the newest block's number; hashes and headers begin with it.
	head    uint64
	hashes  []keccak.Hash
	headers [][]byte
}

func newWalk(
	source *oracle.Oracle, hint string, decode func(encoded []byte) (*block.Header, error), head keccak.Hash,
) walk {
	walk := walk{source: source, hint: hint, decode: decode}
	walk.head = walk.add(head).Number
	return walk
}

// add reads the header of the block before all others.
func (walk *walk) add(hash keccak.Hash) *block.Header {
	walk.source.Hint(walk.hint, hash[:])
	encoded := walk.source.Keccak(hash)
	walk.hashes, walk.headers = append(walk.hashes, hash), append(walk.headers, encoded)
	return walk.read(encoded, hash)
}

// block returns a block up to the head.
func (walk *walk) block(number uint64) (keccak.Hash, *block.Header) {
	distance := walk.head - number
	for uint64(len(walk.headers)) <= distance {
		last := len(walk.headers) - 1
		header := walk.read(walk.headers[last], walk.hashes[last])
		if parent := walk.add(header.ParentHash); parent.Number != header.Number-1 {
			oracle.Fail("a block's number does not follow its parent's:", walk.hashes[last][:])
		}
	}

	return walk.hashes[distance], walk.read(walk.headers[distance], walk.hashes[distance])
}

func (walk *walk) read(encoded []byte, hash keccak.Hash) *block.Header {
	header, err := walk.decode(encoded)
	if err != nil {
		oracle.Fail("a header is malformed, or older than the fields known here:", hash[:])
	}

	return header
}
