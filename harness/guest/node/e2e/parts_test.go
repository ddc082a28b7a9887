// Package e2e tests nodes, the batcher and the proposer beside a local L1.
package e2e

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"culverin/guest/block"
	"culverin/guest/config/rollupjson"
	"culverin/guest/node/batcher"
	"culverin/guest/node/client"
	"culverin/guest/node/driver"
	"culverin/guest/node/sender"
	"culverin/guest/secp256k1"
	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/rig"
	"culverin/guest/testkit/wallet"
	"culverin/guest/u256"
)

// hurried are a sender's options where blocks come as fast as a test makes them.
var hurried = sender.Options{Poll: 10 * time.Millisecond, Raise: 5 * time.Second, Confirmations: 1}

func accountOf(l1 *rig.L1, key wallet.Key, options sender.Options) *sender.Sender {
	private, _ := secp256k1.NewPrivateKey(u256Bytes(uint64(key)))
	return sender.New(client.New(l1.URL), private, rig.L1ChainID, options)
}

func u256Bytes(value uint64) [32]byte {
	number := u256.New(value)
	return number.Bytes32()
}

// newBatcher posts a node's blocks.
func newBatcher(t *testing.T, l1 *rig.L1, files *rig.Files, node *rig.Node, key wallet.Key, change func(*batcher.Options)) *batcher.Batcher {
	t.Helper()
	rollup, err := rollupjson.ParseRollup(files.Rollup, files.L1Config)
	if err != nil {
		t.Fatal(err)
	}

	options := batcher.Usual
	options.Poll = 10 * time.Millisecond
	if change != nil {
		change(&options)
	}

	return batcher.New(rollup, client.New(l1.URL), client.New(node.URL), accountOf(l1, key, hurried), options, t.Logf)
}

// during makes blocks of L1 whenever a transaction waits, until work is done.
func during(t *testing.T, l1 *rig.L1, work func(ctx context.Context) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	for {
		select {
		case err := <-done:
			return err
		case <-time.After(10 * time.Millisecond):
		}

		var pool struct {
			Pending string `json:"pending"`
		}
		l1.Ask(&pool, "txpool_status")
		if pool.Pending != "0x0" {
			l1.Mine(1)
		}
	}
}

// post has the batcher post what is there, and L1 take it.
func post(t *testing.T, l1 *rig.L1, poster *batcher.Batcher) {
	t.Helper()
	if err := during(t, l1, poster.Step); err != nil {
		t.Fatal(err)
	}
}

// signed is a transaction of a user of the L2.
func signed(key wallet.Key, nonce uint64, to *block.Address, wei uint64, data []byte, tip uint64) []byte {
	transaction := &block.Transaction{
		Type: block.DynamicFeeType, ChainID: rig.L2ChainID, HasChainID: true, Nonce: nonce,
		FeeCap: u256.New(10_000_000_000), TipCap: u256.New(tip), GasLimit: 300_000, To: to, Value: u256.New(wei), Data: data,
	}
	return key.Sign(transaction).Encoded
}

// signedLong calls an account with long data.
func signedLong(nonce uint64, data []byte) []byte {
	to := friend
	return rig.UserKey.Sign(&block.Transaction{
		Type: block.DynamicFeeType, ChainID: rig.L2ChainID, HasChainID: true, Nonce: nonce,
		FeeCap: u256.New(10_000_000_000), TipCap: u256.New(1), GasLimit: 5_000_000, To: &to, Data: data,
	}).Encoded
}

// sendAll sends transactions to a node; what it refuses ends the test.
func sendAll(t *testing.T, node *rig.Node, transactions ...[]byte) (hashes []string) {
	t.Helper()
	for _, encoded := range transactions {
		var hash string
		node.Ask(&hash, "eth_sendRawTransaction", rig.Hex(encoded))
		hashes = append(hashes, hash)
	}

	return hashes
}

type receipt struct {
	Status      string `json:"status"`
	BlockNumber string `json:"blockNumber"`
	BlockHash   string `json:"blockHash"`
	GasUsed     string `json:"gasUsed"`
}

func receiptOf(node *rig.Node, hash string) (found *receipt) {
	node.Ask(&found, "eth_getTransactionReceipt", hash)
	return found
}

func balanceOf(node *rig.Node, address block.Address) (balance string) {
	node.Ask(&balance, "eth_getBalance", rig.Hex(address[:]), "latest")
	return balance
}

// compare fails unless two nodes have the same chain up to a block, byte for byte, and say the same about its end.
func compare(t *testing.T, left, right *rig.Node, last uint64) {
	t.Helper()
	if left.Chain(last) != right.Chain(last) {
		t.Fatalf("the chains differ up to block %d", last)
	}

	for number := last; number+3 > last && number > 0; number-- {
		calls := []anvil.Call{
			{Method: "optimism_outputAtBlock", Parameters: []interface{}{quantity(number)}},
			{Method: "eth_getBlockReceipts", Parameters: []interface{}{quantity(number)}},
			{Method: "debug_getRawReceipts", Parameters: []interface{}{quantity(number)}},
		}
		ours, theirs := left.AskAll(calls), right.AskAll(calls)
		for index := range calls {
			if ours[index].Error != "" || withoutStatus(ours[index].Result) != withoutStatus(theirs[index].Result) {
				t.Errorf("%s of block %d: %s %s, %s %s", calls[index].Method, number,
					ours[index].Error, ours[index].Result, theirs[index].Error, theirs[index].Result)
			}
		}
	}
}

// withoutStatus takes what a node says about the present out of its answer.
func withoutStatus(answer json.RawMessage) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(answer, &fields) != nil {
		return string(answer)
	}

	delete(fields, "syncStatus")
	rest, _ := json.Marshal(fields)
	return string(rest)
}

func quantity(number uint64) string {
	const digits = "0123456789abcdef"
	text := []byte{digits[number&15]}
	for number >>= 4; number > 0; number >>= 4 {
		text = append([]byte{digits[number&15]}, text...)
	}

	return "0x" + string(text)
}

// sequencing and deriving are the options of the two kinds of nodes.
var (
	sequencing = driver.Options{Sequence: true}
	deriving   = driver.Options{}
)
