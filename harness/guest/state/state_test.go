package state

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/testkit"
	"culverin/guest/u256"
)

// folder holds nodes and code by their hash.
type folder map[keccak.Hash][]byte

func (source folder) Node(hash keccak.Hash) []byte { return source.get("a trie node", hash) }

func (source folder) Code(hash keccak.Hash) []byte { return source.get("code", hash) }

func (source folder) get(kind string, hash keccak.Hash) []byte {
	data, found := source[hash]
	if !found {
		oracle.Fail(kind+" is missing:", hash[:])
	}

	return data
}

func (source folder) keep(hash keccak.Hash, data []byte) {
	source[hash] = append([]byte(nil), data...)
}

// plain is an account as the test thinks it is.
type plain struct {
	exists  bool
	nonce   uint64
	balance u256.Int
	code    string
	storage map[u256.Int]u256.Int
}

func (account *plain) isEmpty() bool {
	return account.nonce == 0 && account.balance.IsZero() && account.code == ""
}

// model is the whole state as the test thinks it is; it is copied instead of taken back.
type model struct {
	accounts  map[Address]plain
	transient map[Address]map[u256.Int]u256.Int
	warm      map[string]bool
	touched   map[Address]bool
	created   map[Address]bool
	destroyed map[Address]bool
	refund    uint64
	logs      int
}

func (m *model) copied() *model {
	result := &model{
		accounts: map[Address]plain{}, transient: map[Address]map[u256.Int]u256.Int{}, warm: map[string]bool{},
		touched: map[Address]bool{}, created: map[Address]bool{}, destroyed: map[Address]bool{},
		refund: m.refund, logs: m.logs,
	}
	for address, account := range m.accounts {
		account.storage = copySlots(account.storage)
		result.accounts[address] = account
	}

	for address, slots := range m.transient {
		result.transient[address] = copySlots(slots)
	}

	for key := range m.warm {
		result.warm[key] = true
	}

	for _, pair := range [][2]map[Address]bool{
		{m.touched, result.touched}, {m.created, result.created}, {m.destroyed, result.destroyed},
	} {
		for address := range pair[0] {
			pair[1][address] = true
		}
	}

	return result
}

func copySlots(slots map[u256.Int]u256.Int) map[u256.Int]u256.Int {
	result := map[u256.Int]u256.Int{}
	for place, value := range slots {
		result[place] = value
	}

	return result
}

// root builds the tries of all accounts by the definition.
func (m *model) root() keccak.Hash {
	var accounts []testkit.Pair
	for address, account := range m.accounts {
		if !account.exists {
			continue
		}

		var slots []testkit.Pair
		for place, value := range account.storage {
			if value := value; !value.IsZero() {
				data := place.Bytes32()
				key := keccak.Sum(data[:])
				slots = append(slots, testkit.Pair{Key: key[:], Value: rlp.EncodeBytes(value.Trimmed())})
			}
		}

		storageRoot := testkit.Build(slots, func(keccak.Hash, []byte) {})
		codeHash := keccak.Sum([]byte(account.code))
		key := keccak.Sum(address[:])
		accounts = append(accounts, testkit.Pair{Key: key[:], Value: rlp.EncodeList(
			rlp.EncodeUint64(account.nonce), rlp.EncodeBytes(account.balance.Trimmed()),
			rlp.EncodeBytes(storageRoot[:]), rlp.EncodeBytes(codeHash[:]))})
	}

	return testkit.Build(accounts, func(keccak.Hash, []byte) {})
}

// player makes the same random changes to a state and to the model of it.
type player struct {
	random *rand.Rand
	state  *State
	model  *model
	wrong  string
}

func (p *player) expect(what string, isRight bool) {
	if !isRight && p.wrong == "" {
		p.wrong = what
	}
}

func (p *player) address() Address {
	return Address{19: byte(1 + p.random.Intn(6))}
}

func (p *player) word() u256.Int {
	return u256.Int{uint64(p.random.Intn(4)), 0, 0, uint64(p.random.Intn(2))}
}

