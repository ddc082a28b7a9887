package e2e

import (
	"testing"

	"culverin/guest/block"
	"culverin/guest/brotli"
	"culverin/guest/node/batcher"
	"culverin/guest/testkit/rig"
)

// friend receives ether on L2.
var friend = block.Address{0: 0x77, 19: 7}

func TestASequencerFollowsL1(t *testing.T) {
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	node := l1.Start(files, t.TempDir(), sequencing)
	l1.Mine(5)
	status := node.WaitForBlocks(l1)
	if status.Unsafe.Number != 5*rig.L1Time/rig.L2Time || status.Safe.Number != 0 {
		t.Errorf("%+v", status)
	}

	// No L1 block is skipped, and each is used as soon as it can be.
	origin := uint64(1)
	for number := uint64(1); number <= status.Unsafe.Number; number++ {
		var each struct {
			Block rig.Head `json:"blockRef"`
		}
		node.Ask(&each, "optimism_outputAtBlock", quantity(number))
		if number%(rig.L1Time/rig.L2Time) == 0 {
			origin++
		}

		if each.Block.Origin.Number != origin {
			t.Errorf("block %d has origin %d, not %d", number, each.Block.Origin.Number, origin)
		}
	}
}

// TestTwoNodes: one sequences, the other sees L1 only, whatever form the batches have.
func TestTwoNodes(t *testing.T) {
	for name, one := range map[string]struct {
		forks  []string
		change func(*batcher.Options)
	}{
		"span batches":                    {rig.Holocene, nil},
		"singular batches":                {rig.Holocene, func(options *batcher.Options) { options.WithSingular = true }},
		"many frames":                     {rig.Holocene, func(options *batcher.Options) { options.TransactionBytesMax = 400 }},
		"brotli":                          {rig.Holocene, func(options *batcher.Options) { options.WithBrotli = true }},
		"isthmus":                         {rig.Isthmus, nil},
		"isthmus, small channels, brotli": {rig.Isthmus, func(options *batcher.Options) { options.BlocksMax, options.WithBrotli = 7, true }},
	} {
		one := one
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if options := (batcher.Options{}); one.change != nil {
				if one.change(&options); options.WithBrotli && !brotli.IsAvailable {
					t.Skip("did not run: this build has no brotli")
				}
			}

			l1 := rig.StartL1(t)
			files := l1.NewFiles(100, one.forks)
			first := l1.Start(files, t.TempDir(), sequencing)
			second := l1.Start(files, t.TempDir(), deriving)
			poster := newBatcher(t, l1, files, first, rig.BatcherKey, one.change)
			var last string
			for round := uint64(0); round < 3; round++ {
				l1.Deposit(friend, 1000+round, nil)
				l1.Mine(2)
				first.WaitForBlocks(l1)
				for count := uint64(0); count < 5; count++ {
					nonce := 5*round + count
					data := make([]byte, 64)
					data[31], data[63] = byte(nonce), byte(nonce+1)
					last = sendAll(t, first,
						signed(rig.UserKey, nonce, target(nonce), nonce, data, 1_000_000+nonce))[0]
				}

				l1.Mine(1)
				first.WaitForBlocks(l1)
				post(t, l1, poster)
				l1.Mine(1)
				first.WaitForBlocks(l1)
				second.WaitForL1(l1)
			}

			for tries := 0; receiptOf(second, last) == nil && tries < 20; tries++ {
				post(t, l1, poster)
				l1.Mine(1)
				first.WaitForBlocks(l1)
				second.WaitForL1(l1)
			}

			status := second.WaitForL1(l1)
			first.WaitForL1(l1)
			if found := receiptOf(second, last); found == nil || found.Status != "0x1" {
				t.Fatalf("the last transaction: %+v", found)
			}

			if status.Safe.Number < 20 || status.Unsafe.Hash != status.Safe.Hash {
				t.Errorf("%+v", status)
			}

			compare(t, first, second, status.Safe.Number)
			compareSafeHeads(t, l1, first, second)
		})
	}
}

// target takes turns between what a transaction can call.
func target(nonce uint64) *block.Address {
	targets := []*block.Address{&friend, &rig.Log, &rig.Store}
	return targets[nonce%3]
}

// compareSafeHeads: both nodes know the same L2 block to be safe at each L1 block, whatever else they know.
func compareSafeHeads(t *testing.T, l1 *rig.L1, left, right *rig.Node) {
	t.Helper()
	type answer struct {
		Safe rig.Head `json:"safeHead"`
	}
	seen := map[string]bool{}
	for number := uint64(3); number <= l1.Number(); number++ {
		var ours, theirs answer
		left.Ask(&ours, "optimism_safeHeadAtL1Block", quantity(number))
		right.Ask(&theirs, "optimism_safeHeadAtL1Block", quantity(number))
		if ours != theirs {
			t.Errorf("at L1 block %d: %+v, %+v", number, ours, theirs)
		}

		seen[ours.Safe.Hash] = true
	}

	if len(seen) < 3 {
		t.Errorf("only %d safe heads", len(seen))
	}
}

