package block_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/state"
	"culverin/guest/u256"
)

func madeReceipts() [][]byte {
	logs := []state.Log{
		{Address: block.Address{1}, Topics: []keccak.Hash{{1}, {2}, {3}, {4}}, Data: []byte("data")}, {Data: make([]byte, 100)},
	}
	var encoded [][]byte
	for _, each := range []block.Receipt{
		{Succeeded: true, CumulativeGasUsed: 21000},
		{Type: block.DynamicFeeType, Logs: logs, Bloom: block.Bloom{5: 9}},
		{Type: block.SetCodeType, Succeeded: true},
		{Type: block.DepositType, Succeeded: true, DepositNonce: 300, Logs: logs},
	} {
		encoded = append(encoded, each.Encode())
	}

	return encoded
}

func TestReceiptsAreReadAgain(t *testing.T) {
	for _, data := range madeReceipts() {
		receipt, err := block.DecodeReceipt(data)
		if err != nil || !bytes.Equal(receipt.Encode(), data) {
			t.Errorf("%x: %+v, %v", data, receipt, err)
		}
	}

	// Before Canyon a deposit's receipt had no nonce.
	old := append([]byte{block.DepositType}, rlp.EncodeList(rlp.EncodeUint64(1), rlp.EncodeUint64(5),
		rlp.EncodeBytes(make([]byte, 256)), rlp.EncodeList())...)
	if receipt, err := block.DecodeReceipt(old); err != nil || receipt.CumulativeGasUsed != 5 {
		t.Errorf("an old receipt: %+v, %v", receipt, err)
	}
}

func TestDamagedReceipts(t *testing.T) {
	damage(t, madeReceipts(), func(data []byte) {
		receipt, err := block.DecodeReceipt(data)
		isOld := err == nil && receipt.Type == block.DepositType && receipt.DepositNonce == 0
		if err == nil && !isOld && !bytes.Equal(receipt.Encode(), data) {
			t.Fatalf("%x is read as %+v", data, receipt)
		}
	})
}

func TestHeadersAreReadAgain(t *testing.T) {
	header := block.Header{Number: 5, BaseFee: u256.New(1 << 50), ExtraData: []byte{1}, UnclesHash: block.EmptyUncles}
	withRequests := header
	withRequests.HasRequests = true
	var all [][]byte
	for _, each := range []*block.Header{&header, &withRequests} {
		data := each.Encode()
		all = append(all, data)
		again, err := block.DecodeHeader(data)
		if err != nil || !bytes.Equal(again.Encode(), data) || again.Hash() != each.Hash() {
			t.Errorf("%x: %+v, %v", data, again, err)
		}
	}

	header.ExtraData = make([]byte, 33)
	if _, err := block.DecodeHeader(header.Encode()); err == nil {
		t.Error("extra data of 33 bytes was taken")
	}

	damage(t, all, func(data []byte) {
		if again, err := block.DecodeHeader(data); err == nil && !bytes.Equal(again.Encode(), data) {
			t.Fatalf("%x is read as %+v", data, again)
		}
	})
}

// TestHeadersOfLaterForks: L1's may have fields that are not known here, an L2's may not.
func TestHeadersOfLaterForks(t *testing.T) {
	for _, later := range [][][]byte{
		{rlp.EncodeBytes(make([]byte, 32))},
		{rlp.EncodeBytes(make([]byte, 32)), rlp.EncodeUint64(7), rlp.EncodeList(rlp.EncodeUint64(1), rlp.EncodeList())},
	} {
		header := block.Header{Number: 5, UnclesHash: block.EmptyUncles, HasRequests: true}
		for _, each := range later {
			header.Later = append(header.Later, each...)
		}

		data := header.Encode()
		again, err := block.DecodeL1Header(data)
		if err != nil || !bytes.Equal(again.Encode(), data) || again.Hash() != keccak.Sum(data) ||
			!bytes.Equal(again.Later, header.Later) {
			t.Errorf("%x: %+v, %v", data, again, err)
		}

		if _, err := block.DecodeHeader(data); err == nil {
			t.Errorf("an L2's header is read: %x", data)
		}

		damage(t, [][]byte{data}, func(data []byte) {
			if again, err := block.DecodeL1Header(data); err == nil && !bytes.Equal(again.Encode(), data) {
				t.Fatalf("%x is read as %+v", data, again)
			}
		})
	}
}

func TestAttributesAreReadAgain(t *testing.T) {
	var all [][]byte
	for _, each := range []block.Attributes{
		{Timestamp: 5},
		{HasFeeParameters: true, FeeParameters: [8]byte{3: 250, 7: 6}, Transactions: [][]byte{{1}, nil, make([]byte, 70)}},
		{HasFeeParameters: true, HasMinBaseFee: true, MinBaseFee: 1 << 60, GasLimit: 30_000_000},
		{HasMinBaseFee: true},
	} {
		data := each.Encode()
		all = append(all, data)
		again, err := block.DecodeAttributes(data)
		if err != nil || !bytes.Equal(again.Encode(), data) {
			t.Errorf("%x: %+v, %v", data, again, err)
		}
	}

	damage(t, all, func(data []byte) {
		if again, err := block.DecodeAttributes(data); err == nil && !bytes.Equal(again.Encode(), data) {
			t.Fatalf("%x is read as %+v", data, again)
		}
	})
}

// The filter of a deposit's log in block 1 of a real chain would prove nothing more than the blocks' hashes do; this is
// the Yellow Paper's own rule by hand: keccak256 of the empty topic's 32 zero bytes begins with 290decd9548b.
func TestBloomSetsThreeBits(t *testing.T) {
	receipt := block.NewReceipt(block.DynamicFeeType, 21000, &block.Outcome{
		Succeeded: true, Logs: []state.Log{{Topics: []keccak.Hash{{}}}},
	})
	for _, pair := range []int{0x290d, 0xecd9, 0x548b} {
		bit := pair & 2047
		if receipt.Bloom[255-bit/8]&(1<<(bit%8)) == 0 {
			t.Errorf("bit %d is not set in %s", bit, hex.EncodeToString(receipt.Bloom[:]))
		}
	}

	count := 0
	for _, octet := range receipt.Bloom {
		for ; octet != 0; octet &= octet - 1 {
			count++
		}
	}

	// Three for the topic and three for the address of zeros.
	if count != 6 {
		t.Errorf("%d bits are set", count)
	}
}
