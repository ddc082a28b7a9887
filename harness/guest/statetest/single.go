package statetest

import (
	"fmt"
	"strconv"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/evm"
	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/state"
)

// environment is the block that a state test's transaction stands in.
type environment struct {
	Coinbase      octets    `json:"currentCoinbase"`
	GasLimit      quantity  `json:"currentGasLimit"`
	Number        quantity  `json:"currentNumber"`
	Timestamp     quantity  `json:"currentTimestamp"`
	Random        *quantity `json:"currentRandom"`
	Difficulty    quantity  `json:"currentDifficulty"`
	BaseFee       *quantity `json:"currentBaseFee"`
	ExcessBlobGas quantity  `json:"currentExcessBlobGas"`
}

// expectation is what must come out for one choice of the transaction's data, gas limit and value.
type expectation struct {
	Root        octets `json:"hash"`
	LogsHash    octets `json:"logs"`
	Transaction octets `json:"txbytes"`
	Exception   string `json:"expectException"`
	Indexes     struct {
		Data, Gas, Value int
	} `json:"indexes"`
}

// single is a state test.
type single struct {
	Environment environment              `json:"env"`
	Pre         alloc                    `json:"pre"`
	Post        map[string][]expectation `json:"post"`
	Information struct {
		URL string `json:"url"`
	} `json:"_info"`
}

// defaultBaseFee is what the fixtures' generator takes where a test names none.
const defaultBaseFee = 10

// machine makes the machine of the block.
func (test *single) machine(world *state.State, rules *config.Rules, fraction uint64) (*evm.Machine, error) {
	environment := &test.Environment
	machine := evm.New(world, rules)
	context := &machine.Block
	context.ChainID = 1
	context.BaseFee[0] = defaultBaseFee
	if environment.BaseFee != nil {
		context.BaseFee = *environment.BaseFee.word()
	}

	context.PrevRandao = environment.Difficulty.word().Bytes32()
	if environment.Random != nil {
		context.PrevRandao = environment.Random.word().Bytes32()
	}

	context.Hash = madeUpHash
	copy(context.Coinbase[:], environment.Coinbase)
	excess, err := environment.ExcessBlobGas.uint64()
	if err != nil {
		return nil, err
	}

	context.BlobBaseFee = block.BlobBaseFee(excess, fraction)
	for target, source := range map[*uint64]*quantity{
		&context.GasLimit: &environment.GasLimit, &context.Number: &environment.Number,
		&context.Timestamp: &environment.Timestamp,
	} {
		if *target, err = source.uint64(); err != nil {
			return nil, err
		}
	}

	return machine, nil
}

// madeUpHash is the hash of a block in state tests, which have no blocks: that of its number's decimal digits.
func madeUpHash(number uint64) keccak.Hash {
	return keccak.Sum([]byte(strconv.FormatUint(number, 10)))
}

// check runs one case.
func (test *single) check(fork *fork, expected *expectation) verdict {
	source := newStore()
	root, err := source.build(test.Pre)
	if err != nil {
		return verdict{wrong: err.Error()}
	}

	world := state.New(source, root, madeUpHash(0))
	machine, err := test.machine(world, &fork.rules, fork.blobFraction)
	if err != nil {
		return verdict{wrong: err.Error()}
	}

	context := block.NewContext(machine)
	outcome, refusal := apply(context, expected.Transaction)
	isEarlier := false
	if refusal == nil && fork.rules.Prague && test.isOfDevnet5() {
		if isEarlier, err = payEarlierRefund(context, expected.Transaction, &outcome); err != nil {
			return verdict{wrong: err.Error()}
		}
	}

	result := verdict{wrong: compare(expected, world.Root(), outcome.Logs, refusal)}
	if isEarlier {
		result.note = earlierText
	}

	return result
}

// compare tells what is wrong, nothing if all is right.
func compare(expected *expectation, root keccak.Hash, logs []state.Log, refusal error) string {
	switch {
	case refusal != nil && expected.Exception == "":
		return "refused: " + refusal.Error()
	case refusal == nil && expected.Exception != "":
		return "accepted in spite of " + expected.Exception
	case string(root[:]) != string(expected.Root):
		return fmt.Sprintf("state root 0x%x, expected 0x%x", root, []byte(expected.Root))
	}

	if got := logsHash(logs); string(got[:]) != string(expected.LogsHash) {
		return fmt.Sprintf("hash of the logs 0x%x, expected 0x%x", got, []byte(expected.LogsHash))
	}

	return ""
}

func apply(context *block.Context, encoded []byte) (block.Outcome, error) {
	transaction, err := block.Decode(encoded)
	if err != nil {
		return block.Outcome{}, err
	}

	sender, err := block.Sender(transaction)
	if err != nil {
		return block.Outcome{}, err
	}

	return block.ApplyTransaction(context, transaction, sender)
}

// logsHash hashes the list of logs as it stands in a receipt.
func logsHash(logs []state.Log) keccak.Hash {
	receipt := block.Receipt{Logs: logs}
	fields, err := rlp.List(receipt.Encode())
	if err != nil || len(fields) != 4 {
		panic("statetest: a legacy receipt is not a list of four")
	}

	return keccak.Sum(fields[3].Raw)
}
