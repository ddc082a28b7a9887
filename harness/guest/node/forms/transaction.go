package forms

import (
	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/hexjson"
	"culverin/guest/u256"
)

// Access is an entry of an access list.
type Access struct {
	Address hexjson.Address `json:"address"`
	Slots   []hexjson.Hash  `json:"storageKeys"`
}

// Authorization is one of EIP-7702.
type Authorization struct {
	ChainID hexjson.Word     `json:"chainId"`
	Address hexjson.Address  `json:"address"`
	Nonce   hexjson.Quantity `json:"nonce"`
	Parity  hexjson.Quantity `json:"yParity"`
	R       hexjson.Word     `json:"r"`
	S       hexjson.Word     `json:"s"`
}

// Place is where a transaction stands; all nil while it waits.
type Place struct {
	BlockHash   *hexjson.Hash     `json:"blockHash"`
	BlockNumber *hexjson.Quantity `json:"blockNumber"`
	Index       *hexjson.Quantity `json:"transactionIndex"`
}

// Transaction is a transaction of any type; fields that a type does not have are nil.
type Transaction struct {
	Place
	Type           hexjson.Quantity  `json:"type"`
	Hash           hexjson.Hash      `json:"hash"`
	From           hexjson.Address   `json:"from"`
	ChainID        *hexjson.Quantity `json:"chainId,omitempty"`
	Nonce          hexjson.Quantity  `json:"nonce"`
	Gas            hexjson.Quantity  `json:"gas"`
	GasPrice       *hexjson.Word     `json:"gasPrice,omitempty"`
	FeeCap         *hexjson.Word     `json:"maxFeePerGas,omitempty"`
	TipCap         *hexjson.Word     `json:"maxPriorityFeePerGas,omitempty"`
	BlobFeeCap     *hexjson.Word     `json:"maxFeePerBlobGas,omitempty"`
	To             *hexjson.Address  `json:"to"`
	Value          hexjson.Word      `json:"value"`
	Input          hexjson.Bytes     `json:"input"`
	AccessList     *[]Access         `json:"accessList,omitempty"`
	BlobHashes     []hexjson.Hash    `json:"blobVersionedHashes,omitempty"`
	Authorizations []Authorization   `json:"authorizationList,omitempty"`
	V              hexjson.Word      `json:"v"`
	R              hexjson.Word      `json:"r"`
	S              hexjson.Word      `json:"s"`
	Parity         *hexjson.Quantity `json:"yParity,omitempty"`

	// Of the sidecar, where a local node shows it.
	Blobs       []hexjson.Bytes `json:"blobs,omitempty"`
	Commitments []hexjson.Bytes `json:"commitments,omitempty"`
	Proofs      []hexjson.Bytes `json:"proofs,omitempty"`
	CellProofs  []hexjson.Bytes `json:"cellProofs,omitempty"`

	// Of deposits.
	SourceHash            *hexjson.Hash     `json:"sourceHash,omitempty"`
	Mint                  *hexjson.Word     `json:"mint,omitempty"`
	IsSystem              *bool             `json:"isSystemTx,omitempty"`
	DepositReceiptVersion *hexjson.Quantity `json:"depositReceiptVersion,omitempty"`
}

func word(value *u256.Int) *hexjson.Word {
	form := hexjson.Word(*value)
	return &form
}

func quantity(value uint64) *hexjson.Quantity {
	form := hexjson.Quantity(value)
	return &form
}

// NewTransaction writes a transaction of a sender; its place is left to the caller. Price is what was paid for a unit of
// gas, nil while that is not known.
func NewTransaction(transaction *block.Transaction, sender block.Address, price *u256.Int) *Transaction {
	form := &Transaction{
		Type: hexjson.Quantity(transaction.Type), Hash: hexjson.Hash(keccak.Sum(transaction.Encoded)),
		From: hexjson.Address(sender), Nonce: hexjson.Quantity(transaction.Nonce),
		Gas: hexjson.Quantity(transaction.GasLimit), Value: hexjson.Word(transaction.Value),
		Input: append([]byte{}, transaction.Data...),
	}
	if transaction.To != nil {
		to := hexjson.Address(*transaction.To)
		form.To = &to
	}

	if transaction.IsDeposit() {
		source, isSystem := hexjson.Hash(transaction.SourceHash), false
		form.SourceHash, form.IsSystem = &source, &isSystem
		form.GasPrice = &hexjson.Word{}
		if !transaction.Mint.IsZero() {
			form.Mint = word(&transaction.Mint)
		}

		return form
	}

	form.writeFees(transaction, price)
	form.writeSignature(transaction)
	form.writeLists(transaction)
	return form
}

func (form *Transaction) writeFees(transaction *block.Transaction, price *u256.Int) {
	if transaction.HasChainID {
		form.ChainID = quantity(transaction.ChainID)
	}

	form.GasPrice = word(&transaction.FeeCap)
	if transaction.Type >= block.DynamicFeeType {
		form.FeeCap, form.TipCap = word(&transaction.FeeCap), word(&transaction.TipCap)
		if price != nil {
			form.GasPrice = word(price)
		}
	}
}

func (form *Transaction) writeSignature(transaction *block.Transaction) {
	parity := uint64(0)
	if transaction.IsOddY {
		parity = 1
	}

	v := parity
	switch {
	case transaction.Type != block.LegacyType:
		form.Parity = quantity(parity)
	case transaction.HasChainID:
		v += 35 + 2*transaction.ChainID
	default:
		v += 27
	}

	var r, s u256.Int
	r.SetBytes(transaction.R[:])
	s.SetBytes(transaction.S[:])
	form.V, form.R, form.S = hexjson.Word(u256.New(v)), hexjson.Word(r), hexjson.Word(s)
}

