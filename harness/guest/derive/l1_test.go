package derive

import (
	"bytes"
	"encoding/hex"
	"path/filepath"
	"testing"

	"culverin/guest/block"
	"culverin/guest/blockfile"
	"culverin/guest/derive/upgrade"
	"culverin/guest/keccak"
	"culverin/guest/state"
	"culverin/guest/testkit/fixture"
	"culverin/guest/u256"
)

// TestEvents: the topics as the reference lists them.
func TestEvents(t *testing.T) {
	for name, one := range map[string]struct {
		topic      keccak.Hash
		begin, end string
	}{
		"deposit": {depositEvent, "b3813568", "bb7c32"},
		"update":  {updateEvent, "1d2b0bda", "6353be"},
	} {
		digits := hex.EncodeToString(one.topic[:])
		if digits[:8] != one.begin || digits[58:] != one.end {
			t.Errorf("%s: %s", name, digits)
		}
	}
}

// TestUpgradeSources: hashes as isthmus/derivation.md, jovian/derivation.md and fjord/derivation.md give them.
func TestUpgradeSources(t *testing.T) {
	for intent, digits := range map[string]string{
		"Isthmus: L1 Block Deployment":         "3b2d0821ca2411ad5cd3595804d1213d15737188ae4cbd58aa19c821a6c211bf",
		"Isthmus: Gas Price Oracle Deployment": "fc70b48424763fa3fab9844253b4f8d508f91eb1f7cb11a247c9baec0afb8035",
		"Jovian: L1Block Deployment":           "98faf23b9795967bc0b1c543144739d50dba3ea40420e77ad6ca9848dbfb62e8",
		"Jovian: L1Block Proxy Update":         "08447273a4fbce97bc8c515f97ac74efc461f6a4001553712f31ebc11288bad2",
		"Fjord: Gas Price Oracle Deployment":   "86122c533fdcb89b16d8713174625e44578a89751d96c098ec19ab40a51a8ea3",
	} {
		if source := upgrade.Source(intent); hex.EncodeToString(source[:]) != digits {
			t.Errorf("%s: %x", intent, source)
		}
	}
}

// TestRealAttributes: the first transaction of real blocks is what Deposit makes of what was read from it.
func TestRealAttributes(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(
		fixture.Extract(t, "op-sepolia-blocks.tar.xz"), "op-sepolia-blocks", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}

	for _, path := range paths {
		file, err := blockfile.Read(path)
		if err != nil {
			t.Fatal(err)
		}

		first := file.Attributes.Transactions[0]
		transaction, err := block.Decode(first)
		if err != nil {
			t.Fatal(err)
		}

		attributes, err := DecodeL1Attributes(transaction.Data)
		if err != nil || attributes.Form != EcotoneAttributes || attributes.Number == 0 {
			t.Fatalf("%s: %v, %+v", path, err, attributes)
		}

		if made := attributes.Deposit().Encode(); !bytes.Equal(made, first) {
			t.Errorf("%s:\n%x\n%x", path, made, first)
		}

		if found := file.Attributes; found.FeeRecipient != sequencerVault {
			t.Errorf("%s: the tips go to %x", path, found.FeeRecipient)
		}
	}
}

