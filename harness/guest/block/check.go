package block

import (
	"math"

	"culverin/guest/evm"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// charge is what a signed transaction pays.
type charge struct {
	gas gasNeeds
	// limit is the transaction's gas limit.
	limit uint64
	// price and tip are paid for a unit of gas, the tip to the block's maker.
	price, tip u256.Int
	// l1Fee is for the data on L1.
	l1Fee u256.Int
	// operator computes the operator fee of some gas.
	operator operatorFee
}

// checkTransaction tells whether a signed transaction may stand at this place in the block, and what it pays.
func checkTransaction(context *Context, transaction *Transaction, sender Address) (charge, error) {
	rules := context.rules()
	invalid := func(reason string) (charge, error) { return charge{}, &InvalidError{reason} }
	switch {
	case transaction.Type == BlobType:
		// exec-engine.md, "Ecotone: disable Blob-transactions". On L1 they are not executed here.
		return invalid("a blob transaction")
	case transaction.Type == SetCodeType && !rules.Prague:
		return invalid("a transaction of type 4 before Prague")
	case transaction.Type == SetCodeType && (transaction.To == nil || len(transaction.Authorizations) == 0):
		// EIP-7702, "Parameters".
		return invalid("a transaction of type 4 creates a contract or has no authorization")
	case transaction.HasChainID && transaction.ChainID != context.Machine.Block.ChainID:
		return invalid("a transaction of another chain")
	case transaction.GasLimit > context.GasLeft:
		return invalid("the block has no room for a transaction's gas")
	}

	if reason := checkSender(context.Machine.State, transaction, sender); reason != "" {
		return invalid(reason)
	}

	result := charge{gas: needsOf(transaction, rules), limit: transaction.GasLimit}
	switch {
	case isInitCodeTooLong(transaction):
		return invalid("the code that makes a contract is too long")
	case !result.gas.fit(transaction.GasLimit):
		return invalid("a transaction's gas does not pay for its data")
	case !result.setPrice(transaction, &context.Machine.Block.BaseFee):
		return invalid("a transaction's fees are below the base fee or its tip")
	}

	if rules.Optimism {
		attributes := context.l1()
		result.l1Fee = attributes.fee(context, transaction)
		result.operator = attributes.operatorFee(rules)
	}

	most, isBounded := result.most(transaction)
	if balance := context.Machine.State.Balance(sender); !isBounded || balance.IsBelow(&most) {
		return invalid("a sender cannot pay for a transaction")
	}

	return result, nil
}

// checkSender: the nonce (EIP-2681 bounds it), and no code but a delegation (EIP-3607, EIP-7702).
func checkSender(world *state.State, transaction *Transaction, sender Address) string {
	switch nonce := world.Nonce(sender); {
	case nonce != transaction.Nonce:
		return "a transaction's nonce is not its sender's"
	case nonce == math.MaxUint64:
		return "a sender has no nonce left"
	}

	if code := world.Code(sender); len(code) > 0 {
		if _, isDelegated := evm.Delegate(code); !isDelegated {
			return "a transaction's sender is a contract"
		}
	}

	return ""
}

// setPrice: EIP-1559. Where the cap leaves less than the tip, the tip is what is left.
func (charge *charge) setPrice(transaction *Transaction, baseFee *u256.Int) bool {
	if transaction.FeeCap.IsBelow(baseFee) || transaction.FeeCap.IsBelow(&transaction.TipCap) {
		return false
	}

	charge.tip.Sub(&transaction.FeeCap, baseFee)
	if transaction.TipCap.IsBelow(&charge.tip) {
		charge.tip = transaction.TipCap
	}

	charge.price.Add(baseFee, &charge.tip)
	return true
}

// most is what the sender must have: value, gas at the highest price, L1 fee and operator fee of all the gas
// (isthmus/exec-engine.md, "EVM Fee Semantics"). False if that does not fit 256 bits.
func (charge *charge) most(transaction *Transaction) (sum u256.Int, isBounded bool) {
	gas := u256.New(charge.limit)
	operator := charge.operator.of(charge.limit)
	if sum.MulOverflow(&gas, &transaction.FeeCap) {
		return sum, false
	}

	for _, part := range []*u256.Int{&transaction.Value, &charge.l1Fee, &operator} {
		if sum.AddOverflow(&sum, part) {
			return sum, false
		}
	}

	return sum, true
}

// buy takes the fees for the whole gas limit from the sender, who has them.
func (charge *charge) buy(world *state.State, sender Address) {
	gas := u256.New(charge.limit)
	var cost u256.Int
	cost.Mul(&gas, &charge.price)
	cost.Add(&cost, &charge.l1Fee)
	operator := charge.operator.of(charge.limit)
	cost.Add(&cost, &operator)
	world.SubBalance(sender, &cost)
}

// settle gives back what was bought and not used, and pays those who receive fees (exec-engine.md, "Fees").
func (charge *charge) settle(context *Context, sender Address, used uint64) {
	world := context.Machine.State
	unused := u256.New(charge.limit - used)
	unused.Mul(&unused, &charge.price)
	bought, spent := charge.operator.of(charge.limit), charge.operator.of(used)
	bought.Sub(&bought, &spent)
	unused.Add(&unused, &bought)
	world.AddBalance(sender, &unused)

	gas := u256.New(used)
	var tip u256.Int
	tip.Mul(&gas, &charge.tip)
	world.AddBalance(context.Machine.Block.Coinbase, &tip)
	if !context.rules().Optimism {
		return
	}

	gas.Mul(&gas, &context.Machine.Block.BaseFee)
	world.AddBalance(baseFeeVault, &gas)
	world.AddBalance(l1FeeVault, &charge.l1Fee)
	if context.rules().Isthmus {
		world.AddBalance(operatorFeeVault, &spent)
	}
}
