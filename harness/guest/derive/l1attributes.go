package derive

import (
	"encoding/binary"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/u256"
)

// AttributesForm is the form of the call with which each L2 block begins (deposits.md, "L1 Attributes Deposited
// Transaction Calldata"; l1-attributes.md of Ecotone, Isthmus and Jovian).
type AttributesForm int

// The forms, each named by the fork after whose first block it is used.
const (
	BedrockAttributes AttributesForm = iota
	EcotoneAttributes
	IsthmusAttributes
	JovianAttributes
)

// attributesForms are the selector and the length of the calldata of each form: setL1BlockValues(uint64,uint64,uint256,
// bytes32,uint64,bytes32,uint256,uint256), setL1BlockValuesEcotone(), setL1BlockValuesIsthmus(),
// setL1BlockValuesJovian().
var attributesForms = [...]struct {
	selector uint32
	length   int
}{{0x015d8eb9, 4 + 8*wordBytes}, {0x440a5e20, 164}, {0x098999be, 176}, {0x3db6be2b, 178}}

// attributesGasLimit is that of the deposit since Regolith.
const attributesGasLimit = 1_000_000

var (
	// attributesDepositor sends the deposit, l1BlockContract takes it (deposits.md, "Special Accounts on L2").
	attributesDepositor = block.Address{
		0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0, 1,
	}
	l1BlockContract = block.Address{0: 0x42, 19: 0x15}
)

// L1Attributes is what an L2 block says about its L1 origin. Fields that a form does not have are zero.
type L1Attributes struct {
	Form AttributesForm
	// Number, Timestamp, BaseFee, BlobBaseFee and Hash are those of the L1 origin.
	Number, Timestamp    uint64
	BaseFee, BlobBaseFee u256.Int
	Hash                 keccak.Hash
	// SequenceNumber is the L2 block's place in its epoch.
	SequenceNumber uint64
	// BatcherHash is the batcher's address as a word.
	BatcherHash [wordBytes]byte
	// Overhead and Scalar are Bedrock's L1 fee.
	Overhead, Scalar [wordBytes]byte
	// BaseFeeScalar and BlobBaseFeeScalar are Ecotone's.
	BaseFeeScalar, BlobBaseFeeScalar uint32
	// OperatorFeeScalar and OperatorFeeConstant are Isthmus's.
	OperatorFeeScalar   uint32
	OperatorFeeConstant uint64
	// DAFootprintScalar is Jovian's.
	DAFootprintScalar uint16
}

// Encode writes the calldata.
func (attributes *L1Attributes) Encode() []byte {
	form := attributesForms[attributes.Form]
	data := binary.BigEndian.AppendUint32(make([]byte, 0, form.length), form.selector)
	baseFee, blobBaseFee := attributes.BaseFee.Bytes32(), attributes.BlobBaseFee.Bytes32()
	if attributes.Form == BedrockAttributes {
		padding := make([]byte, wordBytes-8)
		data = binary.BigEndian.AppendUint64(append(data, padding...), attributes.Number)
		data = binary.BigEndian.AppendUint64(append(data, padding...), attributes.Timestamp)
		data = append(append(data, baseFee[:]...), attributes.Hash[:]...)
		data = binary.BigEndian.AppendUint64(append(data, padding...), attributes.SequenceNumber)
		data = append(append(data, attributes.BatcherHash[:]...), attributes.Overhead[:]...)
		return append(data, attributes.Scalar[:]...)
	}

	data = binary.BigEndian.AppendUint32(data, attributes.BaseFeeScalar)
	data = binary.BigEndian.AppendUint32(data, attributes.BlobBaseFeeScalar)
	data = binary.BigEndian.AppendUint64(data, attributes.SequenceNumber)
	data = binary.BigEndian.AppendUint64(data, attributes.Timestamp)
	data = binary.BigEndian.AppendUint64(data, attributes.Number)
	data = append(append(data, baseFee[:]...), blobBaseFee[:]...)
	data = append(append(data, attributes.Hash[:]...), attributes.BatcherHash[:]...)
	if attributes.Form >= IsthmusAttributes {
		data = binary.BigEndian.AppendUint32(data, attributes.OperatorFeeScalar)
		data = binary.BigEndian.AppendUint64(data, attributes.OperatorFeeConstant)
	}

	if attributes.Form >= JovianAttributes {
		data = binary.BigEndian.AppendUint16(data, attributes.DAFootprintScalar)
	}

	return data
}

// DecodeL1Attributes reads calldata of any form; each has exactly one length.
func DecodeL1Attributes(data []byte) (*L1Attributes, error) {
	if len(data) < 4 {
		return nil, malformed("L1 attributes are too short")
	}

	for form := range attributesForms {
		if binary.BigEndian.Uint32(data) != attributesForms[form].selector {
			continue
		}

		if len(data) != attributesForms[form].length {
			return nil, malformed("L1 attributes have another length than their form")
		}

		attributes := &L1Attributes{Form: AttributesForm(form)}
		if attributes.Form == BedrockAttributes {
			return attributes, attributes.readBedrock(data[4:])
		}

		attributes.readPacked(data)
		return attributes, nil
	}

	return nil, malformed("L1 attributes are of an unknown form")
}

func (attributes *L1Attributes) readBedrock(words []byte) error {
	var isNumber, isTime, isSequence bool
	attributes.Number, isNumber = uint64Word(words, 0)
	attributes.Timestamp, isTime = uint64Word(words, 1)
	attributes.BaseFee.SetBytes(word(words, 2))
	copy(attributes.Hash[:], word(words, 3))
	attributes.SequenceNumber, isSequence = uint64Word(words, 4)
	copy(attributes.BatcherHash[:], word(words, 5))
	copy(attributes.Overhead[:], word(words, 6))
	copy(attributes.Scalar[:], word(words, 7))
	if !isNumber || !isTime || !isSequence {
		return malformed("a number in L1 attributes is too large")
	}

	return nil
}

func (attributes *L1Attributes) readPacked(data []byte) {
	attributes.BaseFeeScalar = binary.BigEndian.Uint32(data[4:])
	attributes.BlobBaseFeeScalar = binary.BigEndian.Uint32(data[8:])
	attributes.SequenceNumber = binary.BigEndian.Uint64(data[12:])
	attributes.Timestamp = binary.BigEndian.Uint64(data[20:])
	attributes.Number = binary.BigEndian.Uint64(data[28:])
	attributes.BaseFee.SetBytes(data[36:68])
	attributes.BlobBaseFee.SetBytes(data[68:100])
	copy(attributes.Hash[:], data[100:132])
	copy(attributes.BatcherHash[:], data[132:164])
	if attributes.Form >= IsthmusAttributes {
		attributes.OperatorFeeScalar = binary.BigEndian.Uint32(data[164:])
		attributes.OperatorFeeConstant = binary.BigEndian.Uint64(data[168:])
	}

	if attributes.Form >= JovianAttributes {
		attributes.DAFootprintScalar = binary.BigEndian.Uint16(data[176:])
	}
}

// Deposit is the first transaction of the L2 block that these attributes belong to.
func (attributes *L1Attributes) Deposit() *block.Transaction {
	to := l1BlockContract
	return &block.Transaction{
		Type: block.DepositType, SourceHash: AttributesSource(attributes.Hash, attributes.SequenceNumber),
		From: attributesDepositor, To: &to, GasLimit: attributesGasLimit, Data: attributes.Encode(),
	}
}
