package mpt

import (
	"bytes"
	"fmt"
	"math/rand"
	"sort"
	"strings"
	"testing"
	"time"

	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/testkit"
)

// folder holds nodes by their hash and counts what is read.
type folder struct {
	nodes map[keccak.Hash][]byte
	reads map[keccak.Hash]int
}

func newFolder() *folder {
	return &folder{map[keccak.Hash][]byte{}, map[keccak.Hash]int{}}
}

func (source *folder) Node(hash keccak.Hash) []byte {
	data, found := source.nodes[hash]
	if !found {
		oracle.Fail("a trie node is missing:", hash[:])
	}

	source.reads[hash]++
	return data
}

func (source *folder) store(hash keccak.Hash, encoded []byte) {
	source.nodes[hash] = append([]byte(nil), encoded...)
}

// build makes the same trie by the definition.
func build(entries map[string][]byte, store func(keccak.Hash, []byte)) keccak.Hash {
	var pairs []testkit.Pair
	for key, value := range entries {
		pairs = append(pairs, testkit.Pair{Key: []byte(key), Value: value})
	}

	return testkit.Build(pairs, store)
}

// drawKey makes keys that share beginnings; in some shapes one key is the beginning of another.
func drawKey(random *rand.Rand, shape int) []byte {
	key := make([]byte, []int{3, 32, 1 + random.Intn(3)}[shape])
	for index := range key {
		key[index] = []byte{0, 1, 0x10, 0x11, 0xff}[random.Intn(5)]
	}

	if shape == 1 {
		random.Read(key[1+random.Intn(31):])
	}

	return key
}

func drawValue(random *rand.Rand) []byte {
	value := make([]byte, 1+random.Intn([]int{2, 40, 200}[random.Intn(3)]))
	random.Read(value)
	return value
}

func TestChangesGiveTheTrieOfTheEntriesLeft(t *testing.T) {
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	for round := 0; round < 300; round++ {
		shape, entries, source := round%3, map[string][]byte{}, newFolder()
		var known []string
		trie := Open(source, EmptyRoot)
		for change := 0; change < 80; change++ {
			key := string(drawKey(random, shape))
			if len(known) > 0 && random.Intn(2) == 0 {
				key = known[random.Intn(len(known))]
			}

			if random.Intn(3) == 0 {
				trie.Delete([]byte(key))
				delete(entries, key)
			} else {
				value := drawValue(random)
				trie.Put([]byte(key), value)
				entries[key] = value
				known = append(known, key)
			}

			if random.Intn(8) == 0 {
				// Sometimes it is opened again, so that the following changes load what they need.
				root := trie.Root(source.store)
				if want := build(entries, func(keccak.Hash, []byte) {}); root != want {
					t.Fatalf("seed %d, round %d: root %x, not %x", seed, round, root, want)
				}

				if random.Intn(2) == 0 {
					trie = Open(source, root)
				}
			}
		}

		if root, want := trie.Root(nil), build(entries, func(keccak.Hash, []byte) {}); root != want {
			t.Fatalf("seed %d, round %d: root %x, not %x", seed, round, root, want)
		}

		for _, key := range append(known, string(drawKey(random, shape))) {
			if got := trie.Get([]byte(key)); !bytes.Equal(got, entries[key]) {
				t.Fatalf("seed %d, round %d: %x is %x, not %x", seed, round, key, got, entries[key])
			}
		}
	}
}

func TestOnlyTheWayToAKeyIsLoaded(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	entries, source := map[string][]byte{}, newFolder()
	var keys []string
	for index := 0; index < 4000; index++ {
		key := make([]byte, 32)
		random.Read(key)
		entries[string(key)] = drawValue(random)
		keys = append(keys, string(key))
	}

	root := build(entries, source.store)
	trie := Open(source, root)
	for repeat := 0; repeat < 2; repeat++ {
		for _, key := range keys[:20] {
			if !bytes.Equal(trie.Get([]byte(key)), entries[key]) {
				t.Fatalf("%x", key)
			}
		}
	}

	if len(source.reads) > 20*5 {
		t.Errorf("%d nodes were read for 20 keys", len(source.reads))
	}

	for hash, count := range source.reads {
		if count != 1 {
			t.Errorf("%x was read %d times", hash, count)
		}
	}

	if trie.Root(nil) != root {
		t.Error("reading changed the root")
	}
}

func TestDeletingLastReadsNoSibling(t *testing.T) {
	source := newFolder()
	long := bytes.Repeat([]byte{7}, 40)
	left, right, third := []byte{0x10, 0}, []byte{0x11, 0}, []byte{0x12, 0}
	root := build(map[string][]byte{string(left): long, string(right): long}, source.store)
	trie := Open(source, root)
	trie.Put(third, long)
	trie.Delete(left)
	want := build(map[string][]byte{string(third): long, string(right): long}, func(keccak.Hash, []byte) {})
	if trie.Root(nil) != want {
		t.Error("wrong root")
	}

	if len(source.reads) != 3 {
		t.Errorf("%d nodes were read: the path, the fork and the deleted leaf are three", len(source.reads))
	}
}

