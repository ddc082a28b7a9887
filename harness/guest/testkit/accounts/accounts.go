// Package accounts makes states for tests, from plain lists of accounts and by another way than the executor does: whole
// tries, built at once.
package accounts

import (
	"bytes"
	"sort"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/testkit"
	"culverin/guest/u256"
)

// Account is an account with all that it has.
type Account struct {
	Nonce   uint64
	Balance u256.Int
	Code    []byte
	Storage map[u256.Int]u256.Int
}

// World is all accounts of a state.
type World map[block.Address]*Account

// Source has the nodes and codes of one state, or several. Headers are added as they are made.
type Source struct {
	data map[keccak.Hash][]byte
}

// NewSource has nothing.
func NewSource() *Source {
	return &Source{map[keccak.Hash][]byte{}}
}

// Root builds the state's trie and returns its root. Accounts that EIP-161 calls empty and slots of zero are left out.
func (source *Source) Root(world World) keccak.Hash {
	var pairs []testkit.Pair
	for address, account := range world {
		if account.Nonce == 0 && account.Balance.IsZero() && len(account.Code) == 0 {
			continue
		}

		storage := source.StorageRoot(account.Storage)
		code := source.Add(account.Code)
		key := keccak.Sum(address[:])
		pairs = append(pairs, testkit.Pair{Key: key[:], Value: rlp.EncodeList(
			rlp.EncodeUint64(account.Nonce), rlp.EncodeBytes(account.Balance.Trimmed()),
			rlp.EncodeBytes(storage[:]), rlp.EncodeBytes(code[:]))})
	}

	return testkit.Build(pairs, source.put)
}

// StorageRoot builds a storage trie.
func (source *Source) StorageRoot(storage map[u256.Int]u256.Int) keccak.Hash {
	var pairs []testkit.Pair
	for slot, value := range storage {
		if !value.IsZero() {
			place := slot.Bytes32()
			key := keccak.Sum(place[:])
			pairs = append(pairs, testkit.Pair{Key: key[:], Value: rlp.EncodeBytes(value.Trimmed())})
		}
	}

	return testkit.Build(pairs, source.put)
}

// Add keeps data under their hash.
func (source *Source) Add(data []byte) keccak.Hash {
	hash := keccak.Sum(data)
	source.put(hash, data)
	return hash
}

func (source *Source) put(hash keccak.Hash, data []byte) {
	source.data[hash] = data
}

// Node, Code and Header make this a block.Source.
func (source *Source) Node(hash keccak.Hash) []byte { return source.get(hash) }

// Code returns a contract's code.
func (source *Source) Code(hash keccak.Hash) []byte { return source.get(hash) }

// Header returns an encoded header.
func (source *Source) Header(hash keccak.Hash) []byte { return source.get(hash) }

func (source *Source) get(hash keccak.Hash) []byte {
	data, found := source.data[hash]
	if !found {
		oracle.Fail("the test's state lacks", hash[:])
	}

	return data
}

// Each hands over all that the source has.
func (source *Source) Each(visit func(hash keccak.Hash, data []byte)) {
	for hash, data := range source.data {
		visit(hash, data)
	}
}

// Sorted are the addresses in their order.
func (world World) Sorted() []block.Address {
	addresses := make([]block.Address, 0, len(world))
	for address := range world {
		addresses = append(addresses, address)
	}

	sort.Slice(addresses, func(left, right int) bool {
		return bytes.Compare(addresses[left][:], addresses[right][:]) < 0
	})
	return addresses
}
