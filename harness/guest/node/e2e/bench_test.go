package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"culverin/guest/node/driver"
	"culverin/guest/testkit/rig"
)

// BenchmarkEmptyBlocks: an L1 that jumps leaves the sequencer as many empty blocks to make as the jump has block times.
// Each changes the L1 attributes' contract and is on disk in the end, with its state.
func BenchmarkEmptyBlocks(b *testing.B) {
	l1 := rig.StartL1(b)
	files := l1.NewFiles(1_000_000, rig.Isthmus)
	l1.Jump(uint64(b.N)*rig.L2Time + rig.L1Time)
	measure(b, l1, files, sequencing, func(status rig.Status) uint64 { return status.Unsafe.Number })
}

// BenchmarkDerivedBlocks: the same for a node that derives them, since nobody posted any within the window.
func BenchmarkDerivedBlocks(b *testing.B) {
	const window = 4
	l1 := rig.StartL1(b)
	files := l1.NewFiles(window, rig.Isthmus)
	l1.Jump(uint64(b.N)*rig.L2Time + rig.L1Time)
	l1.Mine(2 * window)
	measure(b, l1, files, deriving, func(status rig.Status) uint64 { return status.Safe.Number })
}

// measure runs a node until it has all blocks.
func measure(
	b *testing.B, l1 *rig.L1, files *rig.Files, options driver.Options, reached func(status rig.Status) uint64,
) {
	folder := b.TempDir()
	b.ResetTimer()
	node := l1.Start(files, folder, options)
	for reached(node.Status()) < uint64(b.N) {
		time.Sleep(10 * time.Millisecond)
	}

	b.StopTimer()
	if size, err := os.Stat(filepath.Join(folder, "chain.db")); err == nil {
		b.ReportMetric(float64(size.Size())/float64(b.N), "bytes/block")
	}
}