func TestAttributesOfAllForms(t *testing.T) {
	full := L1Attributes{
		Number: 0x0102, Timestamp: 0x0304, BaseFee: u256.New(0x0506), BlobBaseFee: u256.New(0x0708),
		Hash: keccak.Hash{0x11, 31: 0x12}, SequenceNumber: 0x0910, BatcherHash: [32]byte{12: 0x21, 31: 0x22},
		Overhead: [32]byte{31: 0x31}, Scalar: [32]byte{31: 0x32}, BaseFeeScalar: 0x41, BlobBaseFeeScalar: 0x42,
		OperatorFeeScalar: 0x51, OperatorFeeConstant: 0x52, DAFootprintScalar: 0x61,
	}
	word := func(digits string) string {
		for len(digits) < 64 {
			digits = "0" + digits
		}

		return digits
	}
	hash := "1100000000000000000000000000000000000000000000000000000000000012"
	batcher := "0000000000000000000000002100000000000000000000000000000000000022"
	packed := "00000041 00000042 0000000000000910 0000000000000304 0000000000000102" + word("0506") + word("0708") + hash + batcher
	for form, digits := range []string{
		"015d8eb9" + word("0102") + word("0304") + word("0506") + hash + word("0910") + batcher + word("31") + word("32"),
		"440a5e20" + packed,
		"098999be" + packed + "00000051 0000000000000052",
		"3db6be2b" + packed + "00000051 0000000000000052 0061",
	} {
		data := unhex(t, digits)
		attributes := full
		attributes.Form = AttributesForm(form)
		if written := attributes.Encode(); !bytes.Equal(written, data) {
			t.Errorf("form %d is written as %x", form, written)
		}

		back, err := DecodeL1Attributes(data)
		if err != nil || !bytes.Equal(back.Encode(), data) || back.Number != full.Number || back.Hash != full.Hash ||
			back.SequenceNumber != full.SequenceNumber {
			t.Errorf("form %d is read as %+v, %v", form, back, err)
		}

		for _, other := range [][]byte{data[:len(data)-1], append(data, 0), data[:3], nil} {
			if _, err := DecodeL1Attributes(other); !isMalformed(err) {
				t.Errorf("form %d is read from %d bytes", form, len(other))
			}
		}
	}

	if _, err := DecodeL1Attributes(unhex(t, "00000000"+packed)); !isMalformed(err) {
		t.Error("an unknown form is read")
	}
}

// eventData is the ABI's encoding of a byte string.
func eventData(content []byte) []byte {
	data := make([]byte, 64)
	data[31], data[62], data[63] = 32, byte(len(content)>>8), byte(len(content))
	data = append(data, content...)
	return append(data, make([]byte, (32-len(content)%32)%32)...)
}

var (
	portal   = block.Address{0xb0}
	contract = block.Address{0xc0}
)

// eventsOf reads the receipts of transactions with these outcomes.
func eventsOf(t testing.TB, outcomes ...block.Outcome) *Events {
	t.Helper()
	l1 := Rollup{Portal: portal, SystemConfig: contract}
	events := l1.NewEvents(keccak.Hash{0x77})
	for index := range outcomes {
		kind := byte(block.DynamicFeeType)
		if index%2 == 0 {
			kind = block.LegacyType
		}

		receipt := block.NewReceipt(kind, 21_000, &outcomes[index]).Encode()
		if err := events.Add(receipt); err != nil {
			t.Fatal(err)
		}

		// Nothing of it is kept.
		for place := range receipt {
			receipt[place] = 0xee
		}
	}

	return events
}

func depositLog(opaque []byte) state.Log {
	return state.Log{
		Address: portal, Topics: []keccak.Hash{depositEvent, {12: 0xf1}, {12: 0xf2}, {}}, Data: eventData(opaque),
	}
}

// opaque is mint 5, value 6, gas limit 0x0708, a flag and data.
func opaque(creates byte) []byte {
	data := make([]byte, 73)
	data[31], data[63], data[70], data[71], data[72] = 5, 6, 7, 8, creates
	return append(data, 0xaa, 0xbb)
}

func TestDepositsByHand(t *testing.T) {
	l1Block := keccak.Hash{0x77}
	events := eventsOf(t,
		block.Outcome{
			Succeeded: true,
			Logs:      []state.Log{{Address: contract, Topics: []keccak.Hash{depositEvent}}, depositLog(opaque(0))},
		},
		// Of what says nothing to the L2 only the logs are counted.
		block.Outcome{Succeeded: true, Logs: []state.Log{{Address: block.Address{1}}, {Address: block.Address{2}}}},
		// A failed transaction has no logs; should one have them, they do not count.
		block.Outcome{Logs: []state.Log{depositLog(opaque(0))}},
		block.Outcome{Succeeded: true, Logs: []state.Log{{Address: portal}, depositLog(opaque(1))}},
	)
	deposits := events.Deposits
	if events.Failure != nil || len(deposits) != 2 || len(events.Updates) != 0 {
		t.Fatalf("%v, %d deposits", events.Failure, len(deposits))
	}

	for index, logIndex := range []byte{1, 6} {
		deposit, err := block.Decode(deposits[index])
		if err != nil {
			t.Fatal(err)
		}

		number, domain := keccak.Hash{31: logIndex}, keccak.Hash{}
		inner := keccak.Sum(l1Block[:], number[:])
		if deposit.SourceHash != keccak.Sum(domain[:], inner[:]) || deposit.From != (block.Address{0xf1}) ||
			deposit.Mint != u256.New(5) || deposit.Value != u256.New(6) || deposit.GasLimit != 0x0708 ||
			!bytes.Equal(deposit.Data, []byte{0xaa, 0xbb}) {
			t.Errorf("%+v", deposit)
		}

		if isCreation := index == 1; (deposit.To == nil) != isCreation || !isCreation && *deposit.To != (block.Address{0xf2}) {
			t.Errorf("to %v", deposit.To)
		}
	}
}

