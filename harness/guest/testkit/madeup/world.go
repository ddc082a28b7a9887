// Package madeup makes an L1 and an L2 that exist only as pre-images: L1 blocks with deposits, updates of the
// configuration and batches, in calldata or blobs, and the L2 that an honest sequencer makes. The sequencer puts its
// blocks together by itself, without package pipeline: what a pipeline derives is compared with them.
package madeup

import (
	"encoding/hex"
	"strings"

	"culverin/guest/block"
	"culverin/guest/chain"
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/secp256k1"
	"culverin/guest/testkit"
	"culverin/guest/testkit/accounts"
	"culverin/guest/testkit/wallet"
	"culverin/guest/u256"
)

// Keys of the world's people. Each account has a thousand ether on the L2.
const (
	Batcher wallet.Key = 101 + iota
	OtherBatcher
	Stranger
	Alice
	Bob
)

// Ids and times.
const (
	ChainID   = 901
	L1ChainID = 900
	// FirstL1 is the number of the L1 block that the L2 begins after.
	FirstL1 = 100
	// L1BlockTime and BlockTime are the seconds between blocks.
	L1BlockTime = 12
	BlockTime   = 4
	// Window is the sequencing window in L1 blocks.
	Window = 10

	// FirstTime is the timestamp of the first blocks.
	FirstTime = 1_700_000_000
)

// Addresses of the L2's contracts on L1.
var (
	Inbox        = block.Address{0: 0xff, 18: 9, 19: 1}
	Portal       = block.Address{0: 0xb0, 19: 0xb0}
	SystemConfig = block.Address{0: 0xc0, 19: 0xc0}
)

// Failures end a test: a testing.TB, or what stands for it outside of tests.
type Failures interface {
	Fatal(arguments ...interface{})
	Fatalf(format string, arguments ...interface{})
}

// World is both chains.
type World struct {
	t Failures
	// Rollup is the L2's configuration.
	Rollup *config.Rollup
	// L1 begins with the block FirstL1, L2 with the genesis block.
	L1 []*L1Block
	L2 []*L2Block
	// Preimages are all, by key. Asked are the keys that were asked for, Hints the hints.
	Preimages map[[32]byte][]byte
	Asked     [][32]byte
	Hints     []string
	// OtherForms are keys of answers that were given, as programs of other state versions ask for them: precompiles with
	// gas, or without.
	OtherForms [][32]byte
	// Delay is how many seconds later than usual the next L1 block comes.
	Delay uint64

	channels byte
}

// New makes a world whose L2 has the rules of a fork from its first block on: Holocene or a later one.
func New(t Failures, fork config.Fork) *World {
	world := &World{t: t, Preimages: map[[32]byte][]byte{}}
	chain := &config.Chain{ID: ChainID, Elasticity: 6, Denominator: 50, DenominatorCanyon: 250}
	for later := fork + 1; later < config.ForkCount; later++ {
		chain.Times[later] = config.Never
	}

	world.Rollup = &config.Rollup{
		Chain: chain, L1ChainID: L1ChainID, BlockTime: BlockTime, SequencingWindow: Window,
		Genesis: config.Genesis{Time: FirstTime, System: config.SystemConfig{
			Batcher: Batcher.Address(), BaseFeeScalar: 1368, BlobBaseFeeScalar: 810949, GasLimit: 30_000_000,
		}},
		Inbox: Inbox, Portal: Portal, SystemConfig: SystemConfig,
		BlobSchedule: config.BlobSchedule{{Fraction: config.CancunBlobFraction}},
	}
	world.AddL1()
	world.Rollup.Genesis.L1 = config.BlockID{Hash: world.L1[0].Hash, Number: FirstL1}
	world.addGenesis()
	return world
}

