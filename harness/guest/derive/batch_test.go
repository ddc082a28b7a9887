package derive

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"culverin/guest/block"
	"culverin/guest/rlp"
)

const hashDigits = "a0 1111111111111111111111111111111111111111111111111111111111111111"

func TestSingularBatchByHand(t *testing.T) {
	data := unhex(t, "00 f84d"+hashDigits+"82 0102"+hashDigits+"84 65000000"+"c3 01 81aa"+"ff")
	data[2] = byte(len(data) - 1 - 3)
	batch, span, rest, err := DecodeBatch(data)
	if err != nil || span != nil || !bytes.Equal(rest, []byte{0xff}) {
		t.Fatalf("%v, %x", err, rest)
	}

	if batch.ParentHash[0] != 0x11 || batch.EpochNumber != 0x0102 || batch.EpochHash[31] != 0x11 ||
		batch.Timestamp != 0x65000000 || !bytes.Equal(batch.Transactions, NewTransactionList([]byte{1}, []byte{0xaa})) {
		t.Errorf("%+v", batch)
	}

	if batch.Transactions.Count() != 2 {
		t.Errorf("%d transactions", batch.Transactions.Count())
	}

	if !bytes.Equal(batch.Encode(), data[:len(data)-1]) {
		t.Errorf("written as %x", batch.Encode())
	}
}

func TestSingularBatchesThatAreNone(t *testing.T) {
	hash := rlp.EncodeBytes(make([]byte, 32))
	number := rlp.EncodeUint64(5)
	list := rlp.EncodeList(rlp.EncodeUint64(1))
	for name, content := range map[string][]byte{
		"a string":           rlp.EncodeBytes([]byte{1}),
		"four fields":        rlp.EncodeList(hash, number, hash, number),
		"six fields":         rlp.EncodeList(hash, number, hash, number, list, number),
		"short parent":       rlp.EncodeList(hash[:32], number, hash, number, list),
		"no list":            rlp.EncodeList(hash, number, hash, number, number),
		"number with zeros":  rlp.EncodeList(hash, rlp.EncodeBytes([]byte{0, 5}), hash, number, list),
		"number too long":    rlp.EncodeList(hash, rlp.EncodeBytes(make([]byte, 9)), hash, number, list),
		"time is a list":     rlp.EncodeList(hash, number, hash, list, list),
		"a list of lists":    rlp.EncodeList(hash, number, hash, number, rlp.EncodeList(list)),
		"cut":                rlp.EncodeList(hash, number, hash, number, list)[:60],
		"transaction is cut": rlp.EncodeList(hash, number, hash, number, rlp.EncodeList([]byte{0x85})),
		"nothing":            nil,
	} {
		if batch, _, _, err := DecodeBatch(append([]byte{0}, content...)); !isMalformed(err) {
			t.Errorf("%s: %+v", name, batch)
		}
	}

	for _, data := range [][]byte{nil, {2, 0xc0}, {0xc0}, {255}} {
		if _, _, _, err := DecodeBatch(data); !isMalformed(err) {
			t.Errorf("%x: %v", data, err)
		}
	}
}

// spanDigits is a span batch of three blocks by hand; the transactions are a legacy one with its chain's id that creates
// a contract, one of type 2, and a legacy one without an id.
func spanDigits() string {
	word := func(digit string) string {
		all := ""
		for len(all) < 64 {
			all += digit
		}

		return all
	}
	return "01" +
		// rel_timestamp 300, l1_origin_num 7
		"ac02 07" +
		"2020202020202020202020202020202020202020" + "3030303030303030303030303030303030303030" +
		// block_count 3; origin_bits: the first and the third block
		"03 05" +
		// block_tx_counts
		"01 00 02" +
		// contract_creation_bits: the first; y_parity_bits: the second and third
		"01 06" +
		word("41") + word("42") + word("43") + word("44") + "00" + word("45")[2:] + word("46") +
		// tx_tos
		"5151515151515151515151515151515151515151" + "5252525252525252525252525252525252525252" +
		// tx_datas: value, gasPrice, data
		"c5 05 820100 60" +
		"02 c5 80 01 02 80 c0" +
		"c3 80 09 80" +
		// tx_nonces, tx_gases, protected_bits: the first of two legacy ones
		"00 ac02 01" + "a08d06 a08d06 a08d06" + "01"
}

