package derive

import (
	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/state"
)

// The places of what matters here in a filter of logs.
var (
	depositKey = block.NewBloomKey(depositEvent[:])
	updateKey  = block.NewBloomKey(updateEvent[:])
)

// Events is what the receipts of an L1 block say to an L2. Receipts are added in their order, all of the block.
type Events struct {
	// Deposits are the user deposits, as they stand in an L2 block: one for each log of the deposit contract in a
	// successful receipt.
	Deposits [][]byte
	// Updates are the logs of the SystemConfig contract in successful receipts.
	Updates []state.Log
	// Failure is a *MalformedError if the deposit contract wrote what OptimismPortal never writes: no L2 block can be
	// derived then that begins the epoch of this L1 block.
	Failure error

	rollup                 *Rollup
	l1Block                keccak.Hash
	portalKey, contractKey block.BloomKey
	logCount               uint64
}

// NewEvents has read no receipt yet of an L1 block.
func (rollup *Rollup) NewEvents(l1Block keccak.Hash) *Events {
	return &Events{
		rollup: rollup, l1Block: l1Block,
		portalKey: block.NewBloomKey(rollup.Portal[:]), contractKey: block.NewBloomKey(rollup.SystemConfig[:]),
	}
}

// MayBeIn tells whether there can be anything in a block or a receipt with this filter. A chain's rules say what filters
// hold, so that nothing is missed.
func (events *Events) MayBeIn(bloom *block.Bloom) bool {
	return events.portalKey.IsIn(bloom) && depositKey.IsIn(bloom) ||
		events.contractKey.IsIn(bloom) && updateKey.IsIn(bloom)
}

// Add takes the next receipt, as the receipts' trie holds it; nothing of it is kept. The error is block.ErrMalformed: what
// an L1 block commits to never is.
func (events *Events) Add(encoded []byte) error {
	bloom, count, isRight := skimReceipt(encoded)
	if !isRight {
		return block.ErrMalformed
	}

	if !events.MayBeIn(bloom) {
		events.logCount += count
		return nil
	}

	receipt, err := block.DecodeReceipt(append([]byte(nil), encoded...))
	if err != nil {
		return err
	}

	for place := range receipt.Logs {
		if receipt.Succeeded {
			events.addLog(&receipt.Logs[place], events.logCount+uint64(place))
		}
	}

	events.logCount += count
	return nil
}

func (events *Events) addLog(log *state.Log, index uint64) {
	switch {
	case len(log.Topics) == 0:
	case log.Address == events.rollup.Portal && log.Topics[0] == depositEvent:
		deposit, err := decodeDeposit(log)
		if err != nil {
			events.Failure = err
			return
		}

		deposit.SourceHash = UserSource(events.l1Block, index)
		events.Deposits = append(events.Deposits, deposit.Encode())
	case log.Address == events.rollup.SystemConfig && log.Topics[0] == updateEvent && len(log.Topics) == 3:
		events.Updates = append(events.Updates, *log)
	}
}

// skimReceipt finds the filter and counts the logs of a receipt without allocating anything: most of a block's receipts
// say nothing to the L2.
func skimReceipt(encoded []byte) (bloom *block.Bloom, count uint64, isRight bool) {
	if len(encoded) > 0 && encoded[0] < stringFirst {
		encoded = encoded[1:]
	}

	whole := &cursor{rest: encoded}
	fields := &cursor{rest: listContent(whole.item(true))}
	fields.item(false)
	fields.item(false)
	filter, logs := fields.item(false), listContent(fields.item(true))
	start, length, _, err := rlp.Head(filter)
	if fields.failed || err != nil || length != len(block.Bloom{}) {
		return nil, 0, false
	}

	for len(logs) > 0 {
		start, length, isList, err := rlp.Head(logs)
		if err != nil || !isList {
			return nil, 0, false
		}

		logs = logs[start+length:]
		count++
	}

	return (*block.Bloom)(filter[start:]), count, true
}
