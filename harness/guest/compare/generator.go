package compare

import (
	"fmt"
	"math/rand"

	"culverin/guest/block"
	"culverin/guest/testkit/accounts"
	"culverin/guest/testkit/wallet"
	"culverin/guest/u256"
)

// ChainID is the compared chain's.
const ChainID = 901

// Keys of accounts: those that send, and those that only sign authorizations.
const (
	senderCount    = 48
	authorityCount = 12
	firstAuthority = 1000
)

// Kind says what a transaction is meant to do.
type Kind string

// The kinds.
const (
	KindCreate     Kind = "create"
	KindCall       Kind = "call"
	KindDelegate   Kind = "7702"
	KindDeposit    Kind = "deposit"
	KindTransfer   Kind = "transfer"
	KindInvalid    Kind = "invalid"
	KindPrecompile Kind = "precompile"
)

// Made is a random transaction.
type Made struct {
	// Kind and Note say what it is meant to do.
	Kind Kind
	Note string
	// Transaction is complete and signed.
	Transaction *block.Transaction
}

// Generator makes transactions that depend on the state.
type Generator struct {
	random *rand.Rand
	// World is the state after the last block.
	World accounts.World
	// BaseFee is that of the next block at most, in wei.
	BaseFee uint64

	senders     []wallet.Key
	authorities []wallet.Key
	contracts   []block.Address
	deposits    int
}

// NewGenerator starts with a seed.
func NewGenerator(seed int64) *Generator {
	generator := &Generator{random: rand.New(rand.NewSource(seed)), World: accounts.World{}}
	for index := 1; index <= senderCount; index++ {
		generator.senders = append(generator.senders, wallet.Key(index))
	}

	for index := 0; index < authorityCount; index++ {
		generator.authorities = append(generator.authorities, wallet.Key(firstAuthority+index))
	}

	return generator
}

// Holders are the accounts that need a balance: those that send, and those that sign authorizations, since the node takes
// an account that does not exist for one that is there and empty, and gives gas back for it (EIP-7702, "Behavior").
func (generator *Generator) Holders() (addresses []block.Address) {
	for _, key := range append(append([]wallet.Key(nil), generator.senders...), generator.authorities...) {
		addresses = append(addresses, key.Address())
	}

	return addresses
}

// SetWorld takes over the state after a block.
func (generator *Generator) SetWorld(world accounts.World) {
	generator.World = world
	generator.contracts = generator.contracts[:0]
	for _, address := range world.Sorted() {
		if len(world[address].Code) > 0 {
			generator.contracts = append(generator.contracts, address)
		}
	}
}

// addresses are accounts of all sorts: contracts, others, precompiles and ones that do not exist.
func (generator *Generator) addresses() (addresses []block.Address) {
	pick := func() block.Address {
		switch generator.random.Intn(10) {
		case 0:
			return block.Address{19: byte(1 + generator.random.Intn(0x12))}
		case 1:
			return block.Address{18: 1}
		case 2:
			return generator.senders[generator.random.Intn(senderCount)].Address()
		case 3:
			return block.Address{0xee, 19: byte(generator.random.Intn(8))}
		case 4:
			return generator.authorities[generator.random.Intn(authorityCount)].Address()
		}

		return generator.contract()
	}
	for count := 0; count < 6; count++ {
		addresses = append(addresses, pick())
	}

	return addresses
}

func (generator *Generator) contract() block.Address {
	if len(generator.contracts) == 0 {
		return block.Address{0xcc}
	}

	return generator.contracts[generator.random.Intn(len(generator.contracts))]
}

// Block makes the transactions of a block: one of each sender at most.
func (generator *Generator) Block(count int) (made []Made) {
	order := generator.random.Perm(senderCount)
	for index := 0; index < count; index++ {
		made = append(made, generator.make(generator.senders[order[index]]))
	}

	return made
}

