// Package rig has an L1 that a test rules, and the files of an L2 on it: for tests of the node, the batcher and the
// proposer. L1 is a local node that makes a block only when the test says so, with the time that the test says.
package rig

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/kzg"
	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/fixture"
	"culverin/guest/testkit/wallet"
)

// L1Time is the time between two blocks of L1 in seconds; L2Time of L2.
const (
	L1Time = 12
	L2Time = 2
)

// firstTime is the timestamp of L1's first block.
const firstTime = 1_800_000_000

// chain ids.
const (
	L1ChainID = 900
	L2ChainID = 901
)

// Keys of accounts that have ether: on L1 the batcher and somebody who deposits, on L2 the user.
const (
	BatcherKey    wallet.Key = 1001
	NewBatcherKey wallet.Key = 1002
	DepositorKey  wallet.Key = 1003
	UserKey       wallet.Key = 1004
)

// L1 is a local node.
type L1 struct {
	t testing.TB
	*anvil.Node
	URL string
	// RealPredeploys has the L2's first block hold the real contracts for L1 attributes, fees and withdrawals, behind real
	// proxies where network upgrades replace them.
	RealPredeploys bool
	// Later are forks, by the names of rollup.json, that begin so many seconds after the L2's first block.
	Later map[string]uint64
	// Blobs, if set, lets nodes that are started read blobs.
	Blobs *kzg.Process
	// time is the newest block's.
	time uint64
}

// StartL1 starts a node with the stand-ins on it, and one block, by Prague's rules.
func StartL1(t testing.TB) *L1 {
	t.Helper()
	return StartL1Of(t, "prague")
}

// StartL1Of starts one by the rules of a fork of L1.
func StartL1Of(t testing.TB, fork string) *L1 {
	t.Helper()
	url := anvil.Start(t, "--no-mining", "--chain-id", fmt.Sprint(L1ChainID), "--hardfork", fork,
		"--timestamp", fmt.Sprint(firstTime), "--order", "fifo")
	l1 := &L1{t: t, Node: anvil.Connect(t, url), URL: url, time: firstTime}
	for address, code := range map[block.Address][]byte{Portal: portalCode, SystemConfig: systemConfigCode} {
		l1.Ask(nil, "anvil_setCode", Hex(address[:]), Hex(code))
	}

	for _, key := range []wallet.Key{BatcherKey, NewBatcherKey, DepositorKey} {
		address := key.Address()
		l1.Ask(nil, "anvil_setBalance", Hex(address[:]), "0x56bc75e2d63100000")
		l1.Ask(nil, "anvil_impersonateAccount", Hex(address[:]))
	}

	l1.Mine(1)
	return l1
}

// NewBlobs starts what makes and checks commitments of blobs; without the npm packages the test is skipped.
func NewBlobs(t testing.TB) *kzg.Process {
	t.Helper()
	folder := filepath.Join(fixture.Repository(t), "harness", "contracts")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "@crate-crypto")); err != nil {
		t.Skip("did not run: harness/contracts/node_modules has no @crate-crypto/node-eth-kzg-linux-x64-gnu")
	}

	process := kzg.New(filepath.Join(folder, "kzg.cjs"))
	t.Cleanup(process.Close)
	return process
}

// Hex writes bytes as JSON-RPC has them.
func Hex(data []byte) string {
	return "0x" + hex.EncodeToString(data)
}

// Mine makes blocks, each L1Time after the one before; the first has the transactions that wait.
func (l1 *L1) Mine(count int) {
	l1.t.Helper()
	for ; count > 0; count-- {
		l1.time += L1Time
		l1.Ask(nil, "evm_setNextBlockTimestamp", l1.time)
		l1.Ask(nil, "evm_mine")
	}
}

// Automine makes a block for each transaction as it comes, while work is done.
func (l1 *L1) Automine(work func()) {
	l1.t.Helper()
	l1.Ask(nil, "evm_setAutomine", true)
	work()
	l1.Ask(nil, "evm_setAutomine", false)
	var newest struct {
		Time string `json:"timestamp"`
	}
	l1.Ask(&newest, "eth_getBlockByNumber", "latest", false)
	if _, err := fmt.Sscanf(newest.Time, "0x%x", &l1.time); err != nil {
		l1.t.Fatal(err)
	}
}

// Jump makes one block some seconds after the one before.
func (l1 *L1) Jump(seconds uint64) {
	l1.time += seconds - L1Time
	l1.Mine(1)
}

// Number is the newest block's.
func (l1 *L1) Number() uint64 {
	var number string
	l1.Ask(&number, "eth_blockNumber")
	value, _ := new(big.Int).SetString(number[2:], 16)
	return value.Uint64()
}

// Time is the newest block's timestamp.
func (l1 *L1) Time() uint64 { return l1.time }

// Send sends a transaction of an account, to be in the next block.
func (l1 *L1) Send(from wallet.Key, to block.Address, data []byte) (hash string) {
	l1.t.Helper()
	address := from.Address()
	l1.Ask(&hash, "eth_sendTransaction", map[string]string{
		"from": Hex(address[:]), "to": Hex(to[:]), "data": Hex(data), "gas": "0x1e8480",
	})
	return hash
}

// word is a number as the ABI has it.
func word(value uint64) []byte {
	return binary.BigEndian.AppendUint64(make([]byte, 24), value)
}

// Deposit sends a deposit of some wei that calls an account on L2.
func (l1 *L1) Deposit(to block.Address, wei uint64, data []byte) {
	opaque := append(append([]byte(nil), word(wei)...), word(wei)...)
	opaque = append(binary.BigEndian.AppendUint64(opaque, 200_000), 0)
	opaque = append(opaque, data...)
	call := append(make([]byte, 12), to[:]...)
	l1.Send(DepositorKey, Portal, append(call, abiBytes(opaque)...))
}

// SetBatcher has the SystemConfig contract name another batcher.
func (l1 *L1) SetBatcher(key wallet.Key) {
	address := key.Address()
	call := append(word(0), abiBytes(append(make([]byte, 12), address[:]...))...)
	l1.Send(DepositorKey, SystemConfig, call)
}

func abiBytes(content []byte) []byte {
	data := append(word(32), word(uint64(len(content)))...)
	data = append(data, content...)
	return append(data, make([]byte, (32-len(content)%32)%32)...)
}

// Snapshot returns a moment that Revert goes back to; blocks made after that are another chain, whose times are shifted
// by some seconds.
func (l1 *L1) Snapshot() (back func(shift uint64)) {
	var id string
	l1.Ask(&id, "evm_snapshot")
	time := l1.time
	return func(shift uint64) {
		l1.t.Helper()
		var isDone bool
		l1.Ask(&isDone, "evm_revert", id)
		if !isDone {
			l1.t.Fatal("L1 did not go back")
		}

		l1.time = time + shift
	}
}

// BlockHash is the hash of the block with a number.
func (l1 *L1) BlockHash(number uint64) string {
	var header struct {
		Hash string `json:"hash"`
	}
	l1.Ask(&header, "eth_getBlockByNumber", fmt.Sprintf("0x%x", number), false)
	return header.Hash
}

// Raw asks without ending the test.
func (l1 *L1) Raw(method string, parameters ...interface{}) (json.RawMessage, string) {
	answer := l1.AskAll([]anvil.Call{{Method: method, Parameters: parameters}})[0]
	return answer.Result, answer.Error
}

// HashOf is the hash of a transaction as JSON-RPC has it.
func HashOf(encoded []byte) string {
	hash := keccak.Sum(encoded)
	return Hex(hash[:])
}
