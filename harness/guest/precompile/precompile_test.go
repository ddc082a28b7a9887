package precompile

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"math/rand"
	"strings"
	"testing"

	"culverin/guest/config"
)

func unhex(t *testing.T, digits string) []byte {
	t.Helper()
	data, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}

	return data
}

func at(number int) Address {
	return Address{18: byte(number >> 8), 19: byte(number)}
}

func TestContractsComeWithTheirForks(t *testing.T) {
	for _, each := range []struct {
		rules config.Rules
		count int
	}{
		{config.L1Cancun, 10},
		{config.L1Prague, 17},
		{config.Rules{Cancun: true, Optimism: true, Ecotone: true}, 10},
		{config.Rules{Cancun: true, Optimism: true, Ecotone: true, Fjord: true}, 11},
		{config.Rules{Cancun: true, Prague: true, Optimism: true, Ecotone: true, Fjord: true, Isthmus: true}, 18},
	} {
		count := 0
		Each(&each.rules, func(Address) { count++ })
		if count != each.count {
			t.Errorf("%+v: %d contracts", each.rules, count)
		}
	}

	if Is(Address{0: 1, 19: 1}, &config.L1Cancun) || Is(Address{}, &config.L1Cancun) {
		t.Error("an ordinary address is a contract")
	}
}

// The values of RIPEMD-160 are its authors' (appendix B), of SHA-256 those of FIPS 180-2.
func TestHashes(t *testing.T) {
	for _, each := range []struct {
		number int
		input  string
		output string
		gas    uint64
	}{
		{2, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 60},
		{2, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 72},
		{3, "", "0000000000000000000000009c1185a5c5e9fc54612808977ee8f548b2258d31", 600},
		{3, "abc", "0000000000000000000000008eb208f7e05d987a9b044a8e98c6b087f15a0bfc", 720},
		{3, strings.Repeat("1234567890", 8), "0000000000000000000000009b752e45573d4b39f4dbd3323cab82bf63326bfb", 960},
		{3, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
			"000000000000000000000000b0e20b6e3116640286ed3a87a5713079b21f5189", 840},
		{4, strings.Repeat("x", 33), hex.EncodeToString(bytes.Repeat([]byte("x"), 33)), 21},
	} {
		output, left, err := Run(at(each.number), []byte(each.input), 10000, &config.L1Cancun)
		if err != nil || hex.EncodeToString(output) != each.output || left != 10000-each.gas {
			t.Errorf("%d of %q: %x, %d gas left, %v", each.number, each.input, output, left, err)
		}
	}
}

// The vectors of EIP-152, "Test Cases".
func TestBlake2F(t *testing.T) {
	state := "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5" +
		"d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b"
	rest := state + "6162630000000000" + strings.Repeat("00", 120) + "03000000000000000000000000000000"
	for _, each := range []struct {
		input, output string
		gas           uint64
	}{
		{"0000000c" + rest + "01", "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1" +
			"7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923", 12},
		{"0000000c" + rest + "00", "75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d28752" +
			"98743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735", 12},
		{"00000000" + rest + "01", "08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5" +
			"d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b", 0},
		{"00000001" + rest + "01", "b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fb" +
			"a551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421", 1},
	} {
		output, left, err := Run(at(9), unhex(t, each.input), 20, &config.L1Cancun)
		if err != nil || hex.EncodeToString(output) != each.output || left != 20-each.gas {
			t.Errorf("%s: %x, %d, %v", each.input[:8], output, left, err)
		}
	}

	for _, input := range []string{"", "0000000c" + rest, "0000000c" + rest + "0100", "0000000c" + rest + "02"} {
		if _, left, err := Run(at(9), unhex(t, input), 20, &config.L1Cancun); err != ErrFailure || left != 0 {
			t.Errorf("%d bytes: %d, %v", len(input)/2, left, err)
		}
	}
}

func word(value int64) []byte {
	return big.NewInt(value).FillBytes(make([]byte, 32))
}

func modExpInput(base, exponent, modulus []byte) []byte {
	input := append(word(int64(len(base))), word(int64(len(exponent)))...)
	input = append(input, word(int64(len(modulus)))...)
	input = append(input, base...)
	input = append(input, exponent...)
	return append(input, modulus...)
}

