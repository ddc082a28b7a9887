package pipeline

import (
	"errors"
	"fmt"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// ReorganizedError says that an L1 block is not the one that was built on. The pipeline has to be reset to an L2 block
// whose origin still stands on L1.
type ReorganizedError struct {
	// Number is the L1 block's.
	Number uint64
}

func (failure *ReorganizedError) Error() string {
	return fmt.Sprintf("pipeline: L1 block %d is not the one that was derived from", failure.Number)
}

// ErrNoSuchBlock says that not even the deposits of a block can be executed: derivation cannot go on.
var ErrNoSuchBlock = errors.New("pipeline: no block can be made of an epoch's deposits")

// errWrongOrder says that a pipeline was called in another order than its functions demand.
var errWrongOrder = errors.New("pipeline: there is no payload that this could be about")

// Pipeline derives one block after the other. It is used in turns: Next gives the payload of the next block; whoever
// executes it says by Accept which block came of it, or by Reject that there is no such block, and asks again. It is not
// for several threads at once.
type Pipeline struct {
	rollup *derive.Rollup
	l1     L1
	l2     L2

	// head is the newest L2 block, the safe head as of the L1 blocks read so far; system is the configuration it was
	// made with.
	head   derive.L2Head
	system derive.SystemConfig

	// position is the L1 block that is read, traversal the configuration as of it, which says whose batches count.
	position  *origin
	traversal derive.SystemConfig
	// origins are the L1 blocks from the head's origin up to the position.
	origins []*origin

	// data are the position's batcher transactions that were not read yet.
	data    []source
	frames  derive.FrameQueue
	channel derive.StagingChannel
	batches *derive.BatchStage
	pending *pending
	// failure ended the work.
	failure error
}

// origin is an L1 block that was read.
type origin struct {
	*L1Block
	events *derive.Events
}

func (origin *origin) reference() derive.L1Block {
	id := derive.BlockID{Hash: origin.Hash, Number: origin.Header.Number}
	return derive.L1Block{BlockID: id, Timestamp: origin.Header.Timestamp}
}

// pending is a payload that was handed out.
type pending struct {
	payload *derive.Payload
	origin  derive.L1Block
}

// New makes a pipeline. It derives nothing until Reset said from where.
func New(rollup *config.Rollup, l1 L1, l2 L2) *Pipeline {
	return &Pipeline{rollup: (*derive.Rollup)(rollup), l1: l1, l2: l2}
}

// SafeHead is the newest block.
func (pipeline *Pipeline) SafeHead() derive.L2Head {
	return pipeline.head
}

// Origin is the L1 block that is read: all blocks up to the safe head follow from L1 up to it.
func (pipeline *Pipeline) Origin() derive.L1Block {
	return pipeline.position.reference()
}

// Next returns the payload of the block after the safe head; until Accept or Reject it is the same one. Errors that a
// later call may not have: ErrEndOfL1, and what the sources return. Errors that end the work: a *ReorganizedError, until
// Reset; a *config.UnknownRulesError or derive.ErrNoBrotli, for what this program cannot know; a *derive.MalformedError
// for deposits that OptimismPortal never writes.
func (pipeline *Pipeline) Next() (*derive.Payload, error) {
	for pipeline.pending == nil {
		if pipeline.failure != nil {
			return nil, pipeline.failure
		}

		if err := pipeline.step(); err != nil {
			if isFinal(err) {
				pipeline.failure = err
			}

			return nil, err
		}
	}

	return pipeline.pending.payload, nil
}

// isFinal tells whether an error stays until Reset.
func isFinal(err error) bool {
	switch err.(type) {
	case *ReorganizedError, *config.UnknownRulesError, *derive.MalformedError:
		return true
	}

	return err == derive.ErrNoBrotli
}

func (pipeline *Pipeline) step() error {
	batch, err := pipeline.nextBatch()
	switch {
	case err != nil:
		return err
	case batch == nil:
		return pipeline.advance()
	}

	return pipeline.build(batch)
}

// Accept says that the payload's block was made; L2 has it from now on.
func (pipeline *Pipeline) Accept(hash keccak.Hash, header *block.Header) error {
	made := pipeline.pending
	if made == nil {
		return errWrongOrder
	}

	system, err := pipeline.rollup.SystemOf(header, made.payload.L1)
	if err != nil {
		return err
	}

	pipeline.pending, pipeline.system = nil, system
	pipeline.head = derive.L2Head{
		BlockID: derive.BlockID{Hash: hash, Number: header.Number}, Timestamp: header.Timestamp,
		Origin: made.origin, SequenceNumber: made.payload.L1.SequenceNumber,
	}
	for pipeline.origins[0].Header.Number < made.origin.Number {
		pipeline.origins = pipeline.origins[1:]
	}

	return nil
}

// Reject says that there is no such block: the next payload has only the deposits, and what is left of the channel
// counts for nothing (holocene/derivation.md, "Engine Queue"). If the payload had nothing else, it returns ErrNoSuchBlock.
func (pipeline *Pipeline) Reject() error {
	if pipeline.pending == nil {
		return errWrongOrder
	}

	payload := pipeline.pending.payload
	if len(payload.Attributes.Transactions) == payload.DepositCount {
		return ErrNoSuchBlock
	}

	payload.DepositsOnly()
	pipeline.batches.GiveUp()
	return nil
}

// nextBatch reads what the position has. Nil means that it has no more, and that no empty block is due.
func (pipeline *Pipeline) nextBatch() (*derive.SingularBatch, error) {
	view := pipeline.view()
	for {
		batch, err := pipeline.batches.Next(view)
		if batch != nil || err != nil {
			return batch, err
		}

		isRead, err := pipeline.readFrame()
		if err != nil {
			return nil, err
		}

		if isRead {
			continue
		}

		return pipeline.rollup.EmptyBatch(&pipeline.head, view.Next, pipeline.position.Header.Number), nil
	}
}

// readFrame takes one frame, or the frames of the next batcher transaction; false if the position has no more.
func (pipeline *Pipeline) readFrame() (isRead bool, err error) {
	number := pipeline.position.Header.Number
	frame, found := pipeline.frames.Next()
	if !found {
		return pipeline.readData()
	}

	channel, isComplete := pipeline.channel.Add(frame, number)
	// All that came up to the head's origin is about blocks up to the head: no batch can name an origin that L1 did not
	// have yet.
	if !isComplete || number <= pipeline.head.Origin.Number {
		return true, nil
	}

	reader, err := derive.NewBatchReader(channel, derive.FjordChannels)
	switch err.(type) {
	case nil:
		pipeline.batches.Open(reader, number)
	case *derive.MalformedError:
	default:
		return false, err
	}

	return true, nil
}

// build makes the payload of a batch that was accepted.
func (pipeline *Pipeline) build(batch *derive.SingularBatch) error {
	chosen := pipeline.origins[0]
	system := pipeline.system
	if batch.EpochNumber != pipeline.head.Origin.Number {
		chosen = pipeline.origins[1]
		if chosen.events.Failure != nil {
			return chosen.events.Failure
		}

		system.Update(chosen.events)
	}

	payload, err := pipeline.rollup.Build(batch, &pipeline.head, &derive.Origin{
		Header: chosen.Header, Hash: chosen.Hash, System: system, Deposits: chosen.events.Deposits,
	})
	if err != nil {
		return err
	}

	if payload.IsInvalid {
		pipeline.batches.GiveUp()
	}

	pipeline.pending = &pending{payload, chosen.reference()}
	return nil
}

// view is what the rules may look at.
func (pipeline *Pipeline) view() derive.View {
	view := derive.View{
		Head: &pipeline.head, ParentAt: pipeline.parentAt, BlockAt: pipeline.blockAt, OriginAt: pipeline.originAt,
	}
	if len(pipeline.origins) > 1 {
		next := pipeline.origins[1].reference()
		view.Next = &next
	}

	return view
}

// originAt knows L1 from the head's origin to the position.
func (pipeline *Pipeline) originAt(number uint64) (derive.L1Block, bool) {
	if len(pipeline.origins) == 0 {
		return derive.L1Block{}, false
	}

	first := pipeline.origins[0].Header.Number
	if number < first || number-first >= uint64(len(pipeline.origins)) {
		return derive.L1Block{}, false
	}

	return pipeline.origins[number-first].reference(), true
}

// parentAt knows L2 from its first block to the head.
func (pipeline *Pipeline) parentAt(timestamp uint64) (derive.BlockID, bool, error) {
	head, blockTime := &pipeline.head, pipeline.rollup.BlockTime
	if timestamp == head.Timestamp {
		return head.BlockID, true, nil
	}

	back := (head.Timestamp - timestamp) / blockTime
	if timestamp > head.Timestamp || back*blockTime != head.Timestamp-timestamp ||
		back > head.Number-pipeline.rollup.Genesis.L2.Number {
		return derive.BlockID{}, false, nil
	}

	parent, err := pipeline.l2.Block(head.Number - back)
	if err != nil {
		return derive.BlockID{}, false, err
	}

	return derive.BlockID{Hash: parent.Hash, Number: parent.Header.Number}, true, nil
}

// blockAt reads a block up to the head, which is there.
func (pipeline *Pipeline) blockAt(timestamp uint64) (derived derive.DerivedBlock, err error) {
	back := (pipeline.head.Timestamp - timestamp) / pipeline.rollup.BlockTime
	found, err := pipeline.l2.Block(pipeline.head.Number - back)
	if err != nil {
		return derived, err
	}

	attributes, err := pipeline.attributes(found)
	if err != nil {
		return derived, err
	}

	derived.OriginNumber = attributes.Number
	err = pipeline.l2.Transactions(found, func(transaction []byte) bool {
		if transaction[0] != block.DepositType {
			derived.Transactions = rlp.AppendBytes(derived.Transactions, transaction)
		}

		return true
	})
	return derived, err
}
