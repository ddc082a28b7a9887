package rlp

import (
	"bytes"
	"encoding/hex"
	"math/rand"
	"testing"
)

func decode(t *testing.T, digits string) []byte {
	t.Helper()
	data, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}

	return data
}

func TestReadsCanonicalItems(t *testing.T) {
	long := append([]byte{0xb8, 56}, make([]byte, 56)...)
	for _, data := range [][]byte{{0}, {0x7f}, {0x80}, {0x81, 0x80}, {0x83, 1, 2, 3}, {0xc0}, long} {
		item, rest, err := Split(append(data[:len(data):len(data)], 0x55))
		if err != nil || !bytes.Equal(item.Raw, data) || !bytes.Equal(rest, []byte{0x55}) {
			t.Errorf("%x: %v %x %x", data, err, item.Raw, rest)
		}
	}
}

func TestRefusesOtherEncodings(t *testing.T) {
	for _, digits := range []string{
		"", "8100", "817f", "b80100", "b83700", "b90038", "81", "c1", "c201", "f80100", "b90100",
		"bb01000000", "bf0100000000000000", "ff0100000000000000", "ffffffffffffffffff", "bb7fffffff", "bb80000000",
	} {
		if item, _, err := Split(decode(t, digits)); err == nil {
			t.Errorf("%s was read as %x", digits, item.Content)
		}
	}

	for _, digits := range []string{"80", "c0c0", "c181", "c28100", ""} {
		if _, err := List(decode(t, digits)); err == nil {
			t.Errorf("%s was read as a list", digits)
		}
	}
}

func TestNumbers(t *testing.T) {
	for value, digits := range map[uint64]string{
		0: "80", 1: "01", 127: "7f", 128: "8180", 1 << 32: "850100000000", 1<<64 - 1: "88ffffffffffffffff",
	} {
		encoded := EncodeUint64(value)
		item, _, err := Split(decode(t, digits))
		if err != nil || !bytes.Equal(encoded, item.Raw) {
			t.Errorf("%d was written as %x", value, encoded)
		}

		if back, err := item.Uint64(); err != nil || back != value {
			t.Errorf("%s was read as %d", digits, back)
		}
	}

	for _, digits := range []string{"820001", "89010000000000000000", "c0"} {
		item, _, err := Split(decode(t, digits))
		if err != nil {
			t.Fatal(err)
		}

		if _, err := item.Uint64(); err == nil {
			t.Errorf("%s was read as a number", digits)
		}
	}
}

func TestListsReadBackWhateverTheirLength(t *testing.T) {
	for count := 0; count < 300; count++ {
		var items [][]byte
		for index := 0; index < count; index++ {
			items = append(items, EncodeUint64(uint64(index)))
		}

		back, err := List(EncodeList(items...))
		if err != nil || len(back) != count {
			t.Fatalf("%d items: %v, %d", count, err, len(back))
		}
	}
}

func TestDamagedListsNeverPanic(t *testing.T) {
	seed := int64(11)
	random := rand.New(rand.NewSource(seed))
	good := EncodeList(EncodeUint64(5), EncodeList(EncodeUint64(1<<40), EncodeList()), make([]byte, 80))
	for round := 0; round < 20000; round++ {
		data := append([]byte(nil), good[:random.Intn(len(good)+1)]...)
		for change := random.Intn(4); change > 0 && len(data) > 0; change-- {
			data[random.Intn(len(data))] = byte(random.Intn(256))
		}

		if items, err := List(data); err == nil {
			var raw [][]byte
			for _, item := range items {
				raw = append(raw, item.Raw)
			}

			if !bytes.Equal(EncodeList(raw...), data) {
				t.Fatalf("seed %d: %x is a second encoding", seed, data)
			}
		}
	}
}

func TestLongHeads(t *testing.T) {
	for _, length := range []int{0, 1, 55, 56, 255, 256, 65535, 65536, 1 << 20, 1 << 24} {
		data := make([]byte, length)
		for _, encoded := range [][]byte{EncodeBytes(data), EncodeList(data)} {
			start, size, isList, err := Head(encoded)
			if length == 1 && !isList {
				continue
			}

			if err != nil || start+size != len(encoded) || size != length || isList != (encoded[0] >= 0xc0) {
				t.Errorf("%d bytes: %d, %d, %v, %v", length, start, size, isList, err)
			}
		}
	}
}
