package block

import (
	"culverin/guest/config"
	"culverin/guest/evm"
	"culverin/guest/mpt"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// Maker makes one block, one transaction after the other.
type Maker struct {
	result       *Result
	context      *Context
	world        *state.State
	transactions [][]byte
}

// Begin starts the block that follows a parent, up to its first transaction; those in the attributes are left to Add.
// The errors are those of Execute.
func Begin(l2 *config.Chain, source Source, parent *Header, attributes *Attributes) (*Maker, error) {
	rules, err := l2.Rules(attributes.Timestamp)
	if err != nil {
		return nil, err
	}

	header, err := startHeader(l2, rules, parent, attributes)
	if err != nil {
		return nil, err
	}

	world := state.New(source, parent.StateRoot, header.ParentHash)
	machine := evm.New(world, rules)
	machine.Block = evm.Block{
		Coinbase: header.Coinbase, Number: header.Number, Timestamp: header.Timestamp, GasLimit: header.GasLimit,
		ChainID: l2.ID, PrevRandao: header.PrevRandao, BaseFee: header.BaseFee,
		// exec-engine.md, "Ecotone: disable Blob-transactions": BLOBBASEFEE is always 1.
		BlobBaseFee: u256.New(1),
		Hash:        newAncestors(source, parent, header.ParentHash).hash,
	}
	BeginBlock(machine, header.ParentHash, header.ParentBeaconRoot)
	context := NewContext(machine)
	context.IsFirstOfEcotone = !l2.IsActive(config.Ecotone, parent.Timestamp)
	return &Maker{result: &Result{Header: header}, context: context, world: world}, nil
}

// Add executes the next transaction, as it stands in a block, and makes its receipt. After an *InvalidError the block is
// as before, and goes on without it.
func (maker *Maker) Add(encoded []byte) error {
	transaction, err := Decode(encoded)
	if err != nil {
		return &InvalidError{"a transaction is malformed"}
	}

	sender, err := Sender(transaction)
	if err != nil {
		return err
	}

	header, footprint := maker.result.Header, uint64(0)
	if maker.context.rules().Jovian && !transaction.IsDeposit() {
		// jovian/exec-engine.md, "DA Footprint Block Limit".
		footprint = maker.context.l1().footprint(transaction)
		if header.BlobGasUsed+footprint > header.GasLimit {
			return &InvalidError{"the block brings more data to L1 than its gas limit allows"}
		}
	}

	outcome, err := ApplyTransaction(maker.context, transaction, sender)
	if err != nil {
		return err
	}

	header.GasUsed += outcome.GasUsed
	header.BlobGasUsed += footprint
	receipt := NewReceipt(transaction.Type, header.GasUsed, &outcome)
	maker.result.Receipts = append(maker.result.Receipts, receipt)
	maker.transactions = append(maker.transactions, encoded)
	for index := range header.Bloom {
		header.Bloom[index] |= receipt.Bloom[index]
	}

	return nil
}

// GasLeft is the gas that the block still has room for.
func (maker *Maker) GasLeft() uint64 {
	return maker.context.GasLeft
}

// Transactions are those that stand in the block so far.
func (maker *Maker) Transactions() [][]byte {
	return maker.transactions
}

// Seal fills in what execution brought about. Trie nodes and code that are new are handed to store, if there is one. It
// is the last thing that is done with the block.
func (maker *Maker) Seal(store mpt.Store) *Result {
	result, header := maker.result, maker.result.Header
	header.StateRoot = maker.world.Commit(store)
	if store != nil {
		maker.world.NewCode(func(code *state.Code) { store(code.Hash, code.Bytes) })
	}

	header.TransactionsRoot = mpt.ListRoot(maker.transactions)
	receipts := make([][]byte, len(result.Receipts))
	for index, receipt := range result.Receipts {
		receipts[index] = receipt.Encode()
	}

	header.ReceiptsRoot = mpt.ListRoot(receipts)

	// There are no withdrawals on L2. Since Isthmus the field holds the message passer's storage root instead
	// (isthmus/exec-engine.md, "`L2ToL1MessagePasser` Storage Root in Header").
	header.WithdrawalsRoot = mpt.EmptyRoot
	if maker.context.rules().Isthmus {
		result.MessagePasserRoot = maker.world.StorageRoot(messagePasser)
		header.WithdrawalsRoot = result.MessagePasserRoot
		header.RequestsHash, header.HasRequests = emptyRequests, true
	}

	return result
}
