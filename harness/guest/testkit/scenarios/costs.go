package scenarios

import (
	"bytes"
	"math/rand"

	"culverin/guest/block"
	"culverin/guest/derive"
	"culverin/guest/testkit/madeup"
	"culverin/guest/u256"
)

// Costs are worlds to measure what L1 data cost a program: each is the first one with more of something. The L2 is always
// the same, and executes about a million units of gas in its last block.
func Costs() []Scenario {
	with := func(more func(world *madeup.World)) func(world *madeup.World) int {
		return func(world *madeup.World) int {
			nine(world)
			var transactions [][]byte
			for nonce := uint64(0); nonce < 48; nonce++ {
				transactions = append(transactions, madeup.Transfer(madeup.Stranger, madeup.Bob.Address(), nonce, 1))
			}

			world.AddL2(transactions...)
			if more != nil {
				more(world)
			}

			posted(world, world.Span(1, len(world.L2)-1))
			return len(world.L2) - 1
		}
	}
	list := []Scenario{
		{"nothing else", with(nil)},
		{"10 empty L1 blocks", with(func(world *madeup.World) {
			world.Rollup.SequencingWindow = 100
			world.AddL1Until(world.L1[len(world.L1)-1].Number() + 10)
		})},
		{"200 transactions of others", with(func(world *madeup.World) {
			world.AddL1(many(200, madeup.Other)...)
		})},
		{"200 deposits", with(func(world *madeup.World) {
			world.AddL1(many(200, func() madeup.L1Transaction {
				return madeup.Deposit(madeup.Alice.Address(), madeup.Bob.Address(), 1, 21_000)
			})...)
		})},
		{"spam of 3.2 million gas", with(func(world *madeup.World) {
			// EIP-7623: 10 units of gas for a byte of zero, the cheapest.
			world.AddL1(madeup.Calldata(madeup.Stranger, spam(320_000)))
		})},
		{"100,000 bytes of the batcher's that do not compress", with(func(world *madeup.World) {
			noise := make([]byte, 100_000)
			rand.New(rand.NewSource(1)).Read(noise)
			world.AddL1(madeup.Calldata(madeup.Batcher, derive.EncodeFrames(world.Frames(world.Compress(noise), 1))))
		})},
		{FullL1, func(world *madeup.World) int { return onFullL1(world) }},
		{FullL1WithSpam, func(world *madeup.World) int {
			return onFullL1(world, madeup.Calldata(madeup.Stranger, spam(320_000)))
		}},
		{"a blob of the batcher's", with(func(world *madeup.World) {
			world.AddL1(world.Blobs(madeup.Batcher, []byte{0}))
		})},
		{"a bomb of 20,000 bytes", with(func(world *madeup.World) {
			world.AddL1(world.Post(make([]byte, 20_000_000)))
		})},
		{"a span batch of 10,000,000 blocks", with(func(world *madeup.World) {
			world.AddL1(world.Post(endless()))
		})},
	}
	return append(list, gasCosts()...)
}

// FullL1 is a world whose L1 blocks have as much in them as Ethereum's had on average when the real blocks of the fixtures
// were made, as far back as a channel can begin: around 100 kB for the 15 million units of gas of a block when EIP-7623 was
// written ("Abstract"), 120 kB for the 18 million of April 2025. FullL1WithSpam has 3.2 million units of gas of a
// stranger's in the inbox besides.
const (
	FullL1         = "L1 as full as a real one"
	FullL1WithSpam = FullL1 + ", and spam of 3.2 million gas"
)

// onFullL1 posts every fourth block of L1, so that the agreed block's channel timeout lies on full blocks; more stands in the
// last one.
func onFullL1(world *madeup.World, more ...madeup.L1Transaction) int {
	const perBlock, calldataBytes = 240, 380
	to := block.Address{0xaa}
	other := madeup.Stranger.Sign(&block.Transaction{
		Type: block.DynamicFeeType, ChainID: madeup.L1ChainID, HasChainID: true, To: &to, GasLimit: 100_000,
		FeeCap: u256.New(10_000_000_000), Data: bytes.Repeat([]byte{0xa5}, calldataBytes),
	})
	full := many(perBlock, func() madeup.L1Transaction { return madeup.L1Transaction{Encoded: other.Encoded} })
	last := 0
	for {
		for count := 0; count < 3; count++ {
			world.AddL1(full...)
		}

		world.AddL2Until(world.L1[len(world.L1)-1].Header.Timestamp)
		post := world.Post(world.Span(last+1, len(world.L2)-1))
		last = len(world.L2) - 1
		if len(world.L1) > derive.ChannelTimeout+10 {
			world.AddL1(append(append(full[:perBlock:perBlock], more...), post)...)
			return last
		}

		world.AddL1(append(full[:perBlock:perBlock], post)...)
	}
}

func many(count int, one func() madeup.L1Transaction) (list []madeup.L1Transaction) {
	for ; count > 0; count-- {
		list = append(list, one())
	}

	return list
}

// spam is a well-formed frame full of zeros, so that nothing but its signature tells that it is nobody's.
func spam(length int) []byte {
	return derive.EncodeFrames([]derive.Frame{{Data: make([]byte, length-1-derive.FrameOverhead), IsLast: true}})
}

// endless is a span batch with as many blocks as there may be, none with a transaction, on an L2 that is not this one.
func endless() []byte {
	const blocks = derive.SpanElementsMax
	head := append([]byte{1, 4, 110}, make([]byte, 40)...)
	head = append(head, 0x80, 0xad, 0xe2, 0x04)
	return append(head, bytes.Repeat([]byte{0}, (blocks+7)/8+blocks)...)
}
