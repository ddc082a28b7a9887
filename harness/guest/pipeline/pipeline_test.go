package pipeline_test

import (
	"errors"
	"testing"

	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/l1node"
	"culverin/guest/pipeline"
	"culverin/guest/precompile"
	"culverin/guest/testkit/madeup"
)

var errBroken = errors.New("the node is away")

// chains are a world as a pipeline's sources. The call with a number fails, once.
type chains struct {
	*madeup.World
	calls, failing int
}

func (chains *chains) fails() bool {
	chains.calls++
	return chains.calls == chains.failing
}

// l1 and l2 are its two sides.
type (
	l1 struct{ *chains }
	l2 struct{ *chains }
)

func (l1 l1) Block(number uint64) (*pipeline.L1Block, error) {
	switch {
	case l1.fails():
		return nil, errBroken
	case number >= madeup.FirstL1+uint64(len(l1.L1)):
		return nil, pipeline.ErrEndOfL1
	}

	made := l1.L1At(number)
	return &pipeline.L1Block{Hash: made.Hash, Header: made.Header}, nil
}

func (l1 l1) Transactions(of *pipeline.L1Block, visit func(transaction []byte)) error {
	return l1.each(l1.L1At(of.Header.Number).Transactions, visit)
}

func (l1 l1) Receipts(of *pipeline.L1Block, visit func(receipt []byte)) error {
	return l1.each(l1.L1At(of.Header.Number).Receipts, visit)
}

func (l1 l1) each(values [][]byte, visit func(value []byte)) error {
	if l1.fails() {
		return errBroken
	}

	for _, value := range values {
		shared := append([]byte(nil), value...)
		visit(shared)
		for place := range shared {
			shared[place] = 0xee
		}
	}

	return nil
}

func (l1 l1) Blob(_ *pipeline.L1Block, blob pipeline.BlobID) ([]byte, error) {
	if l1.fails() {
		return nil, errBroken
	}

	return l1.BlobOf(blob.Hash), nil
}

func (l2 l2) Block(number uint64) (*pipeline.L2Block, error) {
	if l2.fails() {
		return nil, errBroken
	}

	made := l2.L2[number]
	return &pipeline.L2Block{Hash: made.Hash, Header: made.Header}, nil
}

func (l2 l2) Transactions(of *pipeline.L2Block, visit func(transaction []byte) bool) error {
	if l2.fails() {
		return errBroken
	}

	for _, transaction := range l2.L2[of.Header.Number].All {
		if !visit(transaction) {
			break
		}
	}

	return nil
}

// posted is a world with nine blocks and a deposit, posted in blobs and calldata, the last three by a span that overlaps.
func posted(t *testing.T) *madeup.World {
	world := madeup.New(t, config.Isthmus)
	world.AddL1(madeup.Deposit(madeup.Alice.Address(), madeup.Bob.Address(), 5, 50_000))
	world.AddL1Until(madeup.FirstL1 + 3)
	world.AddL2Until(world.L1At(madeup.FirstL1 + 3).Header.Timestamp)
	frames := world.Frames(world.Compress(world.Span(1, 6)), 2)
	world.AddL1(world.Blobs(madeup.Batcher, derive.EncodeFrames(frames[:1])))
	world.AddL1(madeup.Calldata(madeup.Batcher, derive.EncodeFrames(frames[1:])))
	world.AddL1(world.Post(world.Span(5, 9)))
	return world
}

