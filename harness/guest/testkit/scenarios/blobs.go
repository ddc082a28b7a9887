package scenarios

import (
	"culverin/guest/brotli"
	"culverin/guest/derive"
	"culverin/guest/testkit/madeup"
)

// blobs carry the same as calldata, and channels compressed with brotli the same as with zlib.
func blobs() []Scenario {
	list := []Scenario{
		{"in one blob", func(world *madeup.World) int {
			nine(world)
			world.AddL1(world.Blobs(madeup.Batcher, derive.EncodeFrames(world.Frames(world.Compress(world.Span(1, 9)), 1))))
			return 9
		}},
		{"in blobs and calldata, behind blobs of others", func(world *madeup.World) int {
			nine(world)
			frames := world.Frames(world.Compress(world.Span(1, 9)), 5)
			data := func(from, to int) []byte { return derive.EncodeFrames(frames[from:to]) }
			other := world.Blobs(madeup.Stranger, []byte("a blob of somebody else"), []byte("and another"))
			world.AddL1(other, world.Blobs(madeup.Batcher, data(0, 1), data(1, 2)), madeup.Other(),
				madeup.Calldata(madeup.Batcher, data(2, 3)))
			world.AddL1(world.Blobs(madeup.Batcher, data(3, 5)), other)
			return 9
		}},
		{"in blobs of transactions with sidecars, as the arenas' L1 has them", func(world *madeup.World) int {
			nine(world)
			frames := world.Frames(world.Compress(world.Span(1, 9)), 2)
			other := madeup.WithSidecar(world.Blobs(madeup.Stranger, []byte("a blob of somebody else")))
			world.AddL1(other, madeup.WithSidecar(world.Blobs(madeup.Batcher, derive.EncodeFrames(frames[:1]))),
				world.Blobs(madeup.Batcher, derive.EncodeFrames(frames[1:])))
			return 9
		}},
		{"in a blob that is none", func(world *madeup.World) int {
			nine(world)
			post := world.Blobs(madeup.Batcher, derive.EncodeFrames(world.Frames(world.Compress(world.Span(1, 9)), 1)))
			spoiled := world.BadBlob(madeup.Batcher)
			world.AddL1(spoiled, post)
			return 9
		}},
	}
	if brotli.IsAvailable {
		list = append(list, Scenario{"compressed with brotli", func(world *madeup.World) int {
			nine(world)
			channel := append([]byte{1}, brotli.Compress(derive.NewTransactionList(world.Span(1, 9)))...)
			data(world, world.Frames(channel, 2)...)
			return 9
		}})
	}

	return list
}