func TestSpanBatchByHand(t *testing.T) {
	data := unhex(t, spanDigits()+"ee")
	_, span, rest, err := DecodeBatch(data)
	if err != nil || !bytes.Equal(rest, []byte{0xee}) {
		t.Fatalf("%v, %x", err, rest)
	}

	if span.RelativeTimestamp != 300 || span.L1OriginNumber != 7 || span.ParentCheck[0] != 0x20 ||
		span.L1OriginCheck[19] != 0x30 || span.BlockCount != 3 || span.TransactionCount != 3 ||
		span.OriginChanges() != 2 || span.Creations() != 1 || span.Protected() != 1 {
		t.Errorf("%+v", span)
	}

	to := block.Address{}
	copy(to[:], unhex(t, "5151515151515151515151515151515151515151"))
	last := unhex(t, "f8 5f 01 09 830186a0 94 5252525252525252525252525252525252525252 80 80 1c"+
		"9f 45454545454545454545454545454545454545454545454545454545454545"+
		"a0 4646464646464646464646464646464646464646464646464646464646464646")
	last[1] = byte(len(last) - 2)
	blocks := span.Blocks(10)
	var transactions []*block.Transaction
	for index, expected := range []struct {
		isChanged bool
		origin    uint64
		count     int
	}{{true, 6, 1}, {false, 6, 0}, {true, 7, 2}} {
		each, found := blocks.Next()
		if !found || each.IsOriginChanged != expected.isChanged || each.L1OriginNumber != expected.origin ||
			each.Transactions.Count() != expected.count {
			t.Errorf("block %d: %+v", index, each)
		}

		each.Transactions.Each(func(encoded []byte) bool {
			transaction, err := block.Decode(encoded)
			if err != nil {
				t.Fatalf("%x: %v", encoded, err)
			}

			transactions = append(transactions, transaction)
			return true
		})
	}

	if _, found := blocks.Next(); found {
		t.Error("there is a fourth block")
	}

	first, second := transactions[0], transactions[1]
	if first.To != nil || !first.HasChainID || first.ChainID != 10 || first.IsOddY || first.Nonce != 0 ||
		first.GasLimit != 100_000 || !bytes.Equal(first.Data, []byte{0x60}) || first.R[0] != 0x41 || first.S[0] != 0x42 {
		t.Errorf("%+v", first)
	}

	if second.Type != 2 || *second.To != to || !second.IsOddY || second.Nonce != 300 || second.ChainID != 10 {
		t.Errorf("%+v", second)
	}

	if !bytes.Equal(transactions[2].Encoded, last) {
		t.Errorf("%x, expected %x", transactions[2].Encoded, last)
	}

	if written, err := span.Encode(10); err != nil || !bytes.Equal(written, data[:len(data)-1]) {
		t.Errorf("written as %x: %v", written, err)
	}
}

// TestSpanBatchOfSetCode: isthmus/derivation.md, "Span Batch Updates".
func TestSpanBatchOfSetCode(t *testing.T) {
	to := block.Address{9}
	transaction := &block.Transaction{
		Type: block.SetCodeType, HasChainID: true, ChainID: 10, Nonce: 1 << 40, GasLimit: 1 << 30, To: &to,
		AccessList:     []block.Access{{Address: to, Slots: [][32]byte{{1}}}},
		Authorizations: []block.Authorization{{Address: to, Nonce: 3, Parity: 1, R: [32]byte{1}, S: [32]byte{2}}},
		IsOddY:         true, R: [32]byte{3}, S: [32]byte{31: 4},
	}
	encoded := transaction.Encode()
	data, err := EncodeSpan(SpanHead{L1OriginNumber: 1}, []SpanBlock{{Transactions: NewTransactionList(encoded)}})
	if err != nil {
		t.Fatal(err)
	}

	_, span, _, err := DecodeBatch(data)
	if err != nil {
		t.Fatal(err)
	}

	if each, _ := span.Blocks(10).Next(); !bytes.Equal(each.Transactions, NewTransactionList(encoded)) {
		t.Errorf("%x", each.Transactions)
	}
}

