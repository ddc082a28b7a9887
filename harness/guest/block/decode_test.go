package block_test

import (
	"bytes"
	"math/rand"
	"path/filepath"
	"testing"

	"culverin/guest/block"
	"culverin/guest/blockfile"
	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/rlp"
	"culverin/guest/testkit/fixture"
	"culverin/guest/u256"
)

// realTransactions are those of the fixtures' blocks.
func realTransactions(t testing.TB) [][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(
		fixture.Extract(t, "op-sepolia-blocks.tar.xz"), "op-sepolia-blocks", "*.json"))
	if err != nil {
		t.Fatal(err)
	}

	var all [][]byte
	for _, path := range paths {
		file, err := blockfile.Read(path)
		if err != nil {
			t.Fatal(err)
		}

		all = append(all, file.Attributes.Transactions...)
	}

	return all
}

// madeTransactions has one of each type, with everything that the type can have.
func madeTransactions() [][]byte {
	to := block.Address{1, 2, 3}
	access := []block.Access{
		{Address: block.Address{7}, Slots: [][32]byte{{1}, {31: 2}}}, {Address: block.Address{8}},
	}
	authorizations := []block.Authorization{
		{ChainID: u256.New(10), Address: to, Nonce: 1<<64 - 1, Parity: 255, R: [32]byte{1}, S: [32]byte{31: 9}}, {},
	}
	var encoded [][]byte
	for _, each := range []block.Transaction{
		{Type: block.LegacyType, Nonce: 3, FeeCap: u256.New(7), GasLimit: 21000, To: &to, IsOddY: true},
		{Type: block.LegacyType, HasChainID: true, ChainID: 11155420, Data: []byte{0x60, 0}},
		{Type: block.AccessListType, ChainID: 10, AccessList: access, Value: u256.New(1 << 40)},
		{Type: block.DynamicFeeType, TipCap: u256.New(1), FeeCap: u256.New(2), AccessList: access, Data: make([]byte, 300)},
		{Type: block.BlobType, To: &to, BlobFeeCap: u256.New(3), BlobHashes: [][32]byte{{1}, {1, 5}}},
		{Type: block.SetCodeType, To: &to, Authorizations: authorizations, IsOddY: true, R: [32]byte{5}, S: [32]byte{6}},
		{Type: block.DepositType, SourceHash: [32]byte{4}, From: to, Mint: u256.New(5), GasLimit: 1000000, Data: []byte("x")},
		{Type: block.DepositType, To: &to, Value: u256.New(5)},
	} {
		encoded = append(encoded, each.Encode())
	}

	return encoded
}

func TestTransactionsAreEncodedAgain(t *testing.T) {
	for _, data := range madeTransactions() {
		transaction, err := block.Decode(data)
		if err != nil || !bytes.Equal(transaction.Encode(), data) {
			t.Errorf("%x: %+v, %v", data, transaction, err)
		}
	}
}

func TestRealTransactionsAreEncodedAgainAndWereSigned(t *testing.T) {
	precompile.Use(l1node.New(""))
	types := map[byte]int{}
	for _, data := range realTransactions(t) {
		transaction, err := block.Decode(data)
		if err != nil || !bytes.Equal(transaction.Encode(), data) {
			t.Fatalf("%x: %+v, %v", data, transaction, err)
		}

		types[transaction.Type]++
		if _, err = block.Sender(transaction); err != nil {
			t.Errorf("%x: %v", data, err)
		}
	}

	if types[block.LegacyType] < 5 || types[block.DynamicFeeType] < 20 || types[block.DepositType] < 5 {
		t.Errorf("types %v", types)
	}
}

func TestRefusesWhatIsNoTransaction(t *testing.T) {
	zero, to := rlp.EncodeUint64(0), rlp.EncodeBytes(make([]byte, 20))
	legacy := func(v []byte) []byte {
		return rlp.EncodeList(zero, zero, zero, to, zero, zero, v, zero, zero)
	}
	long := rlp.EncodeBytes(append([]byte{1}, make([]byte, 32)...))
	for name, data := range map[string][]byte{
		"nothing":               {},
		"a type alone":          {2},
		"an unknown type":       append([]byte{5}, rlp.EncodeList()...),
		"a string":              {0x80},
		"v 26":                  legacy(rlp.EncodeUint64(26)),
		"v 29":                  legacy(rlp.EncodeUint64(29)),
		"v 34":                  legacy(rlp.EncodeUint64(34)),
		"a v of 9 bytes":        legacy(rlp.EncodeBytes(append([]byte{1}, make([]byte, 8)...))),
		"a byte behind":         append(legacy(rlp.EncodeUint64(27)), 0),
		"a leading zero":        rlp.EncodeList([]byte{0x82, 0, 1}, zero, zero, to, zero, zero, rlp.EncodeUint64(27), zero, zero),
		"a value of 33 bytes":   rlp.EncodeList(zero, zero, zero, to, long, zero, rlp.EncodeUint64(27), zero, zero),
		"an address of 19":      rlp.EncodeList(zero, zero, zero, to[:20], zero, zero, rlp.EncodeUint64(27), zero, zero),
		"a list as data":        rlp.EncodeList(zero, zero, zero, to, zero, rlp.EncodeList(), rlp.EncodeUint64(27), zero, zero),
		"a field too few":       rlp.EncodeList(zero, zero, zero, to, zero, zero, rlp.EncodeUint64(27), zero),
		"a type 4 that creates": (&block.Transaction{Type: block.SetCodeType}).Encode(),
		"a type 3 that creates": (&block.Transaction{Type: block.BlobType}).Encode(),
		"a parity of 2": append([]byte{1}, rlp.EncodeList(
			zero, zero, zero, zero, to, zero, zero, rlp.EncodeList(), rlp.EncodeUint64(2), zero, zero)...),
		"an access of 3 items": append([]byte{1}, rlp.EncodeList(zero, zero, zero, zero, to, zero, zero,
			rlp.EncodeList(rlp.EncodeList(to, rlp.EncodeList(), zero)), zero, zero, zero)...),
		"a system deposit": append([]byte{block.DepositType}, rlp.EncodeList(
			rlp.EncodeBytes(make([]byte, 32)), to, to, zero, zero, zero, rlp.EncodeUint64(1), zero)...),
	} {
		if transaction, err := block.Decode(data); err == nil {
			t.Errorf("%s: %+v", name, transaction)
		}
	}
}

// TestDamagedTransactions: whatever is read is the only encoding of what was read.
func TestDamagedTransactions(t *testing.T) {
	damage(t, madeTransactions(), func(data []byte) {
		transaction, err := block.Decode(data)
		if err == nil && !bytes.Equal(transaction.Encode(), data) {
			t.Fatalf("%x is read as %+v", data, transaction)
		}
	})
}

// damage hands changed copies of good data to a reader.
func damage(t *testing.T, good [][]byte, read func(data []byte)) {
	seed := int64(77)
	random := rand.New(rand.NewSource(seed))
	t.Logf("seed %d", seed)
	for round := 0; round < 20000; round++ {
		data := append([]byte(nil), good[random.Intn(len(good))]...)
		for count := random.Intn(4); count >= 0 && len(data) > 0; count-- {
			place := random.Intn(len(data))
			switch random.Intn(4) {
			case 0:
				data[place] = byte(random.Intn(256))
			case 1:
				data[place]++
			case 2:
				data = append(data[:place], data[place+1:]...)
			case 3:
				data = append(data[:place], append([]byte{byte(random.Intn(256))}, data[place:]...)...)
			}
		}

		read(data)
	}
}
