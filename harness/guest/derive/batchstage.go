package derive

// View is what is known of both chains when a batch is judged.
type View struct {
	// Head is the newest L2 block that was derived.
	Head *L2Head
	// Next is the L1 block after the head's origin; nil if it is not known yet.
	Next *L1Block
	// ParentAt gives the L2 block with a timestamp, if the chain up to the head has one. An error says that this could not
	// be found out.
	ParentAt func(timestamp uint64) (parent BlockID, isThere bool, err error)
	// BlockAt gives what a batch would say about the L2 block with a timestamp, which the chain up to the head has.
	BlockAt func(timestamp uint64) (DerivedBlock, error)
	// OriginAt gives the canonical L1 block with a number, if it is known.
	OriginAt func(number uint64) (L1Block, bool)
}

// DerivedBlock is an L2 block as far as a batch says what it is.
type DerivedBlock struct {
	// OriginNumber is the number of its L1 origin.
	OriginNumber uint64
	// Transactions are those of the sequencer.
	Transactions TransactionList
}

// BatchStage takes batches out of the channel that is being read, judges them and hands on those that make the next L2
// block: since Holocene it holds one channel, of that one span batch, and of that one block (holocene/derivation.md,
// "Batch Queue").
type BatchStage struct {
	rollup *Rollup
	// channel is what is being read; nil if there is none.
	channel *BatchReader
	// inclusion is the number of the L1 block that completed the channel.
	inclusion uint64
	// span is what is left of a span batch, and the timestamp of its next block.
	span     *SpanBlocks
	spanTime uint64
	// unjudged is a span batch that was read and not yet judged.
	unjudged *SpanBatch
	// undecided is a batch that waits for the next L1 block.
	undecided *SingularBatch
}

// NewBatchStage has no channel yet.
func NewBatchStage(rollup *Rollup) *BatchStage {
	return &BatchStage{rollup: rollup}
}

// Open begins to read a channel that the L1 block with this number completed. The one before must have been read to its
// end, or given up.
func (stage *BatchStage) Open(channel *BatchReader, inclusion uint64) {
	*stage = BatchStage{rollup: stage.rollup, channel: channel, inclusion: inclusion}
}

// GiveUp drops what is left of the channel: a batch was invalid, or made an invalid block ("Fast Channel Invalidation",
// "Engine Queue").
func (stage *BatchStage) GiveUp() {
	*stage = BatchStage{rollup: stage.rollup}
}

// Next returns the batch that makes the next block. Nil means that a channel, or for an undecided batch the next L1
// block, must come first. An error is the view's; then the stage is as if it had not been asked.
func (stage *BatchStage) Next(view View) (*SingularBatch, error) {
	for stage.channel != nil {
		batch := stage.undecided
		stage.undecided = nil
		if batch == nil {
			var err error
			if batch, err = stage.read(view); err != nil {
				return nil, err
			}
		}

		if batch == nil {
			continue
		}

		switch stage.rollup.CheckSingular(batch, view.Head, view.Next, stage.inclusion) {
		case Accept:
			return batch, nil
		case Undecided:
			stage.undecided = batch
			return nil, nil
		case Drop:
			stage.GiveUp()
		}
	}

	return nil, nil
}

// read takes the next block's batch out of the span batch or the channel; nil if there was none in what it took.
func (stage *BatchStage) read(view View) (*SingularBatch, error) {
	switch {
	case stage.unjudged != nil:
		return nil, stage.open(view)
	case stage.span != nil:
		return stage.readSpan(view), nil
	}

	// The end of the channel and a malformed rest are the same: nothing further comes out of it.
	data, err := stage.channel.Next()
	if err != nil {
		stage.GiveUp()
		return nil, nil
	}

	singular, span, _, err := DecodeBatch(data)
	if err != nil {
		stage.GiveUp()
		return nil, nil
	}

	stage.unjudged = span
	return singular, nil
}

// open judges a span batch as a whole.
func (stage *BatchStage) open(view View) error {
	span := stage.unjudged
	validity, err := stage.rollup.CheckSpan(span, &view)
	if err != nil {
		return err
	}

	stage.unjudged = nil
	switch validity {
	case Accept:
		stage.span = span.Blocks(stage.rollup.Chain.ID)
		stage.spanTime = stage.rollup.Genesis.Time + span.RelativeTimestamp
	case Drop:
		stage.GiveUp()
	}

	return nil
}

// readSpan makes a singular batch of the span's next block; blocks that are derived already are left out before anything
// is made of them. An origin that is not canonical leaves the hash zero, so that the batch is invalid.
func (stage *BatchStage) readSpan(view View) *SingularBatch {
	for stage.spanTime <= view.Head.Timestamp {
		if !stage.span.Skip() {
			stage.span = nil
			return nil
		}

		stage.spanTime += stage.rollup.BlockTime
	}

	each, found := stage.span.Next()
	if !found {
		stage.span = nil
		return nil
	}

	batch := &SingularBatch{
		ParentHash: view.Head.Hash, EpochNumber: each.L1OriginNumber, Timestamp: stage.spanTime,
		Transactions: each.Transactions,
	}
	if origin, isKnown := view.OriginAt(each.L1OriginNumber); isKnown {
		batch.EpochHash = origin.Hash
	}

	stage.spanTime += stage.rollup.BlockTime
	return batch
}
