// Package batcher posts the blocks of an L2's sequencer to L1: as batches in a channel, cut into frames, one after the
// other (derivation.md, "Batch Submission"). It asks nodes only, and may be stopped at any time: where it begins again
// follows from the safe head.
package batcher

import (
	"context"
	"errors"
	"fmt"
	"time"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/node/client"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/kzg"
	"culverin/guest/node/sender"
	"culverin/guest/rlp"
)

// Options are how a batcher posts.
type Options struct {
	// Poll is the time between two looks at the chain.
	Poll time.Duration
	// TransactionBytesMax is the most calldata of a transaction.
	TransactionBytesMax int
	// BlocksMax is how many L2 blocks a channel holds at most.
	BlocksMax int
	// Last, if not zero, is the last L2 block that is posted.
	Last uint64
	// Wait is how many L1 blocks a channel stays open for more blocks.
	Wait uint64
	// Patience is how many L1 blocks may pass after a channel until the safe head holds it; then it is posted again.
	Patience uint64
	// WithBrotli compresses with brotli, and otherwise with zlib; WithSingular makes a batch of each block.
	WithBrotli, WithSingular bool
	// Blobs, if not nil, makes commitments and proofs: frames are posted in blobs then, one in each, and not as calldata.
	Blobs *kzg.Process
	// Sidecars is how the blobs are proven.
	Sidecars sender.SidecarVersion
}

// Usual are options for a chain with blocks every few seconds.
var Usual = Options{Poll: time.Second, TransactionBytesMax: 120_000, BlocksMax: 4096, Wait: 0, Patience: 20}

var errTooLong = errors.New("batcher: a channel has too many frames")

// DisagreementError says that the safe head is another block than the one posted: whatever is posted on top would count
// for nothing. Somebody must find out why.
type DisagreementError struct {
	Number       uint64
	Posted, Safe keccak.Hash
}

func (failure *DisagreementError) Error() string {
	return fmt.Sprintf("batcher: block %d was posted as 0x%x, and 0x%x is safe", failure.Number, failure.Posted, failure.Safe)
}

// Batcher posts for one chain.
type Batcher struct {
	rollup  *config.Rollup
	l1, l2  *client.Client
	sender  *sender.Sender
	options Options
	log     func(form string, arguments ...interface{})

	// blocks are those after the safe head that wait to be posted, oldest first; openedAt is the number of the L1 block at
	// which the first one was seen.
	blocks   []*l2Block
	openedAt uint64
	// posted are the hashes of blocks in the newest channel that is not safe yet, by number; last is the highest.
	posted   map[uint64]keccak.Hash
	last     uint64
	postedAt []sender.Inclusion
}

// l2Block is what a batch says about a block.
type l2Block struct {
	number, timestamp uint64
	hash, parent      keccak.Hash
	origin            config.BlockID
	// isFirst: the block begins its epoch.
	isFirst      bool
	transactions derive.TransactionList
}

// New posts what the node l2 sequences; the sender's account must be the batcher's.
func New(
	rollup *config.Rollup, l1, l2 *client.Client, account *sender.Sender, options Options,
	log func(form string, arguments ...interface{}),
) *Batcher {
	return &Batcher{rollup: rollup, l1: l1, l2: l2, sender: account, options: options, log: log}
}

// reference is a block in the answer to optimism_syncStatus.
type reference struct {
	Hash   hexjson.Hash `json:"hash"`
	Number uint64       `json:"number"`
}

type status struct {
	HeadL1    reference `json:"head_l1"`
	CurrentL1 reference `json:"current_l1"`
	Unsafe    reference `json:"unsafe_l2"`
	Safe      reference `json:"safe_l2"`
}

// Run posts until the context ends, or until the safe head contradicts what was posted: then it returns a
// *DisagreementError.
func (batcher *Batcher) Run(ctx context.Context) error {
	for {
		err := batcher.Step(ctx)
		var disagreement *DisagreementError
		switch {
		case errors.As(err, &disagreement):
			return err
		case ctx.Err() != nil:
			return nil
		case err != nil:
			batcher.log("batcher: %v", err)
		}

		select {
		case <-ctx.Done():
			return nil
		case <-time.After(batcher.options.Poll):
		}
	}
}

