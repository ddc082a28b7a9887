// Package genesis makes an L2's first block from a genesis.json in the form of op-geth.
package genesis

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/node/hexjson"
	"culverin/guest/rlp"
	"culverin/guest/state"
	"culverin/guest/strictjson"
	"culverin/guest/u256"
)

// usualGasLimit holds where the file names none.
const usualGasLimit = 4_712_388

// usualBaseFee in wei holds where the file names none (EIP-1559, INITIAL_BASE_FEE).
const usualBaseFee = 1_000_000_000

// messagePasser has the withdrawals (predeploys.md).
var messagePasser = block.Address{0: 0x42, 19: 0x16}

// emptyRequests: sha256 of nothing (EIP-7685).
var emptyRequests = keccak.Hash{
	0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
}

// rules refuse what another reader of the file could understand otherwise.
var rules = &strictjson.Rules{
	Values: []string{
		"config", "config.chainId", "nonce", "timestamp", "extraData", "gasLimit", "difficulty", "mixHash", "coinbase", "alloc",
		"number", "gasUsed", "parentHash", "alloc.*.balance", "alloc.*.nonce", "alloc.*.code",
	},
	Optional: []string{"baseFeePerGas", "excessBlobGas", "blobGasUsed", "alloc.*.storage"},
}

// Genesis is the first block, with all nodes and code of its state by their hash.
type Genesis struct {
	Header *block.Header
	Data   map[keccak.Hash][]byte
}

// file is a genesis.json. Numbers may be JSON numbers, decimal digits or hex ones.
type file struct {
	Config        *chainForm              `json:"config"`
	Nonce         number                  `json:"nonce"`
	Timestamp     number                  `json:"timestamp"`
	ExtraData     hexjson.Bytes           `json:"extraData"`
	GasLimit      number                  `json:"gasLimit"`
	Difficulty    number                  `json:"difficulty"`
	MixHash       hexjson.Hash            `json:"mixHash"`
	Coinbase      hexjson.Address         `json:"coinbase"`
	Alloc         map[string]*accountForm `json:"alloc"`
	Number        number                  `json:"number"`
	GasUsed       number                  `json:"gasUsed"`
	ParentHash    hexjson.Hash            `json:"parentHash"`
	BaseFee       *number                 `json:"baseFeePerGas"`
	ExcessBlobGas *number                 `json:"excessBlobGas"`
	BlobGasUsed   *number                 `json:"blobGasUsed"`
}

type chainForm struct {
	ChainID *number `json:"chainId"`
}

type accountForm struct {
	Balance number            `json:"balance"`
	Nonce   number            `json:"nonce"`
	Code    hexjson.Bytes     `json:"code"`
	Storage map[string]string `json:"storage"`
}

// number is of at most 256 bits.
type number struct {
	value u256.Int
}

func (target *number) UnmarshalJSON(data []byte) error {
	text, base := strings.Trim(string(data), `"`), 10
	if len(text) > 2 && (text[:2] == "0x" || text[:2] == "0X") {
		text, base = text[2:], 16
	}

	value, isNumber := new(big.Int).SetString(text, base)
	if !isNumber || value.Sign() < 0 || value.BitLen() > 8*u256.Bytes {
		return errors.New("a number is none, or too large")
	}

	target.value.SetBytes(value.Bytes())
	return nil
}

func (target *number) uint64(problem *error) uint64 {
	if !target.value.IsUint64() && *problem == nil {
		*problem = errors.New("genesis: a number has more than 64 bits")
	}

	return target.value.Uint64()
}

