package chain

import (
	"bytes"

	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/secp256k1"
)

// Address is an account's address.
type Address = secp256k1.Address

// Transaction types; a legacy transaction has none and starts like any list.
const (
	dynamicFeeType = 0x02
	depositType    = 0x7e
)

// Call is what this program needs of a signed transaction.
type Call struct {
	// To is the account called.
	To Address
	// Data is what it was called with.
	Data []byte

	signed keccak.Hash
	r, s   []byte
	isOddY bool
}

// DecodeCall reads a signed transaction of type 0 or 2 that calls an account. False for anything else:
// such a transaction brings no batch.
func DecodeCall(data []byte) (Call, bool) {
	if len(data) == 0 {
		return Call{}, false
	}

	if data[0] == dynamicFeeType {
		return decodeDynamicFee(data)
	}

	return decodeLegacy(data)
}

// Sender returns the account that signed the call. It costs more than all other work on a transaction, so
// it is asked last.
func (call Call) Sender() (Address, bool) {
	return secp256k1.Recover(call.signed, call.r, call.s, call.isOddY)
}

// decodeDynamicFee reads [chainId, nonce, maxPriorityFee, maxFee, gas, to, value, data, accessList, yParity, r, s].
func decodeDynamicFee(data []byte) (Call, bool) {
	fields, err := rlp.List(data[1:])
	if err != nil || len(fields) != 12 {
		return Call{}, false
	}

	parity, err := fields[9].Uint64()
	if err != nil || parity > 1 {
		return Call{}, false
	}

	call, isCall := newCall(fields, 5, parity == 1)
	call.signed = keccak.Sum(data[:1], rlp.EncodeList(raw(fields[:9])...))
	return call, isCall
}

// decodeLegacy reads [nonce, gasPrice, gas, to, value, data, v, r, s].
func decodeLegacy(data []byte) (Call, bool) {
	fields, err := rlp.List(data)
	if err != nil || len(fields) != 9 {
		return Call{}, false
	}

	v, err := fields[6].Uint64()
	if err != nil || v < 27 || v > 28 && v < 35 {
		return Call{}, false
	}

	signed := raw(fields[:6])
	if v >= 35 {
		// EIP-155: the chain's id is part of what was signed, and v carries it back.
		zero := rlp.EncodeUint64(0)
		signed = append(signed, rlp.EncodeUint64((v-35)/2), zero, zero)
	}

	call, isCall := newCall(fields, 3, v&1 == 0)
	call.signed = keccak.Sum(rlp.EncodeList(signed...))
	return call, isCall
}

func newCall(fields []rlp.Item, to int, isOddY bool) (Call, bool) {
	target, err := fields[to].Bytes(len(Address{}))
	r, s, input := fields[len(fields)-2], fields[len(fields)-1], fields[to+2]
	if err != nil || r.IsList || s.IsList || input.IsList {
		return Call{}, false
	}

	call := Call{Data: input.Content, r: r.Content, s: s.Content, isOddY: isOddY}
	copy(call.To[:], target)
	return call, true
}

func raw(items []rlp.Item) [][]byte {
	encodings := make([][]byte, len(items), len(items)+3)
	for index, item := range items {
		encodings[index] = item.Raw
	}

	return encodings
}

// Attributes is what the first transaction of an L2 block says about L1.
type Attributes struct {
	// Origin names the L1 block that the L2 block belongs to.
	Origin keccak.Hash
	// OriginNumber is its number.
	OriginNumber uint64
	// Batcher is the account that posts batches.
	Batcher Address
}

var (
	attributesDepositor = Address{
		0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad,
		0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0x00, 0x01,
	}
	attributesContract = Address{0x42, 19: 0x15}
	attributesSelector = keccak.Sum([]byte("setL1BlockValuesEcotone()"))
)

// Places in the packed call of setL1BlockValuesEcotone: selector 4, two fee scalars 4 each, sequence number 8,
// time 8, number 8, two base fees 32 each, hash 32, batcher 32.
const (
	attributesNumber  = 28
	attributesHash    = 100
	attributesBatcher = 132
	attributesEnd     = 164
)

// DecodeAttributes reads the deposit that tells an L2 block about L1; false if the transaction is another.
func DecodeAttributes(data []byte) (Attributes, bool) {
	if len(data) == 0 || data[0] != depositType {
		return Attributes{}, false
	}

	// [sourceHash, from, to, mint, value, gas, isSystemTransaction, data]
	fields, err := rlp.List(data[1:])
	if err != nil || len(fields) != 8 || fields[7].IsList {
		return Attributes{}, false
	}

	input := fields[7].Content
	if !bytes.Equal(fields[1].Content, attributesDepositor[:]) ||
		!bytes.Equal(fields[2].Content, attributesContract[:]) ||
		len(input) != attributesEnd || !bytes.Equal(input[:4], attributesSelector[:4]) {
		return Attributes{}, false
	}

	var attributes Attributes
	for _, digit := range input[attributesNumber : attributesNumber+8] {
		attributes.OriginNumber = attributes.OriginNumber<<8 | uint64(digit)
	}

	copy(attributes.Origin[:], input[attributesHash:])
	copy(attributes.Batcher[:], input[attributesBatcher+12:])
	return attributes, true
}
