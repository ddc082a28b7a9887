// Package block executes blocks of an L2: transactions of all types, fees, receipts, the header. The same rules without
// deposits, L1 fee and vaults are those of L1.
package block

import (
	"culverin/guest/keccak"
	"culverin/guest/u256"
)

// Address is an account's address.
type Address = [20]byte

// Types of transactions (EIP-2718).
const (
	// LegacyType stands for transactions without a type byte.
	LegacyType = 0x00
	// AccessListType is EIP-2930's.
	AccessListType = 0x01
	// DynamicFeeType is EIP-1559's.
	DynamicFeeType = 0x02
	// BlobType is EIP-4844's; L1 has such transactions, an L2 block with one is invalid.
	BlobType = 0x03
	// SetCodeType is EIP-7702's.
	SetCodeType = 0x04
	// DepositType is the OP Stack's (deposits.md, "The Deposited Transaction Type").
	DepositType = 0x7e
)

// Access is an entry of an access list (EIP-2930).
type Access struct {
	// Address is warm from the start.
	Address Address
	// Slots of its storage are too.
	Slots [][32]byte
}

// Authorization lets an account's code be another's (EIP-7702).
type Authorization struct {
	// ChainID is the chain's id, or 0 for any chain.
	ChainID u256.Int
	// Address is the account whose code is taken; zero takes a delegation away.
	Address Address
	// Nonce is what the signer's nonce must be.
	Nonce uint64
	// Parity, R and S are the signature.
	Parity byte
	R, S   [32]byte
}

// Transaction is a transaction of any type. Fields that a type does not have are zero.
type Transaction struct {
	// Type is one of the constants above.
	Type byte
	// Encoded is the transaction as it stands in a block, type byte first; what the L1 fee is paid for.
	Encoded []byte

	// ChainID is what the transaction is bound to; HasChainID is false for legacy transactions before EIP-155.
	ChainID    uint64
	HasChainID bool
	// Nonce is the sender's nonce; deposits have none.
	Nonce uint64
	// FeeCap and TipCap are the most that is paid for a unit of gas, in all and to the block's maker; both the gas
	// price for the types before EIP-1559. In wei.
	FeeCap, TipCap u256.Int
	// GasLimit is the most gas that may be used.
	GasLimit uint64
	// To is the account called; nil creates a contract.
	To *Address
	// Value is transferred to it, in wei.
	Value u256.Int
	// Data is the call's input, or the code that makes the contract.
	Data []byte
	// AccessList is EIP-2930's.
	AccessList []Access
	// BlobFeeCap and BlobHashes are EIP-4844's.
	BlobFeeCap u256.Int
	BlobHashes [][32]byte
	// Authorizations are EIP-7702's.
	Authorizations []Authorization
	// IsOddY, R and S are the signature over SigningHash.
	IsOddY      bool
	R, S        [32]byte
	SigningHash keccak.Hash

	// SourceHash tells deposits apart.
	SourceHash [32]byte
	// From is a deposit's sender.
	From Address
	// Mint is added to the sender's balance before a deposit is executed, in wei.
	Mint u256.Int
}

// IsDeposit tells whether the transaction comes from L1 and pays no fees.
func (transaction *Transaction) IsDeposit() bool {
	return transaction.Type == DepositType
}
