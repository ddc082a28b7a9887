// Package l1node answers precompiled contracts natively: signatures are recovered here, everything else is asked from
// an Ethereum node. It is for native programs; in the virtual machine the host answers.
package l1node

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"culverin/guest/oracle"
	"culverin/guest/precompile"
	"culverin/guest/secp256k1"
)

// fail ends the work on the block: a node cannot be asked, or answers what no contract can, and nothing is known.
func fail(form string, arguments ...interface{}) {
	oracle.Fail(fmt.Sprintf(form, arguments...))
}

// answerBytesMax bounds what is read of an answer; the longest right one has some 600 bytes.
const answerBytesMax = 1 << 20

// callOverhead is more than the gas that a call costs before it reaches the contract: 21,000 and up to 40 for each byte
// of the longest input.
const callOverhead = 30_000_000

// Node asks one L1 node. It may be used by many goroutines.
type Node struct {
	url    string
	client http.Client
}

// New asks the node at a URL; with "" every question but those about signatures fails.
func New(url string) *Node {
	return &Node{url: url, client: http.Client{Timeout: time.Minute}}
}

var _ precompile.Remote = (*Node)(nil)

// recoverAddress is the contract of ECDSA recovery.
var recoverAddress = precompile.Address{19: 1}

// Precompile answers one contract; it ends the work by oracle.Fail where the node does not.
func (node *Node) Precompile(address precompile.Address, gas uint64, input []byte) (output []byte, ok bool) {
	if address == recoverAddress {
		return recoverSigner(input), true
	}

	if node.url == "" {
		fail("the contract at 0x%x must be asked from an L1 node, and none was given (--l1 URL)", address)
	}

	return node.call(address, gas+callOverhead, input)
}

// Malformed ends the work.
func (node *Node) Malformed(address precompile.Address) {
	fail("%s answered what the contract at 0x%x cannot", node.url, address)
}

// recoverSigner takes the 128 bytes of the contract; package precompile has checked v.
func recoverSigner(input []byte) []byte {
	var hash [32]byte
	copy(hash[:], input)
	signer, found := secp256k1.Recover(hash, input[64:96], input[96:128], input[63] == 28)
	if !found {
		return nil
	}

	return append(make([]byte, 12, 32), signer[:]...)
}

type callAnswer struct {
	Result *string `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

func (node *Node) call(to precompile.Address, gas uint64, input []byte) (output []byte, ok bool) {
	call := map[string]string{
		"to": "0x" + hex.EncodeToString(to[:]), "gas": fmt.Sprintf("0x%x", gas), "data": "0x" + hex.EncodeToString(input),
	}
	question, err := json.Marshal(map[string]interface{}{
		"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": []interface{}{call, "latest"},
	})
	if err != nil {
		fail("%v", err)
	}

	response, err := node.client.Post(node.url, "application/json", bytes.NewReader(question))
	if err != nil {
		fail("%v", err)
	}

	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerBytesMax))
	if err != nil {
		fail("%s: %v", node.url, err)
	}

	var answer callAnswer
	if err = json.Unmarshal(body, &answer); err != nil || (answer.Result == nil) == (answer.Error == nil) {
		fail("%s: no answer to eth_call, status %s", node.url, response.Status)
	}

	if answer.Error != nil {
		if !isContractFailure(answer.Error.Message) {
			fail("%s: %s", node.url, answer.Error.Message)
		}

		return nil, false
	}

	output, err = hex.DecodeString(strings.TrimPrefix(*answer.Result, "0x"))
	if err != nil {
		fail("%s: %v", node.url, err)
	}

	return output, true
}

// isContractFailure tells a failing contract from a node that did not run it. Nodes word it in their own ways; whatever
// is not one of them counts as not having run.
func isContractFailure(message string) bool {
	message = strings.ToLower(message)
	for _, known := range []string{"precompile", "revert", "invalid input", "evm error"} {
		if strings.Contains(message, known) {
			return true
		}
	}

	return false
}
