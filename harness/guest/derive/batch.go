package derive

import (
	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// Versions of batches (derivation.md, "Batch Format"; delta/span-batches.md).
const (
	singularVersion = 0
	spanVersion     = 1
)

// SingularBatch is one L2 block without what follows from L1.
type SingularBatch struct {
	// ParentHash is the hash of the L2 block before.
	ParentHash keccak.Hash
	// EpochNumber and EpochHash name the L1 block that is the block's origin.
	EpochNumber uint64
	EpochHash   keccak.Hash
	// Timestamp is the L2 block's.
	Timestamp uint64
	// Transactions are those of the sequencer.
	Transactions TransactionList
}

// DecodeBatch reads a batch, version byte first: one of the two results is not nil, unless it is malformed. What stands
// behind it is returned too; it does not count ("extra content does not invalidate the decoded batch"). The batch keeps
// data.
func DecodeBatch(data []byte) (singular *SingularBatch, span *SpanBatch, rest []byte, err error) {
	if len(data) == 0 {
		return nil, nil, nil, malformed("a batch is empty")
	}

	switch data[0] {
	case singularVersion:
		singular, rest, err = decodeSingular(data[1:])
	case spanVersion:
		span, rest, err = decodeSpan(data[1:])
	default:
		err = malformed("a batch is of an unknown version")
	}

	return singular, span, rest, err
}

// decodeSingular reads [parent_hash, epoch_number, epoch_hash, timestamp, transaction_list].
func decodeSingular(data []byte) (batch *SingularBatch, rest []byte, err error) {
	whole, rest, err := rlp.Split(data)
	if err != nil || !whole.IsList {
		return nil, nil, malformed("a singular batch is no list")
	}

	var items [5]rlp.Item
	fields := whole.Content
	for index := range items {
		if items[index], fields, err = rlp.Split(fields); err != nil {
			return nil, nil, malformed("a singular batch has not five fields")
		}
	}

	parent, errParent := items[0].Bytes(keccak.Size)
	number, errNumber := items[1].Uint64()
	epoch, errEpoch := items[2].Bytes(keccak.Size)
	timestamp, errTimestamp := items[3].Uint64()
	transactions, isList := newTransactionList(items[4].Content)
	if errParent != nil || errNumber != nil || errEpoch != nil || errTimestamp != nil || !items[4].IsList || !isList ||
		len(fields) > 0 {
		return nil, nil, malformed("a field of a singular batch is malformed")
	}

	batch = &SingularBatch{EpochNumber: number, Timestamp: timestamp, Transactions: transactions}
	copy(batch.ParentHash[:], parent)
	copy(batch.EpochHash[:], epoch)
	return batch, rest, nil
}

// Encode writes the batch, version byte first.
func (batch *SingularBatch) Encode() []byte {
	return append([]byte{singularVersion}, rlp.EncodeList(rlp.EncodeBytes(batch.ParentHash[:]),
		rlp.EncodeUint64(batch.EpochNumber), rlp.EncodeBytes(batch.EpochHash[:]), rlp.EncodeUint64(batch.Timestamp),
		rlp.EncodeList(batch.Transactions))...)
}
