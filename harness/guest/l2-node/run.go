package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"culverin/guest/node/driver"
	"culverin/guest/node/kzg"
	"culverin/guest/node/service"
)

// runNode is l2-node run.
func runNode(ctx context.Context, arguments []string, output, complaints io.Writer) (err error) {
	flags := newFlags("run")
	genesis := flags.String("genesis", "", "the L2's genesis.json, in the form of op-geth")
	rollup := flags.String("rollup", "", "the L2's rollup.json, in the form of op-node")
	l1Config := flags.String("l1-config", "", "L1's genesis.json, for its schedule of blob fees; known for Ethereum and Sepolia")
	l1 := flags.String("l1", "", "the URL of L1's node")
	beacon := flags.String("l1-beacon", "", "the URL of L1's beacon node, for blobs; needs --kzg")
	script := flags.String("kzg", "", "a script that makes commitments of blobs: harness/contracts/kzg.cjs")
	byNumber := flags.Bool("blobs-by-number", false, "name blocks to the beacon node by number, as local nodes want it")
	folder := flags.String("data", "", "the folder that has the chain")
	listen := flags.String("listen", "127.0.0.1:0", "the address to serve JSON-RPC at")
	sequence := flags.Bool("sequencer", false, "make blocks, and take transactions")
	clock := flags.String("clock", "wall", "up to when blocks are made: wall (the present), l1 (L1's newest block), "+
		"or hand (for local chains: what admin_sequenceUntil says, and on while transactions wait)")
	confirmations := flags.Uint64("l1-confirmations", 0, "how many of L1's newest blocks are not used yet")
	poll := flags.Duration("poll", time.Second, "the time between two looks at L1")
	if err := parse(flags, arguments, output, "genesis", "rollup", "l1", "data"); err != nil {
		return err
	}

	if (*beacon == "") != (*script == "") {
		return &usageError{fmt.Errorf("--l1-beacon and --kzg are given together: no blob is believed without its commitment")}
	}

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	options := &service.Options{
		L1URL: *l1, Confirmations: *confirmations, Folder: *folder, Listen: *listen,
		Driver: driver.Options{Poll: *poll, Sequence: *sequence}, Log: logger(complaints),
		Ready: func(url string) {
			// Nobody knows the address of a node that could not tell it.
			if _, err := fmt.Fprintf(output, "Listening on %s\n", url); err != nil {
				stop()
			}
		},
	}
	if *beacon != "" {
		process := kzg.New(*script)
		defer process.Close()
		options.BeaconURL, options.BlobsByNumber, options.Verifier = *beacon, *byNumber, process
	}

	switch *clock {
	case "wall":
	case "l1":
		options.Driver.Clock = driver.L1Clock
	case "hand":
		options.Driver.Clock = driver.HandClock
	default:
		return &usageError{fmt.Errorf("--clock is wall, l1 or hand")}
	}

	for target, path := range map[*[]byte]string{&options.Genesis: *genesis, &options.Rollup: *rollup} {
		if *target, err = readFile(path); err != nil {
			return err
		}
	}

	if *l1Config != "" {
		if options.L1Config, err = readFile(*l1Config); err != nil {
			return err
		}
	}

	err = service.Run(ctx, options)
	var file *service.FileError
	if errors.As(err, &file) {
		return &usageError{err}
	}

	return err
}
