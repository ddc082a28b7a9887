package scenarios

import (
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/testkit/madeup"
)

// upgrades: a fork begins in the middle of the chain, and its first block has deposits of its own. A world that has all
// forks from its first block on plays these too, without an upgrade.
func upgrades() []Scenario {
	return []Scenario{
		{"an upgrade in the first block of an epoch, with deposits of users and fees after it", func(world *madeup.World) int {
			begins(world, madeup.L1BlockTime)
			world.AddL1(madeup.Deposit(madeup.Alice.Address(), madeup.Bob.Address(), 5, 50_000))
			world.AddL1(madeup.SetOperatorFee(2_000_000, 77), madeup.Other())
			world.AddL1()
			afterUpgrade(world)
			posted(world, world.Span(1, len(world.L2)-1))
			return len(world.L2) - 1
		}},
		{"an upgrade at a time between two blocks", func(world *madeup.World) int {
			begins(world, madeup.L1BlockTime+1)
			world.AddL1Until(first + 3)
			afterUpgrade(world)
			posted(world, all(world, 1, len(world.L2)-1)...)
			return len(world.L2) - 1
		}},
		{"two upgrades in one block", func(world *madeup.World) int {
			begins(world, madeup.L1BlockTime)
			begins(world, madeup.L1BlockTime)
			world.AddL1Until(first + 3)
			afterUpgrade(world)
			posted(world, world.Span(1, len(world.L2)-1))
			return len(world.L2) - 1
		}},
		{"two upgrades, one after the other", func(world *madeup.World) int {
			begins(world, madeup.BlockTime)
			begins(world, 2*madeup.BlockTime)
			world.AddL1Until(first + 3)
			afterUpgrade(world)
			posted(world, world.Span(1, len(world.L2)-1))
			return len(world.L2) - 1
		}},
		{"an upgrade that nobody posts, after the window", func(world *madeup.World) int {
			begins(world, madeup.BlockTime)
			world.AddL1(madeup.Deposit(madeup.Alice.Address(), madeup.Bob.Address(), 5, 50_000))
			world.AddL1Until(first + madeup.Window)
			world.AddL2()
			world.AddL2()
			return 2
		}},
		{"a transaction in an upgrade's first block", inFirstBlock},
	}
}

// begins schedules the next fork, if there is one.
func begins(world *madeup.World, seconds uint64) {
	if fork, found := world.NextFork(); found {
		for ; world.Rollup.Chain.Times[fork] != config.Never; fork++ {
			if fork+1 == config.ForkCount {
				return
			}
		}

		world.Schedule(fork, seconds)
	}
}

// afterUpgrade adds blocks up to L1's end: four without transactions, then some with one each.
func afterUpgrade(world *madeup.World) {
	for count := 0; count < 4; count++ {
		world.AddL2()
	}

	for nonce := uint64(0); world.Head().Header.Timestamp < world.L1[len(world.L1)-1].Header.Timestamp; nonce++ {
		world.AddL2(madeup.Transfer(madeup.Stranger, madeup.Bob.Address(), nonce, 5))
	}
}

// inFirstBlock: Isthmus's text asks the sequencer for none, and leaves the batch valid (isthmus/derivation.md); Jovian's
// drops it (jovian/derivation.md, "Activation Block Rules").
func inFirstBlock(world *madeup.World) int {
	fork, isUpgrade := world.NextFork()
	begins(world, madeup.BlockTime)
	world.AddL1Until(first + 2)
	transfer := madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5)
	if isUpgrade && fork == config.Jovian {
		world.AddL2()
		batch := world.SingularBatch(1)
		batch.Transactions = derive.NewTransactionList(transfer)
		world.AddL2()
		posted(world, batch.Encode(), world.Singular(2))
		return 0
	}

	world.AddL2(transfer)
	world.AddL2(madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 1, 5))
	posted(world, all(world, 1, 2)...)
	return 2
}
