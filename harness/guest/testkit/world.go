package testkit

import (
	"encoding/binary"
	"math/big"
	"testing"

	"culverin/guest/chain"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/rollup"
)

// ChainID is the id of the made-up L2.
const ChainID = 901

// The group's order and the generator's x coordinate: with the nonce 1 a signature needs nothing else.
const (
	orderDigits     = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
	generatorDigits = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
)

// World is an L1 and an L2 that exist only as pre-images.
type World struct {
	// Preimages are all of them, by key.
	Preimages map[[32]byte][]byte
	// L1 and L2 hold the encoded headers, by number.
	L1, L2 [][]byte
	// Batcher is the account that the L2 names as its batcher.
	Batcher chain.Address

	storage keccak.Hash
}

// BatcherKey signs as the batcher.
const BatcherKey = 77

// NewWorld makes a world where both chains have a first block.
func NewWorld(t *testing.T) *World {
	world := &World{Preimages: map[[32]byte][]byte{}, storage: keccak.Sum([]byte("withdrawals"))}
	call, isCall := chain.DecodeCall(SignedCall(chain.Address{}, nil, BatcherKey))
	signer, found := call.Sender()
	if !isCall || !found {
		t.Fatal("the test's own transaction is malformed")
	}

	world.Batcher = signer
	world.AddL1()
	world.AddL2(true, 0)
	return world
}

// Hint is ignored: everything is there.
func (world *World) Hint(string) {}

// Get returns a pre-image, or nothing.
func (world *World) Get(key [32]byte) []byte {
	return world.Preimages[key]
}

// Hash returns the hash of a block's header.
func Hash(header []byte) keccak.Hash {
	return keccak.Sum(header)
}

// Output returns the output root after an L2 block.
func (world *World) Output(number int) keccak.Hash {
	header, _ := chain.DecodeHeader(world.L2[number])
	var version keccak.Hash
	data := append(version[:], header.StateRoot[:]...)
	data = append(data, world.storage[:]...)
	hash := header.Hash()
	return world.put(append(data, hash[:]...))
}

// Decide runs the program on a claim, from the newest L1 block.
func (world *World) Decide(agreed int, claimed keccak.Hash, block uint64) rollup.Verdict {
	root := world.Output(agreed)
	head := Hash(world.L1[len(world.L1)-1])
	world.local(1, head[:])
	world.local(2, root[:])
	world.local(3, claimed[:])
	world.local(4, binary.BigEndian.AppendUint64(nil, block))
	world.local(5, binary.BigEndian.AppendUint64(nil, ChainID))
	return world.run()
}

// DecideAs runs the program on another claim about the same game as the last Decide.
func (world *World) DecideAs(claimed keccak.Hash, block uint64) rollup.Verdict {
	world.local(3, claimed[:])
	world.local(4, binary.BigEndian.AppendUint64(nil, block))
	return world.run()
}

func (world *World) run() rollup.Verdict {
	source := oracle.New(world)
	return rollup.Decide(source, rollup.ReadClaim(source))
}

// AddL1 appends an L1 block with these transactions.
func (world *World) AddL1(transactions ...[]byte) {
	world.L1 = append(world.L1, world.header(world.L1, keccak.Sum([]byte("L1 state")), transactions))
}

// AddL2 appends an L2 block whose first transaction names an L1 block as its origin, if it is to have one.
func (world *World) AddL2(hasAttributes bool, origin int) {
	key := keccak.Sum(chain.MessagePasser[:])
	account := rlp.EncodeList(
		rlp.EncodeUint64(uint64(len(world.L2))), rlp.EncodeUint64(0),
		rlp.EncodeBytes(world.storage[:]), rlp.EncodeBytes(world.storage[:]))
	state := Build([]Pair{{key[:], account}}, world.store)
	var transactions [][]byte
	if hasAttributes {
		transactions = append(transactions, world.attributes(origin))
	}

	transactions = append(transactions, SignedCall(chain.Address{1}, []byte("user"), 5))
	world.L2 = append(world.L2, world.header(world.L2, state, transactions))
}

// Batch encodes L2 blocks for the inbox.
func (world *World) Batch(numbers ...int) []byte {
	var headers [][]byte
	for _, number := range numbers {
		headers = append(headers, world.L2[number])
	}

	return append([]byte{0}, rlp.EncodeList(headers...)...)
}

