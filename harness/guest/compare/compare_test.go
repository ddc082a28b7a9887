package compare

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/evm"
	"culverin/guest/keccak"
	"culverin/guest/l1node"
	"culverin/guest/mpt"
	"culverin/guest/precompile"
	"culverin/guest/state"
	"culverin/guest/testkit/accounts"
	"culverin/guest/testkit/anvil"
	"culverin/guest/u256"
)

// How many transactions are compared, and from which seed; the environment may say otherwise.
const (
	countVariable = "CULVERIN_TRANSACTIONS"
	seedVariable  = "CULVERIN_SEED"
	usualCount    = 400
	usualSeed     = 13
	blockCount    = 30
	partCount     = 600
)

var (
	sequencerVault = block.Address{0: 0x42, 19: 0x11}
	l1Block        = block.Address{0: 0x42, 19: 0x15}
)

var isthmus = config.Rules{
	Cancun: true, Prague: true, Optimism: true,
	Ecotone: true, Fjord: true, Granite: true, Holocene: true, Isthmus: true,
}

// TestRandomTransactions compares state, gas and receipts of random transactions with those of a local node
// (anvil, --network optimism --hardfork isthmus).
func TestRandomTransactions(t *testing.T) {
	count := environment(t, countVariable, usualCount)
	seed := int64(environment(t, seedVariable, usualSeed))
	t.Logf("seed %d", seed)
	total := newTally()
	for part := int64(0); total.compared < count; part++ {
		// Reading the node's state takes the longer the more blocks it has, so that it is a new one at times.
		judge := newJudge(t, seed+1000*part, total)
		for most := total.compared + partCount; total.compared < count && total.compared < most; {
			judge.block()
		}

		t.Logf("%d equal, %d of them failed: %v", total.compared, total.failed, total.kinds)
	}

	t.Logf("refused by both: %v", total.refused)
	for difference, times := range total.listed {
		t.Logf("the node differs, %d times: %s", times, difference)
	}

	if total.kinds[KindCreate]*100 < 30*total.compared {
		t.Errorf("only %d of %d create", total.kinds[KindCreate], total.compared)
	}
}

// tally counts what was compared.
type tally struct {
	compared, failed int
	kinds            map[Kind]int
	refused          map[string]int
	// listed counts what the node is known to do differently.
	listed map[string]int
}

func newTally() *tally {
	return &tally{kinds: map[Kind]int{}, refused: map[string]int{}, listed: map[string]int{}}
}

func environment(t *testing.T, name string, usual int) int {
	t.Helper()
	text, found := os.LookupEnv(name)
	if !found {
		return usual
	}

	value, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}

	return value
}

// judge holds the node and what was found out.
type judge struct {
	t         *testing.T
	node      *anvil.Node
	generator *Generator
	random    *rand.Rand
	// hashes are those of the node's blocks, by number.
	hashes map[uint64]keccak.Hash

	*tally
}

func newJudge(t *testing.T, seed int64, total *tally) *judge {
	t.Helper()
	url := anvil.Start(t, "--network", "optimism", "--hardfork", "isthmus", "--chain-id", fmt.Sprint(ChainID),
		"--no-mining", "--order", "fifo", "--prune-history", "--accounts", "1", "--gas-limit", "200000000")

	// The compared node would want the fees of L2 for a question, so another one answers as L1.
	precompile.Use(l1node.New(anvil.Start(t, "--hardfork", "prague")))
	judge := &judge{
		t: t, node: anvil.Connect(t, url), generator: NewGenerator(seed), random: rand.New(rand.NewSource(seed + 1)),
		hashes: map[uint64]keccak.Hash{}, tally: total,
	}
	for _, address := range judge.generator.Holders() {
		judge.node.Ask(nil, "anvil_setBalance", text(address[:]), "0xd3c21bcecceda1000000")
	}

	judge.node.Ask(nil, "anvil_setCoinbase", text(sequencerVault[:]))
	judge.node.Ask(nil, "anvil_setCode", text(l1Block[:]), "0x00")
	judge.setAttributes()
	judge.node.Ask(nil, "evm_mine")
	judge.header("latest")
	judge.generator.SetWorld(judge.dump())
	return judge
}

func text(data []byte) string {
	return "0x" + hex.EncodeToString(data)
}

