package e2e

import (
	"context"
	"errors"
	"testing"
	"time"

	"culverin/guest/block"
	"culverin/guest/node/batcher"
	"culverin/guest/node/client"
	"culverin/guest/node/proposer"
	"culverin/guest/node/sender"
	"culverin/guest/testkit/rig"
)

// TestFeesAreRaised: a transaction that nobody takes is offered for more and more, and counts once.
func TestFeesAreRaised(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	account := accountOf(l1, rig.BatcherKey, sender.Options{
		Poll: 10 * time.Millisecond, Raise: 150 * time.Millisecond, Confirmations: 2,
	})
	done := make(chan *sender.Inclusion, 1)
	go func() {
		included, err := account.Send(context.Background(), &sender.Message{To: rig.Inbox, Data: []byte{1, 2, 3}})
		if err != nil {
			t.Error(err)
		}

		done <- included
	}()
	seen := map[string]bool{}
	for end := time.Now().Add(20 * time.Second); len(seen) < 4 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var content struct {
			Pending map[string]map[string]struct {
				Hash string `json:"hash"`
			} `json:"pending"`
		}
		l1.Ask(&content, "txpool_content")
		for _, byNonce := range content.Pending {
			if len(byNonce) > 1 {
				t.Errorf("two transactions wait: %v", byNonce)
			}

			for _, each := range byNonce {
				seen[each.Hash] = true
			}
		}
	}

	if len(seen) < 4 {
		t.Errorf("%d versions were seen", len(seen))
	}

	l1.Mine(1)
	select {
	case <-done:
		t.Error("one block counts as two confirmations")
	case <-time.After(200 * time.Millisecond):
	}

	l1.Mine(1)
	included := <-done
	if included == nil || !included.Succeeded || included.BlockNumber+1 != l1.Number() {
		t.Errorf("%+v", included)
	}
}

// TestThePriceIsBounded: above the highest price nothing is sent.
func TestThePriceIsBounded(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	account := accountOf(l1, rig.BatcherKey, sender.Options{Poll: time.Millisecond, Raise: time.Hour, FeeCapMax: 1000})
	if _, err := account.Send(context.Background(), &sender.Message{To: rig.Inbox}); !errors.Is(err, sender.ErrFeeCap) {
		t.Error(err)
	}

	var pool map[string]string
	if l1.Ask(&pool, "txpool_status"); pool["pending"] != "0x0" {
		t.Error(pool)
	}
}

// TestADisagreement: blocks were posted, and others became safe: the batcher stops and says which.
func TestADisagreement(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(8, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	l1.Mine(1)
	first.WaitForBlocks(l1)
	sendAll(t, first, signed(rig.UserKey, 0, &friend, 1, nil, 1_000_000))
	l1.Mine(1)
	first.WaitForBlocks(l1)

	// The channel's frames come from an account that is no batcher: they count for nothing, and the window passes.
	poster := newBatcher(t, l1, files, first, rig.NewBatcherKey, func(options *batcher.Options) { options.Patience = 1000 })
	post(t, l1, poster)
	var disagreement *batcher.DisagreementError
	var err error
	for count := 0; count < 30 && !errors.As(err, &disagreement); count++ {
		l1.Mine(1)
		first.WaitForL1(l1)
		err = poster.Step(context.Background())
	}

	if disagreement == nil || disagreement.Number == 0 {
		t.Fatalf("the batcher goes on: %v", err)
	}

	if err := poster.Run(context.Background()); !errors.As(err, &disagreement) {
		t.Error(err)
	}
}

// factory stands in for the DisputeGameFactory: it wants a bond of five wei, keeps the newest game's root and number, and
// knows it from then on. Calldata of initBonds have 36 bytes.
var factory = block.Address{0: 0x90, 19: 5}

// factoryCode: of 36 bytes of calldata (initBonds) return 5. With a value (create) keep the root, the third word, at the
// slot of the block's number, the last one, and the value at slot 1. Otherwise (games) return what is kept at that slot.
const factoryCode = "0x" + "36602414601757" + "34602257" + "6084355460005260406000f3" +
	"5b600560005260206000f3" + "5b602435608435553460015500"

// TestTheProposer proposes what is safe, once, with the bond that is asked for.
func TestTheProposer(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	l1.Ask(nil, "anvil_setCode", rig.Hex(factory[:]), factoryCode)
	files := l1.NewFiles(100, rig.Isthmus)
	node := l1.Start(files, t.TempDir(), sequencing)
	l1.Mine(2)
	node.WaitForBlocks(l1)
	proposing := proposer.New(client.New(l1.URL), client.New(node.URL), accountOf(l1, rig.DepositorKey, hurried),
		proposer.Options{Factory: factory, Every: 1, Poll: time.Millisecond}, t.Logf)
	step := func() (included *sender.Inclusion) {
		err := during(t, l1, func(ctx context.Context) (err error) {
			included, err = proposing.Step(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}

		return included
	}
	if included := step(); included != nil {
		t.Errorf("an unsafe block was proposed: %+v", included)
	}

	post(t, l1, newBatcher(t, l1, files, node, rig.BatcherKey, nil))
	safe := node.WaitForL1(l1).Safe.Number
	if included := step(); included == nil || !included.Succeeded {
		t.Fatalf("%+v", included)
	}

	var output struct {
		Root string `json:"outputRoot"`
	}
	node.Ask(&output, "optimism_outputAtBlock", quantity(safe))
	for slot, want := range map[string]string{quantity(safe): output.Root, "0x1": "0x" + zeros(63) + "5"} {
		var stored string
		l1.Ask(&stored, "eth_getStorageAt", rig.Hex(factory[:]), slot, "latest")
		if stored != want {
			t.Errorf("slot %s: %s, not %s", slot, stored, want)
		}
	}

	again := proposer.New(client.New(l1.URL), client.New(node.URL), accountOf(l1, rig.DepositorKey, hurried),
		proposer.Options{Factory: factory, Every: 1, Poll: time.Millisecond}, t.Logf)
	for _, each := range []*proposer.Proposer{proposing, again} {
		proposing = each
		if included := step(); included != nil {
			t.Errorf("the same block was proposed again: %+v", included)
		}
	}
}

func zeros(count int) string {
	text := make([]byte, count)
	for index := range text {
		text[index] = '0'
	}

	return string(text)
}
