package derive

import (
	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/rlp"
)

// Data is what one batcher transaction brings: calldata, or blobs that carry one batcher transaction's data each.
type Data struct {
	// Calldata is nil for a blob transaction, whose calldata count for nothing.
	Calldata []byte
	// Blobs are the versioned hashes of its blobs; FirstBlob is the first one's place among all blobs of the L1 block.
	Blobs     [][32]byte
	FirstBlob uint64
}

// Inbox finds the batcher transactions of one L1 block, whose transactions are added in their order
// (derivation.md, "L1 Retrieval"; ecotone/derivation.md, "Ecotone: Blob Retrieval").
//
// Most of a block's transactions have another target: of these nothing is decoded. Anyone can send to the inbox: what is
// no batcher transaction by its form is left out before its signature is asked about, which costs most.
type Inbox struct {
	// Found is what the batcher sent, in order.
	Found []Data

	address, batcher block.Address
	// hasSidecars: see config.HasSidecars.
	hasSidecars bool
	blobs       uint64
}

// NewInbox begins an L1 block for which an account is the batcher.
func (rollup *Rollup) NewInbox(batcher block.Address) *Inbox {
	return &Inbox{address: rollup.Inbox, batcher: batcher, hasSidecars: config.HasSidecars(rollup.L1ChainID)}
}

// Add takes the next transaction of the block, as it stands there; nothing of it is kept. The error is block.ErrMalformed:
// what an L1 block commits to never is.
func (inbox *Inbox) Add(encoded []byte) error {
	if inbox.hasSidecars {
		encoded = withoutSidecar(encoded)
	}

	outline, isRight := skimTransaction(encoded)
	if !isRight {
		return block.ErrMalformed
	}

	first := inbox.blobs
	inbox.blobs += outline.blobs
	if string(outline.target) != string(inbox.address[:]) || !isBatcherType(outline.kind) {
		return nil
	}

	if outline.kind != block.BlobType {
		if _, err := DecodeFrames(outline.data); err != nil {
			return nil
		}
	}

	transaction, err := block.Decode(encoded)
	if err != nil {
		return err
	}

	sender, err := block.Sender(transaction)
	if err != nil {
		return err
	}

	switch {
	case sender != inbox.batcher:
	case outline.kind == block.BlobType:
		inbox.Found = append(inbox.Found, Data{Blobs: transaction.BlobHashes, FirstBlob: first})
	default:
		inbox.Found = append(inbox.Found, Data{Calldata: append([]byte(nil), transaction.Data...)})
	}

	return nil
}

// withoutSidecar takes the sidecar from a blob transaction that has one: type ‖ rlp([transaction, ...]), where otherwise the
// transaction's chain id follows (EIP-4844, EIP-7594, "Networking").
func withoutSidecar(encoded []byte) []byte {
	if len(encoded) == 0 || encoded[0] != block.BlobType {
		return encoded
	}

	whole := &cursor{rest: encoded[1:]}
	content := &cursor{rest: listContent(whole.item(true))}
	if len(content.rest) == 0 || content.rest[0] < listFirst {
		return encoded
	}

	transaction := content.item(true)
	return append([]byte{block.BlobType}, transaction...)
}

// isBatcherType: transactions of other types count for nothing (derivation.md, "Batcher Transaction Format").
func isBatcherType(kind byte) bool {
	return kind <= block.DynamicFeeType || kind == block.BlobType
}

// outline is what a transaction of L1 is told apart by.
type outline struct {
	// kind is block.LegacyType for those without a type byte.
	kind byte
	// target is empty where a contract is created.
	target, data []byte
	blobs        uint64
}

// skimTransaction reads no more of a transaction than its outline, and allocates nothing.
func skimTransaction(encoded []byte) (found outline, isRight bool) {
	place := 3
	if len(encoded) > 0 && encoded[0] < listFirst {
		found.kind = encoded[0]
		encoded = encoded[1:]
		switch found.kind {
		case block.AccessListType:
			place = 4
		case block.DynamicFeeType, block.BlobType, block.SetCodeType:
			place = 5
		default:
			// L1 has types that are not known here.
			return found, len(encoded) > 0
		}
	}

	whole := &cursor{rest: encoded}
	fields := &cursor{rest: listContent(whole.item(true))}
	for ; place > 0; place-- {
		fields.item(false)
	}

	found.target = stringContent(fields.item(false))
	fields.item(false)
	found.data = stringContent(fields.item(false))
	if found.kind == block.BlobType {
		fields.item(true)
		fields.item(false)
		for hashes := listContent(fields.item(true)); len(hashes) > 0; found.blobs++ {
			start, length, _, err := rlp.Head(hashes)
			if err != nil {
				return found, false
			}

			hashes = hashes[start+length:]
		}
	}

	return found, !fields.failed
}

// stringContent is what stands behind a string's head.
func stringContent(item []byte) []byte {
	start, _, _, err := rlp.Head(item)
	if err != nil {
		return nil
	}

	return item[start:]
}