func TestModExpAgreesWithRepeatedMultiplication(t *testing.T) {
	seed := int64(31)
	random := rand.New(rand.NewSource(seed))
	for round := 0; round < 400; round++ {
		base, exponent := make([]byte, random.Intn(70)), make([]byte, random.Intn(3))
		modulus := make([]byte, random.Intn(70))
		random.Read(base)
		random.Read(exponent)
		random.Read(modulus)
		if round%9 == 0 && len(modulus) > 0 {
			// Zero, one and even moduli.
			modulus = append(make([]byte, len(modulus)-1), byte(random.Intn(3)))
		}

		want := make([]byte, len(modulus))
		if m := new(big.Int).SetBytes(modulus); m.Sign() > 0 {
			power := new(big.Int).Mod(big.NewInt(1), m)
			b := new(big.Int).SetBytes(base)
			for count := new(big.Int).SetBytes(exponent).Int64(); count > 0; count-- {
				power.Mul(power, b).Mod(power, m)
			}

			power.FillBytes(want)
		}

		input := modExpInput(base, exponent, modulus)
		output, _, err := Run(at(5), input, 1<<40, &config.L1Cancun)
		if err != nil || !bytes.Equal(output, want) {
			t.Fatalf("seed %d: %x: %x, want %x, %v", seed, input, output, want, err)
		}
	}
}

func TestModExpGas(t *testing.T) {
	long := new(big.Int).Lsh(big.NewInt(1), 255).FillBytes(make([]byte, 32))
	for _, each := range []struct {
		input []byte
		gas   uint64
	}{
		{nil, 200},
		// EIP-198's first example: 3 to the power of the prime of secp256k1 minus one. 16 · 255 / 3.
		{modExpInput([]byte{3}, bytes.Repeat([]byte{0xff}, 32), bytes.Repeat([]byte{0xff}, 32)), 1360},
		// 64 bytes: 64 · (8 · 32 + 7) / 3.
		{modExpInput(make([]byte, 64), append([]byte{31: 0x80}, make([]byte, 32)...), []byte{1}), 64 * (256 + 7) / 3},
		// An exponent without bits counts as one iteration.
		{modExpInput(make([]byte, 1024), nil, []byte{1}), 128 * 128 / 3},
		// A huge exponent of nothing is free of work.
		{append(append(word(0), long...), word(0)...), 200},
	} {
		_, left, err := Run(at(5), each.input, 1<<30, &config.L1Cancun)
		if err != nil || 1<<30-left != each.gas {
			t.Errorf("%x: %d, %v", each.input, 1<<30-left, err)
		}
	}

	for _, input := range [][]byte{
		append(append(append([]byte(nil), long...), word(1)...), word(1)...),
		append(append(word(1), long...), word(1)...),
		append(append(word(1), word(1)...), long...),
	} {
		if _, left, err := Run(at(5), input, 1<<62, &config.L1Cancun); err != ErrOutOfGas || left != 0 {
			t.Errorf("%x: %v", input, err)
		}
	}
}

func TestLengthsAndLimits(t *testing.T) {
	granite := config.Rules{Cancun: true, Optimism: true, Ecotone: true, Fjord: true, Granite: true}
	isthmus, jovian := granite, granite
	isthmus.Holocene, isthmus.Isthmus, isthmus.Prague = true, true, true
	jovian = isthmus
	jovian.Jovian = true
	l1 := config.L1Prague
	answers := &recorder{output: make([]byte, 32)}
	Use(answers)
	defer Use(nil)
	for _, each := range []struct {
		number, length int
		output         int
		rules          *config.Rules
		asked          bool
	}{
		{0x08, 0, 32, &l1, true}, {0x08, 191, 32, &l1, false}, {0x08, 192 * 1000, 32, &l1, true},
		{0x08, 192 * 586, 32, &granite, true}, {0x08, 192 * 587, 32, &granite, false},
		{0x08, 192 * 427, 32, &jovian, true}, {0x08, 192 * 428, 32, &jovian, false},
		{0x0a, 192, 64, &granite, true}, {0x0a, 191, 64, &granite, false},
		{0x0b, 256, 128, &l1, true}, {0x0b, 255, 128, &l1, false},
		{0x0c, 0, 128, &l1, false}, {0x0c, 160 * 4000, 128, &l1, true}, {0x0c, 161, 128, &l1, false},
		{0x0c, 513760, 128, &isthmus, true}, {0x0c, 513760 + 160, 128, &isthmus, false},
		{0x0c, 288960, 128, &jovian, true}, {0x0c, 288960 + 160, 128, &jovian, false},
		{0x0d, 512, 256, &l1, true}, {0x0d, 513, 256, &l1, false},
		{0x0e, 0, 256, &l1, false}, {0x0e, 287, 256, &l1, false}, {0x0e, 288 * 3000, 256, &l1, true},
		{0x0e, 488448, 256, &isthmus, true}, {0x0e, 488448 + 288, 256, &isthmus, false},
		{0x0e, 278784, 256, &jovian, true}, {0x0e, 278784 + 288, 256, &jovian, false},
		{0x0f, 0, 32, &l1, false}, {0x0f, 383, 32, &l1, false}, {0x0f, 384 * 700, 32, &l1, true},
		{0x0f, 235008, 32, &isthmus, true}, {0x0f, 235008 + 384, 32, &isthmus, false},
		{0x0f, 156672, 32, &jovian, true}, {0x0f, 156672 + 384, 32, &jovian, false},
		{0x10, 64, 128, &l1, true}, {0x10, 65, 128, &l1, false},
		{0x11, 128, 256, &l1, true}, {0x11, 127, 256, &l1, false},
	} {
		answers.asked, answers.output = 0, make([]byte, each.output)
		_, left, err := Run(at(each.number), make([]byte, each.length), 1<<50, each.rules)
		if (answers.asked == 1) != each.asked || (err == nil) != each.asked || (left > 0) != each.asked {
			t.Errorf("%#x, %d bytes: asked %d times, %d gas left, %v", each.number, each.length, answers.asked, left, err)
		}
	}
}

