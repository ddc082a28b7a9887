package anvil

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// Node asks a node over JSON-RPC.
type Node struct {
	t   testing.TB
	url string
}

// Connect asks the node at a URL; what it refuses ends the test.
func Connect(t testing.TB, url string) *Node {
	return &Node{t, url}
}

// Call is one question.
type Call struct {
	Method     string
	Parameters []interface{}
}

// Answer is what a node says to a call: a result, or why there is none.
type Answer struct {
	Result json.RawMessage
	Error  string
}

// Ask asks one question that must be answered.
func (node *Node) Ask(result interface{}, method string, parameters ...interface{}) {
	node.t.Helper()
	answer := node.AskAll([]Call{{method, parameters}})[0]
	if answer.Error != "" {
		node.t.Fatalf("%s: %s", method, answer.Error)
	}

	if result != nil {
		if err := json.Unmarshal(answer.Result, result); err != nil {
			node.t.Fatalf("%s: %v", method, err)
		}
	}
}

// AskAll asks many questions at once.
func (node *Node) AskAll(calls []Call) []Answer {
	node.t.Helper()
	questions := make([]map[string]interface{}, len(calls))
	for index, call := range calls {
		parameters := call.Parameters
		if parameters == nil {
			parameters = []interface{}{}
		}

		questions[index] = map[string]interface{}{
			"jsonrpc": "2.0", "id": index, "method": call.Method, "params": parameters,
		}
	}

	body, err := json.Marshal(questions)
	if err != nil {
		node.t.Fatal(err)
	}

	client := http.Client{Timeout: 15 * time.Second}
	response, err := client.Post(node.url, "application/json", bytes.NewReader(body))
	if err != nil {
		node.t.Fatalf("%s: %v", calls[0].Method, err)
	}

	defer func() { _ = response.Body.Close() }()
	var said []struct {
		ID     int             `json:"id"`
		Result json.RawMessage `json:"result"`
		Error  *struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err = json.NewDecoder(response.Body).Decode(&said); err != nil || len(said) != len(calls) {
		node.t.Fatalf("%d answers to %d questions, %v", len(said), len(calls), err)
	}

	answers := make([]Answer, len(calls))
	for _, each := range said {
		answers[each.ID].Result = each.Result
		if each.Error != nil {
			answers[each.ID].Error = fmt.Sprintf("%d: %s", each.Error.Code, each.Error.Message)
		}
	}

	return answers
}
