package derive

import (
	"bytes"
	"errors"
	"testing"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/derive/upgrade"
	"culverin/guest/u256"
)

// originAt is an L1 block with a configuration of its own and two deposits.
func originAt(number uint64) *Origin {
	l1 := l1At(number)
	return &Origin{
		Header: &block.Header{
			Number: number, Timestamp: l1.Timestamp, BaseFee: u256.New(7), ExcessBlobGas: 10_000_000,
			PrevRandao: [32]byte{0x71}, ParentBeaconRoot: [32]byte{0x72},
		},
		Hash: l1.Hash,
		System: SystemConfig{
			Batcher: block.Address{0x21}, BaseFeeScalar: 0x41, BlobBaseFeeScalar: 0x42, GasLimit: 30_000_000,
			FeeParameters: [8]byte{3: 250, 7: 6}, OperatorFeeScalar: 0x51, OperatorFeeConstant: 0x52, MinBaseFee: 9,
		},
		Deposits: [][]byte{{0x7e, 1}, {0x7e, 2}},
	}
}

// built makes the block behind a head with the origin 91, or of the next epoch.
func built(t *testing.T, timestamp, origin uint64, transactions ...[]byte) (*Payload, *L1Attributes) {
	t.Helper()
	head := headAt(timestamp-2, 91)
	head.SequenceNumber = 4
	batch := &SingularBatch{EpochNumber: origin, Timestamp: timestamp, Transactions: NewTransactionList(transactions...)}
	payload, err := rollup.Build(batch, head, originAt(origin))
	if err != nil {
		t.Fatal(err)
	}

	first, err := block.Decode(payload.Attributes.Transactions[0])
	if err != nil {
		t.Fatal(err)
	}

	attributes, err := DecodeL1Attributes(first.Data)
	if err != nil {
		t.Fatal(err)
	}

	if first.SourceHash != AttributesSource(l1At(origin).Hash, payload.L1.SequenceNumber) || first.GasLimit != 1_000_000 {
		t.Errorf("%+v", first)
	}

	return payload, attributes
}

func TestBuildInAnEpoch(t *testing.T) {
	payload, attributes := built(t, 2002, 91, []byte{0xc0}, []byte{0xc1, 1})
	found := payload.Attributes
	if payload.DepositCount != 1 || payload.L1.SequenceNumber != 5 || len(found.Transactions) != 3 || payload.IsInvalid ||
		!bytes.Equal(found.Transactions[2], []byte{0xc1, 1}) {
		t.Errorf("%+v", payload)
	}

	if found.Timestamp != 2002 || found.PrevRandao != [32]byte{0x71} || found.ParentBeaconRoot != [32]byte{0x72} ||
		found.GasLimit != 30_000_000 || !found.HasFeeParameters || found.FeeParameters != [8]byte{3: 250, 7: 6} ||
		found.HasMinBaseFee || found.FeeRecipient != (block.Address{0: 0x42, 19: 0x11}) {
		t.Errorf("%+v", found)
	}

	// e^(10,000,000 / 3,338,477) = 19.99…
	expected := L1Attributes{
		Form: EcotoneAttributes, Number: 91, Timestamp: 1992, BaseFee: u256.New(7), BlobBaseFee: u256.New(19),
		Hash: l1At(91).Hash, SequenceNumber: 5, BatcherHash: [32]byte{12: 0x21}, BaseFeeScalar: 0x41, BlobBaseFeeScalar: 0x42,
	}
	if *attributes != expected {
		t.Errorf("%+v", attributes)
	}
}

func TestBuildTheFirstOfAnEpoch(t *testing.T) {
	payload, attributes := built(t, 2004, 92, []byte{0xc0})
	transactions := payload.Attributes.Transactions
	if payload.DepositCount != 3 || payload.L1.SequenceNumber != 0 || attributes.SequenceNumber != 0 || len(transactions) != 4 ||
		!bytes.Equal(transactions[1], []byte{0x7e, 1}) || !bytes.Equal(transactions[2], []byte{0x7e, 2}) {
		t.Errorf("%+v", payload)
	}

	payload.DepositsOnly()
	if len(payload.Attributes.Transactions) != 3 {
		t.Errorf("%x", payload.Attributes.Transactions)
	}
}

func TestFormsByFork(t *testing.T) {
	for timestamp, form := range map[uint64]AttributesForm{
		4998: EcotoneAttributes, 5002: IsthmusAttributes, 5998: IsthmusAttributes, 6002: JovianAttributes,
	} {
		payload, attributes := built(t, timestamp, 91)
		if attributes.Form != form || payload.Attributes.HasMinBaseFee != (timestamp >= 6000) {
			t.Errorf("%d: %+v, %+v", timestamp, attributes, payload.Attributes)
		}

		if form >= IsthmusAttributes && (attributes.OperatorFeeScalar != 0x51 || attributes.OperatorFeeConstant != 0x52) {
			t.Errorf("%d: %+v", timestamp, attributes)
		}

		if form == JovianAttributes && (attributes.DAFootprintScalar != 400 || payload.Attributes.MinBaseFee != 9) {
			t.Errorf("%d: %+v", timestamp, attributes)
		}
	}
}

