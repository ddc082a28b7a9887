package rollupjson

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"culverin/guest/config"
	"culverin/guest/strictjson"
)

// Byte strings of fixed lengths as JSON has them: hex digits, with or without 0x.
type (
	bytes8  [8]byte
	bytes20 [20]byte
	bytes32 [32]byte
)

// UnmarshalJSON reads 8 bytes.
func (target *bytes8) UnmarshalJSON(data []byte) error { return readHex(target[:], data) }

// UnmarshalJSON reads 20 bytes.
func (target *bytes20) UnmarshalJSON(data []byte) error { return readHex(target[:], data) }

// UnmarshalJSON reads 32 bytes.
func (target *bytes32) UnmarshalJSON(data []byte) error { return readHex(target[:], data) }

func readHex(target, data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}

	content, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	switch {
	case err != nil:
		return err
	case len(content) != len(target):
		return fmt.Errorf("%d bytes instead of %d", len(content), len(target))
	}

	copy(target, content)
	return nil
}

// blockID and system are parts of a rollup.json.
type (
	blockID struct {
		Hash   *bytes32 `json:"hash"`
		Number *uint64  `json:"number"`
	}

	system struct {
		Batcher           *bytes20 `json:"batcherAddr"`
		Scalar            *bytes32 `json:"scalar"`
		GasLimit          *uint64  `json:"gasLimit"`
		FeeParameters     *bytes8  `json:"eip1559Params"`
		OperatorFee       *bytes32 `json:"operatorFeeParams"`
		MinBaseFee        uint64   `json:"minBaseFee"`
		DAFootprintScalar uint16   `json:"daFootprintGasScalar"`
	}
)

// rollup is a rollup.json without its forks and constants of fees.
type rollup struct {
	Genesis struct {
		L1     blockID `json:"l1"`
		L2     blockID `json:"l2"`
		Time   *uint64 `json:"l2_time"`
		System system  `json:"system_config"`
	} `json:"genesis"`
	BlockTime        *uint64  `json:"block_time"`
	SequencingWindow *uint64  `json:"seq_window_size"`
	L1ChainID        *uint64  `json:"l1_chain_id"`
	Inbox            *bytes20 `json:"batch_inbox_address"`
	Portal           *bytes20 `json:"deposit_contract_address"`
	SystemConfig     *bytes20 `json:"l1_system_config_address"`
	PectraBlobTime   *uint64  `json:"pectra_blob_schedule_time"`
	// AltDA are the rules of an L2 whose data are not on L1: they are not read here, so that nothing can be said about it.
	AltDA json.RawMessage `json:"alt_da"`
}

// rollupValues and rollupOptional are what is read besides what Parse reads.
var (
	rollupValues = []string{
		"genesis", "genesis.l1", "genesis.l1.hash", "genesis.l1.number", "genesis.l2", "genesis.l2.hash", "genesis.l2.number",
		"genesis.l2_time", "genesis.system_config", "genesis.system_config.batcherAddr", "genesis.system_config.scalar",
		"genesis.system_config.gasLimit", "block_time", "seq_window_size", "l1_chain_id", "batch_inbox_address",
		"deposit_contract_address", "l1_system_config_address",
	}
	rollupOptional = []string{
		"genesis.system_config.eip1559Params", "genesis.system_config.operatorFeeParams", "genesis.system_config.minBaseFee",
		"genesis.system_config.daFootprintGasScalar", "pectra_blob_schedule_time", "alt_da",
	}
)

// ParseRollup reads a rollup.json, and the configuration of its L1 in the form of a genesis.json or of the part "config"
// of one. Without l1 (nil) it must be an L1 that is known: Ethereum or Sepolia.
func ParseRollup(data, l1 []byte) (*config.Rollup, error) {
	if err := strictjson.Check(data, rules(rollupValues, rollupOptional)); err != nil {
		return nil, fmt.Errorf("rollupjson: %w", err)
	}

	chain, err := parseChain(data)
	if err != nil {
		return nil, err
	}

	var read rollup
	if err := json.Unmarshal(data, &read); err != nil {
		return nil, fmt.Errorf("rollupjson: %w", err)
	}

	if missing := read.missing(); missing != "" {
		return nil, fmt.Errorf("rollupjson: %s is missing", missing)
	}

	if read.AltDA != nil && string(read.AltDA) != "null" {
		return nil, fmt.Errorf("rollupjson: alt_da: data that are not on L1 are not read here")
	}

	result := &config.Rollup{
		Chain: chain, L1ChainID: *read.L1ChainID, BlockTime: *read.BlockTime, SequencingWindow: *read.SequencingWindow,
		Genesis: config.Genesis{
			L1: read.Genesis.L1.id(), L2: read.Genesis.L2.id(), Time: *read.Genesis.Time, System: read.Genesis.System.config(),
		},
		Inbox: *read.Inbox, Portal: *read.Portal, SystemConfig: *read.SystemConfig,
	}
	if result.BlobSchedule, err = readSchedule(result.L1ChainID, l1); err != nil {
		return nil, err
	}

	if read.PectraBlobTime != nil {
		result.BlobSchedule = result.BlobSchedule.KeepCancunUntil(*read.PectraBlobTime)
	}

	if problem := result.Check(); problem != "" {
		return nil, fmt.Errorf("rollupjson: %s", problem)
	}

	return result, nil
}

