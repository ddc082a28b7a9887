package block

import (
	"culverin/guest/config"
	"culverin/guest/u256"
)

// Versions of a header's extra data: Holocene's 0 ‖ u32 denominator ‖ u32 elasticity (holocene/exec-engine.md, "EIP-1559
// Parameters in Block Header"), and Jovian's 1 ‖ the same ‖ u64 minimum base fee (jovian/exec-engine.md, "Minimum Base
// Fee in Block Header"). All big-endian.
const (
	holoceneVersion    = 0
	holoceneExtraBytes = 9
	jovianVersion      = 1
	jovianExtraBytes   = 17
)

// feeParameters rule how the base fee moves from a block to the next.
type feeParameters struct {
	denominator, elasticity uint64
	// minimum is Jovian's, in wei.
	minimum uint64
}

// parametersAfter returns the parameters that a parent's header sets for the next block; false if its extra data are not
// of the form that its time demands. Before Holocene they are the chain's constants (holocene/exec-engine.md, "Base Fee
// Computation").
func parametersAfter(chain *config.Chain, parent *Header) (feeParameters, bool) {
	if !chain.IsActive(config.Holocene, parent.Timestamp) {
		denominator, elasticity := chain.FeeConstants(parent.Timestamp)
		return feeParameters{denominator: denominator, elasticity: elasticity}, true
	}

	packed, minimum, isRight := parent.FeeParameters(chain)
	parameters := feeParameters{
		denominator: uint64(bigEndian32(packed[:4])), elasticity: uint64(bigEndian32(packed[4:])), minimum: minimum,
	}
	return parameters, isRight && parameters.denominator != 0 && parameters.elasticity != 0
}

// FeeParameters reads what a header since Holocene says about the base fees after it: EIP-1559's denominator and
// elasticity, four bytes each, and since Jovian the minimum in wei. False if its extra data are not of the form of its
// time.
func (header *Header) FeeParameters(chain *config.Chain) (parameters [8]byte, minimum uint64, isRight bool) {
	extra := header.ExtraData
	version, length := byte(holoceneVersion), holoceneExtraBytes
	if chain.IsActive(config.Jovian, header.Timestamp) {
		version, length = jovianVersion, jovianExtraBytes
	}

	if len(extra) != length || extra[0] != version {
		return parameters, 0, false
	}

	copy(parameters[:], extra[1:])
	if version == jovianVersion {
		minimum = uint64(bigEndian32(extra[9:]))<<32 | uint64(bigEndian32(extra[13:]))
	}

	return parameters, minimum, true
}

// nextBaseFee is EIP-1559's formula. From Jovian on the gas that counts is the higher one of gas used and DA footprint,
// which stands where L1 has blob gas, and the result has a minimum (jovian/exec-engine.md).
func nextBaseFee(chain *config.Chain, parent *Header) (fee u256.Int, isKnown bool) {
	parameters, isKnown := parametersAfter(chain, parent)
	if !isKnown || parent.GasLimit/parameters.elasticity == 0 {
		return fee, false
	}

	used := parent.GasUsed
	if chain.IsActive(config.Jovian, parent.Timestamp) && parent.BlobGasUsed > used {
		used = parent.BlobGasUsed
	}

	fee = movedBaseFee(&parent.BaseFee, used, parent.GasLimit/parameters.elasticity, parameters.denominator)
	if minimum := u256.New(parameters.minimum); fee.IsBelow(&minimum) {
		fee = minimum
	}

	return fee, true
}

func movedBaseFee(fee *u256.Int, used, target, denominator uint64) u256.Int {
	result := *fee
	if used == target {
		return result
	}

	distance := used - target
	if used < target {
		distance = target - used
	}

	gas, by := u256.New(distance), u256.New(target)
	var change u256.Int
	change.Mul(fee, &gas)
	change.Div(&change, &by)
	by.SetUint64(denominator)
	change.Div(&change, &by)
	if used < target {
		result.Sub(&result, &change)
		return result
	}

	if change.IsZero() {
		change.SetUint64(1)
	}

	result.Add(&result, &change)
	return result
}

// extraData is what the header of a block with these attributes holds (holocene/exec-engine.md, "Payload Attributes
// Processing": zeros stand for the chain's constants).
func extraData(chain *config.Chain, rules *config.Rules, attributes *Attributes) ([]byte, bool) {
	if !rules.Holocene {
		return nil, !attributes.HasFeeParameters
	}

	parameters := attributes.FeeParameters
	if parameters == ([8]byte{}) {
		denominator, elasticity := chain.FeeConstants(attributes.Timestamp)
		putBigEndian32(parameters[:4], uint32(denominator))
		putBigEndian32(parameters[4:], uint32(elasticity))
	}

	if !attributes.HasFeeParameters || bigEndian32(parameters[:4]) == 0 || bigEndian32(parameters[4:]) == 0 ||
		attributes.HasMinBaseFee != rules.Jovian {
		return nil, false
	}

	extra := append([]byte{holoceneVersion}, parameters[:]...)
	if rules.Jovian {
		extra[0] = jovianVersion
		for shift := 56; shift >= 0; shift -= 8 {
			extra = append(extra, byte(attributes.MinBaseFee>>uint(shift)))
		}
	}

	return extra, true
}

func putBigEndian32(target []byte, value uint32) {
	target[0], target[1], target[2], target[3] = byte(value>>24), byte(value>>16), byte(value>>8), byte(value)
}