// follow derives until L1 ends and compares with the world's L2; failed calls are tried again, and counted.
func follow(t *testing.T, walk *pipeline.Pipeline, world *madeup.World) (failures int) {
	t.Helper()
	for {
		payload, err := walk.Next()
		switch {
		case errors.Is(err, errBroken):
			failures++
			continue
		case err == pipeline.ErrEndOfL1:
			return failures
		case err != nil:
			t.Fatal(err)
		}

		if again, err := walk.Next(); err != nil || again != payload {
			t.Fatalf("asked again: %v", err)
		}

		next := world.L2[walk.SafeHead().Number+1]
		if len(payload.Attributes.Transactions) != len(next.All) {
			t.Fatalf("block %d: %d transactions", next.Header.Number, len(payload.Attributes.Transactions))
		}

		if err = walk.Accept(next.Hash, next.Header); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryCallMayFailOnce: whatever source fails at whatever moment, the step is tried again and nothing is lost.
func TestEveryCallMayFailOnce(t *testing.T) {
	precompile.Use(l1node.New(""))
	world := posted(t)
	whole := &chains{World: world}
	walk := pipeline.New(world.Rollup, l1{whole}, l2{whole})
	if err := walk.Reset(0); err != nil {
		t.Fatal(err)
	}

	resetCalls := whole.calls
	if follow(t, walk, world); walk.SafeHead().Hash != world.L2[9].Hash {
		t.Fatalf("%+v", walk.SafeHead())
	}

	for failing := resetCalls + 1; failing <= whole.calls; failing++ {
		broken := &chains{World: world, failing: failing}
		walk = pipeline.New(world.Rollup, l1{broken}, l2{broken})
		if err := walk.Reset(0); err != nil {
			t.Fatal(err)
		}

		if count := follow(t, walk, world); count != 1 || walk.SafeHead().Hash != world.L2[9].Hash {
			t.Errorf("call %d: %d failures, %+v", failing, count, walk.SafeHead())
		}
	}

	for failing := 1; failing <= resetCalls; failing++ {
		broken := &chains{World: world, failing: failing}
		walk = pipeline.New(world.Rollup, l1{broken}, l2{broken})
		if err := walk.Reset(0); !errors.Is(err, errBroken) {
			t.Errorf("call %d: %v", failing, err)
		}
	}
}

// TestReorganizations are noticed by the first block that does not link, and stay until Reset.
func TestReorganizations(t *testing.T) {
	precompile.Use(l1node.New(""))
	world := posted(t)
	other := madeup.New(t, config.Isthmus)
	for len(other.L1) < len(world.L1) {
		other.AddL1(madeup.Other())
	}

	both := &chains{World: world}
	walk := pipeline.New(world.Rollup, l1{both}, l2{both})
	if err := walk.Reset(0); err != nil {
		t.Fatal(err)
	}

	if _, err := walk.Next(); err != nil {
		t.Fatal(err)
	}

	if err := walk.Accept(world.L2[1].Hash, world.L2[1].Header); err != nil {
		t.Fatal(err)
	}

	original := world.L1
	kept := walk.Origin().Number - madeup.FirstL1 + 1
	world.L1 = append(append([]*madeup.L1Block(nil), original[:kept]...), other.L1[kept:]...)

	var failure *pipeline.ReorganizedError
	for {
		payload, err := walk.Next()
		if err != nil {
			if !errors.As(err, &failure) || failure.Number != walk.Origin().Number+1 {
				t.Fatalf("%v", err)
			}

			break
		}

		next := world.L2[walk.SafeHead().Number+1]
		if payload == nil || walk.Accept(next.Hash, next.Header) != nil {
			t.Fatal("the block was not taken")
		}
	}

	world.L1 = original
	if _, err := walk.Next(); !errors.As(err, &failure) {
		t.Errorf("it is forgotten: %v", err)
	}

	// An origin that no longer stands.
	world.L1 = other.L1
	if err := walk.Reset(6); !errors.As(err, &failure) || failure.Number != world.L2[6].Origin.Number() {
		t.Errorf("%v", err)
	}

	world.L1 = original
	if err := walk.Reset(6); err != nil {
		t.Fatal(err)
	}

	if follow(t, walk, world); walk.SafeHead().Hash != world.L2[9].Hash {
		t.Errorf("%+v", walk.SafeHead())
	}
}

// TestOrderOfCalls: what is about no payload is refused, and a block without anything but deposits cannot be invalid.
func TestOrderOfCalls(t *testing.T) {
	precompile.Use(l1node.New(""))
	world := posted(t)
	both := &chains{World: world}
	walk := pipeline.New(world.Rollup, l1{both}, l2{both})
	if err := walk.Reset(0); err != nil {
		t.Fatal(err)
	}

	if walk.Accept(world.L2[1].Hash, world.L2[1].Header) == nil || walk.Reject() == nil {
		t.Error("a block that nobody asked for is taken")
	}

	payload, err := walk.Next()
	if err != nil || payload.DepositCount != 1 {
		t.Fatal(err)
	}

	if err = walk.Reject(); err != pipeline.ErrNoSuchBlock {
		t.Errorf("%v", err)
	}

	// A header that does not say its fees cannot be built upon.
	bad := *world.L2[1].Header
	bad.ExtraData = nil
	if err = walk.Accept(bad.Hash(), &bad); err == nil {
		t.Error("a header without parameters is taken")
	}
}
