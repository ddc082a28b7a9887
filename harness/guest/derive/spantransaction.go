package derive

import (
	"culverin/guest/block"
	"culverin/guest/rlp"
)

// spanContent is what tx_datas say about one transaction, each field as it is encoded in the transaction too:
//
//	legacy  rlp_encode(value, gasPrice, data)
//	1       0x01 ++ rlp_encode(value, gasPrice, data, accessList)
//	2       0x02 ++ rlp_encode(value, max_priority_fee_per_gas, max_fee_per_gas, data, access_list)
//	4       0x04 ++ rlp_encode(value, max_priority_fee_per_gas, max_fee_per_gas, data, access_list, authorization_list)
//
// (delta/span-batches.md, "Span batch format"; isthmus/derivation.md, "Span Batch Updates").
type spanContent struct {
	kind byte
	// value is a number; prices are one or two of them, one after the other; data is a string.
	value, prices, data []byte
	// lists are the access list and the list of authorizations, where the type has them.
	lists []byte
}

// numberBytesMax is the longest number that a transaction can hold.
const numberBytesMax = 32

// content reads one of tx_datas.
func (data *cursor) content() (content spanContent) {
	if len(data.rest) > 0 && data.rest[0] < stringFirst {
		content.kind = data.take(1)[0]
		// A legacy transaction has no type byte.
		data.failed = data.failed || content.kind == block.LegacyType
	}

	fields := &cursor{rest: listContent(data.item(true))}
	content.value = fields.number()
	switch content.kind {
	case block.LegacyType:
		content.prices = fields.number()
		content.data = fields.item(false)
	case block.AccessListType:
		content.prices = fields.number()
		content.data = fields.item(false)
		content.lists = fields.item(true)
	case block.DynamicFeeType, block.SetCodeType:
		prices := fields.rest
		tip, cap := fields.number(), fields.number()
		content.prices = prices[:len(tip)+len(cap)]
		content.data = fields.item(false)
		content.lists = fields.rest
		fields.item(true)
		if content.kind == block.SetCodeType {
			fields.item(true)
		}
	default:
		fields.failed = true
	}

	if fields.failed || len(fields.rest) > 0 {
		data.failed, data.rest = true, nil
	}

	return content
}

// listContent is what stands behind a list's head.
func listContent(list []byte) []byte {
	start, _, _, err := rlp.Head(list)
	if err != nil {
		return nil
	}

	return list[start:]
}

// number reads an RLP number of at most 256 bits, and returns its encoding.
func (data *cursor) number() []byte {
	encoded := data.item(false)
	start, length, _, err := rlp.Head(encoded)
	if err != nil || length > numberBytesMax || length > 0 && encoded[start] == 0 {
		data.failed, data.rest = true, nil
		return nil
	}

	return encoded
}

// appendTransaction rebuilds the next transaction as it was signed, and adds it to a list.
func (blocks *SpanBlocks) appendTransaction(list TransactionList) TransactionList {
	columns, index := &blocks.columns, blocks.transaction
	blocks.transaction++
	content := columns.contents.content()
	signature := columns.signatures.take(signatureBytes)
	nonce, gasLimit := rlp.EncodeUint64(columns.nonces.uvarint()), rlp.EncodeUint64(columns.gasLimits.uvarint())
	target := rlp.EncodeBytes(nil)
	if !columns.creationBits.at(index) {
		target = rlp.EncodeBytes(columns.targets.take(targetBytes))
	}

	parity := uint64(0)
	if columns.parityBits.at(index) {
		parity = 1
	}

	r, s := rlp.EncodeBytes(trimmed(signature[:32])), rlp.EncodeBytes(trimmed(signature[32:]))
	if content.kind == block.LegacyType {
		// delta/span-batches.md, "Store y_parity and protected_bit instead of v".
		v := 27 + parity
		if columns.protectedBits.at(blocks.legacy) {
			v = 35 + 2*blocks.chainID + parity
		}

		blocks.legacy++
		return rlp.AppendBytes(list, rlp.EncodeList(nonce, content.prices, gasLimit, target, content.value, content.data,
			rlp.EncodeUint64(v), r, s))
	}

	fields := rlp.EncodeList(rlp.EncodeUint64(blocks.chainID), nonce, content.prices, gasLimit, target, content.value,
		content.data, content.lists, rlp.EncodeUint64(parity), r, s)
	return rlp.AppendBytes(list, append([]byte{content.kind}, fields...))
}

// skipTransaction leaves the next transaction out.
func (blocks *SpanBlocks) skipTransaction() {
	columns, index := &blocks.columns, blocks.transaction
	blocks.transaction++
	if columns.contents.content().kind == block.LegacyType {
		blocks.legacy++
	}

	columns.signatures.take(signatureBytes)
	columns.nonces.uvarint()
	columns.gasLimits.uvarint()
	if !columns.creationBits.at(index) {
		columns.targets.take(targetBytes)
	}
}

// trimmed is a number without leading zeros.
func trimmed(digits []byte) []byte {
	for len(digits) > 0 && digits[0] == 0 {
		digits = digits[1:]
	}

	return digits
}
