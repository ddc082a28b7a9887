package driver

import (
	"errors"
	"time"

	"culverin/guest/block"
	"culverin/guest/derive"
	"culverin/guest/node/ledger"
	"culverin/guest/pipeline"
)

// derive makes blocks safe until L1 ends, or until a time; isBusy tells that it may go on.
func (driver *Driver) derive(end time.Time) (isBusy bool, err error) {
	for time.Now().Before(end) {
		position := driver.pipeline.Origin()
		payload, err := driver.pipeline.Next()
		if driver.pipeline.Origin() != position {
			driver.read = position
		}

		switch {
		case errors.Is(err, pipeline.ErrEndOfL1):
			driver.read = driver.pipeline.Origin()
			driver.noteSafe()
			return false, nil
		case err != nil:
			return false, err
		}

		if err := driver.take(payload); err != nil {
			return false, err
		}

		if err := driver.flushIfMuch(); err != nil {
			return false, err
		}
	}

	return true, nil
}

func (driver *Driver) flushIfMuch() error {
	if nodes, blocks := driver.ledger.Waiting(); nodes >= nodesWaiting || blocks >= blocksWaiting {
		return driver.flush()
	}

	return nil
}

// take makes the block of a payload safe: the one that was sequenced, if it is the same, and otherwise a new one, which
// takes the place of what was sequenced.
func (driver *Driver) take(payload *derive.Payload) error {
	safe := driver.ledger.Safe()
	made, err := driver.sequenced(safe, payload)
	if err != nil {
		return err
	}

	if made == nil {
		made, err = driver.ledger.Execute(safe, payload.Attributes)
		var invalid *block.InvalidError
		if errors.As(err, &invalid) {
			driver.log("a batch for block %d makes no block: %s", safe.Header.Number+1, invalid.Reason)
			return driver.pipeline.Reject()
		}

		if err != nil {
			return err
		}

		if err = driver.unwind(safe); err != nil {
			return err
		}

		if err = driver.ledger.Append(made); err != nil {
			return err
		}
	}

	if err = driver.pipeline.Accept(made.Hash, made.Header); err != nil {
		return err
	}

	driver.ledger.SetSafe(made)
	driver.noteSafe()
	return nil
}

// sequenced is the block after the safe one, if it was sequenced and is what the payload makes; nil otherwise.
func (driver *Driver) sequenced(safe *ledger.Block, payload *derive.Payload) (*ledger.Block, error) {
	next, err := driver.ledger.BlockByNumber(safe.Header.Number + 1)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}

	isSame := next.Header.ParentHash == safe.Hash &&
		block.IsMadeBy(driver.ledger.Chain, next.Header, next.Transactions, payload.Attributes)
	if !isSame {
		return nil, nil
	}

	return next, nil
}