// TestFirstBlocksOfForks have the fork's deposits behind those of users, before the sequencer's transactions, and speak of
// L1 in the form before.
func TestFirstBlocksOfForks(t *testing.T) {
	for timestamp, one := range map[uint64]struct {
		fork config.Fork
		form AttributesForm
	}{5000: {config.Isthmus, EcotoneAttributes}, 6000: {config.Jovian, IsthmusAttributes}} {
		payload, attributes := built(t, timestamp, 92, []byte{0xc0})
		expected := append([][]byte{{0x7e, 1}, {0x7e, 2}}, upgrade.Deposits(one.fork)...)
		found := payload.Attributes.Transactions
		if payload.DepositCount != 1+len(expected) || len(found) != 2+len(expected) || attributes.Form != one.form {
			t.Fatalf("%s: %d of %d, %+v", one.fork, payload.DepositCount, len(found), attributes)
		}

		for index, deposit := range expected {
			if !bytes.Equal(found[1+index], deposit) {
				t.Errorf("%s: %d: %x", one.fork, index, found[1+index])
			}
		}

		if payload, _ = built(t, timestamp+2, 91); payload.DepositCount != 1 {
			t.Errorf("the block after the first of %s has %d deposits", one.fork, payload.DepositCount)
		}
	}
}

// TestFirstBlocksBeforeHolocene come with deposits that are not here: unknown, not built without them.
func TestFirstBlocksBeforeHolocene(t *testing.T) {
	for _, fork := range []config.Fork{config.Ecotone, config.Fjord} {
		later := *rollup
		later.Chain = &config.Chain{ID: 10, Times: rollup.Chain.Times}
		for each := fork; each <= config.Holocene; each++ {
			later.Chain.Times[each] = 2000
		}

		_, err := later.Build(&SingularBatch{EpochNumber: 91, Timestamp: 2000}, headAt(1998, 91), originAt(91))
		var unknown *config.UnknownRulesError
		if !errors.As(err, &unknown) {
			t.Errorf("%s: %v", fork, err)
		}
	}
}

// TestHolocenesFirstBlock: zeros stand for the constants.
func TestHolocenesFirstBlock(t *testing.T) {
	later := *rollup
	later.Chain = &config.Chain{ID: 10, Times: [config.ForkCount]uint64{
		config.Holocene: 2002, config.Isthmus: config.Never, config.Jovian: config.Never,
	}}
	for timestamp, parameters := range map[uint64][8]byte{2000: {}, 2002: {}, 2004: {3: 250, 7: 6}} {
		batch := &SingularBatch{EpochNumber: 91, Timestamp: timestamp}
		payload, err := later.Build(batch, headAt(timestamp-2, 91), originAt(91))
		if err != nil || payload.Attributes.FeeParameters != parameters ||
			payload.Attributes.HasFeeParameters != (timestamp >= 2002) {
			t.Errorf("%d: %v, %+v", timestamp, err, payload)
		}
	}
}

// TestMoreTransactionsThanGas: no block can be made of them, and nothing is allocated for them.
func TestMoreTransactionsThanGas(t *testing.T) {
	most := 30_000_000 / 21_000
	for count, isInvalid := range map[int]bool{most: false, most + 1: true, 20_000_000: true} {
		batch := &SingularBatch{EpochNumber: 91, Timestamp: 2002, Transactions: make(TransactionList, count)}
		var payload *Payload
		used := allocated(func() {
			var err error
			if payload, err = rollup.Build(batch, headAt(2000, 91), originAt(91)); err != nil {
				t.Fatal(err)
			}
		})
		if payload.IsInvalid != isInvalid || isInvalid && len(payload.Attributes.Transactions) != 1 ||
			!isInvalid && len(payload.Attributes.Transactions) != 1+count || used > 1<<20 {
			t.Errorf("%d: %v, %d transactions, %d bytes", count, payload.IsInvalid, len(payload.Attributes.Transactions), used)
		}
	}
}

func TestBlobFees(t *testing.T) {
	for _, one := range []struct{ time, excess, fee uint64 }{
		{999, 10_000_000, 1}, {1000, 0, 1}, {2999, 10_000_000, 19}, {3000, 10_000_000, 7},
	} {
		if fee := rollup.blobBaseFee(one.time, one.excess); fee != u256.New(one.fee) {
			t.Errorf("%+v: %v", one, fee)
		}
	}
}
