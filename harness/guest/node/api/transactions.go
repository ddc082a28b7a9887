package api

import (
	"context"
	"errors"

	"culverin/guest/block"
	"culverin/guest/evm"
	"culverin/guest/keccak"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/pool"
	"culverin/guest/node/rpc"
	"culverin/guest/u256"
)

// depositReceiptVersion is Canyon's (deposits.md, "Deposit Receipt").
const depositReceiptVersion = 1

// paid is what a transaction pays for a unit of gas in a block with a base fee.
func paid(transaction *block.Transaction, baseFee *u256.Int) (price u256.Int) {
	if transaction.IsDeposit() {
		return price
	}

	price.Sub(&transaction.FeeCap, baseFee)
	if transaction.TipCap.IsBelow(&price) {
		price = transaction.TipCap
	}

	price.Add(&price, baseFee)
	return price
}

func (api *API) transactionForm(within *ledger.Block, index int) (*forms.Transaction, error) {
	transaction, sender, err := decode(within.Transactions[index])
	if err != nil {
		return nil, err
	}

	price := paid(transaction, &within.Header.BaseFee)
	form := forms.NewTransaction(transaction, sender, &price)
	form.Place = placeIn(within, index)
	if transaction.IsDeposit() && index < len(within.Receipts) {
		version := hexjson.Quantity(depositReceiptVersion)
		form.Nonce, form.DepositReceiptVersion = hexjson.Quantity(within.Receipts[index].DepositNonce), &version
	}

	return form, nil
}

func (api *API) getTransactionByHash(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var hash hexjson.Hash
	if err := parameters.Read(1, &hash); err != nil {
		return nil, err
	}

	within, index, err := api.chain.Transaction(keccak.Hash(hash))
	if errors.Is(err, ledger.ErrNotFound) && api.pool != nil {
		if entry := api.pool.Get(keccak.Hash(hash)); entry != nil {
			return forms.NewTransaction(entry.Transaction, entry.Sender, nil), nil
		}

		// Between the two questions it may have left the pool, which it does only after its block can be read.
		within, index, err = api.chain.Transaction(keccak.Hash(hash))
	}

	if errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}

	if err != nil {
		return nil, err
	}

	return api.transactionForm(within, index)
}

func (api *API) getTransactionByNumber(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at tag
	var index hexjson.Quantity
	if err := parameters.Read(2, &at, &index); err != nil {
		return nil, err
	}

	return api.transactionAt(at, uint64(index))
}

func (api *API) getTransactionByBlockHash(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at hashTag
	var index hexjson.Quantity
	if err := parameters.Read(2, &at, &index); err != nil {
		return nil, err
	}

	return api.transactionAt(at.tag, uint64(index))
}

func (api *API) transactionAt(at tag, index uint64) (interface{}, error) {
	within, err := api.find(at)
	if err != nil {
		return orNull(nil, err)
	}

	if index >= uint64(len(within.Transactions)) {
		return nil, nil
	}

	return api.transactionForm(within, int(index))
}

func (api *API) getRawTransaction(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var hash hexjson.Hash
	if err := parameters.Read(1, &hash); err != nil {
		return nil, err
	}

	within, index, err := api.chain.Transaction(keccak.Hash(hash))
	if err != nil {
		return orNull(nil, err)
	}

	return hexjson.Bytes(within.Transactions[index]), nil
}

func (api *API) getTransactionReceipt(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var hash hexjson.Hash
	if err := parameters.Read(1, &hash); err != nil {
		return nil, err
	}

	within, index, err := api.chain.Transaction(keccak.Hash(hash))
	if err != nil {
		return orNull(nil, err)
	}

	receipts, err := api.receipts(within)
	if err != nil {
		return nil, err
	}

	return receipts[index], nil
}

func (api *API) getBlockReceipts(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at tag
	if err := parameters.Read(1, &at); err != nil {
		return nil, err
	}

	found, err := api.find(at)
	if err != nil {
		return orNull(nil, err)
	}

	return api.receipts(found)
}

