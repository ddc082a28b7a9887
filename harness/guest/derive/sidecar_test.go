package derive_test

import (
	"bytes"
	"testing"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/testkit/madeup"
)

// TestSidecars: a blob transaction that is committed to with its sidecar is read on the arenas' L1, and malformed on every
// other one.
func TestSidecars(t *testing.T) {
	precompile.Use(l1node.New(""))
	world := madeup.New(t, config.Holocene)
	plain := world.Blobs(madeup.Batcher, []byte{0}, []byte{1})
	read := func(l1 uint64, transactions ...[]byte) ([]derive.Data, error) {
		rollup := *world.Rollup
		rollup.L1ChainID = l1
		inbox := (*derive.Rollup)(&rollup).NewInbox(madeup.Batcher.Address())
		for _, each := range transactions {
			if err := inbox.Add(each); err != nil {
				return nil, err
			}
		}

		return inbox.Found, nil
	}
	with := madeup.WithSidecar(plain).Encoded
	found, err := read(config.ArenaL1ID, with, plain.Encoded)
	if err != nil || len(found) != 2 || found[0].FirstBlob != 0 || found[1].FirstBlob != 2 || len(found[0].Blobs) != 2 ||
		found[0].Blobs[1] != found[1].Blobs[1] {
		t.Errorf("%+v, %v", found, err)
	}

	for _, l1 := range []uint64{config.MainnetID, config.SepoliaID, 1337, 31337} {
		if found, err := read(l1, plain.Encoded); err != nil || len(found) != 1 {
			t.Errorf("%d: %+v, %v", l1, found, err)
		}

		if found, err := read(l1, with); err != block.ErrMalformed {
			t.Errorf("%d: a leaf with a sidecar: %+v, %v", l1, found, err)
		}
	}

	for _, broken := range [][]byte{{3}, {3, 0xc0}, {3, 0xc1, 0xc0}, with[:len(with)/2], {3, 0xc2, 0xc5, 0}} {
		if found, err := read(config.ArenaL1ID, broken); err != block.ErrMalformed {
			t.Errorf("%x: %+v, %v", broken, found, err)
		}
	}
}

// FuzzInbox: a transaction of L1 is skimmed, with or without a sidecar, before it is read; what counts as the batcher's is
// what reading it whole says.
func FuzzInbox(f *testing.F) {
	precompile.Use(l1node.New(""))
	calldata := madeup.Calldata(madeup.Batcher, derive.EncodeFrames([]derive.Frame{{Data: []byte{1}, IsLast: true}})).Encoded
	f.Add(calldata)
	f.Add(madeup.Calldata(madeup.Stranger, []byte{0}).Encoded)
	world := madeup.New(f, config.Holocene)
	posted := world.Blobs(madeup.Batcher, []byte{0})
	f.Add(posted.Encoded)
	f.Add(madeup.WithSidecar(posted).Encoded)
	f.Fuzz(func(t *testing.T, encoded []byte) {
		kept := append([]byte(nil), encoded...)
		inbox := (*derive.Rollup)(world.Rollup).NewInbox(madeup.Batcher.Address())
		err := inbox.Add(encoded)
		if !bytes.Equal(kept, encoded) {
			t.Fatalf("%x became %x", kept, encoded)
		}

		if len(inbox.Found) == 0 {
			return
		}

		if err != nil || len(inbox.Found) != 1 {
			t.Fatalf("%x: %v, %+v", encoded, err, inbox.Found)
		}

		transaction, err := block.Decode(encoded)
		if err != nil && encoded[0] != block.BlobType {
			t.Fatalf("%x: %v", encoded, err)
		}

		if err == nil {
			sender, err := block.Sender(transaction)
			if err != nil || sender != madeup.Batcher.Address() || *transaction.To != madeup.Inbox {
				t.Fatalf("%x: %v, %x", encoded, err, sender)
			}
		}
	})
}
