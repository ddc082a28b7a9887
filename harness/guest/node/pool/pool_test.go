package pool

import (
	"errors"
	"math/rand"
	"testing"
	"time"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/testkit/accounts"
	"culverin/guest/testkit/wallet"
	"culverin/guest/u256"
)

var chain = &config.Chain{
	ID: 901, Times: [config.ForkCount]uint64{config.Isthmus: config.Never, config.Jovian: config.Never},
	Elasticity: 6, Denominator: 50, DenominatorCanyon: 250,
}

// world has accounts with a key each, nonce 5 and some ether.
type world struct {
	source *accounts.Source
	header *block.Header
}

func newWorld(keys ...wallet.Key) *world {
	precompile.Use(l1node.New(""))
	source, all := accounts.NewSource(), accounts.World{}
	for _, key := range keys {
		all[key.Address()] = &accounts.Account{Nonce: 5, Balance: u256.New(1 << 60)}
	}

	return &world{source, &block.Header{StateRoot: source.Root(all), Timestamp: 10, GasLimit: 30_000_000, Number: 7}}
}

func (world *world) context() *block.Context {
	context, err := block.Revisit(chain, world.source, world.header)
	if err != nil {
		panic(err)
	}

	return context
}

func entry(key wallet.Key, nonce, feeCap, tip uint64) *Entry {
	to := block.Address{1}
	transaction := key.Sign(&block.Transaction{
		Type: block.DynamicFeeType, ChainID: 901, HasChainID: true, Nonce: nonce, FeeCap: u256.New(feeCap),
		TipCap: u256.New(tip), GasLimit: 21_000, To: &to,
	})
	decoded, err := Decode(transaction.Encoded)
	if err != nil {
		panic(err)
	}

	return decoded
}

func TestReplacements(t *testing.T) {
	const key wallet.Key = 11
	world, pool := newWorld(key), New()
	for index, one := range []struct {
		feeCap, tip uint64
		err         error
	}{
		{1000, 100, nil}, {1000, 100, ErrKnown}, {1099, 110, ErrUnderpriced}, {1100, 109, ErrUnderpriced}, {1100, 110, nil},
		{1000, 100, ErrUnderpriced}, {1 << 30, 1 << 29, nil},
	} {
		replaced, err := pool.Add(world.context(), entry(key, 5, one.feeCap, one.tip))
		if !errors.Is(err, one.err) || (replaced != nil) != (err == nil && index > 0) || pool.Count() != 1 {
			t.Errorf("%+v: %v, %v", one, replaced, err)
		}
	}
}

func TestBounds(t *testing.T) {
	const key, poor wallet.Key = 11, 12
	world, pool := newWorld(key), New()
	for nonce, want := range map[uint64]error{4: ErrNonceTooLow, 5 + nonceAheadMax + 1: ErrNonceAhead} {
		if _, err := pool.Add(world.context(), entry(key, nonce, 100, 1)); !errors.Is(err, want) {
			t.Errorf("%d: %v", nonce, err)
		}
	}

	var invalid *block.InvalidError
	if _, err := pool.Add(world.context(), entry(poor, 0, 100, 1)); !errors.As(err, &invalid) {
		t.Error(err)
	}

	for nonce := uint64(5); nonce < 5+senderMax; nonce++ {
		if _, err := pool.Add(world.context(), entry(key, nonce, 100, 1)); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := pool.Add(world.context(), entry(key, 5+senderMax, 100, 1)); !errors.Is(err, ErrSenderFull) {
		t.Error(err)
	}

	if next := pool.NextNonce(key.Address(), 5); next != 5+senderMax {
		t.Error(next)
	}

	gone := pool.Prune(func(block.Address) uint64 { return 10 })
	if len(gone) != 5 || pool.Count() != senderMax-5 || pool.NextNonce(key.Address(), 10) != 5+senderMax {
		t.Errorf("%d are gone, %d are left", len(gone), pool.Count())
	}

	for _, encoded := range [][]byte{nil, {1}, {block.DepositType}, make([]byte, transactionBytesMax+1)} {
		if _, err := Decode(encoded); err == nil {
			t.Errorf("%.10x was taken", encoded)
		}
	}
}

// TestChoice: the highest tip first, nonces of one sender in order, nothing below the base fee or behind a gap.
func TestChoice(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	var keys []wallet.Key
	for key := wallet.Key(20); key < 28; key++ {
		keys = append(keys, key)
	}

	world, pool := newWorld(keys...), New()
	baseFee := u256.New(1000)
	hasGap := map[block.Address]uint64{}
	for _, key := range keys {
		gap := uint64(5 + random.Intn(8))
		hasGap[key.Address()] = gap
		for nonce := uint64(5); nonce < 13; nonce++ {
			if nonce != gap {
				each := entry(key, nonce, 900+uint64(random.Intn(500)), uint64(random.Intn(900)))
				if _, err := pool.Add(world.context(), each); err != nil {
					t.Fatal(err)
				}
			}
		}
	}

	choice := pool.Choose(&baseFee, func(block.Address) uint64 { return 5 })
	next := map[block.Address]uint64{}
	seen := map[keccak.Hash]bool{}
	for each := choice.Next(); each != nil; each = choice.Next() {
		expected := next[each.Sender] + 5
		if each.Transaction.Nonce != expected || expected >= hasGap[each.Sender] || seen[each.Hash] ||
			each.Transaction.FeeCap.IsBelow(&baseFee) {
			t.Errorf("nonce %d of %x came, %d was expected", each.Transaction.Nonce, each.Sender, expected)
		}

		seen[each.Hash] = true
		next[each.Sender]++
		choice.Taken(each)
	}

	if len(seen) == 0 && pool.Count() == 0 {
		t.Error("nothing was chosen")
	}

	// Of transactions that could all be next, the one that pays most comes first.
	high, low := entry(keys[0], 5, 9000, 800), entry(keys[1], 5, 9000, 700)
	two := New()
	for _, each := range []*Entry{low, high} {
		if _, err := two.Add(world.context(), each); err != nil {
			t.Fatal(err)
		}
	}

	choice = two.Choose(&baseFee, func(block.Address) uint64 { return 5 })
	if first := choice.Next(); first.Hash != high.Hash {
		t.Errorf("%x came first", first.Hash)
	}
}
