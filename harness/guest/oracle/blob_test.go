package oracle

import (
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"culverin/guest/keccak"
)

// TestBlobPlaces computes the points of EIP-4844 in another way: each as a power of the field's generator.
func TestBlobPlaces(t *testing.T) {
	prime, _ := new(big.Int).SetString("52435875175126190479447740508185965837690552500527637822603658699938581184513", 10)
	root := new(big.Int).Exp(big.NewInt(7), new(big.Int).Rsh(new(big.Int).Sub(prime, big.NewInt(1)), 12), prime)
	places := makeBlobPlaces()
	for _, each := range []struct{ place, exponent int64 }{
		{0, 0}, {1, 2048}, {2, 1024}, {3, 3072}, {4, 512}, {2048, 1}, {2049, 2049}, {4094, 2047}, {4095, 4095},
	} {
		var expected [32]byte
		new(big.Int).Exp(root, big.NewInt(each.exponent), prime).FillBytes(expected[:])
		if places[each.place] != expected {
			t.Errorf("%d: %x, expected %x", each.place, places[each.place], expected)
		}
	}
}

// blobSource has one blob whose elements are their places.
func blobSource() (source *fake, versioned [32]byte) {
	source = &fake{values: map[[32]byte][]byte{}}
	commitment := make([]byte, 48)
	commitment[0] = 0xc0
	versioned = sha256.Sum256(commitment)
	versioned[0] = 4
	source.values[versioned] = commitment
	for place, point := range makeBlobPlaces() {
		key := keccak.Sum(commitment, point[:])
		key[0] = 5
		element := make([]byte, 32)
		element[30], element[31] = byte(place>>8), byte(place)
		source.values[key] = element
	}

	versioned[0] = 1
	return source, versioned
}

func TestBlobsAreReadElementByElement(t *testing.T) {
	source, versioned := blobSource()
	blob := New(source).Blob(versioned, 0x0102, 0x0304)
	if len(blob) != 131_072 {
		t.Fatalf("%d bytes", len(blob))
	}

	for place := 0; place < 4096; place++ {
		if blob[32*place+30] != byte(place>>8) || blob[32*place+31] != byte(place) {
			t.Fatalf("element %d is %x", place, blob[32*place:32*place+32])
		}
	}

	hint := "l1-blob 0x" + hex.EncodeToString(versioned[:]) + "00000000000001020000000000000304"
	if len(source.hints) != 1 || source.hints[0] != hint {
		t.Errorf("%q", source.hints)
	}
}

// TestBlobsThatAreNone: what the host lacks or invents ends the program.
func TestBlobsThatAreNone(t *testing.T) {
	source, versioned := blobSource()
	prime, _ := hex.DecodeString("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001")
	for key, value := range source.values {
		others := [][]byte{nil, {}, value[:len(value)-1], append(value[:len(value):len(value)], 0)}
		if key[0] == 5 {
			others = append(others, prime)
		} else {
			changed := append([]byte(nil), value...)
			changed[47]++
			others = append(others, changed)
		}

		for _, other := range others {
			source.values[key] = other
			text := mustFail(t, "a blob", func() { New(source).Blob(versioned, 0, 0) })
			if !strings.Contains(text, hex.EncodeToString(versioned[:])) {
				t.Fatalf("%x: %s", other, text)
			}
		}

		source.values[key] = value
		if key[0] == 5 && value[31] > 3 {
			break
		}
	}

	// Another version of commitments is not known.
	versioned[0] = 2
	mustFail(t, "a versioned hash of version 2", func() { New(source).Blob(versioned, 0, 0) })
}
