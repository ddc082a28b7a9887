package api

import (
	"context"
	"errors"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/rpc"
)

// codePrefix stands before a code's hash in keys of execution clients' databases.
const codePrefix = 'c'

// dbGet returns a trie node or code by its hash, as hosts of fault-proof programs ask for it.
func (api *API) dbGet(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var key hexjson.Bytes
	if err := parameters.Read(1, &key); err != nil {
		return nil, err
	}

	digits := key
	if len(digits) == keccak.Size+1 && digits[0] == codePrefix {
		digits = digits[1:]
	}

	if len(digits) != keccak.Size {
		return nil, rpc.Fail(rpc.CodeParameters, "a key is a hash, or the letter c and a hash")
	}

	var hash keccak.Hash
	copy(hash[:], digits)
	data, err := api.chain.Data(hash)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, rpc.Fail(rpc.CodeNotFound, "there are no data of this hash")
	}

	return hexjson.Bytes(data), err
}

// witness notes everything that executing a block reads.
type witness struct {
	*ledger.Reader
	nodes, codes, headers map[keccak.Hash][]byte
}

func (witness *witness) Node(hash keccak.Hash) []byte {
	return note(witness.nodes, hash, witness.Reader.Node(hash))
}

func (witness *witness) Code(hash keccak.Hash) []byte {
	return note(witness.codes, hash, witness.Reader.Code(hash))
}

func (witness *witness) Header(hash keccak.Hash) []byte {
	return note(witness.headers, hash, witness.Reader.Header(hash))
}

func note(target map[keccak.Hash][]byte, hash keccak.Hash, data []byte) []byte {
	target[hash] = data
	return data
}

// executionWitness executes a block again and returns all that this needs: trie nodes, codes and headers, the parent's
// first.
func (api *API) executionWitness(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	found, err := api.named(parameters)
	if err != nil {
		return nil, err
	}

	if found.Hash == api.chain.Genesis().Hash {
		return nil, rpc.Fail(rpc.CodeServer, "the first block was not executed")
	}

	parent, err := api.chain.HeaderByHash(found.Header.ParentHash)
	if err != nil {
		return nil, missing(err)
	}

	read := &witness{api.chain, map[keccak.Hash][]byte{}, map[keccak.Hash][]byte{}, map[keccak.Hash][]byte{}}
	attributes := block.AttributesOf(api.chain.Chain, found.Header, found.Transactions)
	result, err := block.Execute(api.chain.Chain, read, parent, attributes)
	if err != nil {
		return nil, err
	}

	if result.Header.Hash() != found.Hash {
		return nil, errors.New("api: a block executed again is another one")
	}

	parentHash := found.Header.ParentHash
	headers := []hexjson.Bytes{parent.Encode()}
	for hash, data := range read.headers {
		if hash != parentHash {
			headers = append(headers, data)
		}
	}

	return map[string]interface{}{
		"headers": headers, "codes": values(read.codes), "state": values(read.nodes), "keys": []hexjson.Bytes{},
	}, nil
}

func values(data map[keccak.Hash][]byte) []hexjson.Bytes {
	list := []hexjson.Bytes{}
	for _, each := range data {
		list = append(list, each)
	}

	return list
}