func (p *player) change() {
	address := p.address()
	account, known := p.state.Account(&address), p.model.accounts[address]
	if known.storage == nil {
		known.storage = map[u256.Int]u256.Int{}
	}

	place, value := p.word(), p.word()
	switch p.random.Intn(12) {
	case 0:
		account.AddBalance(&value)
		known.balance.Add(&known.balance, &value)
		p.model.touched[address] = true
	case 1:
		if value.IsBelow(&known.balance) {
			account.SubBalance(&value)
			known.balance.Sub(&known.balance, &value)
			p.model.touched[address] = true
		}
	case 2:
		account.SetNonce(known.nonce + 1)
		known.nonce++
		p.model.touched[address] = true
	case 3:
		known.code = strings.Repeat("c", p.random.Intn(3))
		account.SetCode([]byte(known.code))
		p.model.touched[address] = true
	case 4:
		if p.model.created[address] {
			account.Destroy()
			p.model.destroyed[address] = true
			p.model.touched[address] = true
		}
	case 5, 6, 7:
		slot, wasCold := account.Slot(&place)
		key := fmt.Sprint(address, place)
		p.expect("cold slot", wasCold == !p.model.warm[key])
		p.model.warm[key] = true
		slot.Set(&value)
		known.storage[place] = value
		if known.nonce == 0 {
			// Code that stores something runs in an account that cannot become empty.
			account.SetNonce(1)
			known.nonce = 1
			p.model.touched[address] = true
		}
	case 8:
		account.SetTransient(&place, &value)
		if p.model.transient[address] == nil {
			p.model.transient[address] = map[u256.Int]u256.Int{}
		}

		p.model.transient[address][place] = value
	case 9:
		p.expect("cold account", account.Warm() == !p.model.warm[fmt.Sprint(address)])
		p.model.warm[fmt.Sprint(address)] = true
	case 10:
		p.state.AddRefund(7)
		p.state.AddLog(Log{Address: address})
		p.model.refund += 7
		p.model.logs++
	case 11:
		if !account.IsTaken() && len(known.storage) == 0 {
			account.Create()
			known.nonce = 1
			p.model.created[address] = true
			p.model.touched[address] = true
		}
	}

	p.model.accounts[address] = known
}

// check compares all that can be asked.
func (p *player) check() {
	for address, known := range p.model.accounts {
		account := p.state.Account(&address)
		p.expect("nonce", account.Nonce() == known.nonce)
		p.expect("balance", *account.Balance() == known.balance)
		p.expect("code", string(account.Code().Bytes) == known.code && account.CodeHash() == keccak.Sum([]byte(known.code)))
		p.expect("emptiness", account.IsEmpty() == known.isEmpty())
		p.expect("existence", account.Exists() == (known.exists || !known.isEmpty()))
		p.expect("creation", account.IsCreated() == p.model.created[address])
		for place, value := range known.storage {
			p.expect("storage", account.Peek(&place) == value)
		}

		for place, value := range p.model.transient[address] {
			p.expect("transient storage", account.Transient(&place) == value)
		}
	}

	p.expect("refund", p.state.Refund() == p.model.refund)
	p.expect("logs", len(p.state.Logs()) == p.model.logs)
}

// call makes changes, nested like calls, some of which are taken back.
func (p *player) call(depth int) {
	before, snapshot := p.model.copied(), p.state.Snapshot()
	for index := 0; index < 1+p.random.Intn(8); index++ {
		if depth < 3 && p.random.Intn(3) == 0 {
			p.call(depth + 1)
		} else {
			p.change()
		}
	}

	if p.random.Intn(2) == 0 {
		p.state.Revert(snapshot)
		p.model = before
	}

	p.check()
}

func (p *player) transaction() {
	p.state.BeginTransaction()
	p.model.transient, p.model.warm = map[Address]map[u256.Int]u256.Int{}, map[string]bool{}
	p.model.touched, p.model.created, p.model.destroyed = map[Address]bool{}, map[Address]bool{}, map[Address]bool{}
	p.model.refund, p.model.logs = 0, 0
	for index := 0; index < 3; index++ {
		p.call(0)
	}

	p.state.EndTransaction()
	for address := range p.model.touched {
		account := p.model.accounts[address]
		if p.model.destroyed[address] {
			account = plain{storage: map[u256.Int]u256.Int{}}
		}

		account.exists = !account.isEmpty()
		p.model.accounts[address] = account
	}
}

func TestStateIsWhatTheTransactionsLeft(t *testing.T) {
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	for round := 0; round < 150; round++ {
		source, root := folder{}, mpt.EmptyRoot
		p := &player{random: random, model: (&model{}).copied()}
		for block := 0; block < 4; block++ {
			p.state = New(source, root, keccak.Hash{byte(random.Intn(256))})
			for index := 0; index < 1+random.Intn(4); index++ {
				p.transaction()
			}

			root = p.state.Commit(source.keep)
			p.state.NewCode(func(code *Code) { source[code.Hash] = code.Bytes })
			p.expect("root", root == p.model.root())
			if p.wrong != "" {
				t.Fatalf("seed %d, round %d, block %d: %s is wrong", seed, round, block, p.wrong)
			}
		}
	}
}

