// Package l1 reads L1 from a node by JSON-RPC. The node is not believed: a header must have its hash, transactions and
// receipts the roots in the header, and a header the number that was asked for. Which chain of headers is the right one is
// the node's word alone.
package l1

import (
	"context"
	"errors"
	"fmt"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/node/client"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/rpc"
	"culverin/guest/pipeline"
)

// LyingError says that a node's answer contradicts what it stands for. Nothing of it was taken.
type LyingError struct {
	// What is a part of a sentence.
	What string
}

func (failure *LyingError) Error() string {
	return "l1: " + failure.What
}

func lying(form string, arguments ...interface{}) error {
	return &LyingError{fmt.Sprintf(form, arguments...)}
}

// Source asks one node. It may be used by many goroutines.
type Source struct {
	ctx           context.Context
	node          *client.Client
	beacon        *Beacon
	confirmations uint64

	blocks   recent[keccak.Hash, *content]
	receipts recent[keccak.Hash, [][]byte]
}

// content is a block with its transactions, checked.
type content struct {
	block        *pipeline.L1Block
	transactions [][]byte
}

// How many blocks are kept with their transactions, and with their receipts.
const (
	blocksKept   = 256
	receiptsKept = 128
)

// New asks a node until ctx ends; beacon has the blobs and may be nil. The newest blocks, confirmations many, count as not
// there yet.
func New(ctx context.Context, node *client.Client, beacon *Beacon, confirmations uint64) *Source {
	return &Source{
		ctx: ctx, node: node, beacon: beacon, confirmations: confirmations,
		blocks:   recent[keccak.Hash, *content]{most: blocksKept},
		receipts: recent[keccak.Hash, [][]byte]{most: receiptsKept},
	}
}

var _ pipeline.L1 = (*Source)(nil)

// blockForm is a block with whole transactions.
type blockForm struct {
	forms.Header
	Transactions []*forms.Transaction `json:"transactions"`
}

// ChainID is the id of the node's chain.
func (source *Source) ChainID() (uint64, error) {
	var id hexjson.Quantity
	err := source.node.Call(source.ctx, &id, "eth_chainId")
	return uint64(id), err
}

// Head is the block that the node calls "latest", "safe" or "finalized"; nil if it has none.
func (source *Source) Head(label string) (*pipeline.L1Block, error) {
	var form *forms.Header
	if err := source.node.Call(source.ctx, &form, "eth_getBlockByNumber", label, false); err != nil || form == nil {
		return nil, err
	}

	return source.readHeader(form)
}

// Header is the header of the block with a number, without its transactions; pipeline.ErrEndOfL1 if there is none.
func (source *Source) Header(number uint64) (*pipeline.L1Block, error) {
	var form *forms.Header
	err := source.node.Call(source.ctx, &form, "eth_getBlockByNumber", hexjson.Quantity(number), false)
	if err != nil {
		return nil, err
	}

	if form == nil {
		return nil, pipeline.ErrEndOfL1
	}

	found, err := source.readHeader(form)
	if err == nil && found.Header.Number != number {
		err = lying("block %d was asked for and %d came", number, found.Header.Number)
	}

	return found, err
}

// readHeader makes the header of its form. Where a fork of L1 added fields that are not known here, the node is asked for
// the header's bytes.
func (source *Source) readHeader(form *forms.Header) (*pipeline.L1Block, error) {
	header, hash := form.Read(), keccak.Hash(form.Hash)
	if header.Hash() == hash {
		return &pipeline.L1Block{Hash: hash, Header: header}, nil
	}

	var raw hexjson.Bytes
	err := source.node.Call(source.ctx, &raw, "debug_getRawHeader", form.Hash)
	var refused *rpc.Error
	switch {
	case errors.As(err, &refused):
		return nil, lying("a header of block %d does not have its hash (or is older than Cancun), "+
			"and its bytes are not to be had: %v", form.Number, err)
	case err != nil:
		return nil, err
	case keccak.Sum(raw) != hash:
		return nil, lying("the bytes of the header of block %d do not have its hash", form.Number)
	}

	if header, err = block.DecodeL1Header(raw); err != nil {
		return nil, lying("the header of block %d is malformed", form.Number)
	}

	return &pipeline.L1Block{Hash: hash, Header: header}, nil
}