// SignedCall makes a transaction of type 2.
func SignedCall(to chain.Address, data []byte, key int64) []byte {
	zero := rlp.EncodeUint64(0)
	fields := [][]byte{
		rlp.EncodeUint64(900), zero, zero, zero, zero, rlp.EncodeBytes(to[:]), zero,
		rlp.EncodeBytes(data), rlp.EncodeList(),
	}
	return Sign([]byte{2}, fields, fields, 0, key)
}

// LegacyCall makes a legacy transaction, with the chain's id in its signature or without.
func LegacyCall(hasChainID bool, to chain.Address, data []byte, key int64) []byte {
	zero := rlp.EncodeUint64(0)
	fields := [][]byte{zero, zero, zero, rlp.EncodeBytes(to[:]), zero, rlp.EncodeBytes(data)}
	if !hasChainID {
		return Sign(nil, fields, fields, 27, key)
	}

	return Sign(nil, fields, append(fields[:6:6], rlp.EncodeUint64(900), zero, zero), 900*2+35, key)
}

// Sign appends the parity and a signature to a transaction's fields.
func Sign(prefix []byte, fields, signed [][]byte, parity uint64, key int64) []byte {
	hash := keccak.Sum(prefix, rlp.EncodeList(signed...))
	order, _ := new(big.Int).SetString(orderDigits, 16)
	r, _ := new(big.Int).SetString(generatorDigits, 16)
	s := new(big.Int).Mul(r, big.NewInt(key))
	s.Add(s, new(big.Int).SetBytes(hash[:])).Mod(s, order)
	all := append(append([][]byte(nil), fields...),
		rlp.EncodeUint64(parity), rlp.EncodeBytes(r.Bytes()), rlp.EncodeBytes(s.Bytes()))
	return append(append([]byte(nil), prefix...), rlp.EncodeList(all...)...)
}

func (world *World) attributes(origin int) []byte {
	selector := keccak.Sum([]byte("setL1BlockValuesEcotone()"))
	hash := Hash(world.L1[origin])
	data := append(selector[:4:4], make([]byte, 24)...)
	data = binary.BigEndian.AppendUint64(data, uint64(origin))
	data = append(append(data, make([]byte, 64)...), hash[:]...)
	data = append(append(data, make([]byte, 12)...), world.Batcher[:]...)
	from := chain.Address{}
	for index := range from {
		from[index] = []byte{0xde, 0xad}[index%2]
	}

	from[18], from[19] = 0, 1
	to := chain.Address{0: 0x42, 19: 0x15}
	zero := rlp.EncodeUint64(0)
	return append([]byte{0x7e}, rlp.EncodeList(
		rlp.EncodeBytes(hash[:]), rlp.EncodeBytes(from[:]), rlp.EncodeBytes(to[:]),
		zero, zero, rlp.EncodeUint64(1000000), zero, rlp.EncodeBytes(data))...)
}

func (world *World) header(before [][]byte, state keccak.Hash, transactions [][]byte) []byte {
	var parent keccak.Hash
	if len(before) > 0 {
		parent = Hash(before[len(before)-1])
	}

	var pairs []Pair
	for index, transaction := range transactions {
		pairs = append(pairs, Pair{rlp.EncodeUint64(uint64(index)), transaction})
	}

	root := Build(pairs, world.store)
	zero := rlp.EncodeUint64(0)
	header := rlp.EncodeList(
		rlp.EncodeBytes(parent[:]), zero, zero, rlp.EncodeBytes(state[:]), rlp.EncodeBytes(root[:]),
		zero, zero, zero, rlp.EncodeUint64(uint64(len(before))), zero,
		zero, rlp.EncodeUint64(uint64(1000+len(before))), zero, zero, zero)
	world.put(header)
	return header
}

func (world *World) local(index byte, value []byte) {
	world.Preimages[[32]byte{0: 1, 31: index}] = value
}

func (world *World) put(data []byte) keccak.Hash {
	hash := keccak.Sum(data)
	world.store(hash, data)
	return hash
}

func (world *World) store(hash keccak.Hash, data []byte) {
	hash[0] = 2
	world.Preimages[hash] = data
}
