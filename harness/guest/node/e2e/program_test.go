package e2e

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"culverin/guest/config"
	"culverin/guest/config/rollupjson"
	"culverin/guest/keccak"
	"culverin/guest/l1node"
	"culverin/guest/node/batcher"
	"culverin/guest/node/client"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/l1"
	"culverin/guest/oracle"
	"culverin/guest/outputclaim"
	"culverin/guest/pipeline"
	"culverin/guest/rlp"
	"culverin/guest/testkit"
	"culverin/guest/testkit/madeup"
	"culverin/guest/testkit/rig"
)

// nodes serve the fault-proof program: what a hint announces is fetched from the two chains' nodes.
type nodes struct {
	t         *testing.T
	l1        *rig.L1
	l2        *rig.Node
	preimages map[[32]byte][]byte
	// agreed is the number of the agreed block.
	agreed uint64
}

func (nodes *nodes) Get(key [32]byte) []byte {
	return nodes.preimages[key]
}

func (nodes *nodes) put(data []byte) {
	nodes.preimages[typed(2, keccak.Sum(data))] = append([]byte(nil), data...)
}

func typed(kind byte, hash [32]byte) [32]byte {
	hash[0] = kind
	return hash
}

// list keeps the trie of a block's transactions or receipts.
func (nodes *nodes) list(values [][]byte) {
	var pairs []testkit.Pair
	for index, value := range values {
		pairs = append(pairs, testkit.Pair{Key: rlp.EncodeUint64(uint64(index)), Value: value})
	}

	testkit.Build(pairs, func(_ keccak.Hash, node []byte) { nodes.put(node) })
}

func (nodes *nodes) Hint(text string) {
	kind, digits, _ := strings.Cut(text, " ")
	data := octets(nodes.t, digits)[0]
	ask := func(node interface {
		Ask(answer interface{}, method string, parameters ...interface{})
	}, method string) []byte {
		var raw string
		node.Ask(&raw, method, digits)
		return octets(nodes.t, raw)[0]
	}
	switch kind {
	case "l1-block-header":
		var form forms.Header
		nodes.l1.Ask(&form, "eth_getBlockByHash", digits, false)
		nodes.put(form.Read().Encode())
	case "l1-transactions":
		var block struct{ Transactions []string }
		nodes.l1.Ask(&block, "eth_getBlockByHash", digits, false)
		raw := make([]string, len(block.Transactions))
		for index, hash := range block.Transactions {
			nodes.l1.Ask(&raw[index], "eth_getRawTransactionByHash", hash)
		}

		nodes.list(octets(nodes.t, raw...))
	case "l1-receipts":
		nodes.receipts(digits)
	case "l1-blob":
		nodes.blob(data)
	case "l2-output":
		nodes.output()
	case "l2-block-header":
		nodes.put(ask(nodes.l2, "debug_getRawHeader"))
	case "l2-transactions":
		nodes.list(transactionsOf(nodes.t, ask(nodes.l2, "debug_getRawBlock")))
	case "l2-state-node":
		nodes.put(ask(nodes.l2, "debug_dbGet"))
	case "l2-code":
		digits = "0x63" + digits[2:]
		nodes.put(ask(nodes.l2, "debug_dbGet"))
	default:
		nodes.t.Errorf("a hint of another kind: %s", text)
	}
}

func (nodes *nodes) receipts(block string) {
	var list []*forms.ConsensusReceipt
	nodes.l1.Ask(&list, "eth_getBlockReceipts", block)
	var encoded [][]byte
	for _, each := range list {
		receipt, err := each.Read()
		if err != nil {
			nodes.t.Fatal(err)
		}

		encoded = append(encoded, receipt.Encode())
	}

	nodes.list(encoded)
}

// transactionsOf are those of an encoded block.
func transactionsOf(t *testing.T, block []byte) (transactions [][]byte) {
	fields, err := rlp.List(block)
	if err != nil {
		t.Fatal(err)
	}

	items, err := fields[1].Items()
	if err != nil {
		t.Fatal(err)
	}

	for _, item := range items {
		if item.IsList {
			transactions = append(transactions, item.Raw)
		} else {
			transactions = append(transactions, item.Content)
		}
	}

	return transactions
}

// blob is announced by versioned hash, index and the block's time.
func (nodes *nodes) blob(data []byte) {
	time := binary.BigEndian.Uint64(data[40:])
	source := l1.New(context.Background(), client.New(nodes.l1.URL), nil, 0)
	beacon := l1.NewBeacon(client.New(nodes.l1.URL), nodes.l1.Blobs, true)
	var of *pipeline.L1Block
	for number := uint64(0); of == nil || of.Header.Timestamp != time; number++ {
		var err error
		if of, err = source.Block(number); err != nil {
			nodes.t.Fatal(err)
		}
	}

	id := pipeline.BlobID{}
	copy(id.Hash[:], data)
	blob, err := beacon.Blob(context.Background(), of, id)
	if err != nil {
		nodes.t.Fatal(err)
	}

	commitment, err := nodes.l1.Blobs.Commitment(blob)
	if err != nil {
		nodes.t.Fatal(err)
	}

	nodes.preimages[typed(4, id.Hash)] = commitment
	for place, point := range madeup.Points() {
		nodes.preimages[typed(5, keccak.Sum(commitment, point[:]))] = blob[32*place : 32*place+32]
	}
}

