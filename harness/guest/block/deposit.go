package block

import (
	"culverin/guest/evm"
)

// applyDeposit executes a transaction from L1 (deposits.md, "Execution"). It pays nothing and its sender is not checked.
// What would make another transaction invalid makes a deposit fail: only the mint stays, the nonce counts, and all its
// gas is used. Only a deposit that the block has no room for cannot stand there.
func applyDeposit(context *Context, transaction *Transaction) (Outcome, error) {
	machine, sender := context.Machine, transaction.From
	world := machine.State
	if !context.rules().Optimism {
		return Outcome{}, &InvalidError{"a deposit on L1"}
	}

	if transaction.GasLimit > context.GasLeft {
		return Outcome{}, &InvalidError{"the block has no room for a deposit's gas"}
	}

	context.attributes = nil
	world.BeginTransaction()
	world.AddBalance(sender, &transaction.Mint)
	nonce := world.Nonce(sender)
	gas := needsOf(transaction, context.rules())
	balance := world.Balance(sender)
	outcome := Outcome{GasUsed: transaction.GasLimit}
	if balance.IsBelow(&transaction.Value) || isInitCodeTooLong(transaction) || !gas.fit(transaction.GasLimit) {
		world.SetNonce(sender, nonce+1)
	} else {
		machine.Transaction = evm.Transaction{Origin: sender}
		if transaction.To != nil {
			world.SetNonce(sender, nonce+1)
		}

		outcome = run(machine, transaction, sender, gas)
	}

	outcome.DepositNonce = nonce
	outcome.Logs = world.Logs()
	context.GasLeft -= outcome.GasUsed
	world.EndTransaction()
	return outcome, nil
}