// recorder answers everything with the same bytes.
type recorder struct {
	output    []byte
	fails     bool
	asked     int
	gas       uint64
	malformed int
}

func (answers *recorder) Precompile(_ Address, gas uint64, _ []byte) ([]byte, bool) {
	answers.asked++
	answers.gas = gas
	return answers.output, !answers.fails
}

func (answers *recorder) Malformed(Address) {
	answers.malformed++
}

func TestAnswersOfL1(t *testing.T) {
	defer Use(nil)
	pair := make([]byte, 192)
	answers := &recorder{output: make([]byte, 32)}
	Use(answers)
	if _, left, err := Run(at(8), pair, 100000, &config.L1Cancun); err != nil || left != 21000 || answers.gas != 79000 {
		t.Errorf("a pairing: %d gas left, asked with %d, %v", left, answers.gas, err)
	}

	if _, _, err := Run(at(8), pair, 78999, &config.L1Cancun); err != ErrOutOfGas || answers.asked != 1 {
		t.Errorf("too little gas: %v", err)
	}

	answers.fails = true
	if _, left, err := Run(at(8), pair, 100000, &config.L1Cancun); err != ErrFailure || left != 0 {
		t.Errorf("a failure: %d, %v", left, err)
	}

	answers = &recorder{output: make([]byte, 31)}
	Use(answers)
	if _, _, err := Run(at(8), pair, 100000, &config.L1Cancun); err == nil || answers.malformed != 1 {
		t.Error("an answer of 31 bytes was taken")
	}
}

func TestOnlyPossibleSignaturesAreAsked(t *testing.T) {
	defer Use(nil)
	answers := &recorder{output: append(make([]byte, 12), bytes.Repeat([]byte{7}, 20)...)}
	Use(answers)
	good := [32]byte{31: 1}
	above := halfOrder
	above[31]++
	for _, each := range []struct {
		r, s   [32]byte
		isLowS bool
		asked  int
	}{
		{good, good, true, 1}, {good, halfOrder, true, 1}, {good, above, true, 0}, {good, above, false, 1},
		{[32]byte{}, good, false, 0}, {good, [32]byte{}, false, 0}, {order, good, false, 0}, {good, order, false, 0},
	} {
		answers.asked = 0
		signer, found := Recover([32]byte{}, each.r, each.s, true, each.isLowS)
		if answers.asked != each.asked || found != (each.asked == 1) || found && signer[0] != 7 {
			t.Errorf("%x %x: asked %d times, %x", each.r, each.s, answers.asked, signer)
		}
	}

	input := append(make([]byte, 32), word(27)...)
	input = append(append(input, word(1)...), word(1)...)
	for _, change := range []func(){
		func() { input[63] = 26 }, func() { input[63] = 29 }, func() { input[63], input[40] = 27, 1 },
	} {
		change()
		answers.asked = 0
		if output, left, err := Run(at(1), input, 3000, &config.L1Cancun); output != nil || left != 0 || err != nil || answers.asked != 0 {
			t.Errorf("v %x: %x, %d, %v", input[32:64], output, left, err)
		}
	}

	answers.output[3] = 1
	if Recover([32]byte{}, good, good, false, true); answers.malformed != 1 {
		t.Error("an address of more than 20 bytes was taken")
	}
}
