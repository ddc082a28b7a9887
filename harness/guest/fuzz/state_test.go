package fuzz

import (
	"testing"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/evm"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/precompile"
	"culverin/guest/rlp"
	"culverin/guest/state"
	"culverin/guest/testkit"
	"culverin/guest/testkit/accounts"
	"culverin/guest/u256"
)

// liar answers every question for a node by one of its chunks.
type liar [][]byte

func (chunks liar) Node(hash keccak.Hash) []byte {
	return chunks[int(hash[0])%len(chunks)]
}

// FuzzTrieNodes: nodes of any content lead to a typed failure or to a root, never to anything else.
func FuzzTrieNodes(f *testing.F) {
	leaf := rlp.EncodeList([]byte{0x20}, rlp.EncodeBytes(make([]byte, 40)))
	var branch [][]byte
	for digit := 0; digit < 17; digit++ {
		branch = append(branch, rlp.EncodeBytes(make([]byte, 32*(digit%2))))
	}

	f.Add(leaf, rlp.EncodeList(branch...), []byte{1})
	f.Add(rlp.EncodeList([]byte{0x11}, rlp.EncodeBytes(make([]byte, 32))), rlp.EncodeList(branch...), []byte{7, 8})
	f.Fuzz(func(t *testing.T, first, second, keys []byte) {
		var failure *oracle.Failure
		defer oracle.Catch(&failure)
		trie := mpt.Open(liar{first, second}, keccak.Hash{1})
		for index, octet := range keys {
			key := keccak.Sum([]byte{octet >> 2})
			switch octet & 3 {
			case 0:
				trie.Get(key[:])
			case 1:
				trie.Delete(key[:])
			default:
				trie.Put(key[:], append([]byte{byte(index + 1)}, make([]byte, octet>>3)...))
			}
		}

		trie.Root(nil)
	})
}

// FuzzTrieChanges: changes in any order lead to the root of a trie that is built at once.
func FuzzTrieChanges(f *testing.F) {
	f.Add([]byte{1, 2, 3, 250, 7, 9, 1})
	f.Fuzz(func(t *testing.T, changes []byte) {
		trie := mpt.Open(nil, mpt.EmptyRoot)
		values := map[byte][]byte{}
		for index, octet := range changes {
			key := trieKey(octet >> 1)
			if octet&1 == 0 {
				trie.Delete(key)
				delete(values, octet>>1)
				continue
			}

			value := append([]byte{byte(index + 1)}, make([]byte, index%50)...)
			trie.Put(key, value)
			values[octet>>1] = value
		}

		var pairs []testkit.Pair
		for name, value := range values {
			pairs = append(pairs, testkit.Pair{Key: trieKey(name), Value: value})
		}

		if root, want := trie.Root(nil), testkit.Build(pairs, func(keccak.Hash, []byte) {}); root != want {
			t.Fatalf("%x: 0x%x, built at once 0x%x", changes, root, want)
		}
	})
}

// trieKey makes keys that share beginnings of many lengths.
func trieKey(name byte) []byte {
	key := make([]byte, 32)
	for bit := uint(0); bit < 7; bit++ {
		key[4*bit] = name >> bit & 1
	}

	return key
}

// silent answers no precompile.
type silent struct{}

func (silent) Precompile(precompile.Address, uint64, []byte) ([]byte, bool) { return nil, false }

func (silent) Malformed(precompile.Address) {}

// FuzzCode: whatever code runs, no more gas is left than was given, and no wei comes into being.
func FuzzCode(f *testing.F) {
	f.Add([]byte{0x60, 1, 0x60, 2, 0x01, 0x5f, 0x55, 0x5b, 0x5f, 0x56}, []byte{1})
	f.Add([]byte{0x5f, 0x5f, 0x5f, 0x5f, 0x60, 1, 0x30, 0x5a, 0xf1, 0x5f, 0x5f, 0xfd}, []byte{})
	f.Add([]byte{0x6a, 0xff, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0x60, 1, 0xf0, 0xff}, []byte{2, 3})
	rules := &config.Rules{Cancun: true, Prague: true}
	contract, caller := block.Address{0xc0}, block.Address{0xca}
	f.Fuzz(func(t *testing.T, code, input []byte) {
		if len(code) > 24576 {
			return
		}

		precompile.Use(silent{})
		source := accounts.NewSource()
		world := accounts.World{
			contract: {Nonce: 1, Code: code, Balance: u256.New(1000)}, caller: {Balance: u256.New(1_000_000)},
		}
		machine := evm.New(state.New(source, source.Root(world), keccak.Hash{}), rules)
		machine.Block = evm.Block{GasLimit: 30_000_000, ChainID: 1, Hash: func(uint64) keccak.Hash { return keccak.Hash{} }}
		machine.State.BeginTransaction()
		const gas = 300_000
		value := u256.New(7)
		result := machine.Call(caller, contract, input, gas, &value)
		if result.GasLeft > gas {
			t.Fatalf("%x: %d gas is left of %d", code, result.GasLeft, gas)
		}

		machine.State.EndTransaction()
		machine.State.Root()
		sum := machine.State.Balance(contract)
		other := machine.State.Balance(caller)
		sum.Add(&sum, &other)
		if most := u256.New(1_001_000); most.IsBelow(&sum) {
			t.Fatalf("%x: %d wei", code, sum.Uint64())
		}
	})
}
