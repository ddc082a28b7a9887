package pipeline

import (
	"sort"

	"culverin/guest/block"
	"culverin/guest/derive"
)

// Reset begins anew with an L2 block as the safe head, which L2 has. L1 is read from where a channel can have begun that
// brings the next block: the pre-history, whose batches are about blocks up to the head and count for nothing. After an
// error the pipeline is not usable until another Reset.
func (pipeline *Pipeline) Reset(safe uint64) error {
	*pipeline = Pipeline{rollup: pipeline.rollup, l1: pipeline.l1, l2: pipeline.l2}
	pipeline.batches = derive.NewBatchStage(pipeline.rollup)
	head, system, err := pipeline.read(safe)
	if err != nil {
		return err
	}

	origin, err := pipeline.originOf(head)
	if err != nil {
		return err
	}

	head.Origin.Timestamp = origin.Header.Timestamp
	pipeline.head, pipeline.system = *head, *system
	start, err := pipeline.startOf(head)
	if err != nil {
		return err
	}

	first, traversal, err := pipeline.read(start)
	if err != nil {
		return err
	}

	if origin, err = pipeline.originOf(first); err != nil {
		return err
	}

	// Its receipts were read when the L2 block was made: they are in that block's configuration.
	return pipeline.enter(unread(pipeline.rollup, origin), *traversal)
}

// unread is an L1 block whose events count no more.
func unread(rollup *derive.Rollup, of *L1Block) *origin {
	return &origin{of, rollup.NewEvents(of.Hash)}
}

// originOf returns the L1 origin of an L2 block, if it still stands on L1.
func (pipeline *Pipeline) originOf(head *derive.L2Head) (*L1Block, error) {
	origin, err := pipeline.l1.Block(head.Origin.Number)
	if err == nil && origin.Hash != head.Origin.Hash {
		err = &ReorganizedError{head.Origin.Number}
	}

	return origin, err
}

// startOf finds the newest L2 block whose origin is a channel timeout or more before the head's, or the first block, or
// one of the first epoch. Origins never go back from one block to the next, so that few blocks need to be read.
func (pipeline *Pipeline) startOf(head *derive.L2Head) (number uint64, err error) {
	genesis := &pipeline.rollup.Genesis
	isEarly := func(number uint64) bool {
		if number == genesis.L2.Number {
			return true
		}

		before, _, failure := pipeline.read(number)
		if failure != nil {
			err = failure
			return true
		}

		return before.Origin.Number <= genesis.L1.Number ||
			before.Origin.Number+derive.ChannelTimeout <= head.Origin.Number
	}

	// distance is how far before the head an early enough block was found.
	distance := uint64(0)
	for step := uint64(1); !isEarly(head.Number - distance); step *= 2 {
		distance += step
		if most := head.Number - genesis.L2.Number; distance > most {
			distance = most
		}
	}

	nearest := uint64(sort.Search(int(distance), func(back int) bool { return isEarly(head.Number - uint64(back)) }))
	return head.Number - nearest, err
}

// read returns an L2 block as the head of the chain up to it, without its origin's time, and the configuration that it
// was made with.
func (pipeline *Pipeline) read(number uint64) (*derive.L2Head, *derive.SystemConfig, error) {
	found, err := pipeline.l2.Block(number)
	if err != nil {
		return nil, nil, err
	}

	head := &derive.L2Head{
		BlockID:   derive.BlockID{Hash: found.Hash, Number: found.Header.Number},
		Timestamp: found.Header.Timestamp,
	}
	genesis := &pipeline.rollup.Genesis
	if number == genesis.L2.Number {
		head.Origin.BlockID = genesis.L1
		system := derive.SystemConfig(genesis.System)
		return head, &system, nil
	}

	attributes, err := pipeline.attributes(found)
	if err != nil {
		return nil, nil, err
	}

	head.Origin.BlockID = derive.BlockID{Hash: attributes.Hash, Number: attributes.Number}
	head.SequenceNumber = attributes.SequenceNumber
	system, err := pipeline.rollup.SystemOf(found.Header, attributes)
	return head, &system, err
}

// attributes reads what an L2 block says about its L1 origin.
func (pipeline *Pipeline) attributes(of *L2Block) (attributes *derive.L1Attributes, err error) {
	var first []byte
	err = pipeline.l2.Transactions(of, func(transaction []byte) bool {
		first = append([]byte(nil), transaction...)
		return false
	})
	if err != nil {
		return nil, err
	}

	deposit, err := block.Decode(first)
	if err != nil {
		return nil, err
	}

	return derive.DecodeL1Attributes(deposit.Data)
}
