package api

import (
	"context"
	"encoding/hex"
	"errors"

	"culverin/guest/block"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/rpc"
	"culverin/guest/u256"
)

// callGasMax is how much gas a call may use, and what it has where it names none.
const callGasMax = 50_000_000

// callForm is a message that becomes part of no chain.
type callForm struct {
	From           hexjson.Address       `json:"from"`
	To             *hexjson.Address      `json:"to"`
	Gas            *hexjson.Quantity     `json:"gas"`
	GasPrice       *hexjson.Word         `json:"gasPrice"`
	FeeCap         *hexjson.Word         `json:"maxFeePerGas"`
	TipCap         *hexjson.Word         `json:"maxPriorityFeePerGas"`
	Value          hexjson.Word          `json:"value"`
	Nonce          *hexjson.Quantity     `json:"nonce"`
	Data           *hexjson.Bytes        `json:"data"`
	Input          *hexjson.Bytes        `json:"input"`
	AccessList     []forms.Access        `json:"accessList"`
	Authorizations []forms.Authorization `json:"authorizationList"`
}

func (form *callForm) transaction() (*block.Transaction, error) {
	transaction := &block.Transaction{
		Type: block.DynamicFeeType, GasLimit: callGasMax, Value: u256.Int(form.Value),
		AccessList: forms.ReadAccessList(form.AccessList), Authorizations: forms.ReadAuthorizations(form.Authorizations),
	}
	if form.Gas != nil && uint64(*form.Gas) < callGasMax {
		transaction.GasLimit = uint64(*form.Gas)
	}

	if form.To != nil {
		to := block.Address(*form.To)
		transaction.To = &to
	}

	for _, price := range []*hexjson.Word{form.GasPrice, form.FeeCap} {
		if price != nil {
			transaction.FeeCap = u256.Int(*price)
		}
	}

	switch {
	case form.Data != nil && form.Input != nil && string(*form.Data) != string(*form.Input):
		return nil, rpc.Fail(rpc.CodeParameters, "data and input are given, and differ")
	case form.Input != nil:
		transaction.Data = *form.Input
	case form.Data != nil:
		transaction.Data = *form.Data
	}

	return transaction, nil
}

// overrideForm changes an account for one call.
type overrideForm struct {
	Balance   *hexjson.Word                 `json:"balance"`
	Nonce     *hexjson.Quantity             `json:"nonce"`
	Code      *hexjson.Bytes                `json:"code"`
	State     map[hexjson.Hash]hexjson.Hash `json:"state"`
	StateDiff map[hexjson.Hash]hexjson.Hash `json:"stateDiff"`
}

func (form *overrideForm) apply(context *block.Context, address block.Address) error {
	if form.State != nil {
		return rpc.Fail(rpc.CodeParameters, "state overrides of whole storages are not offered; use stateDiff")
	}

	world := context.Machine.State
	world.BeginTransaction()
	if form.Balance != nil {
		account, wanted := world.Account(&address), u256.Int(*form.Balance)
		present := *account.Balance()
		account.SubBalance(&present)
		account.AddBalance(&wanted)
	}

	if form.Nonce != nil {
		world.SetNonce(address, uint64(*form.Nonce))
	}

	if form.Code != nil {
		world.SetCode(address, *form.Code)
	}

	for place, value := range form.StateDiff {
		var slot, word u256.Int
		slot.SetBytes(place[:])
		word.SetBytes(value[:])
		world.SetStorage(address, &slot, &word)
	}

	world.EndTransaction()
	return nil
}

// message is a call with where it happens.
type message struct {
	form      callForm
	at        tag
	overrides map[hexjson.Address]*overrideForm
}

func readMessage(parameters rpc.Parameters) (*message, error) {
	read := &message{at: latest()}
	if err := parameters.Read(1, &read.form, &read.at, &read.overrides); err != nil {
		return nil, err
	}

	return read, nil
}

// simulate executes the message with a gas limit on a fresh state.
func (api *API) simulate(at *ledger.Block, call *message, transaction *block.Transaction) (block.Outcome, error) {
	context, err := api.context(at)
	if err != nil {
		return block.Outcome{}, err
	}

	for address, override := range call.overrides {
		if override != nil {
			if err := override.apply(context, block.Address(address)); err != nil {
				return block.Outcome{}, err
			}
		}
	}

	return block.Simulate(context, transaction, block.Address(call.form.From))
}

