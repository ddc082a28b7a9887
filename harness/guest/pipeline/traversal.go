package pipeline

import (
	"culverin/guest/config"
	"culverin/guest/derive"
)

// source is the data of one batcher transaction; those of a blob are read when it is their turn.
type source struct {
	calldata []byte
	isBlob   bool
	blob     BlobID
}

// advance goes on to the next L1 block. Without a next one, or after an error, everything stays as it was.
func (pipeline *Pipeline) advance() error {
	number := pipeline.position.Header.Number + 1
	next, err := pipeline.l1.Block(number)
	switch {
	case err != nil:
		return err
	case next.Header.Number != number || next.Header.ParentHash != pipeline.position.Hash:
		return &ReorganizedError{number}
	}

	read, err := pipeline.readEvents(next)
	if err != nil {
		return err
	}

	traversal := pipeline.traversal
	traversal.Update(read.events)
	return pipeline.enter(read, traversal)
}

// enter makes a block the position, if its data can be read.
func (pipeline *Pipeline) enter(block *origin, traversal derive.SystemConfig) error {
	if !pipeline.rollup.Chain.IsActive(config.Holocene, block.Header.Timestamp) {
		return &config.UnknownRulesError{Fork: config.Holocene.String(), IsOlder: true}
	}

	if head := &pipeline.head.Origin; block.Header.Number == head.Number && block.Hash != head.Hash {
		return &ReorganizedError{head.Number}
	}

	data, err := pipeline.findData(block.L1Block, &traversal)
	if err != nil {
		return err
	}

	pipeline.position, pipeline.traversal, pipeline.data = block, traversal, data
	if block.Header.Number >= pipeline.head.Origin.Number {
		pipeline.origins = append(pipeline.origins, block)
	}

	return nil
}

// readEvents reads the receipts of a block, if there is anything in them.
func (pipeline *Pipeline) readEvents(of *L1Block) (*origin, error) {
	events := pipeline.rollup.NewEvents(of.Hash)
	if !events.MayBeIn(&of.Header.Bloom) {
		return &origin{of, events}, nil
	}

	var malformed error
	err := pipeline.l1.Receipts(of, func(receipt []byte) {
		if failure := events.Add(receipt); failure != nil {
			malformed = failure
		}
	})
	if err == nil {
		err = malformed
	}

	return &origin{of, events}, err
}

// findData reads the batcher's transactions in a block.
func (pipeline *Pipeline) findData(of *L1Block, system *derive.SystemConfig) (data []source, err error) {
	inbox := pipeline.rollup.NewInbox(system.Batcher)
	var malformed error
	err = pipeline.l1.Transactions(of, func(transaction []byte) {
		if failure := inbox.Add(transaction); failure != nil {
			malformed = failure
		}
	})
	if err == nil {
		err = malformed
	}

	for _, each := range inbox.Found {
		if each.Calldata != nil {
			data = append(data, source{calldata: each.Calldata})
		}

		for index, hash := range each.Blobs {
			data = append(data, source{isBlob: true, blob: BlobID{hash, each.FirstBlob + uint64(index)}})
		}
	}

	return data, err
}

// readData reads the frames of the position's next batcher transaction; false if there is none. What is malformed counts
// for nothing.
func (pipeline *Pipeline) readData() (isRead bool, err error) {
	if len(pipeline.data) == 0 {
		return false, nil
	}

	data := pipeline.data[0].calldata
	if next := &pipeline.data[0]; next.isBlob {
		blob, err := pipeline.l1.Blob(pipeline.position.L1Block, next.blob)
		if err != nil {
			return false, err
		}

		data, _ = derive.DecodeBlob(blob)
	}

	pipeline.data = pipeline.data[1:]
	if frames, err := derive.DecodeFrames(data); err == nil {
		pipeline.frames.Add(frames)
	}

	return true, nil
}
