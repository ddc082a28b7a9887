package e2e

import (
	"testing"

	"culverin/guest/block"
	"culverin/guest/config/rollupjson"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/testkit/rig"
)

// source has what a witness brings.
type source map[keccak.Hash][]byte

func (source source) get(hash keccak.Hash) []byte {
	if data, found := source[hash]; found {
		return data
	}

	oracle.Fail("the witness lacks", hash[:])
	return nil
}

func (source source) Node(hash keccak.Hash) []byte   { return source.get(hash) }
func (source source) Code(hash keccak.Hash) []byte   { return source.get(hash) }
func (source source) Header(hash keccak.Hash) []byte { return source.get(hash) }

// executeAgain executes a block on a witness, and returns the hash that comes out.
func executeAgain(t *testing.T, files *rig.Files, node *rig.Node, from source, number uint64) string {
	t.Helper()
	chain, err := rollupjson.Parse(files.Rollup)
	if err != nil {
		t.Fatal(err)
	}

	fields, err := rlp.List(octets(t, node.RawBlock(number))[0])
	if err != nil {
		t.Fatal(err)
	}

	header, err := block.DecodeHeader(fields[0].Raw)
	if err != nil {
		t.Fatal(err)
	}

	transactions := transactionsOf(t, octets(t, node.RawBlock(number))[0])
	var failure *oracle.Failure
	var hash keccak.Hash
	func() {
		defer oracle.Catch(&failure)
		parent, err := block.DecodeHeader(from.Header(header.ParentHash))
		if err != nil {
			t.Fatal(err)
		}

		result, err := block.Execute(chain, from, parent, block.AttributesOf(chain, header, transactions))
		if err != nil {
			t.Fatal(err)
		}

		hash = result.Header.Hash()
	}()
	if failure != nil {
		t.Fatal(failure)
	}

	return rig.Hex(hash[:])
}

func blockHash(node *rig.Node, number uint64) string {
	var found struct {
		Hash string `json:"hash"`
	}
	node.Ask(&found, "eth_getBlockByNumber", quantity(number), false)
	return found.Hash
}
