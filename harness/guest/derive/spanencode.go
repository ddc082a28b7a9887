package derive

import (
	"encoding/binary"

	"culverin/guest/block"
	"culverin/guest/rlp"
)

// SpanHead is the beginning of a span batch.
type SpanHead struct {
	// RelativeTimestamp is the first block's, counted from the L2 genesis block's.
	RelativeTimestamp uint64
	// L1OriginNumber is the number of the last block's L1 origin.
	L1OriginNumber uint64
	// ParentCheck and L1OriginCheck begin the hashes of the block before the first and of the last block's origin.
	ParentCheck, L1OriginCheck HashCheck
}

// EncodeSpan writes a span batch of these blocks, version byte first. The blocks' transactions are decoded for that; the
// error says that one is malformed, or of a type that a span batch cannot hold. What the blocks say about their origins'
// numbers follows from the head and does not count.
func EncodeSpan(head SpanHead, blocks []SpanBlock) ([]byte, error) {
	data := binary.AppendUvarint([]byte{spanVersion}, head.RelativeTimestamp)
	data = binary.AppendUvarint(data, head.L1OriginNumber)
	data = append(append(data, head.ParentCheck[:]...), head.L1OriginCheck[:]...)
	data = binary.AppendUvarint(data, uint64(len(blocks)))
	origins := newBitlist(len(blocks))
	var counts []byte
	var transactions []*block.Transaction
	var err error
	for index := range blocks {
		if blocks[index].IsOriginChanged {
			origins.set(index)
		}

		before := len(transactions)
		blocks[index].Transactions.Each(func(encoded []byte) bool {
			var transaction *block.Transaction
			transaction, err = block.Decode(encoded)
			transactions = append(transactions, transaction)
			return err == nil
		})
		if err != nil {
			return nil, err
		}

		counts = binary.AppendUvarint(counts, uint64(len(transactions)-before))
	}

	columns, err := encodeColumns(transactions)
	return append(append(append(data, origins...), counts...), columns...), err
}

// encodeColumns writes txs.
func encodeColumns(transactions []*block.Transaction) ([]byte, error) {
	creations, parities := newBitlist(len(transactions)), newBitlist(len(transactions))
	var signatures, targets, contents, nonces, gasLimits []byte
	var protections []bool
	for index, transaction := range transactions {
		if transaction.To == nil {
			creations.set(index)
		} else {
			targets = append(targets, transaction.To[:]...)
		}

		if transaction.IsOddY {
			parities.set(index)
		}

		if transaction.Type == block.LegacyType {
			protections = append(protections, transaction.HasChainID)
		}

		signatures = append(append(signatures, transaction.R[:]...), transaction.S[:]...)
		content, err := encodeContent(transaction)
		if err != nil {
			return nil, err
		}

		contents = append(contents, content...)
		nonces = binary.AppendUvarint(nonces, transaction.Nonce)
		gasLimits = binary.AppendUvarint(gasLimits, transaction.GasLimit)
	}

	protected := newBitlist(len(protections))
	for index, isProtected := range protections {
		if isProtected {
			protected.set(index)
		}
	}

	var data []byte
	for _, column := range [][]byte{
		creations, parities, signatures, targets, contents, nonces, gasLimits, protected,
	} {
		data = append(data, column...)
	}

	return data, nil
}

// encodeContent writes one of tx_datas; see spanContent.
func encodeContent(transaction *block.Transaction) ([]byte, error) {
	value, tip := rlp.EncodeBytes(transaction.Value.Trimmed()), rlp.EncodeBytes(transaction.TipCap.Trimmed())
	feeCap, data := rlp.EncodeBytes(transaction.FeeCap.Trimmed()), rlp.EncodeBytes(transaction.Data)
	fields := [][]byte{value, tip, data}
	switch transaction.Type {
	case block.LegacyType:
		return rlp.EncodeList(fields...), nil
	case block.AccessListType:
		fields = append(fields, transaction.EncodeAccessList())
	case block.DynamicFeeType:
		fields = [][]byte{value, tip, feeCap, data, transaction.EncodeAccessList()}
	case block.SetCodeType:
		fields = [][]byte{value, tip, feeCap, data, transaction.EncodeAccessList(), transaction.EncodeAuthorizations()}
	default:
		return nil, malformed("a span batch cannot hold a transaction of this type")
	}

	return append([]byte{transaction.Type}, rlp.EncodeList(fields...)...), nil
}

// Encode writes the batch from what Blocks gives, version byte first. It is what the batch was read from, if its numbers
// were written in their shortest form. The error says that a rebuilt transaction is malformed: one of type 4 that creates
// a contract, say.
func (batch *SpanBatch) Encode(chainID uint64) ([]byte, error) {
	var all []SpanBlock
	blocks := batch.Blocks(chainID)
	for each, found := blocks.Next(); found; each, found = blocks.Next() {
		all = append(all, each)
	}

	return EncodeSpan(SpanHead{
		batch.RelativeTimestamp, batch.L1OriginNumber, batch.ParentCheck, batch.L1OriginCheck,
	}, all)
}
