package block

import (
	"culverin/guest/config"
	"culverin/guest/u256"
)

// Where fees go (predeploys.md), and the contract with the L1 attributes.
var (
	sequencerFeeVault = Address{0: 0x42, 19: 0x11}
	l1Block           = Address{0: 0x42, 19: 0x15}
	messagePasser     = Address{0: 0x42, 19: 0x16}
	baseFeeVault      = Address{0: 0x42, 19: 0x19}
	l1FeeVault        = Address{0: 0x42, 19: 0x1a}
	operatorFeeVault  = Address{0: 0x42, 19: 0x1b}
)

// Storage slots of the L1 attributes contract (exec-engine.md, "Pre-Ecotone" and "Ecotone L1-Cost fee changes";
// isthmus/exec-engine.md, "Configuring Operator Fee Parameters"; jovian/exec-engine.md, "Scalar loading").
const (
	slotBaseFee     = 1
	slotScalars     = 3
	slotOverhead    = 5
	slotScalar      = 6
	slotBlobBaseFee = 7
	slotOperatorFee = 8
)

// l1Attributes is what the fees of a block's transactions depend on.
type l1Attributes struct {
	baseFee, blobBaseFee u256.Int
	// overhead and scalar are Bedrock's.
	overhead, scalar u256.Int
	// baseFeeScalar and blobBaseFeeScalar are Ecotone's, in millionths.
	baseFeeScalar, blobBaseFeeScalar uint32
	// operatorScalar and operatorConstant are Isthmus's.
	operatorScalar   uint32
	operatorConstant uint64
	// footprintScalar is Jovian's.
	footprintScalar uint16
}

// l1 reads the attributes of the block, which its first transaction has set.
func (context *Context) l1() *l1Attributes {
	if context.attributes != nil {
		return context.attributes
	}

	read := func(number uint64) u256.Int {
		slot := u256.New(number)
		return context.Machine.State.Storage(l1Block, &slot)
	}
	attributes := &l1Attributes{baseFee: read(slotBaseFee)}
	if context.IsFirstOfEcotone {
		attributes.overhead, attributes.scalar = read(slotOverhead), read(slotScalar)
	} else {
		attributes.blobBaseFee = read(slotBlobBaseFee)
		scalars := read(slotScalars)
		word := scalars.Bytes32()

		// Offsets count from the word's end, as Solidity packs: 12 and 8.
		attributes.baseFeeScalar = bigEndian32(word[16:])
		attributes.blobBaseFeeScalar = bigEndian32(word[20:])
	}

	if context.rules().Isthmus {
		operator := read(slotOperatorFee)
		word := operator.Bytes32()

		// isthmus/exec-engine.md says: the scalar at offset 0, the constant at offset 4. Counted as above, that would
		// overlap Jovian's scalar at offset 12 (of two bytes) with nothing and leave a hole; the contract stores the
		// twelve bytes of the attributes' calldata, scalar first, as one number. So the constant is at offset 0 and the
		// scalar at offset 8, which is also what local nodes do.
		attributes.operatorConstant = uint64(bigEndian32(word[24:]))<<32 | uint64(bigEndian32(word[28:]))
		attributes.operatorScalar = bigEndian32(word[20:])
		attributes.footprintScalar = uint16(word[18])<<8 | uint16(word[19])
	}

	context.attributes = attributes
	return attributes
}

func bigEndian32(data []byte) uint32 {
	return uint32(data[0])<<24 | uint32(data[1])<<16 | uint32(data[2])<<8 | uint32(data[3])
}

// fee is the L1 fee of a transaction in wei (exec-engine.md, "L1-Cost fees"). A fee of more than 256 bits is the highest
// number: nobody can pay either.
func (attributes *l1Attributes) fee(context *Context, transaction *Transaction) u256.Int {
	switch {
	case context.IsFirstOfEcotone:
		return attributes.bedrockFee(transaction.Encoded)
	case context.rules().Fjord:
		return attributes.fjordFee(transaction.Encoded)
	}

	return attributes.ecotoneFee(transaction.Encoded)
}

