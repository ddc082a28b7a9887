package rollupjson

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"culverin/guest/config"
)

// form is a rollup.json as op-node writes it; %s stands for more keys.
const form = `{
	"genesis": {
		"l1": {"hash": "0x1100000000000000000000000000000000000000000000000000000000000011", "number": 7},
		"l2": {"hash": "0x2200000000000000000000000000000000000000000000000000000000000022", "number": 3},
		"l2_time": 1700000000,
		"system_config": {
			"batcherAddr": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
			"overhead": "0x0000000000000000000000000000000000000000000000000000000000000000",
			"scalar": "0x010000000000000000000000000000000000000000000000000c5fc500000558",
			"gasLimit": 60000000, "eip1559Params": "0x000000fa00000006",
			"operatorFeeParams": "0x0000000000000000000000000000000000000000000000050000000000000009",
			"minBaseFee": 8, "daFootprintGasScalar": 500
		}
	},
	"block_time": 2, "max_sequencer_drift": 600, "seq_window_size": 3600, "channel_timeout": 300,
	"l1_chain_id": 900, "l2_chain_id": 901,
	"regolith_time": 0, "canyon_time": 0, "delta_time": 0, "ecotone_time": 0, "fjord_time": 0, "granite_time": 0,
	"holocene_time": 0, "isthmus_time": 0, "pectra_blob_schedule_time": 500,
	"batch_inbox_address": "0x00289c189bee4e70334629f04cd5ed602b6600eb",
	"deposit_contract_address": "0xb0f8000000000000000000000000000000000001",
	"l1_system_config_address": "0xc0f8000000000000000000000000000000000002",
	"protocol_versions_address": "0x0000000000000000000000000000000000000000",
	"chain_op_config": {"eip1559Elasticity": 6, "eip1559Denominator": 50, "eip1559DenominatorCanyon": 250}
}`

const l1Form = `{"config": {"chainId": 900, "homesteadBlock": 0, "cancunTime": 0, "pragueTime": 400, "osakaTime": 600,
	"bpo1Time": 700, "blobSchedule": {"cancun": {"target": 3, "max": 6, "baseFeeUpdateFraction": 3338477},
	"bpo1": {"target": 10, "max": 15, "baseFeeUpdateFraction": 77}}}}`