// Once posts what there is now, as one channel, and returns when that is on L1.
func (batcher *Batcher) Once(ctx context.Context) error {
	var now status
	if err := batcher.l2.Call(ctx, &now, "optimism_syncStatus"); err != nil {
		return err
	}

	if err := batcher.load(ctx, &now); err != nil || len(batcher.blocks) == 0 {
		return err
	}

	return batcher.post(ctx)
}

// Step looks once and posts what is due.
func (batcher *Batcher) Step(ctx context.Context) error {
	var now status
	if err := batcher.l2.Call(ctx, &now, "optimism_syncStatus"); err != nil {
		return err
	}

	if isAgain, err := batcher.follow(ctx, &now); err != nil || isAgain {
		return err
	}

	if batcher.posted != nil {
		// A channel is under way; the next one begins when this one is safe.
		return nil
	}

	if err := batcher.load(ctx, &now); err != nil {
		return err
	}

	if len(batcher.blocks) == 0 ||
		len(batcher.blocks) < batcher.options.BlocksMax && now.HeadL1.Number < batcher.openedAt+batcher.options.Wait {
		return nil
	}

	return batcher.post(ctx)
}

// follow compares what was posted with the safe head and with L1. True means: begin anew at the next step.
func (batcher *Batcher) follow(ctx context.Context, now *status) (isAgain bool, err error) {
	if batcher.posted == nil {
		return false, nil
	}

	if hash, isOurs := batcher.posted[now.Safe.Number]; isOurs && hash != keccak.Hash(now.Safe.Hash) {
		return false, &DisagreementError{now.Safe.Number, hash, keccak.Hash(now.Safe.Hash)}
	}

	if now.Safe.Number >= batcher.last {
		batcher.forget()
		return false, nil
	}

	for _, each := range batcher.postedAt {
		found, err := sender.Look(ctx, batcher.l1, each.Transaction)
		if err != nil {
			return false, err
		}

		if found == nil || found.BlockHash != each.BlockHash {
			batcher.log("batcher: L1 was reorganized under a channel; its blocks are posted again")
			batcher.forget()
			return true, nil
		}
	}

	if end := batcher.postedAt[len(batcher.postedAt)-1].BlockNumber; now.CurrentL1.Number > end+batcher.options.Patience {
		batcher.log("batcher: a channel up to block %d did not become safe; it is posted again", batcher.last)
		batcher.forget()
		return true, nil
	}

	return false, nil
}

func (batcher *Batcher) forget() {
	batcher.blocks, batcher.posted, batcher.postedAt = nil, nil, nil
}

// load reads the blocks behind the safe head. A chain that was unwound is read anew.
func (batcher *Batcher) load(ctx context.Context, now *status) error {
	next, parent := now.Safe.Number+1, keccak.Hash(now.Safe.Hash)
	if count := len(batcher.blocks); count > 0 && batcher.blocks[0].number == next && batcher.blocks[0].parent == parent {
		last := batcher.blocks[count-1]
		next, parent = last.number+1, last.hash
	} else {
		batcher.blocks, batcher.openedAt = nil, now.HeadL1.Number
	}

	end := now.Unsafe.Number
	if last := batcher.options.Last; last != 0 && last < end {
		end = last
	}

	for ; next <= end && len(batcher.blocks) < batcher.options.BlocksMax; next++ {
		each, err := batcher.read(ctx, next)
		if err != nil {
			return err
		}

		if each.parent != parent {
			batcher.blocks = nil
			return fmt.Errorf("batcher: block %d has another parent than the one read before: read anew", next)
		}

		batcher.blocks = append(batcher.blocks, each)
		parent = each.hash
	}

	return nil
}

