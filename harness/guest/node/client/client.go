// Package client asks other nodes by JSON-RPC over HTTP. What they answer is bounded in length and time, and believed by
// nobody here: whoever asks checks it.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"culverin/guest/node/rpc"
)

// Limits of an answer.
const (
	answerBytesMax = 128 << 20
	answerTime     = 30 * time.Second
)

// Client asks one node. It may be used by many goroutines.
type Client struct {
	url    string
	client http.Client
	last   atomic.Uint64
}

// New asks the node at a URL.
func New(url string) *Client {
	return &Client{url: url, client: http.Client{Timeout: answerTime}}
}

// UnreachableError says that a node did not answer, or answered what is no JSON-RPC.
type UnreachableError struct {
	URL string
	Err error
}

func (failure *UnreachableError) Error() string {
	return fmt.Sprintf("%s did not answer: %v", failure.URL, failure.Err)
}

func (failure *UnreachableError) Unwrap() error {
	return failure.Err
}

// Call asks one question. The error is an *rpc.Error if the node refused, an *UnreachableError if there is no answer.
func (client *Client) Call(ctx context.Context, result interface{}, method string, parameters ...interface{}) error {
	if parameters == nil {
		parameters = []interface{}{}
	}

	question, err := json.Marshal(map[string]interface{}{
		"jsonrpc": "2.0", "id": client.last.Add(1), "method": method, "params": parameters,
	})
	if err != nil {
		return err
	}

	body, err := client.send(ctx, http.MethodPost, client.url, question)
	if err != nil {
		return &UnreachableError{client.url, err}
	}

	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  *rpc.Error      `json:"error"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return &UnreachableError{client.url, fmt.Errorf("%s: no JSON-RPC: %w", method, err)}
	}

	if answer.Error != nil {
		return answer.Error
	}

	if err := json.Unmarshal(answer.Result, result); err != nil {
		return &UnreachableError{client.url, fmt.Errorf("%s: %w", method, err)}
	}

	return nil
}

// Get reads JSON from a path behind the URL, as beacon nodes offer it. The URL may end with a slash, the path begins with
// one.
func (client *Client) Get(ctx context.Context, result interface{}, path string) error {
	url := strings.TrimSuffix(client.url, "/") + path
	body, err := client.send(ctx, http.MethodGet, url, nil)
	if err == nil {
		err = json.Unmarshal(body, result)
	}

	if err != nil {
		return &UnreachableError{url, err}
	}

	return nil
}

func (client *Client) send(ctx context.Context, method, url string, content []byte) ([]byte, error) {
	asked, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}

	asked.Header.Set("Content-Type", "application/json")
	asked.Header.Set("Accept", "application/json")
	response, err := client.client.Do(asked)
	if err != nil {
		return nil, err
	}

	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerBytesMax+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > answerBytesMax:
		return nil, fmt.Errorf("the answer has more than %d bytes", answerBytesMax)
	case response.StatusCode != http.StatusOK && (method == http.MethodGet || len(body) == 0 || body[0] != '{'):
		return nil, fmt.Errorf("status %s", response.Status)
	}

	return body, nil
}
