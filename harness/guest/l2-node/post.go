package main

import (
	"context"
	"flag"
	"io"
	"time"

	"culverin/guest/config/rollupjson"
	"culverin/guest/l1node"
	"culverin/guest/node/batcher"
	"culverin/guest/node/client"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/kzg"
	"culverin/guest/node/proposer"
	"culverin/guest/node/sender"
	"culverin/guest/precompile"
)

// posting are the flags of whoever sends transactions.
type posting struct {
	l1, l2, key    *string
	poll, raise    *time.Duration
	confirmations  *uint64
	feeCapMaxGwei  *uint64
	account        *sender.Sender
	nodeL1, nodeL2 *client.Client
}

func (posting *posting) open(ctx context.Context) error {
	key, err := readKey(*posting.key)
	if err != nil {
		return err
	}

	posting.nodeL1, posting.nodeL2 = client.New(*posting.l1), client.New(*posting.l2)
	var id hexjson.Quantity
	if err := posting.nodeL1.Call(ctx, &id, "eth_chainId"); err != nil {
		return err
	}

	posting.account = sender.New(posting.nodeL1, key, uint64(id), sender.Options{
		Poll: *posting.poll, Raise: *posting.raise, Confirmations: *posting.confirmations,
		FeeCapMax: *posting.feeCapMaxGwei * 1_000_000_000,
	})
	return nil
}

// runBatcher is l2-node batcher.
func runBatcher(ctx context.Context, arguments []string, output, complaints io.Writer) error {
	flags := newFlags("batcher")
	options := batcher.Usual
	rollupFile := flags.String("rollup", "", "the L2's rollup.json, in the form of op-node")
	l1Config := flags.String("l1-config", "", "L1's genesis.json; known for Ethereum and Sepolia")
	flags.IntVar(&options.TransactionBytesMax, "transaction-bytes", options.TransactionBytesMax, "the most calldata of a transaction")
	flags.IntVar(&options.BlocksMax, "blocks", options.BlocksMax, "the most L2 blocks of a channel")
	flags.Uint64Var(&options.Wait, "wait", options.Wait, "how many L1 blocks a channel waits for more L2 blocks")
	flags.Uint64Var(&options.Patience, "patience", options.Patience, "after how many L1 blocks a channel that is not safe is posted again")
	flags.BoolVar(&options.WithBrotli, "brotli", false, "compress with brotli instead of zlib")
	flags.BoolVar(&options.WithSingular, "singular", false, "post singular batches instead of span batches")
	flags.Uint64Var(&options.Last, "last", 0, "the last L2 block to post; 0 for no last one")
	isOnce := flags.Bool("once", false, "post what there is now, as one channel, and end when it is on L1")
	script := flags.String("blobs", "", "post blobs, with commitments and proofs by this script: harness/contracts/kzg.cjs")
	withCells := flags.Bool("cell-proofs", false, "prove blobs as L1 wants it since Osaka")
	posting := addPosting(flags)
	if err := parse(flags, arguments, output, "rollup", "l1", "l2", "key"); err != nil {
		return err
	}

	if *script != "" {
		options.Blobs = kzg.New(*script)
		defer options.Blobs.Close()
	}

	if *withCells {
		options.Sidecars = sender.CellProofs
	}

	data, err := readFile(*rollupFile)
	if err != nil {
		return err
	}

	var l1Data []byte
	if *l1Config != "" {
		if l1Data, err = readFile(*l1Config); err != nil {
			return err
		}
	}

	rollup, err := rollupjson.ParseRollup(data, l1Data)
	if err != nil {
		return &usageError{err}
	}

	if err := posting.open(ctx); err != nil {
		return err
	}

	precompile.Use(l1node.New(""))
	options.Poll = *posting.poll
	poster := batcher.New(rollup, posting.nodeL1, posting.nodeL2, posting.account, options, logger(complaints))
	if *isOnce {
		return poster.Once(ctx)
	}

	return poster.Run(ctx)
}

// runProposer is l2-node proposer.
func runProposer(ctx context.Context, arguments []string, output, complaints io.Writer) error {
	flags := newFlags("proposer")
	factory := flags.String("factory", "", "the address of the DisputeGameFactory")
	gameType := flags.Uint64("game-type", 0, "the type of the games")
	every := flags.Uint64("every", 1, "how many L2 blocks there are between two proposals at least")
	isOnce := flags.Bool("once", false, "propose the safe head if it is due, and end when the proposal is on L1")
	posting := addPosting(flags)
	if err := parse(flags, arguments, output, "factory", "l1", "l2", "key"); err != nil {
		return err
	}

	address, err := readAddress(*factory)
	if err != nil {
		return err
	}

	if err := posting.open(ctx); err != nil {
		return err
	}

	claimant := proposer.New(posting.nodeL1, posting.nodeL2, posting.account, proposer.Options{
		Factory: address, GameType: uint32(*gameType), Every: *every, Poll: *posting.poll,
	}, logger(complaints))
	if *isOnce {
		_, err := claimant.Step(ctx)
		return err
	}

	return claimant.Run(ctx)
}

func addPosting(flags *flag.FlagSet) *posting {
	return &posting{
		l1:            flags.String("l1", "", "the URL of L1's node"),
		l2:            flags.String("l2", "", "the URL of the L2's node"),
		key:           flags.String("key", "", "a file with the private key of the account that sends"),
		poll:          flags.Duration("poll", sender.Usual.Poll, "the time between two looks at the chains"),
		raise:         flags.Duration("raise", sender.Usual.Raise, "how long a transaction waits before its fees are raised"),
		confirmations: flags.Uint64("confirmations", sender.Usual.Confirmations, "how many L1 blocks must hold a transaction"),
		feeCapMaxGwei: flags.Uint64("fee-cap", 0, "the highest price of a unit of gas in gwei; 0 for none"),
	}
}
