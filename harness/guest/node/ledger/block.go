package ledger

import (
	"errors"
	"fmt"

	"culverin/guest/block"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/node/store"
)

// Block is a block with all that belongs to it.
type Block struct {
	Header *block.Header
	Hash   keccak.Hash
	// Transactions are encoded as they stand in the block.
	Transactions [][]byte
	Receipts     []*block.Receipt
}

// ID names the block.
func (each *Block) ID() derive.BlockID {
	return derive.BlockID{Hash: each.Hash, Number: each.Header.Number}
}

// L1Attributes is what the block says about its L1 origin; the genesis block says nothing.
func (each *Block) L1Attributes() (*derive.L1Attributes, error) {
	if len(each.Transactions) == 0 {
		return nil, errors.New("ledger: a block without transactions says nothing about its L1 origin")
	}

	first, err := block.Decode(each.Transactions[0])
	if err != nil || !first.IsDeposit() {
		return nil, errors.New("ledger: a block's first transaction is no deposit")
	}

	return derive.DecodeL1Attributes(first.Data)
}

func (each *Block) encode() *store.Block {
	encoded := &store.Block{
		Hash: each.Hash, Number: each.Header.Number, Header: each.Header.Encode(), Transactions: each.Transactions,
	}
	for _, receipt := range each.Receipts {
		encoded.Receipts = append(encoded.Receipts, receipt.Encode())
	}

	return encoded
}

func decodeBlock(encoded *store.Block) (*Block, error) {
	header, err := block.DecodeHeader(encoded.Header)
	if err != nil {
		return nil, fmt.Errorf("ledger: block 0x%x: %w", encoded.Hash, err)
	}

	decoded := &Block{Header: header, Hash: encoded.Hash, Transactions: encoded.Transactions}
	for _, each := range encoded.Receipts {
		receipt, err := block.DecodeReceipt(each)
		if err != nil {
			return nil, fmt.Errorf("ledger: a receipt of block 0x%x: %w", encoded.Hash, err)
		}

		decoded.Receipts = append(decoded.Receipts, receipt)
	}

	return decoded, nil
}
