// Package mpt holds Merkle-Patricia tries (Yellow Paper, appendix D) of which only those nodes are loaded that a key
// leads through. Keys are byte strings; in one trie none may be the beginning of another unless it is meant to.
package mpt

import (
	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// EmptyRoot is the root of a trie without entries.
var EmptyRoot = keccak.Sum([]byte{emptyItem})

// Nodes hands out trie nodes, checked against their hash. It ends the program, see oracle.Fail, where it cannot.
type Nodes interface {
	Node(hash keccak.Hash) []byte
}

// Trie is one trie. It keeps the nodes it has loaded, and slices given to it.
type Trie struct {
	nodes Nodes
	root  *node
}

// Open returns the trie with a root, from nodes that are loaded as they are needed.
func Open(nodes Nodes, root keccak.Hash) *Trie {
	if root == EmptyRoot {
		return &Trie{nodes: nodes}
	}

	return &Trie{nodes, &node{isHashed: true, hash: root}}
}

// Get returns the value of a key, nil if it has none. The caller must not change it.
func (trie *Trie) Get(key []byte) []byte {
	depth := 0
	for n := trie.root; n != nil; {
		n.load(trie.nodes)
		switch n.kind {
		case leaf:
			if isRest(n.path, key, depth) {
				return n.value
			}

			return nil
		case extension:
			length := pathLength(n.path)
			if commonLength(n.path, key, depth) < length {
				return nil
			}

			depth += length
			n = n.below
		default:
			if depth == 2*len(key) {
				return n.value
			}

			n = n.child(int(nibble(key, depth)))
			depth++
		}
	}

	return nil
}

// Put sets the value of a key; it must not be empty.
func (trie *Trie) Put(key, value []byte) {
	trie.root = trie.put(trie.root, key, 0, value)
}

func (trie *Trie) put(n *node, key []byte, depth int, value []byte) *node {
	if n == nil {
		return newLeaf(rest(key, depth), value)
	}

	n.load(trie.nodes)
	switch n.kind {
	case leaf:
		if isRest(n.path, key, depth) {
			n.value = value
			n.isHashed = false
			return n
		}

		return split(n, key, depth, value)
	case extension:
		length := pathLength(n.path)
		if commonLength(n.path, key, depth) < length {
			return split(n, key, depth, value)
		}

		n.below = trie.put(n.below, key, depth+length, value)
	default:
		if depth == 2*len(key) {
			n.value = value
		} else {
			digit := int(nibble(key, depth))
			n.child(digit)
			n.children[digit] = trie.put(n.children[digit], key, depth+1, value)
		}
	}

	n.isHashed = false
	return n
}

// split puts a branch where a key leaves the path of a leaf or an extension.
func split(n *node, key []byte, depth int, value []byte) *node {
	common, length := commonLength(n.path, key, depth), pathLength(n.path)
	fork := newBranch()
	switch {
	case common == length:
		// Only a leaf ends at the fork; an extension goes on there.
		fork.value = n.value
	case n.kind == leaf:
		fork.children[pathNibble(n.path, common)] = newLeaf(part(n.path, common+1, length, true), n.value)
	default:
		fork.children[pathNibble(n.path, common)] = newExtension(part(n.path, common+1, length, false), n.below)
	}

	if depth+common == 2*len(key) {
		fork.value = value
	} else {
		fork.children[nibble(key, depth+common)] = newLeaf(rest(key, depth+common+1), value)
	}

	return newExtension(part(n.path, 0, common, false), fork)
}

// Delete removes a key, if it is there. Where a branch is left with one child, that child is loaded: so whoever
// changes many keys loads fewest nodes by deleting last.
func (trie *Trie) Delete(key []byte) {
	if trie.root != nil && trie.Get(key) != nil {
		trie.root = trie.remove(trie.root, key, 0)
	}
}

// remove takes a key out that is there.
func (trie *Trie) remove(n *node, key []byte, depth int) *node {
	n.load(trie.nodes)
	n.isHashed = false
	switch n.kind {
	case leaf:
		return nil
	case extension:
		n.below = trie.remove(n.below, key, depth+pathLength(n.path))
		return trie.merge(n.path, -1, n.below)
	}

	if depth == 2*len(key) {
		n.value = nil
	} else {
		digit := int(nibble(key, depth))
		n.child(digit)
		n.children[digit] = trie.remove(n.children[digit], key, depth+1)
		if n.children[digit] != nil {
			return n
		}
	}

	return trie.collapse(n)
}

// collapse replaces a branch with only one way left.
func (trie *Trie) collapse(n *node) *node {
	last, count := 0, 0
	for digit := 0; digit < 16; digit++ {
		if n.has(digit) {
			last = digit
			count++
		}
	}

	switch {
	case count == 0 && n.value != nil:
		return newLeaf(compact(nil, true), n.value)
	case count == 0:
		return nil
	case count == 1 && n.value == nil:
		return trie.merge(nil, last, n.child(last))
	default:
		return n
	}
}

// merge puts a path and a nibble (if not negative) above a node so that no two paths follow each other.
func (trie *Trie) merge(path []byte, digit int, below *node) *node {
	if below == nil {
		return nil
	}

	below.load(trie.nodes)
	switch below.kind {
	case leaf:
		return newLeaf(joined(path, digit, below.path, true), below.value)
	case extension:
		return newExtension(joined(path, digit, below.path, false), below.below)
	default:
		return newExtension(joined(path, digit, nil, false), below)
	}
}

// ListRoot computes the root of a trie whose keys are the encoded numbers from 0 on: of a block's transactions or
// receipts.
func ListRoot(values [][]byte) keccak.Hash {
	trie := Trie{}
	for index, value := range values {
		trie.Put(rlp.EncodeUint64(uint64(index)), value)
	}

	return trie.Root(nil)
}
