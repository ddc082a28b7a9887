package e2e

import (
	"fmt"
	"strings"
	"testing"

	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/rig"
)

// TestHostileParameters: each method with parameters that are none is answered by a typed error or by nothing found, never
// by an internal one.
func TestHostileParameters(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	node := l1.Start(l1.NewFiles(100, rig.Holocene), t.TempDir(), sequencing)
	l1.Mine(1)
	node.WaitForBlocks(l1)
	long := "0x" + strings.Repeat("f", 100_000)
	address, hash := rig.Hex(rig.Store[:]), "0x"+strings.Repeat("12", 32)
	values := []interface{}{
		nil, true, 1, -1, 1.5, 1e300, "", "0x", "0xz", "latest", "nonsense", "0x0", "0x00", "0xffffffffffffffff",
		"0x10000000000000000", long, address, hash, []interface{}{}, []string{hash}, map[string]string{},
		map[string]string{"to": "0x1"}, map[string]string{"blockHash": hash}, map[string]string{"blockNumber": "0xff"},
		map[string]interface{}{"to": address, "gas": "0xffffffffffffffff", "value": "0x" + strings.Repeat("f", 64)},
		map[string]interface{}{"data": "0x" + strings.Repeat("5b", 60_000)},
		map[string]interface{}{"fromBlock": "0x0", "toBlock": "0xffffffffffffffff", "topics": []interface{}{nil, nil, nil, nil, nil}},
		strings.Repeat("[", 100),
	}
	methods := []string{
		"eth_getBlockByNumber", "eth_getBlockByHash", "eth_getHeaderByNumber", "eth_getHeaderByHash",
		"eth_getBlockReceipts", "eth_getUncleCountByBlockNumber", "eth_getBlockTransactionCountByNumber",
		"eth_getBlockTransactionCountByHash", "eth_getTransactionByHash", "eth_getTransactionByBlockNumberAndIndex",
		"eth_getTransactionByBlockHashAndIndex", "eth_getRawTransactionByHash", "eth_getTransactionReceipt",
		"eth_getBalance", "eth_getCode", "eth_getStorageAt", "eth_getTransactionCount", "eth_getProof", "eth_call",
		"eth_estimateGas", "eth_feeHistory", "eth_getLogs", "eth_sendRawTransaction", "debug_getRawHeader",
		"debug_getRawBlock", "debug_getRawReceipts", "debug_getRawTransaction", "debug_dbGet", "debug_executionWitness",
		"optimism_outputAtBlock", "optimism_safeHeadAtL1Block",
	}
	for _, method := range methods {
		calls := []anvil.Call{{Method: method}}
		for _, first := range values {
			calls = append(calls, anvil.Call{Method: method, Parameters: []interface{}{first}})
		}

		for index, second := range values {
			calls = append(calls,
				anvil.Call{Method: method, Parameters: []interface{}{address, second, "latest"}},
				anvil.Call{Method: method, Parameters: []interface{}{address, values[(index+7)%len(values)], second}},
				anvil.Call{Method: method, Parameters: []interface{}{"latest", second, second}},
				anvil.Call{Method: method, Parameters: []interface{}{map[string]string{"to": address}, second, second}})
		}

		for index, answer := range node.AskAll(calls) {
			if strings.HasPrefix(answer.Error, "-32603") || answer.Error == "" && len(answer.Result) == 0 {
				t.Errorf("%s %.200v: %s", method, calls[index].Parameters, answer.Error)
			}
		}
	}

	// The node still works.
	sendAll(t, node, signed(rig.UserKey, 0, &friend, 1, nil, 1_000_000))
	l1.Mine(1)
	node.WaitForBlocks(l1)
	if balance := balanceOf(node, friend); balance != "0x1" {
		t.Error(balance)
	}
}

// TestTransactionsThatAreRefused: and what the sender is told.
func TestTransactionsThatAreRefused(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	node, verifier := l1.Start(files, t.TempDir(), sequencing), l1.Start(files, t.TempDir(), deriving)
	l1.Mine(1)
	node.WaitForBlocks(l1)
	sendAll(t, node, signed(rig.UserKey, 0, &friend, 1, nil, 1_000_000), signed(rig.UserKey, 2, &friend, 1, nil, 1_000_000))
	send := func(node *rig.Node, encoded []byte) string {
		return node.AskAll([]anvil.Call{{Method: "eth_sendRawTransaction", Parameters: []interface{}{rig.Hex(encoded)}}})[0].Error
	}
	for want, encoded := range map[string][]byte{
		"already known":               signed(rig.UserKey, 0, &friend, 1, nil, 1_000_000),
		"underpriced":                 signed(rig.UserKey, 0, &friend, 2, nil, 1_000_001),
		"too far ahead":               signed(rig.UserKey, 1000, &friend, 1, nil, 1_000_000),
		"cannot pay":                  signed(rig.BatcherKey, 0, &friend, 1, nil, 1_000_000),
		"malformed":                   {1, 2, 3},
		"more than":                   signed(rig.UserKey, 1, &friend, 1, make([]byte, 140_000), 1_000_000),
		"does not pay for its data":   signed(rig.UserKey, 1, &friend, 1, make([]byte, 100_000), 1_000_000),
		"not taken":                   {0x7e, 0xc0},
		"fees are below the base fee": signed(rig.UserKey, 1, &friend, 1, nil, 1<<62),
	} {
		if found := send(node, encoded); !strings.Contains(found, want) && !(want == "not taken" && strings.Contains(found, "malformed")) {
			t.Errorf("%s: %s", want, found)
		}
	}

	if found := send(verifier, signed(rig.UserKey, 1, &friend, 1, nil, 1_000_000)); !strings.Contains(found, "does not sequence") {
		t.Error(found)
	}

	// The gap is filled, and all three come in.
	if found := send(node, signed(rig.UserKey, 1, &friend, 1, nil, 1_000_000)); found != "" {
		t.Error(found)
	}

	var nonce string
	node.Ask(&nonce, "eth_getTransactionCount", hexOf(rig.UserKey.Address()), "pending")
	if nonce != "0x3" {
		t.Error(nonce)
	}

	l1.Mine(1)
	node.WaitForBlocks(l1)
	if balance := balanceOf(node, friend); balance != "0x3" {
		t.Error(balance)
	}
}

func hexOf(address [20]byte) string {
	return rig.Hex(address[:])
}

// TestATransactionIsNeverUnknown: from the moment it was taken it waits or stands in a block, whenever somebody asks.
func TestATransactionIsNeverUnknown(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	node := l1.Start(l1.NewFiles(100, rig.Holocene), t.TempDir(), sequencing)
	l1.Mine(1)
	node.WaitForBlocks(l1)
	for nonce := uint64(0); nonce < 60; nonce++ {
		hash := sendAll(t, node, signed(rig.UserKey, nonce, &friend, 1, nil, 1_000_000))[0]
		l1.Mine(1)
		for receiptOf(node, hash) == nil {
			var found *struct{ Hash string }
			if node.Ask(&found, "eth_getTransactionByHash", hash); found == nil {
				t.Fatalf("transaction %d is unknown", nonce)
			}
		}

		// Whoever saw the receipt sees the state that it belongs to.
		var next string
		if node.Ask(&next, "eth_getTransactionCount", hexOf(rig.UserKey.Address()), "latest"); next != fmt.Sprintf("%#x", nonce+1) {
			t.Fatalf("the sender's nonce behind transaction %d is %s", nonce, next)
		}
	}
}
