package e2e

import (
	"bytes"
	"testing"

	"culverin/guest/keccak"
	"culverin/guest/node/batcher"
	"culverin/guest/node/sender"
	"culverin/guest/testkit/rig"
)

// TestBlobsAndCalldata: the same blocks are derived from blobs and from calldata, also where a channel fills more than one
// blob.
func TestBlobsAndCalldata(t *testing.T) {
	t.Parallel()
	blobs := rig.NewBlobs(t)
	l1 := rig.StartL1(t)
	l1.Blobs = blobs
	files := l1.NewFiles(100, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	l1.Deposit(friend, 7, nil)
	l1.Mine(1)
	first.WaitForBlocks(l1)
	for nonce := uint64(0); nonce < 2; nonce++ {
		// Data that cannot be compressed, more than a blob holds in all.
		var data []byte
		for hash := keccak.Sum([]byte{byte(nonce)}); len(data) < 100_000; hash = keccak.Sum(hash[:]) {
			data = append(data, hash[:]...)
		}

		sendAll(t, first, signedLong(nonce, data))
	}

	l1.Mine(1)
	last := first.WaitForBlocks(l1).Unsafe.Number
	back := l1.Snapshot()
	digests := map[string]keccak.Hash{}
	for name, change := range map[string]func(*batcher.Options){
		"calldata": nil, "blobs": func(options *batcher.Options) { options.Blobs = blobs },
	} {
		change := change
		post(t, l1, newBatcher(t, l1, files, first, rig.BatcherKey, func(options *batcher.Options) {
			options.BlocksMax = int(last)
			if change != nil {
				change(options)
			}
		}))
		second := l1.Start(files, t.TempDir(), deriving)
		if status := second.WaitForL1(l1); status.Safe.Number < last {
			t.Fatalf("%s: %+v", name, status)
		}

		compare(t, first, second, last)
		digests[name] = second.Chain(last)
		second.Stop()
		back(0)
		first.Wait("L1 went back", func(status *rig.Status) bool { return status.Safe.Number == 0 })
		back = l1.Snapshot()
	}

	blobChain, calldataChain := digests["blobs"], digests["calldata"]
	if !bytes.Equal(blobChain[:], calldataChain[:]) {
		t.Errorf("%x, %x", blobChain, calldataChain)
	}
}

// TestNoBeacon: a node that cannot read blobs says so, and nothing becomes safe by them.
func TestNoBeacon(t *testing.T) {
	t.Parallel()
	blobs := rig.NewBlobs(t)
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	l1.Mine(2)
	first.WaitForBlocks(l1)
	before := first.WaitForL1(l1)
	post(t, l1, newBatcher(t, l1, files, first, rig.BatcherKey, func(options *batcher.Options) { options.Blobs = blobs }))
	l1.Mine(3)
	status := first.WaitForBlocks(l1)
	if status.Safe.Number != 0 || status.CurrentL1.Number > before.CurrentL1.Number+1 {
		t.Errorf("%+v", status)
	}
}

// TestSidecarsOfOsaka: L1 takes a proof for each cell of a blob.
func TestSidecarsOfOsaka(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1Of(t, "osaka")
	l1.Blobs = rig.NewBlobs(t)
	files := l1.NewFiles(100, rig.Holocene)
	node := l1.Start(files, t.TempDir(), sequencing)
	l1.Mine(2)
	last := node.WaitForBlocks(l1).Unsafe.Number
	post(t, l1, newBatcher(t, l1, files, node, rig.BatcherKey, func(options *batcher.Options) {
		options.Blobs, options.Sidecars = l1.Blobs, sender.CellProofs
	}))
	if status := node.WaitForL1(l1); status.Safe.Number != last {
		t.Errorf("%+v", status)
	}
}
