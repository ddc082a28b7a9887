package api

import (
	"context"
	"encoding/json"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/rpc"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// account opens an account's state after a block: the parameters are an address and, if need be, a block.
func (api *API) account(parameters rpc.Parameters) (block.Address, *state.State, *ledger.Block, bool, error) {
	var address hexjson.Address
	at := latest()
	if err := parameters.Read(1, &address, &at); err != nil {
		return block.Address{}, nil, nil, false, err
	}

	found, err := api.find(at)
	if err != nil {
		return block.Address{}, nil, nil, false, err
	}

	return block.Address(address), api.chain.State(found.Header.StateRoot), found, at.label == "pending", nil
}

func (api *API) getBalance(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	address, world, _, _, err := api.account(parameters)
	if err != nil {
		return nil, err
	}

	return hexjson.Word(world.Balance(address)), nil
}

func (api *API) getCode(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	address, world, _, _, err := api.account(parameters)
	if err != nil {
		return nil, err
	}

	return hexjson.Bytes(append([]byte{}, world.Code(address)...)), nil
}

// nonceTries bounds how often the pending nonce is asked for again because a block came in between.
const nonceTries = 5

func (api *API) getTransactionCount(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	for try := 1; ; try++ {
		address, world, within, isPending, err := api.account(parameters)
		if err != nil {
			return nil, err
		}

		nonce := world.Nonce(address)
		if !isPending || api.pool == nil {
			return hexjson.Quantity(nonce), nil
		}

		// Transactions leave the pool when their block can be read: the state must still be the newest afterwards.
		nonce = api.pool.NextNonce(address, nonce)
		if newest := api.chain.Heads().Unsafe; newest.Hash == within.Hash || try == nonceTries {
			return hexjson.Quantity(nonce), nil
		}
	}
}

// slotKey names a place in storage: a number or up to 32 bytes.
type slotKey struct {
	text string
	slot u256.Int
}

// UnmarshalJSON reads up to 64 digits, with or without zeros in front.
func (key *slotKey) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &key.text); err != nil {
		return err
	}

	text := key.text
	if len(text) > 2 && len(text)%2 != 0 {
		text = "0x0" + text[2:]
	}

	var digits hexjson.Bytes
	if err := digits.UnmarshalText([]byte(text)); err != nil {
		return err
	}

	if len(digits) > u256.Bytes {
		return rpc.Fail(rpc.CodeParameters, "a place in storage has more than 32 bytes")
	}

	key.slot.SetBytes(digits)
	return nil
}

func (api *API) getStorageAt(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var address hexjson.Address
	var key slotKey
	at := latest()
	if err := parameters.Read(2, &address, &key, &at); err != nil {
		return nil, err
	}

	found, err := api.find(at)
	if err != nil {
		return nil, err
	}

	world := api.chain.State(found.Header.StateRoot)
	value := world.Storage(block.Address(address), &key.slot)
	return hexjson.Hash(value.Bytes32()), nil
}

// proofForm is what eth_getProof answers (EIP-1186).
type proofForm struct {
	Address      hexjson.Address    `json:"address"`
	AccountProof []hexjson.Bytes    `json:"accountProof"`
	Balance      hexjson.Word       `json:"balance"`
	CodeHash     hexjson.Hash       `json:"codeHash"`
	Nonce        hexjson.Quantity   `json:"nonce"`
	StorageHash  hexjson.Hash       `json:"storageHash"`
	StorageProof []storageProofForm `json:"storageProof"`
}

type storageProofForm struct {
	Key   string          `json:"key"`
	Value hexjson.Word    `json:"value"`
	Proof []hexjson.Bytes `json:"proof"`
}

// proofKeysMax is how many places one call may ask about.
const proofKeysMax = 1024

// way notes the nodes on the way to a key: they are its proof.
type way struct {
	nodes mpt.Nodes
	steps []hexjson.Bytes
}

// Node returns a node.
func (way *way) Node(hash keccak.Hash) []byte {
	data := way.nodes.Node(hash)
	way.steps = append(way.steps, data)
	return data
}

func (api *API) prove(root keccak.Hash, key []byte) []hexjson.Bytes {
	hash := keccak.Sum(key)
	way := &way{nodes: api.chain, steps: []hexjson.Bytes{}}
	mpt.Open(way, root).Get(hash[:])
	return way.steps
}

func (api *API) getProof(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var address hexjson.Address
	var keys []slotKey
	at := latest()
	if err := parameters.Read(2, &address, &keys, &at); err != nil {
		return nil, err
	}

	if len(keys) > proofKeysMax {
		return nil, rpc.Fail(rpc.CodeLimit, "one call may ask about %d places", proofKeysMax)
	}

	found, err := api.find(at)
	if err != nil {
		return nil, err
	}

	root := found.Header.StateRoot
	target := block.Address(address)
	account := api.chain.State(root).Account(&target)
	form := &proofForm{
		Address: address, AccountProof: api.prove(root, address[:]), Balance: hexjson.Word(*account.Balance()),
		CodeHash: hexjson.Hash(account.CodeHash()), Nonce: hexjson.Quantity(account.Nonce()),
		StorageHash: hexjson.Hash(account.StorageRoot()), StorageProof: []storageProofForm{},
	}
	for index := range keys {
		place := keys[index].slot.Bytes32()
		form.StorageProof = append(form.StorageProof, storageProofForm{
			Key: keys[index].text, Value: hexjson.Word(account.Peek(&keys[index].slot)),
			Proof: api.prove(account.StorageRoot(), place[:]),
		})
	}

	return form, nil
}
