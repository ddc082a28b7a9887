package statetest

import (
	"strings"

	"culverin/guest/block"
	"culverin/guest/u256"
)

// Fixtures made for Pectra's devnet 5 follow a text of EIP-7623 that was changed before Prague: there the refund was
// taken from what remained after the floor; now the floor is what is charged at least (execution_gas_used is meant
// "with the gas refund subtracted"). The executor knows the final text only. So that all else in these fixtures is
// checked, the difference is paid out here.
const earlierText = "by the text of EIP-7623 of devnet 5: the refund lowers the floor"

// isOfDevnet5 tells whether a fixture says that it was made for that network.
func (test *single) isOfDevnet5() bool {
	return strings.Contains(test.Information.URL, "pectra-devnet-5")
}

// payEarlierRefund gives the sender what devnet 5 would have refunded, where that makes a difference.
func payEarlierRefund(context *block.Context, encoded []byte, outcome *block.Outcome) (isDifferent bool, err error) {
	transaction, err := block.Decode(encoded)
	if err != nil {
		return false, err
	}

	machine := context.Machine
	spent := outcome.GasSpent
	if floor := block.FloorGas(transaction, machine.Rules); spent < floor {
		spent = floor
	}

	refund := machine.State.Refund()
	if refund > spent/5 {
		refund = spent / 5
	}

	if outcome.GasUsed == spent-refund {
		return false, nil
	}

	sender, err := block.Sender(transaction)
	if err != nil {
		return false, err
	}

	gas := u256.New(outcome.GasUsed - (spent - refund))
	var back, tip u256.Int
	back.Mul(&gas, &machine.Transaction.GasPrice)
	tip.Sub(&machine.Transaction.GasPrice, &machine.Block.BaseFee)
	tip.Mul(&tip, &gas)
	machine.State.BeginTransaction()
	machine.State.AddBalance(sender, &back)
	machine.State.SubBalance(machine.Block.Coinbase, &tip)
	machine.State.EndTransaction()
	return true, nil
}
