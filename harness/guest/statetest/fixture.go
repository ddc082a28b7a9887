// Package statetest runs Ethereum's official tests: state tests (one transaction on a made-up state) and those
// blockchain tests whose blocks need nothing that only L1 has. It is for native programs and tests.
package statetest

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/oracle"
	"culverin/guest/rlp"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// octets is a byte string, in hex after "0x".
type octets []byte

func (value *octets) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}

	decoded, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	*value = decoded
	return err
}

// quantity is a number, in hex after "0x" or in decimal digits; leading zeros are allowed.
type quantity u256.Int

func (value *quantity) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}

	number, isNumber := new(big.Int).SetString(strings.TrimPrefix(text, "0x"), 16)
	if !strings.HasPrefix(text, "0x") {
		number, isNumber = new(big.Int).SetString(text, 10)
	}

	if !isNumber || number.Sign() < 0 || number.BitLen() > 256 {
		return fmt.Errorf("%q is no number of 256 bits", text)
	}

	(*u256.Int)(value).SetBytes(number.Bytes())
	return nil
}

func (value *quantity) word() *u256.Int {
	return (*u256.Int)(value)
}

func (value *quantity) uint64() (uint64, error) {
	if !value.word().IsUint64() {
		return 0, fmt.Errorf("%x does not fit 64 bits", value.word().Bytes32())
	}

	return value[0], nil
}

// account is an account of a fixture's state.
type account struct {
	Nonce   quantity            `json:"nonce"`
	Balance quantity            `json:"balance"`
	Code    octets              `json:"code"`
	Storage map[string]quantity `json:"storage"`
}

// alloc is a whole state, by address.
type alloc map[string]account

// store holds what a state consists of.
type store struct {
	nodes, codes map[keccak.Hash][]byte
}

func newStore() *store {
	return &store{map[keccak.Hash][]byte{}, map[keccak.Hash][]byte{}}
}

func (source *store) Node(hash keccak.Hash) []byte {
	return find(source.nodes, hash, "a trie node is missing:")
}

func (source *store) Code(hash keccak.Hash) []byte {
	return find(source.codes, hash, "code is missing:")
}

func find(values map[keccak.Hash][]byte, hash keccak.Hash, complaint string) []byte {
	value, found := values[hash]
	if !found {
		oracle.Fail(complaint, hash[:])
	}

	return value
}

func (source *store) keep(hash keccak.Hash, encoded []byte) {
	source.nodes[hash] = append([]byte(nil), encoded...)
}

// build puts a state's nodes and code into a store and returns its root.
func (source *store) build(accounts alloc) (keccak.Hash, error) {
	world := mpt.Open(source, mpt.EmptyRoot)
	for name, each := range accounts {
		address, err := parseBytes(name, 20)
		if err != nil {
			return keccak.Hash{}, err
		}

		storage := mpt.Open(source, mpt.EmptyRoot)
		for place, value := range each.Storage {
			if value.word().IsZero() {
				continue
			}

			var number quantity
			if err = number.UnmarshalJSON([]byte(strconv.Quote(place))); err != nil {
				return keccak.Hash{}, err
			}

			data := number.word().Bytes32()
			key := keccak.Sum(data[:])
			storage.Put(append([]byte(nil), key[:]...), rlp.EncodeBytes(value.word().Trimmed()))
		}

		nonce, err := each.Nonce.uint64()
		if err != nil {
			return keccak.Hash{}, err
		}

		codeHash := keccak.Sum(each.Code)
		source.codes[codeHash] = each.Code
		key := keccak.Sum(address)
		encoded := state.EncodeAccount(nonce, each.Balance.word(), storage.Root(source.keep), codeHash)
		world.Put(append([]byte(nil), key[:]...), encoded)
	}

	return world.Root(source.keep), nil
}

func parseBytes(text string, length int) ([]byte, error) {
	data, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err == nil && len(data) != length {
		err = fmt.Errorf("%q has not %d bytes", text, length)
	}

	return data, err
}
