package forms

import (
	"culverin/guest/block"
	"culverin/guest/rlp"
)

// Sidecar is what a transaction with blobs has beside it while it is sent.
type Sidecar struct {
	Blobs, Commitments, Proofs [][]byte
}

// Wrap writes a signed transaction in the form in which it is sent (EIP-4844, "Networking"): type ‖ rlp([payload, blobs,
// commitments, proofs]). With a proof for each cell the sidecar is of version 1, which stands behind the payload
// (EIP-7594, "Networking").
func (sidecar *Sidecar) Wrap(encoded []byte) []byte {
	parts := [][]byte{encoded[1:]}
	if len(sidecar.Proofs) != len(sidecar.Blobs) {
		parts = append(parts, rlp.EncodeUint64(1))
	}

	for _, list := range [][][]byte{sidecar.Blobs, sidecar.Commitments, sidecar.Proofs} {
		var items [][]byte
		for _, item := range list {
			items = append(items, rlp.EncodeBytes(item))
		}

		parts = append(parts, rlp.EncodeList(items...))
	}

	return append([]byte{block.BlobType}, rlp.EncodeList(parts...)...)
}