// Block returns the block with a number.
func (source *Source) Block(number uint64) (*pipeline.L1Block, error) {
	if source.confirmations > 0 {
		head, err := source.Head("latest")
		switch {
		case err != nil:
			return nil, err
		case head == nil || head.Header.Number < source.confirmations ||
			number > head.Header.Number-source.confirmations:
			return nil, pipeline.ErrEndOfL1
		}
	}

	return source.Header(number)
}

// load returns a block's transactions.
func (source *Source) load(of *pipeline.L1Block) (*content, error) {
	if found, isKnown := source.blocks.get(of.Hash); isKnown {
		return found, nil
	}

	var form *blockForm
	err := source.node.Call(source.ctx, &form, "eth_getBlockByHash", hexjson.Hash(of.Hash), true)
	switch {
	case err != nil:
		return nil, err
	case form == nil:
		return nil, lying("the node no longer has block 0x%x", of.Hash)
	}

	loaded := &content{block: of}
	var withSidecars [][]byte
	for _, each := range form.Transactions {
		if each == nil {
			return nil, forms.ErrForm
		}

		transaction, err := each.Read()
		if err != nil {
			return nil, fmt.Errorf("l1: a transaction of block %d: %w", of.Header.Number, err)
		}

		loaded.transactions = append(loaded.transactions, transaction.Encoded)
		if sidecar := each.Sidecar(); sidecar != nil {
			withSidecars = append(withSidecars, sidecar.Wrap(transaction.Encoded))
		} else {
			withSidecars = append(withSidecars, transaction.Encoded)
		}
	}

	// anvil makes a block's root of transactions with their sidecars, which no other node does. Such a root, too, holds for
	// one list of transactions only: what has a sidecar begins otherwise than what has none.
	if root := of.Header.TransactionsRoot; mpt.ListRoot(loaded.transactions) != root && mpt.ListRoot(withSidecars) != root {
		return nil, lying("the transactions of block %d do not have its root", of.Header.Number)
	}

	source.blocks.put(of.Hash, loaded)
	return loaded, nil
}

// Transactions hands over a block's transactions.
func (source *Source) Transactions(of *pipeline.L1Block, visit func(transaction []byte)) error {
	loaded, err := source.load(of)
	if err != nil {
		return err
	}

	for _, transaction := range loaded.transactions {
		visit(transaction)
	}

	return nil
}

// Receipts hands over a block's receipts.
func (source *Source) Receipts(of *pipeline.L1Block, visit func(receipt []byte)) error {
	encoded, isKnown := source.receipts.get(of.Hash)
	if !isKnown {
		var list []*forms.ConsensusReceipt
		err := source.node.Call(source.ctx, &list, "eth_getBlockReceipts", hexjson.Hash(of.Hash))
		if err != nil {
			return err
		}

		encoded = [][]byte{}
		for _, each := range list {
			if each == nil {
				return forms.ErrForm
			}

			receipt, err := each.Read()
			if err != nil {
				return fmt.Errorf("l1: a receipt of block %d: %w", of.Header.Number, err)
			}

			encoded = append(encoded, receipt.Encode())
		}

		if mpt.ListRoot(encoded) != of.Header.ReceiptsRoot {
			return lying("the receipts of block %d do not have its root", of.Header.Number)
		}

		source.receipts.put(of.Hash, encoded)
	}

	for _, receipt := range encoded {
		visit(receipt)
	}

	return nil
}

// DecodedReceipts are a block's receipts.
func (source *Source) DecodedReceipts(of *pipeline.L1Block) (receipts []*block.Receipt, err error) {
	var problem error
	err = source.Receipts(of, func(encoded []byte) {
		receipt, err := block.DecodeReceipt(encoded)
		if err != nil {
			problem = err
		}

		receipts = append(receipts, receipt)
	})
	if err == nil {
		err = problem
	}

	return receipts, err
}

// errNoBeacon says that blobs are needed and nobody was named who has them.
var errNoBeacon = errors.New("l1: a batch was posted in blobs, and no beacon endpoint was given (--l1-beacon)")

// Blob returns a blob of a block.
func (source *Source) Blob(of *pipeline.L1Block, blob pipeline.BlobID) ([]byte, error) {
	if source.beacon == nil {
		return nil, errNoBeacon
	}

	return source.beacon.Blob(source.ctx, of, blob)
}
