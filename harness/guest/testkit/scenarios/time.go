package scenarios

import (
	"culverin/guest/derive"
	"culverin/guest/testkit/madeup"
	"culverin/guest/testkit/wallet"
)

// lookback: the channel began before the agreed block's origin.
func lookback() (list []Scenario) {
	list = append(list,
		scenario{"one channel", func(world *madeup.World) int {
			// A channel's first byte is always the same: so it can be posted before its batches are known.
			world.AddL1()
			id := derive.ChannelID{0xaa}
			data(world, derive.Frame{Channel: id, Data: []byte{0x78}})
			world.AddL2Until(world.L1[len(world.L1)-1].Header.Timestamp)
			world.AddL1Until(first + 8)
			world.AddL2Until(world.L1[len(world.L1)-1].Header.Timestamp)
			channel := world.Compress(all(world, 1, len(world.L2)-1)...)
			data(world, derive.Frame{Channel: id, Number: 1, Data: channel[1:], IsLast: true})
			return len(world.L2) - 1
		}},
		scenario{"an agreed block from the middle of a channel", func(world *madeup.World) int {
			world.AddL1Until(first + 6)
			world.AddL2Until(world.L1[len(world.L1)-1].Header.Timestamp)
			frames := world.Frames(world.Compress(all(world, 1, len(world.L2)-1)...), 2)
			data(world, frames[0])
			data(world, frames[1])
			return len(world.L2) - 1
		}},
		scenario{"far behind the first block", func(world *madeup.World) int {
			// More than a channel timeout of L1 blocks: L1 is read from a block in between.
			last := 0
			for len(world.L1) < 70 {
				world.AddL1Until(world.L1[len(world.L1)-1].Number() + 4)
				world.AddL2Until(world.L1[len(world.L1)-1].Header.Timestamp)
				posted(world, world.Span(last+1, len(world.L2)-1))
				last = len(world.L2) - 1
			}

			return last
		}},
	)

	return list
}

// window: when no batch comes in time, blocks without transactions of the sequencer are made; deposits are forced in.
func window() (list []Scenario) {
	silent := func(world *madeup.World, until uint64) {
		world.AddL1(madeup.Deposit(madeup.Alice.Address(), madeup.Bob.Address(), 5, 50_000))
		world.AddL1Until(first + 2)
		world.AddL1(madeup.Deposit(madeup.Stranger.Address(), madeup.Bob.Address(), 6, 50_000), madeup.Other(),
			madeup.Deposit(madeup.Bob.Address(), madeup.Alice.Address(), 7, 50_000))
		world.AddL1Until(until)
	}
	list = append(list,
		scenario{"open", func(world *madeup.World) int {
			silent(world, first+madeup.Window-1)
			return 0
		}},
		scenario{"closed for the first epoch", func(world *madeup.World) int {
			silent(world, first+madeup.Window)
			world.AddL2()
			world.AddL2()
			return 2
		}},
		scenario{"closed for four", func(world *madeup.World) int {
			silent(world, first+madeup.Window+3)
			world.AddL2Until(world.L1At(first+4).Header.Timestamp - madeup.BlockTime)
			return len(world.L2) - 1
		}},
		scenario{"a batch at the last moment", func(world *madeup.World) int {
			silent(world, first+madeup.Window-1)
			world.AddL2(madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5))
			posted(world, world.Singular(1))
			// In that very block the rest of the epoch is over.
			world.AddL2()
			return 2
		}},
		scenario{"a batch too late", func(world *madeup.World) int {
			silent(world, first+madeup.Window)
			late := world.Clone()
			late.AddL2(madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5))
			posted(world, late.Singular(1))
			world.AddL2Until(world.L1At(first + 1).Header.Timestamp)
			world.AddL2()
			world.AddL2()
			return 5
		}},
		scenario{"a channel closed too late", func(world *madeup.World) int {
			silent(world, first+3)
			late := world.Clone()
			late.AddL2(madeup.Transfer(madeup.OtherBatcher, madeup.Bob.Address(), 0, 5))
			late.AddL2Until(late.L1At(first + 3).Header.Timestamp)
			frames := world.Frames(world.Compress(late.Span(1, 9)), 2)
			data(world, frames[0])
			world.AddL1Until(first + madeup.Window)
			data(world, frames[1])
			// The span's first block was made without its transaction; the others, whose window is open, go with it.
			world.AddL2Until(world.L1At(first+2).Header.Timestamp - madeup.BlockTime)
			return len(world.L2) - 1
		}},
		scenario{"a channel closed too late for blocks that it says rightly", func(world *madeup.World) int {
			silent(world, first+3)
			world.AddL2Until(world.L1At(first + 3).Header.Timestamp)
			frames := world.Frames(world.Compress(world.Span(1, 9)), 2)
			data(world, frames[0])
			world.AddL1Until(first + madeup.Window)
			data(world, frames[1])
			return 9
		}},
		scenario{"the batcher comes back", func(world *madeup.World) int {
			silent(world, first+madeup.Window)
			world.AddL2()
			world.AddL2()
			world.AddL2(madeup.Transfer(madeup.OtherBatcher, madeup.Bob.Address(), 0, 5))
			world.AddL2Until(world.L1At(first + 8).Header.Timestamp)
			posted(world, world.Span(3, len(world.L2)-1))
			return len(world.L2) - 1
		}},
	)

	return list
}

