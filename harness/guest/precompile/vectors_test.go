package precompile_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culverin/guest/config"
	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/fixture"
)

// vector is a test case as the EIPs publish them.
type vector struct {
	Name          string
	Input         string
	Expected      string
	ExpectedError string
	Gas           uint64
}

// isthmus has all contracts.
var isthmus = config.Rules{
	Cancun: true, Prague: true, Optimism: true,
	Ecotone: true, Fjord: true, Granite: true, Holocene: true, Isthmus: true,
}

func readVectors(t *testing.T, folder, name string) []vector {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "assets", name))
	if err != nil {
		t.Fatal(err)
	}

	var vectors []vector
	if err = json.Unmarshal(data, &vectors); err != nil || len(vectors) == 0 {
		t.Fatalf("%s: %d vectors, %v", name, len(vectors), err)
	}

	return vectors
}

// expect runs a vector with exactly its gas, and with one less.
func (each vector) expect(t *testing.T, number uint16) {
	t.Helper()
	address := precompile.Address{18: byte(number >> 8), 19: byte(number)}
	input, err := hex.DecodeString(each.Input)
	if err != nil {
		t.Fatal(err)
	}

	if each.ExpectedError != "" {
		if output, left, err := precompile.Run(address, input, 1<<40, &isthmus); err != precompile.ErrFailure || left != 0 {
			t.Errorf("%s: %x, %d gas left, %v", each.Name, output, left, err)
		}

		return
	}

	output, left, err := precompile.Run(address, input, each.Gas+7, &isthmus)
	if err != nil || left != 7 || hex.EncodeToString(output) != strings.ToLower(each.Expected) {
		t.Errorf("%s: %x, %d gas left, %v", each.Name, output, left, err)
	}

	if _, left, err = precompile.Run(address, input, each.Gas-1, &isthmus); err != precompile.ErrOutOfGas || left != 0 {
		t.Errorf("%s: with too little gas: %d left, %v", each.Name, left, err)
	}
}

func TestP256Vectors(t *testing.T) {
	folder := fixture.Extract(t, "eip-vectors.tar.xz")
	for _, each := range readVectors(t, folder, "eip-7951/test-vectors.json") {
		each.expect(t, 0x100)
	}
}

func TestBlsVectors(t *testing.T) {
	folder := fixture.Extract(t, "eip-vectors.tar.xz")
	precompile.Use(l1node.New(anvil.Start(t, "--hardfork", "prague")))
	ran := 0
	for name, number := range map[string]uint16{
		"add_G1": 0x0b, "msm_G1": 0x0c, "add_G2": 0x0d, "msm_G2": 0x0e, "pairing_check": 0x0f,
		"map_fp_to_G1": 0x10, "map_fp2_to_G2": 0x11,
		// The EIP dropped multiplication as a contract of its own; it is a multi-scalar multiplication of one pair.
		"mul_G1": 0x0c, "mul_G2": 0x0e,
	} {
		for _, kind := range []string{"", "fail-"} {
			file := "eip-2537/" + kind + name + "_bls.json"
			if kind+name == "msm_G2" {
				// More than what the fixtures keep.
				continue
			}

			for _, each := range readVectors(t, folder, file) {
				each.Name = file + ": " + each.Name
				each.expect(t, number)
				ran++
			}
		}
	}

	if ran < 250 {
		t.Errorf("only %d vectors", ran)
	}
}
