package derive

import (
	"culverin/guest/block"
	"culverin/guest/config"
)

// Validity is what the rules say about a batch (derivation.md, "Batch Queue"; holocene/derivation.md, "Batch Queue").
type Validity int

// The kinds of validity.
const (
	// Accept: the batch makes the next block.
	Accept Validity = iota
	// Drop: the batch is invalid; what is left of its span batch and of its channel counts for nothing.
	Drop
	// Past: the batch is about blocks that are derived already; only it is left out.
	Past
	// Undecided: the next L1 block must be known first.
	Undecided
)

var validityNames = [...]string{"accept", "drop", "past", "undecided"}

func (validity Validity) String() string {
	return validityNames[validity]
}

// CheckSingular judges the batch for one L2 block. Next is the L1 block after the head's origin, nil if it is not known
// yet; inclusion is the number of the L1 block in which the batch became complete.
func (rollup *Rollup) CheckSingular(batch *SingularBatch, head *L2Head, next *L1Block, inclusion uint64) Validity {
	expected := head.Timestamp + rollup.BlockTime
	switch {
	case batch.Timestamp > expected:
		// Before Holocene it was kept for later.
		return Drop
	case batch.Timestamp <= head.Timestamp:
		return Past
	case batch.Timestamp < expected, batch.ParentHash != head.Hash,
		sum(batch.EpochNumber, rollup.SequencingWindow) < inclusion, batch.EpochNumber < head.Origin.Number:
		return Drop
	}

	origin := &head.Origin
	if batch.EpochNumber != head.Origin.Number {
		switch {
		case batch.EpochNumber != head.Origin.Number+1:
			return Drop
		case next == nil:
			return Undecided
		}

		origin = next
	}

	if batch.EpochHash != origin.Hash || batch.Timestamp < origin.Timestamp {
		return Drop
	}

	if validity := checkDrift(batch, origin, head, next); validity != Accept {
		return validity
	}

	return rollup.checkTransactions(batch)
}

// checkDrift: a block may be too far ahead of its origin only if it is empty and could not have the next origin.
func checkDrift(batch *SingularBatch, origin *L1Block, head *L2Head, next *L1Block) Validity {
	if batch.Timestamp <= sum(origin.Timestamp, SequencerDriftMax) {
		return Accept
	}

	if len(batch.Transactions) > 0 {
		return Drop
	}

	if batch.EpochNumber != head.Origin.Number {
		return Accept
	}

	switch {
	case next == nil:
		return Undecided
	case batch.Timestamp >= next.Timestamp:
		return Drop
	}

	return Accept
}

// checkTransactions: none may be empty, a deposit, or of a type that is not known at the block's time (derivation.md,
// "Batch Queue", the last rule; isthmus/derivation.md, "Activation"). Jovian's first block has none of the sequencer's
// (jovian/derivation.md, "Activation Block Rules"). What else is wrong with a transaction is found when the block is
// executed.
func (rollup *Rollup) checkTransactions(batch *SingularBatch) Validity {
	if len(batch.Transactions) > 0 && rollup.isFirst(config.Jovian, batch.Timestamp) {
		return Drop
	}

	hasSetCode := rollup.Chain.IsActive(config.Isthmus, batch.Timestamp)
	validity := Accept
	batch.Transactions.Each(func(transaction []byte) bool {
		if len(transaction) == 0 || !isTypeAllowed(transaction[0], hasSetCode) {
			validity = Drop
		}

		return validity == Accept
	})
	return validity
}

func isTypeAllowed(first byte, hasSetCode bool) bool {
	return first <= block.DynamicFeeType || first >= listFirst || first == block.SetCodeType && hasSetCode
}

// CheckSpan judges a span batch before its blocks are judged one by one (holocene/derivation.md, "Span Batches"). An origin
// that is not known yet cannot be right: the batch was posted before that block was made, so it does not hold its hash. An
// error is the view's.
//
// The order is that of delta/span-batches.md, times first: for a batch from the past nothing else is asked.
func (rollup *Rollup) CheckSpan(batch *SpanBatch, view *View) (Validity, error) {
	start := sum(rollup.Genesis.Time, batch.RelativeTimestamp)
	end := sum(start, uint64(batch.BlockCount-1)*rollup.BlockTime)
	expected := view.Head.Timestamp + rollup.BlockTime
	switch {
	case start > expected:
		return Drop, nil
	case end < expected:
		return Past, nil
	case start < rollup.BlockTime:
		return Drop, nil
	}

	parent, isThere, err := view.ParentAt(start - rollup.BlockTime)
	if err != nil {
		return Drop, err
	}

	if !isThere || first20(parent.Hash[:]) != batch.ParentCheck {
		return Drop, nil
	}

	origin, isKnown := view.OriginAt(batch.L1OriginNumber)
	if !isKnown || first20(origin.Hash[:]) != batch.L1OriginCheck {
		return Drop, nil
	}

	return rollup.checkOverlap(batch, view, start)
}

// checkOverlap: blocks of the span that are derived already must be those that were derived (delta/span-batches.md,
// "Overlapped blocks checks", which holocene/derivation.md keeps since specs pull request 928). Without this rule what
// follows on a block that lost its transactions would depend on where derivation began.
func (rollup *Rollup) checkOverlap(batch *SpanBatch, view *View, timestamp uint64) (Validity, error) {
	blocks := batch.Blocks(rollup.Chain.ID)
	for ; timestamp <= view.Head.Timestamp; timestamp += rollup.BlockTime {
		said, _ := blocks.Next()
		derived, err := view.BlockAt(timestamp)
		if err != nil {
			return Drop, err
		}

		if derived.OriginNumber != said.L1OriginNumber || string(derived.Transactions) != string(said.Transactions) {
			return Drop, nil
		}
	}

	return Accept, nil
}

func first20(hash []byte) (check HashCheck) {
	copy(check[:], hash)
	return check
}

// EmptyBatch is the batch of the next L2 block when none came for it in time; nil if one may still come. Next is the L1
// block after the head's origin, nil if it is not known; position is the number of the L1 block up to which all batches
// were read. The block keeps its origin as long as the next one is younger than itself. Otherwise it is the first of the
// next epoch, "that epoch is used instead of advancing the epoch", and then it is that epoch's window that must have
// closed: until then a batch with that origin counts.
func (rollup *Rollup) EmptyBatch(head *L2Head, next *L1Block, position uint64) *SingularBatch {
	if next == nil {
		return nil
	}

	timestamp, origin := head.Timestamp+rollup.BlockTime, head.Origin.BlockID
	if timestamp >= next.Timestamp {
		origin = next.BlockID
	}

	if sum(origin.Number, rollup.SequencingWindow) > position {
		return nil
	}

	return &SingularBatch{
		ParentHash: head.Hash, Timestamp: timestamp, EpochNumber: origin.Number, EpochHash: origin.Hash,
	}
}
