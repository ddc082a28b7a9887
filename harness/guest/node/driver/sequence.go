package driver

import (
	"errors"
	"time"

	"culverin/guest/block"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/node/ledger"
	"culverin/guest/node/pool"
	"culverin/guest/pipeline"
)

// buildTime is how long transactions are added to a block at most.
const buildTime = time.Second

// errWaiting says that a block cannot be made until L1 goes on.
var errWaiting = errors.New("driver: the sequencer waits for L1")

// sequence makes new blocks until it is ahead of the clock, or until a time; isBusy tells that more are due.
func (driver *Driver) sequence(end time.Time) (isBusy bool, err error) {
	for time.Now().Before(end) {
		due := driver.ledger.Tip().Header.Timestamp + driver.rollup.BlockTime
		isAsked := driver.options.Clock == HandClock && driver.isAsked.Swap(false)
		if due > driver.now() && !isAsked {
			return false, nil
		}

		count := len(driver.taken)
		err := driver.sequenceOne(due)
		switch {
		case errors.Is(err, errWaiting):
			driver.askAgain(isAsked)
			return false, nil
		case err != nil:
			driver.askAgain(isAsked)
			return false, err
		}

		// What did not find room is the next block's. What can stand in none so far waits for a reason of its own.
		driver.askAgain(isAsked && len(driver.taken) > count && driver.pool.Count() > len(driver.taken))

		if err := driver.flushIfMuch(); err != nil {
			return false, err
		}
	}

	return true, nil
}

func (driver *Driver) askAgain(isSo bool) {
	if isSo {
		driver.isAsked.Store(true)
	}
}

func (driver *Driver) now() uint64 {
	switch driver.options.Clock {
	case L1Clock:
		return driver.Status().HeadL1.Timestamp
	case HandClock:
		return driver.until.Load()
	}

	return uint64(time.Now().Unix())
}

// sequenceOne makes the block after the tip, with a timestamp.
func (driver *Driver) sequenceOne(timestamp uint64) error {
	tip := driver.ledger.Tip()
	head, system, err := driver.headOf(tip)
	if err != nil {
		return err
	}

	origin, withPool, err := driver.chooseOrigin(head, timestamp)
	if err != nil {
		return err
	}

	chosen := &derive.Origin{Header: origin.Header, Hash: origin.Hash, System: system}
	if origin.Header.Number != head.Origin.Number {
		events, err := driver.eventsOf(origin)
		if err != nil {
			return err
		}

		chosen.System.Update(events)
		chosen.Deposits = events.Deposits
	}

	payload, err := driver.rollup.Build(&derive.SingularBatch{
		ParentHash: tip.Hash, EpochNumber: origin.Header.Number, EpochHash: origin.Hash, Timestamp: timestamp,
	}, head, chosen)
	if err != nil {
		return err
	}

	var taken []keccak.Hash
	made, err := driver.ledger.Make(tip, payload.Attributes, func(maker *block.Maker) error {
		for _, encoded := range payload.Attributes.Transactions {
			if err := maker.Add(encoded); err != nil {
				return err
			}
		}

		if withPool && driver.pool != nil && !driver.rollup.IsUpgrade(timestamp) {
			taken = driver.fill(maker, tip)
		}

		return nil
	})
	if err != nil {
		return err
	}

	if err := driver.ledger.Append(made); err != nil {
		return err
	}

	driver.taken = append(driver.taken, taken...)
	driver.ledger.Drop(taken)
	return nil
}

// headOf is a block as the rules see it, with the configuration that it was made with.
func (driver *Driver) headOf(tip *ledger.Block) (*derive.L2Head, derive.SystemConfig, error) {
	head := &derive.L2Head{BlockID: tip.ID(), Timestamp: tip.Header.Timestamp}
	if tip.Hash == driver.ledger.Genesis().Hash {
		head.Origin.BlockID = driver.rollup.Genesis.L1
		return head, derive.SystemConfig(driver.rollup.Genesis.System), nil
	}

	attributes, err := tip.L1Attributes()
	if err != nil {
		return nil, derive.SystemConfig{}, err
	}

	head.Origin.BlockID = derive.BlockID{Hash: attributes.Hash, Number: attributes.Number}
	head.Origin.Timestamp = attributes.Timestamp
	head.SequenceNumber = attributes.SequenceNumber
	system, err := driver.rollup.SystemOf(tip.Header, attributes)
	return head, system, err
}

