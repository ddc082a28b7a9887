package block

import (
	"culverin/guest/rlp"
	"culverin/guest/u256"
)

// Encode writes the transaction as Decode reads it, from its fields alone.
func (transaction *Transaction) Encode() []byte {
	var list [][]byte
	add := func(items ...[]byte) { list = append(list, items...) }
	switch transaction.Type {
	case DepositType:
		add(rlp.EncodeBytes(transaction.SourceHash[:]), rlp.EncodeBytes(transaction.From[:]), transaction.encodeTo(),
			encodeNumber(&transaction.Mint), encodeNumber(&transaction.Value), rlp.EncodeUint64(transaction.GasLimit),
			rlp.EncodeUint64(0), rlp.EncodeBytes(transaction.Data))
		return append([]byte{DepositType}, rlp.EncodeList(list...)...)
	case LegacyType:
		add(rlp.EncodeUint64(transaction.Nonce), encodeNumber(&transaction.FeeCap))
	default:
		add(rlp.EncodeUint64(transaction.ChainID), rlp.EncodeUint64(transaction.Nonce), encodeNumber(&transaction.TipCap))
		if transaction.Type != AccessListType {
			add(encodeNumber(&transaction.FeeCap))
		}
	}

	add(rlp.EncodeUint64(transaction.GasLimit), transaction.encodeTo(), encodeNumber(&transaction.Value),
		rlp.EncodeBytes(transaction.Data))
	switch transaction.Type {
	case LegacyType:
		add(rlp.EncodeUint64(transaction.legacyV()))
	case BlobType:
		hashes := make([][]byte, len(transaction.BlobHashes))
		for index := range hashes {
			hashes[index] = rlp.EncodeBytes(transaction.BlobHashes[index][:])
		}

		add(transaction.EncodeAccessList(), encodeNumber(&transaction.BlobFeeCap), rlp.EncodeList(hashes...))
	case SetCodeType:
		add(transaction.EncodeAccessList(), transaction.EncodeAuthorizations())
	default:
		add(transaction.EncodeAccessList())
	}

	if transaction.Type != LegacyType {
		add(encodeBool(transaction.IsOddY))
	}

	add(encodeWord(transaction.R), encodeWord(transaction.S))
	encoded := rlp.EncodeList(list...)
	if transaction.Type != LegacyType {
		encoded = append([]byte{transaction.Type}, encoded...)
	}

	return encoded
}

func (transaction *Transaction) legacyV() uint64 {
	v := uint64(27)
	if transaction.HasChainID {
		v = 35 + 2*transaction.ChainID
	}

	if transaction.IsOddY {
		v++
	}

	return v
}

func (transaction *Transaction) encodeTo() []byte {
	if transaction.To == nil {
		return rlp.EncodeBytes(nil)
	}

	return rlp.EncodeBytes(transaction.To[:])
}

// EncodeAccessList writes [[address, [slot, …]], …].
func (transaction *Transaction) EncodeAccessList() []byte {
	entries := make([][]byte, len(transaction.AccessList))
	for index, access := range transaction.AccessList {
		slots := make([][]byte, len(access.Slots))
		for place := range slots {
			slots[place] = rlp.EncodeBytes(access.Slots[place][:])
		}

		entries[index] = rlp.EncodeList(rlp.EncodeBytes(access.Address[:]), rlp.EncodeList(slots...))
	}

	return rlp.EncodeList(entries...)
}

// EncodeAuthorizations writes [[chainId, address, nonce, yParity, r, s], …].
func (transaction *Transaction) EncodeAuthorizations() []byte {
	entries := make([][]byte, len(transaction.Authorizations))
	for index := range entries {
		each := &transaction.Authorizations[index]
		entries[index] = rlp.EncodeList(append(each.encodeSigned(),
			rlp.EncodeUint64(uint64(each.Parity)), encodeWord(each.R), encodeWord(each.S))...)
	}

	return rlp.EncodeList(entries...)
}

// encodeSigned are the items that the authority signs.
func (authorization *Authorization) encodeSigned() [][]byte {
	return [][]byte{
		encodeNumber(&authorization.ChainID), rlp.EncodeBytes(authorization.Address[:]),
		rlp.EncodeUint64(authorization.Nonce),
	}
}

func encodeNumber(value *u256.Int) []byte {
	return rlp.EncodeBytes(value.Trimmed())
}

func encodeWord(word [32]byte) []byte {
	var value u256.Int
	value.SetBytes(word[:])
	return encodeNumber(&value)
}

func encodeBool(value bool) []byte {
	if value {
		return rlp.EncodeUint64(1)
	}

	return rlp.EncodeUint64(0)
}
