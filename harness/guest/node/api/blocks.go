package api

import (
	"context"
	"encoding/json"
	"strconv"

	"culverin/guest/keccak"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/rpc"
	"culverin/guest/rlp"
)

// blockForm is a block with its transactions, or their hashes.
type blockForm struct {
	forms.Header
	Size         hexjson.Quantity `json:"size"`
	Uncles       []hexjson.Hash   `json:"uncles"`
	Transactions interface{}      `json:"transactions"`
	Withdrawals  []interface{}    `json:"withdrawals"`
}

func decimal(number uint64) string {
	return strconv.FormatUint(number, 10)
}

func (api *API) form(of *ledger.Block, isFull bool) (*blockForm, error) {
	form := &blockForm{
		Header: forms.NewHeader(of.Header, of.Hash), Size: hexjson.Quantity(len(encodeBlock(of))),
		Uncles: []hexjson.Hash{}, Withdrawals: []interface{}{},
	}
	if !isFull {
		hashes := []hexjson.Hash{}
		for _, encoded := range of.Transactions {
			hashes = append(hashes, hexjson.Hash(keccak.Sum(encoded)))
		}

		form.Transactions = hashes
		return form, nil
	}

	list := []*forms.Transaction{}
	for index := range of.Transactions {
		transaction, err := api.transactionForm(of, index)
		if err != nil {
			return nil, err
		}

		list = append(list, transaction)
	}

	form.Transactions = list
	return form, nil
}

// encodeBlock writes a block as it is sent between nodes: header, transactions, uncles, withdrawals (EIP-4895).
func encodeBlock(of *ledger.Block) []byte {
	var transactions [][]byte
	for _, encoded := range of.Transactions {
		if encoded[0] < 0xc0 {
			encoded = rlp.EncodeBytes(encoded)
		}

		transactions = append(transactions, encoded)
	}

	return rlp.EncodeList(of.Header.Encode(), rlp.EncodeList(transactions...), rlp.EncodeList(), rlp.EncodeList())
}

func (api *API) getBlockByNumber(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at tag
	var isFull bool
	if err := parameters.Read(1, &at, &isFull); err != nil {
		return nil, err
	}

	found, err := api.find(at)
	if err != nil {
		return orNull(nil, err)
	}

	return api.form(found, isFull)
}

// hashTag is a block's hash as a parameter of its own.
type hashTag struct{ tag }

// UnmarshalJSON reads 64 digits.
func (target *hashTag) UnmarshalJSON(data []byte) error {
	var hash hexjson.Hash
	err := json.Unmarshal(data, &hash)
	asHash := keccak.Hash(hash)
	target.hash = &asHash
	return err
}

func (api *API) getBlockByHash(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at hashTag
	var isFull bool
	if err := parameters.Read(1, &at, &isFull); err != nil {
		return nil, err
	}

	found, err := api.find(at.tag)
	if err != nil {
		return orNull(nil, err)
	}

	return api.form(found, isFull)
}

func (api *API) getHeaderByNumber(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at tag
	if err := parameters.Read(1, &at); err != nil {
		return nil, err
	}

	return api.header(at)
}

func (api *API) getHeaderByHash(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at hashTag
	if err := parameters.Read(1, &at); err != nil {
		return nil, err
	}

	return api.header(at.tag)
}

func (api *API) header(at tag) (interface{}, error) {
	found, err := api.find(at)
	if err != nil {
		return orNull(nil, err)
	}

	return forms.NewHeader(found.Header, found.Hash), nil
}

func (api *API) uncleCount(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at tag
	if err := parameters.Read(1, &at); err != nil {
		return nil, err
	}

	_, err := api.find(at)
	return orNull(hexjson.Quantity(0), err)
}

func (api *API) transactionCountOfBlock(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at tag
	if err := parameters.Read(1, &at); err != nil {
		return nil, err
	}

	return api.countIn(at)
}

func (api *API) transactionCountOfBlockHash(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at hashTag
	if err := parameters.Read(1, &at); err != nil {
		return nil, err
	}

	return api.countIn(at.tag)
}

func (api *API) countIn(at tag) (interface{}, error) {
	found, err := api.find(at)
	if err != nil {
		return orNull(nil, err)
	}

	return hexjson.Quantity(len(found.Transactions)), nil
}

// named reads the only parameter of the debug methods, a block.
func (api *API) named(parameters rpc.Parameters) (*ledger.Block, error) {
	at := latest()
	if err := parameters.Read(1, &at); err != nil {
		return nil, err
	}

	return api.find(at)
}

func (api *API) getRawHeader(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	found, err := api.named(parameters)
	if err != nil {
		return nil, err
	}

	return hexjson.Bytes(found.Header.Encode()), nil
}

func (api *API) getRawBlock(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	found, err := api.named(parameters)
	if err != nil {
		return nil, err
	}

	return hexjson.Bytes(encodeBlock(found)), nil
}

func (api *API) getRawReceipts(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	found, err := api.named(parameters)
	if err != nil {
		return nil, err
	}

	list := []hexjson.Bytes{}
	for _, receipt := range found.Receipts {
		list = append(list, receipt.Encode())
	}

	return list, nil
}
