package oracle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
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

// mustFail expects a typed failure; any other panic goes on.
func mustFail(t *testing.T, what string, action func()) (text string) {
	t.Helper()
	var failure *Failure
	defer func() {
		if failure == nil {
			t.Errorf("%s was accepted", what)
		} else {
			text = failure.Text
		}
	}()
	defer Catch(&failure)
	action()
	return ""
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
	mustFail(t, "data of another hash", func() { oracle.Keccak(other) })
	source.values[key] = []byte("bad")
	mustFail(t, "garbage", func() { oracle.Keccak(hash) })
	delete(source.values, key)
	mustFail(t, "nothing", func() { oracle.Keccak(hash) })
}

func TestBootValuesHaveAFixedLength(t *testing.T) {
	source := &fake{values: map[[32]byte][]byte{{0: 1, 31: 4}: {1, 2, 3, 4, 5, 6, 7, 8}}}
	oracle := New(source)
	if len(oracle.Local(4, 8)) != 8 {
		t.Error("a boot value was changed")
	}

	mustFail(t, "a short value", func() { oracle.Local(4, 32) })
	mustFail(t, "a missing value", func() { oracle.Local(5, 8) })
}

func TestHintsNameWhatComes(t *testing.T) {
	source := &fake{}
	New(source).Hint("l2-account-proof", []byte{0xab, 1}, []byte{0xff})
	if len(source.hints) != 1 || source.hints[0] != "l2-account-proof 0xab01ff" {
		t.Errorf("%q", source.hints)
	}
}

func TestSha256PreimagesAreChecked(t *testing.T) {
	hash := sha256.Sum256([]byte("good"))
	key := hash
	key[0] = 4
	source := &fake{values: map[[32]byte][]byte{key: []byte("good")}}
	oracle := New(source)
	if !bytes.Equal(oracle.Sha256(hash), []byte("good")) {
		t.Error("a right answer was changed")
	}

	for place := range source.values[key] {
		changed := []byte("good")
		changed[place] ^= 0x40
		source.values[key] = changed
		text := mustFail(t, "a changed byte", func() { oracle.Sha256(hash) })
		if !strings.Contains(text, hex.EncodeToString(hash[:])) {
			t.Errorf("the failure does not name what was missing: %s", text)
		}
	}

	delete(source.values, key)
	mustFail(t, "nothing", func() { oracle.Sha256(hash) })
}

// The key is that of the oracle contract with gas: the hash of address, gas in 8 bytes and input, byte 0 replaced.
func TestPrecompilesAreAskedByKeyType6(t *testing.T) {
	address, input := [20]byte{19: 8}, []byte{1, 2, 3}
	question := append(append(address[:], 0, 0, 0, 0, 0, 1, 0x34, 0x98), input...)
	key := keccak.Sum(question)
	key[0] = 6
	source := &fake{values: map[[32]byte][]byte{key: {1, 7, 8}}}
	oracle := New(source)
	output, ok := oracle.Precompile(address, 79000, input)
	if !ok || !bytes.Equal(output, []byte{7, 8}) || source.hints[0] != "l1-precompile-v2 0x"+hex.EncodeToString(question) {
		t.Errorf("%x, %v after %q", output, ok, source.hints)
	}

	source.values[key] = []byte{0}
	if output, ok = oracle.Precompile(address, 79000, input); ok || output != nil {
		t.Errorf("a failure: %x, %v", output, ok)
	}

	for _, answer := range [][]byte{nil, {2}, {0, 1}, {255, 1}} {
		source.values[key] = answer
		mustFail(t, "a malformed answer", func() { oracle.Precompile(address, 79000, input) })
	}
}
