package api

import (
	"context"
	"math/big"
	"sort"

	"culverin/guest/block"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/rpc"
	"culverin/guest/u256"
)

// tipUsual is what is suggested as a tip, in wei: a block that is not full takes any.
const tipUsual = 1_000_000

// historyMax is how many blocks, and how many percentiles, eth_feeHistory is asked for at most.
const (
	historyMax     = 1024
	percentilesMax = 100
)

func (api *API) maxPriorityFeePerGas(context.Context, rpc.Parameters) (interface{}, error) {
	return hexjson.Quantity(tipUsual), nil
}

func (api *API) gasPrice(context.Context, rpc.Parameters) (interface{}, error) {
	fee, isKnown := block.NextBaseFee(api.chain.Chain, api.chain.Heads().Unsafe.Header)
	if !isKnown {
		return nil, rpc.Fail(rpc.CodeServer, "the newest header does not say what the next base fee is")
	}

	tip := u256.New(tipUsual)
	fee.Add(&fee, &tip)
	return hexjson.Word(fee), nil
}

type historyForm struct {
	Oldest           hexjson.Quantity `json:"oldestBlock"`
	BaseFees         []hexjson.Word   `json:"baseFeePerGas"`
	GasUsedRatios    []float64        `json:"gasUsedRatio"`
	BlobBaseFees     []hexjson.Word   `json:"baseFeePerBlobGas"`
	BlobGasUsedRatio []float64        `json:"blobGasUsedRatio"`
	Rewards          [][]hexjson.Word `json:"reward,omitempty"`
}

// count is a number, or its digits.
type count uint64

// UnmarshalJSON takes both, since tools send both.
func (target *count) UnmarshalJSON(data []byte) error {
	var text hexjson.Quantity
	if len(data) > 1 && data[0] == '"' {
		err := text.UnmarshalText(data[1 : len(data)-1])
		*target = count(text)
		return err
	}

	number, isNumber := new(big.Int).SetString(string(data), 10)
	if !isNumber || !number.IsUint64() {
		return rpc.Fail(rpc.CodeParameters, "it is no number")
	}

	*target = count(number.Uint64())
	return nil
}

func (api *API) feeHistory(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var asked count
	var newest tag
	var percentiles []float64
	if err := parameters.Read(2, &asked, &newest, &percentiles); err != nil {
		return nil, err
	}

	if len(percentiles) > percentilesMax || !isRising(percentiles) {
		return nil, rpc.Fail(rpc.CodeParameters, "at most %d percentiles from 0 to 100 in rising order", percentilesMax)
	}

	last, err := api.find(newest)
	if err != nil {
		return nil, err
	}

	first := api.chain.Genesis().Header.Number
	if most := last.Header.Number - first + 1; uint64(asked) > most {
		asked = count(most)
	}

	if asked > historyMax {
		asked = historyMax
	}

	form := &historyForm{
		Oldest:   hexjson.Quantity(last.Header.Number + 1 - uint64(asked)),
		BaseFees: []hexjson.Word{}, GasUsedRatios: []float64{}, BlobBaseFees: []hexjson.Word{},
		BlobGasUsedRatio: []float64{},
	}
	one := hexjson.Word(u256.New(1))
	for number := uint64(form.Oldest); number <= last.Header.Number; number++ {
		each, err := api.chain.BlockByNumber(number)
		if err != nil {
			return nil, missing(err)
		}

		form.BaseFees = append(form.BaseFees, hexjson.Word(each.Header.BaseFee))
		form.GasUsedRatios = append(form.GasUsedRatios, float64(each.Header.GasUsed)/float64(each.Header.GasLimit))
		form.BlobBaseFees = append(form.BlobBaseFees, one)
		form.BlobGasUsedRatio = append(form.BlobGasUsedRatio, 0)
		if len(percentiles) > 0 {
			rewards, err := rewardsOf(each, percentiles)
			if err != nil {
				return nil, err
			}

			form.Rewards = append(form.Rewards, rewards)
		}
	}

	next, _ := block.NextBaseFee(api.chain.Chain, last.Header)
	form.BaseFees = append(form.BaseFees, hexjson.Word(next))
	form.BlobBaseFees = append(form.BlobBaseFees, one)
	return form, nil
}

func isRising(percentiles []float64) bool {
	before := 0.0
	for _, each := range percentiles {
		if !(each >= before && each <= 100) {
			return false
		}

		before = each
	}

	return true
}

// rewardsOf are the tips below which a share of the block's gas was used.
func rewardsOf(of *ledger.Block, percentiles []float64) ([]hexjson.Word, error) {
	type share struct {
		tip u256.Int
		gas uint64
	}
	var shares []share
	before, total := uint64(0), uint64(0)
	for index, encoded := range of.Transactions {
		transaction, err := block.Decode(encoded)
		if err != nil {
			return nil, err
		}

		used := of.Receipts[index].CumulativeGasUsed - before
		before = of.Receipts[index].CumulativeGasUsed
		if transaction.IsDeposit() {
			continue
		}

		tip := paid(transaction, &of.Header.BaseFee)
		tip.Sub(&tip, &of.Header.BaseFee)
		shares = append(shares, share{tip, used})
		total += used
	}

	sort.SliceStable(shares, func(left, right int) bool { return shares[left].tip.IsBelow(&shares[right].tip) })
	rewards := make([]hexjson.Word, len(percentiles))
	if len(shares) == 0 {
		return rewards, nil
	}

	place, sum := 0, shares[0].gas
	for index, percentile := range percentiles {
		for threshold := uint64(float64(total) * percentile / 100); sum < threshold && place < len(shares)-1; {
			place++
			sum += shares[place].gas
		}

		rewards[index] = hexjson.Word(shares[place].tip)
	}

	return rewards, nil
}
