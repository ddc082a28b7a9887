package trie_test

import (
	"bytes"
	"encoding/hex"
	"math/rand"
	"testing"

	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/testkit"
	"culverin/guest/trie"
)

// table is an oracle over a map.
type table map[keccak.Hash][]byte

func (nodes table) Keccak(hash keccak.Hash) []byte {
	return nodes[hash]
}

// newLeaf writes a trie of one entry.
func newLeaf(nodes table, key, value []byte) keccak.Hash {
	path := append([]byte{0x20}, key...)
	node := rlp.EncodeList(rlp.EncodeBytes(path), rlp.EncodeBytes(value))
	hash := keccak.Sum(node)
	nodes[hash] = node
	return hash
}

func TestEmptyTrie(t *testing.T) {
	if hex.EncodeToString(trie.EmptyRoot[:4]) != "56e81f17" {
		t.Errorf("%x", trie.EmptyRoot)
	}

	if _, found := trie.Get(table{}, trie.EmptyRoot, []byte("key")); found || trie.List(table{}, trie.EmptyRoot) != nil {
		t.Error("an empty trie has entries")
	}
}

// The four keys and their root are the example that Ethereum's documents explain the trie with.
func TestBranchesExtensionsAndEmbeddedNodes(t *testing.T) {
	nodes := table{}
	entries := map[string]string{"do": "verb", "dog": "puppy", "doge": "coin", "horse": "stallion"}
	var pairs []testkit.Pair
	for key, value := range entries {
		pairs = append(pairs, testkit.Pair{Key: []byte(key), Value: []byte(value)})
	}

	root := testkit.Build(pairs, func(hash keccak.Hash, node []byte) { nodes[hash] = node })
	if hex.EncodeToString(root[:]) != "5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84" {
		t.Fatalf("root %x", root)
	}

	for key, value := range entries {
		if got, found := trie.Get(nodes, root, []byte(key)); !found || string(got) != value {
			t.Errorf("%s: %q %v", key, got, found)
		}
	}

	for _, key := range []string{"", "d", "dot", "doges", "dogs", "horses", "hors", "a", "dof"} {
		if got, found := trie.Get(nodes, root, []byte(key)); found {
			t.Errorf("%s: %q", key, got)
		}
	}
}

func TestListsComeInOrderWhateverTheirLength(t *testing.T) {
	for _, count := range []int{1, 2, 3, 127, 128, 129, 130, 300} {
		nodes := table{}
		var pairs []testkit.Pair
		for index := 0; index < count; index++ {
			value := bytes.Repeat([]byte{byte(index + 1)}, 1+index%60)
			pairs = append(pairs, testkit.Pair{Key: rlp.EncodeUint64(uint64(index)), Value: value})
		}

		root := testkit.Build(pairs, func(hash keccak.Hash, node []byte) { nodes[hash] = node })
		list := trie.List(nodes, root)
		if len(list) != count {
			t.Fatalf("%d of %d", len(list), count)
		}

		for index, value := range list {
			if !bytes.Equal(value, pairs[index].Value) {
				t.Fatalf("entry %d of %d: %x", index, count, value)
			}
		}
	}
}

func TestListsWithGapsOrOddKeysPanic(t *testing.T) {
	for _, keys := range [][]uint64{{1}, {0, 2}} {
		nodes := table{}
		var pairs []testkit.Pair
		for _, key := range keys {
			pairs = append(pairs, testkit.Pair{Key: rlp.EncodeUint64(key), Value: []byte("value")})
		}

		root := testkit.Build(pairs, func(hash keccak.Hash, node []byte) { nodes[hash] = node })
		mustPanic(t, func() { trie.List(nodes, root) })
	}

	nodes := table{}
	root := newLeaf(nodes, []byte{0x00}, []byte("value"))
	trie.List(nodes, newLeaf(nodes, []byte{0x80}, []byte("value")))
	mustPanic(t, func() { _ = trie.List(nodes, root)[0] })
}

// Nodes here are damaged without changing the name that they are found under, which a real oracle
// prevents: whatever comes of it, nothing worse than a panic does.
func TestDamagedNodesEndTheWalk(t *testing.T) {
	seed := int64(3)
	random := rand.New(rand.NewSource(seed))
	var pairs []testkit.Pair
	for index := 0; index < 40; index++ {
		pairs = append(pairs, testkit.Pair{Key: rlp.EncodeUint64(uint64(index)), Value: bytes.Repeat([]byte{7}, 1+index)})
	}

	for round := 0; round < 3000; round++ {
		nodes := table{}
		root := testkit.Build(pairs, func(hash keccak.Hash, node []byte) {
			copied := append([]byte(nil), node...)
			if random.Intn(3) == 0 {
				copied[random.Intn(len(copied))] = byte(random.Intn(256))
			}

			nodes[hash] = copied[:len(copied)-random.Intn(2)]
		})
		func() {
			defer func() { _ = recover() }()
			trie.List(nodes, root)
		}()
	}
}

func mustPanic(t *testing.T, action func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	action()
}
