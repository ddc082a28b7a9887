package block_test

import (
	"strings"
	"testing"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/testkit/accounts"
	"culverin/guest/testkit/wallet"
	"culverin/guest/u256"
)

const (
	alice = wallet.Key(1)
	// baseFee is that of the parent, whose gas used is its target, and so that of the block.
	baseFee = 1000
	tip     = 7
	ether   = 1_000_000_000_000_000_000
)

var (
	sequencerVault = block.Address{0: 0x42, 19: 0x11}
	l1Block        = block.Address{0: 0x42, 19: 0x15}
	messagePasser  = block.Address{0: 0x42, 19: 0x16}
	baseFeeVault   = block.Address{0: 0x42, 19: 0x19}
	l1FeeVault     = block.Address{0: 0x42, 19: 0x1a}
	operatorVault  = block.Address{0: 0x42, 19: 0x1b}
	bob            = block.Address{0xb0}
)

// scene is a block to make on a made-up state.
type scene struct {
	chain      config.Chain
	world      accounts.World
	parent     block.Header
	attributes block.Attributes
}

// newScene: L1 fees of 1e9 wei base fee by 10 and 3 wei blob base fee by 20 millionths, an operator fee of 1.5 wei a gas
// and 777.
func newScene(fork config.Fork) *scene {
	precompile.Use(l1node.New(""))
	chain := config.Chain{ID: 901, Elasticity: 2, Denominator: 50, DenominatorCanyon: 250}
	for later := fork + 1; later < config.ForkCount; later++ {
		chain.Times[later] = config.Never
	}

	scalars, operator := [32]byte{19: 10, 23: 20}, [32]byte{20: 0x00, 21: 0x16, 22: 0xe3, 23: 0x60, 30: 0x03, 31: 0x09}
	world := accounts.World{
		alice.Address(): {Balance: u256.New(ether)},
		l1Block: {Nonce: 1, Code: []byte{0}, Storage: map[u256.Int]u256.Int{
			u256.New(1): u256.New(1_000_000_000), u256.New(3): number(scalars),
			u256.New(7): u256.New(3), u256.New(8): number(operator),
		}},
		messagePasser: {Nonce: 1, Storage: map[u256.Int]u256.Int{u256.New(5): u256.New(55)},
			// SSTORE(1, 2).
			Code: []byte{0x60, 2, 0x60, 1, 0x55, 0}},
	}
	extra := []byte{0, 0, 0, 0, 250, 0, 0, 0, 2}
	scene := &scene{
		chain: chain, world: world,
		parent: block.Header{
			Number: 9, Timestamp: 100, GasLimit: 30_000_000, GasUsed: 15_000_000, BaseFee: u256.New(baseFee),
			UnclesHash: block.EmptyUncles, ExtraData: extra, HasRequests: fork >= config.Isthmus,
		},
		attributes: block.Attributes{
			Timestamp: 102, FeeRecipient: sequencerVault, GasLimit: 30_000_000, HasFeeParameters: true,
		},
	}
	if fork == config.Jovian {
		scene.parent.ExtraData = append(append([]byte(nil), extra...), make([]byte, 8)...)
		scene.parent.ExtraData[0] = 1
		scene.attributes.HasMinBaseFee = true
	}

	return scene
}

func number(word [32]byte) (value u256.Int) {
	value.LoadBytes32(&word)
	return value
}

// transfer sends 5 wei, with a gas limit of 100,000 of which 21,000 are used.
func transfer(nonce uint64, to block.Address, data ...byte) []byte {
	return alice.Sign(&block.Transaction{
		Type: block.DynamicFeeType, ChainID: 901, Nonce: nonce, GasLimit: 100_000, To: &to, Value: u256.New(5), Data: data,
		FeeCap: u256.New(2000), TipCap: u256.New(tip),
	}).Encoded
}

// execute makes the block and returns a reader of the state after it.
func (scene *scene) execute(t *testing.T) (*block.Result, error) {
	t.Helper()
	source := accounts.NewSource()
	parent := scene.parent
	parent.StateRoot = source.Root(scene.world)
	return block.Execute(&scene.chain, source, &parent, &scene.attributes)
}

