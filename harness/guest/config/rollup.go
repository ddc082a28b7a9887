package config

import (
	"encoding/binary"
	"math"
)

// Address is an account's address.
type Address = [20]byte

// BlockID names a block of L1 or L2.
type BlockID struct {
	Hash   [32]byte
	Number uint64
}

// SystemConfig is what the SystemConfig contract on L1 says about the L2, as of an L1 block (system-config.md).
type SystemConfig struct {
	// Batcher signs batcher transactions.
	Batcher Address
	// BaseFeeScalar and BlobBaseFeeScalar are those of the L1 fee since Ecotone.
	BaseFeeScalar, BlobBaseFeeScalar uint32
	// GasLimit is that of L2 blocks.
	GasLimit uint64
	// FeeParameters are EIP-1559's denominator and elasticity, four bytes each; zeros stand for the chain's constants.
	FeeParameters [8]byte
	// OperatorFeeScalar and OperatorFeeConstant are Isthmus's.
	OperatorFeeScalar   uint32
	OperatorFeeConstant uint64
	// MinBaseFee, in wei, and DAFootprintScalar are Jovian's.
	MinBaseFee        uint64
	DAFootprintScalar uint16
}

// SetScalars reads the scalars of the L1 fee from 32 bytes (system-config.md, "Post-Ecotone Scalar Encoding"). Of an
// unknown version, or with padding that is not zero, nothing is read.
func (system *SystemConfig) SetScalars(scalar []byte) {
	switch {
	case scalar[0] == 0 && !isZero(scalar[1:28]):
		system.BaseFeeScalar, system.BlobBaseFeeScalar = math.MaxUint32, 0
	case scalar[0] == 0:
		system.BaseFeeScalar, system.BlobBaseFeeScalar = binary.BigEndian.Uint32(scalar[28:]), 0
	case scalar[0] == 1 && isZero(scalar[1:24]):
		system.BlobBaseFeeScalar = binary.BigEndian.Uint32(scalar[24:])
		system.BaseFeeScalar = binary.BigEndian.Uint32(scalar[28:])
	}
}

func isZero(data []byte) bool {
	for _, octet := range data {
		if octet != 0 {
			return false
		}
	}

	return true
}

// BlobFraction is the BLOB_BASE_FEE_UPDATE_FRACTION (EIP-4844) that holds from a time of L1 on.
type BlobFraction struct {
	// Time is the first L1 timestamp that it holds for.
	Time uint64
	// Fraction is not zero.
	Fraction uint64
}

// BlobSchedule lists L1's fractions, oldest first (EIPs 4844, 7691, 7892). An L2 with a pectra_blob_schedule_time keeps
// Cancun's fraction until then (pectra-blob-schedule/derivation.md): its schedule has that time in Prague's entry.
type BlobSchedule []BlobFraction

// Genesis is where an L2 begins: what op-node's rollup.json says under "genesis".
type Genesis struct {
	// L1 is the block after which L1 data count; L2 is the first block.
	L1, L2 BlockID
	// Time is the first block's timestamp in seconds.
	Time uint64
	// System is the configuration that the first block has; no transaction in it says so.
	System SystemConfig
}

// Rollup is the configuration of an L2 and of its place on L1: all that deriving it needs besides the two chains.
type Rollup struct {
	// Chain says by which rules blocks are executed.
	Chain *Chain
	// L1ChainID is the id of the chain that it is derived from.
	L1ChainID uint64
	// BlockTime is the seconds between L2 blocks.
	BlockTime uint64
	// SequencingWindow is how many L1 blocks after an L1 origin batches for it count.
	SequencingWindow uint64
	// Genesis is the first block.
	Genesis Genesis
	// Inbox is where batcher transactions go; Portal writes deposits, SystemConfig updates.
	Inbox, Portal, SystemConfig Address
	// BlobSchedule is L1's.
	BlobSchedule BlobSchedule
}

// Check tells what makes a configuration unusable, or "" if nothing does.
func (rollup *Rollup) Check() string {
	switch {
	case rollup.BlockTime == 0:
		return "the block time is zero"
	case rollup.SequencingWindow == 0:
		return "the sequencing window is zero"
	case rollup.Genesis.Time == 0 || rollup.Genesis.Time > math.MaxInt64:
		return "the genesis block's time is none"
	case rollup.Genesis.System.GasLimit == 0:
		return "the gas limit is zero"
	}

	for index, entry := range rollup.BlobSchedule {
		if entry.Fraction == 0 || index > 0 && entry.Time < rollup.BlobSchedule[index-1].Time {
			return "the blob schedule is not in order"
		}
	}

	return rollup.Chain.Check()
}
