package l1

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"culverin/guest/block"
	"culverin/guest/node/client"
	"culverin/guest/node/forms"
	"culverin/guest/pipeline"
	"culverin/guest/rlp"
	"culverin/guest/testkit/anvil"
)

// falsifier stands before a node and changes its answers.
type falsifier struct {
	url    string
	change atomic.Value
}

func (between *falsifier) ServeHTTP(writer http.ResponseWriter, asked *http.Request) {
	question, _ := io.ReadAll(asked.Body)
	response, err := http.Post(between.url, "application/json", bytes.NewReader(question))
	if err != nil {
		writer.WriteHeader(http.StatusBadGateway)
		return
	}

	defer func() { _ = response.Body.Close() }()
	answer, _ := io.ReadAll(response.Body)
	if change, isThere := between.change.Load().(func(string, string) string); isThere {
		answer = []byte(change(string(question), string(answer)))
	}

	_, _ = writer.Write(answer)
}

// TestALyingNode: every answer that is not what it stands for is an error, and nothing of it is taken.
func TestALyingNode(t *testing.T) {
	url := anvil.Start(t, "--hardfork", "prague")
	node := anvil.Connect(t, url)
	accounts := []string{}
	node.Ask(&accounts, "eth_accounts")
	for index := 0; index < 3; index++ {
		node.Ask(nil, "eth_sendTransaction", map[string]string{"from": accounts[0], "to": accounts[1], "value": "0x1"})
	}

	between := &falsifier{url: url}
	server := httptest.NewServer(between)
	defer server.Close()
	read := func(change func(question, answer string) string) error {
		between.change.Store(change)
		source := New(context.Background(), client.New(server.URL), nil, 0)
		found, err := source.Block(2)
		if err != nil {
			return err
		}

		transactions, receipts := 0, 0
		if err := source.Transactions(found, func([]byte) { transactions++ }); err != nil {
			return err
		}

		if err := source.Receipts(found, func([]byte) { receipts++ }); err != nil {
			return err
		}

		if transactions != 1 || receipts != 1 {
			return fmt.Errorf("%d transactions, %d receipts", transactions, receipts)
		}

		return nil
	}
	if err := read(func(_, answer string) string { return answer }); err != nil {
		t.Fatal(err)
	}

	for name, change := range lies(url) {
		if err := read(change); err == nil {
			t.Errorf("%s was believed", name)
		} else if errors.Is(err, pipeline.ErrEndOfL1) {
			t.Errorf("%s looks like the end of L1", name)
		}
	}

	var lie *LyingError
	if err := read(replaced("eth_getBlockReceipts", `"status":"0x1"`, `"status":"0x0"`)); !errors.As(err, &lie) {
		t.Error(err)
	}
}

// replaced changes one thing in the answers to a method.
func replaced(method, old, fresh string) func(question, answer string) string {
	return func(question, answer string) string {
		if strings.Contains(question, method) {
			return strings.Replace(answer, old, fresh, 1)
		}

		return answer
	}
}

// flipped makes another signature of one in a block.
func flipped(question, answer string) string {
	if odd := replaced("eth_getBlockByHash", `"yParity":"0x0"`, `"yParity":"0x1"`)(question, answer); odd != answer {
		return odd
	}

	return replaced("eth_getBlockByHash", `"yParity":"0x1"`, `"yParity":"0x0"`)(question, answer)
}

// lies are changes of a node's answers, by what they make of them.
func lies(url string) map[string]func(question, answer string) string {
	return map[string]func(string, string) string{
		"another gas limit":      replaced("eth_getBlockByNumber", `"gasLimit":"0x1c9c380"`, `"gasLimit":"0x1c9c381"`),
		"another block":          replaced("eth_getBlockByNumber", `"number":"0x2"`, `"number":"0x3"`),
		"another value":          replaced("eth_getBlockByHash", `"value":"0x1"`, `"value":"0x2"`),
		"another signature":      flipped,
		"no transactions":        func(question, answer string) string { return without(question, "eth_getBlockByHash", answer) },
		"no receipts":            func(question, answer string) string { return without(question, "eth_getBlockReceipts", answer) },
		"a failed transaction":   replaced("eth_getBlockReceipts", `"status":"0x1"`, `"status":"0x0"`),
		"another gas":            replaced("eth_getBlockReceipts", `"cumulativeGasUsed":"0x5208"`, `"cumulativeGasUsed":"0x5209"`),
		"a type that is none":    replaced("eth_getBlockReceipts", `"type":"0x2"`, `"type":"0x99"`),
		"an earlier block":       func(question, answer string) string { return earlier(url, question, answer) },
		"null for a known block": func(question, answer string) string { return null(question, "eth_getBlockByHash", answer) },
		"no JSON":                func(string, string) string { return "<html>" },
		"an empty answer":        func(string, string) string { return "" },
		"a list":                 func(string, string) string { return "[]" },
		"no result":              func(string, string) string { return `{"jsonrpc":"2.0","id":1}` },
		"numbers":                func(string, string) string { return `{"jsonrpc":"2.0","id":1,"result":7}` },
		"a null transaction": func(question, answer string) string {
			return only(question, "eth_getBlockByHash", `{"transactions":[null]}`, answer)
		},
		"a null receipt": func(question, answer string) string { return only(question, "eth_getBlockReceipts", `[null]`, answer) },
	}
}

