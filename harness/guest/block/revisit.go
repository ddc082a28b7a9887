//go:build !mips && !mips64

package block

import (
	"culverin/guest/chain"
	"culverin/guest/config"
	"culverin/guest/evm"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// Revisit opens the state after a block, as seen from inside that block: for calls that become part of no chain, and for
// what its transactions paid. The error is that of config.Chain.Rules.
func Revisit(l2 *config.Chain, source Source, header *Header) (*Context, error) {
	rules, err := l2.Rules(header.Timestamp)
	if err != nil {
		return nil, err
	}

	machine := evm.New(state.New(source, header.StateRoot, header.Hash()), rules)
	var older *ancestors
	machine.Block = evm.Block{
		Coinbase: header.Coinbase, Number: header.Number, Timestamp: header.Timestamp, GasLimit: header.GasLimit,
		ChainID: l2.ID, PrevRandao: header.PrevRandao, BaseFee: header.BaseFee, BlobBaseFee: u256.New(1),
		Hash: func(number uint64) keccak.Hash {
			if older == nil {
				parent, err := chain.DecodeHeader(source.Header(header.ParentHash))
				if err != nil {
					oracle.Fail("the header of an older block is malformed", header.ParentHash[:])
				}

				older = &ancestors{source, header.Number - 1, []keccak.Hash{header.ParentHash, parent.Parent}}
			}

			return older.hash(number)
		},
	}
	return NewContext(machine), nil
}

// Check tells whether a signed transaction could stand next, as ApplyTransaction does; nothing changes.
func Check(context *Context, transaction *Transaction, sender Address) error {
	_, err := checkTransaction(context, transaction, sender)
	return err
}

// Simulate executes a message as the transaction of a sender, who need not have signed it, and charges nothing for it: its
// nonce does not count either. An *InvalidError says that its gas limit does not pay for its data.
func Simulate(context *Context, transaction *Transaction, sender Address) (Outcome, error) {
	needs := needsOf(transaction, context.rules())
	switch {
	case isInitCodeTooLong(transaction):
		return Outcome{}, &InvalidError{"the code that makes a contract is too long"}
	case !needs.fit(transaction.GasLimit):
		return Outcome{}, &InvalidError{"a transaction's gas does not pay for its data"}
	}

	machine := context.Machine
	machine.State.BeginTransaction()
	machine.Transaction = evm.Transaction{Origin: sender, GasPrice: transaction.FeeCap}
	if transaction.To != nil {
		machine.State.SetNonce(sender, machine.State.Nonce(sender)+1)
	}

	applyAuthorizations(machine, transaction.Authorizations)
	outcome := run(machine, transaction, sender, needs)
	outcome.Logs = machine.State.Logs()
	machine.State.EndTransaction()
	return outcome, nil
}

// L1Fee is what a transaction of the block pays for its data on L1, in wei; deposits pay nothing.
func L1Fee(context *Context, transaction *Transaction) (fee u256.Int) {
	if transaction.IsDeposit() {
		return fee
	}

	return context.l1().fee(context, transaction)
}

// NextBaseFee is the base fee of the block after one, in wei; false if the header says nothing usable about it.
func NextBaseFee(l2 *config.Chain, parent *Header) (u256.Int, bool) {
	return nextBaseFee(l2, parent)
}

// AttributesOf are the attributes that make a block with this header and these transactions again.
func AttributesOf(l2 *config.Chain, header *Header, transactions [][]byte) *Attributes {
	attributes := &Attributes{
		Timestamp: header.Timestamp, PrevRandao: header.PrevRandao, FeeRecipient: header.Coinbase,
		ParentBeaconRoot: header.ParentBeaconRoot, GasLimit: header.GasLimit, Transactions: transactions,
		HasFeeParameters: l2.IsActive(config.Holocene, header.Timestamp),
		HasMinBaseFee:    l2.IsActive(config.Jovian, header.Timestamp),
	}
	if attributes.HasFeeParameters && len(header.ExtraData) >= holoceneExtraBytes {
		copy(attributes.FeeParameters[:], header.ExtraData[1:])
	}

	if attributes.HasMinBaseFee && len(header.ExtraData) == jovianExtraBytes {
		attributes.MinBaseFee =
			uint64(bigEndian32(header.ExtraData[9:]))<<32 | uint64(bigEndian32(header.ExtraData[13:]))
	}

	return attributes
}

// IsMadeBy tells whether a block with this header and these transactions is what attributes make on its parent.
func IsMadeBy(l2 *config.Chain, header *Header, transactions [][]byte, attributes *Attributes) bool {
	rules, err := l2.Rules(attributes.Timestamp)
	if err != nil || len(transactions) != len(attributes.Transactions) {
		return false
	}

	extra, isUsable := extraData(l2, rules, attributes)
	if !isUsable || string(extra) != string(header.ExtraData) || header.Timestamp != attributes.Timestamp ||
		header.PrevRandao != attributes.PrevRandao || header.Coinbase != attributes.FeeRecipient ||
		header.ParentBeaconRoot != attributes.ParentBeaconRoot || header.GasLimit != attributes.GasLimit {
		return false
	}

	for index := range transactions {
		if string(transactions[index]) != string(attributes.Transactions[index]) {
			return false
		}
	}

	return true
}
