package rig

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"culverin/guest/block"
	"culverin/guest/config/rollupjson"
	"culverin/guest/node/genesis"
	"culverin/guest/node/hexjson"
	"culverin/guest/testkit/fixture"
)

// Files are the contents of the files that an L2's node is started with.
type Files struct {
	Genesis, Rollup, L1Config []byte
}

// ether is a thousand ether in wei.
const ether = "0x3635c9adc5dea00000"

// Forks of the L2, by the names of rollup.json; all begin with the first block.
var (
	Holocene = []string{"regolith", "canyon", "delta", "ecotone", "fjord", "granite", "holocene"}
	Isthmus  = append(append([]string(nil), Holocene...), "isthmus")
)

// NewFiles makes the files of an L2 that begins after L1's newest block. Window is the sequencing window.
func (l1 *L1) NewFiles(window uint64, forks []string) *Files {
	l1.t.Helper()
	number, time := l1.Number(), l1.time
	alloc := map[string]interface{}{}
	account := func(address block.Address, code []byte, balance string) {
		alloc[hex.EncodeToString(address[:])] = map[string]interface{}{
			"balance": balance, "code": Hex(code), "nonce": "0x1",
		}
	}
	if l1.RealPredeploys {
		account(messagePasser, l1.artifact("L2ToL1MessagePasser"), "0x0")
		l1.addProxies(alloc)
	} else {
		account(messagePasser, storeCode, "0x0")
		account(l1Block, l1BlockCode, "0x0")
	}

	account(Log, logCode, "0x0")
	account(Store, storeCode, "0x0")
	user := UserKey.Address()
	alloc[hex.EncodeToString(user[:])] = map[string]interface{}{"balance": ether}
	genesisJSON := marshal(map[string]interface{}{
		"config": map[string]interface{}{"chainId": L2ChainID}, "alloc": alloc, "timestamp": fmt.Sprintf("0x%x", time),
		"gasLimit": "0x1c9c380", "baseFeePerGas": "0x3b9aca00", "extraData": "0x00000000fa00000006", "difficulty": "0x0",
	})
	batcher := BatcherKey.Address()
	rollup := map[string]interface{}{
		"genesis": map[string]interface{}{
			"l1":      map[string]interface{}{"hash": l1.BlockHash(number), "number": number},
			"l2":      map[string]interface{}{"hash": Hex(make([]byte, 32)), "number": 0},
			"l2_time": time,
			"system_config": map[string]interface{}{
				"batcherAddr": Hex(batcher[:]), "gasLimit": 30_000_000, "eip1559Params": "0x000000fa00000006",
				"overhead": Hex(make([]byte, 32)), "operatorFeeParams": Hex(make([]byte, 32)),
				"scalar": "0x010000000000000000000000000000000000000000000000000c5fc500000558",
			},
		},
		"block_time": L2Time, "max_sequencer_drift": 1800, "seq_window_size": window, "channel_timeout": 50,
		"l1_chain_id": L1ChainID, "l2_chain_id": L2ChainID, "batch_inbox_address": Hex(Inbox[:]),
		"deposit_contract_address": Hex(Portal[:]), "l1_system_config_address": Hex(SystemConfig[:]),
		"chain_op_config": map[string]interface{}{
			"eip1559Elasticity": 6, "eip1559Denominator": 50, "eip1559DenominatorCanyon": 250,
		},
	}
	for _, fork := range forks {
		rollup[fork+"_time"] = 0
	}

	for fork, after := range l1.Later {
		rollup[fork+"_time"] = time + after
	}

	files := &Files{Genesis: genesisJSON, L1Config: marshal(map[string]interface{}{
		"config": map[string]interface{}{"chainId": L1ChainID, "cancunTime": 0, "pragueTime": 0, "blobSchedule": map[string]interface{}{
			"cancun": map[string]int{"baseFeeUpdateFraction": 3_338_477},
			"prague": map[string]int{"baseFeeUpdateFraction": 5_007_716},
		}},
	})}

	// The first block's hash follows from the other file.
	chain, err := rollupjson.Parse(marshal(rollup))
	if err != nil {
		l1.t.Fatal(err)
	}

	first, err := genesis.Parse(genesisJSON, chain)
	if err != nil {
		l1.t.Fatal(err)
	}

	hash := first.Header.Hash()
	rollup["genesis"].(map[string]interface{})["l2"].(map[string]interface{})["hash"] = Hex(hash[:])
	files.Rollup = marshal(rollup)
	return files
}

// addProxies adds the real contracts that network upgrades replace, behind their proxies. The vault of the operator fee has
// no contract before Isthmus.
func (l1 *L1) addProxies(alloc map[string]interface{}) {
	const slotOfContract = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"
	proxy := Hex(l1.artifact("Proxy"))
	for _, each := range []struct {
		address  block.Address
		contract string
		storage  map[string]string
	}{
		{l1Block, "L1Block", map[string]string{}},
		// Its first slot says that Ecotone and Fjord were told to it.
		{gasPriceOracle, "GasPriceOracle", map[string]string{Hex(make([]byte, 32)): "0x0101"}},
		{operatorFeeVault, "", map[string]string{}},
	} {
		if each.contract != "" {
			behind := each.address
			copy(behind[:], []byte{0xc0, 0xd3})
			alloc[hex.EncodeToString(behind[:])] = map[string]interface{}{
				"balance": "0x0", "code": Hex(l1.artifact(each.contract)), "nonce": "0x1",
			}
			each.storage[slotOfContract] = Hex(append(make([]byte, 12), behind[:]...))
		}

		alloc[hex.EncodeToString(each.address[:])] = map[string]interface{}{
			"balance": "0x0", "code": proxy, "nonce": "0x1", "storage": each.storage,
		}
	}
}

// artifact is a contract's code as the npm package of the real contracts has it; without that the test is skipped.
func (l1 *L1) artifact(name string) []byte {
	l1.t.Helper()
	path := filepath.Join(fixture.Repository(l1.t), "harness/contracts/node_modules/@eth-optimism/contracts-bedrock",
		"forge-artifacts", name+".sol", name+".json")
	data, err := os.ReadFile(path)
	if err != nil {
		l1.t.Skip("did not run: harness/contracts/node_modules has no @eth-optimism/contracts-bedrock")
	}

	var artifact struct {
		Code struct {
			Object hexjson.Bytes `json:"object"`
		} `json:"deployedBytecode"`
	}
	if err := json.Unmarshal(data, &artifact); err != nil || len(artifact.Code.Object) == 0 {
		l1.t.Fatalf("%s: %v", path, err)
	}

	return artifact.Code.Object
}

func marshal(value interface{}) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}

	return data
}
