package derive

import (
	"math"

	"culverin/guest/config"
)

// Constants of derivation since Holocene (derivation.md, "Protocol Parameters"; granite/derivation.md).
const (
	// SequencerDriftMax is how many seconds an L2 block may be ahead of its L1 origin (Fjord).
	SequencerDriftMax = 1800
	// ChannelTimeout is how many L1 blocks a channel may take (Granite).
	ChannelTimeout = 50
)

// Rollup is the configuration of an L2, with the rules that depend on it.
type Rollup config.Rollup

// BlockID names a block.
type BlockID = config.BlockID

// L1Block is what the rules ask about an L1 block.
type L1Block struct {
	BlockID
	// Timestamp is in seconds.
	Timestamp uint64
}

// L2Head is the newest L2 block that was derived.
type L2Head struct {
	BlockID
	// Timestamp is in seconds.
	Timestamp uint64
	// Origin is its L1 origin, SequenceNumber its place in that epoch.
	Origin         L1Block
	SequenceNumber uint64
}

// isFirst tells whether a fork's first L2 block has this timestamp.
func (rollup *Rollup) isFirst(fork config.Fork, timestamp uint64) bool {
	return rollup.Chain.IsActive(fork, timestamp) &&
		(timestamp < rollup.BlockTime || !rollup.Chain.IsActive(fork, timestamp-rollup.BlockTime)) &&
		timestamp != rollup.Genesis.Time
}

// upgradesAt are the forks whose first block has this timestamp and comes with deposits of a network upgrade.
func (rollup *Rollup) upgradesAt(timestamp uint64) (forks []config.Fork) {
	for _, fork := range []config.Fork{config.Isthmus, config.Jovian} {
		if rollup.isFirst(fork, timestamp) {
			forks = append(forks, fork)
		}
	}

	return forks
}

// IsUpgrade tells whether the block with this timestamp changes the L2's contracts: a sequencer leaves it without
// transactions (isthmus/derivation.md, "Network upgrade automation transactions"; jovian/derivation.md, "Activation Block
// Rules").
func (rollup *Rollup) IsUpgrade(timestamp uint64) bool {
	return len(rollup.upgradesAt(timestamp)) > 0
}

// sum adds and stops at the largest number: nothing that a stranger claims wraps around.
func sum(left, right uint64) uint64 {
	if left > math.MaxUint64-right {
		return math.MaxUint64
	}

	return left + right
}