// read takes a block from the node and checks that it is what its hash says.
func (batcher *Batcher) read(ctx context.Context, number uint64) (*l2Block, error) {
	var raw hexjson.Bytes
	if err := batcher.l2.Call(ctx, &raw, "debug_getRawBlock", hexjson.Quantity(number)); err != nil {
		return nil, err
	}

	fields, err := rlp.List(raw)
	if err != nil || len(fields) < 2 {
		return nil, fmt.Errorf("batcher: block %d is malformed", number)
	}

	header, err := block.DecodeHeader(fields[0].Raw)
	if err != nil {
		return nil, err
	}

	items, err := fields[1].Items()
	if err != nil || len(items) == 0 || header.Number != number {
		return nil, fmt.Errorf("batcher: block %d is malformed", number)
	}

	read := &l2Block{
		number: number, timestamp: header.Timestamp, hash: keccak.Sum(fields[0].Raw), parent: header.ParentHash,
	}
	for index, item := range items {
		encoded := item.Content
		if item.IsList {
			encoded = item.Raw
		}

		transaction, err := block.Decode(encoded)
		if err != nil {
			return nil, fmt.Errorf("batcher: a transaction of block %d: %w", number, err)
		}

		switch {
		case index == 0:
			attributes, err := derive.DecodeL1Attributes(transaction.Data)
			if err != nil {
				return nil, err
			}

			read.origin = config.BlockID{Hash: attributes.Hash, Number: attributes.Number}
			read.isFirst = attributes.SequenceNumber == 0
		case !transaction.IsDeposit():
			read.transactions = rlp.AppendBytes(read.transactions, encoded)
		}
	}

	return read, nil
}

// post sends all that was loaded as one channel, each frame once the one before is in a block.
func (batcher *Batcher) post(ctx context.Context) error {
	batches := singularsOf(batcher.blocks)
	if !batcher.options.WithSingular {
		span, err := spanOf(batcher.rollup, batcher.blocks)
		if err != nil {
			return err
		}

		batches = [][]byte{span}
	}

	channel, err := compress(batches, batcher.options.WithBrotli)
	if err != nil {
		return err
	}

	all, err := split(channel, batcher.dataMax())
	if err != nil {
		return err
	}

	messages, err := batcher.messages(all)
	if err != nil {
		return err
	}

	var inclusions []sender.Inclusion
	for _, message := range messages {
		included, err := batcher.sender.Send(ctx, message)
		if err != nil {
			return err
		}

		inclusions = append(inclusions, *included)
	}

	batcher.posted, batcher.postedAt = map[uint64]keccak.Hash{}, inclusions
	for _, each := range batcher.blocks {
		batcher.posted[each.number] = each.hash
		batcher.last = each.number
	}

	batcher.log("batcher: blocks %d to %d are on L1 in %d frames of %d bytes in all",
		batcher.blocks[0].number, batcher.last, len(all), len(channel))
	batcher.blocks = nil
	return nil
}

// dataMax is how many bytes a frame may have with all around it.
func (batcher *Batcher) dataMax() int {
	if batcher.options.Blobs != nil {
		return derive.BlobDataMax
	}

	return batcher.options.TransactionBytesMax
}

// messages puts the data of batcher transactions into calldata or blobs.
func (batcher *Batcher) messages(all [][]byte) (messages []*sender.Message, err error) {
	for _, data := range all {
		if batcher.options.Blobs == nil {
			messages = append(messages, &sender.Message{To: batcher.rollup.Inbox, Data: data})
			continue
		}

		encoded, err := derive.EncodeBlob(data)
		if err != nil {
			return nil, err
		}

		made, err := sender.NewBlob(batcher.options.Blobs, encoded, batcher.options.Sidecars)
		if err != nil {
			return nil, err
		}

		if count := len(messages); count == 0 || len(messages[count-1].Blobs) == sender.BlobsMax {
			messages = append(messages, &sender.Message{To: batcher.rollup.Inbox})
		}

		last := messages[len(messages)-1]
		last.Blobs = append(last.Blobs, made)
	}

	return messages, nil
}
