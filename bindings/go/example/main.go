// Runs a program to its end, prints its root and the proof of one step:
//
//	example PROGRAM.elf STATE_VERSION STEP [PREIMAGES [RECORDING]]
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"culverin"
)

func main() {
	if len(os.Args) < 4 {
		log.Fatal("usage: example PROGRAM.elf STATE_VERSION STEP [PREIMAGES [RECORDING]]")
	}
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(words []string) error {
	version, err := strconv.ParseUint(words[1], 10, 8)
	if err != nil {
		return err
	}
	step, err := strconv.ParseUint(words[2], 10, 64)
	if err != nil {
		return err
	}
	options := culverin.RunOptions{ProofsAt: []uint64{step}}
	if len(words) > 3 && strings.HasSuffix(words[3], ".record") {
		options.Replay = words[3]
	} else if len(words) > 3 {
		options.Folder = words[3]
	}
	if len(words) > 4 {
		options.Record = words[4]
	}
	folder, err := os.MkdirTemp("", "culverin-example-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)

	ctx := context.Background()
	engine := culverin.Engine{}
	state := filepath.Join(folder, "state.bin.gz")
	if err := engine.LoadElf(ctx, words[0], uint8(version), state); err != nil {
		return err
	}
	result, err := engine.Run(ctx, state, options)
	if err != nil {
		return err
	}
	var proof struct {
		Pre  string `json:"pre"`
		Post string `json:"post"`
	}
	if err := json.Unmarshal(result.Proofs[step], &proof); err != nil {
		return err
	}
	fmt.Printf("root %s\npre  %s\npost %s\n%s", result.StateHash, proof.Pre, proof.Post, result.Proofs[step])
	return nil
}
