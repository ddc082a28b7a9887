package kzg

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"culverin/guest/derive"
	"culverin/guest/testkit/fixture"
)

// start runs the script, if its packages are there.
func start(t *testing.T) *Process {
	t.Helper()
	folder := filepath.Join(fixture.Repository(t), "harness", "contracts")
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("did not run: there is no node")
	}

	if _, err := os.Stat(filepath.Join(folder, "node_modules", "@crate-crypto")); err != nil {
		t.Skip("did not run: harness/contracts/node_modules has no @crate-crypto/node-eth-kzg-linux-x64-gnu")
	}

	process := New(filepath.Join(folder, "kzg.cjs"))
	t.Cleanup(process.Close)
	return process
}

// infinity is the commitment to zeros, and the proof of it.
var infinity = append([]byte{0xc0}, make([]byte, 47)...)

func TestZeros(t *testing.T) {
	process, blob := start(t), make([]byte, derive.BlobBytes)
	commitment, err := process.Commitment(blob)
	if err != nil || !bytes.Equal(commitment, infinity) {
		t.Fatalf("%x, %v", commitment, err)
	}

	if proof, err := process.Proof(blob, commitment); err != nil || !bytes.Equal(proof, infinity) {
		t.Errorf("%x, %v", proof, err)
	}

	// EIP-4844: the versioned hash of the point at infinity.
	hash := VersionedHash(commitment)
	if hex.EncodeToString(hash[:]) != "010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014" {
		t.Errorf("%x", hash)
	}
}

func TestHashes(t *testing.T) {
	process := start(t)
	blob, err := derive.EncodeBlob([]byte("the data of a batcher"))
	if err != nil {
		t.Fatal(err)
	}

	commitment, err := process.Commitment(blob)
	if err != nil {
		t.Fatal(err)
	}

	hash := VersionedHash(commitment)
	if isRight, err := process.HasHash(blob, hash); err != nil || !isRight {
		t.Errorf("%v, %v", isRight, err)
	}

	blob[1000] ^= 1
	if isRight, err := process.HasHash(blob, hash); err != nil || isRight {
		t.Errorf("a changed blob: %v, %v", isRight, err)
	}

	for _, wrong := range [][]byte{nil, blob[:100], bytes.Repeat([]byte{0xff}, derive.BlobBytes)} {
		if isRight, err := process.HasHash(wrong, hash); err != nil || isRight {
			t.Errorf("%d bytes: %v, %v", len(wrong), isRight, err)
		}
	}

	proofs, err := process.CellProofs(blob)
	if err != nil || len(proofs) != CellCount || len(proofs[0]) != ProofBytes {
		t.Errorf("%d proofs, %v", len(proofs), err)
	}

	var refused *RefusedError
	if _, err := process.Commitment([]byte{1}); !errors.As(err, &refused) {
		t.Error(err)
	}
}

// TestTheProgramEnds: it is started again.
func TestTheProgramEnds(t *testing.T) {
	process, blob := start(t), make([]byte, derive.BlobBytes)
	if _, err := process.Commitment(blob); err != nil {
		t.Fatal(err)
	}

	_ = process.command.Process.Kill()
	_, first := process.Commitment(blob)
	if _, err := process.Commitment(blob); err != nil {
		t.Errorf("%v, %v", first, err)
	}

	if _, err := New("absent.cjs").Commitment(blob); err == nil {
		t.Error("a script that is absent answered")
	}
}