func TestOriginalIsTheValueBeforeTheTransaction(t *testing.T) {
	source := folder{}
	address, place := Address{1}, u256.New(5)
	state := New(source, mpt.EmptyRoot, keccak.Hash{})
	account := state.Account(&address)
	set := func(value uint64) (original u256.Int) {
		word := u256.New(value)
		slot, _ := account.Slot(&place)
		slot.Set(&word)
		return *slot.Original()
	}
	state.BeginTransaction()
	account.SetNonce(1)
	if set(1) != u256.New(0) || set(2) != u256.New(0) {
		t.Error("in the first transaction there was nothing")
	}

	state.EndTransaction()
	state.BeginTransaction()
	snapshot := state.Snapshot()
	if set(3) != u256.New(2) {
		t.Error("the first transaction left 2")
	}

	state.Revert(snapshot)
	if set(4) != u256.New(2) {
		t.Error("the first transaction still left 2")
	}

	state.EndTransaction()
	root := state.Commit(source.keep)
	state = New(source, root, keccak.Hash{})
	account = state.Account(&address)
	state.BeginTransaction()
	if set(5) != u256.New(4) {
		t.Error("the block left 4")
	}
}

// attempt runs an action and returns what it failed by; any other panic fails the test.
func attempt(action func()) (failure *oracle.Failure) {
	defer oracle.Catch(&failure)
	action()
	return nil
}

func TestMalformedStateFails(t *testing.T) {
	hash, address, nothing := bytesOf(1, 32), Address{7}, []byte{0x80}
	list := rlp.EncodeList
	text := rlp.EncodeBytes
	for name, value := range map[string][]byte{
		"no list":                text(hash),
		"three fields":           list(nothing, nothing, text(hash)),
		"five fields":            list(nothing, nothing, text(hash), text(hash), nothing),
		"nonce of nine bytes":    list(text(bytesOf(1, 9)), nothing, text(hash), text(hash)),
		"nonce with zero":        list(text([]byte{0, 1}), nothing, text(hash), text(hash)),
		"balance with zero":      list(nothing, text([]byte{0, 1}), text(hash), text(hash)),
		"balance of 33 bytes":    list(nothing, text(bytesOf(1, 33)), text(hash), text(hash)),
		"balance that is a list": list(nothing, list(), text(hash), text(hash)),
		"short storage root":     list(nothing, nothing, text(hash[1:]), text(hash)),
		"long code hash":         list(nothing, nothing, text(hash), text(bytesOf(1, 33))),
	} {
		source := folder{}
		key := keccak.Sum(address[:])
		root := testkit.Build([]testkit.Pair{{Key: key[:], Value: value}}, source.keep)
		failure := attempt(func() { New(source, root, keccak.Hash{}).Balance(address) })
		if failure == nil || !strings.Contains(failure.Text, "account") {
			t.Errorf("%s: %v", name, failure)
		}
	}

	place := u256.New(1)
	for name, value := range map[string][]byte{
		"a list": list(nothing), "nothing": nothing, "33 bytes": text(bytesOf(1, 33)),
		"a leading zero": text([]byte{0, 1}), "more behind": {1, 2},
	} {
		source := folder{}
		data := place.Bytes32()
		key := keccak.Sum(data[:])
		storageRoot := testkit.Build([]testkit.Pair{{Key: key[:], Value: value}}, source.keep)
		key = keccak.Sum(address[:])
		root := testkit.Build([]testkit.Pair{{
			Key: key[:], Value: EncodeAccount(1, &u256.Int{}, storageRoot, EmptyCodeHash),
		}}, source.keep)
		failure := attempt(func() { New(source, root, keccak.Hash{}).Storage(address, &place) })
		if failure == nil || !strings.Contains(failure.Text, "storage") {
			t.Errorf("%s: %v", name, failure)
		}
	}
}

func bytesOf(value byte, length int) []byte {
	data := make([]byte, length)
	for index := range data {
		data[index] = value
	}

	return data
}

func TestMissingCodeIsNamed(t *testing.T) {
	source, address, codeHash := folder{}, Address{7}, keccak.Hash{9, 9}
	key := keccak.Sum(address[:])
	root := testkit.Build([]testkit.Pair{{
		Key: key[:], Value: EncodeAccount(1, &u256.Int{}, mpt.EmptyRoot, codeHash),
	}}, source.keep)
	failure := attempt(func() { New(source, root, keccak.Hash{}).Code(address) })
	if failure == nil || !strings.Contains(failure.Text, fmt.Sprintf("0x%x", codeHash)) {
		t.Errorf("%v", failure)
	}
}

func TestNothingIsReadBeforeItIsAskedFor(t *testing.T) {
	// Neither the root nor anything below it is there.
	state := New(folder{}, keccak.Hash{1}, keccak.Hash{})
	address, place := Address{1}, u256.New(1)
	if failure := attempt(func() {
		state.BeginTransaction()
		state.WarmAddress(address)
		state.WarmSlot(address, &place)
		state.Account(&address).SetTransient(&place, &place)
	}); failure != nil {
		t.Error(failure)
	}
}
