package madeup

import (
	"crypto/sha256"
	"encoding/binary"

	"culverin/guest/block"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/rlp"
	"culverin/guest/state"
	"culverin/guest/testkit/wallet"
	"culverin/guest/u256"
)

var (
	emptyRoot     = mpt.EmptyRoot
	hashOfNothing = sha256.Sum256(nil)
)

// L1Block is a block of L1.
type L1Block struct {
	Hash   keccak.Hash
	Header *block.Header
	// System is the configuration as of this block.
	System derive.SystemConfig
	// Deposits are those of this block, as they have to stand in the L2.
	Deposits [][]byte
	// Transactions and Receipts are as the block's tries hold them.
	Transactions, Receipts [][]byte
}

// Number is the block's number.
func (l1 *L1Block) Number() uint64 {
	return l1.Header.Number
}

// L1Transaction is a transaction of L1 and what it brings about.
type L1Transaction struct {
	// Encoded is the transaction as it stands in the block.
	Encoded []byte
	// Failed transactions have no logs that count.
	Failed bool
	// Logs are the events.
	Logs []state.Log
	// Deposit is the transaction of the L2 that the event stands for, without its source hash; nil if there is none.
	Deposit *block.Transaction
	// Update is what the event changes; nil if nothing.
	Update func(system *derive.SystemConfig)
}

// AddL1 appends a block with these transactions.
func (world *World) AddL1(transactions ...L1Transaction) *L1Block {
	made := &L1Block{System: derive.SystemConfig(world.Rollup.Genesis.System)}
	number := uint64(FirstL1 + len(world.L1))
	header := &block.Header{
		UnclesHash: block.EmptyUncles, StateRoot: keccak.Sum([]byte("L1 state")), Number: number,
		GasLimit: 36_000_000, Timestamp: FirstTime, BaseFee: u256.New(7_000_000_000),
		PrevRandao: keccak.Sum([]byte{byte(number)}), ParentBeaconRoot: keccak.Sum([]byte{byte(number), 1}),
		WithdrawalsRoot: emptyRoot,
	}
	if len(world.L1) > 0 {
		parent := world.L1[len(world.L1)-1]
		header.ParentHash, made.System = parent.Hash, parent.System
		header.Timestamp = parent.Header.Timestamp + L1BlockTime + world.Delay
		world.Delay = 0
	}

	var encoded, receipts [][]byte
	var deposits []*block.Transaction
	logs, gas := uint64(0), uint64(0)
	for index := range transactions {
		each := &transactions[index]
		gas += 21_000
		kind := byte(block.LegacyType)
		if each.Encoded[0] < 0xc0 {
			kind = each.Encoded[0]
		}

		receipt := block.NewReceipt(kind, gas, &block.Outcome{Succeeded: !each.Failed, Logs: each.Logs})
		for place := range header.Bloom {
			header.Bloom[place] |= receipt.Bloom[place]
		}

		encoded, receipts = append(encoded, each.Encoded), append(receipts, receipt.Encode())
		if each.Deposit != nil {
			// The source hash needs the block's, which is not known yet: keep the log's place.
			deposit := *each.Deposit
			deposit.Nonce = logs + uint64(len(each.Logs)) - 1
			deposits = append(deposits, &deposit)
		}

		if each.Update != nil {
			each.Update(&made.System)
		}

		logs += uint64(len(each.Logs))
	}

	header.TransactionsRoot, header.ReceiptsRoot = world.list(encoded), world.list(receipts)
	header.GasUsed = gas
	made.Transactions, made.Receipts = encoded, receipts
	made.Header, made.Hash = header, world.put(header.Encode())
	for _, deposit := range deposits {
		deposit.SourceHash = derive.UserSource(made.Hash, deposit.Nonce)
		deposit.Nonce = 0
		made.Deposits = append(made.Deposits, deposit.Encode())
	}

	world.L1 = append(world.L1, made)
	return made
}

// AddL1Until appends empty blocks until one with a number is there.
func (world *World) AddL1Until(number uint64) *L1Block {
	for world.L1[len(world.L1)-1].Number() < number {
		world.AddL1()
	}

	return world.L1[len(world.L1)-1]
}

// Other is a transaction that has nothing to do with the L2, with a log of its own.
func Other() L1Transaction {
	to := block.Address{0xaa}
	return L1Transaction{
		Encoded: sign(Stranger, &block.Transaction{Type: block.DynamicFeeType, To: &to}),
		Logs:    []state.Log{{Address: to, Topics: []keccak.Hash{{1}}, Data: []byte("other")}},
	}
}

