// Package rpc serves JSON-RPC 2.0 over HTTP. Whoever calls may be a stranger: bodies, batches, answers and the number of
// calls at a time are bounded, and every fault is answered by an error with a code.
package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime/debug"
	"time"

	"culverin/guest/oracle"
)

// Limits of what a caller can ask for.
const (
	// bodyBytesMax is the longest request.
	bodyBytesMax = 5 << 20
	// batchMax is how many calls a request may have.
	batchMax = 1000
	// answerBytesMax is where the answer to a batch ends; later calls get an error.
	answerBytesMax = 50 << 20
	// callsAtATime work at once; others wait.
	callsAtATime = 16
	// callTime is how long a request may take in all.
	callTime = 60 * time.Second
)

// Method answers calls. An error that is no *Error is told as an internal one.
type Method func(context.Context, Parameters) (interface{}, error)

// Server has the methods by their names.
type Server struct {
	methods map[string]Method
	slots   chan struct{}
	// complain is told what went wrong inside.
	complain func(method string, err error)
}

// New has no methods yet. Complain is told of errors that callers hear nothing precise about; it may be called by many
// goroutines.
func New(complain func(method string, err error)) *Server {
	return &Server{methods: map[string]Method{}, slots: make(chan struct{}, callsAtATime), complain: complain}
}

// Register adds a method; before the first request.
func (server *Server) Register(name string, method Method) {
	server.methods[name] = method
}

type request struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

type response struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *Error          `json:"error,omitempty"`
}

// ServeHTTP answers one request or batch.
func (server *Server) ServeHTTP(writer http.ResponseWriter, asked *http.Request) {
	if asked.Method != http.MethodPost {
		writer.Header().Set("Allow", http.MethodPost)
		http.Error(writer, "JSON-RPC is asked by POST", http.StatusMethodNotAllowed)
		return
	}

	body, err := io.ReadAll(http.MaxBytesReader(writer, asked.Body, bodyBytesMax))
	if err != nil {
		var tooLong *http.MaxBytesError
		status := http.StatusBadRequest
		if errors.As(err, &tooLong) {
			status = http.StatusRequestEntityTooLarge
		}

		http.Error(writer, "the request could not be read, or is too long", status)
		return
	}

	ctx, cancel := context.WithTimeout(asked.Context(), callTime)
	defer cancel()
	answer := server.Answer(ctx, body)
	if answer == nil {
		writer.WriteHeader(http.StatusNoContent)
		return
	}

	writer.Header().Set("Content-Type", "application/json")
	_, _ = writer.Write(answer)
}

// Answer answers a request or a batch; nil if it has notifications only.
func (server *Server) Answer(ctx context.Context, body []byte) []byte {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || body[0] != '[' {
		return server.one(ctx, body)
	}

	var calls []json.RawMessage
	switch err := json.Unmarshal(body, &calls); {
	case err != nil:
		return encode(&response{ID: null, Error: Fail(CodeParse, "the request is no JSON")})
	case len(calls) == 0:
		return encode(&response{ID: null, Error: Fail(CodeInvalidRequest, "the batch is empty")})
	case len(calls) > batchMax:
		return encode(&response{ID: null, Error: Fail(CodeLimit, "the batch has more than %d calls", batchMax)})
	}

	joined := []byte{'['}
	for _, call := range calls {
		var answer []byte
		if len(joined) > answerBytesMax {
			answer = refuse(call, Fail(CodeLimit, "the answers before are too long; ask in smaller batches"))
		} else {
			answer = server.one(ctx, call)
		}

		if answer != nil {
			if len(joined) > 1 {
				joined = append(joined, ',')
			}

			joined = append(joined, answer...)
		}
	}

	if len(joined) == 1 {
		return nil
	}

	return append(joined, ']')
}

// refuse answers a call without looking at it.
func refuse(body []byte, failure *Error) []byte {
	var call request
	if json.Unmarshal(body, &call) != nil || !isID(call.ID) {
		call.ID = null
	}

	return encode(&response{ID: call.ID, Error: failure})
}

func (server *Server) one(ctx context.Context, body []byte) []byte {
	var call request
	if !json.Valid(body) {
		return encode(&response{ID: null, Error: Fail(CodeParse, "the request is no JSON")})
	}

	if err := json.Unmarshal(body, &call); err != nil || call.Version != "2.0" || call.Method == "" || !isID(call.ID) {
		return refuse(body, Fail(CodeInvalidRequest, "the request is no JSON-RPC 2.0 call"))
	}

	answer := &response{ID: call.ID}
	result, err := server.call(ctx, &call)
	if err == nil {
		answer.Result, err = json.Marshal(result)
	}

	if err != nil {
		answer.Result, answer.Error = nil, server.tell(call.Method, err)
	}

	if call.ID == nil {
		return nil
	}

	return encode(answer)
}

// isID: a string, a number, null, or none.
func isID(id json.RawMessage) bool {
	return len(id) == 0 || id[0] != '{' && id[0] != '[' && id[0] != 't' && id[0] != 'f'
}

func (server *Server) call(ctx context.Context, call *request) (result interface{}, err error) {
	method, found := server.methods[call.Method]
	if !found {
		return nil, Fail(CodeNoMethod, "there is no method of this name")
	}

	var parameters Parameters
	if len(call.Params) > 0 && !bytes.Equal(call.Params, null) {
		if err := json.Unmarshal(call.Params, &parameters); err != nil {
			return nil, Fail(CodeParameters, "parameters must be a list")
		}
	}

	select {
	case server.slots <- struct{}{}:
		defer func() { <-server.slots }()
	case <-ctx.Done():
		return nil, Fail(CodeLimit, "too many calls at a time")
	}

	defer func() {
		if cause := recover(); cause != nil {
			failure, isFailure := cause.(*oracle.Failure)
			if !isFailure {
				failure = &oracle.Failure{Text: string(debug.Stack())}
			}

			result, err = nil, failure
		}
	}()
	return method(ctx, parameters)
}

func (server *Server) tell(method string, err error) *Error {
	var failure *Error
	if errors.As(err, &failure) {
		return failure
	}

	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return Fail(CodeLimit, "the call took too long")
	}

	server.complain(method, err)
	return Fail(CodeInternal, "the node could not answer")
}

func encode(answer *response) []byte {
	answer.Version = "2.0"
	if answer.Error == nil && answer.Result == nil {
		answer.Result = null
	}

	data, err := json.Marshal(answer)
	if err != nil {
		data, _ = json.Marshal(&response{Version: "2.0", ID: null, Error: Fail(CodeInternal, "the answer is no JSON")})
	}

	return data
}
