package e2e

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"culverin/guest/testkit/rig"
)

// crashes is how often the node is killed, unless CULVERIN_CRASHES says otherwise.
const crashes = 20

// TestNothingAcknowledgedIsLost kills a sequencer at random moments, while blocks are made and transactions come in. What
// it had said before is true after each start: blocks, heads, receipts, and that a transaction was taken.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	count, seed := crashes, time.Now().UnixNano()
	if text := os.Getenv("CULVERIN_CRASHES"); text != "" {
		var err error
		if count, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}

	t.Logf("%d crashes, seed %d", count, seed)
	random := rand.New(rand.NewSource(seed))
	program := rig.Program(t)
	l1 := rig.StartL1(t)
	files := l1.NewFiles(1_000_000, rig.Holocene)
	flags := append(files.Write(t, t.TempDir()), "--data", t.TempDir(), "--sequencer")
	said := &sayings{blocks: map[uint64]string{}}
	for crash := 0; crash < count; crash++ {
		node := l1.StartProcess(program, flags...)
		said.check(t, node.Node)
		if t.Failed() {
			node.Kill()
			t.Fatalf("after crash %d", crash)
		}

		var work sync.WaitGroup
		stop := make(chan struct{})
		work.Add(1)
		go func() {
			defer work.Done()
			said.gather(node.URL, stop)
		}()
		l1.Mine(1 + random.Intn(3))
		if random.Intn(2) == 0 {
			said.wait()
		}

		time.Sleep(time.Duration(random.Intn(100_000)) * time.Microsecond)
		node.Kill()
		close(stop)
		work.Wait()
	}

	if len(said.blocks) < count/5 || len(said.transactions) < count/5 {
		t.Errorf("only %d blocks and %d transactions were acknowledged", len(said.blocks), len(said.transactions))
	}

	node := l1.StartProcess(program, flags...)
	defer node.Kill()
	said.check(t, node.Node)
	node.WaitForBlocks(l1)
	l1.Mine(1)
	node.WaitForBlocks(l1)
	for _, hash := range said.transactions {
		if found := receiptOf(node.Node, hash); found == nil {
			t.Errorf("the transaction %s stands in no block", hash)
		}
	}

	t.Logf("%d blocks and %d transactions were acknowledged", len(said.blocks), len(said.transactions))
}

// sayings are what a node has acknowledged.
type sayings struct {
	blocks       map[uint64]string
	transactions []string
	nonce        uint64
	// count is how often something was acknowledged, for those who wait for that.
	count atomic.Int64
}

// wait waits until the node takes something more, or for some time.
func (said *sayings) wait() {
	before := said.count.Load()
	for end := time.Now().Add(5 * time.Second); said.count.Load() == before && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

// check asks the node about everything that it said.
func (said *sayings) check(t *testing.T, node *rig.Node) {
	t.Helper()
	for number, hash := range said.blocks {
		var found struct {
			Hash string `json:"hash"`
		}
		node.Ask(&found, "eth_getBlockByNumber", quantity(number), true)
		if found.Hash != hash {
			t.Errorf("block %d was %s and is %s", number, hash, found.Hash)
		}
	}

	for _, hash := range said.transactions {
		var found *struct {
			Hash string `json:"hash"`
		}
		node.Ask(&found, "eth_getTransactionByHash", hash)
		if found == nil {
			t.Errorf("the transaction %s was taken and is gone", hash)
		}
	}
}

// gather sends transactions and asks for heads until the node is gone.
func (said *sayings) gather(url string, stop chan struct{}) {
	client := &http.Client{Timeout: 5 * time.Second}
	for {
		select {
		case <-stop:
			return
		default:
		}

		var hash string
		encoded := signed(rig.UserKey, said.nonce, &friend, 1, nil, 1_000_000)
		if ask(client, url, &hash, "eth_sendRawTransaction", rig.Hex(encoded)) {
			said.transactions = append(said.transactions, hash)
			said.nonce++
			said.count.Add(1)
		} else if taken := rig.HashOf(encoded); ask(client, url, &hash, "eth_getTransactionReceipt", taken) {
			// It came in before a crash that came before the answer.
			said.nonce++
		}

		var status rig.Status
		if !ask(client, url, &status, "optimism_syncStatus") {
			time.Sleep(time.Millisecond)
			continue
		}

		said.blocks[status.Unsafe.Number] = status.Unsafe.Hash
	}
}

// ask asks one question; false if there is no answer.
func ask(client *http.Client, url string, result interface{}, method string, parameters ...interface{}) bool {
	if parameters == nil {
		parameters = []interface{}{}
	}

	question, _ := json.Marshal(map[string]interface{}{"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
	response, err := client.Post(url, "application/json", bytes.NewReader(question))
	if err != nil {
		return false
	}

	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Result json.RawMessage `json:"result"`
	}
	if json.NewDecoder(response.Body).Decode(&answer) != nil || len(answer.Result) == 0 || string(answer.Result) == "null" {
		return false
	}

	_ = json.Unmarshal(answer.Result, result)
	return true
}
