package e2e

import (
	"context"
	"testing"
	"time"

	"culverin/guest/node/batcher"
	"culverin/guest/node/driver"
	"culverin/guest/testkit/rig"
)

// TestAClockByHand: blocks come up to the time that is told, and for transactions that wait; L1's time alone makes none.
func TestAClockByHand(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	first := l1.Start(files, t.TempDir(), driver.Options{Sequence: true, Clock: driver.HandClock})
	second := l1.Start(files, t.TempDir(), driver.Options{Clock: driver.HandClock})
	start := first.Status().Unsafe.Time
	l1.Mine(3)
	first.WaitForL1(l1)
	if status := first.Status(); status.Unsafe.Number != 0 {
		t.Errorf("block %d was made by L1's time", status.Unsafe.Number)
	}

	first.Ask(nil, "admin_sequenceUntil", quantity(start+7*rig.L2Time))
	first.Wait("seven blocks", func(status *rig.Status) bool { return status.Unsafe.Number == 7 })
	first.Ask(nil, "admin_sequenceUntil", quantity(start))
	hash := sendAll(t, first, signed(rig.UserKey, 0, target(0), 1, nil, 1_000_000))[0]
	status := first.Wait("a block for the transaction", func(status *rig.Status) bool { return status.Unsafe.Number > 7 })
	if found := receiptOf(first, hash); found == nil || found.BlockNumber != "0x8" || status.Unsafe.Number != 8 {
		t.Errorf("the transaction is in %+v, the newest block is %d", found, status.Unsafe.Number)
	}

	// One that cannot stand in a block yet asks for no second block.
	sendAll(t, first, signed(rig.UserKey, 2, target(2), 1, nil, 1_000_000))
	time.Sleep(300 * time.Millisecond)
	if number := first.Status().Unsafe.Number; number > 9 {
		t.Errorf("%d blocks were made for a transaction that is ahead of its time", number-8)
	}

	poster := newBatcher(t, l1, files, first, rig.BatcherKey, func(options *batcher.Options) { options.Last = 8 })
	if err := during(t, l1, func(ctx context.Context) error { return poster.Once(ctx) }); err != nil {
		t.Fatal(err)
	}

	second.Wait("what was posted is safe", func(status *rig.Status) bool { return status.Safe.Number == 8 })
	compare(t, first, second, 8)
}
