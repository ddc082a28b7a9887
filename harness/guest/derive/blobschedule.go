package derive

import (
	"culverin/guest/block"
	"culverin/guest/u256"
)

// blobBaseFee is the price of blob gas in an L1 block, in wei; 1 before blobs.
func (rollup *Rollup) blobBaseFee(timestamp, excess uint64) u256.Int {
	schedule := rollup.BlobSchedule
	for index := len(schedule); index > 0; index-- {
		if timestamp >= schedule[index-1].Time {
			return block.BlobBaseFee(excess, schedule[index-1].Fraction)
		}
	}

	return u256.New(1)
}
