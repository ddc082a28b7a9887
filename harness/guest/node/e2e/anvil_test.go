package e2e

import (
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"culverin/guest/block"
	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/rig"
)

// words are numbers as the ABI has them.
func words(values ...byte) []byte {
	data := make([]byte, 32*len(values))
	for index, value := range values {
		data[32*index+31] = value
	}

	return data
}

// TestAnswersAreAnvils: a local node with the same accounts and transactions answers the same, where both know the answer.
func TestAnswersAreAnvils(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	node := l1.Start(files, t.TempDir(), sequencing)
	other := anvil.Connect(t, anvil.Start(t, "--chain-id", "901", "--hardfork", "cancun", "--no-mining", "--order", "fifo"))
	for _, contract := range []block.Address{rig.Log, rig.Store} {
		var code string
		node.Ask(&code, "eth_getCode", rig.Hex(contract[:]), "latest")
		other.Ask(nil, "anvil_setCode", rig.Hex(contract[:]), code)
		other.Ask(nil, "anvil_setNonce", rig.Hex(contract[:]), "0x1")
	}

	user := rig.UserKey.Address()
	other.Ask(nil, "anvil_setBalance", rig.Hex(user[:]), "0x3635c9adc5dea00000")
	l1.Mine(1)
	node.WaitForBlocks(l1)
	creation, _ := hex.DecodeString("6003600c60003960036000f3" + "600035")
	var hashes []string
	for nonce, each := range []struct {
		to   *block.Address
		wei  uint64
		data []byte
	}{
		{&friend, 7, nil}, {&rig.Log, 0, words(1, 2)}, {&rig.Store, 0, words(1, 9)}, {&rig.Store, 0, words(5)},
		{&rig.Store, 0, words(1, 0)}, {nil, 0, creation}, {&rig.Log, 3, words(1)},
	} {
		encoded := signed(rig.UserKey, uint64(nonce), each.to, each.wei, each.data, 1_000_000)
		hashes = append(hashes, sendAll(t, node, encoded)...)
		other.Ask(nil, "eth_sendRawTransaction", rig.Hex(encoded))
	}

	other.Ask(nil, "evm_mine")
	l1.Mine(1)
	node.WaitForBlocks(l1)
	for _, hash := range hashes {
		same(t, node.Node, other, []string{
			"type", "status", "logs", "logsBloom", "transactionHash", "gasUsed", "from", "to", "contractAddress",
		}, "eth_getTransactionReceipt", hash)
		same(t, node.Node, other, []string{
			"type", "chainId", "nonce", "gas", "maxFeePerGas", "maxPriorityFeePerGas", "to", "value", "accessList", "input",
			"r", "s", "yParity", "v", "hash", "from",
		}, "eth_getTransactionByHash", hash)
	}

	checkCalls(t, node.Node, other)
	account := []string{"nonce", "balance", "codeHash", "storageHash", "storageProof"}
	same(t, node.Node, other, account, "eth_getProof", rig.Hex(rig.Log[:]), []string{}, "latest")
	checkLogs(t, node, other)
	for name, message := range map[string]map[string]string{
		"a transfer": callOf(friend, nil), "an event": callOf(rig.Log, words(1, 2, 3)), "a store": callOf(rig.Store, words(7, 8)),
	} {
		checkEstimate(t, node, other, name, message)
	}
}

// callOf is a message of the user.
func callOf(to block.Address, data []byte) map[string]string {
	return map[string]string{"from": hexOf(rig.UserKey.Address()), "to": rig.Hex(to[:]), "data": rig.Hex(data)}
}

// checkCalls asks both nodes about the present.
func checkCalls(t *testing.T, node, other *anvil.Node) {
	t.Helper()
	for _, one := range []struct {
		method     string
		parameters []interface{}
	}{
		{"eth_chainId", nil},
		{"net_version", nil},
		{"eth_getBalance", []interface{}{rig.Hex(friend[:]), "latest"}},
		{"eth_getBalance", []interface{}{"0x" + strings.Repeat("12", 20), "latest"}},
		{"eth_getTransactionCount", []interface{}{hexOf(rig.UserKey.Address()), "latest"}},
		{"eth_getTransactionCount", []interface{}{hexOf(rig.UserKey.Address()), "pending"}},
		{"eth_getCode", []interface{}{rig.Hex(rig.Store[:]), "latest"}},
		{"eth_getCode", []interface{}{rig.Hex(friend[:]), "latest"}},
		{"eth_getStorageAt", []interface{}{rig.Hex(rig.Store[:]), "0x1", "latest"}},
		{"eth_call", []interface{}{callOf(rig.Store, words(3, 4)), "latest"}},
		{"eth_call", []interface{}{callOf(rig.Store, words(3)), "latest"}},
		{"eth_call", []interface{}{callOf(friend, nil), "latest"}},
		{"eth_call", []interface{}{map[string]string{"data": "0x6001600052602060002060005260206000f3"}, "latest"}},
		{"eth_getTransactionReceipt", []interface{}{"0x" + strings.Repeat("12", 32)}},
		{"eth_getTransactionByHash", []interface{}{"0x" + strings.Repeat("12", 32)}},
		{"eth_getBlockByHash", []interface{}{"0x" + strings.Repeat("12", 32), true}},
		{"eth_getBlockByNumber", []interface{}{"0xffffff", true}},
		{"eth_getLogs", []interface{}{map[string]interface{}{"fromBlock": "0x0", "address": rig.Hex(friend[:])}}},
	} {
		same(t, node, other, nil, one.method, one.parameters...)
	}
}