// Parse makes the block of a file. The forks of the file's configuration do not count, those of the chain do; its chain
// id must be the chain's.
func Parse(data []byte, chain *config.Chain) (*Genesis, error) {
	if err := strictjson.Check(data, rules); err != nil {
		return nil, fmt.Errorf("genesis: %w", err)
	}

	var form file
	if err := json.Unmarshal(data, &form); err != nil {
		return nil, fmt.Errorf("genesis: %w", err)
	}

	var problem error
	if form.Config == nil || form.Config.ChainID == nil {
		return nil, errors.New("genesis: config.chainId is missing")
	}

	if id := form.Config.ChainID.uint64(&problem); problem != nil || id != chain.ID {
		return nil, fmt.Errorf("genesis: the chain's id is %d, in the rollup configuration %d", id, chain.ID)
	}

	genesis := &Genesis{Data: map[keccak.Hash][]byte{}}
	root, messages, err := genesis.build(form.Alloc)
	if err != nil {
		return nil, err
	}

	header := &block.Header{
		ParentHash: keccak.Hash(form.ParentHash), UnclesHash: block.EmptyUncles, Coinbase: block.Address(form.Coinbase),
		StateRoot: root, TransactionsRoot: mpt.EmptyRoot, ReceiptsRoot: mpt.EmptyRoot, Difficulty: form.Difficulty.value,
		Number: form.Number.uint64(&problem), GasLimit: form.GasLimit.uint64(&problem),
		GasUsed: form.GasUsed.uint64(&problem), Timestamp: form.Timestamp.uint64(&problem),
		ExtraData: form.ExtraData, PrevRandao: form.MixHash, BaseFee: u256.New(usualBaseFee),
		WithdrawalsRoot: mpt.EmptyRoot,
	}
	nonce := form.Nonce.uint64(&problem)
	for index := range header.Nonce {
		header.Nonce[index] = byte(nonce >> (56 - 8*uint(index)))
	}

	if form.BaseFee != nil {
		header.BaseFee = form.BaseFee.value
	}

	if header.GasLimit == 0 {
		header.GasLimit = usualGasLimit
	}

	if form.ExcessBlobGas != nil {
		header.ExcessBlobGas = form.ExcessBlobGas.uint64(&problem)
	}

	if form.BlobGasUsed != nil {
		header.BlobGasUsed = form.BlobGasUsed.uint64(&problem)
	}

	if problem != nil {
		return nil, problem
	}

	forks, err := chain.Rules(header.Timestamp)
	if err != nil {
		return nil, err
	}

	if forks.Isthmus {
		header.WithdrawalsRoot = messages
		header.HasRequests, header.RequestsHash = true, emptyRequests
	}

	genesis.Header = header
	return genesis, nil
}

// build makes the state's tries. Accounts of the file exist even where they are empty.
func (genesis *Genesis) build(alloc map[string]*accountForm) (root, messages keccak.Hash, err error) {
	accounts := mpt.Open(nil, mpt.EmptyRoot)
	messages = mpt.EmptyRoot
	seen := map[hexjson.Address]bool{}
	for name, form := range alloc {
		if !strings.HasPrefix(name, "0x") {
			name = "0x" + name
		}

		var address hexjson.Address
		if err := address.UnmarshalText([]byte(name)); err != nil || form == nil {
			return root, messages, errors.New("genesis: alloc names an account that is none")
		}

		if seen[address] {
			return root, messages, fmt.Errorf("genesis: alloc names the account 0x%x twice", address)
		}

		seen[address] = true

		storage, err := genesis.storage(form.Storage)
		if err != nil {
			return root, messages, err
		}

		if block.Address(address) == messagePasser {
			messages = storage
		}

		var problem error
		code := state.EmptyCodeHash
		if len(form.Code) > 0 {
			code = keccak.Sum(form.Code)
			genesis.put(code, form.Code)
		}

		encoded := state.EncodeAccount(form.Nonce.uint64(&problem), &form.Balance.value, storage, code)
		if problem != nil {
			return root, messages, problem
		}

		key := keccak.Sum(address[:])
		accounts.Put(key[:], encoded)
	}

	return accounts.Root(genesis.put), messages, nil
}

func (genesis *Genesis) storage(form map[string]string) (root keccak.Hash, err error) {
	trie := mpt.Open(nil, mpt.EmptyRoot)
	seen := map[u256.Int]bool{}
	for place, content := range form {
		slot, err := storageWord(place)
		switch {
		case err != nil:
			return root, err
		case seen[slot]:
			return root, fmt.Errorf("genesis: a slot of an account's storage is there twice: %s", place)
		}

		seen[slot] = true

		value, err := storageWord(content)
		if err != nil {
			return root, err
		}

		if !value.IsZero() {
			digits := slot.Bytes32()
			key := keccak.Sum(digits[:])
			trie.Put(key[:], rlp.EncodeBytes(value.Trimmed()))
		}
	}

	return trie.Root(genesis.put), nil
}

// storageWord reads up to 64 digits, with or without zeros in front.
func storageWord(text string) (word u256.Int, err error) {
	digits := strings.TrimPrefix(text, "0x")
	if len(digits)%2 != 0 {
		digits = "0" + digits
	}

	var data hexjson.Bytes
	if err := data.UnmarshalText([]byte("0x" + digits)); err != nil || len(data) > u256.Bytes {
		return word, errors.New("genesis: a word of an account's storage is none")
	}

	word.SetBytes(data)
	return word, nil
}

func (genesis *Genesis) put(hash keccak.Hash, data []byte) {
	genesis.Data[hash] = append([]byte(nil), data...)
}
