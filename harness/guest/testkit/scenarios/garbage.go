package scenarios

import (
	"bytes"

	"culverin/guest/brotli"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/testkit/madeup"
)

// garbageChannels: nothing comes of them, and what is posted after them counts.
func garbageChannels() (list []Scenario) {
	channels := map[string]func(channel []byte) []byte{
		"unknown compression":        func(channel []byte) []byte { return append([]byte{2}, channel...) },
		"brotli's version over zlib": func(channel []byte) []byte { return append([]byte{1}, channel...) },
		"damaged head":               func(channel []byte) []byte { channel[1] ^= 1; return channel },
		"damaged":                    func(channel []byte) []byte { channel[2] ^= 0xff; return channel },
		"only a head":                func(channel []byte) []byte { return channel[:2] },
		"empty":                      func([]byte) []byte { return nil },
		"random":                     func([]byte) []byte { hash := keccak.Sum([]byte("garbage")); return hash[:] },
		"zlib of no batch":           nil,
	}
	if !brotli.IsAvailable {
		// What such a channel holds is unknown to a program without brotli.
		delete(channels, "brotli's version over zlib")
	}

	for name, spoil := range channels {
		spoil := spoil
		list = append(list, scenario{name, func(world *madeup.World) int {
			nine(world)
			channel := world.Compress([]byte("this is no batch"))
			if spoil != nil {
				channel = spoil(world.Compress(world.Singular(1)))
			}

			data(world, world.Frames(channel, 1)...)
			posted(world, all(world, 1, 9)...)
			return 9
		}})
	}

	for name, spoil := range map[string]func(frames []byte) []byte{
		"version 1":              func(frames []byte) []byte { return append([]byte{1}, frames[1:]...) },
		"no data":                func([]byte) []byte { return nil },
		"no frame":               func([]byte) []byte { return []byte{0} },
		"half a frame":           func(frames []byte) []byte { return frames[:len(frames)/2] },
		"a byte too many":        func(frames []byte) []byte { return append(frames, 0) },
		"neither last nor not":   func(frames []byte) []byte { return append(frames[:len(frames)-1], 2) },
		"a length beyond":        func(frames []byte) []byte { return append(frames[:19], bytes.Repeat([]byte{0xff}, 40)...) },
		"a good one and garbage": func(frames []byte) []byte { return append(frames, frames[1:30]...) },
	} {
		spoil := spoil
		good := func(world *madeup.World) []byte {
			return derive.EncodeFrames(world.Frames(world.Compress(world.Span(1, 9)), 1))
		}
		list = append(list,
			scenario{"frames: " + name, func(world *madeup.World) int {
				nine(world)
				world.AddL1(madeup.Calldata(madeup.Batcher, spoil(good(world))))
				return 0
			}},
			scenario{"frames in a blob: " + name, func(world *madeup.World) int {
				nine(world)
				world.AddL1(world.Blobs(madeup.Batcher, spoil(good(world)), good(world)))
				return 9
			}},
		)
	}

	return list
}
