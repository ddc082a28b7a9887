package derive

import (
	"encoding/binary"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/state"
)

// updateEvent is ConfigUpdate(uint256 indexed version, uint8 indexed updateType, bytes data) of the SystemConfig contract
// (system-config.md, "System Config Updates").
var updateEvent = keccak.Sum([]byte("ConfigUpdate(uint256,uint8,bytes)"))

// Types of updates. Type 3 names who signs blocks that are not derived yet, which is nothing to derivation.
const (
	updateBatcher       = 0
	updateScalars       = 1
	updateGasLimit      = 2
	updateFeeParameters = 4
	updateOperatorFee   = 5
	updateMinBaseFee    = 6
	updateDAFootprint   = 7
)

// SystemConfig is what the SystemConfig contract on L1 says about the L2, as of an L1 block.
type SystemConfig config.SystemConfig

// Update applies the updates of an L1 block. What cannot be read is skipped. The result rules all of that block, for the
// batcher's key as for the L2 blocks whose origin it is.
func (system *SystemConfig) Update(events *Events) {
	for index := range events.Updates {
		system.apply(&events.Updates[index])
	}
}

// apply does nothing if a log is of an unknown version or type, or malformed.
func (system *SystemConfig) apply(log *state.Log) {
	kind, isKind := uint64Word(log.Topics[2][:], 0)
	content, isRight := soleBytes(log.Data)
	if log.Topics[1] != (keccak.Hash{}) || !isKind || !isRight {
		return
	}

	if kind == updateScalars {
		if len(content) == 2*wordBytes {
			(*config.SystemConfig)(system).SetScalars(content[wordBytes:])
		}

		return
	}

	if len(content) != wordBytes {
		return
	}

	value := binary.BigEndian.Uint64(content[24:])
	switch kind {
	case updateBatcher:
		if isZero(content[:12]) {
			copy(system.Batcher[:], content[12:])
		}
	case updateGasLimit:
		if isZero(content[:24]) {
			system.GasLimit = value
		}
	case updateFeeParameters:
		// holocene/system-config.md: denominator << 32 | elasticity.
		if isZero(content[:24]) {
			copy(system.FeeParameters[:], content[24:])
		}
	case updateOperatorFee:
		// isthmus/system-config.md: scalar << 64 | constant.
		if isZero(content[:20]) {
			system.OperatorFeeScalar, system.OperatorFeeConstant = binary.BigEndian.Uint32(content[20:]), value
		}
	case updateMinBaseFee:
		if isZero(content[:24]) {
			system.MinBaseFee = value
		}
	case updateDAFootprint:
		if isZero(content[:30]) {
			system.DAFootprintScalar = uint16(value)
		}
	}
}

// SystemOf reads the configuration that an L2 block was made with out of the block: its header, and its first transaction.
// What its fork has no place for is lost, as the rules have it (derivation.md, "Deriving Payload Attributes": the
// configuration is that "of the parent block"). The first block of the chain has no such transaction; its configuration is
// the rollup's. The error is a *MalformedError.
func (rollup *Rollup) SystemOf(header *block.Header, attributes *L1Attributes) (SystemConfig, error) {
	system := SystemConfig{
		BaseFeeScalar: attributes.BaseFeeScalar, BlobBaseFeeScalar: attributes.BlobBaseFeeScalar,
		GasLimit: header.GasLimit, OperatorFeeScalar: attributes.OperatorFeeScalar,
		OperatorFeeConstant: attributes.OperatorFeeConstant, DAFootprintScalar: attributes.DAFootprintScalar,
	}
	copy(system.Batcher[:], attributes.BatcherHash[wordBytes-len(system.Batcher):])
	if !rollup.Chain.IsActive(config.Holocene, header.Timestamp) {
		return system, nil
	}

	var isRight bool
	system.FeeParameters, system.MinBaseFee, isRight = header.FeeParameters(rollup.Chain)
	if !isRight {
		return system, malformed("an L2 block's extra data are not of its time's form")
	}

	return system, nil
}
