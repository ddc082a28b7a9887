// Package driver moves an L2 on: it derives blocks from L1, sequences new ones if it is the sequencer, and follows L1 when
// that is reorganized. Heads (rollup-node.md): unsafe is what was sequenced, safe what follows from L1's head, finalized
// what follows from L1's finalized block.
package driver

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/node/api"
	"culverin/guest/node/l1"
	"culverin/guest/node/ledger"
	"culverin/guest/node/pool"
	"culverin/guest/node/store"
	"culverin/guest/oracle"
	"culverin/guest/pipeline"
)

// Clock tells up to when blocks are sequenced.
type Clock int

const (
	// WallClock: up to the present.
	WallClock Clock = iota
	// L1Clock: up to the timestamp of L1's newest block, whatever the present is.
	L1Clock
	// HandClock: up to the time that SequenceUntil was told, and further while transactions wait. For local chains, whose
	// time is made up.
	HandClock
)

// Options are how a node runs.
type Options struct {
	// Poll is the time between two looks at L1.
	Poll time.Duration
	// Sequence makes it the sequencer.
	Sequence bool
	Clock    Clock
}

// Bounds of what is done between two writes to the disk, and of one turn.
const (
	blocksWaiting = 256
	nodesWaiting  = 20_000
	turnTime      = 2 * time.Second
)

// Driver runs one node.
type Driver struct {
	rollup   *derive.Rollup
	l1       *l1.Source
	ledger   *ledger.Ledger
	pool     *pool.Pool
	pipeline *pipeline.Pipeline
	options  Options
	log      func(form string, arguments ...interface{})

	status atomic.Pointer[api.Status]
	// isReset tells that the pipeline stands on the safe head and on the L1 chain as last seen.
	isReset bool
	// headL1 is the hash of L1's newest block at the last look.
	headL1 keccak.Hash
	// origins are L1 blocks as they were at the last look, by number; nil for one that was not there.
	origins map[uint64]*pipeline.L1Block
	// read is the L1 block up to which all was read: the pipeline's position may be behind it, and not read to its end yet.
	read derive.L1Block
	// noted is the newest entry of the table of safe heads, but for the L2 block's number.
	noted store.SafeHead
	// taken are transactions that leave the pool with the next flush.
	taken []keccak.Hash
	// complained is the last error that was told, so that it is told once.
	complained string

	// until is what SequenceUntil was told; isAsked tells that a transaction came that may stand in the next block.
	until   atomic.Uint64
	isAsked atomic.Bool
	// wake ends the pause before the next turn.
	wake chan struct{}
}

// New runs on a ledger. The pool is nil on a node that does not sequence.
func New(
	rollup *config.Rollup, source *l1.Source, chain *ledger.Ledger, waiting *pool.Pool, options Options,
	log func(form string, arguments ...interface{}),
) *Driver {
	driver := &Driver{
		rollup: (*derive.Rollup)(rollup), l1: source, ledger: chain, pool: waiting, options: options, log: log,
		wake: make(chan struct{}, 1),
	}
	driver.pipeline = pipeline.New(rollup, source, derived{chain})
	driver.status.Store(&api.Status{})
	return driver
}

// Status is what the node knows of L1; it may be called by many goroutines.
func (driver *Driver) Status() api.Status {
	return *driver.status.Load()
}

// derived is the ledger as the pipeline reads it.
type derived struct {
	ledger *ledger.Ledger
}

func (chain derived) Block(number uint64) (*pipeline.L2Block, error) {
	found, err := chain.ledger.BlockByNumber(number)
	if err != nil {
		return nil, err
	}

	return &pipeline.L2Block{Hash: found.Hash, Header: found.Header}, nil
}

func (chain derived) Transactions(of *pipeline.L2Block, visit func(transaction []byte) bool) error {
	found, err := chain.ledger.Block(of.Hash)
	if err != nil {
		return err
	}

	for _, transaction := range found.Transactions {
		if !visit(transaction) {
			return nil
		}
	}

	return nil
}

// Run works until the context ends. The error is one that no later turn can get over: the disk, or a finalized block
// that L1 no longer has.
func (driver *Driver) Run(ctx context.Context) error {
	for {
		isBusy, err := driver.Turn()
		var fatal *FatalError
		switch {
		case errors.As(err, &fatal):
			return err
		case ctx.Err() != nil:
			return nil
		case err != nil:
			driver.complain(err)
		}

		if isBusy && err == nil {
			continue
		}

		select {
		case <-ctx.Done():
			return nil
		case <-driver.wake:
		case <-time.After(driver.options.Poll):
		}
	}
}

// SequenceUntil has blocks made up to a timestamp, by HandClock, and L1 looked at now. It does not wait for that, and may
// be called by many goroutines. A timestamp that is not higher than an earlier one changes nothing.
func (driver *Driver) SequenceUntil(timestamp uint64) {
	for {
		before := driver.until.Load()
		if timestamp <= before || driver.until.CompareAndSwap(before, timestamp) {
			break
		}
	}

	driver.Wake()
}

// Added says that a transaction came into the pool. It may be called by many goroutines.
func (driver *Driver) Added() {
	driver.isAsked.Store(true)
	if driver.options.Clock == HandClock {
		driver.Wake()
	}
}

