package e2e

import (
	"testing"

	"culverin/guest/testkit/rig"
)

// TestL1IsReorganizedWhileANodeIsAway: it finds another L1, longer than the one it knew, and derives that.
func TestL1IsReorganizedWhileANodeIsAway(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	folder := t.TempDir()
	second := l1.Start(files, folder, deriving)
	l1.Mine(2)
	first.WaitForBlocks(l1)
	back := l1.Snapshot()
	l1.Deposit(friend, 5, nil)
	l1.Mine(2)
	first.WaitForBlocks(l1)
	poster := newBatcher(t, l1, files, first, rig.BatcherKey, nil)
	post(t, l1, poster)
	gone := second.WaitForL1(l1)
	first.WaitForL1(l1)
	second.Stop()
	if gone.Safe.Number == 0 || balanceOf(first, friend) != "0x5" {
		t.Fatalf("%+v", gone)
	}

	back(1)
	l1.Deposit(friend, 6, nil)
	l1.Mine(9)
	first.WaitForBlocks(l1)
	first.WaitForL1(l1)
	second = l1.Start(files, folder, deriving)
	if status := second.WaitForL1(l1); status.Safe.Number != 0 {
		t.Errorf("%+v", status)
	}

	post(t, l1, poster)
	post(t, l1, poster)
	first.WaitForL1(l1)
	status := second.WaitForL1(l1)
	if status.Safe.Number == 0 || balanceOf(second, friend) != "0x6" {
		t.Errorf("%+v, %s", status, balanceOf(second, friend))
	}

	compare(t, first, second, status.Safe.Number)
}

// TestAnotherSequencersBlocks: what L1 says counts, not what was sequenced, though only one transaction differs.
func TestAnotherSequencersBlocks(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	first, other := l1.Start(files, t.TempDir(), sequencing), l1.Start(files, t.TempDir(), sequencing)
	l1.Mine(1)
	first.WaitForBlocks(l1)
	other.WaitForBlocks(l1)
	lost := sendAll(t, first, signed(rig.UserKey, 0, &friend, 1, nil, 1_000_000))[0]
	sendAll(t, other, signed(rig.UserKey, 0, &friend, 2, nil, 1_000_000))
	l1.Mine(1)
	first.WaitForBlocks(l1)
	other.WaitForBlocks(l1)
	if balanceOf(first, friend) != "0x1" || balanceOf(other, friend) != "0x2" {
		t.Fatal("the sequencers do not differ")
	}

	post(t, l1, newBatcher(t, l1, files, other, rig.BatcherKey, nil))
	status := first.WaitForL1(l1)
	other.WaitForL1(l1)
	if status.Safe.Number != 12 || balanceOf(first, friend) != "0x2" {
		t.Errorf("%+v, %s", status, balanceOf(first, friend))
	}

	compare(t, first, other, status.Safe.Number)

	// The transaction that was sequenced has no place any more.
	l1.Mine(1)
	first.WaitForBlocks(l1)
	if found := receiptOf(first, lost); found != nil {
		t.Errorf("%+v", found)
	}
}
