package outputclaim_test

import (
	"testing"

	"culverin/guest/testkit/madeup"
	"culverin/guest/testkit/scenarios"
)

// TestScenarios plays all on both forks: an honest claim and junk each, from the first block, from the last one and from
// one between them.
func TestScenarios(t *testing.T) {
	for _, fork := range forks {
		for _, each := range scenarios.All() {
			t.Run(each.Name+"/"+fork.String(), func(t *testing.T) {
				world := madeup.New(t, fork)
				last := each.Play(world)
				for _, agreed := range []int{0, (last + 1) / 2, last} {
					check(t, world, agreed, last)
				}
			})
		}
	}
}