// expect compares the state after the block with what is expected of it, all accounts and slots.
func (scene *scene) expect(t *testing.T, result *block.Result) {
	t.Helper()
	if root := accounts.NewSource().Root(scene.world); root != result.Header.StateRoot {
		t.Errorf("the state root is 0x%x, by hand 0x%x", result.Header.StateRoot, root)
	}
}

func (scene *scene) add(address block.Address, wei uint64) {
	account, found := scene.world[address]
	if !found {
		account = &accounts.Account{}
		scene.world[address] = account
	}

	amount := u256.New(wei)
	account.Balance.Add(&account.Balance, &amount)
}

func (scene *scene) take(address block.Address, wei uint64) {
	amount := u256.New(wei)
	scene.world[address].Balance.Sub(&scene.world[address].Balance, &amount)
}

// TestFeesOfATransferByHand: gas, L1 fee and operator fee, each to its vault.
//
// L1 fee: the transaction's size is below 100 bytes compressed by the estimate, so 100e6 · (16 · 1e9 · 10 + 3 · 20) /
// 1e12 = 16,000,000.006. Operator fee: Isthmus 21,000 · 1,500,000 / 1e6 + 777, Jovian 21,000 · 1,500,000 · 100 + 777.
func TestFeesOfATransferByHand(t *testing.T) {
	for fork, operator := range map[config.Fork]uint64{
		config.Holocene: 0, config.Isthmus: 32_277, config.Jovian: 3_150_000_000_777,
	} {
		scene := newScene(fork)
		scene.attributes.Transactions = [][]byte{transfer(0, bob)}
		result, err := scene.execute(t)
		if err != nil {
			t.Fatalf("%s: %v", fork, err)
		}

		const gas, l1 = 21_000, 16_000_000
		scene.world[alice.Address()].Nonce = 1
		scene.take(alice.Address(), 5+gas*(baseFee+tip)+l1+operator)
		scene.add(bob, 5)
		scene.add(sequencerVault, gas*tip)
		scene.add(baseFeeVault, gas*baseFee)
		scene.add(l1FeeVault, l1)
		scene.add(operatorVault, operator)
		scene.expect(t, result)
		if receipt := result.Receipts[0]; !receipt.Succeeded || receipt.CumulativeGasUsed != gas || result.Header.GasUsed != gas {
			t.Errorf("%s: %+v", fork, receipt)
		}
	}
}

// TestTheWorstCaseMustBePaidFor: value, 100,000 gas at the highest price, the L1 fee, and the operator fee of all the gas:
// Isthmus 100,000 · 1.5 + 777, Jovian 100,000 · 150,000,000 + 777.
func TestTheWorstCaseMustBePaidFor(t *testing.T) {
	for fork, operator := range map[config.Fork]uint64{
		config.Holocene: 0, config.Isthmus: 150_777, config.Jovian: 15_000_000_000_777,
	} {
		most := 5 + 100_000*2000 + 16_000_000 + operator
		for balance, isValid := range map[uint64]bool{most: true, most - 1: false} {
			scene := newScene(fork)
			scene.world[alice.Address()].Balance = u256.New(balance)
			scene.attributes.Transactions = [][]byte{transfer(0, bob)}
			if _, err := scene.execute(t); (err == nil) != isValid {
				t.Errorf("%s: with %d wei: %v", fork, balance, err)
			}
		}
	}
}

// TestWithdrawalsRoot: since Isthmus the storage root of the message passer after the block; before, of nothing.
func TestWithdrawalsRoot(t *testing.T) {
	for _, fork := range []config.Fork{config.Holocene, config.Isthmus, config.Jovian} {
		for _, isCalled := range []bool{false, true} {
			scene := newScene(fork)
			storage := map[u256.Int]u256.Int{u256.New(5): u256.New(55)}
			if isCalled {
				scene.attributes.Transactions = [][]byte{transfer(0, messagePasser)}
				storage[u256.New(1)] = u256.New(2)
			}

			result, err := scene.execute(t)
			if err != nil {
				t.Fatal(err)
			}

			want := accounts.NewSource().StorageRoot(storage)
			if fork == config.Holocene {
				want = accounts.NewSource().StorageRoot(nil)
			}

			header := result.Header
			if header.WithdrawalsRoot != want || header.HasRequests != (fork >= config.Isthmus) {
				t.Errorf("%s, called %v: 0x%x, by hand 0x%x", fork, isCalled, header.WithdrawalsRoot, want)
			}

			// The SHA-256 of nothing, as isthmus/exec-engine.md writes it out.
			requests := keccak.Hash{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9,
				0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}
			if header.HasRequests && header.RequestsHash != requests {
				t.Errorf("the requests hash is 0x%x", header.RequestsHash)
			}
		}
	}
}

