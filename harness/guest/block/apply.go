package block

import (
	"culverin/guest/config"
	"culverin/guest/evm"
	"culverin/guest/precompile"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// InvalidError says why a transaction cannot stand at its place in a block, or a block not on its parent. The state is
// as before.
type InvalidError struct {
	// Reason is a sentence without its end.
	Reason string
}

func (invalid *InvalidError) Error() string {
	return "block: " + invalid.Reason
}

// Context is what the transactions of one block share.
type Context struct {
	// Machine has the state, the rules and what the EVM sees of the block.
	Machine *evm.Machine
	// GasLeft is the gas that the block has room for.
	GasLeft uint64
	// IsFirstOfEcotone: the L1 fee is still that of Bedrock, since the contract with the L1 attributes is upgraded in
	// this very block (ecotone/l1-attributes.md).
	IsFirstOfEcotone bool

	// attributes are read once after the deposits, which alone can change them.
	attributes *l1Attributes
}

// Outcome is what a transaction did.
type Outcome struct {
	// Succeeded is the receipt's status.
	Succeeded bool
	// GasUsed is what the transaction used and, unless it is a deposit, paid for.
	GasUsed uint64
	// GasSpent is GasUsed without refund (EIP-3529) and floor (EIP-7623).
	GasSpent uint64
	// Output is what the call returned, or the created contract's code.
	Output []byte
	// Created is the address of the created contract, if To was nil.
	Created Address
	// Logs are the events, none where it failed.
	Logs []state.Log
	// DepositNonce is the sender's nonce before a deposit.
	DepositNonce uint64
}

// ApplyTransaction executes one transaction from its sender (see Sender) and charges for it; an *InvalidError if it
// cannot stand there. Without config.Rules.Optimism these are the rules of L1: the tip goes to the coinbase, the base
// fee to nobody, and there are no deposits.
func ApplyTransaction(context *Context, transaction *Transaction, sender Address) (Outcome, error) {
	if transaction.IsDeposit() {
		return applyDeposit(context, transaction)
	}

	charge, err := checkTransaction(context, transaction, sender)
	if err != nil {
		return Outcome{}, err
	}

	machine := context.Machine
	machine.State.BeginTransaction()
	machine.Transaction = evm.Transaction{Origin: sender, GasPrice: charge.price, BlobHashes: transaction.BlobHashes}
	charge.buy(machine.State, sender)
	if transaction.To != nil {
		machine.State.SetNonce(sender, transaction.Nonce+1)
	}

	applyAuthorizations(machine, transaction.Authorizations)
	outcome := run(machine, transaction, sender, charge.gas)
	context.GasLeft -= outcome.GasUsed
	charge.settle(context, sender, outcome.GasUsed)
	outcome.Logs = machine.State.Logs()
	machine.State.EndTransaction()
	return outcome, nil
}

// run does what signed transactions and deposits have in common: warm addresses, the call or creation, and the gas.
func run(machine *evm.Machine, transaction *Transaction, sender Address, gas gasNeeds) (outcome Outcome) {
	world := machine.State
	warm(machine, transaction, sender)
	var result evm.Result
	available := transaction.GasLimit - gas.intrinsic
	if transaction.To == nil {
		outcome.Created, result = machine.Create(sender, transaction.Data, available, &transaction.Value)
	} else {
		result = machine.Call(sender, *transaction.To, transaction.Data, available, &transaction.Value)
	}

	outcome.Succeeded = result.Err == nil
	outcome.Output = result.Output
	outcome.GasSpent = transaction.GasLimit - result.GasLeft

	// EIP-3529: no more than a fifth is given back.
	refund := world.Refund()
	if most := outcome.GasSpent / 5; refund > most {
		refund = most
	}

	outcome.GasUsed = outcome.GasSpent - refund
	if outcome.GasUsed < gas.floor {
		outcome.GasUsed = gas.floor
	}

	return outcome
}

// warm makes the addresses warm that a transaction names anyway: EIP-2929 (sender, target, precompiles), EIP-2930 (the
// access list), EIP-3651 (the coinbase), EIP-7702 (what the target delegates to).
func warm(machine *evm.Machine, transaction *Transaction, sender Address) {
	world := machine.State
	world.WarmAddress(sender)
	world.WarmAddress(machine.Block.Coinbase)
	precompile.Each(machine.Rules, func(address Address) { world.WarmAddress(address) })
	if transaction.To != nil {
		world.WarmAddress(*transaction.To)
		if machine.Rules.Prague {
			if delegate, isDelegated := evm.Delegate(world.Code(*transaction.To)); isDelegated {
				world.WarmAddress(delegate)
			}
		}
	}

	var slot u256.Int
	for _, access := range transaction.AccessList {
		world.WarmAddress(access.Address)
		for index := range access.Slots {
			slot.LoadBytes32(&access.Slots[index])
			world.WarmSlot(access.Address, &slot)
		}
	}
}

// NewContext starts a block on a state, with room for the whole gas limit.
func NewContext(machine *evm.Machine) *Context {
	return &Context{Machine: machine, GasLeft: machine.Block.GasLimit}
}

func (context *Context) rules() *config.Rules {
	return context.Machine.Rules
}