func (generator *Generator) make(key wallet.Key) Made {
	switch chance := generator.random.Intn(100); {
	case chance < 33:
		return generator.signed(key, KindCreate, &block.Transaction{
			Data: generator.initCode(generator.random.Intn(14)), GasLimit: 60_000 + uint64(generator.random.Intn(1_500_000)),
		})
	case chance < 61:
		target := generator.contract()
		return generator.signed(key, KindCall, &block.Transaction{
			To: &target, Data: generator.input(), GasLimit: 40_000 + uint64(generator.random.Intn(1_000_000)),
		})
	case chance < 75:
		return generator.delegation(key)
	case chance < 87:
		return generator.deposit()
	case chance < 92:
		target := block.Address{19: byte(1 + generator.random.Intn(0x11))}
		return generator.signed(key, KindPrecompile, &block.Transaction{To: &target, Data: generator.input(), GasLimit: 300_000})
	case chance < 97:
		return generator.transfer(key)
	}

	return generator.invalid(key)
}

func (generator *Generator) input() []byte {
	lengths := []int{0, 4, 32, 64, 68, 96, 128, 160, 192, 213, 300, 1000}
	data := make([]byte, lengths[generator.random.Intn(len(lengths))])
	if generator.random.Intn(2) == 0 {
		generator.random.Read(data)
	} else {
		for index := range data {
			if generator.random.Intn(6) == 0 {
				data[index] = byte(generator.random.Intn(256))
			}
		}
	}

	return data
}

// signed completes a transaction of a random type that can have what it has.
func (generator *Generator) signed(key wallet.Key, kind Kind, transaction *block.Transaction) Made {
	random := generator.random
	if random.Intn(4) == 0 {
		transaction.Value = u256.New(uint64(random.Intn(1000)))
	}

	if len(transaction.Authorizations) > 0 {
		transaction.Type = block.SetCodeType
	} else {
		transaction.Type = []byte{block.LegacyType, block.LegacyType, block.AccessListType, block.DynamicFeeType,
			block.DynamicFeeType, block.DynamicFeeType}[random.Intn(6)]
	}

	transaction.ChainID, transaction.HasChainID = ChainID, true
	if transaction.Type == block.LegacyType && random.Intn(3) == 0 {
		transaction.ChainID, transaction.HasChainID = 0, false
	}

	if transaction.Type != block.LegacyType && random.Intn(3) == 0 {
		for _, address := range generator.addresses() {
			access := block.Access{Address: address}
			for count := random.Intn(3); count > 0; count-- {
				access.Slots = append(access.Slots, [32]byte{31: byte(random.Intn(4))})
			}

			transaction.AccessList = append(transaction.AccessList, access)
		}
	}

	price := 2*generator.BaseFee + uint64(random.Intn(1_000_000_000))
	transaction.FeeCap, transaction.TipCap = u256.New(price), u256.New(price)
	if transaction.Type == block.DynamicFeeType || transaction.Type == block.SetCodeType {
		transaction.TipCap = u256.New(uint64(random.Intn(3)) * uint64(random.Intn(2_000_000_000)))
		if transaction.FeeCap.IsBelow(&transaction.TipCap) {
			transaction.TipCap = transaction.FeeCap
		}
	}

	transaction.Nonce = generator.nonce(key)
	return Made{Kind: kind, Transaction: key.Sign(transaction)}
}

func (generator *Generator) nonce(key wallet.Key) uint64 {
	if account, found := generator.World[key.Address()]; found {
		return account.Nonce
	}

	return 0
}

// transfer sends a little; seldom so much data with it that their size counts in other ways.
func (generator *Generator) transfer(key wallet.Key) Made {
	target := generator.addresses()[0]
	transaction := &block.Transaction{To: &target, GasLimit: 21_000 + uint64(generator.random.Intn(200_000))}
	if generator.random.Intn(20) == 0 {
		transaction.Data = make([]byte, 60_000+generator.random.Intn(30_000))
		for index := range transaction.Data {
			if generator.random.Intn(3) == 0 {
				transaction.Data[index] = byte(generator.random.Intn(256))
			}
		}

		transaction.GasLimit = 5_000_000
	}

	return generator.signed(key, KindTransfer, transaction)
}