func TestDepositsThatAreNone(t *testing.T) {
	for name, change := range map[string]func(log *state.Log){
		"version 1":        func(log *state.Log) { log.Topics[3][31] = 1 },
		"three topics":     func(log *state.Log) { log.Topics = log.Topics[:3] },
		"sender too long":  func(log *state.Log) { log.Topics[1][0] = 1 },
		"target too long":  func(log *state.Log) { log.Topics[2][11] = 1 },
		"no data":          func(log *state.Log) { log.Data = nil },
		"other offset":     func(log *state.Log) { log.Data[31] = 64 },
		"length beyond":    func(log *state.Log) { log.Data[62] = 1 },
		"huge length":      func(log *state.Log) { log.Data[32] = 1 },
		"padding not zero": func(log *state.Log) { log.Data[len(log.Data)-1] = 1 },
		"not whole words":  func(log *state.Log) { log.Data = log.Data[:len(log.Data)-1] },
		"too short":        func(log *state.Log) { log.Data = eventData(make([]byte, 72)) },
		"flag 2":           func(log *state.Log) { log.Data = eventData(opaque(2)) },
	} {
		log := depositLog(opaque(0))
		change(&log)
		events := eventsOf(t, block.Outcome{Succeeded: true, Logs: []state.Log{log}})
		if !isMalformed(events.Failure) {
			t.Errorf("%s: %x", name, events.Deposits)
		}
	}
}

func update(kind byte, content []byte) state.Log {
	return state.Log{Address: contract, Topics: []keccak.Hash{updateEvent, {}, {31: kind}}, Data: eventData(content)}
}

