package mpt

import (
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
)

type kind uint8

const (
	// unloaded is known by its hash only.
	unloaded kind = iota
	leaf
	extension
	branch
)

// emptyItem is the encoding of the empty string, which stands for a missing child.
const emptyItem = 0x80

// node is one node of a trie (Yellow Paper, appendix D).
type node struct {
	// hash comes first, where it lies at a multiple of the machine's word and is copied by words.
	hash keccak.Hash
	kind kind
	// isHashed tells that hash is that of the node as it is now.
	isHashed bool
	// known has a bit for each child of a branch that stands in children; the others are still in encoded.
	known uint16
	// path is what a leaf or an extension adds to the way, compact.
	path []byte
	// value is what a leaf stores, or a branch for the key that ends there; nil if nothing.
	value []byte
	// below is what an extension leads to.
	below *node
	// children are those of a branch, by their nibble.
	children *[16]*node
	// encoded holds the items of a branch as they were loaded.
	encoded []byte
}

func newLeaf(path, value []byte) *node {
	return &node{kind: leaf, path: path, value: value}
}

func newBranch() *node {
	return &node{kind: branch, known: 0xffff, children: new([16]*node)}
}

// newExtension puts a path above a branch; an empty path is none.
func newExtension(path []byte, below *node) *node {
	if pathLength(path) == 0 {
		return below
	}

	return &node{kind: extension, path: path, below: below}
}

// load makes a node that is known by its hash a whole one.
func (n *node) load(nodes Nodes) {
	if n.kind != unloaded {
		return
	}

	if !n.parse(nodes.Node(n.hash)) {
		oracle.Fail("a trie node is malformed:", n.hash[:])
	}
}

// parse reads a node's encoding, and tells whether it is one.
func (n *node) parse(data []byte) bool {
	start, length, isList, err := rlp.Head(data)
	if err != nil || !isList || start+length != len(data) {
		return false
	}

	data = data[start:]
	count, size, second, isBranch := 0, 0, 0, true
	for place := 0; place < len(data); place += size {
		start, length, isList, err = rlp.Head(data[place:])
		if err != nil {
			return false
		}

		size = start + length
		count++
		if count == 1 {
			second = size
		}

		isBranch = isBranch && (count > 16 || isReference(length, isList))
	}

	switch count {
	case 2:
		return n.parseShort(data, second)
	case 17:
		if isList || !isBranch {
			return false
		}

		n.kind, n.encoded = branch, data
		if length > 0 {
			n.value = data[len(data)-length:]
		}

		return true
	default:
		return false
	}
}

// isReference tells whether an item may stand for a node: it is nothing, a hash, or a whole node shorter than a hash.
func isReference(length int, isList bool) bool {
	return isList && length < keccak.Size-1 || !isList && (length == 0 || length == keccak.Size)
}

// parseShort reads a leaf or an extension, whose second item starts at a place.
func (n *node) parseShort(data []byte, second int) bool {
	start, length, isList, _ := rlp.Head(data)
	path := data[start : start+length]
	if isList || !isCompact(path) {
		return false
	}

	start, length, isList, _ = rlp.Head(data[second:])
	content := data[second+start : second+start+length]
	n.path = path
	if path[0]&leafFlag != 0 {
		n.kind, n.value = leaf, content
		return !isList && length > 0
	}

	n.kind = extension
	n.below = refer(data[second:])
	return n.below != nil && pathLength(path) > 0
}

// refer makes the node that the first item of data refers to; nil if it refers to none.
func refer(data []byte) *node {
	start, length, isList, err := rlp.Head(data)
	switch {
	case err != nil || !isReference(length, isList):
		return nil
	case isList:
		n := &node{}
		if !n.parse(data[:start+length]) {
			oracle.Fail("a trie node inside another is malformed:", data[:start+length])
		}

		return n
	case length == 0:
		return nil
	default:
		n := &node{isHashed: true}
		copy(n.hash[:], data[start:start+length])
		return n
	}
}

// item returns the encoding of a branch's child as it was loaded, and all behind it.
func (n *node) item(digit int) []byte {
	data := n.encoded
	for ; digit > 0; digit-- {
		// Almost all are nothing or a hash.
		switch data[0] {
		case emptyItem:
			data = data[1:]
		case emptyItem + keccak.Size:
			data = data[1+keccak.Size:]
		default:
			start, length, _, _ := rlp.Head(data)
			data = data[start+length:]
		}
	}

	return data
}

// child returns a branch's child; nil if there is none.
func (n *node) child(digit int) *node {
	if n.children == nil {
		n.children = new([16]*node)
	}

	if n.known>>uint(digit)&1 == 0 {
		n.children[digit] = refer(n.item(digit))
		n.known |= 1 << uint(digit)
	}

	return n.children[digit]
}

// has tells whether a branch has a child, without making it.
func (n *node) has(digit int) bool {
	if n.known>>uint(digit)&1 != 0 {
		return n.children[digit] != nil
	}

	return n.item(digit)[0] != emptyItem
}
