package derive

import (
	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/derive/upgrade"
	"culverin/guest/keccak"
)

const (
	// defaultDAFootprintScalar stands for zero (jovian/l1-attributes.md).
	defaultDAFootprintScalar = 400
	// transactionGasMin is the least gas limit of a signed transaction.
	transactionGasMin = 21_000
)

// sequencerVault receives the tips (derivation.md, "Building Individual Payload Attributes").
var sequencerVault = block.Address{0: 0x42, 19: 0x11}

// Origin is what a block takes from its L1 origin.
type Origin struct {
	// Header is the L1 block's, Hash its hash.
	Header *block.Header
	Hash   keccak.Hash
	// System is the configuration as of this L1 block.
	System SystemConfig
	// Deposits are its user deposits; they count in the first L2 block of the epoch.
	Deposits [][]byte
}

// Payload is a block that is ready to be executed.
type Payload struct {
	// Attributes hold the deposits, then the transactions of the sequencer.
	Attributes *block.Attributes
	// DepositCount is how many of the transactions come from L1 or from a network upgrade.
	DepositCount int
	// L1 is what the first transaction says about the block's origin.
	L1 *L1Attributes
	// IsInvalid tells that no such block can be made, without executing it: it has more transactions than gas for them.
	// The sequencer's transactions are left out already then.
	IsInvalid bool
}

// DepositsOnly takes the sequencer's transactions out: what becomes of an invalid block since Holocene
// (holocene/derivation.md, "Engine Queue").
func (payload *Payload) DepositsOnly() {
	payload.Attributes.Transactions = payload.Attributes.Transactions[:payload.DepositCount]
}

// Build makes the block of a batch that was accepted on a head (derivation.md, "Deriving Payload Attributes"). Origin is
// the batch's. The error is a *config.UnknownRulesError for the first block of a fork before Holocene that comes with
// deposits of its own: they are not built here.
func (rollup *Rollup) Build(batch *SingularBatch, head *L2Head, origin *Origin) (*Payload, error) {
	for _, fork := range []config.Fork{config.Ecotone, config.Fjord} {
		if rollup.isFirst(fork, batch.Timestamp) {
			return nil, &config.UnknownRulesError{Fork: fork.String()}
		}
	}

	payload := &Payload{Attributes: rollup.emptyAttributes(batch.Timestamp, origin)}
	sequenceNumber, deposits := uint64(0), origin.Deposits
	if batch.EpochNumber == head.Origin.Number {
		sequenceNumber, deposits = head.SequenceNumber+1, nil
	}

	payload.L1 = rollup.attributesOf(batch.Timestamp, sequenceNumber, origin)
	transactions := append([][]byte{payload.L1.Deposit().Encode()}, deposits...)
	for _, fork := range rollup.upgradesAt(batch.Timestamp) {
		transactions = append(transactions, upgrade.Deposits(fork)...)
	}

	payload.DepositCount = len(transactions)
	most := payload.DepositCount + int(min64(origin.System.GasLimit/transactionGasMin, uint64(len(batch.Transactions))))
	batch.Transactions.Each(func(transaction []byte) bool {
		payload.IsInvalid = len(transactions) == most
		transactions = append(transactions, transaction)
		return !payload.IsInvalid
	})
	payload.Attributes.Transactions = transactions
	if payload.IsInvalid {
		payload.DepositsOnly()
	}

	return payload, nil
}

// emptyAttributes are those of a block without transactions.
func (rollup *Rollup) emptyAttributes(timestamp uint64, origin *Origin) *block.Attributes {
	attributes := &block.Attributes{
		Timestamp: timestamp, PrevRandao: origin.Header.PrevRandao, FeeRecipient: sequencerVault,
		ParentBeaconRoot: origin.Header.ParentBeaconRoot, GasLimit: origin.System.GasLimit,
		HasFeeParameters: rollup.Chain.IsActive(config.Holocene, timestamp),
		HasMinBaseFee:    rollup.Chain.IsActive(config.Jovian, timestamp),
	}
	if attributes.HasFeeParameters && !rollup.isFirst(config.Holocene, timestamp) {
		// holocene/derivation.md, "Attributes Builder": the first block has zeros.
		attributes.FeeParameters = origin.System.FeeParameters
	}

	if attributes.HasMinBaseFee {
		attributes.MinBaseFee = origin.System.MinBaseFee
	}

	return attributes
}

// attributesOf is what a block says about its origin. The first block of a fork still uses the form before.
func (rollup *Rollup) attributesOf(timestamp, sequenceNumber uint64, origin *Origin) *L1Attributes {
	header, system := origin.Header, &origin.System
	attributes := &L1Attributes{
		Form: EcotoneAttributes, Number: header.Number, Timestamp: header.Timestamp, BaseFee: header.BaseFee,
		BlobBaseFee: rollup.blobBaseFee(header.Timestamp, header.ExcessBlobGas), Hash: origin.Hash,
		SequenceNumber: sequenceNumber, BaseFeeScalar: system.BaseFeeScalar, BlobBaseFeeScalar: system.BlobBaseFeeScalar,
	}
	copy(attributes.BatcherHash[wordBytes-len(system.Batcher):], system.Batcher[:])
	uses := func(fork config.Fork) bool {
		return rollup.Chain.IsActive(fork, timestamp) && !rollup.isFirst(fork, timestamp)
	}
	if uses(config.Isthmus) {
		attributes.Form = IsthmusAttributes
		attributes.OperatorFeeScalar, attributes.OperatorFeeConstant = system.OperatorFeeScalar, system.OperatorFeeConstant
	}

	if uses(config.Jovian) {
		attributes.Form = JovianAttributes
		attributes.DAFootprintScalar = system.DAFootprintScalar
		if attributes.DAFootprintScalar == 0 {
			attributes.DAFootprintScalar = defaultDAFootprintScalar
		}
	}

	return attributes
}

func min64(left, right uint64) uint64 {
	if left < right {
		return left
	}

	return right
}