// execute simulates a call; what the EVM refuses is an error that callers understand.
func (api *API) execute(call *message) (outcome block.Outcome, at *ledger.Block, err error) {
	if at, err = api.find(call.at); err != nil {
		return outcome, nil, err
	}

	transaction, err := call.form.transaction()
	if err != nil {
		return outcome, nil, err
	}

	outcome, err = api.simulate(at, call, transaction)
	return outcome, at, refused(transaction, outcome, err)
}

// refused makes an error of what the EVM did not do. A revert leaves gas or says something; whatever else fails uses up
// all the gas and says nothing.
func refused(transaction *block.Transaction, outcome block.Outcome, err error) error {
	var invalid *block.InvalidError
	switch {
	case errors.As(err, &invalid):
		return rpc.Fail(rpc.CodeServer, "%s", invalid.Reason)
	case err != nil || outcome.Succeeded:
		return err
	case len(outcome.Output) > 0 || outcome.GasSpent < transaction.GasLimit:
		return &rpc.Error{
			Code: rpc.CodeReverted, Message: "execution reverted" + reasonOf(outcome.Output),
			Data: hexjson.Bytes(append([]byte{}, outcome.Output...)),
		}
	}

	return rpc.Fail(rpc.CodeServer, "the call runs out of %d gas, or meets an invalid instruction", transaction.GasLimit)
}

// reasonOf reads Error(string), which Solidity's require returns.
func reasonOf(output []byte) string {
	const head = 4 + 32 + 32
	if len(output) < head || hex.EncodeToString(output[:4]) != "08c379a0" {
		return ""
	}

	var length u256.Int
	length.SetBytes(output[36:68])
	if !length.IsUint64() || length.Uint64() > uint64(len(output)-head) {
		return ""
	}

	return ": " + string(output[head:head+length.Uint64()])
}

func (api *API) call(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	call, err := readMessage(parameters)
	if err != nil {
		return nil, err
	}

	outcome, _, err := api.execute(call)
	if err != nil {
		return nil, err
	}

	return hexjson.Bytes(append([]byte{}, outcome.Output...)), nil
}

// estimateGas finds the least gas limit with which the call succeeds, by halving; refunds and the 63/64 rule make it more
// than what is used in the end.
func (api *API) estimateGas(ctx context.Context, parameters rpc.Parameters) (interface{}, error) {
	call, err := readMessage(parameters)
	if err != nil {
		return nil, err
	}

	at, err := api.find(call.at)
	if err != nil {
		return nil, err
	}

	if limit := hexjson.Quantity(at.Header.GasLimit); call.form.Gas == nil || *call.form.Gas > limit {
		call.form.Gas = &limit
	}

	transaction, err := call.form.transaction()
	if err != nil {
		return nil, err
	}

	outcome, err := api.simulate(at, call, transaction)
	if err = refused(transaction, outcome, err); err != nil {
		return nil, err
	}

	if len(transaction.Data) == 0 && outcome.GasUsed == outcome.GasSpent {
		// A plain transfer needs what it uses.
		transaction.GasLimit = outcome.GasUsed
		if again, err := api.simulate(at, call, transaction); err == nil && again.Succeeded {
			return hexjson.Quantity(outcome.GasUsed), nil
		}
	}

	low, high := outcome.GasUsed-1, uint64(*call.form.Gas)
	if high > callGasMax {
		high = callGasMax
	}

	if guess := outcome.GasSpent + outcome.GasSpent/32 + 2500; guess < high {
		transaction.GasLimit = guess
		if again, err := api.simulate(at, call, transaction); err == nil && again.Succeeded {
			high = guess
		}
	}

	for low+1 < high {
		if err := ctx.Err(); err != nil {
			return nil, err
		}

		transaction.GasLimit = low + (high-low)/2
		again, err := api.simulate(at, call, transaction)
		var invalid *block.InvalidError
		switch {
		case err != nil && !errors.As(err, &invalid):
			return nil, err
		case err == nil && again.Succeeded:
			high = transaction.GasLimit
		default:
			low = transaction.GasLimit
		}
	}

	return hexjson.Quantity(high), nil
}