// TestEveryCutIsMalformed: no beginning of a batch is a batch.
func TestEveryCutIsMalformed(t *testing.T) {
	data := unhex(t, spanDigits())
	for length := range data {
		if _, span, _, err := DecodeBatch(data[:length]); !isMalformed(err) {
			t.Errorf("the first %d bytes are read as %+v", length, span)
		}
	}
}

func TestSpanBatchesThatAreNone(t *testing.T) {
	checks := "2020202020202020202020202020202020202020 3030303030303030303030303030303030303030"
	for name, digits := range map[string]string{
		"no block":                      "01 01 07" + checks + "00",
		"10,000,001 blocks":             "01 01 07" + checks + "81ade204",
		"2^64-1 blocks":                 "01 01 07" + checks + "ffffffffffffffffff01",
		"a number above 64 bits":        "01 01 07" + checks + "ffffffffffffffffff02",
		"origin padding":                "01 01 07" + checks + "01 03 00",
		"origins before L1":             "01 01 00" + checks + "01 01 00",
		"10,000,001 transactions":       "01 01 07" + checks + "01 00 81ade204",
		"10,000,001 in two blocks":      "01 01 07" + checks + "02 00 80ade204 01",
		"2^64-1 transactions":           "01 01 07" + checks + "02 00 ffffffffffffffffff01 02",
		"10,000,000 without signatures": "01 01 07" + checks + "01 00 80ade204 00",
	} {
		var err error
		var span *SpanBatch
		used := allocated(func() { _, span, _, err = DecodeBatch(unhex(t, digits)) })
		if !isMalformed(err) || used > 1<<20 {
			t.Errorf("%s: %+v, %v, %d bytes were allocated", name, span, err, used)
		}

		if strings.HasPrefix(name, "10,000,001") && !strings.Contains(err.Error(), "too many") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// oneTransaction is a span batch of one transaction with this content.
func oneTransaction(content string) string {
	return "01 01 07 2020202020202020202020202020202020202020 3030303030303030303030303030303030303030 01 00 01" +
		"00 00" + fmt.Sprintf("%0128x", 1) + "5151515151515151515151515151515151515151" + content + "00 01 00"
}

func TestContentsThatAreNone(t *testing.T) {
	data := unhex(t, oneTransaction("c3 80 80 80"))
	if _, _, rest, err := DecodeBatch(data); err != nil || len(rest) > 0 {
		t.Fatal(err)
	}

	for name, content := range map[string]string{
		"empty string":               "80",
		"a string":                   "83 808080",
		"type 0":                     "00 c3 808080",
		"blobs":                      "03 c5 80 80 80 80 c0",
		"a deposit":                  "7e c5 80 80 80 80 c0",
		"type 5":                     "05 c5 80 80 80 80 c0",
		"legacy with an access list": "c4 80 80 80 c0",
		"legacy without data":        "c2 80 80",
		"data is a list":             "c3 80 80 c0",
		"value is a list":            "c3 c0 80 80",
		"value with a leading zero":  "c5 82 0001 80 80",
		"value is a zero byte":       "c3 00 80 80",
		"value above 256 bits":       "e4 a1 01" + fmt.Sprintf("%064x", 0) + "80 80",
		"type 1 without access list": "01 c3 80 80 80",
		"type 1, list is a string":   "01 c4 80 80 80 80",
		"type 2 with one fee":        "02 c4 80 80 80 c0",
		"type 2 of type 4's fields":  "02 c6 80 80 80 80 c0 c0",
		"type 4 of type 2's fields":  "04 c5 80 80 80 80 c0",
		"list longer than the data":  "ff 7fffffffffffffff",
	} {
		if _, span, _, err := DecodeBatch(unhex(t, oneTransaction(content))); !isMalformed(err) {
			t.Errorf("%s: %+v", name, span)
		}
	}
}

// TestTenMillionElements: as many blocks as are allowed are read without memory for each; so are as many transactions
// as a batch can claim in a channel's whole length.
func TestTenMillionElements(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: -short was given")
	}

	head := unhex(t, "01 01 07 2020202020202020202020202020202020202020 3030303030303030303030303030303030303030")
	data := binary.AppendUvarint(head, SpanElementsMax)
	data = append(data, make([]byte, SpanElementsMax/8+SpanElementsMax)...)
	used := allocated(func() {
		_, span, rest, err := DecodeBatch(data)
		if err != nil || len(rest) > 0 {
			t.Fatal(err)
		}

		blocks := span.Blocks(10)
		count := 0
		for _, found := blocks.Next(); found; _, found = blocks.Next() {
			count++
		}

		if count != SpanElementsMax {
			t.Errorf("%d blocks", count)
		}
	})
	if used > 1<<20 {
		t.Errorf("%d bytes were allocated", used)
	}

	// A singular batch of as many transactions as fit into a channel, all of one byte or empty.
	list := rlp.EncodeList(make([]byte, 50_000_000))
	hash := rlp.EncodeBytes(make([]byte, 32))
	data = append([]byte{0}, rlp.EncodeList(hash, nil, rlp.EncodeUint64(1), hash, rlp.EncodeUint64(1), list)...)
	used = allocated(func() {
		batch, _, _, err := DecodeBatch(data)
		if err != nil || batch.Transactions.Count() != 50_000_000 {
			t.Errorf("%v", err)
		}
	})
	if used > 1<<20 {
		t.Errorf("%d bytes were allocated", used)
	}
}

// TestNestedLists: lists in lists in lists are refused where a string belongs, at once.
func TestNestedLists(t *testing.T) {
	nested := []byte{0xc0}
	for depth := 0; depth < 2000; depth++ {
		nested = rlp.EncodeList(nested)
	}

	hash := rlp.EncodeBytes(make([]byte, 32))
	for _, list := range [][]byte{nested, rlp.EncodeList(nested)} {
		data := append([]byte{0}, rlp.EncodeList(hash, rlp.EncodeUint64(1), hash, rlp.EncodeUint64(1), list)...)
		if _, _, _, err := DecodeBatch(data); !isMalformed(err) {
			t.Error(err)
		}
	}
}

// FuzzBatch: whatever is read can be gone through, and is written again as it was, but for numbers that were not in
// their shortest form.
func FuzzBatch(f *testing.F) {
	f.Add(unhex(f, spanDigits()))
	f.Add(unhex(f, oneTransaction("02 c5 80 80 80 80 c0")))
	f.Add((&SingularBatch{Timestamp: 5, Transactions: NewTransactionList([]byte{1}, nil)}).Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		singular, span, rest, err := DecodeBatch(data)
		if err != nil {
			if !isMalformed(err) || singular != nil || span != nil {
				t.Fatal(err)
			}

			return
		}

		whole := data[:len(data)-len(rest)]
		if singular != nil {
			if !bytes.Equal(singular.Encode(), whole) {
				t.Fatalf("%x is read as %+v", data, singular)
			}

			return
		}

		written, err := span.Encode(10)
		if err != nil {
			return
		}

		_, again, rest, err := DecodeBatch(written)
		if err != nil || len(rest) > 0 || len(written) > len(whole) {
			t.Fatalf("%x is written as %x: %v", whole, written, err)
		}

		if len(written) == len(whole) && !bytes.Equal(written, whole) {
			t.Fatalf("%x is written as %x", whole, written)
		}

		left, right := span.Blocks(10), again.Blocks(10)
		for {
			one, found := left.Next()
			other, _ := right.Next()
			if !bytes.Equal(one.Transactions, other.Transactions) || one.L1OriginNumber != other.L1OriginNumber {
				t.Fatalf("%x: %+v and %+v", whole, one, other)
			}

			if !found {
				return
			}
		}
	})
}
