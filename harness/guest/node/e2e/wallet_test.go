package e2e

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"culverin/guest/block"
	"culverin/guest/node/client"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/proposer"
	"culverin/guest/testkit/fixture"
	"culverin/guest/testkit/rig"
	"culverin/guest/testkit/wallet"
)

// viem runs a step of harness/contracts/test/wallet: what a wallet does with the library viem.
func viem(t *testing.T, step string, question map[string]interface{}, answer interface{}) error {
	t.Helper()
	input, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var output, problem bytes.Buffer
	run := exec.CommandContext(ctx, "node", filepath.Join(walletFolder(t), "test", "wallet", step+".mjs"))
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(input), &output, &problem
	if err := run.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", step, err, problem.Bytes())
	}

	return json.Unmarshal(output.Bytes(), answer)
}

func walletFolder(t *testing.T) string {
	return filepath.Join(fixture.Repository(t), "harness", "contracts")
}

func keyDigits(key wallet.Key) string {
	digits := u256Bytes(uint64(key))
	return "0x" + hex.EncodeToString(digits[:])
}

// TestAWallet: viem reads from the node and sends to it as a wallet does. Then a withdrawal goes its way through the real
// contracts: the proposer makes a game in the real factory, viem proves by the node's eth_getProof, and the portal pays.
func TestAWallet(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join(walletFolder(t), "node_modules", "viem")); err != nil {
		t.Skip("did not run: harness/contracts/node_modules has no viem")
	}

	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("did not run: there is no Node.js")
	}

	l1 := rig.StartL1(t)
	l1.RealPredeploys = true
	// Wallets ask the oracle for the operator fee, which it knows since Isthmus.
	l1.Later = map[string]uint64{"isthmus": rig.L1Time}
	question := map[string]interface{}{
		"l1": map[string]interface{}{"id": rig.L1ChainID, "url": l1.URL}, "key": keyDigits(rig.DepositorKey),
		"l2ChainId": rig.L2ChainID, "maturitySeconds": 7, "finalitySeconds": 6, "clockSeconds": 600,
	}
	var contracts struct {
		Portal  hexjson.Address `json:"portal"`
		Factory hexjson.Address `json:"factory"`
	}
	l1.Automine(func() {
		if err := viem(t, "deploy", question, &contracts); err != nil {
			t.Fatal(err)
		}
	})
	l1.Ask(nil, "anvil_setBalance", contracts.Portal, "0xde0b6b3a7640000")

	files := l1.NewFiles(100, rig.Holocene)
	node := l1.Start(files, t.TempDir(), sequencing)
	l1.Mine(2)
	node.WaitForBlocks(l1)
	recipient := block.Address{0: 0x99, 19: 9}
	question["l2"] = map[string]interface{}{"id": rig.L2ChainID, "url": node.URL}
	question["contracts"] = contracts
	question["friend"], question["recipient"] = rig.Hex(friend[:]), rig.Hex(recipient[:])
	question["key"] = keyDigits(rig.UserKey)
	var begun struct{ Hash, Block string }
	meanwhile(t, l1, node, func() error { return viem(t, "use", question, &begun) })

	post(t, l1, newBatcher(t, l1, files, node, rig.BatcherKey, nil))
	node.WaitForL1(l1)
	game := proposeOn(t, l1, node, block.Address(contracts.Factory))
	l1.Mine(1)
	question["hash"], question["key"] = begun.Hash, keyDigits(rig.DepositorKey)
	l1.Automine(func() {
		if err := viem(t, "prove", question, new(struct{})); err != nil {
			t.Fatal(err)
		}
	})

	l1.Jump(700)
	question["finalize"], question["game"], question["waitSeconds"] = true, game, 20
	var ended struct{ Paid string }
	l1.Automine(func() {
		if err := viem(t, "prove", question, &ended); err != nil {
			t.Fatal(err)
		}
	})
	if ended.Paid != "1000" {
		t.Errorf("%s wei were paid", ended.Paid)
	}
}

// meanwhile makes blocks of both chains until work is done.
func meanwhile(t *testing.T, l1 *rig.L1, node *rig.Node, work func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- work() }()
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}

			return
		case <-time.After(50 * time.Millisecond):
			l1.Mine(1)
			node.WaitForBlocks(l1)
		}
	}
}

// proposeOn proposes the safe head in a factory and returns the newest game's address.
func proposeOn(t *testing.T, l1 *rig.L1, node *rig.Node, factory block.Address) string {
	t.Helper()
	proposing := proposer.New(client.New(l1.URL), client.New(node.URL), accountOf(l1, rig.DepositorKey, hurried),
		proposer.Options{Factory: factory, Every: 1, Poll: time.Millisecond}, t.Logf)
	err := during(t, l1, func(ctx context.Context) error {
		included, err := proposing.Step(ctx)
		if err == nil && (included == nil || !included.Succeeded) {
			err = fmt.Errorf("nothing was proposed: %+v", included)
		}

		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	// gameAtIndex(uint256) returns type, time and address.
	var answer string
	call := map[string]string{"to": rig.Hex(factory[:]), "data": selector("gameAtIndex(uint256)") + zeros(64)}
	l1.Ask(&answer, "eth_call", call, "latest")
	return "0x" + answer[len(answer)-40:]
}
