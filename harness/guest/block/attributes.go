package block

import (
	"culverin/guest/rlp"
)

// Attributes is what the derivation of a block says about it; execution says the rest (exec-engine.md, "Extended
// PayloadAttributesV3").
type Attributes struct {
	// Timestamp is in seconds.
	Timestamp uint64
	// PrevRandao is L1's.
	PrevRandao [32]byte
	// FeeRecipient receives the tips.
	FeeRecipient Address
	// ParentBeaconRoot is that of the L1 origin.
	ParentBeaconRoot [32]byte
	// GasLimit is the block's.
	GasLimit uint64
	// FeeParameters are EIP-1559's denominator and elasticity, four bytes each; zeros stand for the chain's constants.
	// They are there since Holocene.
	FeeParameters    [8]byte
	HasFeeParameters bool
	// MinBaseFee is in wei; it is there since Jovian.
	MinBaseFee    uint64
	HasMinBaseFee bool
	// Transactions are all of the block, each as it stands in it.
	Transactions [][]byte
}

// Encode writes the attributes as one RLP list, in the order of the fields, the two optional ones as lists of none or one
// item. It is the form in which a program inside the virtual machine is given a block.
func (attributes *Attributes) Encode() []byte {
	parameters, minimum := rlp.EncodeList(), rlp.EncodeList()
	if attributes.HasFeeParameters {
		parameters = rlp.EncodeList(rlp.EncodeBytes(attributes.FeeParameters[:]))
	}

	if attributes.HasMinBaseFee {
		minimum = rlp.EncodeList(rlp.EncodeUint64(attributes.MinBaseFee))
	}

	transactions := make([][]byte, len(attributes.Transactions))
	for index, transaction := range attributes.Transactions {
		transactions[index] = rlp.EncodeBytes(transaction)
	}

	return rlp.EncodeList(rlp.EncodeUint64(attributes.Timestamp), rlp.EncodeBytes(attributes.PrevRandao[:]),
		rlp.EncodeBytes(attributes.FeeRecipient[:]), rlp.EncodeBytes(attributes.ParentBeaconRoot[:]),
		rlp.EncodeUint64(attributes.GasLimit), parameters, minimum, rlp.EncodeList(transactions...))
}

// DecodeAttributes reads what Encode wrote.
func DecodeAttributes(data []byte) (*Attributes, error) {
	list := openFields(data, 8, 8)
	attributes := &Attributes{Timestamp: list.uint64(), PrevRandao: list.hash()}
	attributes.FeeRecipient = list.address()
	attributes.ParentBeaconRoot = list.hash()
	attributes.GasLimit = list.uint64()
	parameters := list.sublist()
	if len(parameters.items) > 0 {
		attributes.HasFeeParameters = true
		parameters.exactly(attributes.FeeParameters[:])
	}

	minimum := list.sublist()
	if len(minimum.items) > 0 {
		attributes.HasMinBaseFee = true
		attributes.MinBaseFee = minimum.uint64()
	}

	transactions := list.sublist()
	for len(transactions.items) > 0 && !transactions.failed {
		attributes.Transactions = append(attributes.Transactions, transactions.bytes())
	}

	if !list.isComplete() || !parameters.isComplete() || !minimum.isComplete() || transactions.failed {
		return nil, ErrMalformed
	}

	return attributes, nil
}
