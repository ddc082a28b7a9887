package block

import (
	"bytes"
	"testing"

	"culverin/guest/config"
	"culverin/guest/evm"
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// The sizes are counted by hand from the format: a byte before each 32 literals, two bytes for a match of up to 6 bytes
// behind the first three, three bytes for a longer one.
func TestFastLZSizes(t *testing.T) {
	distinct := make([]byte, 0, 256)
	for octet := 0; octet < 256; octet++ {
		distinct = append(distinct, byte(octet))
	}

	for _, each := range []struct {
		name string
		data []byte
		size int
	}{
		{"nothing", nil, 0},
		{"one byte", []byte{1}, 2},
		{"too short for a match", make([]byte, 15), 16},
		{"one literal less than a row", make([]byte, 13), 14},
		{"distinct bytes", distinct, 256 + 8},
		{"a part row", distinct[:33], 33 + 2},
		// Two literals (3), a match of 3 + 991 bytes (three full pieces and one of 205: 12), five literals (6).
		{"a thousand zeros", make([]byte, 1000), 21},
		// 16 zeros: no match can begin before byte 3, which is the limit.
		{"sixteen zeros", make([]byte, 16), 17},
		// 17 zeros: the match begins at 2 and its comparison ends four bytes before the end: 8 bytes behind the first
		// three, ending at 10; one more is skipped. 2 literals (3), 3 for the match, 17 − 12 = 5 literals (6).
		{"seventeen zeros", make([]byte, 17), 12},
		// 100 distinct bytes twice: 100 literals (104); the match compares 200 − 4 − 103 = 93 bytes and is over at 195:
		// 3; five literals (6).
		{"a hundred bytes twice", append(append([]byte(nil), distinct[:100]...), distinct[:100]...), 104 + 3 + 6},
	} {
		if size := fastLZSize(each.data); size != each.size {
			t.Errorf("%s: %d, by hand %d", each.name, size, each.size)
		}
	}

	// What lies more than 8,191 bytes back is forgotten, and what lies just so far is not.
	filler := func(count int) []byte {
		var data []byte
		for number := 0; len(data) < count; number++ {
			data = append(data, 0xa0|byte(number>>12), 0xb0|byte(number>>8&15), 0xc0|byte(number>>4&15), 0xd0|byte(number&15))
		}

		return data[:count]
	}
	pattern := []byte("The pattern that comes twice.")
	near := append(append(append([]byte(nil), pattern...), filler(8191-len(pattern))...), append(pattern, make([]byte, 20)...)...)
	far := append(append(append([]byte(nil), pattern...), filler(8192-len(pattern))...), append(pattern, make([]byte, 20)...)...)
	if fastLZSize(near) >= fastLZSize(far) {
		t.Errorf("8,191 bytes back: %d, 8,192 bytes back: %d", fastLZSize(near), fastLZSize(far))
	}
}

func TestL1FeesByHand(t *testing.T) {
	attributes := &l1Attributes{
		baseFee: u256.New(1_000_000_000), blobBaseFee: u256.New(3),
		overhead: u256.New(188), scalar: u256.New(684_000),
		baseFeeScalar: 10, blobBaseFeeScalar: 2_000_000_000,
	}

	// 10 zeros and 100 others: 10 · 4 + 100 · 16 = 1,640 gas.
	transaction := &Transaction{Encoded: append(make([]byte, 10), bytes.Repeat([]byte{1}, 100)...)}
	for _, each := range []struct {
		name    string
		rules   config.Rules
		isFirst bool
		fee     uint64
	}{
		// (1,640 + 188) · 1e9 · 684,000 / 1e6.
		{"Bedrock", config.Rules{Optimism: true, Ecotone: true}, true, 1_250_352_000_000},
		// 1,640 · (16 · 1e9 · 10 + 3 · 2e9) / 16e6 = 1,640 · 166e9 / 16e6.
		{"Ecotone", config.Rules{Optimism: true, Ecotone: true}, false, 17_015_000},
		// 110 bytes compress to less than 100 and some: 100e6 · 166e9 / 1e12.
		{"Fjord", config.Rules{Optimism: true, Ecotone: true, Fjord: true}, false, 16_600_000},
	} {
		context := NewContext(newMachine(&each.rules))
		context.IsFirstOfEcotone = each.isFirst
		if fee := attributes.fee(context, transaction); fee != u256.New(each.fee) {
			t.Errorf("%s: %d, by hand %d", each.name, fee.Uint64(), each.fee)
		}
	}

	// 256 distinct bytes and 200 more have 456 + 15 = 471 bytes compressed: 836,500 · 471 − 42,585,600 = 351,405,900.
	var long []byte
	for number := 0; number < 228; number++ {
		long = append(long, byte(number), byte(number>>4)^0x55)
	}

	if size := fastLZSize(long); size != 471 {
		t.Fatalf("the data compress to %d", size)
	}

	// 351,405,900 · 166e9 / 1e12 = 58,333,379.4.
	if fee := attributes.fjordFee(long); fee != u256.New(58_333_379) {
		t.Errorf("Fjord, above the minimum: %d", fee.Uint64())
	}

	attributes.baseFee = highest
	if fee := attributes.fjordFee(long); fee != highest {
		t.Error("a fee that does not fit is not the highest")
	}
}

func TestOperatorFeesByHand(t *testing.T) {
	attributes := &l1Attributes{operatorScalar: 1_500_001, operatorConstant: 777}
	isthmus := config.Rules{Isthmus: true}
	jovian := config.Rules{Isthmus: true, Jovian: true}
	for _, each := range []struct {
		rules config.Rules
		gas   uint64
		fee   uint64
	}{
		{config.Rules{Holocene: true}, 21000, 0},
		// 21,000 · 1,500,001 / 1e6 = 31,500.021.
		{isthmus, 21000, 31500 + 777},
		{isthmus, 0, 777},
		{jovian, 21000, 21000*1_500_001*100 + 777},
		{jovian, 0, 777},
	} {
		if fee := attributes.operatorFee(&each.rules).of(each.gas); fee != u256.New(each.fee) {
			t.Errorf("%+v, %d gas: %d, by hand %d", each.rules, each.gas, fee.Uint64(), each.fee)
		}
	}

	// The highest values of the two texts: 77 and 103 bits.
	attributes = &l1Attributes{operatorScalar: 1<<32 - 1, operatorConstant: 1<<64 - 1}
	if fee := attributes.operatorFee(&isthmus).of(1<<64 - 1); fee.BitLen() != 77 {
		t.Errorf("Isthmus: %d bits", fee.BitLen())
	}

	if fee := attributes.operatorFee(&jovian).of(1<<64 - 1); fee.BitLen() != 103 {
		t.Errorf("Jovian: %d bits", fee.BitLen())
	}
}

func TestBaseFeesByHand(t *testing.T) {
	chain := &config.Chain{Elasticity: 6, Denominator: 50, DenominatorCanyon: 250}
	chain.Times[config.Holocene], chain.Times[config.Isthmus], chain.Times[config.Jovian] = 100, 200, 300
	holocene := []byte{0, 0, 0, 0, 100, 0, 0, 0, 2}
	jovian := append([]byte{1, 0, 0, 0, 100, 0, 0, 0, 2}, 0, 0, 0, 0, 0, 0, 0x13, 0x88)
	for _, each := range []struct {
		name                         string
		time, gasUsed, blobGas, base uint64
		extra                        []byte
		fee                          uint64
	}{
		// The target is 30e6 / 6 = 5e6; 10e6 used are one target above: 1e9 / 250 more.
		{"before Holocene", 99, 10e6, 0, 1e9, nil, 1_004_000_000},
		{"before Holocene, at the target", 99, 5e6, 0, 1e9, nil, 1e9},
		// Nothing used: 1e9 / 250 less.
		{"before Holocene, empty", 99, 0, 0, 1e9, nil, 996_000_000},
		{"blob gas counts for nothing", 200, 15e6, 30e6, 1e9, holocene, 1e9},
		// The target is 15e6 by the parent's own parameters: 30e6 used are 1e9 / 100 more.
		{"Holocene", 100, 30e6, 0, 1e9, holocene, 1_010_000_000},
		{"Holocene, rises by one at least", 100, 15e6 + 1, 0, 7, holocene, 8},
		{"Holocene, may fall to zero", 100, 0, 0, 0, holocene, 0},
		{"Jovian, blob gas is higher", 300, 15e6, 30e6, 1e9, jovian, 1_010_000_000},
		{"Jovian, blob gas is lower", 300, 30e6, 15e6, 1e9, jovian, 1_010_000_000},
		{"Jovian, at its minimum of 5,000", 300, 0, 0, 5_001, jovian, 5_000},
	} {
		parent := &Header{
			Timestamp: each.time, GasLimit: 30e6, GasUsed: each.gasUsed, BlobGasUsed: each.blobGas,
			BaseFee: u256.New(each.base), ExtraData: each.extra,
		}
		if fee, isKnown := nextBaseFee(chain, parent); !isKnown || fee != u256.New(each.fee) {
			t.Errorf("%s: %d, by hand %d", each.name, fee.Uint64(), each.fee)
		}
	}

	for name, extra := range map[string][]byte{
		"none": nil, "short": holocene[:8], "long": append(append([]byte(nil), holocene...), 0), "Jovian's": jovian,
		"no denominator": {0, 0, 0, 0, 0, 0, 0, 0, 2}, "no elasticity": {0, 0, 0, 0, 1, 0, 0, 0, 0},
		"more elastic than the gas limit": {0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff},
	} {
		if _, isKnown := nextBaseFee(chain, &Header{Timestamp: 100, GasLimit: 30e6, ExtraData: extra}); isKnown {
			t.Errorf("extra data %s: taken", name)
		}
	}
}

func TestExtraData(t *testing.T) {
	chain := &config.Chain{Elasticity: 6, Denominator: 50, DenominatorCanyon: 250}
	holocene, jovian := &config.Rules{Holocene: true}, &config.Rules{Holocene: true, Isthmus: true, Jovian: true}
	for _, each := range []struct {
		name       string
		rules      *config.Rules
		attributes Attributes
		extra      []byte
		isUsable   bool
	}{
		{"before Holocene", &config.Rules{}, Attributes{}, nil, true},
		{"too early", &config.Rules{}, Attributes{HasFeeParameters: true}, nil, false},
		{"zeros", holocene, Attributes{HasFeeParameters: true}, []byte{0, 0, 0, 0, 250, 0, 0, 0, 6}, true},
		{"values", holocene, Attributes{HasFeeParameters: true, FeeParameters: [8]byte{1, 2, 3, 4, 5, 6, 7, 8}},
			[]byte{0, 1, 2, 3, 4, 5, 6, 7, 8}, true},
		{"none", holocene, Attributes{}, nil, false},
		{"half zero", holocene, Attributes{HasFeeParameters: true, FeeParameters: [8]byte{0: 1}}, nil, false},
		{"a minimum too early", holocene, Attributes{HasFeeParameters: true, HasMinBaseFee: true}, nil, false},
		{"no minimum", jovian, Attributes{HasFeeParameters: true}, nil, false},
		{"Jovian", jovian, Attributes{HasFeeParameters: true, HasMinBaseFee: true, MinBaseFee: 0x0102030405060708},
			[]byte{1, 0, 0, 0, 250, 0, 0, 0, 6, 1, 2, 3, 4, 5, 6, 7, 8}, true},
	} {
		extra, isUsable := extraData(chain, each.rules, &each.attributes)
		if isUsable != each.isUsable || !bytes.Equal(extra, each.extra) {
			t.Errorf("%s: %x, %v", each.name, extra, isUsable)
		}
	}
}

func newMachine(rules *config.Rules) *evm.Machine {
	return evm.New(state.New(nil, mpt.EmptyRoot, keccak.Hash{}), rules)
}