// setAttributes changes what the fees depend on.
func (judge *judge) setAttributes() {
	set := func(slot byte, value [32]byte) {
		judge.node.Ask(nil, "anvil_setStorageAt", text(l1Block[:]), text([]byte{slot}), text(value[:]))
	}
	var fee, blob, scalars, operator [32]byte
	judge.random.Read(fee[27:])
	judge.random.Read(blob[28:])
	judge.random.Read(scalars[17:24])
	judge.random.Read(operator[21:])
	set(1, fee)
	set(7, blob)
	set(3, scalars)
	set(8, operator)
}

// header is what a comparison needs of a block.
type header struct {
	Hash       string   `json:"hash"`
	Number     quantity `json:"number"`
	Timestamp  quantity `json:"timestamp"`
	GasLimit   quantity `json:"gasLimit"`
	GasUsed    quantity `json:"gasUsed"`
	BaseFee    quantity `json:"baseFeePerGas"`
	PrevRandao string   `json:"mixHash"`
	Receipts   string   `json:"receiptsRoot"`
	Root       string   `json:"transactionsRoot"`
	Hashes     []string `json:"transactions"`
}

type quantity uint64

func (value *quantity) UnmarshalText(text []byte) error {
	parsed, err := strconv.ParseUint(strings.TrimPrefix(string(text), "0x"), 16, 64)
	*value = quantity(parsed)
	return err
}

func (judge *judge) header(number string) (found header) {
	judge.t.Helper()
	judge.node.Ask(&found, "eth_getBlockByNumber", number, false)
	judge.hashes[uint64(found.Number)] = judge.hash(found.Hash)
	judge.generator.BaseFee = uint64(found.BaseFee)
	return found
}

func (judge *judge) hash(digits string) (hash keccak.Hash) {
	copy(hash[:], judge.bytes(digits))
	return hash
}

func (judge *judge) bytes(digits string) []byte {
	judge.t.Helper()
	data, err := hex.DecodeString(strings.TrimPrefix(digits, "0x"))
	if err != nil {
		judge.t.Fatal(err)
	}

	return data
}

// dump reads the node's whole state.
func (judge *judge) dump() accounts.World {
	judge.t.Helper()
	var digits string
	judge.node.Ask(&digits, "anvil_dumpState")
	unpacked, err := gzip.NewReader(bytes.NewReader(judge.bytes(digits)))
	if err != nil {
		judge.t.Fatal(err)
	}

	var form struct {
		Accounts map[string]struct {
			Nonce   uint64            `json:"nonce"`
			Balance string            `json:"balance"`
			Code    string            `json:"code"`
			Storage map[string]string `json:"storage"`
		} `json:"accounts"`
	}
	if err = json.NewDecoder(unpacked).Decode(&form); err != nil {
		judge.t.Fatal(err)
	}

	world := accounts.World{}
	for name, each := range form.Accounts {
		var address block.Address
		copy(address[:], judge.bytes(name))
		account := &accounts.Account{Nonce: each.Nonce, Code: judge.bytes(each.Code), Storage: map[u256.Int]u256.Int{}}
		account.Balance = judge.number(each.Balance)
		for slot, value := range each.Storage {
			account.Storage[judge.number(slot)] = judge.number(value)
		}

		world[address] = account
	}

	return world
}

func (judge *judge) number(digits string) (value u256.Int) {
	digits = strings.TrimPrefix(digits, "0x")
	value.SetBytes(judge.bytes(strings.Repeat("0", len(digits)%2) + digits))
	return value
}

// block lets the node make a block of random transactions, and compares.
func (judge *judge) block() {
	if judge.random.Intn(4) == 0 {
		judge.setAttributes()
		judge.generator.SetWorld(judge.dump())
	}

	made := judge.generator.Block(blockCount)
	pool := map[keccak.Hash]Made{}
	calls := make([]anvil.Call, len(made))
	judge.fund(made)
	for index, each := range made {
		pool[keccak.Sum(each.Transaction.Encoded)] = each
		calls[index] = anvil.Call{Method: "eth_sendRawTransaction", Parameters: []interface{}{text(each.Transaction.Encoded)}}
	}

	answers := judge.node.AskAll(calls)
	judge.node.Ask(nil, "evm_mine")
	header := judge.header("latest")
	context, source := judge.start(header)
	judge.follow(context, header, pool)
	world := judge.dump()
	if root, want := context.Machine.State.Root(), source.Root(world); root != want {
		judge.explain(context.Machine.State, world, header)
	}

	judge.refuse(context, made, answers, pool)
	judge.generator.SetWorld(world)
	judge.node.Ask(nil, "anvil_dropAllTransactions")
}

