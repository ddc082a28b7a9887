// Package trie walks Merkle Patricia tries whose nodes come from an oracle.
package trie

import (
	"bytes"

	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// EmptyRoot is the root of a trie without entries.
var EmptyRoot = keccak.Sum(rlp.EncodeUint64(0))

// Nodes hands out trie nodes, already checked against their hash.
type Nodes interface {
	Keccak(hash keccak.Hash) []byte
}

// No path is longer than 64 nibbles, and each node below the root takes at least one.
const depthMax = 65

// Get returns the value stored under key. All nodes are bound to the root by their hashes, so anything
// malformed among them cannot come from a real chain and panics.
func Get(nodes Nodes, root keccak.Hash, key []byte) (value []byte, found bool) {
	if root == EmptyRoot {
		return nil, false
	}

	path := nibbles(key)
	for node := open(nodes.Keccak(root)); ; {
		switch len(node) {
		case 17:
			if len(path) == 0 {
				return node[16].Content, len(node[16].Content) > 0
			}

			reference := node[path[0]]
			path = path[1:]
			if isEmpty(reference) {
				return nil, false
			}

			node = follow(nodes, reference)
		default:
			part, isLeaf := compactPath(node[0])
			if len(path) < len(part) || !bytes.Equal(path[:len(part)], part) {
				return nil, false
			}

			path = path[len(part):]
			if isLeaf {
				return node[1].Content, len(path) == 0
			}

			node = follow(nodes, node[1])
		}
	}
}

// List returns the values of a trie whose keys are the encoded numbers from 0 on, in that order: the
// transactions of a block.
func List(nodes Nodes, root keccak.Hash) [][]byte {
	if root == EmptyRoot {
		return nil
	}

	entries := map[uint64][]byte{}
	collect(nodes, open(nodes.Keccak(root)), nil, entries)
	values := make([][]byte, len(entries))
	for index := range values {
		value, found := entries[uint64(index)]
		if !found {
			panic("trie: a list lacks one of its entries")
		}

		values[index] = value
	}

	return values
}

func collect(nodes Nodes, node []rlp.Item, path []byte, entries map[uint64][]byte) {
	if len(path) > depthMax {
		panic("trie: a path is longer than any key")
	}

	if len(node) == 17 {
		for digit, reference := range node[:16] {
			if !isEmpty(reference) {
				collect(nodes, follow(nodes, reference), extend(path, byte(digit)), entries)
			}
		}

		if len(node[16].Content) > 0 {
			store(path, node[16].Content, entries)
		}

		return
	}

	part, isLeaf := compactPath(node[0])
	if isLeaf {
		store(extend(path, part...), node[1].Content, entries)
	} else {
		collect(nodes, follow(nodes, node[1]), extend(path, part...), entries)
	}
}

func store(path []byte, value []byte, entries map[uint64][]byte) {
	if len(path)%2 != 0 {
		panic("trie: a key ends in the middle of a byte")
	}

	key := make([]byte, len(path)/2)
	for index := range key {
		key[index] = path[2*index]<<4 | path[2*index+1]
	}

	item, rest, err := rlp.Split(key)
	if err != nil || len(rest) != 0 {
		panic("trie: the key of a list is no number")
	}

	index, err := item.Uint64()
	if err != nil {
		panic("trie: the key of a list is no number")
	}

	entries[index] = value
}

func extend(path []byte, digits ...byte) []byte {
	return append(append(make([]byte, 0, len(path)+len(digits)), path...), digits...)
}

func open(data []byte) []rlp.Item {
	node, err := rlp.List(data)
	if err != nil || len(node) != 17 && len(node) != 2 || len(node) == 2 && node[0].IsList {
		panic("trie: a node is malformed")
	}

	return node
}

// A node of less than 32 bytes lies in its parent; a longer one is named there by its hash.
func follow(nodes Nodes, reference rlp.Item) []rlp.Item {
	if reference.IsList {
		return open(reference.Raw)
	}

	var hash keccak.Hash
	if len(reference.Content) != len(hash) {
		panic("trie: a node refers to nothing")
	}

	copy(hash[:], reference.Content)
	return open(nodes.Keccak(hash))
}

func isEmpty(reference rlp.Item) bool {
	return !reference.IsList && len(reference.Content) == 0
}

// The first nibble of a short node's path says whether it is a leaf, and whether a padding nibble follows.
func compactPath(item rlp.Item) (path []byte, isLeaf bool) {
	all := nibbles(item.Content)
	if len(all) == 0 || all[0] > 3 || all[0]&1 == 0 && all[1] != 0 {
		panic("trie: a path is malformed")
	}

	isLeaf = all[0] >= 2
	if all[0]&1 != 0 {
		all = all[1:]
	} else {
		all = all[2:]
	}

	if len(all) == 0 && !isLeaf {
		panic("trie: a node leads nowhere")
	}

	return all, isLeaf
}

func nibbles(data []byte) []byte {
	digits := make([]byte, 0, 2*len(data))
	for _, octet := range data {
		digits = append(digits, octet>>4, octet&15)
	}

	return digits
}
