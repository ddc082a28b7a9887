package sender

import (
	"context"

	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/kzg"
)

// BlobsMax is how many blobs one transaction may have, whatever L1's schedule allows a block (EIP-7594).
const BlobsMax = 6

// Blob is a blob with what its transaction says about it.
type Blob struct {
	Data       []byte
	Commitment []byte
	Hash       [32]byte
	// Proofs is one for a sidecar of version 0, and otherwise one for each cell.
	Proofs [][]byte
}

// SidecarVersion is how a transaction's blobs are proven to the node that takes it.
type SidecarVersion int

const (
	// BlobProofs are those of EIP-4844: one a blob.
	BlobProofs SidecarVersion = 0
	// CellProofs are those of EIP-7594, since L1's Osaka: one for each cell of a blob.
	CellProofs SidecarVersion = 1
)

// NewBlob computes what belongs to a blob.
func NewBlob(process *kzg.Process, data []byte, version SidecarVersion) (*Blob, error) {
	commitment, err := process.Commitment(data)
	if err != nil {
		return nil, err
	}

	made := &Blob{Data: data, Commitment: commitment, Hash: kzg.VersionedHash(commitment)}
	if version == CellProofs {
		made.Proofs, err = process.CellProofs(data)
		return made, err
	}

	proof, err := process.Proof(data, commitment)
	made.Proofs = [][]byte{proof}
	return made, err
}

// sidecarOf is what is sent beside a transaction with these blobs.
func sidecarOf(blobs []*Blob) (sidecar forms.Sidecar) {
	for _, each := range blobs {
		sidecar.Blobs = append(sidecar.Blobs, each.Data)
		sidecar.Commitments = append(sidecar.Commitments, each.Commitment)
		sidecar.Proofs = append(sidecar.Proofs, each.Proofs...)
	}

	return sidecar
}

// blobMarket is the price of a unit of blob gas that a transaction offers: twice the present one.
func (sender *Sender) blobMarket(ctx context.Context) (uint64, error) {
	var fee hexjson.Quantity
	if err := sender.node.Call(ctx, &fee, "eth_blobBaseFee"); err != nil {
		return 0, err
	}

	return 2 * uint64(fee), nil
}
