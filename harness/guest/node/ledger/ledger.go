// Package ledger is the L2 as a node has it: blocks and their states, executed by the one executor, and the heads.
//
// One goroutine, the driver, changes it through Ledger; any number read through Reader. The driver's changes gather in
// memory and are seen, by readers and after a crash, only once Flush has written them.
package ledger

import (
	"fmt"

	"culverin/guest/block"
	"culverin/guest/chain"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/node/genesis"
	"culverin/guest/node/store"
	"culverin/guest/oracle"
	"culverin/guest/state"
)

// MessagePasser has the withdrawals, whose root an output root holds (predeploys.md).
var MessagePasser = block.Address{0: 0x42, 19: 0x16}

// Ledger changes the chain. It is for one goroutine.
type Ledger struct {
	*Reader

	// tip, safe and finalized are the heads as changed so far.
	tip, safe, finalized *Block
	batch                *store.Batch
	// blocks and numbers are of what waits in the batch.
	blocks  map[keccak.Hash]*Block
	numbers map[uint64]keccak.Hash
}

// Open begins with what a file holds; a new file gets the genesis block.
func Open(file *store.Store, l2 *config.Chain, first *genesis.Genesis) (*Ledger, error) {
	start := &Block{Header: first.Header, Hash: first.Header.Hash()}
	batch := store.NewBatch()
	batch.Data = first.Data
	batch.Blocks = []*store.Block{start.encode()}
	for _, head := range []store.Head{store.Unsafe, store.Safe, store.Finalized} {
		batch.Heads[head] = start.Hash
	}

	if err := file.Start(start.Hash, batch); err != nil {
		return nil, err
	}

	ledger := &Ledger{Reader: &Reader{Chain: l2, store: file, known: &cache{}, genesis: start}}
	ledger.empty()
	for head, target := range map[store.Head]**Block{
		store.Unsafe: &ledger.tip, store.Safe: &ledger.safe, store.Finalized: &ledger.finalized,
	} {
		hash, found, err := file.Head(head)
		if err != nil || !found {
			return nil, fmt.Errorf("ledger: the %s head is not there: %w", head, store.ErrCorrupt)
		}

		if *target, err = ledger.Block(hash); err != nil {
			return nil, fmt.Errorf("ledger: the %s head: %w", head, err)
		}
	}

	ledger.heads.Store(&Heads{ledger.tip, ledger.safe, ledger.finalized})
	return ledger, nil
}

func (ledger *Ledger) empty() {
	ledger.batch = store.NewBatch()
	ledger.blocks, ledger.numbers = map[keccak.Hash]*Block{}, map[uint64]keccak.Hash{}
}

// Tip is the newest block, Safe and Finalized the other heads, with what was not flushed yet.
func (ledger *Ledger) Tip() *Block { return ledger.tip }

// Safe is the newest block that was derived from L1.
func (ledger *Ledger) Safe() *Block { return ledger.safe }

// Finalized is the newest block that was derived from L1's finalized block.
func (ledger *Ledger) Finalized() *Block { return ledger.finalized }

// Block returns a block with a hash.
func (ledger *Ledger) Block(hash keccak.Hash) (*Block, error) {
	if found := ledger.blocks[hash]; found != nil {
		return found, nil
	}

	return ledger.Reader.Block(hash)
}

// BlockByNumber returns the block with a number on the chain up to the tip.
func (ledger *Ledger) BlockByNumber(number uint64) (*Block, error) {
	if hash, found := ledger.numbers[number]; found {
		return ledger.blocks[hash], nil
	}

	if number > ledger.tip.Header.Number {
		return nil, ErrNotFound
	}

	return ledger.Reader.BlockByNumber(number)
}

// Node, Code and Header make this a block.Source that knows what waits, too.
func (ledger *Ledger) Node(hash keccak.Hash) []byte {
	if data := ledger.batch.Data[hash]; data != nil {
		return data
	}

	return ledger.Reader.Node(hash)
}

// Code returns a contract's code.
func (ledger *Ledger) Code(hash keccak.Hash) []byte {
	if data := ledger.batch.Data[hash]; data != nil {
		return data
	}

	return ledger.Reader.Code(hash)
}

// Header returns an encoded header.
func (ledger *Ledger) Header(hash keccak.Hash) []byte {
	if found := ledger.blocks[hash]; found != nil {
		return found.Header.Encode()
	}

	return ledger.Reader.Header(hash)
}

// Make executes a block on a parent: build adds its transactions. The errors are those of block.Begin and of build, or an
// *oracle.Failure where something that executing it needs could not be had. Nothing of the chain changes yet; see Append.
func (ledger *Ledger) Make(
	parent *Block, attributes *block.Attributes, build func(maker *block.Maker) error,
) (made *Block, err error) {
	var failure *oracle.Failure
	defer func() {
		if failure != nil {
			made, err = nil, failure
		}
	}()
	defer oracle.Catch(&failure)
	maker, err := block.Begin(ledger.Chain, ledger, parent.Header, attributes)
	if err != nil {
		return nil, err
	}

	if err = build(maker); err != nil {
		return nil, err
	}

	result := maker.Seal(func(hash keccak.Hash, data []byte) {
		data = append([]byte(nil), data...)
		ledger.batch.Data[hash] = data
		ledger.known.put(hash, data)
	})
	return &Block{
		Header: result.Header, Hash: result.Header.Hash(), Transactions: maker.Transactions(), Receipts: result.Receipts,
	}, nil
}

