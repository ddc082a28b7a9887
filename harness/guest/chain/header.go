// Package chain knows the records of the two chains: headers, transactions, output roots.
package chain

import (
	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// Forks only ever append fields to a header; the first 15 are as old as Ethereum.
const headerFieldsMin = 15

// Header is what this program needs of a block's header.
type Header struct {
	// Parent names the block before it.
	Parent keccak.Hash
	// StateRoot commits to all accounts after the block.
	StateRoot keccak.Hash
	// TransactionsRoot commits to the block's transactions.
	TransactionsRoot keccak.Hash
	// Number counts from 0 for the first block.
	Number uint64

	encoded []byte
}

// DecodeHeader reads a header.
func DecodeHeader(data []byte) (Header, error) {
	fields, err := rlp.List(data)
	if err != nil {
		return Header{}, err
	}

	if len(fields) < headerFieldsMin {
		return Header{}, rlp.ErrMalformed
	}

	header := Header{encoded: data}
	if err = readHash(&header.Parent, fields[0]); err != nil {
		return Header{}, err
	}

	if err = readHash(&header.StateRoot, fields[3]); err != nil {
		return Header{}, err
	}

	if err = readHash(&header.TransactionsRoot, fields[4]); err != nil {
		return Header{}, err
	}

	if header.Number, err = fields[8].Uint64(); err != nil {
		return Header{}, err
	}

	return header, nil
}

// Hash names the block: the hash of all bytes, whether their fields are known here or not.
func (header Header) Hash() keccak.Hash {
	return keccak.Sum(header.encoded)
}

func readHash(target *keccak.Hash, field rlp.Item) error {
	value, err := field.Bytes(keccak.Size)
	copy(target[:], value)
	return err
}