// TestBlobGasUsed: since Jovian the data footprint: bytes by the scalar, 400 where it is zero; deposits have none. A
// transfer has 100 bytes by the estimate.
func TestBlobGasUsed(t *testing.T) {
	for _, each := range []struct {
		fork   config.Fork
		scalar byte
		count  int
		want   uint64
	}{
		{config.Isthmus, 0, 2, 0},
		{config.Jovian, 0, 0, 0},
		{config.Jovian, 0, 2, 2 * 100 * 400},
		{config.Jovian, 255, 3, 3 * 100 * 255},
	} {
		scene := newScene(each.fork)
		operator := [32]byte{19: each.scalar}
		scene.world[l1Block].Storage[u256.New(8)] = number(operator)
		deposit := (&block.Transaction{Type: block.DepositType, To: &bob, GasLimit: 50_000}).Encode()
		scene.attributes.Transactions = [][]byte{deposit}
		for nonce := 0; nonce < each.count; nonce++ {
			scene.attributes.Transactions = append(scene.attributes.Transactions, transfer(uint64(nonce), bob))
		}

		result, err := scene.execute(t)
		if err != nil || result.Header.BlobGasUsed != each.want || result.Header.ExcessBlobGas != 0 {
			t.Errorf("%s, scalar %d, %d transfers: %+v, by hand %d, %v",
				each.fork, each.scalar, each.count, result, each.want, err)
		}
	}
}

// TestTheFootprintIsLimited: two transfers have a footprint of 200 · 65,535 = 13,107,000; the gas limit is as much, or one
// less.
func TestTheFootprintIsLimited(t *testing.T) {
	for limit, isValid := range map[uint64]bool{13_107_000: true, 13_106_999: false} {
		scene := newScene(config.Jovian)
		operator := [32]byte{18: 0xff, 19: 0xff}
		scene.world[l1Block].Storage[u256.New(8)] = number(operator)
		scene.attributes.GasLimit = limit
		scene.attributes.Transactions = [][]byte{transfer(0, bob), transfer(1, bob)}
		_, err := scene.execute(t)
		if (err == nil) != isValid || err != nil && !strings.Contains(err.Error(), "data to L1") {
			t.Errorf("a gas limit of %d: %v", limit, err)
		}
	}
}

// TestDeposits: the mint stays whatever happens; a failure of the EVM uses what it used, any other all the gas.
func TestDeposits(t *testing.T) {
	reverting := block.Address{0xee}
	for _, each := range []struct {
		name        string
		transaction block.Transaction
		succeeded   bool
		gas, left   uint64
		received    uint64
	}{
		{"a transfer", block.Transaction{To: &bob, Mint: u256.New(100), Value: u256.New(30), GasLimit: 30_000}, true, 21_000, 70, 30},
		{"more than there is", block.Transaction{To: &bob, Mint: u256.New(100), Value: u256.New(101), GasLimit: 30_000},
			false, 30_000, 100, 0},
		{"too little gas", block.Transaction{To: &bob, Mint: u256.New(100), GasLimit: 20_999}, false, 20_999, 100, 0},
		{"less gas than the floor", block.Transaction{To: &bob, Mint: u256.New(100), GasLimit: 25_000, Data: make([]byte, 500)},
			false, 25_000, 100, 0},
		{"too long a code", block.Transaction{Mint: u256.New(100), GasLimit: 20_000_000, Data: make([]byte, 49_153)},
			false, 20_000_000, 100, 0},
		// The code is PUSH0 PUSH0 REVERT: 4 gas more.
		{"a revert", block.Transaction{To: &reverting, Mint: u256.New(100), Value: u256.New(30), GasLimit: 30_000},
			false, 21_004, 100, 0},
	} {
		scene := newScene(config.Isthmus)
		scene.world[reverting] = &accounts.Account{Nonce: 1, Code: []byte{0x5f, 0x5f, 0xfd}}
		depositor := block.Address{0xde}
		scene.world[depositor] = &accounts.Account{Nonce: 41}
		transaction := each.transaction
		transaction.Type, transaction.From = block.DepositType, depositor
		scene.attributes.Transactions = [][]byte{transaction.Encode()}
		result, err := scene.execute(t)
		if err != nil {
			t.Errorf("%s: %v", each.name, err)
			continue
		}

		scene.world[depositor].Nonce = 42
		scene.add(depositor, each.left)
		if each.received > 0 {
			scene.add(bob, each.received)
		}

		scene.expect(t, result)
		receipt := result.Receipts[0]
		if receipt.Succeeded != each.succeeded || receipt.CumulativeGasUsed != each.gas || receipt.DepositNonce != 41 {
			t.Errorf("%s: %+v", each.name, receipt)
		}
	}
}

