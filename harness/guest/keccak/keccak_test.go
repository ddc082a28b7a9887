package keccak

import (
	"bytes"
	"encoding/hex"
	"math/rand"
	"testing"
)

func TestKnownHashes(t *testing.T) {
	cases := map[string]string{
		"":            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
		"abc":         "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
		"hello world": "47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad",
		"\x80":        "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
	}
	for text, want := range cases {
		hash := Sum([]byte(text))
		if got := hex.EncodeToString(hash[:]); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestPartsHashLikeTheWhole(t *testing.T) {
	random := rand.New(rand.NewSource(7))
	for length := 0; length < 600; length++ {
		data := make([]byte, length)
		random.Read(data)
		first := random.Intn(length + 1)
		second := first + random.Intn(length-first+1)
		whole, parts := Sum(data), Sum(data[:first], data[first:second], data[second:])
		if !bytes.Equal(whole[:], parts[:]) {
			t.Fatalf("%d bytes cut at %d and %d hash differently", length, first, second)
		}
	}
}
