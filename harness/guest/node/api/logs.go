package api

import (
	"context"
	"encoding/json"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/rpc"
)

// Bounds of eth_getLogs.
const (
	logBlocksMax = 10_000
	logsMax      = 20_000
	// alternativesMax is how many addresses, or topics at one place, a filter may name.
	alternativesMax = 1000
	topicsMax       = 4
)

// oneOrMore is one value or a list.
type oneOrMore[Value any] []Value

// UnmarshalJSON reads either; null is an empty list.
func (list *oneOrMore[Value]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*list = nil
		return nil
	}

	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]Value)(list))
	}

	var one Value
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}

	*list = []Value{one}
	return nil
}

// filter is what logs are asked for by; what it does not name fits all.
type filter struct {
	From      *tag                       `json:"fromBlock"`
	To        *tag                       `json:"toBlock"`
	BlockHash *hexjson.Hash              `json:"blockHash"`
	Addresses oneOrMore[hexjson.Address] `json:"address"`
	Topics    []oneOrMore[hexjson.Hash]  `json:"topics"`
}

func (filter *filter) check() error {
	isBounded := len(filter.Addresses) <= alternativesMax && len(filter.Topics) <= topicsMax
	for _, alternatives := range filter.Topics {
		isBounded = isBounded && len(alternatives) <= alternativesMax
	}

	if !isBounded {
		return rpc.Fail(rpc.CodeParameters, "a filter may name %d topics, and %d alternatives of each and of the address",
			topicsMax, alternativesMax)
	}

	if filter.BlockHash != nil && (filter.From != nil || filter.To != nil) {
		return rpc.Fail(rpc.CodeParameters, "blockHash excludes fromBlock and toBlock")
	}

	return nil
}

// mayBeIn tells by a block's filter whether one of its logs can fit.
func (filter *filter) mayBeIn(bloom *block.Bloom) bool {
	fits := func(keys [][]byte) bool {
		for _, key := range keys {
			if found := block.NewBloomKey(key); found.IsIn(bloom) {
				return true
			}
		}

		return len(keys) == 0
	}
	var keys [][]byte
	for index := range filter.Addresses {
		keys = append(keys, filter.Addresses[index][:])
	}

	if !fits(keys) {
		return false
	}

	for _, alternatives := range filter.Topics {
		keys = nil
		for index := range alternatives {
			keys = append(keys, alternatives[index][:])
		}

		if !fits(keys) {
			return false
		}
	}

	return true
}

func (filter *filter) fits(log *forms.Log) bool {
	if len(filter.Topics) > len(log.Topics) || !contains(filter.Addresses, log.Address) {
		return false
	}

	for place, alternatives := range filter.Topics {
		if !contains(alternatives, log.Topics[place]) {
			return false
		}
	}

	return true
}

// contains: an empty list contains everything.
func contains[Value comparable](list []Value, value Value) bool {
	for _, each := range list {
		if each == value {
			return true
		}
	}

	return len(list) == 0
}

// logsOf writes the logs of each of a block's transactions.
func logsOf(of *ledger.Block) [][]*forms.Log {
	all := make([][]*forms.Log, len(of.Receipts))
	count := uint64(0)
	for index, receipt := range of.Receipts {
		all[index] = []*forms.Log{}
		hash := keccak.Sum(of.Transactions[index])
		for place := range receipt.Logs {
			log := &receipt.Logs[place]
			form := &forms.Log{
				Address: hexjson.Address(log.Address), Topics: []hexjson.Hash{}, Data: append([]byte{}, log.Data...),
				BlockHash: hexjson.Hash(of.Hash), BlockNumber: hexjson.Quantity(of.Header.Number),
				BlockTimestamp: hexjson.Quantity(of.Header.Timestamp), TransactionHash: hexjson.Hash(hash),
				Index: hexjson.Quantity(index), LogIndex: hexjson.Quantity(count),
			}
			for _, topic := range log.Topics {
				form.Topics = append(form.Topics, hexjson.Hash(topic))
			}

			all[index] = append(all[index], form)
			count++
		}
	}

	return all
}

func (api *API) getLogs(ctx context.Context, parameters rpc.Parameters) (interface{}, error) {
	var asked filter
	if err := parameters.Read(1, &asked); err != nil {
		return nil, err
	}

	if err := asked.check(); err != nil {
		return nil, err
	}

	found := []*forms.Log{}
	if asked.BlockHash != nil {
		hash := keccak.Hash(*asked.BlockHash)
		within, err := api.find(tag{hash: &hash})
		if err != nil {
			return nil, err
		}

		return asked.collect(found, within)
	}

	first, last, err := api.limits(&asked)
	if err != nil {
		return nil, err
	}

	for number := first; number <= last; number++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}

		hash, err := api.chain.Canonical(number)
		if err != nil {
			return nil, missing(err)
		}

		header, err := api.chain.HeaderByHash(hash)
		if err != nil {
			return nil, missing(err)
		}

		if !asked.mayBeIn(&header.Bloom) {
			continue
		}

		within, err := api.chain.Block(hash)
		if err != nil {
			return nil, missing(err)
		}

		if found, err = asked.collect(found, within); err != nil {
			return nil, err
		}
	}

	return found, nil
}

// limits are the numbers of the first and the last block.
func (api *API) limits(asked *filter) (first, last uint64, err error) {
	from, to := latest(), latest()
	if asked.From != nil {
		from = *asked.From
	}

	if asked.To != nil {
		to = *asked.To
	}

	begin, err := api.find(from)
	if err != nil {
		return 0, 0, err
	}

	// Tools ask for more than there is.
	if newest := api.chain.Heads().Unsafe.Header.Number; to.label == "" && to.hash == nil && to.number > newest {
		to.number = newest
	}

	end, err := api.find(to)
	if err != nil {
		return 0, 0, err
	}

	first, last = begin.Header.Number, end.Header.Number
	switch {
	case last < first:
		return 0, 0, rpc.Fail(rpc.CodeParameters, "toBlock is before fromBlock")
	case last-first >= logBlocksMax:
		return 0, 0, rpc.Fail(rpc.CodeLimit, "one call may look at %d blocks", logBlocksMax)
	}

	return first, last, nil
}

func (filter *filter) collect(found []*forms.Log, within *ledger.Block) ([]*forms.Log, error) {
	for _, logs := range logsOf(within) {
		for _, log := range logs {
			if filter.fits(log) {
				if len(found) == logsMax {
					return nil, rpc.Fail(rpc.CodeLimit, "more than %d logs fit; ask about fewer blocks", logsMax)
				}

				found = append(found, log)
			}
		}
	}

	return found, nil
}
