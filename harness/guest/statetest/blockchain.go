package statetest

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"culverin/guest/block"
	"culverin/guest/evm"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/rlp"
	"culverin/guest/state"
)

// header is a block's header as the fixtures name its fields.
type header struct {
	Hash             octets   `json:"hash"`
	ParentHash       octets   `json:"parentHash"`
	Coinbase         octets   `json:"coinbase"`
	StateRoot        octets   `json:"stateRoot"`
	ReceiptsRoot     octets   `json:"receiptTrie"`
	Number           quantity `json:"number"`
	GasLimit         quantity `json:"gasLimit"`
	GasUsed          quantity `json:"gasUsed"`
	Timestamp        quantity `json:"timestamp"`
	MixHash          octets   `json:"mixHash"`
	BaseFee          quantity `json:"baseFeePerGas"`
	ExcessBlobGas    quantity `json:"excessBlobGas"`
	ParentBeaconRoot octets   `json:"parentBeaconBlockRoot"`
}

// blockchain is a test of several blocks.
type blockchain struct {
	Network string `json:"network"`
	Genesis header `json:"genesisBlockHeader"`
	Pre     alloc  `json:"pre"`
	Post    alloc  `json:"postState"`
	Blocks  []struct {
		Header header `json:"blockHeader"`
		RLP    octets `json:"rlp"`
	} `json:"blocks"`
}

// networks are the forks of a blockchain test by time: the last whose time has come holds.
var networks = map[string][]struct {
	since uint64
	fork  string
}{
	"Cancun":                  {{0, "Cancun"}},
	"Prague":                  {{0, "Prague"}},
	"CancunToPragueAtTime15k": {{0, "Cancun"}, {15000, "Prague"}},
}

// historyContracts are addresses of the contract that keeps block hashes (EIP-2935): the final one, and those of
// earlier texts of the EIP that fixtures were made by.
var historyContracts = []string{
	"0x0000f90827f1c53a10cb7a02335b175320002935",
	"0x0f792be4b0c0cb4dae440ef133e90c0ecd48cccc",
}

// history finds the address that a test uses: it is the only difference of the contracts.
func (test *blockchain) history() (contract state.Address) {
	for _, name := range historyContracts {
		if _, found := test.Post[name]; found {
			data, _ := hex.DecodeString(name[2:])
			copy(contract[:], data)
			return contract
		}
	}

	return contract
}

// check runs all blocks and tells what is wrong, nothing if all is right.
func (test *blockchain) check(history *state.Address) string {
	source := newStore()
	root, err := source.build(test.Pre)
	if err != nil {
		return err.Error()
	}

	if !bytes.Equal(root[:], test.Genesis.StateRoot) {
		return fmt.Sprintf("state root of the first block 0x%x, expected 0x%x", root, []byte(test.Genesis.StateRoot))
	}

	hashes := map[uint64]keccak.Hash{test.Genesis.Number[0]: toHash(test.Genesis.Hash)}
	for index := range test.Blocks {
		each := &test.Blocks[index]
		fork := test.fork(each.Header.Timestamp[0])
		if fork == nil {
			return fmt.Sprintf("the network %q is not known", test.Network)
		}

		machine := each.Header.machine(state.New(source, root, toHash(each.Header.ParentHash)), fork, hashes)
		if wrong := each.Header.check(machine, each.RLP, history, source.keep); wrong != "" {
			return fmt.Sprintf("block %d: %s", each.Header.Number[0], wrong)
		}

		copy(root[:], each.Header.StateRoot)
		machine.State.NewCode(func(code *state.Code) { source.codes[code.Hash] = code.Bytes })
		hashes[each.Header.Number[0]] = toHash(each.Header.Hash)
	}

	after, err := newStore().build(test.Post)
	switch {
	case err != nil:
		return err.Error()
	case after != root:
		return fmt.Sprintf("last state root 0x%x, expected 0x%x", root, after)
	}

	return ""
}

// machine makes the machine of a block on its parent's state.
func (header *header) machine(world *state.State, fork *fork, hashes map[uint64]keccak.Hash) *evm.Machine {
	machine := evm.New(world, &fork.rules)
	machine.Block = evm.Block{
		Number: header.Number[0], Timestamp: header.Timestamp[0], GasLimit: header.GasLimit[0], ChainID: 1,
		PrevRandao: toHash(header.MixHash), BaseFee: *header.BaseFee.word(),
		BlobBaseFee: block.BlobBaseFee(header.ExcessBlobGas[0], fork.blobFraction),
		Hash:        func(number uint64) keccak.Hash { return hashes[number] },
	}
	copy(machine.Block.Coinbase[:], header.Coinbase)
	return machine
}

// check executes a block and tells what is wrong, nothing if all is right. New nodes of the state go to keep.
func (header *header) check(machine *evm.Machine, encoded []byte, history *state.Address, keep mpt.Store) string {
	block.SystemCall(machine, block.BeaconRoots, header.ParentBeaconRoot)
	if machine.Rules.Prague {
		block.SystemCall(machine, *history, header.ParentHash)
	}

	receipts, gasUsed, err := applyAll(machine, encoded)
	if err != nil {
		return "refused: " + err.Error()
	}

	root, receiptsRoot := machine.State.Commit(keep), mpt.ListRoot(receipts)
	switch {
	case !bytes.Equal(root[:], header.StateRoot):
		return fmt.Sprintf("state root 0x%x, expected 0x%x", root, []byte(header.StateRoot))
	case gasUsed != header.GasUsed[0]:
		return fmt.Sprintf("%d gas used, expected %d", gasUsed, header.GasUsed[0])
	case !bytes.Equal(receiptsRoot[:], header.ReceiptsRoot):
		return fmt.Sprintf("receipts root 0x%x, expected 0x%x", receiptsRoot, []byte(header.ReceiptsRoot))
	}

	return ""
}

func (test *blockchain) fork(timestamp uint64) (found *fork) {
	for _, each := range networks[test.Network] {
		if timestamp >= each.since {
			found = forkByName(each.fork)
		}
	}

	return found
}

// applyAll executes the transactions of a block, [header, transactions, …]: a transaction with a type is a string in
// the list, another a list.
func applyAll(machine *evm.Machine, encoded []byte) (receipts [][]byte, gasUsed uint64, err error) {
	parts, err := rlp.List(encoded)
	if err != nil || len(parts) < 2 {
		return nil, 0, rlp.ErrMalformed
	}

	items, err := parts[1].Items()
	context := block.NewContext(machine)
	for index := 0; err == nil && index < len(items); index++ {
		data := items[index].Content
		if items[index].IsList {
			data = items[index].Raw
		}

		var outcome block.Outcome
		if outcome, err = apply(context, data); err == nil {
			gasUsed += outcome.GasUsed
			receipts = append(receipts, block.NewReceipt(kindOf(data), gasUsed, &outcome).Encode())
		}
	}

	return receipts, gasUsed, err
}

func kindOf(transaction []byte) byte {
	if transaction[0] >= 0xc0 {
		return block.LegacyType
	}

	return transaction[0]
}

func toHash(data []byte) (hash keccak.Hash) {
	copy(hash[:], data)
	return hash
}
