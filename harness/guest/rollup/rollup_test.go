package rollup_test

import (
	"encoding/hex"
	"math/rand"
	"testing"

	"culverin/guest/chain"
	"culverin/guest/keccak"
	"culverin/guest/rollup"
	"culverin/guest/testkit"
)

var inbox = rollup.Inbox(testkit.ChainID)

// newChain makes L1 block 1, eight L2 blocks on it, and one L1 block per batch.
func newChain(t *testing.T, batches ...[]int) *testkit.World {
	world := testkit.NewWorld(t)
	world.AddL1()
	for number := 1; number <= 8; number++ {
		world.AddL2(number != 4 && number != 5, 1)
	}

	for _, batch := range batches {
		post(world, world.Batch(batch...))
	}

	return world
}

func post(world *testkit.World, data []byte) {
	world.AddL1(
		testkit.SignedCall(chain.Address{7}, []byte("somebody else's"), 9),
		testkit.SignedCall(inbox, data, testkit.BatcherKey))
}

func expect(t *testing.T, what string, verdict rollup.Verdict, isRight bool, block uint64) {
	t.Helper()
	if verdict.IsRight != isRight || verdict.Block != block {
		t.Errorf("%s: right %v, followed to %d", what, verdict.IsRight, verdict.Block)
	}
}

func TestRightAndWrongClaims(t *testing.T) {
	world := newChain(t, []int{1, 2, 3}, []int{4}, nil, []int{5, 6})
	for agreed := 1; agreed <= 6; agreed++ {
		for block := 1; block <= 6; block++ {
			verdict := world.Decide(agreed, world.Output(block), uint64(block))
			if block < agreed {
				expect(t, "a block before the agreed one", verdict, false, uint64(agreed))
				continue
			}

			expect(t, "a right claim", verdict, true, uint64(block))
			wrong := world.Output(block)
			wrong[31] ^= 1
			expect(t, "a wrong root", world.Decide(agreed, wrong, uint64(block)), false, uint64(block))
			expect(t, "another block's root", world.Decide(agreed, world.Output(7), uint64(block)), false, uint64(block))
		}
	}
}

func TestDataMustBeOnL1(t *testing.T) {
	world := newChain(t, []int{2, 3}, []int{5})
	expect(t, "a block without data", world.Decide(3, world.Output(4), 4), false, 3)
	expect(t, "a block behind a gap", world.Decide(3, world.Output(5), 5), false, 3)
	expect(t, "the last block with data, for a later one", world.Decide(1, world.Output(3), 5), true, 3)
	post(world, world.Batch(4))
	expect(t, "the gap was filled", world.Decide(3, world.Output(5), 5), true, 5)
}

func TestOnlyTheBatcherCounts(t *testing.T) {
	for what, transaction := range map[string]func(world *testkit.World) []byte{
		"another sender": func(world *testkit.World) []byte {
			return testkit.SignedCall(inbox, world.Batch(2), testkit.BatcherKey+1)
		},
		"another inbox": func(world *testkit.World) []byte {
			return testkit.SignedCall(rollup.Inbox(902), world.Batch(2), testkit.BatcherKey)
		},
		"another version": func(world *testkit.World) []byte {
			batch := world.Batch(2)
			batch[0] = 1
			return testkit.SignedCall(inbox, batch, testkit.BatcherKey)
		},
		"bytes behind the end": func(world *testkit.World) []byte {
			return testkit.SignedCall(inbox, append(world.Batch(2), 0), testkit.BatcherKey)
		},
		"a type that carries no calls": func(world *testkit.World) []byte {
			data := testkit.SignedCall(inbox, world.Batch(2), testkit.BatcherKey)
			data[0] = 3
			return data
		},
	} {
		world := newChain(t)
		world.AddL1(transaction(world))
		expect(t, what, world.Decide(1, world.Output(2), 2), false, 1)
	}
}