// whoseBatches: the batcher of the very block signs; whoever else sends to the inbox, or from where the batcher sends
// elsewhere, does not count.
func whoseBatches() (list []Scenario) {
	by := func(world *madeup.World, signer wallet.Key) madeup.L1Transaction {
		return madeup.Calldata(signer, derive.EncodeFrames(world.Frames(world.Compress(world.Span(1, 9)), 1)))
	}
	list = append(list,
		scenario{"a stranger's", func(world *madeup.World) int {
			nine(world)
			world.AddL1(by(world, madeup.Stranger))
			return 0
		}},
		scenario{"a stranger's between the batcher's", func(world *madeup.World) int {
			nine(world)
			frames := world.Frames(world.Compress(world.Span(1, 9)), 2)
			world.AddL1(
				madeup.Calldata(madeup.Batcher, derive.EncodeFrames(frames[:1])), by(world, madeup.Stranger),
				madeup.Calldata(madeup.Stranger, derive.EncodeFrames(frames[1:])), by(world, madeup.Stranger),
				world.Blobs(madeup.Stranger, []byte{0}),
				madeup.Calldata(madeup.Batcher, derive.EncodeFrames(frames[1:])))
			return 9
		}},
		scenario{"rotated in the same block", func(world *madeup.World) int {
			nine(world)
			world.AddL1(by(world, madeup.Batcher), madeup.RotateBatcher(madeup.OtherBatcher.Address()))
			return 0
		}},
		scenario{"of the new batcher", func(world *madeup.World) int {
			nine(world)
			world.AddL1(by(world, madeup.OtherBatcher), madeup.RotateBatcher(madeup.OtherBatcher.Address()))
			return 9
		}},
		scenario{"rotated and back, with blocks in between", func(world *madeup.World) int {
			nine(world)
			world.AddL1(madeup.RotateBatcher(madeup.OtherBatcher.Address()), by(world, madeup.OtherBatcher))
			world.AddL2Until(world.L1[len(world.L1)-1].Header.Timestamp)
			last := len(world.L2) - 1
			posted(world, world.Span(10, last))
			world.AddL1(madeup.Calldata(madeup.OtherBatcher,
				derive.EncodeFrames(world.Frames(world.Compress(world.Span(10, last)), 1))))
			world.AddL1(madeup.RotateBatcher(madeup.Batcher.Address()))
			world.AddL2Until(world.L1[len(world.L1)-1].Header.Timestamp)
			posted(world, world.Span(last+1, len(world.L2)-1))
			return len(world.L2) - 1
		}},
		scenario{"the gas limit is raised", func(world *madeup.World) int {
			nine(world)
			world.AddL1(madeup.SetGasLimit(45_000_000), madeup.Other())
			world.AddL2Until(world.L1[len(world.L1)-1].Header.Timestamp + 8)
			posted(world, world.Span(1, len(world.L2)-1))
			return len(world.L2) - 1
		}},
	)

	return list
}
