package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"culverin/guest/config/rollupjson"
	"culverin/guest/console"
	"culverin/guest/node/genesis"
)

func TestCommandLines(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}

		return path
	}
	empty, noKey, zero := file("empty", "{}"), file("no-key", "0x12"), file("zero", strings.Repeat("0", 64))
	key := file("key", "0x"+strings.Repeat("1", 64)+"\n")
	chainJSON := `{"l2_chain_id": 5, "canyon_time": 0, "ecotone_time": 0}`
	firstJSON := `{"config": {"chainId": 5}, "timestamp": "0x64", "alloc": {}}`
	chain, first := file("chain", chainJSON), file("first", firstJSON)
	rules, err := rollupjson.Parse([]byte(chainJSON))
	if err != nil {
		t.Fatal(err)
	}

	made, err := genesis.Parse([]byte(firstJSON), rules)
	if err != nil {
		t.Fatal(err)
	}

	firstHash := made.Header.Hash()
	nodes := []string{"--l1", "http://127.0.0.1:1", "--l2", "http://127.0.0.1:1"}
	for _, one := range []struct {
		arguments []string
		code      int
		said      string
	}{
		{nil, exitUsage, "usage:"},
		{[]string{"dance"}, exitUsage, "usage:"},
		{[]string{"help"}, exitEnded, "usage:"},
		{[]string{"--version"}, exitEnded, "l2-node version " + console.Version + "\n"},
		{[]string{"run", "-h"}, exitEnded, "-sequencer"},
		{[]string{"batcher", "--help"}, exitEnded, "-patience"},
		{[]string{"proposer", "--factory", "0x12", "-h"}, exitEnded, "-game-type"},
		{[]string{"run", "--genesis", folder, "--rollup", empty, "--l1", "x", "--data", folder}, exitUsage, "is a folder"},
		{[]string{"run"}, exitUsage, "--genesis is needed"},
		{[]string{"run", "--nonsense"}, exitUsage, "nonsense"},
		{[]string{"run", "word"}, exitUsage, "is no flag"},
		{[]string{"run", "--poll", "x"}, exitUsage, "poll"},
		{[]string{"run", "--genesis", "absent", "--rollup", empty, "--l1", "x", "--data", folder}, exitUsage, "absent"},
		{[]string{"run", "--genesis", empty, "--rollup", empty, "--l1", "x", "--data", folder, "--clock", "sun"}, exitUsage, "--clock"},
		{[]string{"run", "--genesis", empty, "--rollup", empty, "--l1", "x", "--data", folder, "--l1-beacon", "x"}, exitUsage, "--kzg"},
		{[]string{"run", "--genesis", empty, "--rollup", empty, "--l1", "x", "--data", folder}, exitUsage, "l2_chain_id is missing"},
		{[]string{"genesis", "--genesis", empty, "--rollup", empty}, exitUsage, "l2_chain_id is missing"},
		{[]string{"genesis", "--genesis", empty, "--rollup", chain}, exitUsage, "chainId is missing"},
		{[]string{"genesis", "--genesis", first, "--rollup", chain}, exitEnded, fmt.Sprintf("0x%x\n", firstHash[:])},
		{append([]string{"batcher", "--rollup", empty, "--key", key}, nodes...), exitUsage, "l2_chain_id is missing"},
		{append([]string{"proposer", "--factory", "0x12", "--key", key}, nodes...), exitUsage, "is no address"},
		{append([]string{"proposer", "--factory", strings.Repeat("1", 40), "--key", "absent"}, nodes...), exitUsage, "absent"},
		{append([]string{"proposer", "--factory", strings.Repeat("1", 40), "--key", noKey}, nodes...), exitUsage, "private key"},
		{append([]string{"proposer", "--factory", strings.Repeat("1", 40), "--key", zero}, nodes...), exitUsage, "private key"},
		{append([]string{"proposer", "--factory", strings.Repeat("1", 40), "--key", key}, nodes...), exitFailed, "did not answer"},
	} {
		var output strings.Builder
		code := run(context.Background(), one.arguments, &output, &output)
		if code != one.code || !strings.Contains(output.String(), one.said) {
			t.Errorf("%v: %d, %s", one.arguments, code, output.String())
		}

		if strings.Contains(output.String(), strings.Repeat("1", 64)) {
			t.Errorf("%v tells the key", one.arguments)
		}
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestLostOutputIsNoSuccess(t *testing.T) {
	for _, arguments := range [][]string{{"help"}, {"--version"}, {"run", "-h"}, {"batcher", "-h"}, {"proposer", "-h"}} {
		var complaints strings.Builder
		code := run(context.Background(), arguments, fullDisk{}, &complaints)
		if code != exitFailed || !strings.Contains(complaints.String(), "the output is lost: no space left") {
			t.Errorf("%v: %d, %s", arguments, code, complaints.String())
		}
	}
}
