package scenarios

import (
	"culverin/guest/block"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/testkit/madeup"
)

// nine makes L1 up to three blocks behind the first, and an L2 of nine blocks up to there: two of the first epoch, three
// of each of the next two, and the first of the fourth. Block 2 has a transaction.
func nine(world *madeup.World) {
	world.AddL1Until(first + 1)
	world.AddL1(madeup.Deposit(madeup.Alice.Address(), madeup.Bob.Address(), 5, 50_000))
	world.AddL1Until(first + 3)
	world.AddL2()
	world.AddL2(madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5))
	world.AddL2Until(world.L1At(first + 3).Header.Timestamp)
}

// posted appends an L1 block with one channel.
func posted(world *madeup.World, batches ...[]byte) {
	world.AddL1(world.Post(batches...))
}

// data appends an L1 block with one batcher transaction.
func data(world *madeup.World, frames ...derive.Frame) {
	world.AddL1(madeup.Calldata(madeup.Batcher, derive.EncodeFrames(frames)))
}

// all are the singular batches of blocks from one to another.
func all(world *madeup.World, from, to int) (batches [][]byte) {
	for ; from <= to; from++ {
		batches = append(batches, world.Singular(from))
	}

	return batches
}

// with is the singular batch of a block, changed.
func with(world *madeup.World, number int, change func(batch *derive.SingularBatch)) []byte {
	batch := world.SingularBatch(number)
	change(batch)
	return batch.Encode()
}

func whatThereIs() (list []Scenario) {
	list = append(list,
		scenario{"nothing is posted", func(world *madeup.World) int {
			nine(world)
			return 0
		}},
		scenario{"singular batches", func(world *madeup.World) int {
			nine(world)
			posted(world, all(world, 1, 9)...)
			return 9
		}},
		scenario{"a span batch", func(world *madeup.World) int {
			nine(world)
			posted(world, world.Span(1, 9))
			return 9
		}},
		scenario{"both in one channel", func(world *madeup.World) int {
			nine(world)
			posted(world, world.Singular(1), world.Span(2, 5), world.Singular(6), world.Span(7, 9))
			return 9
		}},
		scenario{"in many frames and blocks", func(world *madeup.World) int {
			nine(world)
			frames := world.Frames(world.Compress(world.Span(1, 9)), 7)
			data(world, frames[0], frames[1])
			world.AddL1(madeup.Other())
			data(world, frames[2])
			world.AddL1(
				madeup.Calldata(madeup.Batcher, derive.EncodeFrames(frames[3:5])), madeup.Other(),
				madeup.Calldata(madeup.Batcher, derive.EncodeFrames(frames[5:])))
			return 9
		}},
		scenario{"of a failed transaction", func(world *madeup.World) int {
			nine(world)
			post := world.Post(world.Span(1, 9))
			post.Failed = true
			world.AddL1(post)
			return 9
		}},
		scenario{"a deposit of a failed transaction", func(world *madeup.World) int {
			deposit := madeup.Deposit(madeup.Alice.Address(), madeup.Bob.Address(), 5, 50_000)
			deposit.Failed, deposit.Deposit = true, nil
			world.AddL1(deposit)
			world.AddL2Until(world.L1At(first + 1).Header.Timestamp)
			posted(world, world.Span(1, 3))
			return 3
		}},
	)

	return list
}

// onAnother makes a batch build on the block that its channel said: not on the one without transactions.
func onAnother(batch *derive.SingularBatch) {
	batch.ParentHash = keccak.Sum([]byte("the block that cannot be"))
}

func badTransactions() (list []Scenario) {
	bad := map[string][]byte{
		"no transaction":       {0xc0},
		"a nonce of another":   madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 7, 5),
		"nobody's signature":   madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5)[:90],
		"a malformed type 2":   {2, 0xc1, 0x80},
		"bytes behind its end": append(madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 0, 5), 0),
	}
	for name, transaction := range bad {
		transaction := transaction
		spoil := func(batch *derive.SingularBatch) {
			good := madeup.Transfer(madeup.Bob, madeup.Alice.Address(), 0, 5)
			batch.Transactions = derive.NewTransactionList(good, transaction)
		}
		empty := func(world *madeup.World) {
			world.AddL1Until(first + 2)
			world.AddL2Until(world.L1At(first + 2).Header.Timestamp)
		}
		list = append(list,
			scenario{name, func(world *madeup.World) int {
				// The block keeps only its deposits, and its channel ends there.
				empty(world)
				posted(world, world.Singular(1), world.Singular(2), with(world, 3, spoil), with(world, 4, onAnother))
				return 3
			}},
			scenario{name + ", again", func(world *madeup.World) int {
				empty(world)
				posted(world, world.Singular(1), world.Singular(2), with(world, 3, spoil), with(world, 4, onAnother))
				posted(world, world.Singular(4), world.Singular(5))
				return 5
			}},
			scenario{name + ", in a span batch", func(world *madeup.World) int {
				empty(world)
				head, blocks := world.SpanParts(1, 6)
				nonce := madeup.Transfer(madeup.Alice, madeup.Bob.Address(), 7, 5)
				blocks[2].Transactions = derive.NewTransactionList(nonce)
				posted(world, world.EncodeSpan(head, blocks), with(world, 4, onAnother))
				return 3
			}},
		)
	}

	return list
}

// transactionsThatNoBatchMayHave: the batch is invalid, not only the block.
func transactionsThatNoBatchMayHave() (list []Scenario) {
	for name, transaction := range map[string][]byte{
		"empty": {}, "a deposit": {block.DepositType, 0xc0}, "with blobs": {block.BlobType, 0xc0}, "of type 5": {5, 0xc0},
	} {
		transaction := transaction
		list = append(list, scenario{name, func(world *madeup.World) int {
			nine(world)
			posted(world, world.Singular(1), world.Singular(2), with(world, 3, func(batch *derive.SingularBatch) {
				batch.Transactions = derive.NewTransactionList(transaction)
			}), world.Singular(3))
			return 2
		}})
	}

	return list
}

// channelTimeout: a channel may take 50 L1 blocks.
func channelTimeout() (list []Scenario) {
	begun := func(world *madeup.World, closedAfter uint64) []derive.Frame {
		world.Rollup.SequencingWindow = 200
		nine(world)
		frames := world.Frames(world.Compress(world.Span(1, 9)), 3)
		data(world, frames[0])
		opened := world.L1[len(world.L1)-1].Number()
		data(world, frames[1])
		world.AddL1Until(opened + closedAfter - 1)
		data(world, frames[2])
		return frames
	}
	list = append(list,
		scenario{"closed in time", func(world *madeup.World) int {
			begun(world, derive.ChannelTimeout)
			return 9
		}},
		scenario{"closed late", func(world *madeup.World) int {
			begun(world, derive.ChannelTimeout+1)
			return 0
		}},
		scenario{"closed late, posted again", func(world *madeup.World) int {
			data(world, begun(world, derive.ChannelTimeout+1)...)
			return 9
		}},
	)

	return list
}