// missing names the first key that is not there and must be; "" if there is none.
func (read *rollup) missing() string {
	genesis := &read.Genesis
	for _, each := range []struct {
		key     string
		isThere bool
	}{
		{"genesis.l1", genesis.L1.Hash != nil && genesis.L1.Number != nil},
		{"genesis.l2", genesis.L2.Hash != nil && genesis.L2.Number != nil},
		{"genesis.l2_time", genesis.Time != nil},
		{"genesis.system_config.batcherAddr", genesis.System.Batcher != nil},
		{"genesis.system_config.scalar", genesis.System.Scalar != nil},
		{"genesis.system_config.gasLimit", genesis.System.GasLimit != nil},
		{"block_time", read.BlockTime != nil},
		{"seq_window_size", read.SequencingWindow != nil},
		{"l1_chain_id", read.L1ChainID != nil},
		{"batch_inbox_address", read.Inbox != nil},
		{"deposit_contract_address", read.Portal != nil},
		{"l1_system_config_address", read.SystemConfig != nil},
	} {
		if !each.isThere {
			return each.key
		}
	}

	return ""
}

func (read *blockID) id() config.BlockID {
	return config.BlockID{Hash: *read.Hash, Number: *read.Number}
}

func (read *system) config() config.SystemConfig {
	result := config.SystemConfig{
		Batcher: *read.Batcher, GasLimit: *read.GasLimit, MinBaseFee: read.MinBaseFee,
		DAFootprintScalar: read.DAFootprintScalar,
	}
	result.SetScalars(read.Scalar[:])
	if read.FeeParameters != nil {
		result.FeeParameters = *read.FeeParameters
	}

	if read.OperatorFee != nil {
		result.OperatorFeeScalar = binary.BigEndian.Uint32(read.OperatorFee[20:])
		result.OperatorFeeConstant = binary.BigEndian.Uint64(read.OperatorFee[24:])
	}

	return result
}

// blobForks are the forks of L1 that can change the fraction, oldest first, with the fractions that EIPs fix for them.
var blobForks = []struct {
	name     string
	fraction uint64
}{
	{"cancun", config.CancunBlobFraction}, {"prague", config.PragueBlobFraction}, {"osaka", config.PragueBlobFraction},
	{"bpo1", config.BPO1BlobFraction}, {"bpo2", config.BPO2BlobFraction}, {"bpo3", 0}, {"bpo4", 0}, {"bpo5", 0},
}

// readSchedule reads the keys "cancunTime" and so on, and "blobSchedule", whose fractions hold before the EIPs'.
func readSchedule(id uint64, l1 []byte) (config.BlobSchedule, error) {
	if l1 == nil {
		schedule, isKnown := config.BlobScheduleOf(id)
		if !isKnown {
			return nil, fmt.Errorf("rollupjson: the configuration of the L1 with the id %d is not known", id)
		}

		return schedule, nil
	}

	if err := strictjson.Check(l1, l1Rules()); err != nil {
		return nil, fmt.Errorf("rollupjson: L1: %w", err)
	}

	var fields map[string]json.RawMessage
	if err := json.Unmarshal(l1, &fields); err != nil {
		return nil, fmt.Errorf("rollupjson: L1: %w", err)
	}

	if inner, isGenesis := fields["config"]; isGenesis {
		fields = nil
		if err := json.Unmarshal(inner, &fields); err != nil {
			return nil, fmt.Errorf("rollupjson: L1: config: %w", err)
		}
	}

	var own *uint64
	if err := json.Unmarshal(orNull(fields["chainId"]), &own); err != nil || own == nil || *own != id {
		return nil, fmt.Errorf("rollupjson: L1: chainId is not %d", id)
	}

	fractions := map[string]struct {
		Fraction uint64 `json:"baseFeeUpdateFraction"`
	}{}
	if err := json.Unmarshal(orNull(fields["blobSchedule"]), &fractions); err != nil {
		return nil, fmt.Errorf("rollupjson: L1: blobSchedule: %w", err)
	}

	var schedule config.BlobSchedule
	for _, fork := range blobForks {
		var time *uint64
		if err := json.Unmarshal(orNull(fields[fork.name+"Time"]), &time); err != nil {
			return nil, fmt.Errorf("rollupjson: L1: %sTime: %w", fork.name, err)
		}

		if time == nil {
			continue
		}

		fraction := fork.fraction
		if own := fractions[fork.name].Fraction; own != 0 {
			fraction = own
		}

		schedule = append(schedule, config.BlobFraction{Time: *time, Fraction: fraction})
	}

	// Where two begin at once, the later one holds.
	sort.SliceStable(schedule, func(left, right int) bool { return schedule[left].Time < schedule[right].Time })
	return schedule, nil
}

// l1Rules: much of a genesis.json may be null, but nothing inside of blobSchedule and no chain id. The file is a genesis.json,
// or its part "config".
func l1Rules() *strictjson.Rules {
	result := &strictjson.Rules{Values: []string{"config"}}
	for _, place := range []string{"", "config."} {
		result.Values = append(result.Values, place+"chainId")
		result.Optional = append(result.Optional, place+"blobSchedule")
		for _, fork := range blobForks {
			entry := place + "blobSchedule." + fork.name
			result.Values = append(result.Values, entry, entry+".baseFeeUpdateFraction")
			result.Optional = append(result.Optional, place+fork.name+"Time")
		}
	}

	return result
}

func orNull(data json.RawMessage) json.RawMessage {
	if data == nil {
		return json.RawMessage("null")
	}

	return data
}
