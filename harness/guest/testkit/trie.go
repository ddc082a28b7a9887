// Package testkit makes chains for tests.
package testkit

import (
	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// Pair is an entry of a trie.
type Pair struct {
	// Key is the entry's whole key.
	Key []byte
	// Value is what is stored under it; not empty.
	Value []byte
}

// Build computes the root of a trie with these entries, of which no two have one key. Each node that is
// named by its hash is handed to store.
func Build(pairs []Pair, store func(hash keccak.Hash, node []byte)) keccak.Hash {
	if len(pairs) == 0 {
		return keccak.Sum(rlp.EncodeUint64(0))
	}

	entries := make([]Pair, len(pairs))
	for index, pair := range pairs {
		entries[index] = Pair{nibbles(pair.Key), pair.Value}
	}

	node := build(entries, 0, store)
	root := keccak.Sum(node)
	store(root, node)
	return root
}

// build makes the node of entries that share their first nibbles, depth many.
func build(entries []Pair, depth int, store func(keccak.Hash, []byte)) []byte {
	if len(entries) == 1 {
		path := compact(entries[0].Key[depth:], true)
		return rlp.EncodeList(rlp.EncodeBytes(path), rlp.EncodeBytes(entries[0].Value))
	}

	if shared := sharedLength(entries, depth); shared > 0 {
		child := build(entries, depth+shared, store)
		path := compact(entries[0].Key[depth:depth+shared], false)
		return rlp.EncodeList(rlp.EncodeBytes(path), reference(child, store))
	}

	var children [16][]Pair
	var value []byte
	for _, entry := range entries {
		if len(entry.Key) == depth {
			value = entry.Value
		} else {
			digit := entry.Key[depth]
			children[digit] = append(children[digit], entry)
		}
	}

	items := make([][]byte, 17)
	for digit, below := range children {
		items[digit] = rlp.EncodeBytes(nil)
		if len(below) > 0 {
			items[digit] = reference(build(below, depth+1, store), store)
		}
	}

	items[16] = rlp.EncodeBytes(value)
	return rlp.EncodeList(items...)
}

func sharedLength(entries []Pair, depth int) int {
	first := entries[0].Key[depth:]
	shared := len(first)
	for _, entry := range entries[1:] {
		length := 0
		for rest := entry.Key[depth:]; length < shared && length < len(rest) && rest[length] == first[length]; {
			length++
		}

		shared = length
	}

	return shared
}

func reference(node []byte, store func(keccak.Hash, []byte)) []byte {
	if len(node) < keccak.Size {
		return node
	}

	hash := keccak.Sum(node)
	store(hash, node)
	return rlp.EncodeBytes(hash[:])
}

func compact(path []byte, isLeaf bool) []byte {
	mark := byte(0)
	if isLeaf {
		mark = 2
	}

	digits := []byte{mark, 0}
	if len(path)%2 != 0 {
		digits = []byte{mark + 1}
	}

	digits = append(digits, path...)
	packed := make([]byte, len(digits)/2)
	for index := range packed {
		packed[index] = digits[2*index]<<4 | digits[2*index+1]
	}

	return packed
}

func nibbles(data []byte) []byte {
	var digits []byte
	for _, octet := range data {
		digits = append(digits, octet>>4, octet&15)
	}

	return digits
}
