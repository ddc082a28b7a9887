package keccak

import (
	"bytes"
	"encoding/hex"
	"math/rand"
	"testing"
	"time"
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

// byTheStandard is Keccak-f[1600] as FIPS 202, section 3.2, defines it, lane by lane.
func byTheStandard(state *[25]uint64) {
	rotate := func(lane uint64, count int) uint64 { return lane<<uint(count%64) | lane>>uint(64-count%64) }
	for _, constant := range roundConstants {
		var columns [5]uint64
		for index, lane := range state {
			columns[index%5] ^= lane
		}

		for index := range state {
			state[index] ^= columns[(index+4)%5] ^ rotate(columns[(index+1)%5], 1)
		}

		var moved [25]uint64
		moved[0] = state[0]
		for x, y, step := 1, 0, 0; step < 24; step++ {
			lane := rotate(state[x+5*y], (step+1)*(step+2)/2)
			x, y = y, (2*x+3*y)%5
			moved[x+5*y] = lane
		}

		for index := range state {
			row := index - index%5
			state[index] = moved[index] ^ ^moved[row+(index+1)%5]&moved[row+(index+2)%5]
		}

		state[0] ^= constant
	}
}

func TestPermutationFollowsTheStandard(t *testing.T) {
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	for round := 0; round < 1000; round++ {
		var state [25]uint64
		for index := range state {
			state[index] = random.Uint64()
		}

		want := state
		byTheStandard(&want)
		permute(&state)
		if state != want {
			t.Fatalf("seed %d: %x, not %x", seed, state, want)
		}
	}
}

func TestBytesHashAlikeAtEveryPlace(t *testing.T) {
	data := make([]byte, 300)
	rand.New(rand.NewSource(3)).Read(data)
	for length := 0; length <= 280; length += 7 {
		want := Sum(append([]byte(nil), data[8:8+length]...))
		for offset := 0; offset < 8; offset++ {
			moved := append(make([]byte, offset, offset+length), data[8:8+length]...)
			if Sum(moved[offset:]) != want {
				t.Fatalf("%d bytes at %d", length, offset)
			}
		}
	}
}
