package upgrade_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/derive/upgrade"
	"culverin/guest/keccak"
	"culverin/guest/testkit/madeup"
	"culverin/guest/u256"
)

// listed is a deposit as the rules' text lists it. Data that make a contract are given by the contract that comes of them.
type listed struct {
	source, from, to string
	gas              uint64
	data             string
	contract, code   string
}

const (
	nobody    = "0x0000000000000000000000000000000000000000"
	depositor = "0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001"
	oracle    = "0x420000000000000000000000000000000000000f"
	l1Block   = "0x4200000000000000000000000000000000000015"
	vault     = "0x420000000000000000000000000000000000001b"
)

// texts are isthmus/derivation.md and jovian/derivation.md. The first text has two selectors for setIsthmus(), 0x291b0383
// as the deposit's data and 0x8e98b106 as what a command prints; the hash of the name says which.
var texts = map[config.Fork][]listed{
	config.Isthmus: {
		{
			"0x3b2d0821ca2411ad5cd3595804d1213d15737188ae4cbd58aa19c821a6c211bf", "0x4210000000000000000000000000000000000003",
			"", 425_000, "", "0xff256497d61dcd71a9e9ff43967c13fde1f72d12",
			"0x8e3fe7a416d3e5f3b7be74ddd4e7e58e516fa3f80b67c6d930e3cd7297da4a4b",
		},
		{
			"0xfc70b48424763fa3fab9844253b4f8d508f91eb1f7cb11a247c9baec0afb8035", "0x4210000000000000000000000000000000000004",
			"", 1_625_000, "", "0x93e57a196454cb919193fa9946f14943cf733845",
			"0x4d195a9d7caf9fb6d4beaf80de252c626c853afd5868c4f4f8d19c9d301c2679",
		},
		{
			"0x107a570d3db75e6110817eb024f09f3172657e920634111ce9875d08a16daa96", "0x4210000000000000000000000000000000000005",
			"", 500_000, "", "0x4fa2be8cd41504037f1838bce3bcc93bc68ff537",
			"0x57dc55c9c09ca456fa728f253fe7b895d3e6aae0706104935fe87c7721001971",
		},
		{
			"0xebe8b5cb10ca47e0d8bda8f5355f2d66711a54ddeb0ef1d30e29418c9bf17a0e", nobody, l1Block, 50_000,
			"0x3659cfe6000000000000000000000000ff256497d61dcd71a9e9ff43967c13fde1f72d12", "", "",
		},
		{
			"0xecf2d9161d26c54eda6b7bfdd9142719b1e1199a6e5641468d1bf705bc531ab0", nobody, oracle, 50_000,
			"0x3659cfe600000000000000000000000093e57a196454cb919193fa9946f14943cf733845", "", "",
		},
		{
			"0xad74e1adb877ccbe176b8fa1cc559388a16e090ddbe8b512f5b37d07d887a927", nobody, vault, 50_000,
			"0x3659cfe60000000000000000000000004fa2be8cd41504037f1838bce3bcc93bc68ff537", "", "",
		},
		{
			"0x3ddf4b1302548dd92939826e970f260ba36167f4c25f18390a5e8b194b295319", depositor, oracle, 90_000, "0x291b0383", "", "",
		},
		{
			"0xbfb734dae514c5974ddf803e54c1bc43d5cdb4a48ae27e1d9b875a5a150b553a", "0x3462413af4609098e1e27a490f554f260213d685",
			"", 250_000,
			"0x60538060095f395ff33373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611f" +
				"ff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500",
			"0x0000f90827f1c53a10cb7a02335b175320002935",
			"0x6e49e66782037c0555897870e29fa5e552daf4719552131a0abce779daec0a5d",
		},
	},
	config.Jovian: {
		{
			"0x98faf23b9795967bc0b1c543144739d50dba3ea40420e77ad6ca9848dbfb62e8", "0x4210000000000000000000000000000000000006",
			"", 447_315, "", "0x3ba4007f5c922fbb33c454b41ea7a1f11e83df2c",
			"0x5f885ca815d2cf27a203123e50b8ae204fdca910b6995d90b2d7700cbb9240d1",
		},
		{
			"0x08447273a4fbce97bc8c515f97ac74efc461f6a4001553712f31ebc11288bad2", nobody, l1Block, 50_000,
			"0x3659cfe60000000000000000000000003ba4007f5c922fbb33c454b41ea7a1f11e83df2c", "", "",
		},
		{
			"0xd939cca6eca7bd0ee0c7e89f7e5b5cf7bf6f7afe7b6966bb45dfb95344b31545", "0x4210000000000000000000000000000000000007",
			"", 1_750_714, "", "0x4f1db3c6abd250ba86e0928471a8f7db3afd88f1",
			"0xe9fc7c96c4db0d6078e3d359d7e8c982c350a513cb2c31121adf5e1e8a446614",
		},
		{
			"0x46b597e2d8346ed7749b46734074361e0b41a0ab9af7afda5bb4e367e072bcb8", nobody, oracle, 50_000,
			"0x3659cfe60000000000000000000000004f1db3c6abd250ba86e0928471a8f7db3afd88f1", "", "",
		},
		{
			"0xe836db6a959371756f8941be3e962d000f7e12a32e49e2c9ca42ba177a92716c", depositor, oracle, 90_000, "0xb3d72079", "", "",
		},
	},
}

