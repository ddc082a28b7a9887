package mpt

import (
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
)

// Reader hands out trie nodes, checked against their hash, and may use the room of a buffer for that. It ends the
// program, see oracle.Fail, where it cannot.
type Reader interface {
	NodeInto(hash keccak.Hash, buffer []byte) []byte
}

// listDepthMax bounds a list's trie: the longest key is an encoded number of 64 bits.
const listDepthMax = 2*rlp.HeadMax + 1

// list walks over a trie whose keys are the encoded numbers from 0 on.
type list struct {
	nodes Reader
	visit func(value []byte) bool
	// isOver tells that visit wants no more.
	isOver bool
	// next is the number whose value comes next.
	next uint64
	// isFirst tells that only the value of the number 0 is wanted: its key, 0x80, lies behind those of 1 to 127.
	isFirst bool
	// first is the hash of the leaf with the value of 0, which is not read again; loaded that of the last node, unless it is
	// a branch or stands in another.
	first, loaded keccak.Hash
	// key holds the nibbles on the way; buffers hold the nodes on the way, one for each depth.
	key     [listDepthMax]byte
	buffers [listDepthMax + 1][]byte
}

// EachOfList hands over the values of a trie whose keys are the encoded numbers from 0 on, in that order: the
// transactions or receipts of a block; until visit says false. A value may be overwritten when visit returns. However long
// the list is, no more than one way through the trie is held.
func EachOfList(nodes Reader, root keccak.Hash, visit func(value []byte) bool) {
	if root == EmptyRoot {
		return
	}

	walk := &list{nodes: nodes, visit: visit, isFirst: true}
	walk.below(root, 0)
	if walk.next != 1 {
		oracle.Fail("a list has no first entry; its root is", root[:])
	}

	walk.isFirst = false
	if !walk.isOver {
		walk.below(root, 0)
	}
}

// below walks over what a hash names.
func (walk *list) below(hash keccak.Hash, depth int) {
	if !walk.isFirst && hash == walk.first && hash != (keccak.Hash{}) && (depth == 0 || walk.leadsToFirst(depth)) {
		return
	}

	walk.loaded = hash
	data := walk.nodes.NodeInto(hash, walk.buffers[depth][:0])
	walk.buffers[depth] = data
	walk.node(data, depth)
}

// node walks over an encoded node at a depth in nibbles.
func (walk *list) node(data []byte, depth int) {
	n := node{}
	if !n.parse(data) {
		oracle.Fail("a trie node is malformed:", data)
	}

	switch n.kind {
	case branch:
		walk.loaded = keccak.Hash{}
		if n.value != nil {
			walk.value(n.value, depth)
		}

		walk.children(n.encoded, depth)
	default:
		length := pathLength(n.path)
		if depth+length > listDepthMax {
			oracle.Fail("a key in a list's trie is too long:", data)
		}

		for place := 0; place < length; place++ {
			walk.key[depth+place] = pathNibble(n.path, place)
		}

		depth += length
		switch {
		case n.kind == leaf:
			walk.value(n.value, depth)
		case walk.isWanted(depth):
			walk.extension(data, depth)
		}
	}
}

// children walks over the sixteen children of a branch.
func (walk *list) children(items []byte, depth int) {
	if depth == listDepthMax {
		oracle.Fail("a key in a list's trie is too long:", items)
	}

	for digit := byte(0); digit < 16; digit++ {
		start, length, isList, _ := rlp.Head(items)
		whole := items[:start+length]
		items = items[start+length:]
		walk.key[depth] = digit
		if length > 0 && walk.isWanted(depth+1) {
			walk.reference(whole, start, isList, depth+1)
		}
	}
}

// extension walks over the second item of a node.
func (walk *list) extension(data []byte, depth int) {
	start, _, _, _ := rlp.Head(data)
	items := data[start:]
	start, length, _, _ := rlp.Head(items)
	items = items[start+length:]
	start, _, isList, _ := rlp.Head(items)
	walk.reference(items, start, isList, depth)
}

// reference walks over what an item refers to: a hash, or a node itself.
func (walk *list) reference(item []byte, start int, isList bool, depth int) {
	if isList {
		walk.loaded = keccak.Hash{}
		walk.node(item, depth)
		return
	}

	var hash keccak.Hash
	copy(hash[:], item[start:])
	walk.below(hash, depth)
}

// isWanted tells whether a way leads to a value that is wanted now.
func (walk *list) isWanted(depth int) bool {
	return !walk.isOver && (!walk.isFirst || walk.leadsToFirst(depth))
}

// leadsToFirst tells whether a way, of at least one nibble, leads to the value of the number 0.
func (walk *list) leadsToFirst(depth int) bool {
	return walk.key[0] == emptyItem>>4 && (depth < 2 || walk.key[1] == 0)
}

// value takes an entry whose key has this many nibbles.
func (walk *list) value(value []byte, depth int) {
	var key [listDepthMax/2 + 1]byte
	for place := 0; place < depth; place++ {
		key[place/2] |= walk.key[place] << (4 * uint(1-place%2))
	}

	item, rest, err := rlp.Split(key[:depth/2])
	index, errNumber := item.Uint64()
	if err != nil || errNumber != nil || len(rest) != 0 || depth%2 != 0 {
		oracle.Fail("the key of a list is no number:", key[:(depth+1)/2])
	}

	switch {
	case walk.isOver || walk.isFirst != (index == 0):
	case index != walk.next:
		oracle.Fail("a list lacks an entry before", key[:depth/2])
	default:
		if walk.isFirst {
			walk.first = walk.loaded
		}

		walk.isOver = !walk.visit(value)
		walk.next++
	}
}
