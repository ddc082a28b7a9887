package block

import (
	"errors"

	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// ErrMalformed says that bytes are no transaction.
var ErrMalformed = errors.New("block: a transaction is malformed")

// Decode reads a transaction as it stands in a block: a type byte and a list, or only a list (EIP-2718). There is one
// encoding of each transaction; anything else is refused. The transaction keeps data.
func Decode(data []byte) (*Transaction, error) {
	if len(data) == 0 {
		return nil, ErrMalformed
	}

	transaction := &Transaction{Encoded: data}
	isRead := false
	switch first := data[0]; {
	case first >= 0xc0:
		isRead = transaction.readLegacy(data)
	case first == AccessListType:
		isRead = transaction.readTyped(data, 11)
	case first == DynamicFeeType:
		isRead = transaction.readTyped(data, 12)
	case first == BlobType:
		isRead = transaction.readTyped(data, 14)
	case first == SetCodeType:
		isRead = transaction.readTyped(data, 13)
	case first == DepositType:
		isRead = transaction.readDeposit(data)
	}

	if !isRead {
		return nil, ErrMalformed
	}

	return transaction, nil
}

// readLegacy reads [nonce, gasPrice, gasLimit, to, value, data, v, r, s]. v is 27 or 28, or carries the chain's id
// (EIP-155), which then is signed too.
func (transaction *Transaction) readLegacy(data []byte) bool {
	list := openFields(data, 9, 9)
	all := list.items
	transaction.Nonce = list.uint64()
	transaction.FeeCap = list.number()
	transaction.TipCap = transaction.FeeCap
	transaction.GasLimit = list.uint64()
	transaction.To = list.target()
	transaction.Value = list.number()
	transaction.Data = list.bytes()
	v := list.uint64()
	transaction.R, transaction.S = list.word(), list.word()
	if !list.isComplete() {
		return false
	}

	signed := [][]byte{contents(all[:6])}
	switch {
	case v == 27 || v == 28:
		transaction.IsOddY = v == 28
	case v >= 35:
		transaction.HasChainID, transaction.ChainID, transaction.IsOddY = true, (v-35)/2, v&1 == 0
		signed = append(signed, rlp.EncodeUint64(transaction.ChainID), []byte{0x80, 0x80})
	default:
		return false
	}

	transaction.SigningHash = signingHash(nil, signed...)
	return true
}

// readTyped reads the signed types with a type byte:
//
//	1 (EIP-2930) [chainId, nonce, gasPrice, gasLimit, to, value, data, accessList, yParity, r, s]
//	2 (EIP-1559) [chainId, nonce, tipCap, feeCap, gasLimit, to, value, data, accessList, yParity, r, s]
//	3 (EIP-4844) the same with maxFeePerBlobGas and blobVersionedHashes after accessList
//	4 (EIP-7702) the same as 2 with authorizationList after accessList
func (transaction *Transaction) readTyped(data []byte, count int) bool {
	list := openFields(data[1:], count, count)
	all := list.items
	transaction.Type, transaction.HasChainID = data[0], true
	transaction.ChainID = list.uint64()
	transaction.Nonce = list.uint64()
	transaction.TipCap = list.number()
	transaction.FeeCap = transaction.TipCap
	if transaction.Type != AccessListType {
		transaction.FeeCap = list.number()
	}

	transaction.GasLimit = list.uint64()
	transaction.To = list.target()
	transaction.Value = list.number()
	transaction.Data = list.bytes()
	transaction.AccessList = list.accessList()
	switch transaction.Type {
	case BlobType:
		transaction.BlobFeeCap = list.number()
		hashes := list.sublist()
		for len(hashes.items) > 0 && !hashes.failed {
			transaction.BlobHashes = append(transaction.BlobHashes, hashes.hash())
		}

		list.failed = list.failed || hashes.failed
	case SetCodeType:
		transaction.Authorizations = list.authorizations()
	}

	transaction.IsOddY = list.bool()
	transaction.R, transaction.S = list.word(), list.word()
	if !list.isComplete() {
		return false
	}

	transaction.SigningHash = signingHash(data[:1], contents(all[:count-3]))
	// Neither of these types can create a contract (EIP-4844, EIP-7702).
	return transaction.To != nil || transaction.Type != BlobType && transaction.Type != SetCodeType
}

// readDeposit reads [sourceHash, from, to, mint, value, gas, isSystemTx, data] (deposits.md, "The Deposited Transaction
// Type"). isSystemTx is false since Regolith.
func (transaction *Transaction) readDeposit(data []byte) bool {
	list := openFields(data[1:], 8, 8)
	transaction.Type = DepositType
	transaction.SourceHash = list.hash()
	transaction.From = list.address()
	transaction.To = list.target()
	transaction.Mint = list.number()
	transaction.Value = list.number()
	transaction.GasLimit = list.uint64()
	isSystem := list.bool()
	transaction.Data = list.bytes()
	return list.isComplete() && !isSystem
}

// accessList reads [[address, [slot, …]], …].
func (list *fields) accessList() (accesses []Access) {
	list.each(2, func(entry *fields) {
		access := Access{Address: entry.address()}
		slots := entry.sublist()
		for len(slots.items) > 0 && !slots.failed {
			access.Slots = append(access.Slots, slots.hash())
		}

		entry.failed = entry.failed || slots.failed
		accesses = append(accesses, access)
	})
	return accesses
}

// authorizations reads [[chainId, address, nonce, yParity, r, s], …]. One with an impossible signature is skipped when
// it is applied; one out of these ranges makes the transaction malformed (EIP-7702, "Behavior").
func (list *fields) authorizations() (authorizations []Authorization) {
	list.each(6, func(entry *fields) {
		authorization := Authorization{
			ChainID: entry.number(), Address: entry.address(), Nonce: entry.uint64(),
		}
		parity := entry.uint64()
		entry.failed = entry.failed || parity > 255
		authorization.Parity = byte(parity)
		authorization.R, authorization.S = entry.word(), entry.word()
		authorizations = append(authorizations, authorization)
	})
	return authorizations
}

// contents are the encodings of neighbouring items, as they stand in the list.
func contents(items []rlp.Item) []byte {
	length := 0
	for _, item := range items {
		length += len(item.Raw)
	}

	return items[0].Raw[:length:length]
}

// signingHash is the hash of a list behind a type byte, if there is one. All is copied once, to where it is hashed by whole
// words: anyone can make a program hash calldata.
func signingHash(prefix []byte, items ...[]byte) keccak.Hash {
	length := 0
	for _, item := range items {
		length += len(item)
	}

	var head [rlp.HeadMax]byte
	size := rlp.ListHead(&head, length)
	signed := make([]byte, 0, len(prefix)+size+length)
	signed = append(append(signed, prefix...), head[:size]...)
	for _, item := range items {
		signed = append(signed, item...)
	}

	return keccak.Sum(signed)
}