// Deposit is a deposit by the portal: from an account to another, minting what it gives.
func Deposit(from, to block.Address, wei, gas uint64) L1Transaction {
	opaque := make([]byte, 73)
	binary.BigEndian.PutUint64(opaque[24:], wei)
	binary.BigEndian.PutUint64(opaque[56:], wei)
	binary.BigEndian.PutUint64(opaque[64:], gas)
	topic := func(address block.Address) (hash keccak.Hash) {
		copy(hash[12:], address[:])
		return hash
	}
	result := Other()
	result.Logs = append(result.Logs, state.Log{
		Address: Portal,
		Topics: []keccak.Hash{
			keccak.Sum([]byte("TransactionDeposited(address,address,uint256,bytes)")), topic(from), topic(to), {},
		},
		Data: eventData(opaque),
	})
	result.Deposit = &block.Transaction{
		Type: block.DepositType, From: from, To: &to, Mint: u256.New(wei), Value: u256.New(wei), GasLimit: gas, Data: []byte{},
	}
	return result
}

// RotateBatcher makes another account the batcher.
func RotateBatcher(batcher block.Address) L1Transaction {
	word := make([]byte, 32)
	copy(word[12:], batcher[:])
	return update(0, word, func(system *derive.SystemConfig) { system.Batcher = batcher })
}

// SetGasLimit changes the gas limit of the L2's blocks.
func SetGasLimit(limit uint64) L1Transaction {
	word := binary.BigEndian.AppendUint64(make([]byte, 24), limit)
	return update(2, word, func(system *derive.SystemConfig) { system.GasLimit = limit })
}

func update(kind byte, content []byte, change func(system *derive.SystemConfig)) L1Transaction {
	result := Other()
	result.Logs = append(result.Logs, state.Log{
		Address: SystemConfig,
		Topics:  []keccak.Hash{keccak.Sum([]byte("ConfigUpdate(uint256,uint8,bytes)")), {}, {31: kind}},
		Data:    eventData(content),
	})
	result.Update = change
	return result
}

// eventData is the ABI's encoding of a byte string.
func eventData(content []byte) []byte {
	data := make([]byte, 64)
	data[31], data[62], data[63] = 32, byte(len(content)>>8), byte(len(content))
	data = append(data, content...)
	return append(data, make([]byte, (32-len(content)%32)%32)...)
}

// Calldata is a call of the inbox with these data.
func Calldata(signer wallet.Key, data []byte) L1Transaction {
	to := Inbox
	return L1Transaction{Encoded: sign(signer, &block.Transaction{Type: block.DynamicFeeType, To: &to, Data: data})}
}

// Blobs is a blob transaction to the inbox, with calldata that count for nothing; each blob carries data of its own. The
// commitments are made up: a program cannot tell.
func (world *World) Blobs(signer wallet.Key, contents ...[]byte) L1Transaction {
	var hashes [][32]byte
	for _, content := range contents {
		blob, err := derive.EncodeBlob(content)
		if err != nil {
			world.t.Fatal(err)
		}

		hashes = append(hashes, world.AddBlob(blob))
	}

	return withBlobs(signer, hashes)
}

// BadBlob is a blob transaction whose blob is of an unknown version.
func (world *World) BadBlob(signer wallet.Key) L1Transaction {
	blob := make([]byte, derive.BlobBytes)
	blob[1] = 1
	return withBlobs(signer, [][32]byte{world.AddBlob(blob)})
}

func withBlobs(signer wallet.Key, hashes [][32]byte) L1Transaction {
	to := Inbox
	return L1Transaction{Encoded: sign(signer, &block.Transaction{
		Type: block.BlobType, To: &to, BlobFeeCap: u256.New(1), BlobHashes: hashes,
		Data: []byte("calldata of blob transactions count for nothing"),
	})}
}

// WithSidecar puts a sidecar beside a blob transaction, as anvil commits to it; what is in it counts for nothing.
func WithSidecar(posted L1Transaction) L1Transaction {
	sidecar := rlp.EncodeList(rlp.EncodeBytes(make([]byte, 1000)))
	posted.Encoded = append([]byte{block.BlobType}, rlp.EncodeList(posted.Encoded[1:], sidecar, sidecar, sidecar)...)
	return posted
}

// BlobOf is the blob with a versioned hash.
func (world *World) BlobOf(versioned [32]byte) []byte {
	versioned[0] = 4
	commitment, blob := world.Preimages[versioned], []byte(nil)
	for _, point := range Points() {
		key := keccak.Sum(commitment, point[:])
		key[0] = 5
		blob = append(blob, world.Preimages[key]...)
	}

	return blob
}

// AddBlob keeps a blob and returns its versioned hash.
func (world *World) AddBlob(blob []byte) [32]byte {
	hash := sha256.Sum256(blob)
	commitment := append([]byte("commitment to: "), hash[:]...)
	commitment = append(commitment, 0)
	versioned := sha256.Sum256(commitment)
	versioned[0] = 4
	world.Preimages[versioned] = commitment
	for place, point := range Points() {
		key := keccak.Sum(commitment, point[:])
		key[0] = 5
		world.Preimages[key] = blob[32*place : 32*place+32]
	}

	versioned[0] = 1
	return versioned
}

// sign makes a transaction of L1.
func sign(signer wallet.Key, transaction *block.Transaction) []byte {
	transaction.ChainID, transaction.HasChainID = L1ChainID, true
	transaction.GasLimit, transaction.FeeCap = 3_200_000, u256.New(10_000_000_000)
	return signer.Sign(transaction).Encoded
}