// bedrockFee is (rollupDataGas + overhead) · baseFee · scalar / 1e6 (exec-engine.md, "Pre-Ecotone", with Regolith).
func (attributes *l1Attributes) bedrockFee(encoded []byte) u256.Int {
	gas := u256.New(dataGas(encoded))
	var sum u256.Int
	if sum.AddOverflow(&gas, &attributes.overhead) {
		return highest
	}

	return product(1_000_000, &sum, &attributes.baseFee, &attributes.scalar)
}

// ecotoneFee is dataGas · (16 · baseFee · baseFeeScalar + blobBaseFee · blobBaseFeeScalar) / 16e6
// (exec-engine.md, "Ecotone L1-Cost fee changes").
func (attributes *l1Attributes) ecotoneFee(encoded []byte) u256.Int {
	gas := u256.New(dataGas(encoded))
	price := attributes.scaledPrice()
	return product(16_000_000, &gas, &price)
}

// fjordFee is max(100e6, 836,500 · fastLZ size − 42,585,600) · the same price / 1e12 (fjord/exec-engine.md, "Fjord
// L1-Cost fee changes").
func (attributes *l1Attributes) fjordFee(encoded []byte) u256.Int {
	size := u256.New(scaledSize(encoded))
	price := attributes.scaledPrice()
	return product(1_000_000_000_000, &size, &price)
}

func (attributes *l1Attributes) scaledPrice() (sum u256.Int) {
	baseScalar := u256.New(16 * uint64(attributes.baseFeeScalar))
	blobScalar := u256.New(uint64(attributes.blobBaseFeeScalar))
	execution := product(1, &attributes.baseFee, &baseScalar)
	blob := product(1, &attributes.blobBaseFee, &blobScalar)
	if sum.AddOverflow(&execution, &blob) {
		return highest
	}

	return sum
}

var highest = func() (value u256.Int) {
	value.Not(&value)
	return value
}()

// product multiplies and then divides; the highest number if the product does not fit.
func product(divisor uint64, factors ...*u256.Int) u256.Int {
	result, by := u256.New(1), u256.New(divisor)
	for _, factor := range factors {
		if result.MulOverflow(&result, factor) {
			return highest
		}
	}

	result.Div(&result, &by)
	return result
}

// dataGas counts a byte as EIP-2028 does.
func dataGas(encoded []byte) (gas uint64) {
	for _, octet := range encoded {
		if octet == 0 {
			gas += zeroByteGas
		} else {
			gas += otherByteGas
		}
	}

	return gas
}

// operatorFee is the operator's share of a transaction's price.
type operatorFee struct {
	scalar, constant uint64
	divisor          uint64
}

// operatorFee: gas · scalar / 1e6 + constant (isthmus/exec-engine.md, "Operator Fee"), from Jovian on
// gas · scalar · 100 + constant (jovian/exec-engine.md, "Operator Fee"), nothing before.
func (attributes *l1Attributes) operatorFee(rules *config.Rules) operatorFee {
	fee := operatorFee{uint64(attributes.operatorScalar), attributes.operatorConstant, 1_000_000}
	switch {
	case rules.Jovian:
		fee.scalar *= 100
		fee.divisor = 1
	case !rules.Isthmus:
		return operatorFee{}
	}

	return fee
}

// of is the fee for some gas; 103 bits at most.
func (fee operatorFee) of(gas uint64) (sum u256.Int) {
	if fee.divisor == 0 {
		return sum
	}

	units, scalar, constant := u256.New(gas), u256.New(fee.scalar), u256.New(fee.constant)
	sum = product(fee.divisor, &units, &scalar)
	sum.Add(&sum, &constant)
	return sum
}

// footprint is a transaction's share of the data that a block may bring to L1, in gas: the estimated size in bytes by
// the scalar (jovian/exec-engine.md, "DA Footprint Block Limit"). A scalar of zero stands for 400
// (jovian/l1-attributes.md).
func (attributes *l1Attributes) footprint(transaction *Transaction) uint64 {
	scalar := uint64(attributes.footprintScalar)
	if scalar == 0 {
		scalar = 400
	}

	return scaledSize(transaction.Encoded) / 1_000_000 * scalar
}