// Execute makes the block of attributes with all their transactions.
func (ledger *Ledger) Execute(parent *Block, attributes *block.Attributes) (*Block, error) {
	return ledger.Make(parent, attributes, func(maker *block.Maker) error {
		for _, encoded := range attributes.Transactions {
			if err := maker.Add(encoded); err != nil {
				return err
			}
		}

		return nil
	})
}

// Append makes a block the tip. Its parent is part of the chain; what stood above the parent no longer is.
func (ledger *Ledger) Append(made *Block) error {
	if made.Header.ParentHash != ledger.tip.Hash {
		parent, err := ledger.Block(made.Header.ParentHash)
		if err != nil {
			return err
		}

		if err = ledger.Unwind(parent); err != nil {
			return err
		}
	}

	ledger.blocks[made.Hash], ledger.numbers[made.Header.Number] = made, made.Hash
	ledger.batch.Blocks = append(ledger.batch.Blocks, made.encode())
	ledger.setTip(made)
	return nil
}

func (ledger *Ledger) setTip(tip *Block) {
	ledger.tip = tip
	ledger.batch.Heads[store.Unsafe] = tip.Hash
}

// Unwind makes an older block of the chain the tip. What waits is written first, so that the order of changes is kept.
func (ledger *Ledger) Unwind(to *Block) error {
	number := to.Header.Number
	if canonical, err := ledger.BlockByNumber(number); err != nil || canonical.Hash != to.Hash {
		return fmt.Errorf("ledger: block 0x%x is no part of the chain", to.Hash)
	}

	if number < ledger.finalized.Header.Number {
		return fmt.Errorf("ledger: block %d is finalized and cannot be unwound", ledger.finalized.Header.Number)
	}

	if len(ledger.batch.Blocks) > 0 {
		if err := ledger.Flush(); err != nil {
			return err
		}
	}

	ledger.batch.Unwind = &number
	ledger.setTip(to)
	if ledger.safe.Header.Number > number {
		ledger.SetSafe(to)
	}

	return nil
}

// SetSafe moves the safe head to a block of the chain.
func (ledger *Ledger) SetSafe(head *Block) {
	ledger.safe = head
	ledger.batch.Heads[store.Safe] = head.Hash
}

// SetFinalized moves the finalized head to a block of the chain.
func (ledger *Ledger) SetFinalized(head *Block) {
	ledger.finalized = head
	ledger.batch.Heads[store.Finalized] = head.Hash
}

// NoteSafe says that the present safe head is all that L1 up to a block brings.
func (ledger *Ledger) NoteSafe(l1 store.SafeHead) {
	l1.L2Number, l1.L2Hash = ledger.safe.Header.Number, ledger.safe.Hash
	if count := len(ledger.batch.SafeHeads); count > 0 && ledger.batch.SafeHeads[count-1].L1Number == l1.L1Number {
		ledger.batch.SafeHeads = ledger.batch.SafeHeads[:count-1]
	}

	ledger.batch.SafeHeads = append(ledger.batch.SafeHeads, l1)
}

// ForgetSafe takes back what was noted about L1 blocks above a number. What waits is written first.
func (ledger *Ledger) ForgetSafe(l1Number uint64) error {
	if err := ledger.Flush(); err != nil {
		return err
	}

	ledger.batch.SafeRewind = &l1Number
	return nil
}

// Waiting is how many bytes of trie nodes, and how many blocks, were not flushed yet.
func (ledger *Ledger) Waiting() (nodes, blocks int) {
	return len(ledger.batch.Data), len(ledger.batch.Blocks)
}

// Drop takes transactions off the store's list of those that wait, at the next Flush.
func (ledger *Ledger) Drop(transactions []keccak.Hash) {
	ledger.batch.Gone = append(ledger.batch.Gone, transactions...)
}

// Keep puts a transaction on the store's list of those that wait, at the next Flush.
func (ledger *Ledger) Keep(hash keccak.Hash, encoded []byte) {
	ledger.batch.Pending[hash] = encoded
}

// StateNow opens the state with a root, be it flushed or not.
func (ledger *Ledger) StateNow(root keccak.Hash) *state.State {
	return state.New(ledger, root, root)
}

// Flush writes all changes; when it returns they are on disk and readers see them. After an error nothing may be read
// from this ledger any more.
func (ledger *Ledger) Flush() error {
	if ledger.batch.IsEmpty() {
		return nil
	}

	if err := ledger.store.Update(ledger.batch); err != nil {
		return fmt.Errorf("ledger: the chain could not be written: %w", err)
	}

	ledger.empty()
	ledger.heads.Store(&Heads{ledger.tip, ledger.safe, ledger.finalized})
	return nil
}

// Output is the output root of a block (withdrawals.md, "Block Output") and what it is made of.
func (reader *Reader) Output(of *Block) (output chain.Output, err error) {
	var failure *oracle.Failure
	defer func() {
		if failure != nil {
			err = failure
		}
	}()
	defer oracle.Catch(&failure)
	output.StateRoot, output.Block = of.Header.StateRoot, of.Hash
	output.MessagePasserRoot = reader.State(of.Header.StateRoot).StorageRoot(MessagePasser)
	return output, nil
}

var _ block.Source = (*Ledger)(nil)
var _ state.Source = (*Reader)(nil)
