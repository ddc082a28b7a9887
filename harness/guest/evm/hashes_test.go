package evm

import (
	"math/rand"
	"testing"

	"culverin/guest/keccak"
	"culverin/guest/u256"
)

func TestRememberedHashesAreThoseOfTheirBytes(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	table := &hashes{}
	for round := 0; round < 20000; round++ {
		// Few values for each byte, so that many inputs come again and many share an entry.
		var data [64]byte
		for _, place := range []int{0, 12, 31, 32, 60, 63} {
			data[place] = byte(random.Intn(4))
		}

		hash := keccak.Sum(data[:])
		var want u256.Int
		want.SetBytes(hash[:])
		if got := table.of(&data); *got != want {
			t.Fatalf("%x: %x, not %x", data, *got, want)
		}
	}
}