// fund gives the senders of most deposits something: the node's pool refuses a deposit whose value its sender does not have
// before the mint.
func (judge *judge) fund(made []Made) {
	for _, each := range made {
		if each.Kind != KindDeposit || judge.random.Intn(4) == 0 {
			continue
		}

		balance := u256.New(uint64(judge.random.Intn(3_000_000)))
		digits := balance.Bytes32()
		judge.node.Ask(nil, "anvil_setBalance", text(each.Transaction.From[:]), text(digits[:]))
		judge.generator.World[each.Transaction.From] = &accounts.Account{Balance: balance}
	}
}

// start makes what the executor needs for a block of the node's.
func (judge *judge) start(header header) (*block.Context, *accounts.Source) {
	source := accounts.NewSource()
	root := source.Root(judge.generator.World)
	world := state.New(source, root, keccak.Hash{1})
	machine := evm.New(world, &isthmus)
	machine.Block = evm.Block{
		Coinbase: sequencerVault, Number: uint64(header.Number), Timestamp: uint64(header.Timestamp),
		GasLimit: uint64(header.GasLimit), ChainID: ChainID, PrevRandao: judge.hash(header.PrevRandao),
		BaseFee: u256.New(uint64(header.BaseFee)), BlobBaseFee: u256.New(1),
		Hash: func(number uint64) keccak.Hash { return judge.hashes[number] },
	}
	block.BeginBlock(machine, judge.hashes[uint64(header.Number)-1], [32]byte{})
	return block.NewContext(machine), source
}

// follow executes what the node took into its block, in the same order, and compares the receipts.
func (judge *judge) follow(context *block.Context, header header, pool map[keccak.Hash]Made) {
	var receipts []receipt
	judge.node.Ask(&receipts, "eth_getBlockReceipts", fmt.Sprintf("0x%x", uint64(header.Number)))
	if len(receipts) != len(header.Hashes) {
		judge.t.Fatalf("%d receipts of %d transactions", len(receipts), len(header.Hashes))
	}

	used := uint64(0)
	var encoded, transactions [][]byte
	for index, name := range header.Hashes {
		hash := judge.hash(name)
		made, found := pool[hash]
		if !found {
			judge.t.Fatalf("the node's block has %s", name)
		}

		delete(pool, hash)
		outcome, err := judge.apply(context, made)
		if err != nil {
			judge.t.Fatalf("%v: the node took it, and it is invalid: %v", made, err)
		}

		used += outcome.GasUsed
		ours := block.NewReceipt(made.Transaction.Type, used, &outcome)
		if difference := receipts[index].compare(judge, ours, &outcome); difference != "" {
			judge.t.Fatalf("%v: %s", made, difference)
		}

		encoded, transactions = append(encoded, judge.asTheNodeWrites(ours)), append(transactions, made.Transaction.Encoded)
		judge.compared++
		judge.kinds[made.Kind]++
		if !outcome.Succeeded {
			judge.failed++
		}
	}

	if used != uint64(header.GasUsed) {
		judge.t.Errorf("block %d: %d gas, the node says %d", header.Number, used, header.GasUsed)
	}

	if root := mpt.ListRoot(transactions); root != judge.hash(header.Root) {
		judge.t.Errorf("block %d: the transactions' root is 0x%x, the node's %s", header.Number, root, header.Root)
	}

	if root := mpt.ListRoot(encoded); root != judge.hash(header.Receipts) {
		judge.t.Errorf("block %d: the receipts' root is 0x%x, the node's %s", header.Number, root, header.Receipts)
	}
}

// asTheNodeWrites encodes a receipt. The node writes a deposit's nonce as it is after the deposit, where the text says
// before (deposits.md, "Execution").
func (judge *judge) asTheNodeWrites(ours *block.Receipt) []byte {
	theirs := *ours
	if theirs.Type == block.DepositType {
		theirs.DepositNonce++
		judge.listed["writes a deposit's nonce after it into the receipt"]++
	}

	return theirs.Encode()
}

