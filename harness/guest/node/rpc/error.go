package rpc

import "fmt"

// Codes of errors (JSON-RPC 2.0, section 5.1; EIP-1474).
const (
	CodeParse          = -32700
	CodeInvalidRequest = -32600
	CodeNoMethod       = -32601
	CodeParameters     = -32602
	CodeInternal       = -32603
	CodeServer         = -32000
	CodeNotFound       = -32001
	CodeUnavailable    = -32002
	CodeRefused        = -32003
	CodeLimit          = -32005
	// CodeReverted is what nodes answer where a call reverted; Data then is what it returned.
	CodeReverted = 3
)

// Error is what a caller is told.
type Error struct {
	// Code is one of the above.
	Code int `json:"code"`
	// Message is a sentence without its end.
	Message string `json:"message"`
	// Data is more about it; nil if there is no more.
	Data interface{} `json:"data,omitempty"`
}

func (failure *Error) Error() string {
	return failure.Message
}

// Fail makes an error.
func Fail(code int, form string, arguments ...interface{}) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(form, arguments...)}
}
