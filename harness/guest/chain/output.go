package chain

import (
	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// MessagePasser is the L2 contract that holds the withdrawals.
var MessagePasser = Address{0x42, 19: 0x16}

// outputBytes: version, state root, the message passer's storage root, block hash; 32 bytes each.
const outputBytes = 128

// Output is what an output root of version 0 commits to.
type Output struct {
	// StateRoot commits to all accounts.
	StateRoot keccak.Hash
	// MessagePasserRoot commits to the withdrawals.
	MessagePasserRoot keccak.Hash
	// Block names the L2 block.
	Block keccak.Hash
}

// Root is the output root.
func (output Output) Root() keccak.Hash {
	var version keccak.Hash
	return keccak.Sum(version[:], output.StateRoot[:], output.MessagePasserRoot[:], output.Block[:])
}

// DecodeOutput reads the 128 bytes behind an output root; only version 0 exists.
func DecodeOutput(data []byte) (Output, error) {
	var version keccak.Hash
	if len(data) != outputBytes || string(data[:keccak.Size]) != string(version[:]) {
		return Output{}, rlp.ErrMalformed
	}

	var output Output
	copy(output.StateRoot[:], data[32:])
	copy(output.MessagePasserRoot[:], data[64:])
	copy(output.Block[:], data[96:])
	return output, nil
}

// DecodeStorageRoot reads an account, [nonce, balance, storageRoot, codeHash], for its storage root.
func DecodeStorageRoot(account []byte) (root keccak.Hash, err error) {
	fields, err := rlp.List(account)
	if err != nil || len(fields) != 4 {
		return root, rlp.ErrMalformed
	}

	value, err := fields[2].Bytes(keccak.Size)
	copy(root[:], value)
	return root, err
}