// Wake begins the next turn now. It may be called by many goroutines.
func (driver *Driver) Wake() {
	select {
	case driver.wake <- struct{}{}:
	default:
	}
}

func (driver *Driver) complain(err error) {
	if text := err.Error(); text != driver.complained {
		driver.complained = text
		driver.log("%s", text)
	}
}

// FatalError ends the node.
type FatalError struct {
	Err error
}

func (failure *FatalError) Error() string { return failure.Err.Error() }
func (failure *FatalError) Unwrap() error { return failure.Err }

// Turn looks at L1 once, and does what is due, for a bounded time; isBusy tells that more is due already.
func (driver *Driver) Turn() (isBusy bool, err error) {
	var failure *oracle.Failure
	defer func() {
		if failure != nil {
			isBusy, err = false, &FatalError{failure}
		}
	}()
	defer oracle.Catch(&failure)
	return driver.turn()
}

func (driver *Driver) turn() (isBusy bool, err error) {
	if err := driver.look(); err != nil {
		return false, err
	}

	if !driver.isReset {
		if err := driver.reset(); err != nil {
			return false, driver.followed(err)
		}
	}

	end := time.Now().Add(turnTime)
	isDeriving, err := driver.derive(end)
	if err = driver.followed(err); err == nil {
		driver.complained = ""
	} else {
		// What L1 brings cannot be known now; the sequencer goes on all the same.
		driver.complain(err)
	}

	isSequencing := false
	if driver.isReset && driver.options.Sequence {
		isSequencing, err = driver.sequence(end)
		err = driver.followed(err)
	}

	if failure := driver.finish(); failure != nil {
		return false, failure
	}

	return isDeriving || isSequencing || !driver.isReset, err
}

// finish moves the finalized head and writes everything.
func (driver *Driver) finish() error {
	if err := driver.flush(); err != nil {
		return err
	}

	if err := driver.finalize(); err != nil {
		return err
	}

	status := driver.Status()
	status.CurrentL1 = driver.read
	driver.status.Store(&status)
	return driver.flush()
}

// flush writes everything. Only then do transactions that stand in a block leave the pool: until readers see the block,
// they find them there.
func (driver *Driver) flush() error {
	if err := driver.ledger.Flush(); err != nil {
		return &FatalError{err}
	}

	if driver.pool != nil && len(driver.taken) > 0 {
		driver.pool.Remove(driver.taken...)
		driver.taken = nil
		driver.ledger.Drop(driver.pool.Prune(driver.ledger.State(driver.ledger.Tip().Header.StateRoot).Nonce))
	}

	return nil
}

// followed takes a reorganization of L1 as what it is: the next turn begins anew.
func (driver *Driver) followed(err error) error {
	var reorganized *pipeline.ReorganizedError
	if errors.As(err, &reorganized) {
		driver.log("L1 was reorganized at block %d", reorganized.Number)
		driver.isReset = false
		return nil
	}

	return err
}

func reference(of *pipeline.L1Block) derive.L1Block {
	id := derive.BlockID{Hash: of.Hash, Number: of.Header.Number}
	return derive.L1Block{BlockID: id, Timestamp: of.Header.Timestamp}
}

// look asks what L1's heads are, and whether the block that was read last is still part of it.
func (driver *Driver) look() error {
	status := driver.Status()
	for label, target := range map[string]*derive.L1Block{
		"latest": &status.HeadL1, "safe": &status.SafeL1, "finalized": &status.FinalizedL1,
	} {
		head, err := driver.l1.Head(label)
		switch {
		case err != nil && label == "latest":
			return err
		case err == nil && head != nil:
			*target = reference(head)
		}
	}

	if driver.isReset && status.HeadL1.Hash != driver.headL1 {
		position := driver.pipeline.Origin()
		present, err := driver.l1.Header(position.Number)
		if err != nil && !errors.Is(err, pipeline.ErrEndOfL1) {
			return err
		}

		if err != nil || present.Hash != position.Hash {
			driver.log("L1 was reorganized at or before block %d", position.Number)
			driver.isReset = false
		}
	}

	if status.HeadL1.Hash != driver.headL1 || !driver.isReset {
		driver.origins = map[uint64]*pipeline.L1Block{}
	}

	driver.headL1 = status.HeadL1.Hash
	driver.status.Store(&status)
	return nil
}

// finalize moves the finalized head to what followed from L1's finalized block.
func (driver *Driver) finalize() error {
	final := driver.Status().FinalizedL1
	if !driver.isReset || final.Number > driver.read.Number {
		return nil
	}

	entry, err := driver.ledger.SafeHeadAt(final.Number)
	if err != nil || entry == nil || entry.L2Number <= driver.ledger.Finalized().Header.Number {
		return err
	}

	head, err := driver.ledger.Block(entry.L2Hash)
	if err != nil {
		return err
	}

	driver.ledger.SetFinalized(head)
	return nil
}

// noteSafe writes down that the safe head is what follows from L1 up to the pipeline's position.
func (driver *Driver) noteSafe() {
	position := driver.pipeline.Origin()
	entry := store.SafeHead{L1Number: position.Number, L1Hash: position.Hash, L2Hash: driver.ledger.Safe().Hash}
	if entry != driver.noted {
		driver.noted = entry
		driver.ledger.NoteSafe(entry)
	}
}