// apply takes the transaction as it stands in a block.
func (judge *judge) apply(context *block.Context, made Made) (block.Outcome, error) {
	transaction, err := block.Decode(made.Transaction.Encoded)
	if err != nil {
		judge.t.Fatalf("%v: %v", made, err)
	}

	sender, err := block.Sender(transaction)
	if err != nil {
		return block.Outcome{}, err
	}

	return block.ApplyTransaction(context, transaction, sender)
}

// receipt is the node's.
type receipt struct {
	Status     quantity `json:"status"`
	Cumulative quantity `json:"cumulativeGasUsed"`
	GasUsed    quantity `json:"gasUsed"`
	Bloom      string   `json:"logsBloom"`
	Contract   string   `json:"contractAddress"`
	Logs       []struct {
		Address string   `json:"address"`
		Topics  []string `json:"topics"`
		Data    string   `json:"data"`
	} `json:"logs"`
}

func (theirs *receipt) compare(judge *judge, ours *block.Receipt, outcome *block.Outcome) string {
	switch {
	case ours.Succeeded != (theirs.Status == 1):
		return fmt.Sprintf("succeeded %v, the node says %d", ours.Succeeded, theirs.Status)
	case outcome.GasUsed != uint64(theirs.GasUsed) || ours.CumulativeGasUsed != uint64(theirs.Cumulative):
		return fmt.Sprintf("%d gas, the node says %d", outcome.GasUsed, theirs.GasUsed)
	case len(ours.Logs) != len(theirs.Logs):
		return fmt.Sprintf("%d logs, the node says %d", len(ours.Logs), len(theirs.Logs))
	case text(ours.Bloom[:]) != theirs.Bloom:
		return "another bloom"
	}

	for index, log := range theirs.Logs {
		mine := ours.Logs[index]
		isEqual := text(mine.Address[:]) == log.Address && text(mine.Data) == log.Data && len(mine.Topics) == len(log.Topics)
		for place := range log.Topics {
			isEqual = isEqual && text(mine.Topics[place][:]) == log.Topics[place]
		}

		if !isEqual {
			return fmt.Sprintf("log %d is %+v, the node says %+v", index, mine, log)
		}
	}

	return ""
}

// refuse: what the node did not take must be invalid. Whatever else is in the way of it is told.
func (judge *judge) refuse(context *block.Context, made []Made, answers []anvil.Answer, pool map[keccak.Hash]Made) {
	for index, each := range made {
		if _, isLeft := pool[keccak.Sum(each.Transaction.Encoded)]; !isLeft {
			continue
		}

		_, err := judge.apply(context, each)
		if err != nil {
			judge.refused[err.Error()]++
			continue
		}

		if answers[index].Error == "" {
			judge.listed["leaves a valid transaction in its pool: "+string(each.Kind)+" "+each.Note]++
			continue
		}

		judge.listed[fmt.Sprintf("refuses a valid transaction (%s %s): %s", each.Kind, each.Note, answers[index].Error)]++
	}
}

// explain says which accounts differ.
func (judge *judge) explain(ours *state.State, theirs accounts.World, header header) {
	judge.t.Errorf("block %d: the states differ", header.Number)
	for _, address := range theirs.Sorted() {
		account := theirs[address]
		if balance := ours.Balance(address); balance != account.Balance {
			judge.t.Errorf("0x%x: balance 0x%x, the node says 0x%x", address, balance.Trimmed(), account.Balance.Trimmed())
		}

		if nonce := ours.Nonce(address); nonce != account.Nonce {
			judge.t.Errorf("0x%x: nonce %d, the node says %d", address, nonce, account.Nonce)
		}

		if code := ours.Code(address); !bytes.Equal(code, account.Code) {
			judge.t.Errorf("0x%x: code 0x%x, the node says 0x%x", address, code, account.Code)
		}

		for slot, value := range account.Storage {
			place := slot
			if mine := ours.Storage(address, &place); mine != value {
				judge.t.Errorf("0x%x slot 0x%x: 0x%x, the node says 0x%x", address, slot.Trimmed(), mine.Trimmed(), value.Trimmed())
			}
		}
	}

	judge.t.FailNow()
}

// TestMain gives long comparisons the time they take.
func TestMain(m *testing.M) {
	start := time.Now()
	code := m.Run()
	fmt.Printf("compared for %.0f s\n", time.Since(start).Seconds())
	os.Exit(code)
}
