package driver

import (
	"errors"
	"fmt"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/ledger"
	"culverin/guest/node/pool"
	"culverin/guest/node/store"
	"culverin/guest/pipeline"
)

// reset finds the newest safe head that still follows from L1, takes back what was sequenced on origins that are gone, and
// sets the pipeline on the safe head.
func (driver *Driver) reset() error {
	if err := driver.flush(); err != nil {
		return err
	}

	safe, err := driver.lastSafe()
	if err != nil {
		return err
	}

	if finalized := driver.ledger.Finalized().Header.Number; safe.Header.Number < finalized {
		return &FatalError{fmt.Errorf(
			"L1 was reorganized below what it had finalized: L2 block %d is final, and only %d still follows from L1",
			finalized, safe.Header.Number)}
	}

	kept, err := driver.lastOnL1(safe)
	if err != nil {
		return err
	}

	if err := driver.unwind(kept); err != nil {
		return err
	}

	driver.ledger.SetSafe(safe)
	if err := driver.flush(); err != nil {
		return err
	}

	if err := driver.pipeline.Reset(safe.Header.Number); err != nil {
		return err
	}

	// What stands in the blocks before, and in this one, is about blocks up to the safe head.
	driver.isReset, driver.read, driver.noted = true, driver.pipeline.Origin(), store.SafeHead{}
	return nil
}

// lastSafe goes back in the table of safe heads to an entry whose L1 block still stands, and forgets those after it.
func (driver *Driver) lastSafe() (*ledger.Block, error) {
	for limit := ^uint64(0); ; {
		entry, err := driver.ledger.SafeHeadAt(limit)
		if err != nil {
			return nil, err
		}

		if entry == nil {
			return driver.ledger.Genesis(), nil
		}

		present, err := driver.l1.Header(entry.L1Number)
		if err != nil && !errors.Is(err, pipeline.ErrEndOfL1) {
			return nil, err
		}

		if err == nil && present.Hash == entry.L1Hash {
			return driver.ledger.Block(entry.L2Hash)
		}

		if entry.L1Number == 0 {
			return driver.ledger.Genesis(), nil
		}

		limit = entry.L1Number - 1
		if err := driver.ledger.ForgetSafe(limit); err != nil {
			return nil, &FatalError{err}
		}
	}
}

// lastOnL1 is the newest block whose L1 origin stands on L1; blocks up to a safe one do.
func (driver *Driver) lastOnL1(safe *ledger.Block) (*ledger.Block, error) {
	checked := map[keccak.Hash]bool{}
	for each := driver.ledger.Tip(); ; {
		if each.Header.Number <= safe.Header.Number {
			return safe, nil
		}

		attributes, err := each.L1Attributes()
		if err != nil {
			return nil, err
		}

		isThere, isKnown := checked[attributes.Hash]
		if !isKnown {
			present, err := driver.l1.Header(attributes.Number)
			if err != nil && !errors.Is(err, pipeline.ErrEndOfL1) {
				return nil, err
			}

			isThere = err == nil && present.Hash == attributes.Hash
			checked[attributes.Hash] = isThere
		}

		if isThere {
			return each, nil
		}

		if each, err = driver.ledger.Block(each.Header.ParentHash); err != nil {
			return nil, err
		}
	}
}

// unwind makes a block of the chain the tip; transactions that stood above it wait again.
func (driver *Driver) unwind(to *ledger.Block) error {
	tip := driver.ledger.Tip()
	if tip.Hash == to.Hash {
		return nil
	}

	var lost [][]byte
	for each := tip; each.Header.Number > to.Header.Number; {
		lost = append(lost, each.Transactions...)
		parent, err := driver.ledger.Block(each.Header.ParentHash)
		if err != nil {
			return err
		}

		each = parent
	}

	driver.log("the chain goes back from block %d to %d", tip.Header.Number, to.Header.Number)
	if err := driver.ledger.Unwind(to); err != nil {
		return &FatalError{err}
	}

	return driver.takeBack(lost)
}

// takeBack puts transactions into the pool again, if there is one. What is refused then is lost: it could not stand in a
// block any more.
func (driver *Driver) takeBack(transactions [][]byte) error {
	if driver.pool == nil {
		return nil
	}

	for _, encoded := range transactions {
		if entry, err := pool.Decode(encoded); err == nil {
			driver.ledger.Keep(entry.Hash, encoded)
		}
	}

	if err := driver.flush(); err != nil {
		return err
	}

	return driver.Refill(transactions)
}

// Refill puts transactions into the pool that are on disk.
func (driver *Driver) Refill(transactions [][]byte) error {
	for _, encoded := range transactions {
		entry, err := pool.Decode(encoded)
		if err != nil {
			continue
		}

		context, err := block.Revisit(driver.ledger.Chain, driver.ledger.Reader, driver.ledger.Tip().Header)
		if err != nil {
			return err
		}

		if _, err := driver.pool.Add(context, entry); err != nil && !errors.Is(err, pool.ErrKnown) {
			driver.ledger.Drop([]keccak.Hash{entry.Hash})
		}

		driver.isAsked.Store(true)
	}

	return nil
}