// outputAt is a node's answer about an output root.
type outputAt struct {
	Root     hexjson.Hash `json:"outputRoot"`
	State    hexjson.Hash `json:"stateRoot"`
	Messages hexjson.Hash `json:"withdrawalStorageRoot"`
	Block    rig.Head     `json:"blockRef"`
}

func (nodes *nodes) outputAt(number uint64) (output outputAt) {
	nodes.l2.Ask(&output, "optimism_outputAtBlock", quantity(number))
	return output
}

func (nodes *nodes) output() {
	agreed := nodes.outputAt(nodes.agreed)
	data := append(make([]byte, 32), agreed.State[:]...)
	data = append(data, agreed.Messages[:]...)
	nodes.put(append(data, octets(nodes.t, agreed.Block.Hash)[0]...))
}

// judge runs the program natively on a claim about a block, from an agreed one.
func judge(t *testing.T, l1Chain *rig.L1, node *rig.Node, files *rig.Files, agreed, number uint64, claim keccak.Hash) outputclaim.Verdict {
	t.Helper()
	rollup, err := rollupjson.ParseRollup(files.Rollup, files.L1Config)
	if err != nil {
		t.Fatal(err)
	}

	world := &nodes{t: t, l1: l1Chain, l2: node, preimages: map[[32]byte][]byte{}, agreed: agreed}
	local := func(index byte, value []byte) { world.preimages[[32]byte{0: 1, 31: index}] = value }
	root := world.outputAt(agreed).Root
	local(outputclaim.L1HeadKey, octets(t, l1Chain.BlockHash(l1Chain.Number()))[0])
	local(outputclaim.AgreedKey, root[:])
	local(outputclaim.ClaimKey, claim[:])
	local(outputclaim.BlockKey, binary.BigEndian.AppendUint64(nil, number))
	local(outputclaim.ChainKey, binary.BigEndian.AppendUint64(nil, rig.L2ChainID))
	var verdict outputclaim.Verdict
	var failure *oracle.Failure
	func() {
		defer oracle.Catch(&failure)
		verdict = outputclaim.Decide(oracle.New(world), l1node.New(""), rollup)
	}()
	if failure != nil {
		t.Fatalf("from %d to %d: %v", agreed, number, failure)
	}

	return verdict
}

// TestTheProgramAndTheNode derive the same from L1: over both upgrades, and from blobs of anvil's blocks.
func TestTheProgramAndTheNode(t *testing.T) {
	t.Parallel()
	t.Run("upgrades", func(t *testing.T) {
		t.Parallel()
		l1Chain := rig.StartL1(t)
		l1Chain.RealPredeploys = true
		l1Chain.Later = map[string]uint64{config.Isthmus.String(): 24, config.Jovian.String(): 48}
		compareWithProgram(t, l1Chain, rig.Holocene, nil)
	})
	t.Run("blobs", func(t *testing.T) {
		t.Parallel()
		blobs := rig.NewBlobs(t)
		l1Chain := rig.StartL1(t)
		l1Chain.Blobs = blobs
		compareWithProgram(t, l1Chain, rig.Isthmus, func(options *batcher.Options) { options.Blobs = blobs })
	})
}

func compareWithProgram(t *testing.T, l1Chain *rig.L1, forks []string, change func(*batcher.Options)) {
	t.Helper()
	files := l1Chain.NewFiles(100, forks)
	node := l1Chain.Start(files, t.TempDir(), sequencing)
	poster := newBatcher(t, l1Chain, files, node, rig.BatcherKey, change)
	for round := uint64(0); round < 6; round++ {
		l1Chain.Deposit(friend, 1, nil)
		sendAll(t, node, signed(rig.UserKey, round, target(round), 0, make([]byte, 64), 1_000_000))
		l1Chain.Mine(1)
		node.WaitForBlocks(l1Chain)
	}

	post(t, l1Chain, poster)
	safe := node.WaitForL1(l1Chain).Safe.Number
	if safe < 30 {
		t.Fatalf("only %d blocks are safe", safe)
	}

	world := &nodes{t: t, l2: node}
	for _, one := range [][2]uint64{{0, safe}, {11, 12}, {12, 13}, {23, 24}, {safe - 1, safe}} {
		right := keccak.Hash(world.outputAt(one[1]).Root)
		if verdict := judge(t, l1Chain, node, files, one[0], one[1], right); !verdict.IsRight || verdict.Block != one[1] {
			t.Errorf("from %d to %d: 0x%x, the node says 0x%s", one[0], one[1], verdict.Root, hex.EncodeToString(right[:]))
		}

		if verdict := judge(t, l1Chain, node, files, one[0], one[1], keccak.Sum(right[:])); verdict.IsRight {
			t.Errorf("from %d to %d: junk is right", one[0], one[1])
		}
	}
}
