// Package fuzz gives damaged data to everything that reads data from outside. `./build.sh fuzz-executor --minutes N` runs
// each target for its share of the time; `go test` runs the seeds only.
package fuzz

import (
	"bytes"
	"testing"

	"culverin/guest/block"
	"culverin/guest/rlp"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// encoder is a record that can be written again.
type encoder interface {
	Encode() []byte
}

// again: whatever is read from data is written as the same data.
func again(t *testing.T, data []byte, record encoder, err error) {
	if err == nil && !bytes.Equal(record.Encode(), data) {
		t.Fatalf("%x is read as %+v", data, record)
	}
}

func FuzzTransaction(f *testing.F) {
	to := block.Address{1}
	for _, each := range []block.Transaction{
		{To: &to, IsOddY: true},
		{HasChainID: true, ChainID: 10, Data: make([]byte, 60)},
		{Type: block.AccessListType, AccessList: []block.Access{{Slots: [][32]byte{{1}}}}},
		{Type: block.DynamicFeeType, FeeCap: u256.New(1 << 40)},
		{Type: block.BlobType, To: &to, BlobHashes: [][32]byte{{1}}},
		{Type: block.SetCodeType, To: &to, Authorizations: []block.Authorization{{Parity: 1}}},
		{Type: block.DepositType, Mint: u256.New(5)},
	} {
		f.Add(each.Encode())
	}

	f.Fuzz(func(t *testing.T, data []byte) {
		transaction, err := block.Decode(data)
		again(t, data, transaction, err)
	})
}

func FuzzReceipt(f *testing.F) {
	logs := []state.Log{{Data: []byte{1}}}
	for _, each := range []block.Receipt{{}, {Type: block.SetCodeType, Logs: logs}, {Type: block.DepositType, DepositNonce: 1}} {
		f.Add(each.Encode())
	}

	f.Fuzz(func(t *testing.T, data []byte) {
		receipt, err := block.DecodeReceipt(data)
		if err == nil && receipt.Type == block.DepositType && receipt.DepositNonce == 0 {
			// One from before Canyon is read too.
			return
		}

		again(t, data, receipt, err)
	})
}

func FuzzHeader(f *testing.F) {
	f.Add((&block.Header{}).Encode())
	f.Add((&block.Header{HasRequests: true, Later: []byte{5, 0xc1, 0x80}}).Encode())
	f.Add((&block.Header{HasRequests: true, ExtraData: make([]byte, 17), BaseFee: u256.New(1 << 40)}).Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		header, err := block.DecodeHeader(data)
		again(t, data, header, err)
		header, err = block.DecodeL1Header(data)
		again(t, data, header, err)
	})
}

func FuzzAttributes(f *testing.F) {
	f.Add((&block.Attributes{}).Encode())
	f.Add((&block.Attributes{HasFeeParameters: true, HasMinBaseFee: true, Transactions: [][]byte{{1}, nil}}).Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		attributes, err := block.DecodeAttributes(data)
		again(t, data, attributes, err)
	})
}

// FuzzRLP: what is read is the only encoding of what was read, at every depth.
func FuzzRLP(f *testing.F) {
	f.Add([]byte{0xc0})
	f.Add(rlp.EncodeList(rlp.EncodeBytes(make([]byte, 60)), rlp.EncodeList(rlp.EncodeUint64(1))))
	f.Fuzz(func(t *testing.T, data []byte) {
		item, rest, err := rlp.Split(data)
		if err != nil {
			return
		}

		if len(item.Raw)+len(rest) != len(data) {
			t.Fatalf("%x: %d and %d bytes", data, len(item.Raw), len(rest))
		}

		if written := write(item, 0); written != nil && !bytes.Equal(written, item.Raw) {
			t.Fatalf("%x is written as %x", item.Raw, written)
		}
	})
}

// write encodes an item again, or returns nil where something inside is malformed.
func write(item rlp.Item, depth int) []byte {
	if !item.IsList {
		return rlp.EncodeBytes(item.Content)
	}

	items, err := item.Items()
	if err != nil || depth > 100 {
		return nil
	}

	encoded := make([][]byte, len(items))
	for index := range items {
		if encoded[index] = write(items[index], depth+1); encoded[index] == nil {
			return nil
		}
	}

	return rlp.EncodeList(encoded...)
}
