package block

import "culverin/guest/config"

// Gas of a transaction before its first instruction.
const (
	transactionGas = 21000
	// creationGas: EIP-2.
	creationGas = 32000
	// initCodeBytesMax and initCodeWordGas: EIP-3860.
	initCodeBytesMax = 49152
	initCodeWordGas  = 2
	// zeroByteGas and otherByteGas: EIP-2028.
	zeroByteGas  = 4
	otherByteGas = 16
	// accessAddressGas and accessSlotGas: EIP-2930.
	accessAddressGas = 2400
	accessSlotGas    = 1900
	// emptyAccountGas (PER_EMPTY_ACCOUNT_COST) and authorizationGas (PER_AUTH_BASE_COST): EIP-7702.
	emptyAccountGas  = 25000
	authorizationGas = 12500
	// floorTokenGas (TOTAL_COST_FLOOR_PER_TOKEN) and otherByteTokens: EIP-7623.
	floorTokenGas   = 10
	otherByteTokens = 4
)

// gasNeeds is what a transaction uses at least.
type gasNeeds struct {
	// intrinsic is gone before the first instruction.
	intrinsic uint64
	// floor is the least that is charged in the end (EIP-7623); zero before Prague.
	floor uint64
}

func needsOf(transaction *Transaction, rules *config.Rules) gasNeeds {
	zeros := uint64(0)
	for _, octet := range transaction.Data {
		if octet == 0 {
			zeros++
		}
	}

	others := uint64(len(transaction.Data)) - zeros
	needs := gasNeeds{intrinsic: transactionGas + zeroByteGas*zeros + otherByteGas*others}
	if transaction.To == nil {
		needs.intrinsic += creationGas + initCodeWordGas*((uint64(len(transaction.Data))+31)/32)
	}

	for _, access := range transaction.AccessList {
		needs.intrinsic += accessAddressGas + accessSlotGas*uint64(len(access.Slots))
	}

	needs.intrinsic += emptyAccountGas * uint64(len(transaction.Authorizations))
	if rules.Prague {
		needs.floor = transactionGas + floorTokenGas*(zeros+otherByteTokens*others)
	}

	return needs
}

// FloorGas is the least that a transaction is charged (EIP-7623); zero before Prague.
func FloorGas(transaction *Transaction, rules *config.Rules) uint64 {
	return needsOf(transaction, rules).floor
}

// fit tells whether the transaction's gas limit pays for its needs.
func (needs gasNeeds) fit(gasLimit uint64) bool {
	return needs.intrinsic <= gasLimit && needs.floor <= gasLimit
}

// isInitCodeTooLong: EIP-3860.
func isInitCodeTooLong(transaction *Transaction) bool {
	return transaction.To == nil && len(transaction.Data) > initCodeBytesMax
}
