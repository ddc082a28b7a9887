package madeup

import (
	"encoding/json"
	"fmt"

	"culverin/guest/config"
)

// RollupJSON is the L2's configuration as op-node writes it, L1JSON that of its L1 in the form of a genesis.json.
func (world *World) RollupJSON() []byte {
	rollup := world.Rollup
	system := &rollup.Genesis.System
	fields := map[string]interface{}{
		"genesis": map[string]interface{}{
			"l1":      id(rollup.Genesis.L1),
			"l2":      id(rollup.Genesis.L2),
			"l2_time": rollup.Genesis.Time,
			"system_config": map[string]interface{}{
				"batcherAddr": fmt.Sprintf("0x%x", system.Batcher),
				"overhead":    fmt.Sprintf("0x%064x", 0),
				"scalar":      fmt.Sprintf("0x01%046x%08x%08x", 0, system.BlobBaseFeeScalar, system.BaseFeeScalar),
				"gasLimit":    system.GasLimit,
			},
		},
		"block_time": rollup.BlockTime, "seq_window_size": rollup.SequencingWindow,
		"l1_chain_id": rollup.L1ChainID, "l2_chain_id": rollup.Chain.ID,
		"batch_inbox_address":      fmt.Sprintf("0x%x", rollup.Inbox),
		"deposit_contract_address": fmt.Sprintf("0x%x", rollup.Portal),
		"l1_system_config_address": fmt.Sprintf("0x%x", rollup.SystemConfig),
		"chain_op_config": map[string]interface{}{
			"eip1559Elasticity": 6, "eip1559Denominator": 50, "eip1559DenominatorCanyon": 250,
		},
	}
	for fork, time := range rollup.Chain.Times {
		if time != config.Never {
			fields[config.Fork(fork).String()+"_time"] = time
		}
	}

	return world.json(fields)
}

// L1JSON is what RollupJSON leaves to L1.
func (world *World) L1JSON() []byte {
	return world.json(map[string]interface{}{
		"config": map[string]interface{}{"chainId": world.Rollup.L1ChainID, "cancunTime": 0},
	})
}

func id(block config.BlockID) map[string]interface{} {
	return map[string]interface{}{"hash": fmt.Sprintf("0x%x", block.Hash), "number": block.Number}
}

func (world *World) json(fields map[string]interface{}) []byte {
	data, err := json.Marshal(fields)
	if err != nil {
		world.t.Fatal(err)
	}

	return data
}