func TestListRoots(t *testing.T) {
	for _, count := range []int{0, 1, 2, 16, 17, 127, 128, 129, 300} {
		var pairs []testkit.Pair
		var values [][]byte
		for index := 0; index < count; index++ {
			value := bytes.Repeat([]byte{byte(index + 1)}, 1+index%50)
			pairs = append(pairs, testkit.Pair{Key: rlp.EncodeUint64(uint64(index)), Value: value})
			values = append(values, value)
		}

		if got, want := ListRoot(values), testkit.Build(pairs, func(keccak.Hash, []byte) {}); got != want {
			t.Errorf("%d values: %x, not %x", count, got, want)
		}
	}
}

// attempt runs an action and returns what it failed by; any other panic fails the test.
func attempt(action func()) (failure *oracle.Failure) {
	defer oracle.Catch(&failure)
	action()
	return nil
}

func TestAMissingNodeIsNamed(t *testing.T) {
	hash := keccak.Hash{1, 2, 3}
	trie := Open(newFolder(), hash)
	failure := attempt(func() { trie.Get([]byte{1}) })
	if failure == nil || !strings.Contains(failure.Text, fmt.Sprintf("0x%x", hash)) {
		t.Errorf("%v", failure)
	}
}

func TestDamagedNodesFailOrAreOtherTries(t *testing.T) {
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	failures := 0
	for round := 0; round < 3000; round++ {
		entries, source := map[string][]byte{}, newFolder()
		for index := 0; index < 1+random.Intn(30); index++ {
			entries[string(drawKey(random, 0))] = drawValue(random)
		}

		root := build(entries, source.store)
		var hashes []string
		for hash := range source.nodes {
			hashes = append(hashes, string(hash[:]))
		}

		sort.Strings(hashes)
		var chosen keccak.Hash
		copy(chosen[:], hashes[random.Intn(len(hashes))])
		source.nodes[chosen] = damage(random, source.nodes[chosen])
		failure := attempt(func() {
			trie := Open(source, root)
			for key := range entries {
				trie.Get([]byte(key))
				trie.Delete([]byte(key))
				trie.Put(drawKey(random, 2), []byte{1})
			}

			trie.Root(nil)
		})
		if failure != nil {
			failures++
		}
	}

	if failures < 500 {
		t.Errorf("seed %d: only %d of 3000 damaged tries were noticed", seed, failures)
	}
}

func damage(random *rand.Rand, data []byte) []byte {
	data = append([]byte(nil), data...)
	switch random.Intn(4) {
	case 0:
		return data[:random.Intn(len(data))]
	case 1:
		return append(data, byte(random.Intn(256)))
	default:
		data[random.Intn(len(data))] ^= byte(1 + random.Intn(255))
		return data
	}
}

func TestMalformedNodesAreRefused(t *testing.T) {
	text := func(data ...byte) []byte { return rlp.EncodeBytes(data) }
	hash := bytes.Repeat([]byte{1}, 32)
	branchOf := func(child, value []byte) []byte {
		items := [][]byte{child}
		for len(items) < 16 {
			items = append(items, text())
		}

		return rlp.EncodeList(append(items, value)...)
	}
	short := rlp.EncodeList(text(0x20), text(1))
	for name, data := range map[string][]byte{
		"nothing":                       {},
		"a string":                      text(1, 2, 3),
		"three items":                   rlp.EncodeList(text(0x20), text(1), text(2)),
		"no item":                       rlp.EncodeList(),
		"more behind the list":          append(rlp.EncodeList(text(0x20), text(1)), 0),
		"flags above three":             rlp.EncodeList(text(0x40), text(1)),
		"an even path without padding":  rlp.EncodeList(text(0x21), text(1)),
		"no path":                       rlp.EncodeList(text(), text(1)),
		"a list as path":                rlp.EncodeList(short, text(1)),
		"a leaf without value":          rlp.EncodeList(text(0x20), text()),
		"a leaf with a list":            rlp.EncodeList(text(0x20), short),
		"an extension without path":     rlp.EncodeList(text(0x00), text(hash...)),
		"an extension to nothing":       rlp.EncodeList(text(0x11), text()),
		"an extension to 31 bytes":      rlp.EncodeList(text(0x11), text(hash[1:]...)),
		"a branch to 31 bytes":          branchOf(text(hash[1:]...), text()),
		"a branch to a long node":       branchOf(rlp.EncodeList(text(0x20), text(hash...)), text()),
		"a branch with a list as value": branchOf(text(hash...), short),
		"a branch to a malformed node":  branchOf(rlp.EncodeList(text(0x41), text(1)), text()),
	} {
		root := keccak.Sum(data)
		source := newFolder()
		source.nodes[root] = data
		if failure := attempt(func() { Open(source, root).Get([]byte{0x00}) }); failure == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
