package scenarios

import (
	"culverin/guest/derive"
	"culverin/guest/testkit/madeup"
)

// holocene: a row for each rule of holocene/derivation.md.
func holocene() (list []Scenario) {
	list = append(list,
		scenario{"a frame out of order", func(world *madeup.World) int {
			nine(world)
			frames := world.Frames(world.Compress(world.Span(1, 9)), 3)
			data(world, frames[0], frames[2], frames[1])
			return 0
		}},
		scenario{"a frame out of order, then in order", func(world *madeup.World) int {
			nine(world)
			frames := world.Frames(world.Compress(world.Span(1, 9)), 3)
			data(world, frames[0], frames[2], frames[1])
			data(world, frames[2])
			return 9
		}},
		scenario{"a new first frame", func(world *madeup.World) int {
			nine(world)
			lost, kept := world.Frames(world.Compress(world.Span(1, 3)), 2), world.Frames(world.Compress(world.Span(1, 9)), 2)
			data(world, lost[0])
			data(world, kept[0])
			data(world, lost[1])
			data(world, kept[1])
			return 9
		}},
		scenario{"a gap", func(world *madeup.World) int {
			nine(world)
			posted(world, world.Singular(1), world.Singular(3), world.Singular(2))
			posted(world, world.Span(4, 9))
			return 1
		}},
		scenario{"the past", func(world *madeup.World) int {
			nine(world)
			posted(world, all(world, 1, 4)...)
			posted(world, append(all(world, 2, 4), world.Span(1, 3), world.Span(2, 6), world.Singular(6), world.Singular(7))...)
			return 7
		}},
		scenario{"an origin older than the safe head's", func(world *madeup.World) int {
			nine(world)
			posted(world, append(all(world, 1, 3), with(world, 4, func(batch *derive.SingularBatch) {
				batch.EpochNumber, batch.EpochHash = first, world.L1At(first).Hash
			}), world.Singular(4))...)
			return 3
		}},
		scenario{"an origin that is skipped", func(world *madeup.World) int {
			nine(world)
			posted(world, append(all(world, 1, 2), with(world, 3, func(batch *derive.SingularBatch) {
				batch.EpochNumber, batch.EpochHash = first+2, world.L1At(first+2).Hash
			}), world.Singular(3))...)
			return 2
		}},
		scenario{"another parent", func(world *madeup.World) int {
			nine(world)
			posted(world, world.Singular(1), with(world, 2, func(batch *derive.SingularBatch) { batch.ParentHash[5]++ }))
			return 1
		}},
		scenario{"an origin of another chain", func(world *madeup.World) int {
			nine(world)
			posted(world, append(all(world, 1, 2), with(world, 3, func(batch *derive.SingularBatch) { batch.EpochHash[5]++ }))...)
			return 2
		}},
		scenario{"a span batch on another chain", func(world *madeup.World) int {
			nine(world)
			head, blocks := world.SpanParts(1, 9)
			head.ParentCheck[3]++
			posted(world, world.EncodeSpan(head, blocks), world.Singular(1))
			return 0
		}},
		scenario{"a span batch of another L1", func(world *madeup.World) int {
			nine(world)
			head, blocks := world.SpanParts(1, 9)
			head.L1OriginCheck[3]++
			posted(world, world.EncodeSpan(head, blocks), world.Singular(1))
			return 0
		}},
		scenario{"a span batch whose blocks come to be invalid", func(world *madeup.World) int {
			nine(world)
			head, blocks := world.SpanParts(1, 9)
			blocks[3].IsOriginChanged, blocks[5].IsOriginChanged = true, false
			posted(world, world.EncodeSpan(head, blocks))
			return 3
		}},
		scenario{"a channel bomb", func(world *madeup.World) int {
			nine(world)
			posted(world, world.Singular(1), make([]byte, 2*derive.ChannelBytesMaxFjord))
			posted(world, world.Singular(2))
			return 2
		}},
		scenario{"two channels in a transaction", func(world *madeup.World) int {
			nine(world)
			data(world, append(world.Frames(world.Compress(world.Span(1, 4)), 2),
				world.Frames(world.Compress(world.Span(5, 9)), 3)...)...)
			return 9
		}},
	)

	return list
}

// drift: L1 stands still, and the L2 goes on without it for half an hour.
func drift() (list []Scenario) {
	const inTime = derive.SequencerDriftMax / madeup.BlockTime
	stalled := func(world *madeup.World) {
		world.Delay = 4000
		world.AddL1()
		for len(world.L2) <= inTime {
			world.AddL2()
		}
	}
	list = append(list,
		scenario{"with transactions to the last moment", func(world *madeup.World) int {
			world.Delay = 4000
			world.AddL1()
			for len(world.L2) < inTime {
				world.AddL2()
			}

			world.AddL2(madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5))
			posted(world, world.Span(1, inTime))
			return inTime
		}},
		scenario{"without transactions after that", func(world *madeup.World) int {
			stalled(world)
			world.AddL2()
			posted(world, world.Span(1, inTime+1))
			return inTime + 1
		}},
		scenario{"with transactions after that", func(world *madeup.World) int {
			stalled(world)
			late := world.Clone()
			late.AddL2(madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5))
			posted(world, late.Span(1, inTime+1))
			return inTime
		}},
	)

	return list
}
