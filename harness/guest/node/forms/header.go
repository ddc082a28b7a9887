// Package forms has blocks, transactions and receipts as nodes give them in JSON, in both directions.
package forms

import (
	"errors"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/hexjson"
	"culverin/guest/u256"
)

// ErrForm says that a node's answer cannot be what was asked for.
var ErrForm = errors.New("forms: a field has another length, or is missing")

// Header is a block's header.
type Header struct {
	Hash             hexjson.Hash     `json:"hash"`
	ParentHash       hexjson.Hash     `json:"parentHash"`
	UnclesHash       hexjson.Hash     `json:"sha3Uncles"`
	Coinbase         hexjson.Address  `json:"miner"`
	StateRoot        hexjson.Hash     `json:"stateRoot"`
	TransactionsRoot hexjson.Hash     `json:"transactionsRoot"`
	ReceiptsRoot     hexjson.Hash     `json:"receiptsRoot"`
	Bloom            hexjson.Bloom    `json:"logsBloom"`
	Difficulty       hexjson.Word     `json:"difficulty"`
	Number           hexjson.Quantity `json:"number"`
	GasLimit         hexjson.Quantity `json:"gasLimit"`
	GasUsed          hexjson.Quantity `json:"gasUsed"`
	Timestamp        hexjson.Quantity `json:"timestamp"`
	ExtraData        hexjson.Bytes    `json:"extraData"`
	PrevRandao       hexjson.Hash     `json:"mixHash"`
	Nonce            hexjson.Octets   `json:"nonce"`
	BaseFee          hexjson.Word     `json:"baseFeePerGas"`
	WithdrawalsRoot  hexjson.Hash     `json:"withdrawalsRoot"`
	BlobGasUsed      hexjson.Quantity `json:"blobGasUsed"`
	ExcessBlobGas    hexjson.Quantity `json:"excessBlobGas"`
	ParentBeaconRoot hexjson.Hash     `json:"parentBeaconBlockRoot"`
	RequestsHash     *hexjson.Hash    `json:"requestsHash,omitempty"`
}

// NewHeader writes a header.
func NewHeader(header *block.Header, hash keccak.Hash) Header {
	form := Header{
		Hash: hexjson.Hash(hash), ParentHash: hexjson.Hash(header.ParentHash),
		UnclesHash: hexjson.Hash(header.UnclesHash), Coinbase: hexjson.Address(header.Coinbase),
		StateRoot: hexjson.Hash(header.StateRoot), TransactionsRoot: hexjson.Hash(header.TransactionsRoot),
		ReceiptsRoot: hexjson.Hash(header.ReceiptsRoot), Bloom: hexjson.Bloom(header.Bloom),
		Difficulty: hexjson.Word(header.Difficulty), Number: hexjson.Quantity(header.Number),
		GasLimit: hexjson.Quantity(header.GasLimit), GasUsed: hexjson.Quantity(header.GasUsed),
		Timestamp: hexjson.Quantity(header.Timestamp), ExtraData: header.ExtraData, PrevRandao: header.PrevRandao,
		Nonce: header.Nonce, BaseFee: hexjson.Word(header.BaseFee),
		WithdrawalsRoot: hexjson.Hash(header.WithdrawalsRoot), BlobGasUsed: hexjson.Quantity(header.BlobGasUsed),
		ExcessBlobGas: hexjson.Quantity(header.ExcessBlobGas), ParentBeaconRoot: header.ParentBeaconRoot,
	}
	if header.HasRequests {
		requests := hexjson.Hash(header.RequestsHash)
		form.RequestsHash = &requests
	}

	return form
}

// Read makes the header again. Its hash is not compared.
func (form *Header) Read() *block.Header {
	header := &block.Header{
		ParentHash: keccak.Hash(form.ParentHash), UnclesHash: keccak.Hash(form.UnclesHash),
		Coinbase: block.Address(form.Coinbase), StateRoot: keccak.Hash(form.StateRoot),
		TransactionsRoot: keccak.Hash(form.TransactionsRoot), ReceiptsRoot: keccak.Hash(form.ReceiptsRoot),
		Bloom: block.Bloom(form.Bloom), Nonce: form.Nonce,
		Difficulty: u256.Int(form.Difficulty), Number: uint64(form.Number), GasLimit: uint64(form.GasLimit),
		GasUsed: uint64(form.GasUsed), Timestamp: uint64(form.Timestamp), ExtraData: form.ExtraData,
		PrevRandao: form.PrevRandao, BaseFee: u256.Int(form.BaseFee),
		WithdrawalsRoot: keccak.Hash(form.WithdrawalsRoot), BlobGasUsed: uint64(form.BlobGasUsed),
		ExcessBlobGas: uint64(form.ExcessBlobGas), ParentBeaconRoot: form.ParentBeaconRoot,
	}
	if form.RequestsHash != nil {
		header.RequestsHash, header.HasRequests = keccak.Hash(*form.RequestsHash), true
	}

	return header
}
