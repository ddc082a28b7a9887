// Package store keeps an L2 on disk: blocks, receipts, trie nodes and code, the heads, which L2 block was safe at which
// L1 block, and transactions that wait for a block. All of it lies in one bbolt file.
//
// What a call of Update wrote is on the disk when it returns, as a whole; what was not written before a crash is absent
// as a whole.
package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"culverin/guest/keccak"
)

// ErrUnavailable says that this program was built without the library that the store is made of.
var ErrUnavailable = errors.New("store: this program was built without bbolt (see harness/guest/node.mod)")

// ErrCorrupt says that the file does not hold what only this program writes there.
var ErrCorrupt = errors.New("store: the file is damaged")

// Names of the buckets.
var (
	bucketMeta         = []byte("meta")
	bucketData         = []byte("data")
	bucketHeaders      = []byte("headers")
	bucketBodies       = []byte("bodies")
	bucketReceipts     = []byte("receipts")
	bucketCanonical    = []byte("canonical")
	bucketTransactions = []byte("transactions")
	bucketHeads        = []byte("heads")
	bucketSafe         = []byte("safe")
	bucketPending      = []byte("pending")
	buckets            = [][]byte{
		bucketMeta, bucketData, bucketHeaders, bucketBodies, bucketReceipts, bucketCanonical, bucketTransactions,
		bucketHeads, bucketSafe, bucketPending,
	}
)

// Keys of the bucket "meta", and what the file's form is called there.
var (
	keyForm    = []byte("form")
	keyGenesis = []byte("genesis")
	form       = []byte("culverin-l2-1")
)

// Head is a kind of head.
type Head string

// The heads (rollup-node.md, "L2 chain"): what was sequenced, derived from L1's head, derived from L1's finalized block.
const (
	Unsafe    Head = "unsafe"
	Safe      Head = "safe"
	Finalized Head = "finalized"
)

// Block is a block as the store keeps it.
type Block struct {
	Hash   keccak.Hash
	Number uint64
	// Header is encoded as it is hashed.
	Header []byte
	// Transactions and Receipts are encoded as they stand in their tries.
	Transactions, Receipts [][]byte
}

// SafeHead is an L2 block that was safe once all of L1 up to a block was read.
type SafeHead struct {
	L1Number uint64
	L1Hash   keccak.Hash
	L2Number uint64
	L2Hash   keccak.Hash
}

// Place is where a transaction stands.
type Place struct {
	Block keccak.Hash
	Index uint32
}

// Batch is everything that one step of the node writes at once.
type Batch struct {
	// Data holds trie nodes and code by their hash.
	Data map[keccak.Hash][]byte
	// Blocks become canonical, in their order.
	Blocks []*Block
	// Unwind, if not nil, is the highest canonical block that stays, before Blocks are added.
	Unwind *uint64
	// Heads are moved.
	Heads map[Head]keccak.Hash
	// SafeRewind, if not nil, is the highest L1 block whose safe head stays, before SafeHeads are added.
	SafeRewind *uint64
	SafeHeads  []SafeHead
	// Pending are transactions that wait, by their hash; Gone no longer do.
	Pending map[keccak.Hash][]byte
	Gone    []keccak.Hash
}

// NewBatch writes nothing yet.
func NewBatch() *Batch {
	return &Batch{
		Data: map[keccak.Hash][]byte{}, Heads: map[Head]keccak.Hash{}, Pending: map[keccak.Hash][]byte{},
	}
}

// IsEmpty tells whether there is nothing to write.
func (batch *Batch) IsEmpty() bool {
	return len(batch.Data) == 0 && len(batch.Blocks) == 0 && batch.Unwind == nil && len(batch.Heads) == 0 &&
		batch.SafeRewind == nil && len(batch.SafeHeads) == 0 && len(batch.Pending) == 0 && len(batch.Gone) == 0
}

// numberKey sorts as numbers do.
func numberKey(number uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, number)
}

func hashOf(value []byte) (hash keccak.Hash, err error) {
	if len(value) != keccak.Size {
		return hash, ErrCorrupt
	}

	copy(hash[:], value)
	return hash, nil
}

const safeHeadBytes = 2*keccak.Size + 8

func (head *SafeHead) encode() []byte {
	value := append(append([]byte(nil), head.L1Hash[:]...), head.L2Hash[:]...)
	return binary.BigEndian.AppendUint64(value, head.L2Number)
}

func decodeSafeHead(key, value []byte) (*SafeHead, error) {
	if len(key) != 8 || len(value) != safeHeadBytes {
		return nil, ErrCorrupt
	}

	head := &SafeHead{L1Number: binary.BigEndian.Uint64(key), L2Number: binary.BigEndian.Uint64(value[2*keccak.Size:])}
	copy(head.L1Hash[:], value)
	copy(head.L2Hash[:], value[keccak.Size:])
	return head, nil
}

func (place *Place) encode() []byte {
	return binary.BigEndian.AppendUint32(append([]byte(nil), place.Block[:]...), place.Index)
}

func decodePlace(value []byte) (*Place, error) {
	if len(value) != keccak.Size+4 {
		return nil, ErrCorrupt
	}

	place := &Place{Index: binary.BigEndian.Uint32(value[keccak.Size:])}
	copy(place.Block[:], value)
	return place, nil
}

// encodeItems joins byte strings; decodeItems takes them apart again.
func encodeItems(items [][]byte) []byte {
	var joined []byte
	for _, item := range items {
		joined = binary.BigEndian.AppendUint32(joined, uint32(len(item)))
		joined = append(joined, item...)
	}

	return joined
}

func decodeItems(joined []byte) (items [][]byte, err error) {
	for len(joined) > 0 {
		if len(joined) < 4 {
			return nil, ErrCorrupt
		}

		length := uint64(binary.BigEndian.Uint32(joined))
		if uint64(len(joined)-4) < length {
			return nil, ErrCorrupt
		}

		items = append(items, append([]byte(nil), joined[4:4+length]...))
		joined = joined[4+length:]
	}

	return items, nil
}

// OtherGenesisError says that the file holds another chain.
type OtherGenesisError struct {
	Stored, Wanted keccak.Hash
}

func (failure *OtherGenesisError) Error() string {
	return fmt.Sprintf("store: the file holds the chain of genesis 0x%x, not of 0x%x", failure.Stored, failure.Wanted)
}
