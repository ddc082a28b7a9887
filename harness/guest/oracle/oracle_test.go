package oracle

import (
	"bytes"
	"testing"

	"culverin/guest/keccak"
)

type fake struct {
	values map[[32]byte][]byte
	hints  []string
}

func (source *fake) Hint(text string) {
	source.hints = append(source.hints, text)
}

func (source *fake) Get(key [32]byte) []byte {
	return source.values[key]
}

func mustPanic(t *testing.T, what string, action func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s was accepted", what)
		}
	}()
	action()
}

func TestDataMustFitItsName(t *testing.T) {
	hash := keccak.Sum([]byte("good"))
	key := hash
	key[0] = 2
	source := &fake{values: map[[32]byte][]byte{key: []byte("good")}}
	oracle := New(source)
	if !bytes.Equal(oracle.Keccak(hash), []byte("good")) {
		t.Error("a right answer was changed")
	}

	// The first byte of the hash is not part of the key, but must fit all the same.
	other := hash
	other[0] ^= 1
	mustPanic(t, "data of another hash", func() { oracle.Keccak(other) })
	source.values[key] = []byte("bad")
	mustPanic(t, "garbage", func() { oracle.Keccak(hash) })
	delete(source.values, key)
	mustPanic(t, "nothing", func() { oracle.Keccak(hash) })
}

func TestBootValuesHaveAFixedLength(t *testing.T) {
	source := &fake{values: map[[32]byte][]byte{{0: 1, 31: 4}: {1, 2, 3, 4, 5, 6, 7, 8}}}
	oracle := New(source)
	if len(oracle.Local(4, 8)) != 8 {
		t.Error("a boot value was changed")
	}

	mustPanic(t, "a short value", func() { oracle.Local(4, 32) })
	mustPanic(t, "a missing value", func() { oracle.Local(5, 8) })
}

func TestHintsNameWhatComes(t *testing.T) {
	source := &fake{}
	New(source).Hint("l2-account-proof", []byte{0xab, 1}, []byte{0xff})
	if len(source.hints) != 1 || source.hints[0] != "l2-account-proof 0xab01ff" {
		t.Errorf("%q", source.hints)
	}
}