func TestTheFirstHeaderPostedForAParentWins(t *testing.T) {
	world := newChain(t)
	fork := newChain(t)
	fork.L2 = fork.L2[:3]
	fork.AddL2(true, 0)
	for key, value := range fork.Preimages {
		world.Preimages[key] = value
	}

	world.AddL1(testkit.SignedCall(inbox, world.Batch(3, 4), testkit.BatcherKey+1))
	post(world, fork.Batch(3))
	post(world, world.Batch(2, 3, 4))
	expect(t, "the fork's claim", world.Decide(1, fork.Output(3), 3), true, 3)
	expect(t, "the later header's claim", world.Decide(1, world.Output(3), 3), false, 3)
	expect(t, "a claim on the abandoned side", world.Decide(1, world.Output(4), 4), false, 3)
	expect(t, "the same, seen from the block before", world.Decide(2, fork.Output(3), 3), true, 3)
}

func TestAnOriginOffTheChainLeavesNoData(t *testing.T) {
	world := newChain(t, []int{2})
	world.L1 = world.L1[:1]
	world.AddL1(testkit.SignedCall(chain.Address{3}, nil, 4))
	post(world, world.Batch(2))
	expect(t, "data on another L1", world.Decide(1, world.Output(2), 2), false, 1)
	world.L1 = world.L1[:1]
	expect(t, "a head before the origin", world.Decide(1, world.Output(2), 2), false, 1)
}

func TestEveryMissingOrChangedPreimagePanics(t *testing.T) {
	world := newChain(t, []int{2}, []int{3, 4})
	claim := world.Output(4)
	expect(t, "as it is", world.Decide(1, claim, 4), true, 4)
	whole := world.Preimages
	needed := 0
	for key := range whole {
		if key[0] != 2 {
			continue
		}

		for _, change := range []func([]byte) []byte{
			func([]byte) []byte { return nil },
			func(value []byte) []byte { return value[:len(value)-1] },
			func(value []byte) []byte { return append([]byte{value[0] ^ 0x10}, value[1:]...) },
		} {
			world.Preimages = map[[32]byte][]byte{}
			for other, value := range whole {
				world.Preimages[other] = value
			}

			world.Preimages[key] = change(whole[key])
			if outcome := try(world, claim); outcome == "panic" {
				needed++
			} else if outcome == "wrong" {
				t.Errorf("a damaged pre-image made the claim wrong")
			}
		}
	}

	if needed < 3*10 {
		t.Errorf("only %d of the damages were noticed", needed)
	}
}

func try(world *testkit.World, claim keccak.Hash) (outcome string) {
	defer func() {
		if recover() != nil {
			outcome = "panic"
		}
	}()
	if world.DecideAs(claim, 4).IsRight {
		return "right"
	}

	return "wrong"
}

func TestLegacyTransactionsCarryBatches(t *testing.T) {
	for _, hasChainID := range []bool{false, true} {
		world := newChain(t)
		world.AddL1(testkit.LegacyCall(hasChainID, inbox, world.Batch(2), testkit.BatcherKey))
		expect(t, "a legacy transaction", world.Decide(1, world.Output(2), 2), true, 2)
	}
}

func TestDamagedTransactionsNeverPanic(t *testing.T) {
	seed := int64(17)
	random := rand.New(rand.NewSource(seed))
	world := newChain(t)
	good := testkit.SignedCall(inbox, world.Batch(2, 3), testkit.BatcherKey)
	for round := 0; round < 20000; round++ {
		data := append([]byte(nil), good[:random.Intn(len(good)+1)]...)
		if round%2 == 0 {
			data = append([]byte(nil), good...)
		}

		for change := 1 + random.Intn(3); change > 0 && len(data) > 0; change-- {
			data[random.Intn(len(data))] = byte(random.Intn(256))
		}

		if call, isCall := chain.DecodeCall(data); isCall {
			rollup.DecodeBatch(call.Data)
			if round%100 == 0 {
				call.Sender()
			}
		}

		chain.DecodeAttributes(data)
	}
}

func TestInboxSpellsTheChainID(t *testing.T) {
	for id, want := range map[uint64]string{
		0:         "ff00000000000000000000000000000000000000",
		10:        "ff00000000000000000000000000000000000010",
		901:       "ff00000000000000000000000000000000000901",
		1<<64 - 1: "ff00000000000000000018446744073709551615",
	} {
		inbox := rollup.Inbox(id)
		if got := hex.EncodeToString(inbox[:]); got != want {
			t.Errorf("%d: %s", id, got)
		}
	}
}
