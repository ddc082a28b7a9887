package store

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"culverin/guest/keccak"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	if !IsAvailable {
		t.Skip("did not run: this build has no bbolt (see node.mod)")
	}

	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = file.Close() })
	return file
}

func must[Value any](t *testing.T) func(Value, error) Value {
	return func(value Value, err error) Value {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}

		return value
	}
}

// blockOf is a block whose hash says its number and fork.
func blockOf(number uint64, fork byte) *Block {
	return &Block{
		Hash: keccak.Hash{0: fork, 1: byte(number)}, Number: number, Header: []byte{byte(number)},
		Transactions: [][]byte{{fork, byte(number)}, {}, {1, 2, 3}}, Receipts: [][]byte{{7}, nil, {9}},
	}
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "chain.db")
	file := open(t, path)
	batch := NewBatch()
	batch.Blocks = []*Block{blockOf(0, 1), blockOf(1, 1), blockOf(2, 1)}
	batch.Data[keccak.Hash{5}] = []byte("node")
	batch.Heads[Unsafe] = batch.Blocks[2].Hash
	batch.SafeHeads = []SafeHead{{10, keccak.Hash{10}, 1, batch.Blocks[1].Hash}, {12, keccak.Hash{12}, 2, batch.Blocks[2].Hash}}
	batch.Pending[keccak.Hash{1}] = []byte("waits")
	if err := file.Start(batch.Blocks[0].Hash, batch); err != nil {
		t.Fatal(err)
	}

	if err := file.AddPending(keccak.Hash{2}, []byte("waits too")); err != nil {
		t.Fatal(err)
	}

	// A second program cannot open it; the same one can, later.
	if _, err := Open(path); err == nil {
		t.Error("the file was opened twice")
	}

	if err := file.Close(); err != nil {
		t.Fatal(err)
	}

	file = open(t, path)
	found := must[*Block](t)(file.Block(keccak.Hash{1, 2}))
	if want := blockOf(2, 1); found == nil || !bytes.Equal(found.Header, want.Header) || len(found.Transactions) != 3 ||
		!bytes.Equal(found.Transactions[2], want.Transactions[2]) || !bytes.Equal(found.Receipts[2], want.Receipts[2]) {
		t.Errorf("%+v", found)
	}

	if data := must[[]byte](t)(file.Data(keccak.Hash{5})); string(data) != "node" {
		t.Errorf("%s", data)
	}

	place := must[*Place](t)(file.Place(keccak.Sum([]byte{1, 1})))
	if place == nil || place.Block != blockOf(1, 1).Hash || place.Index != 0 {
		t.Errorf("%+v", place)
	}

	for l1, want := range map[uint64]uint64{9: 0, 10: 1, 11: 1, 12: 2, 1 << 60: 2} {
		head := must[*SafeHead](t)(file.SafeHeadAt(l1))
		if (head == nil) != (want == 0) || head != nil && head.L2Number != want {
			t.Errorf("at %d: %+v", l1, head)
		}
	}

	if pending := must[[][]byte](t)(file.Pending()); len(pending) != 2 {
		t.Errorf("%s", pending)
	}

	for _, absent := range []func() bool{
		func() bool { return must[*Block](t)(file.Block(keccak.Hash{99})) == nil },
		func() bool { return must[[]byte](t)(file.Data(keccak.Hash{99})) == nil },
		func() bool { return must[*Place](t)(file.Place(keccak.Hash{99})) == nil },
	} {
		if !absent() {
			t.Error("something was found that is not there")
		}
	}

	var other *OtherGenesisError
	if err := file.Start(keccak.Hash{77}, NewBatch()); !errors.As(err, &other) {
		t.Error(err)
	}
}

// TestUnwinding: what stood above goes, what is added behind that in the same batch stays.
func TestUnwinding(t *testing.T) {
	file := open(t, filepath.Join(t.TempDir(), "chain.db"))
	first := NewBatch()
	for number := uint64(0); number < 10; number++ {
		first.Blocks = append(first.Blocks, blockOf(number, 1))
		first.SafeHeads = append(first.SafeHeads, SafeHead{L1Number: 100 + number, L2Number: number})
	}

	first.Pending[keccak.Hash{1}], first.Pending[keccak.Hash{2}] = []byte{1}, []byte{2}
	if err := file.Update(first); err != nil {
		t.Fatal(err)
	}

	second, keep, keepL1 := NewBatch(), uint64(4), uint64(103)
	second.Unwind, second.SafeRewind = &keep, &keepL1
	second.Blocks = []*Block{blockOf(5, 2)}
	second.SafeHeads = []SafeHead{{L1Number: 104, L2Number: 77}}
	second.Gone = []keccak.Hash{{1}}
	if err := file.Update(second); err != nil {
		t.Fatal(err)
	}

	for number := uint64(0); number < 10; number++ {
		hash, found, err := file.Canonical(number)
		want := blockOf(number, 1).Hash
		if number == 5 {
			want = blockOf(5, 2).Hash
		}

		if err != nil || found != (number <= 5) || found && hash != want {
			t.Errorf("%d: %x, %v, %v", number, hash, found, err)
		}
	}

	if head := must[*SafeHead](t)(file.SafeHeadAt(1000)); head == nil || head.L1Number != 104 || head.L2Number != 77 {
		t.Errorf("%+v", head)
	}

	if pending := must[[][]byte](t)(file.Pending()); len(pending) != 1 || pending[0][0] != 2 {
		t.Errorf("%v", pending)
	}
}
