package main

import (
	"context"
	"fmt"
	"io"

	"culverin/guest/config/rollupjson"
	"culverin/guest/node/genesis"
)

// runGenesis is l2-node genesis: whoever writes a rollup.json needs the hash that it must name.
func runGenesis(_ context.Context, arguments []string, output, _ io.Writer) error {
	flags := newFlags("genesis")
	genesisFile := flags.String("genesis", "", "the L2's genesis.json, in the form of op-geth")
	rollupFile := flags.String("rollup", "", "the L2's rollup.json, in the form of op-node; its chain id and forks count")
	if err := parse(flags, arguments, output, "genesis", "rollup"); err != nil {
		return err
	}

	rollup, err := readFile(*rollupFile)
	if err != nil {
		return err
	}

	data, err := readFile(*genesisFile)
	if err != nil {
		return err
	}

	chain, err := rollupjson.Parse(rollup)
	if err != nil {
		return &usageError{err}
	}

	first, err := genesis.Parse(data, chain)
	if err != nil {
		return &usageError{err}
	}

	hash := first.Header.Hash()
	fmt.Fprintf(output, "0x%x\n", hash[:])
	return nil
}
