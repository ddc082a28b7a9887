package scenarios

import (
	"bytes"
	"encoding/hex"
	"strings"

	"culverin/guest/block"
	"culverin/guest/testkit/madeup"
	"culverin/guest/u256"
)

// GasMeasured is how much gas each world of gasCosts spends on one thing.
const GasMeasured = 1_000_000

// push32 is a large number on the stack, and its place in memory after mstore.
func push32(digit byte) []byte {
	return append([]byte{0x7f, digit}, bytes.Repeat([]byte{0xfb}, 31)...)
}

func mstore(place byte, value []byte) []byte {
	return append(value, 0x60, place, 0x52)
}

// call calls a precompiled contract with the memory's first bytes; what it answers is written behind them.
func call(contract, inputBytes byte) []byte {
	return []byte{0x60, 0x40, 0x60, 0xe0, 0x60, inputBytes, 0x60, 0x00, 0x60, contract, 0x5a, 0xfa, 0x50}
}

// word is what a number in 64 hex digits is on the stack.
func word(digits string) []byte {
	octets, err := hex.DecodeString(digits)
	if err != nil {
		panic(err)
	}

	return append([]byte{0x7f}, octets...)
}

// signature is a valid one over P-256, by a key and a nonce made up for this: hash, r, s, x, y.
func signature() []byte {
	return bytes.Join([][]byte{
		mstore(0, word("73335271c54bcf1d54b7c8bdebc32a974d6b4cc2bdb36070f696a332e9d495a0")),
		mstore(32, word("5701ab15ef061c5559238c447c91660526e972a3c62867aec7f8724ad7f905f0")),
		mstore(64, word("b440612df873105f702393d13aac40b9eb8e90952c39e9e25f2b0d0941514a31")),
		mstore(96, word("1adc7dceef41ea28a31d584da0400ec87c8352c9e80bee22385caa905c6d260a")),
		mstore(128, word("8889b88afc5ffbed05a1f8a13af7758cde9f38b43b3e3bb79185f051b1744a9d")),
	}, nil)
}

// gasCosts are worlds whose last block spends gas on one instruction or precompiled contract: what anybody may execute.
func gasCosts() (list []Scenario) {
	numbers := append(append(push32(0xfe), push32(0xfd)...), push32(0xfc)...)
	small := func(value byte) []byte { return []byte{0x60, value} }
	memory := bytes.Join([][]byte{
		mstore(0, small(32)), mstore(32, small(32)), mstore(64, small(32)),
		mstore(96, push32(0xfe)), mstore(128, push32(0xfd)), mstore(160, push32(0xfc)),
	}, nil)
	point := bytes.Join([][]byte{mstore(0, small(1)), mstore(32, small(2)), mstore(64, push32(0xfe))}, nil)
	points := bytes.Join([][]byte{
		mstore(0, small(1)), mstore(32, small(2)), mstore(64, small(1)), mstore(96, small(2)),
	}, nil)
	even := append(append([]byte(nil), memory...), mstore(160, word(strings.Repeat("fe", 32)))...)
	rounds := mstore(0, word("000003e8"+strings.Repeat("00", 28)))
	for _, each := range []struct {
		name        string
		setup, body []byte
	}{
		{"JUMPDEST", nil, []byte{0x5b}},
		{"MUL", numbers, []byte{0x81, 0x81, 0x02, 0x50}},
		{"DIV", numbers, []byte{0x81, 0x81, 0x04, 0x50}},
		{"ADDMOD", numbers, []byte{0x82, 0x82, 0x82, 0x08, 0x50}},
		{"MULMOD", numbers, []byte{0x82, 0x82, 0x82, 0x09, 0x50}},
		{"EXP", numbers, []byte{0x81, 0x81, 0x0a, 0x50}},
		{"KECCAK256", memory, []byte{0x60, 0x87, 0x60, 0x00, 0x20, 0x50}},
		{"SHA-256", memory, call(2, 0x77)},
		{"RIPEMD-160", memory, call(3, 0x77)},
		{"MODEXP", memory, call(5, 0xc0)},
		{"MODEXP with an even modulus", even, call(5, 0xc0)},
		{"BLAKE2", rounds, call(9, 0xd5)},
		{"P-256", signature(), []byte{0x60, 0x40, 0x60, 0xe0, 0x60, 0xa0, 0x60, 0x00, 0x61, 0x01, 0x00, 0x5a, 0xfa, 0x50}},
		{"the addition of BN254", points, call(6, 0x80)},
		{"the multiplication of BN254", point, call(7, 0x60)},
	} {
		code := append(append([]byte(nil), each.setup...), 0x5b)
		start := byte(len(code) - 1)
		code = append(code, bytes.Repeat(each.body, 40)...)
		code = append(code, 0x60, start, 0x56)
		list = append(list, Scenario{"gas: " + each.name, func(world *madeup.World) int {
			nine(world)
			world.AddL2(madeup.Stranger.Sign(&block.Transaction{
				Type: block.DynamicFeeType, ChainID: madeup.ChainID, HasChainID: true, Data: code, GasLimit: GasMeasured,
				FeeCap: u256.New(10_000_000_000), TipCap: u256.New(1),
			}).Encoded)
			posted(world, world.Span(1, len(world.L2)-1))
			return len(world.L2) - 1
		}})
	}

	return list
}
