package state

import (
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/u256"
)

// Address is an account's address.
type Address = [20]byte

// EmptyCodeHash is the code hash of an account without code.
var EmptyCodeHash = keccak.Sum()

// Code is a contract's code.
type Code struct {
	// Bytes is the code itself; nobody may change it.
	Bytes []byte
	// Hash is its keccak256.
	Hash keccak.Hash
	// Prepared is for the interpreter: what it has learnt about the code.
	Prepared interface{}

	isNew bool
}

var noCode = &Code{Hash: EmptyCodeHash}

// Account is an account as the transactions so far have left it; it need not exist.
type Account struct {
	// Address is where it is.
	Address Address

	state *State
	// number is the account's own in State.accounts.
	number uint32
	// isLoaded tells that the fields below stand for what the trie has; until then it is only a name.
	isLoaded bool
	exists   bool
	nonce    uint64
	balance  u256.Int
	codeHash keccak.Hash
	// code is nil until it is asked for.
	code *Code

	// key is the hash of the address, encoded the account's value in the trie of accounts, nil if it has none.
	key     keccak.Hash
	encoded []byte

	storageRoot keccak.Hash
	storage     *mpt.Trie
	slotNumbers table
	slots       []*slot
	transient   transient

	// The transactions in which the account was last accessed, changed, created and destroyed.
	warmIn, touchedIn, createdIn, destroyedIn uint32
}

// load reads the account from the trie of accounts.
func (account *Account) load() {
	if account.isLoaded {
		return
	}

	account.isLoaded = true
	account.codeHash, account.storageRoot = EmptyCodeHash, mpt.EmptyRoot
	account.key = keccak.Sum(account.Address[:])
	account.encoded = account.state.trie.Get(account.key[:])
	if account.encoded != nil && !account.decode() {
		oracle.Fail("an account in the state trie is malformed:", account.Address[:], account.encoded)
	}
}

// decode reads what EncodeAccount writes.
func (account *Account) decode() bool {
	fields, err := rlp.List(account.encoded)
	if err != nil || len(fields) != 4 {
		return false
	}

	root, rootFailure := fields[2].Bytes(keccak.Size)
	code, codeFailure := fields[3].Bytes(keccak.Size)
	balance := fields[1]
	if account.nonce, err = fields[0].Uint64(); err != nil || rootFailure != nil || codeFailure != nil ||
		balance.IsList || len(balance.Content) > u256.Bytes || len(balance.Content) > 0 && balance.Content[0] == 0 {
		return false
	}

	account.balance.SetBytes(balance.Content)
	copy(account.storageRoot[:], root)
	copy(account.codeHash[:], code)
	account.exists = true
	return true
}

// EncodeAccount makes an account's value in the trie of accounts (Yellow Paper, 4.1).
func EncodeAccount(nonce uint64, balance *u256.Int, storageRoot, codeHash keccak.Hash) []byte {
	return rlp.EncodeList(
		rlp.EncodeUint64(nonce),
		rlp.EncodeBytes(balance.Trimmed()),
		rlp.EncodeBytes(storageRoot[:]),
		rlp.EncodeBytes(codeHash[:]))
}

// Nonce returns the number of transactions sent or contracts created.
func (account *Account) Nonce() uint64 {
	account.load()
	return account.nonce
}

// Balance returns the balance in wei; the caller must not change it.
func (account *Account) Balance() *u256.Int {
	account.load()
	return &account.balance
}

// CodeHash returns the hash of the account's code, EmptyCodeHash if it has none.
func (account *Account) CodeHash() keccak.Hash {
	account.load()
	return account.codeHash
}

// Code returns the account's code, which is read when it is first asked for.
func (account *Account) Code() *Code {
	account.load()
	if account.code == nil {
		account.code = account.state.codeOf(account.codeHash)
	}

	return account.code
}

// IsEmpty tells whether the account has no nonce, no balance and no code, and so does not exist or is removed once it
// is touched (EIP-161).
func (account *Account) IsEmpty() bool {
	account.load()
	return account.nonce == 0 && account.codeHash == EmptyCodeHash && account.balance.IsZero()
}

// Exists tells whether the account is in the trie of accounts, be it empty, or will be after the transaction.
func (account *Account) Exists() bool {
	account.load()
	return account.exists || !account.IsEmpty()
}

// IsTaken tells whether no contract can be created at the address: it has a nonce or code (EIP-684), or storage
// (EIP-7610).
func (account *Account) IsTaken() bool {
	account.load()
	return account.nonce != 0 || account.codeHash != EmptyCodeHash || account.storageRoot != mpt.EmptyRoot
}

// touch notes that the account must be removed after the transaction if it is empty then (EIP-161).
func (account *Account) touch() {
	state := account.state
	if account.touchedIn == state.number {
		return
	}

	state.note(undo{kind: undoTouch, account: account.number, number: uint64(account.touchedIn)})
	account.touchedIn = state.number
	state.touched = append(withRoom(state.touched), account)
}

// SetNonce sets the nonce.
func (account *Account) SetNonce(nonce uint64) {
	account.load()
	account.touch()
	account.state.note(undo{kind: undoNonce, account: account.number, number: account.nonce})
	account.nonce = nonce
}

func (account *Account) setBalance(balance *u256.Int) {
	account.touch()
	account.state.note(undo{kind: undoBalance, account: account.number, value: account.balance})
	account.balance.Set(balance)
}

// AddBalance adds to the balance. Adding nothing touches the account all the same (EIP-161).
func (account *Account) AddBalance(amount *u256.Int) {
	account.load()
	if amount.IsZero() {
		account.touch()
		return
	}

	var sum u256.Int
	sum.Add(&account.balance, amount)
	account.setBalance(&sum)
}

// SubBalance takes from the balance, which must be high enough.
func (account *Account) SubBalance(amount *u256.Int) {
	account.load()
	if amount.IsZero() {
		account.touch()
		return
	}

	var rest u256.Int
	rest.Sub(&account.balance, amount)
	account.setBalance(&rest)
}

// SetCode gives the account code.
func (account *Account) SetCode(code []byte) {
	account.load()
	account.touch()
	state := account.state
	state.note(undo{kind: undoCode, account: account.number, number: uint64(len(state.replaced))})
	state.replaced = append(state.replaced, account.Code())
	account.code = state.newCode(code)
	account.codeHash = account.code.Hash
}

// Create makes the account a new contract's: its nonce is 1 (EIP-161), and it may destroy itself in this transaction
// (EIP-6780). The address must not be taken, see IsTaken.
func (account *Account) Create() {
	account.SetNonce(1)
	account.state.note(undo{kind: undoCreated, account: account.number, number: uint64(account.createdIn)})
	account.createdIn = account.state.number
}

// IsCreated tells whether this transaction created the account.
func (account *Account) IsCreated() bool {
	return account.createdIn == account.state.number
}

// Destroy removes the account at the end of the transaction.
func (account *Account) Destroy() {
	if account.destroyedIn == account.state.number {
		return
	}

	account.touch()
	account.state.note(undo{kind: undoDestroyed, account: account.number, number: uint64(account.destroyedIn)})
	account.destroyedIn = account.state.number
}

// Warm notes that the transaction accesses the account, and tells whether it is the first time (EIP-2929).
func (account *Account) Warm() (wasCold bool) {
	if account.warmIn == account.state.number {
		return false
	}

	account.state.note(undo{kind: undoWarm, account: account.number, number: uint64(account.warmIn)})
	account.warmIn = account.state.number
	return true
}