func TestUpdates(t *testing.T) {
	before := SystemConfig{GasLimit: 30_000_000, BaseFeeScalar: 1, BlobBaseFeeScalar: 2}
	word := func(digits string) []byte {
		data := unhex(t, digits)
		return append(make([]byte, 32-len(data)), data...)
	}
	scalars := func(digits string) []byte { return append(make([]byte, 32), unhex(t, digits)...) }
	zeros := func(count int) string { return hex.EncodeToString(make([]byte, count)) }
	for name, one := range map[string]struct {
		log    state.Log
		change func(config *SystemConfig)
	}{
		"batcher": {update(0, word("21"+zeros(19))), func(config *SystemConfig) { config.Batcher[0] = 0x21 }},
		"scalars, version 1": {update(1, scalars("01"+zeros(23)+"00000042 00000041")), func(config *SystemConfig) {
			config.BaseFeeScalar, config.BlobBaseFeeScalar = 0x41, 0x42
		}},
		"scalars, version 0": {update(1, scalars(zeros(28)+"00000041")), func(config *SystemConfig) {
			config.BaseFeeScalar, config.BlobBaseFeeScalar = 0x41, 0
		}},
		"scalars, version 0 with padding": {update(1, scalars(zeros(27)+"01 00000041")), func(config *SystemConfig) {
			config.BaseFeeScalar, config.BlobBaseFeeScalar = 0xffffffff, 0
		}},
		"gas limit": {update(2, word("03938700")), func(config *SystemConfig) { config.GasLimit = 60_000_000 }},
		"signer":    {update(3, word("21"+zeros(19))), nil},
		"EIP-1559": {update(4, word("000000fa 00000006")), func(config *SystemConfig) {
			config.FeeParameters = [8]byte{3: 250, 7: 6}
		}},
		"operator fee": {update(5, word("00000051 0000000000000052")), func(config *SystemConfig) {
			config.OperatorFeeScalar, config.OperatorFeeConstant = 0x51, 0x52
		}},
		"minimum base fee": {update(6, word("0100")), func(config *SystemConfig) { config.MinBaseFee = 256 }},
		"DA footprint":     {update(7, word("0190")), func(config *SystemConfig) { config.DAFootprintScalar = 400 }},

		"scalars, version 2":              {update(1, scalars("02"+zeros(31))), nil},
		"scalars, version 1 with padding": {update(1, scalars("01"+zeros(22)+"01 00000042 00000041")), nil},
		"scalars of one word":             {update(1, word("41")), nil},
		"type 8":                          {update(8, word("41")), nil},
		"batcher too long":                {update(0, word("01"+zeros(20))), nil},
		"batcher of two words":            {update(0, make([]byte, 64)), nil},
		"gas limit above 64 bits":         {update(2, word("01 0000000000000000")), nil},
		"parameters above 64 bits":        {update(4, word("01 0000000000000000")), nil},
		"operator fee above 96 bits":      {update(5, word("01 000000000000000000000000")), nil},
		"footprint above 16 bits":         {update(7, word("010000")), nil},
		"no data":                         {update(2, nil), nil},
	} {
		expected := before
		if one.change != nil {
			one.change(&expected)
		}

		config := before
		config.Update(eventsOf(t, block.Outcome{Succeeded: true, Logs: []state.Log{one.log}}))
		if config != expected {
			t.Errorf("%s: %+v", name, config)
		}

		version, other, kind := one.log, one.log, one.log
		version.Topics = []keccak.Hash{updateEvent, {31: 1}, one.log.Topics[2]}
		other.Address = portal
		kind.Topics = []keccak.Hash{updateEvent, {}, one.log.Topics[2]}
		kind.Topics[2][0] = 1
		config = before
		config.Update(eventsOf(t,
			block.Outcome{Logs: []state.Log{one.log}},
			block.Outcome{Succeeded: true, Logs: []state.Log{version, other, kind}}))
		if config != before {
			t.Errorf("%s counts where it must not: %+v", name, config)
		}
	}
}

// FuzzReceiptLogs: whatever contracts write, reading it ends, and a deposit that is read is one.
func FuzzReceiptLogs(f *testing.F) {
	f.Add(true, []byte{0}, eventData(opaque(0)))
	f.Add(false, []byte{1}, eventData(make([]byte, 64)))
	f.Fuzz(func(t *testing.T, isDeposit bool, kind, data []byte) {
		log := state.Log{Address: portal, Topics: []keccak.Hash{updateEvent, {}, {}}, Data: data}
		copy(log.Topics[2][31:], kind)
		if isDeposit {
			log.Topics = []keccak.Hash{depositEvent, {12: 1}, {12: 2}, {}}
		}

		other := log
		other.Address = contract
		events := eventsOf(t, block.Outcome{Succeeded: true, Logs: []state.Log{log, other}})
		new(SystemConfig).Update(events)
		if events.Failure != nil && !isMalformed(events.Failure) {
			t.Fatal(events.Failure)
		}

		for _, deposit := range events.Deposits {
			if _, err := block.Decode(deposit); err != nil {
				t.Fatalf("%x: %v", data, err)
			}
		}
	})
}

// FuzzReceipts: bytes that are no receipt are refused, whether they are skimmed or read.
func FuzzReceipts(f *testing.F) {
	for _, log := range []state.Log{depositLog(opaque(0)), update(2, make([]byte, 32)), {}} {
		outcome := block.Outcome{Succeeded: true, Logs: []state.Log{{Address: block.Address{1}}, log}}
		f.Add(block.NewReceipt(block.DynamicFeeType, 21_000, &outcome).Encode())
	}

	l1 := Rollup{Portal: portal, SystemConfig: contract}
	f.Fuzz(func(t *testing.T, encoded []byte) {
		events := l1.NewEvents(keccak.Hash{})
		err := events.Add(encoded)
		receipt, errDecode := block.DecodeReceipt(encoded)
		if errDecode == nil && (err != nil || events.logCount != uint64(len(receipt.Logs))) {
			t.Fatalf("%x: %v, %d logs", encoded, err, events.logCount)
		}
	})
}
