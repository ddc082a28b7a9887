package derive

// SpanElementsMax bounds the blocks, and the transactions, of a span batch (MAX_SPAN_BATCH_ELEMENT_COUNT;
// delta/span-batches.md, "Span Batch Size Limits").
const SpanElementsMax = 10_000_000

// Sizes of fields of a span batch in bytes.
const (
	checkBytes     = 20
	signatureBytes = 64
	targetBytes    = 20
)

// HashCheck is the beginning of a block's hash.
type HashCheck = [checkBytes]byte

// SpanBatch holds consecutive L2 blocks (delta/span-batches.md). It was checked as a whole when it was read: every
// block and every transaction in it can be rebuilt. What a rebuilt transaction then is worth is another question.
type SpanBatch struct {
	// RelativeTimestamp is the first block's, counted from the L2 genesis block's.
	RelativeTimestamp uint64
	// L1OriginNumber is the number of the last block's L1 origin.
	L1OriginNumber uint64
	// ParentCheck and L1OriginCheck begin the hashes of the block before the first and of the last block's origin.
	ParentCheck, L1OriginCheck HashCheck
	// BlockCount is at least 1.
	BlockCount int
	// TransactionCount is that of all blocks.
	TransactionCount int

	originBits bitlist
	// counts are BlockCount numbers of transactions.
	counts  cursor
	columns columns
}

// columns are the transactions of a span batch, all values of one field after the other.
type columns struct {
	creationBits, parityBits, protectedBits bitlist
	signatures, targets                     cursor
	contents, nonces, gasLimits             cursor
}

// decodeSpan reads prefix ++ payload. Counts are compared with their bounds, and with what the data can hold, before
// anything rests on them; nothing is allocated for a block or transaction.
func decodeSpan(data []byte) (batch *SpanBatch, rest []byte, err error) {
	cursor := &cursor{rest: data}
	batch = &SpanBatch{RelativeTimestamp: cursor.uvarint(), L1OriginNumber: cursor.uvarint()}
	copy(batch.ParentCheck[:], cursor.take(checkBytes))
	copy(batch.L1OriginCheck[:], cursor.take(checkBytes))
	blocks := cursor.uvarint()
	switch {
	case cursor.failed:
		return nil, nil, malformed("the prefix of a span batch is malformed")
	case blocks == 0:
		return nil, nil, malformed("a span batch has no block")
	case blocks > SpanElementsMax:
		return nil, nil, malformed("a span batch has too many blocks")
	}

	batch.BlockCount = int(blocks)
	batch.originBits = cursor.bitlist(batch.BlockCount)
	if cursor.failed {
		return nil, nil, malformed("the origin bits of a span batch are malformed")
	}

	if uint64(batch.OriginChanges()) > batch.L1OriginNumber {
		return nil, nil, malformed("a span batch has L1 origins before L1's first block")
	}

	if err := batch.readCounts(cursor); err != nil {
		return nil, nil, err
	}

	if err := batch.columns.read(cursor, batch.TransactionCount); err != nil {
		return nil, nil, err
	}

	return batch, cursor.rest, nil
}

func (batch *SpanBatch) readCounts(data *cursor) error {
	batch.counts.rest = data.rest
	sum := uint64(0)
	for index := 0; index < batch.BlockCount; index++ {
		count := data.uvarint()
		if count > SpanElementsMax || sum+count > SpanElementsMax {
			return malformed("a span batch has too many transactions")
		}

		sum += count
		if data.failed {
			return malformed("the numbers of transactions of a span batch are malformed")
		}
	}

	batch.TransactionCount = int(sum)
	return nil
}

// read finds the columns of this many transactions. The payload is contract_creation_bits ++ y_parity_bits ++ tx_sigs ++
// tx_tos ++ tx_datas ++ tx_nonces ++ tx_gases ++ protected_bits.
func (columns *columns) read(data *cursor, count int) error {
	columns.creationBits = data.bitlist(count)
	columns.parityBits = data.bitlist(count)
	columns.signatures.rest = data.take(count * signatureBytes)
	columns.targets.rest = data.take((count - columns.creationBits.ones()) * targetBytes)
	if data.failed {
		return malformed("the signatures or targets of a span batch are malformed")
	}

	legacy := 0
	columns.contents.rest = data.rest
	for index := 0; index < count; index++ {
		content := data.content()
		if data.failed {
			return malformed("the contents of a transaction in a span batch are malformed")
		}

		if content.kind == 0 {
			legacy++
		}
	}

	columns.nonces.rest = data.rest
	for index := 0; index < count && !data.failed; index++ {
		data.uvarint()
	}

	columns.gasLimits.rest = data.rest
	for index := 0; index < count && !data.failed; index++ {
		data.uvarint()
	}

	columns.protectedBits = data.bitlist(legacy)
	if data.failed {
		return malformed("the nonces, gas limits or protected bits of a span batch are malformed")
	}

	return nil
}

// OriginChanges is how often the L1 origin advances in the span.
func (batch *SpanBatch) OriginChanges() int {
	return batch.originBits.ones()
}

// Creations is the number of transactions that create contracts.
func (batch *SpanBatch) Creations() int {
	return batch.columns.creationBits.ones()
}

// Protected is the number of legacy transactions that are bound to the chain (EIP-155).
func (batch *SpanBatch) Protected() int {
	return batch.columns.protectedBits.ones()
}

// SpanBlock is one block of a span batch.
type SpanBlock struct {
	// IsOriginChanged tells that its L1 origin is the one after that of the block before.
	IsOriginChanged bool
	// L1OriginNumber is the number of its L1 origin.
	L1OriginNumber uint64
	// Transactions are those of the sequencer, signed, as they stand in a block.
	Transactions TransactionList
}

// SpanBlocks goes through the blocks of a span batch, in their order.
type SpanBlocks struct {
	batch   *SpanBatch
	chainID uint64
	// index is the next block's.
	index, transaction, legacy int
	origin                     uint64
	counts                     cursor
	columns                    columns
}

// Blocks begins with the first block. The batch does not say the chain's id, which its transactions are signed for.
func (batch *SpanBatch) Blocks(chainID uint64) *SpanBlocks {
	return &SpanBlocks{
		batch: batch, chainID: chainID, origin: batch.L1OriginNumber - uint64(batch.OriginChanges()),
		counts: batch.counts, columns: batch.columns,
	}
}

// Next rebuilds the next block; false after the last one.
func (blocks *SpanBlocks) Next() (block SpanBlock, found bool) {
	count, isThere := blocks.advance()
	if !isThere {
		return SpanBlock{}, false
	}

	block.IsOriginChanged = blocks.batch.originBits.at(blocks.index - 1)
	block.L1OriginNumber = blocks.origin
	for ; count > 0; count-- {
		block.Transactions = blocks.appendTransaction(block.Transactions)
	}

	return block, true
}

// Skip leaves the next block out; false after the last one. Nothing is allocated.
func (blocks *SpanBlocks) Skip() (found bool) {
	count, isThere := blocks.advance()
	for ; count > 0; count-- {
		blocks.skipTransaction()
	}

	return isThere
}

// advance goes to the next block and returns how many transactions it has.
func (blocks *SpanBlocks) advance() (count uint64, isThere bool) {
	if blocks.index == blocks.batch.BlockCount {
		return 0, false
	}

	if blocks.batch.originBits.at(blocks.index) {
		blocks.origin++
	}

	blocks.index++
	return blocks.counts.uvarint(), true
}
