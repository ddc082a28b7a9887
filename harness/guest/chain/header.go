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
	// Hash names the block.
	Hash keccak.Hash
	// Parent names the block before it.
	Parent keccak.Hash
	// StateRoot commits to all accounts after the block.
	StateRoot keccak.Hash
	// TransactionsRoot commits to the block's transactions.
	TransactionsRoot keccak.Hash
	// Number counts from 0 for the first block.
	Number uint64
	// Time in seconds since 1970.
	Time uint64
}

// DecodeHeader reads a header. Its hash is that of all bytes, known fields or not.
func DecodeHeader(data []byte) (Header, error) {
	var header Header
	fields, err := rlp.List(data)
	if err != nil {
		return Header{}, err
	}

	if len(fields) < headerFieldsMin {
		return Header{}, rlp.ErrMalformed
	}

	for index, target := range map[int]*keccak.Hash{
		0: &header.Parent, 3: &header.StateRoot, 4: &header.TransactionsRoot,
	} {
		value, err := fields[index].Bytes(keccak.Size)
		if err != nil {
			return Header{}, err
		}

		copy(target[:], value)
	}

	if header.Number, err = fields[8].Uint64(); err != nil {
		return Header{}, err
	}

	if header.Time, err = fields[11].Uint64(); err != nil {
		return Header{}, err
	}

	header.Hash = keccak.Sum(data)
	return header, nil
}
