// Package scenarios lists what batchers and others post on L1, each with what has to follow from it: for tests of whatever
// derives, natively and in the virtual machine.
package scenarios

import "culverin/guest/testkit/madeup"

const first = madeup.FirstL1

// Scenario is played in a new world.
type Scenario struct {
	// Name is a part of a sentence.
	Name string
	// Play posts something, and returns the number of the last block of the world's L2 that follows from L1.
	Play func(world *madeup.World) (last int)
}

type scenario = Scenario

// All are all.
func All() (list []Scenario) {
	for _, group := range []func() []Scenario{
		whatThereIs, blobs,
		badTransactions,
		transactionsThatNoBatchMayHave,
		channelTimeout,
		garbageChannels,
		lookback,
		window, upgrades,
		whoseBatches,
		holocene,
		drift,
	} {
		list = append(list, group()...)
	}

	return list
}
