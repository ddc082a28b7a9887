package mpt_test

import (
	"bytes"
	"encoding/binary"
	"math/rand"
	"testing"

	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/testkit"
)

// listNodes hand out nodes in a buffer that the next answer overwrites, and count them.
type listNodes struct {
	all  map[keccak.Hash][]byte
	read map[keccak.Hash]int
}

func (nodes *listNodes) NodeInto(hash keccak.Hash, buffer []byte) []byte {
	nodes.read[hash]++
	return append(buffer[:0], nodes.all[hash]...)
}

// listOf builds a list's trie by another way than package mpt.
func listOf(values [][]byte) (nodes *listNodes, root keccak.Hash) {
	nodes = &listNodes{map[keccak.Hash][]byte{}, map[keccak.Hash]int{}}
	var pairs []testkit.Pair
	for index, value := range values {
		pairs = append(pairs, testkit.Pair{Key: rlp.EncodeUint64(uint64(index)), Value: value})
	}

	root = testkit.Build(pairs, func(hash keccak.Hash, node []byte) { nodes.all[hash] = append([]byte(nil), node...) })
	return nodes, root
}

// each walks over a list; a typed failure is returned.
func each(nodes mpt.Reader, root keccak.Hash, visit func(value []byte) bool) (failure *oracle.Failure) {
	defer oracle.Catch(&failure)
	mpt.EachOfList(nodes, root, visit)
	return nil
}

func valuesOf(random *rand.Rand, count int) (values [][]byte) {
	for index := 0; index < count; index++ {
		value := make([]byte, 4+random.Intn(1+random.Intn(300)))
		random.Read(value)
		binary.BigEndian.PutUint32(value, uint32(index))
		values = append(values, value)
	}

	return values
}

func TestListsAreWalkedInOrder(t *testing.T) {
	seed := int64(128)
	random := rand.New(rand.NewSource(seed))
	for _, count := range []int{0, 1, 2, 3, 16, 17, 127, 128, 129, 130, 200, 255, 256, 257, 300, 1000, 70_000} {
		values := valuesOf(random, count)
		nodes, root := listOf(values)
		if root != mpt.ListRoot(values) {
			t.Fatalf("seed %d: %d values have two roots", seed, count)
		}

		next := 0
		if failure := each(nodes, root, func(value []byte) bool {
			if !bytes.Equal(value, values[next]) {
				t.Fatalf("seed %d: value %d of %d is %x", seed, next, count, value)
			}

			next++
			return true
		}); failure != nil || next != count {
			t.Errorf("seed %d: %d of %d values, %v", seed, next, count, failure)
		}

		// Only the way to the first value is read twice, and the value itself is not.
		twice := 0
		for _, times := range nodes.read {
			twice += times - 1
		}

		if twice > 3 || count == 1 && twice > 0 {
			t.Errorf("%d nodes of %d values are read twice", twice, count)
		}

		for _, most := range []int{1, 2, count / 2} {
			next = 0
			if failure := each(nodes, root, func([]byte) bool { next++; return next < most }); failure != nil ||
				count >= most && most > 0 && next != most {
				t.Errorf("%d of %d values instead of %d, %v", next, count, most, failure)
			}
		}
	}
}

// TestListsThatAreNone: keys that are no numbers, or lack one, cannot come from a block.
func TestListsThatAreNone(t *testing.T) {
	for name, keys := range map[string][]string{
		"no first":           {"\x01"},
		"a gap":              {"\x80", "\x02"},
		"a leading zero":     {"\x80", "\x01", "\x02", "\x81\x05"},
		"a list as a key":    {"\x80", "\xc1\x01"},
		"two numbers":        {"\x80", "\x01\x01"},
		"more than 64 bits":  {"\x80", "\x89\x01\x01\x01\x01\x01\x01\x01\x01\x01"},
		"a very long key":    {"\x80", "\x8a\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"},
		"two very long keys": {"\x80", "\x8a\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x02", "\x8a\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x03"},
	} {
		nodes := &listNodes{map[keccak.Hash][]byte{}, map[keccak.Hash]int{}}
		var pairs []testkit.Pair
		for _, key := range keys {
			pairs = append(pairs, testkit.Pair{Key: []byte(key), Value: bytes.Repeat([]byte(key), 40)})
		}

		root := testkit.Build(pairs, func(hash keccak.Hash, node []byte) { nodes.all[hash] = append([]byte(nil), node...) })
		if failure := each(nodes, root, func([]byte) bool { return true }); failure == nil {
			t.Errorf("%s: is a list", name)
		}
	}
}

// FuzzList: whatever stands for nodes, the walk ends, by its typed failure or not.
func FuzzList(f *testing.F) {
	nodes, root := listOf(valuesOf(rand.New(rand.NewSource(1)), 20))
	f.Add(nodes.all[root], []byte{0xc2, 0x20, 0x01})
	f.Add([]byte{0xc2, 0x20, 0x01}, []byte{})
	f.Fuzz(func(t *testing.T, one, other []byte) {
		answers := &cycle{nodes: [][]byte{one, other}}
		each(answers, keccak.Hash{1}, func([]byte) bool { return true })
	})
}

// cycle answers with its nodes in turn, whatever is asked.
type cycle struct {
	nodes [][]byte
	next  int
}

func (answers *cycle) NodeInto(_ keccak.Hash, buffer []byte) []byte {
	answers.next++
	return append(buffer[:0], answers.nodes[answers.next%len(answers.nodes)]...)
}

// TestListsOfTheSameValue: leaves of different entries can be the same node. No block has such a list, since transactions
// and receipts differ.
func TestListsOfTheSameValue(t *testing.T) {
	for _, count := range []int{1, 2, 127, 128, 129, 200, 257, 5000} {
		values := make([][]byte, count)
		for index := range values {
			values[index] = bytes.Repeat([]byte{0xa5}, 50)
		}

		nodes, root := listOf(values)
		found := 0
		if failure := each(nodes, root, func([]byte) bool { found++; return true }); failure != nil || found != count {
			t.Errorf("%d of %d: %v", found, count, failure)
		}
	}
}