// TestTheGasLimitIsShared: a transaction needs room for its gas limit of 100,000; what came before took what it used, a
// deposit that fails without being executed all that it asked for.
func TestTheGasLimitIsShared(t *testing.T) {
	transferred := (&block.Transaction{Type: block.DepositType, To: &bob, GasLimit: 50_000}).Encode()
	failing := (&block.Transaction{Type: block.DepositType, To: &bob, Value: u256.New(1), GasLimit: 50_000}).Encode()
	for _, each := range []struct {
		before []byte
		used   uint64
	}{
		{transferred, 21_000}, {failing, 50_000}, {transfer(0, bob), 21_000},
	} {
		for limit, isValid := range map[uint64]bool{100_000 + each.used: true, 100_000 + each.used - 1: false} {
			scene := newScene(config.Isthmus)
			scene.attributes.GasLimit = limit
			nonce := uint64(0)
			if each.used == 21_000 && each.before[0] != block.DepositType {
				nonce = 1
			}

			scene.attributes.Transactions = [][]byte{each.before, transfer(nonce, bob)}
			if _, err := scene.execute(t); (err == nil) != isValid {
				t.Errorf("after %x with a gas limit of %d: %v", each.before[:4], limit, err)
			}
		}
	}
}

// TestADepositMayChangeTheFees: the L1 fee follows the contract's storage. The code stores 2e9 (0x77359400) in slot 1, so
// that the second transfer pays twice the 16,000,000 of the first.
func TestADepositMayChangeTheFees(t *testing.T) {
	scene := newScene(config.Holocene)
	scene.world[l1Block].Code = []byte{0x63, 0x77, 0x35, 0x94, 0x00, 0x60, 1, 0x55, 0}
	change := (&block.Transaction{Type: block.DepositType, From: block.Address{0xde}, To: &l1Block, GasLimit: 50_000}).Encode()
	scene.attributes.Transactions = [][]byte{transfer(0, bob), change, transfer(1, bob)}
	result, err := scene.execute(t)
	if err != nil {
		t.Fatal(err)
	}

	const gas, l1 = 2 * 21_000, 3 * 16_000_000
	scene.world[l1Block].Storage[u256.New(1)] = u256.New(2_000_000_000)
	scene.world[block.Address{0xde}] = &accounts.Account{Nonce: 1}
	scene.world[alice.Address()].Nonce = 2
	scene.take(alice.Address(), 10+gas*(baseFee+tip)+l1)
	scene.add(bob, 10)
	scene.add(sequencerVault, gas*tip)
	scene.add(baseFeeVault, gas*baseFee)
	scene.add(l1FeeVault, l1)
	scene.expect(t, result)
}

// TestBlobTransactionsMakeABlockInvalid: exec-engine.md, "Ecotone: disable Blob-transactions".
func TestBlobTransactionsMakeABlockInvalid(t *testing.T) {
	scene := newScene(config.Isthmus)
	scene.attributes.Transactions = [][]byte{alice.Sign(&block.Transaction{
		Type: block.BlobType, ChainID: 901, GasLimit: 100_000, To: &bob, FeeCap: u256.New(2000),
		BlobFeeCap: u256.New(5), BlobHashes: [][32]byte{{1}},
	}).Encoded}
	if _, err := scene.execute(t); err == nil || !strings.Contains(err.Error(), "blob") {
		t.Errorf("%v", err)
	}
}
