package e2e

import (
	"encoding/hex"
	"strings"
	"testing"

	"culverin/guest/keccak"
	"culverin/guest/testkit/rig"
)

// The real contracts' addresses (predeploys.md).
const (
	l1BlockAddress = "0x4200000000000000000000000000000000000015"
	passerAddress  = "0x4200000000000000000000000000000000000016"
)

// selector begins a call.
func selector(signature string) string {
	hash := keccak.Sum([]byte(signature))
	return "0x" + hex.EncodeToString(hash[:4])
}

// TestTheRealContracts: the contract with the L1 attributes says of each block what the node says, and a withdrawal is
// proven by the storage root in the output root.
func TestTheRealContracts(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	l1.RealPredeploys = true
	node := l1.Start(l1.NewFiles(100, rig.Holocene), t.TempDir(), sequencing)
	l1.Mine(3)
	last := node.WaitForBlocks(l1).Unsafe.Number
	call := func(to, data, at string) (answer string) {
		node.Ask(&answer, "eth_call", map[string]string{"to": to, "data": data}, at)
		return answer
	}
	for number := uint64(1); number <= last; number++ {
		at := quantity(number)
		var output struct {
			Block rig.Head `json:"blockRef"`
		}
		node.Ask(&output, "optimism_outputAtBlock", at)
		var origin struct {
			Time    string `json:"timestamp"`
			BaseFee string `json:"baseFeePerGas"`
		}
		l1.Ask(&origin, "eth_getBlockByNumber", quantity(output.Block.Origin.Number), false)
		for signature, want := range map[string]string{
			"number()": quantity(output.Block.Origin.Number), "hash()": output.Block.Origin.Hash,
			"sequenceNumber()": quantity(output.Block.SequenceNumber), "timestamp()": origin.Time, "basefee()": origin.BaseFee,
			"baseFeeScalar()": "0x558", "blobBaseFeeScalar()": "0xc5fc5",
			"batcherHash()": hexOf(rig.BatcherKey.Address()), "blobBaseFee()": "0x1",
		} {
			want = "0x" + strings.Repeat("0", 64-len(want)+2) + want[2:]
			if found := call(l1BlockAddress, selector(signature), at); found != want {
				t.Errorf("%s in block %d: %s, not %s", signature, number, found, want)
			}
		}
	}

	checkWithdrawal(t, l1, node)
}

func checkWithdrawal(t *testing.T, l1 *rig.L1, node *rig.Node) {
	t.Helper()
	to := [20]byte{}
	copy(to[:], octets(t, passerAddress)[0])
	target := make([]byte, 32)
	target[31] = 0x99
	data := append(octets(t, selector("initiateWithdrawal(address,uint256,bytes)"))[0], target...)
	data = append(append(append(data, words(0)...), words(0x60)...), words(0)...)
	hash := sendAll(t, node, signed(rig.UserKey, 0, &to, 7, data, 1_000_000))[0]
	l1.Mine(1)
	node.WaitForBlocks(l1)
	var receipt struct {
		Status, BlockNumber string
		Logs                []struct{ Data string }
	}
	if node.Ask(&receipt, "eth_getTransactionReceipt", hash); receipt.Status != "0x1" || len(receipt.Logs) != 1 {
		t.Fatalf("%+v", receipt)
	}

	// MessagePassed's data are value, gas limit, offset, withdrawal hash, bytes; sentMessages is a mapping at slot 0.
	withdrawal := octets(t, receipt.Logs[0].Data)[0][96:128]
	slot := keccak.Sum(withdrawal, make([]byte, 32))
	var proof proofAnswer
	node.Ask(&proof, "eth_getProof", passerAddress, []string{rig.Hex(slot[:])}, receipt.BlockNumber)
	var output struct {
		Root     string `json:"outputRoot"`
		State    string `json:"stateRoot"`
		Messages string `json:"withdrawalStorageRoot"`
		Block    rig.Head
	}
	node.Ask(&output, "optimism_outputAtBlock", receipt.BlockNumber)
	value := walk(t, rootOf(t, output.Messages), slot[:], octets(t, proof.StorageProof[0].Proof...))
	if len(value) != 1 || value[0] != 1 || proof.StorageHash != output.Messages {
		t.Errorf("%x, %+v, %+v", value, proof, output)
	}

	parts := octets(t, output.State, output.Messages, blockHash(node, number(receipt.BlockNumber)))
	root := keccak.Sum(make([]byte, 32), parts[0], parts[1], parts[2])
	if rig.Hex(root[:]) != output.Root {
		t.Errorf("%x is not %s", root, output.Root)
	}
}

// TestAJump: L1's time jumps by hours. The L2 has every block in between; those too far ahead of their origin are empty,
// and a node that derives them has the same.
func TestAJump(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	second := l1.Start(files, t.TempDir(), deriving)
	l1.Mine(1)
	first.WaitForBlocks(l1)
	early := sendAll(t, first, signed(rig.UserKey, 0, &friend, 1, nil, 1_000_000))[0]
	l1.Jump(4000)
	first.WaitForBlocks(l1)
	late := sendAll(t, first, signed(rig.UserKey, 1, &friend, 1, nil, 1_000_000))[0]
	l1.Mine(1)
	last := first.WaitForBlocks(l1).Unsafe.Number
	if want := uint64(2*rig.L1Time+4000) / rig.L2Time; last != want {
		t.Errorf("%d blocks, not %d", last, want)
	}

	if found := receiptOf(first, early); found == nil || number(found.BlockNumber) > 10 {
		t.Errorf("%+v", found)
	}

	if found := receiptOf(first, late); found == nil || number(found.BlockNumber) < last-rig.L1Time/rig.L2Time {
		t.Errorf("%+v", found)
	}

	post(t, l1, newBatcher(t, l1, files, first, rig.BatcherKey, nil))
	first.WaitForL1(l1)
	if status := second.WaitForL1(l1); status.Safe.Number < last {
		t.Fatalf("%+v", status)
	}

	compare(t, first, second, last)
}