// addGenesis makes the L2's first block.
func (world *World) addGenesis() {
	state, source := accounts.World{}, accounts.NewSource()
	for _, key := range []wallet.Key{Batcher, OtherBatcher, Stranger, Alice, Bob} {
		account := &accounts.Account{Balance: u256.New(1_000_000_000_000_000_000)}
		thousand := u256.New(1000)
		account.Balance.Mul(&account.Balance, &thousand)
		state[key.Address()] = account
	}

	state[chain.MessagePasser] = &accounts.Account{Nonce: 1, Storage: map[u256.Int]u256.Int{u256.New(3): u256.New(4)}}
	addProxies(state)
	header := &block.Header{
		UnclesHash: block.EmptyUncles, StateRoot: source.Root(state), Timestamp: FirstTime, GasLimit: 30_000_000,
		BaseFee: u256.New(1_000_000_000), ExtraData: []byte{0, 0, 0, 0, 250, 0, 0, 0, 6},
		TransactionsRoot: emptyRoot, ReceiptsRoot: emptyRoot, WithdrawalsRoot: emptyRoot,
	}
	if world.Rollup.Chain.IsActive(config.Isthmus, FirstTime) {
		header.WithdrawalsRoot = source.StorageRoot(state[chain.MessagePasser].Storage)
		header.HasRequests = true
		header.RequestsHash = keccak.Hash(hashOfNothing)
	}

	if world.Rollup.Chain.IsActive(config.Jovian, FirstTime) {
		// Version 1, and a least base fee of zero.
		header.ExtraData = append([]byte{1, 0, 0, 0, 250, 0, 0, 0, 6}, make([]byte, 8)...)
	}

	source.Each(world.store)
	world.Rollup.Genesis.L2 = config.BlockID{Hash: world.put(header.Encode())}
	world.L2 = []*L2Block{{
		Hash: header.Hash(), Header: header, Origin: world.L1[0],
		passer: source.StorageRoot(state[chain.MessagePasser].Storage),
	}}
}

// Clone is a world with the same chains so far; the two go on apart.
func (world *World) Clone() *World {
	clone := *world
	clone.L1 = append([]*L1Block(nil), world.L1...)
	clone.L2 = append([]*L2Block(nil), world.L2...)
	clone.Asked, clone.Hints = nil, nil
	clone.Preimages = map[[32]byte][]byte{}
	for key, value := range world.Preimages {
		clone.Preimages[key] = value
	}

	return &clone
}

// Hint answers questions about the recovery of signers; everything else is there.
func (world *World) Hint(text string) {
	world.Hints = append(world.Hints, text)
	kind, digits, _ := strings.Cut(text, " 0x")
	data, err := hex.DecodeString(digits)
	if err != nil {
		world.t.Fatalf("a hint is malformed: %s", text)
	}

	const addressBytes, gasBytes, inputBytes = 20, 8, 128
	input := addressBytes
	switch kind {
	case "l1-precompile":
	case "l1-precompile-v2":
		input += gasBytes
	default:
		return
	}

	if len(data) != input+inputBytes || data[19] != 1 {
		return
	}

	answer := []byte{1}
	question := data[input:]
	var hash keccak.Hash
	copy(hash[:], question)
	if signer, found := secp256k1.Recover(hash, question[64:96], question[96:], question[63] == 28); found {
		answer = append(append(answer, make([]byte, 12)...), signer[:]...)
	}

	const gas = "\x00\x00\x00\x00\x00\x00\x0b\xb8"
	for _, between := range []string{"", gas} {
		key := keccak.Sum(data[:addressBytes], []byte(between), question)
		key[0] = 6
		world.Preimages[key] = answer
		world.OtherForms = append(world.OtherForms, key)
	}
}

// Get returns a pre-image, or nothing.
func (world *World) Get(key [32]byte) []byte {
	world.Asked = append(world.Asked, key)
	return world.Preimages[key]
}

// SetLocal sets a value that a dispute game would serve.
func (world *World) SetLocal(index byte, value []byte) {
	world.Preimages[[32]byte{0: 1, 31: index}] = value
}

func (world *World) put(data []byte) keccak.Hash {
	hash := keccak.Sum(data)
	world.store(hash, data)
	return hash
}

// store keeps data under their hash; data may be used again by the caller.
func (world *World) store(hash keccak.Hash, data []byte) {
	hash[0] = 2
	world.Preimages[hash] = append([]byte(nil), data...)
}

// list keeps the trie of a block's transactions or receipts.
func (world *World) list(values [][]byte) keccak.Hash {
	var pairs []testkit.Pair
	for index, value := range values {
		pairs = append(pairs, testkit.Pair{Key: rlp.EncodeUint64(uint64(index)), Value: value})
	}

	return testkit.Build(pairs, world.store)
}

// channel makes a new channel's id.
func (world *World) channel() derive.ChannelID {
	world.channels++
	return derive.ChannelID{0: world.channels, 15: 0xc4}
}
