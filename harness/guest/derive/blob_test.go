package derive

import (
	"bytes"
	"math/rand"
	"testing"
)

// TestBlobByHand follows the text: 127 bytes fill four elements; the highest bits of the 32nd, 64th and 96th byte stand
// before the elements.
func TestBlobByHand(t *testing.T) {
	blob := make([]byte, BlobBytes)
	data := make([]byte, 200)
	for index := range data {
		data[index] = byte(index)*37 + 0x91
	}

	// Version and length stand before the data.
	content := append([]byte{0, 0, 0, 200}, data...)
	content = append(content, make([]byte, 2*127-len(content))...)
	for group := 0; group < 2; group++ {
		source, target := content[group*127:], blob[group*128:]
		x, y, z := source[31], source[63], source[95]
		target[0] = x & 0b0011_1111
		copy(target[1:32], source[0:31])
		target[32] = y&0b0000_1111 | x&0b1100_0000>>2
		copy(target[33:64], source[32:63])
		target[64] = z & 0b0011_1111
		copy(target[65:96], source[64:95])
		target[96] = z&0b1100_0000>>2 | y&0b1111_0000>>4
		copy(target[97:128], source[96:127])
	}

	back, err := DecodeBlob(blob)
	if err != nil || !bytes.Equal(back, data) {
		t.Fatalf("%v\n%x\n%x", err, back, data)
	}

	if written, err := EncodeBlob(data); err != nil || !bytes.Equal(written, blob) {
		t.Errorf("the blob is written as another: %v", err)
	}
}

func TestBlobsOfAllLengths(t *testing.T) {
	random := rand.New(rand.NewSource(7))
	for _, length := range []int{0, 1, 26, 27, 28, 59, 60, 91, 92, 122, 123, 124, 127, 5000, BlobDataMax - 1, BlobDataMax} {
		data := make([]byte, length)
		random.Read(data)
		blob, err := EncodeBlob(data)
		if err != nil {
			t.Fatal(err)
		}

		if back, err := DecodeBlob(blob); err != nil || !bytes.Equal(back, data) {
			t.Errorf("%d bytes: %v", length, err)
		}
	}

	if BlobDataMax != 130_044 {
		t.Errorf("%d", BlobDataMax)
	}

	if _, err := EncodeBlob(make([]byte, BlobDataMax+1)); err == nil {
		t.Error("too much data were put into a blob")
	}
}

func TestBlobsInAnotherWay(t *testing.T) {
	for name, change := range map[string]func(blob []byte) []byte{
		"short":                       func(blob []byte) []byte { return blob[1:] },
		"long":                        func(blob []byte) []byte { return append(blob, 0) },
		"empty":                       func([]byte) []byte { return nil },
		"version 1":                   func(blob []byte) []byte { blob[1] = 1; return blob },
		"highest bit of an element":   func(blob []byte) []byte { blob[32*77] |= 0x80; return blob },
		"second bit of an element":    func(blob []byte) []byte { blob[32*78] |= 0x40; return blob },
		"a byte behind the end":       func(blob []byte) []byte { blob[BlobBytes-1] = 1; return blob },
		"a bit behind the end":        func(blob []byte) []byte { blob[32*4000] = 0x20; return blob },
		"a byte right behind the end": func(blob []byte) []byte { blob[1+4+3] = 1; return blob },
		"length above what fits":      func(blob []byte) []byte { blob[2], blob[3], blob[4] = 0x01, 0xfb, 0xfd; return blob },
		"length of all ones":          func(blob []byte) []byte { blob[2], blob[3], blob[4] = 255, 255, 255; return blob },
	} {
		blob, err := EncodeBlob([]byte{1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}

		if data, err := DecodeBlob(change(blob)); err == nil {
			t.Errorf("%s: %x", name, data)
		}
	}
}

// FuzzBlob changes some bytes of a blob: what is read has one encoding.
func FuzzBlob(f *testing.F) {
	f.Add([]byte{1, 2, 3}, 0, byte(1))
	f.Add([]byte{}, 32, byte(0x3f))
	f.Fuzz(func(t *testing.T, data []byte, place int, change byte) {
		blob, err := EncodeBlob(data)
		if err != nil || place < 0 {
			return
		}

		blob[place%BlobBytes] ^= change
		back, err := DecodeBlob(blob)
		if err != nil {
			return
		}

		if again, err := EncodeBlob(back); err != nil || !bytes.Equal(again, blob) {
			t.Fatalf("%x, byte %d changed by %x: %v", data, place, change, err)
		}
	})
}