// delegation has authorizations, some of which do not hold, and calls an account that may be delegated.
func (generator *Generator) delegation(key wallet.Key) Made {
	random := generator.random
	target := generator.addresses()[0]
	if random.Intn(2) == 0 {
		target = generator.authorities[random.Intn(authorityCount)].Address()
	}

	transaction := &block.Transaction{To: &target, Data: generator.input(), GasLimit: 300_000 + uint64(random.Intn(800_000))}
	for count := 1 + random.Intn(3); count > 0; count-- {
		signer := generator.authorities[random.Intn(authorityCount)]
		authorization := block.Authorization{
			ChainID: u256.New(ChainID), Address: generator.addresses()[0], Nonce: generator.nonce(signer),
		}
		switch random.Intn(12) {
		case 0:
			authorization.ChainID = u256.New(1)
		case 1, 2:
			authorization.ChainID = u256.New(0)
		case 3, 4:
			authorization.Address = block.Address{}
		case 5:
			authorization.Nonce++
		case 6:
			// The sender for itself, whose nonce counts first.
			signer = key
			authorization.Nonce = generator.nonce(key) + 1
		}

		authorization = signer.Authorize(authorization)
		switch random.Intn(20) {
		case 1:
			authorization.Parity = 27
		case 2:
			authorization.S = [32]byte{}
		case 3:
			authorization.S[0] |= 0xf0
		}

		transaction.Authorizations = append(transaction.Authorizations, authorization)
	}

	return generator.signed(key, KindDelegate, transaction)
}

// deposit comes from an account without a key, each time another: a node's pool holds one deposit of a sender.
func (generator *Generator) deposit() Made {
	random := generator.random
	generator.deposits++
	transaction := &block.Transaction{
		Type: block.DepositType, From: block.Address{0xde, byte(generator.deposits >> 8), byte(generator.deposits)},
		SourceHash: [32]byte{0xde, byte(generator.deposits >> 8), byte(generator.deposits)},
		Mint:       u256.New(uint64(random.Intn(2)) * uint64(random.Intn(1_000_000))),
		Value:      u256.New(uint64(random.Intn(2)) * uint64(random.Intn(1_500_000))),
		GasLimit:   60_000 + uint64(random.Intn(1_000_000)),
	}
	if random.Intn(3) == 0 {
		transaction.Data = generator.initCode(random.Intn(12))
	} else {
		target := generator.addresses()[0]
		transaction.To, transaction.Data = &target, generator.input()
	}

	transaction.Encoded = transaction.Encode()
	return Made{Kind: KindDeposit, Transaction: transaction}
}

// invalid makes a transaction that cannot stand in a block.
func (generator *Generator) invalid(key wallet.Key) Made {
	target := generator.contract()
	transaction := &block.Transaction{To: &target, GasLimit: 100_000}
	note := ""
	var made Made
	switch which := generator.random.Intn(6); which {
	case 0:
		transaction.GasLimit, note = 20_999, "intrinsic gas"
	case 1:
		transaction.Data, transaction.GasLimit, note = make([]byte, 3000), 21_000+4*3000, "floor gas"
	case 2:
		transaction.To, transaction.Data, transaction.GasLimit, note = nil, make([]byte, 49_153), 5_000_000, "initcode length"
	case 3:
		transaction.Value, note = u256.New(1<<63), "balance"
		transaction.Value.ShiftLeft(&transaction.Value, 40)
	}

	made = generator.signed(key, KindInvalid, transaction)
	switch note {
	case "":
		note = "chain id"
		made.Transaction.Type, made.Transaction.ChainID, made.Transaction.HasChainID = block.DynamicFeeType, ChainID+1, true
		if generator.random.Intn(2) == 0 && made.Transaction.Nonce > 0 {
			note = "nonce"
			made.Transaction.ChainID = ChainID
			made.Transaction.Nonce--
		}

		made.Transaction = key.Sign(made.Transaction)
	case "balance":
		// Values are made random where there are none; this one stays.
		made.Transaction.Value = u256.New(1 << 63)
		made.Transaction.Value.ShiftLeft(&made.Transaction.Value, 40)
		made.Transaction = key.Sign(made.Transaction)
	}

	made.Note = note
	return made
}

// String describes a transaction in one line.
func (made Made) String() string {
	to := "none"
	if made.Transaction.To != nil {
		to = fmt.Sprintf("0x%x", made.Transaction.To[:])
	}

	return fmt.Sprintf("%s %s type %d to %s: 0x%x", made.Kind, made.Note, made.Transaction.Type, to, made.Transaction.Encoded)
}
