// Package rollupjson reads the rollup configuration as op-node writes it (rollup.json). It is for native programs:
// what runs in the virtual machine has its chains built in.
package rollupjson

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"culverin/guest/config"
	"culverin/guest/strictjson"
)

// chainPaths are what is read besides the forks' times.
var chainPaths = []string{
	"l2_chain_id", "chain_op_config.eip1559Elasticity", "chain_op_config.eip1559Denominator",
	"chain_op_config.eip1559DenominatorCanyon",
}

// rules refuse what another reader of the file could understand otherwise: names twice or in capital letters, and null where
// a value must be. Where one may be left out null is the same: some programs write all their fields.
func rules(values, optional []string) *strictjson.Rules {
	result := &strictjson.Rules{
		Values:   append(append([]string(nil), chainPaths...), values...),
		Optional: append([]string{"chain_op_config"}, optional...),
	}
	for fork := config.Fork(0); fork < config.ForkCount; fork++ {
		result.Optional = append(result.Optional, fork.String()+timeSuffix)
	}

	return result
}

// timeSuffix ends the names of forks' times.
const timeSuffix = "_time"

// notForks are keys that end like fork times and are none, or name forks that change derivation only.
var notForks = map[string]bool{
	"block_time": true, "l2_time": true, "delta_time": true, "pectra_blob_schedule_time": true,
}

// The constants of EIP-1559 that hold where a rollup.json names none: those of OP Mainnet.
const (
	usualElasticity        = 6
	usualDenominator       = 50
	usualDenominatorCanyon = 250
)

// Parse reads a rollup.json. A key "X_time" of a fork that is not implemented here is kept, so that blocks from that time
// on are unknown; null means never. Null elsewhere, and names that are there twice or in another spelling, are refused.
func Parse(data []byte) (*config.Chain, error) {
	if err := strictjson.Check(data, rules(nil, nil)); err != nil {
		return nil, fmt.Errorf("rollupjson: %w", err)
	}

	return parseChain(data)
}

func parseChain(data []byte) (*config.Chain, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, fmt.Errorf("rollupjson: %w", err)
	}

	return readChain(fields)
}

func readChain(fields map[string]json.RawMessage) (*config.Chain, error) {
	chain := &config.Chain{}
	id, found := fields["l2_chain_id"]
	if !found {
		return nil, fmt.Errorf("rollupjson: l2_chain_id is missing")
	}

	if err := json.Unmarshal(id, &chain.ID); err != nil {
		return nil, fmt.Errorf("rollupjson: l2_chain_id: %w", err)
	}

	if err := readForks(fields, chain); err != nil {
		return nil, err
	}

	if err := readFees(fields["chain_op_config"], chain); err != nil {
		return nil, err
	}

	if problem := chain.Check(); problem != "" {
		return nil, fmt.Errorf("rollupjson: %s", problem)
	}

	return chain, nil
}

func readForks(fields map[string]json.RawMessage, chain *config.Chain) error {
	known := map[string]config.Fork{}
	for fork := config.Fork(0); fork < config.ForkCount; fork++ {
		chain.Times[fork] = config.Never
		known[fork.String()+timeSuffix] = fork
	}

	// The oldest one is left out where it holds from the start.
	chain.Times[config.Regolith] = 0
	for key, value := range fields {
		switch {
		case notForks[key], !strings.HasSuffix(strings.ToLower(key), timeSuffix):
			continue
		case !strings.HasSuffix(key, timeSuffix):
			return fmt.Errorf("rollupjson: %s ends in capital letters", key)
		}

		var time *uint64
		if err := json.Unmarshal(value, &time); err != nil {
			return fmt.Errorf("rollupjson: %s: %w", key, err)
		}

		if time == nil {
			continue
		}

		if fork, isKnown := known[key]; isKnown {
			chain.Times[fork] = *time
		} else {
			fork := config.Scheduled{Name: strings.TrimSuffix(key, timeSuffix), Time: *time}
			chain.Unimplemented = append(chain.Unimplemented, fork)
		}
	}

	sort.Slice(chain.Unimplemented, func(left, right int) bool {
		return chain.Unimplemented[left].Time < chain.Unimplemented[right].Time
	})
	return nil
}

func readFees(data json.RawMessage, chain *config.Chain) error {
	fees := struct {
		Elasticity        *uint64 `json:"eip1559Elasticity"`
		Denominator       *uint64 `json:"eip1559Denominator"`
		DenominatorCanyon *uint64 `json:"eip1559DenominatorCanyon"`
	}{}
	if data != nil {
		if err := json.Unmarshal(data, &fees); err != nil {
			return fmt.Errorf("rollupjson: chain_op_config: %w", err)
		}
	}

	chain.Elasticity = valueOr(fees.Elasticity, usualElasticity)
	chain.Denominator = valueOr(fees.Denominator, usualDenominator)
	chain.DenominatorCanyon = valueOr(fees.DenominatorCanyon, usualDenominatorCanyon)
	return nil
}

func valueOr(value *uint64, usual uint64) uint64 {
	if value == nil {
		return usual
	}

	return *value
}
