package mpt

import (
	"culverin/guest/keccak"
	"culverin/guest/rlp"
)

// branchHead is the length of the head of a branch's list with at least seven hashes.
const branchHead = 3

// Store takes the encoding of a node by its hash; it must copy what it keeps.
type Store func(hash keccak.Hash, encoded []byte)

// Root computes the trie's root. Each node that is new since the last time and named by its hash is handed to store,
// if there is one.
func (trie *Trie) Root(store Store) keccak.Hash {
	if trie.root == nil {
		return EmptyRoot
	}

	if !trie.root.isHashed {
		var buffer []byte
		data := trie.root.encode(&buffer, store)
		trie.root.setHash(data, store)
	}

	return trie.root.hash
}

func (n *node) setHash(data []byte, store Store) {
	n.hash = keccak.Sum(data)
	n.isHashed = true
	if store != nil {
		store(n.hash, data)
	}
}

// refer appends what stands for the node in its parent: the hash, or the node itself if it is shorter.
func (n *node) refer(buffer *[]byte, store Store) {
	if !n.isHashed {
		start := len(*buffer)
		data := n.encode(buffer, store)
		if len(data) < keccak.Size {
			*buffer = append((*buffer)[:start], data...)
			return
		}

		n.setHash(data, store)
		*buffer = (*buffer)[:start]
	}

	*buffer = append(append(*buffer, emptyItem+keccak.Size), n.hash[:]...)
}

// encode appends the node's encoding with some free room before it, and returns it. A branch, whose head has three
// bytes, starts at a multiple of eight as it did where it was loaded: so its children are copied, and it is hashed, by
// whole words.
func (n *node) encode(buffer *[]byte, store Store) []byte {
	var head [rlp.HeadMax + 7]byte
	start := (len(*buffer)+rlp.HeadMax-branchHead+7)&^7 + branchHead
	*buffer = append(*buffer, head[:start-len(*buffer)]...)
	switch n.kind {
	case leaf:
		*buffer = rlp.AppendBytes(rlp.AppendBytes(*buffer, n.path), n.value)
	case extension:
		*buffer = rlp.AppendBytes(*buffer, n.path)
		n.below.refer(buffer, store)
	default:
		n.encodeChildren(buffer, store)
		*buffer = rlp.AppendBytes(*buffer, n.value)
	}

	size := rlp.ListHead((*[rlp.HeadMax]byte)(head[:]), len(*buffer)-start)
	copy((*buffer)[start-size:], head[:size])
	return (*buffer)[start-size:]
}

// encodeChildren appends the children that were not touched as they were loaded.
func (n *node) encodeChildren(buffer *[]byte, store Store) {
	for digit := 0; digit < 16; {
		if n.known>>uint(digit)&1 == 0 {
			first := digit
			for digit < 16 && n.known>>uint(digit)&1 == 0 {
				digit++
			}

			data := n.item(first)
			*buffer = append(*buffer, data[:len(data)-len(n.item(digit))]...)
			continue
		}

		if child := n.children[digit]; child != nil {
			child.refer(buffer, store)
		} else {
			*buffer = append(*buffer, emptyItem)
		}

		digit++
	}
}