// same compares two nodes' answers: their fields, or all if there are no fields named, but for what depends on the block.
func same(t *testing.T, left, right *anvil.Node, fields []string, method string, parameters ...interface{}) {
	t.Helper()
	calls := []anvil.Call{{Method: method, Parameters: parameters}}
	ours, theirs := left.AskAll(calls)[0], right.AskAll(calls)[0]
	if ours.Error != "" || theirs.Error != "" {
		// Codes must agree; the words are each node's own.
		if strings.SplitN(ours.Error, ":", 2)[0] != strings.SplitN(theirs.Error, ":", 2)[0] {
			t.Errorf("%s %v: %s %s, anvil %s %s", method, parameters, ours.Error, ours.Result, theirs.Error, theirs.Result)
		}

		return
	}

	if len(fields) == 0 {
		if string(ours.Result) != string(theirs.Result) {
			t.Errorf("%s %v: %s, anvil %s", method, parameters, ours.Result, theirs.Result)
		}

		return
	}

	var ourFields, theirFields map[string]interface{}
	if json.Unmarshal(ours.Result, &ourFields) != nil || json.Unmarshal(theirs.Result, &theirFields) != nil {
		t.Errorf("%s %v: %s, anvil %s", method, parameters, ours.Result, theirs.Result)
		return
	}

	for _, field := range fields {
		our, their := withoutPlace(ourFields[field]), withoutPlace(theirFields[field])
		if !reflect.DeepEqual(our, their) {
			t.Errorf("%s %v: %s is %v, anvil %v", method, parameters, field, our, their)
		}
	}
}

// withoutPlace takes out of logs what depends on the block they stand in.
func withoutPlace(value interface{}) interface{} {
	list, isList := value.([]interface{})
	if !isList {
		return value
	}

	for _, each := range list {
		if log, isLog := each.(map[string]interface{}); isLog {
			for _, field := range []string{
				"blockHash", "blockNumber", "blockTimestamp", "transactionIndex", "logIndex",
			} {
				delete(log, field)
			}
		}
	}

	return value
}

func checkLogs(t *testing.T, node *rig.Node, other *anvil.Node) {
	t.Helper()
	word := "0x" + strings.Repeat("0", 63) + "1"
	for _, filter := range []map[string]interface{}{
		{}, {"address": rig.Hex(rig.Log[:])}, {"topics": []interface{}{word}}, {"topics": []interface{}{nil}},
		{"topics": []interface{}{[]string{word, "0x" + strings.Repeat("2", 64)}}}, {"topics": []interface{}{nil, word}},
		{"address": []string{rig.Hex(rig.Log[:]), rig.Hex(friend[:])}, "topics": []interface{}{[]string{word}}},
		{"topics": []interface{}{"0x" + strings.Repeat("2", 64)}},
	} {
		filter["fromBlock"], filter["toBlock"] = "earliest", "latest"
		var ours, theirs []interface{}
		node.Ask(&ours, "eth_getLogs", filter)
		other.Ask(&theirs, "eth_getLogs", filter)
		if !reflect.DeepEqual(withoutPlace(ours), withoutPlace(theirs)) {
			t.Errorf("eth_getLogs %v: %v, anvil %v", filter, ours, theirs)
		}
	}
}

// checkEstimate: an estimate is enough, one gas less is not, and it is not above anvil's by more than a hundredth.
func checkEstimate(t *testing.T, node *rig.Node, other *anvil.Node, name string, message map[string]string) {
	t.Helper()
	var ours, theirs string
	node.Ask(&ours, "eth_estimateGas", message)
	other.Ask(&theirs, "eth_estimateGas", message)
	gas, most := number(ours), number(theirs)
	if gas > most+most/100 {
		t.Errorf("%s: %d, anvil %d", name, gas, most)
	}

	for limit, isEnough := range map[uint64]bool{gas: true, gas - 1: false} {
		message["gas"] = quantity(limit)
		answer := node.AskAll([]anvil.Call{{Method: "eth_call", Parameters: []interface{}{message, "latest"}}})[0]
		if (answer.Error == "") != isEnough {
			t.Errorf("%s with %d gas: %s %s", name, limit, answer.Error, answer.Result)
		}
	}

	delete(message, "gas")
}

func number(text string) (value uint64) {
	for _, digit := range text[2:] {
		value = value<<4 | uint64(strings.IndexRune("0123456789abcdef", digit))
	}

	return value
}