// chooseOrigin takes the L1 block after the head's origin as soon as it is not younger than the new block, so that no L1
// block is skipped. A block that is too far ahead of its origin has no transactions of the pool (derivation.md, "Batch
// Queue"), and none can be made then while the next L1 block is not known.
func (driver *Driver) chooseOrigin(head *derive.L2Head, timestamp uint64) (*pipeline.L1Block, bool, error) {
	present, err := driver.originAt(head.Origin.Number, driver.l1.Header)
	if err != nil {
		return nil, false, err
	}

	if present == nil || present.Hash != head.Origin.Hash {
		return nil, false, &pipeline.ReorganizedError{Number: head.Origin.Number}
	}

	next, err := driver.originAt(head.Origin.Number+1, driver.l1.Block)
	switch {
	case err != nil:
		return nil, false, err
	case next != nil && next.Header.ParentHash != present.Hash:
		return nil, false, &pipeline.ReorganizedError{Number: head.Origin.Number}
	case next != nil && next.Header.Timestamp <= timestamp:
		return next, timestamp <= next.Header.Timestamp+derive.SequencerDriftMax, nil
	case timestamp <= present.Header.Timestamp+derive.SequencerDriftMax:
		return present, true, nil
	case next == nil:
		return nil, false, errWaiting
	}

	return present, false, nil
}

// originAt is the L1 block with a number as of the last look, nil if ask finds none.
func (driver *Driver) originAt(
	number uint64, ask func(number uint64) (*pipeline.L1Block, error),
) (*pipeline.L1Block, error) {
	if found, isKnown := driver.origins[number]; isKnown {
		return found, nil
	}

	found, err := ask(number)
	if errors.Is(err, pipeline.ErrEndOfL1) {
		found, err = nil, nil
	}

	if err == nil {
		driver.origins[number] = found
	}

	return found, err
}

// eventsOf reads what an L1 block says to the L2.
func (driver *Driver) eventsOf(origin *pipeline.L1Block) (*derive.Events, error) {
	events := driver.rollup.NewEvents(origin.Hash)
	if !events.MayBeIn(&origin.Header.Bloom) {
		return events, nil
	}

	var problem error
	err := driver.l1.Receipts(origin, func(receipt []byte) {
		if failure := events.Add(receipt); failure != nil {
			problem = failure
		}
	})
	switch {
	case err != nil:
		return nil, err
	case problem != nil:
		return nil, problem
	}

	return events, events.Failure
}

// fill adds transactions of the pool to a block. Those that cannot stand there leave the pool, unless only room lacks.
func (driver *Driver) fill(maker *block.Maker, tip *ledger.Block) (gone []keccak.Hash) {
	end := time.Now().Add(buildTime)
	world := driver.ledger.StateNow(tip.Header.StateRoot)
	baseFee, _ := block.NextBaseFee(driver.ledger.Chain, tip.Header)
	deposits := len(maker.Transactions())
	choice := driver.pool.Choose(&baseFee, world.Nonce)
	for time.Now().Before(end) {
		entry := choice.Next()
		if entry == nil {
			break
		}

		if entry.Transaction.GasLimit > maker.GasLeft() {
			continue
		}

		err := maker.Add(entry.Transaction.Encoded)
		switch {
		case err == nil:
			gone = append(gone, entry.Hash)
			choice.Taken(entry)
		case len(maker.Transactions()) == deposits:
			// The block was empty: it cannot be for lack of room.
			driver.log("transaction 0x%x leaves the pool: %s", entry.Hash, pool.Reason(err))
			gone = append(gone, entry.Hash)
		}
	}

	return gone
}
