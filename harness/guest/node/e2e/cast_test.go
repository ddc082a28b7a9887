package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"culverin/guest/testkit/fixture"
	"culverin/guest/testkit/rig"
)

// cast runs the command-line wallet of Foundry.
func cast(t *testing.T, node *rig.Node, arguments ...string) string {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(
		fixture.Repository(t), "harness/contracts/node_modules/@foundry-rs/cast-linux-*/bin/cast"))
	if len(found) != 1 {
		t.Skip("did not run: harness/contracts/node_modules has no cast")
	}

	command := exec.Command(found[0], arguments...)
	command.Env = append(os.Environ(), "ETH_RPC_URL="+node.URL, "FOUNDRY_DISABLE_NIGHTLY_WARNING=1", "NO_COLOR=1")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("cast %v: %v: %s", arguments, err, output)
	}

	return strings.TrimSpace(string(output))
}

// TestCast uses the node as people do: a wallet that estimates, signs, sends and waits, and what it asks about the chain.
func TestCast(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	node := l1.Start(l1.NewFiles(100, rig.Isthmus), t.TempDir(), sequencing)
	l1.Mine(1)
	node.WaitForBlocks(l1)
	mining, stop := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(mining)
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
				l1.Mine(1)
			}
		}
	}()
	var once sync.Once
	endMining := func() {
		once.Do(func() {
			close(stop)
			<-mining
		})
	}
	defer endMining()
	key := "0x" + strings.Repeat("0", 61) + "3ec"
	user := rig.Hex(func() []byte { address := rig.UserKey.Address(); return address[:] }())
	said := cast(t, node, "send", "--private-key", key, rig.Hex(friend[:]), "--value", "5")
	if !strings.Contains(said, "status") || !strings.Contains(said, "1 (success)") {
		t.Error(said)
	}

	said = cast(t, node, "send", "--private-key", key, "--legacy", rig.Hex(rig.Store[:]), "f(uint256,uint256)", "1", "2")
	if !strings.Contains(said, "1 (success)") {
		t.Error(said)
	}

	said = cast(t, node, "send", "--private-key", key, "--create", "0x6003600c60003960036000f3600035")
	if !strings.Contains(said, "contractAddress") || !strings.Contains(said, "transactionHash") {
		t.Fatal(said)
	}

	endMining()
	node.WaitForBlocks(l1)
	for want, arguments := range map[string][]string{
		"5":                {"balance", rig.Hex(friend[:])},
		"3":                {"nonce", user},
		"901":              {"chain-id"},
		"0x600035":         {"code", strings.Fields(said[strings.Index(said, "contractAddress"):])[1]},
		"gasUsed":          {"block", "latest"},
		"transactionsRoot": {"block", "1", "--full"},
		"storageHash":      {"proof", rig.Hex(rig.Log[:]), "0x0"},
		"culverin-l2-node": {"client"},
		"sourceHash":       {"rpc", "eth_getBlockByNumber", "0x1", "true"},
		"oldestBlock":      {"rpc", "eth_feeHistory", "0x4", "latest", "[10,50]"},
		"contractAddress":  {"receipt", strings.Fields(said[strings.Index(said, "transactionHash"):])[1]},
		"safe_l2":          {"rpc", "optimism_syncStatus"},
		"l1_chain_id":      {"rpc", "optimism_rollupConfig"},
	} {
		if found := cast(t, node, arguments...); !strings.Contains(found, want) {
			t.Errorf("cast %v: %s", arguments, found)
		}
	}
}