// TestASilentBatcher: deposits count once the window has passed, and what was sequenced and not posted does not.
func TestASilentBatcher(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(6, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	second := l1.Start(files, t.TempDir(), deriving)
	l1.Deposit(friend, 5000, nil)
	l1.Mine(1)
	first.WaitForBlocks(l1)
	lost := sendAll(t, first, signed(rig.UserKey, 0, &friend, 1, nil, 1_000_000))[0]
	l1.Mine(1)
	first.WaitForBlocks(l1)
	if receiptOf(first, lost) == nil || balanceOf(first, friend) != "0x1389" {
		t.Fatal("the transaction was not sequenced")
	}

	before := second.WaitForL1(l1)
	if before.Safe.Number != 0 {
		t.Errorf("%+v", before)
	}

	for count := 0; count < 12; count++ {
		l1.Mine(1)
		first.WaitForL1(l1)
	}

	status := second.WaitForL1(l1)
	if status.Safe.Number == 0 || balanceOf(second, friend) != "0x1388" {
		t.Errorf("%+v, %s", status, balanceOf(second, friend))
	}

	first.WaitForBlocks(l1)
	compare(t, first, second, status.Safe.Number)

	// The transaction waited again and stands in a later block, which nobody posted yet.
	if found := receiptOf(first, lost); found == nil || found.Status != "0x1" {
		t.Errorf("%+v", found)
	}
}

func TestABatcherIsReplaced(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	second := l1.Start(files, t.TempDir(), deriving)
	former := newBatcher(t, l1, files, first, rig.BatcherKey, nil)
	l1.Mine(2)
	first.WaitForBlocks(l1)
	post(t, l1, former)
	reached := second.WaitForL1(l1).Safe.Number
	first.WaitForBlocks(l1)
	first.WaitForL1(l1)
	l1.SetBatcher(rig.NewBatcherKey)
	l1.Mine(1)
	first.WaitForBlocks(l1)
	post(t, l1, former)
	first.WaitForBlocks(l1)
	if status := second.WaitForL1(l1); status.Safe.Number != reached || reached == 0 {
		t.Errorf("the former batcher's data count: %d, %+v", reached, status)
	}

	post(t, l1, newBatcher(t, l1, files, first, rig.NewBatcherKey, nil))
	first.WaitForL1(l1)
	status := second.WaitForL1(l1)
	if status.Safe.Number <= reached {
		t.Errorf("the new batcher's data do not count: %d, %+v", reached, status)
	}

	compare(t, first, second, status.Safe.Number)
}

// TestL1IsReorganized: what was derived from blocks that are gone goes, transactions come again, and the batcher posts
// again.
func TestL1IsReorganized(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	second := l1.Start(files, t.TempDir(), deriving)
	poster := newBatcher(t, l1, files, first, rig.BatcherKey, nil)
	l1.Mine(3)
	first.WaitForBlocks(l1)
	post(t, l1, poster)
	first.WaitForBlocks(l1)
	first.WaitForL1(l1)
	kept := second.WaitForL1(l1)
	if kept.Safe.Number == 0 {
		t.Fatalf("%+v", kept)
	}

	back := l1.Snapshot()
	l1.Deposit(friend, 99, nil)
	l1.Mine(2)
	first.WaitForBlocks(l1)
	hash := sendAll(t, first, signed(rig.UserKey, 0, &friend, 1, nil, 1_000_000))[0]
	l1.Mine(2)
	first.WaitForBlocks(l1)
	post(t, l1, poster)
	l1.Mine(1)
	first.WaitForL1(l1)
	gone := second.WaitForL1(l1)
	if gone.Safe.Number <= kept.Safe.Number || receiptOf(second, hash) == nil {
		t.Fatalf("%+v", gone)
	}

	back(1)
	l1.Mine(1)
	status := second.WaitForL1(l1)
	if status.Safe != kept.Safe || status.Unsafe.Number >= gone.Safe.Number || receiptOf(second, hash) != nil {
		t.Errorf("%+v, not %+v", status, kept.Safe)
	}

	// The table goes back, too.
	var entry struct {
		Safe rig.Head `json:"safeHead"`
	}
	second.Ask(&entry, "optimism_safeHeadAtL1Block", quantity(l1.Number()))
	if entry.Safe.Hash != kept.Safe.Hash {
		t.Errorf("%+v", entry)
	}

	first.WaitForL1(l1)
	l1.Mine(2)
	first.WaitForBlocks(l1)
	post(t, l1, poster)
	post(t, l1, poster)
	l1.Mine(1)
	first.WaitForL1(l1)
	status = second.WaitForL1(l1)
	if status.Safe.Number <= kept.Safe.Number {
		t.Errorf("nothing was posted again: %+v", status)
	}

	compare(t, first, second, status.Safe.Number)
	if found := receiptOf(first, hash); found == nil || balanceOf(first, friend) != "0x1" {
		t.Errorf("%+v, %s", found, balanceOf(first, friend))
	}
}

// TestANodeStartsAgain: after a stop it goes on where it was, in both roles.
func TestANodeStartsAgain(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Isthmus)
	folders := []string{t.TempDir(), t.TempDir()}
	var status *rig.Status
	for round := 0; round < 3; round++ {
		first := l1.Start(files, folders[0], sequencing)
		second := l1.Start(files, folders[1], deriving)
		poster := newBatcher(t, l1, files, first, rig.BatcherKey, nil)
		if status != nil {
			if now := first.Status(); now.Unsafe.Hash != status.Unsafe.Hash || now.Safe.Hash != status.Safe.Hash {
				t.Errorf("%+v, not %+v", now, status)
			}
		}

		l1.Deposit(friend, 1, nil)
		l1.Mine(60)
		first.WaitForBlocks(l1)
		post(t, l1, poster)
		first.WaitForBlocks(l1)
		first.WaitForL1(l1)
		safe := second.WaitForL1(l1).Safe.Number
		compare(t, first, second, safe)
		now := first.Status()
		status = &now
		first.Stop()
		second.Stop()
	}

	if status.Safe.Number < 300 {
		t.Errorf("%+v", status)
	}
}