// receipts writes all receipts of a block.
func (api *API) receipts(of *ledger.Block) ([]*forms.Receipt, error) {
	list := []*forms.Receipt{}
	if len(of.Transactions) == 0 {
		return list, nil
	}

	context, err := api.context(of)
	if err != nil {
		return nil, err
	}

	logs := logsOf(of)
	before := uint64(0)
	for index, encoded := range of.Transactions {
		transaction, sender, err := decode(encoded)
		if err != nil {
			return nil, err
		}

		receipt := of.Receipts[index]
		price := paid(transaction, &of.Header.BaseFee)
		form := &forms.Receipt{
			Type: hexjson.Quantity(receipt.Type), CumulativeGasUsed: hexjson.Quantity(receipt.CumulativeGasUsed),
			Bloom: receipt.Bloom[:], Logs: logs[index], TransactionHash: hexjson.Hash(keccak.Sum(encoded)),
			Index: hexjson.Quantity(index), BlockHash: hexjson.Hash(of.Hash),
			BlockNumber: hexjson.Quantity(of.Header.Number), From: hexjson.Address(sender),
			GasUsed:           hexjson.Quantity(receipt.CumulativeGasUsed - before),
			EffectiveGasPrice: hexjson.Word(price),
		}
		before = receipt.CumulativeGasUsed
		if receipt.Succeeded {
			form.Status = 1
		}

		nonce := transaction.Nonce
		if transaction.IsDeposit() {
			nonce = receipt.DepositNonce
			number, version := hexjson.Quantity(nonce), hexjson.Quantity(depositReceiptVersion)
			form.DepositNonce, form.DepositReceiptVersion = &number, &version
		}

		if transaction.To != nil {
			to := hexjson.Address(*transaction.To)
			form.To = &to
		} else {
			created := hexjson.Address(evm.CreatedAddress(&sender, nonce))
			form.ContractAddress = &created
		}

		if err := addL1(form, of, context, transaction); err != nil {
			return nil, err
		}

		list = append(list, form)
	}

	return list, nil
}

// addL1 adds what the transaction paid for L1.
func addL1(form *forms.Receipt, of *ledger.Block, context *block.Context, transaction *block.Transaction) error {
	attributes, err := of.L1Attributes()
	if err != nil {
		return err
	}

	fee := hexjson.Word(block.L1Fee(context, transaction))
	price, blobPrice := hexjson.Word(attributes.BaseFee), hexjson.Word(attributes.BlobBaseFee)
	scalar := hexjson.Quantity(attributes.BaseFeeScalar)
	blobScalar := hexjson.Quantity(attributes.BlobBaseFeeScalar)
	form.L1Fee, form.L1GasPrice, form.L1BlobBaseFee = &fee, &price, &blobPrice
	form.L1BaseFeeScalar, form.L1BlobBaseFeeScalar = &scalar, &blobScalar
	if context.Machine.Rules.Isthmus && (attributes.OperatorFeeScalar != 0 || attributes.OperatorFeeConstant != 0) {
		operator, constant := hexjson.Quantity(attributes.OperatorFeeScalar),
			hexjson.Quantity(attributes.OperatorFeeConstant)
		form.OperatorFeeScalar, form.OperatorFeeConstant = &operator, &constant
	}

	return nil
}

// sendRawTransaction takes a transaction. When its hash is answered, the transaction is on disk.
func (api *API) sendRawTransaction(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var encoded hexjson.Bytes
	if err := parameters.Read(1, &encoded); err != nil {
		return nil, err
	}

	if api.pool == nil {
		return nil, rpc.Fail(rpc.CodeRefused, "this node does not sequence: send transactions to the one that does")
	}

	entry, err := pool.Decode(encoded)
	if err != nil {
		return nil, rpc.Fail(rpc.CodeServer, "%s", pool.Reason(err))
	}

	context, err := api.context(api.chain.Heads().Unsafe)
	if err != nil {
		return nil, err
	}

	if _, err = api.pool.Add(context, entry); err != nil {
		return nil, rpc.Fail(rpc.CodeServer, "%s", pool.Reason(err))
	}

	if err := api.keep(entry.Hash, encoded); err != nil {
		api.pool.Remove(entry.Hash)
		return nil, err
	}

	api.node.Added()
	return hexjson.Hash(entry.Hash), nil
}

func (api *API) poolStatus(context.Context, rpc.Parameters) (interface{}, error) {
	count := hexjson.Quantity(0)
	if api.pool != nil {
		count = hexjson.Quantity(api.pool.Count())
	}

	return map[string]hexjson.Quantity{"pending": count, "queued": 0}, nil
}