func TestParseRollup(t *testing.T) {
	found, err := ParseRollup([]byte(form), []byte(l1Form))
	if err != nil {
		t.Fatal(err)
	}

	want := &config.Rollup{
		Chain: found.Chain, L1ChainID: 900, BlockTime: 2, SequencingWindow: 3600,
		Genesis: config.Genesis{
			L1:   config.BlockID{Hash: [32]byte{0: 0x11, 31: 0x11}, Number: 7},
			L2:   config.BlockID{Hash: [32]byte{0: 0x22, 31: 0x22}, Number: 3},
			Time: 1700000000,
			System: config.SystemConfig{
				Batcher: config.Address{
					0x3c, 0x44, 0xcd, 0xdd, 0xb6, 0xa9, 0x00, 0xfa, 0x2b, 0x58, 0x5d, 0xd2, 0x99, 0xe0, 0x3d, 0x12, 0xfa, 0x42, 0x93, 0xbc,
				},
				BaseFeeScalar: 1368, BlobBaseFeeScalar: 810949, GasLimit: 60_000_000, FeeParameters: [8]byte{3: 250, 7: 6},
				OperatorFeeScalar: 5, OperatorFeeConstant: 9, MinBaseFee: 8, DAFootprintScalar: 500,
			},
		},
		Inbox: found.Inbox, Portal: config.Address{0: 0xb0, 1: 0xf8, 19: 1}, SystemConfig: config.Address{0: 0xc0, 1: 0xf8, 19: 2},
		BlobSchedule: config.BlobSchedule{{Time: 0, Fraction: 3338477}, {Time: 500, Fraction: 5007716},
			{Time: 600, Fraction: 5007716}, {Time: 700, Fraction: 77}},
	}
	if !reflect.DeepEqual(found, want) || found.Chain.ID != 901 || !found.Chain.IsActive(config.Isthmus, 0) {
		t.Errorf("%+v", found)
	}

	// Without the file of an L1 that nobody knows there is no schedule.
	if _, err := ParseRollup([]byte(form), nil); err == nil || !strings.Contains(err.Error(), "id 900") {
		t.Errorf("%v", err)
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for _, key := range []string{
		"genesis.l1", "genesis.l2", "genesis.l2_time", "genesis.system_config.batcherAddr",
		"genesis.system_config.scalar", "genesis.system_config.gasLimit", "block_time", "seq_window_size",
		"l1_chain_id", "batch_inbox_address", "deposit_contract_address", "l1_system_config_address",
	} {
		var fields map[string]interface{}
		if err := json.Unmarshal([]byte(form), &fields); err != nil {
			t.Fatal(err)
		}

		inner, parts := fields, strings.Split(key, ".")
		for _, part := range parts[:len(parts)-1] {
			inner = inner[part].(map[string]interface{})
		}

		delete(inner, parts[len(parts)-1])
		data, _ := json.Marshal(fields)
		if _, err := ParseRollup(data, []byte(l1Form)); err == nil || !strings.Contains(err.Error(), key+" is missing") {
			t.Errorf("%s: %v", key, err)
		}
	}

	for from, to := range map[string]string{
		`"block_time": 2`:                          `"block_time": 0`,
		`"seq_window_size": 3600`:                  `"seq_window_size": 0`,
		`"gasLimit": 60000000`:                     `"gasLimit": 0`,
		`0x00289c189bee4e70334629f04cd5ed602b6600`: `0x00`,
		`"l2_time": 1700000000`:                    `"l2_time": 0`,
	} {
		if _, err := ParseRollup([]byte(strings.Replace(form, from, to, 1)), []byte(l1Form)); err == nil {
			t.Errorf("%s is read", to)
		}
	}

	for _, l1 := range []string{`[]`, `{}`, `{"chainId": 901}`, `{"chainId": 900, "cancunTime": "x"}`,
		`{"chainId": 900, "blobSchedule": 5}`, `{"chainId": 900, "bpo4Time": 5}`} {
		if _, err := ParseRollup([]byte(form), []byte(l1)); err == nil {
			t.Errorf("the L1 %s is read", l1)
		}
	}
}

// TestWhatOthersReadOtherwise is refused, each by its name.
func TestWhatOthersReadOtherwise(t *testing.T) {
	for change, problem := range map[[2]string]string{
		{`"l2_chain_id": 901`, `"l2_chain_id": null`}:                      "l2_chain_id is null",
		{`"l2_chain_id": 901`, `"L2_chain_id": 901`}:                       "L2_chain_id is to be spelled l2_chain_id",
		{`"l2_chain_id": 901`, `"l2_chain_id": 901, "l2_chain_id": 10`}:    "l2_chain_id is there twice",
		{`"l2_chain_id": 901`, `"l2_chain_id": 901, "L2_CHAIN_ID": 10`}:    "L2_CHAIN_ID is there twice",
		{`"isthmus_time": 0`, `"Isthmus_time": 0`}:                         "Isthmus_time is to be spelled isthmus_time",
		{`"isthmus_time": 0`, `"isthmus_time": 0, "karst_Time": 0`}:        "karst_Time",
		{`"block_time": 2`, `"block_time": null`}:                          "block_time is null",
		{`"l2_time": 1700000000`, `"l2_time": null`}:                       "genesis.l2_time is null",
		{`"minBaseFee": 8`, `"minBaseFee": null`}:                          "",
		{`"daFootprintGasScalar": 500`, `"daFootprintGasScalar": null`}:    "",
		{`"eip1559Params": "0x000000fa00000006"`, `"eip1559Params": null`}: "",
		{`"eip1559Elasticity": 6`, `"eip1559Elasticity": null`}:            "chain_op_config.eip1559Elasticity is null",
		{`"eip1559Elasticity": 6`, `"eip1559elasticity": 6`}:               "is to be spelled eip1559Elasticity",
		{`"number": 7`, `"number": 7, "number": 8`}:                        "genesis.l1.number is there twice",
		{`"block_time": 2`, `"block_time": 2, "alt_da": {}`}:               "alt_da",
		{`"isthmus_time": 0`, `"isthmus_time": null`}:                      "",
		{`"isthmus_time": 0`, `"karst_time": null`}:                        "",
		{`"block_time": 2`, `"block_time": 2, "alt_da": null`}:             "",
	} {
		changed := strings.Replace(form, change[0], change[1], 1)
		if _, err := ParseRollup([]byte(changed), []byte(l1Form)); (err == nil) != (problem == "") ||
			err != nil && !strings.Contains(err.Error(), problem) || changed == form {
			t.Errorf("%s: %v", change[1], err)
		}
	}

	for change, problem := range map[[2]string]string{
		{`"chainId": 900`, `"chainId": null`}:                                                     "chainId is null",
		{`"cancunTime": 0`, `"CancunTime": 0`}:                                                    "spelled cancunTime",
		{`"cancunTime": 0`, `"cancunTime": 0, "cancunTime": 5`}:                                   "cancunTime is there twice",
		{`"baseFeeUpdateFraction": 3338477`, `"baseFeeUpdateFraction": null`}:                     "baseFeeUpdateFraction is null",
		{`"cancun": {"target": 3, "max": 6, "baseFeeUpdateFraction": 3338477}`, `"cancun": null`}: "blobSchedule.cancun is null",
		{`"homesteadBlock": 0`, `"terminalTotalDifficulty": null`}:                                "",
		{`"osakaTime": 600`, `"osakaTime": null`}:                                                 "",
	} {
		changed := strings.Replace(l1Form, change[0], change[1], 1)
		if _, err := ParseRollup([]byte(form), []byte(changed)); (err == nil) != (problem == "") ||
			err != nil && !strings.Contains(err.Error(), problem) || changed == l1Form {
			t.Errorf("L1: %s: %v", change[1], err)
		}
	}
}

// TestBuiltInRollupsEqualTheRegistry compares what the program has with the Superchain registry.
func TestBuiltInRollupsEqualTheRegistry(t *testing.T) {
	var registry struct {
		Superchains []struct {
			Config struct {
				L1 struct {
					ID uint64 `json:"chain_id"`
				} `json:"l1"`
			} `json:"config"`
			Chains []map[string]json.RawMessage `json:"chains"`
		} `json:"superchains"`
	}
	readRegistry(t, &registry)

	compared := 0
	for _, superchain := range registry.Superchains {
		for _, fields := range superchain.Chains {
			var id uint64
			if err := json.Unmarshal(fields["l2_chain_id"], &id); err != nil {
				t.Fatal(err)
			}

			builtIn, found := config.RollupByID(id)
			if !found {
				continue
			}

			compared++
			// The registry names some things otherwise than a rollup.json.
			var addresses, forks map[string]json.RawMessage
			_ = json.Unmarshal(fields["Addresses"], &addresses)
			_ = json.Unmarshal(fields["hardfork_configuration"], &forks)
			fields["deposit_contract_address"] = addresses["OptimismPortalProxy"]
			fields["l1_system_config_address"] = addresses["SystemConfigProxy"]
			fields["chain_op_config"] = fields["optimism"]
			fields["l1_chain_id"], _ = json.Marshal(superchain.Config.L1.ID)
			for name, time := range forks {
				fields[name] = time
			}

			written, _ := json.Marshal(fields)
			registered, err := ParseRollup(written, nil)
			if err != nil {
				t.Fatal(err)
			}

			registered.Chain.Unimplemented = builtIn.Chain.Unimplemented
			if !reflect.DeepEqual(registered, builtIn) {
				t.Errorf("%d: %+v, the registry says %+v", id, builtIn, registered)
			}
		}
	}

	if compared != 2 {
		t.Errorf("%d chains were compared", compared)
	}
}

// FuzzParseRollup: whatever the files say, they are refused or make a configuration that can be used; a file that is read
// says the same when its objects' names stand in another order.
func FuzzParseRollup(f *testing.F) {
	f.Add([]byte(form), []byte(l1Form))
	f.Add([]byte(`{"l2_chain_id": 10, "genesis": {"l1": {}}}`), []byte(`{"chainId": 1}`))
	f.Fuzz(func(t *testing.T, data, l1 []byte) {
		rollup, err := ParseRollup(data, l1)
		if err != nil {
			return
		}

		if problem := rollup.Check(); problem != "" {
			t.Fatal(problem)
		}

		sorted, l1Sorted := encoded(t, data), encoded(t, l1)
		again, err := ParseRollup(sorted, l1Sorted)
		if err != nil || !reflect.DeepEqual(again, rollup) {
			t.Fatalf("%s: %v, %+v, %+v", sorted, err, again, rollup)
		}
	})
}

// encoded writes a JSON text again, with names in the order of the alphabet and all digits of numbers.
func encoded(t *testing.T, data []byte) []byte {
	t.Helper()
	reader := json.NewDecoder(strings.NewReader(string(data)))
	reader.UseNumber()
	var value interface{}
	if err := reader.Decode(&value); err != nil {
		t.Fatal(err)
	}

	written, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}

	return written
}