// TestDepositsAreThoseOfTheTexts, in their order.
func TestDepositsAreThoseOfTheTexts(t *testing.T) {
	for fork := config.Holocene; fork < config.ForkCount; fork++ {
		deposits := upgrade.Deposits(fork)
		if len(deposits) != len(texts[fork]) {
			t.Fatalf("%s: %d deposits", fork, len(deposits))
		}

		for index, encoded := range deposits {
			made, err := block.Decode(encoded)
			if err != nil {
				t.Fatalf("%s: %d: %v", fork, index, err)
			}

			found := listed{
				source: digits(made.SourceHash[:]), from: digits(made.From[:]), gas: made.GasLimit, data: digits(made.Data),
				contract: texts[fork][index].contract, code: texts[fork][index].code,
			}
			if made.To != nil {
				found.to = digits(made.To[:])
			}

			want := texts[fork][index]
			if want.data == "" {
				want.data = found.data
			}

			if found != want || !made.Mint.IsZero() || !made.Value.IsZero() {
				t.Errorf("%s: %d:\n%+v\n%+v", fork, index, found, want)
			}
		}
	}
}

// TestUpgradesAreExecuted: an L2 from Holocene to Jovian has the contracts whose code the texts name, its proxies stand for
// them, and the oracle knows the fork.
func TestUpgradesAreExecuted(t *testing.T) {
	world := madeup.New(t, config.Holocene)
	world.Schedule(config.Isthmus, 2*madeup.BlockTime)
	world.Schedule(config.Jovian, 4*madeup.BlockTime)
	world.AddL1Until(madeup.FirstL1 + 3)
	for number := 1; number <= 6; number++ {
		world.AddL2()
	}

	checkContracts(t, world, 1, config.Isthmus, false)
	checkContracts(t, world, 2, config.Isthmus, true)
	checkContracts(t, world, 3, config.Jovian, false)
	checkContracts(t, world, 4, config.Jovian, true)

	// The new contract with the L1 attributes understands what is said to it, from the block after the first on.
	after := world.State(6)
	number := u256.New(0)
	value := after.Storage(madeup.L1BlockContract, &number) // time ‖ number
	if value.Uint64() != world.L2[6].Origin.Number() {
		t.Errorf("the contract with the L1 attributes says %v", value)
	}

	// Three flags are in the oracle's first slot, and Jovian's.
	if flags := after.Storage(madeup.GasPriceOracle, &number); flags != u256.New(0x01010101) {
		t.Errorf("the oracle says %v", flags)
	}
}

func checkContracts(t *testing.T, world *madeup.World, number int, fork config.Fork, areThere bool) {
	t.Helper()
	state := world.State(number)
	for index, each := range texts[fork] {
		if each.contract != "" {
			hash := keccak.Sum(state.Code(address(t, each.contract)))
			if isThere := digits(hash[:]) == each.code; isThere != areThere {
				t.Errorf("block %d: %s: %d: the code's hash is %x", number, fork, index, hash)
			}
		}

		if each.from == nobody {
			var slot u256.Int
			slot.SetBytes(octets(t, "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"))
			value := state.Storage(address(t, each.to), &slot)
			word := value.Bytes32()
			if isThere := strings.HasSuffix(each.data, hex.EncodeToString(word[:])); isThere != areThere {
				t.Errorf("block %d: %s: the proxy %s stands for %x", number, fork, each.to, word)
			}
		}
	}
}

func digits(data []byte) string {
	return "0x" + hex.EncodeToString(data)
}

func octets(t *testing.T, digits string) []byte {
	t.Helper()
	data, err := hex.DecodeString(digits[2:])
	if err != nil {
		t.Fatal(err)
	}

	return data
}

func address(t *testing.T, digits string) (address block.Address) {
	t.Helper()
	copy(address[:], octets(t, digits))
	return address
}