func (form *Transaction) writeLists(transaction *block.Transaction) {
	if transaction.Type >= block.AccessListType {
		list := []Access{}
		for _, each := range transaction.AccessList {
			access := Access{Address: hexjson.Address(each.Address), Slots: []hexjson.Hash{}}
			for _, slot := range each.Slots {
				access.Slots = append(access.Slots, slot)
			}

			list = append(list, access)
		}

		form.AccessList = &list
	}

	for index := range transaction.Authorizations {
		each := &transaction.Authorizations[index]
		var r, s u256.Int
		r.SetBytes(each.R[:])
		s.SetBytes(each.S[:])
		form.Authorizations = append(form.Authorizations, Authorization{
			ChainID: hexjson.Word(each.ChainID), Address: hexjson.Address(each.Address),
			Nonce: hexjson.Quantity(each.Nonce), Parity: hexjson.Quantity(each.Parity),
			R: hexjson.Word(r), S: hexjson.Word(s),
		})
	}
}

// Read makes a signed transaction again, as it stands in its block; the caller compares it with the block's root.
func (form *Transaction) Read() (*block.Transaction, error) {
	transaction := &block.Transaction{
		Type: byte(form.Type), Nonce: uint64(form.Nonce), GasLimit: uint64(form.Gas), Value: u256.Int(form.Value),
		Data: form.Input,
	}
	if uint64(form.Type) > block.SetCodeType {
		return nil, ErrForm
	}

	if form.To != nil {
		to := block.Address(*form.To)
		transaction.To = &to
	}

	if !form.readFees(transaction) || !form.readSignature(transaction) {
		return nil, ErrForm
	}

	form.readLists(transaction)
	return block.Decode(transaction.Encode())
}

func (form *Transaction) readFees(transaction *block.Transaction) bool {
	price := form.GasPrice
	if transaction.Type >= block.DynamicFeeType {
		price = form.FeeCap
	}

	if price == nil {
		return false
	}

	transaction.FeeCap = u256.Int(*price)
	transaction.TipCap = transaction.FeeCap
	if transaction.Type >= block.DynamicFeeType {
		if form.TipCap == nil {
			return false
		}

		transaction.TipCap = u256.Int(*form.TipCap)
	}

	if transaction.Type == block.BlobType {
		if form.BlobFeeCap == nil {
			return false
		}

		transaction.BlobFeeCap = u256.Int(*form.BlobFeeCap)
	}

	return true
}

func (form *Transaction) readSignature(transaction *block.Transaction) bool {
	r, s, v := u256.Int(form.R), u256.Int(form.S), u256.Int(form.V)
	transaction.R, transaction.S = r.Bytes32(), s.Bytes32()
	if transaction.Type != block.LegacyType {
		parity := v.Uint64()
		if form.Parity != nil {
			parity = uint64(*form.Parity)
		}

		transaction.IsOddY = parity == 1
		if form.ChainID == nil || parity > 1 || !v.IsUint64() {
			return false
		}

		transaction.ChainID, transaction.HasChainID = uint64(*form.ChainID), true
		return true
	}

	switch {
	case !v.IsUint64():
		return false
	case v.Uint64() == 27 || v.Uint64() == 28:
		transaction.IsOddY = v.Uint64() == 28
	case v.Uint64() >= 35:
		transaction.HasChainID, transaction.ChainID = true, (v.Uint64()-35)/2
		transaction.IsOddY = v.Uint64()&1 == 0
	default:
		return false
	}

	return true
}

func (form *Transaction) readLists(transaction *block.Transaction) {
	if form.AccessList != nil {
		transaction.AccessList = ReadAccessList(*form.AccessList)
	}

	for _, hash := range form.BlobHashes {
		transaction.BlobHashes = append(transaction.BlobHashes, hash)
	}

	transaction.Authorizations = ReadAuthorizations(form.Authorizations)
}

// ReadAccessList makes an access list.
func ReadAccessList(list []Access) (accesses []block.Access) {
	for _, each := range list {
		access := block.Access{Address: block.Address(each.Address)}
		for _, slot := range each.Slots {
			access.Slots = append(access.Slots, slot)
		}

		accesses = append(accesses, access)
	}

	return accesses
}

// ReadAuthorizations makes a list of authorizations.
func ReadAuthorizations(list []Authorization) (authorizations []block.Authorization) {
	for _, each := range list {
		r, s := u256.Int(each.R), u256.Int(each.S)
		authorizations = append(authorizations, block.Authorization{
			ChainID: u256.Int(each.ChainID), Address: block.Address(each.Address), Nonce: uint64(each.Nonce),
			Parity: byte(each.Parity), R: r.Bytes32(), S: s.Bytes32(),
		})
	}

	return authorizations
}

// Sidecar is the one that the node shows beside a transaction, nil if it shows none.
func (form *Transaction) Sidecar() *Sidecar {
	if len(form.Blobs) == 0 {
		return nil
	}

	sidecar := &Sidecar{}
	for target, list := range map[*[][]byte][]hexjson.Bytes{
		&sidecar.Blobs: form.Blobs, &sidecar.Commitments: form.Commitments, &sidecar.Proofs: append(form.Proofs, form.CellProofs...),
	} {
		for _, item := range list {
			*target = append(*target, item)
		}
	}

	return sidecar
}
