package outputclaim_test

import (
	"reflect"
	"testing"

	"culverin/guest/config"
	"culverin/guest/config/rollupjson"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/outputclaim"
	"culverin/guest/testkit/madeup"
)

var forks = []config.Fork{config.Holocene, config.Isthmus, config.Jovian}

// decide runs the program on a claim; a typed failure is returned, any other panic ends the test.
func decide(
	world *madeup.World, agreed int, claim keccak.Hash, number uint64,
) (verdict outputclaim.Verdict, failure *oracle.Failure) {
	defer oracle.Catch(&failure)
	world.SetGame(agreed, claim, number)
	source := oracle.New(world)
	world.Asked, world.Hints = nil, nil
	return outputclaim.Decide(source, source, world.Rollup), nil
}

// check runs the program from an agreed block: a block of the world's L2 must be the last one that L1 has data for. The
// honest claim about it is right, junk and the claim of the block before are wrong; and where L1 ends, that is the right
// claim for the blocks behind it too.
func check(t *testing.T, world *madeup.World, agreed, last int) {
	t.Helper()
	right, junk := world.Output(last), keccak.Sum([]byte("junk"))
	for _, number := range []uint64{uint64(last), uint64(last) + 1, uint64(last) + 1000} {
		verdict, failure := decide(world, agreed, right, number)
		if failure != nil || !verdict.IsRight || verdict.Block != uint64(last) || verdict.Root != right {
			t.Fatalf("from %d: the honest claim about %d, of %d: %+v, %v", agreed, number, last, verdict, failure)
		}

		if asked := world.Asked[len(world.Asked)-1]; asked != [32]byte{0: 1, 31: outputclaim.ClaimKey} {
			t.Fatalf("the claim is not asked last but %x", asked)
		}

		if verdict, failure = decide(world, agreed, junk, number); failure != nil || verdict.IsRight {
			t.Fatalf("from %d: junk about %d: %+v, %v", agreed, number, verdict, failure)
		}
	}

	if last > agreed {
		verdict, failure := decide(world, agreed, world.Output(last-1), uint64(last))
		if failure != nil || verdict.IsRight {
			t.Fatalf("from %d: the claim of the block before %d: %+v, %v", agreed, last, verdict, failure)
		}
	}

	if last > 0 {
		// What a block before the agreed one is said to be does not matter.
		if verdict, failure := decide(world, last, right, uint64(last)-1); failure != nil || verdict.IsRight {
			t.Fatalf("a block before the agreed one: %+v, %v", verdict, failure)
		}
	}
}

// TestSimpleChain: from every agreed block, on every L1 head, up to every block.
func TestSimpleChain(t *testing.T) {
	for _, fork := range forks {
		world := madeup.New(t, fork)
		world.AddL1(madeup.Other(), madeup.Deposit(madeup.Alice.Address(), madeup.Bob.Address(), 77, 100_000))
		world.AddL1()
		world.AddL2(madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5))
		for world.Head().Origin.Number() < madeup.FirstL1+2 {
			world.AddL2()
		}

		last := len(world.L2) - 1
		world.AddL1(madeup.Other(), world.Post(world.Singular(1), world.Singular(2), world.Singular(3)))
		world.AddL1(world.Post(world.Span(4, last)))
		for agreed := 0; agreed <= last; agreed++ {
			check(t, world, agreed, last)
			for number := agreed; number <= last; number++ {
				if verdict, failure := decide(world, agreed, world.Output(number), uint64(number)); !verdict.IsRight {
					t.Fatalf("%s, from %d: %d: %+v, %v", fork, agreed, number, verdict, failure)
				}
			}
		}

		earlier := world.Clone()
		earlier.L1 = earlier.L1[:len(earlier.L1)-1]
		check(t, earlier, 0, 3)
		earlier.L1 = earlier.L1[:len(earlier.L1)-1]
		check(t, earlier, 0, 0)
	}
}

// TestTheConfigurationIsTheFiles: what a user writes into the program is what the tests derive by.
func TestTheConfigurationIsTheFiles(t *testing.T) {
	for _, fork := range forks {
		world := madeup.New(t, fork)
		read, err := rollupjson.ParseRollup(world.RollupJSON(), world.L1JSON())
		if err != nil || !reflect.DeepEqual(read, world.Rollup) {
			t.Errorf("%+v, %v", read, err)
		}
	}
}