func only(question, method, result, answer string) string {
	if strings.Contains(question, method) {
		return `{"jsonrpc":"2.0","id":1,"result":` + result + `}`
	}

	return answer
}

func null(question, method, answer string) string {
	return only(question, method, "null", answer)
}

// without takes all entries out of a list in the answer.
func without(question, method, answer string) string {
	if !strings.Contains(question, method) {
		return answer
	}

	var said map[string]interface{}
	_ = json.Unmarshal([]byte(answer), &said)
	if block, isBlock := said["result"].(map[string]interface{}); isBlock {
		block["transactions"] = []string{}
	} else {
		said["result"] = []string{}
	}

	changed, _ := json.Marshal(said)
	return string(changed)
}

// earlier answers with the whole block before the one that was asked for.
func earlier(url, question, answer string) string {
	if !strings.Contains(question, "eth_getBlockByNumber") {
		return answer
	}

	response, err := http.Post(url, "application/json", strings.NewReader(strings.Replace(question, `"0x2"`, `"0x1"`, 1)))
	if err != nil {
		return answer
	}

	defer func() { _ = response.Body.Close() }()
	said, _ := io.ReadAll(response.Body)
	return string(said)
}

func TestTheEndOfL1(t *testing.T) {
	url := anvil.Start(t, "--hardfork", "prague")
	node := anvil.Connect(t, url)
	node.Ask(nil, "anvil_mine", "0x5")
	for confirmations, last := range map[uint64]uint64{0: 5, 2: 3, 5: 0} {
		source := New(context.Background(), client.New(url), nil, confirmations)
		if found, err := source.Block(last); err != nil || found.Header.Number != last {
			t.Errorf("%d: %v", last, err)
		}

		if _, err := source.Block(last + 1); !errors.Is(err, pipeline.ErrEndOfL1) {
			t.Errorf("%d confirmations: %v", confirmations, err)
		}
	}
}

// TestHeadersOfLaterForks: fields that are not known here are in the header's bytes, which the node is asked for.
func TestHeadersOfLaterForks(t *testing.T) {
	header := &block.Header{Number: 2, HasRequests: true, Later: rlp.EncodeBytes(make([]byte, 32))}
	later := *header
	later.Later = nil
	form := forms.NewHeader(&later, header.Hash())
	for raw, isRight := range map[string]bool{
		hexOf(header.Encode()): true, hexOf(later.Encode()): false, "": false, "0x": false,
	} {
		raw := raw
		server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, asked *http.Request) {
			question, _ := io.ReadAll(asked.Body)
			answer := map[string]interface{}{"jsonrpc": "2.0", "id": 1, "result": form}
			if strings.Contains(string(question), "debug_getRawHeader") {
				answer["result"] = raw
				if raw == "" {
					answer = map[string]interface{}{"jsonrpc": "2.0", "id": 1, "error": map[string]interface{}{"code": -32601}}
				}
			}

			data, _ := json.Marshal(answer)
			_, _ = writer.Write(data)
		}))
		found, err := New(context.Background(), client.New(server.URL), nil, 0).Block(2)
		var lie *LyingError
		if isRight != (err == nil) || isRight && (found.Hash != header.Hash() || found.Header.Number != 2) ||
			!isRight && !errors.As(err, &lie) {
			t.Errorf("%.20s: %+v, %v", raw, found, err)
		}

		server.Close()
	}
}

func hexOf(data []byte) string {
	return "0x" + hex.EncodeToString(data)
}
