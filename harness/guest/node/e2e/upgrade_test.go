package e2e

import (
	"strings"
	"testing"

	"culverin/guest/keccak"
	"culverin/guest/testkit/rig"
)

const (
	oracleAddress   = "0x420000000000000000000000000000000000000f"
	historyContract = "0x0000f90827f1c53a10cb7a02335b175320002935"
)

// TestUpgrades: an L2 with the real contracts goes through Isthmus and Jovian while transactions wait. The first blocks of
// both have none of them; who derives has the same chain, and its blocks are the same when they are executed on a witness.
func TestUpgrades(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	l1.RealPredeploys = true
	// The second one between two blocks.
	l1.Later = map[string]uint64{"isthmus": 24, "jovian": 51}
	const firstOfIsthmus, firstOfJovian = 24 / rig.L2Time, 52 / rig.L2Time
	files := l1.NewFiles(100, rig.Holocene)
	first := l1.Start(files, t.TempDir(), sequencing)
	second := l1.Start(files, t.TempDir(), deriving)
	poster := newBatcher(t, l1, files, first, rig.BatcherKey, nil)
	for round := uint64(0); round < 6; round++ {
		l1.Deposit(friend, 1, nil)
		sendAll(t, first, signed(rig.UserKey, round, &friend, 1, nil, 1_000_000))
		l1.Mine(1)
		first.WaitForBlocks(l1)
	}

	post(t, l1, poster)
	first.WaitForL1(l1)
	status := second.WaitForL1(l1)
	if status.Safe.Number < firstOfJovian+2 {
		t.Fatalf("%+v", status)
	}

	compare(t, first, second, status.Safe.Number)
	call := func(signature string, number uint64) (answer string) {
		second.Ask(&answer, "eth_call", map[string]string{"to": oracleAddress, "data": selector(signature)}, quantity(number))
		return answer
	}
	yes := "0x" + strings.Repeat("0", 63) + "1"
	for number, deposits := range map[uint64]int{firstOfIsthmus: 8, firstOfJovian: 5} {
		flag := "isIsthmus()"
		if number == firstOfJovian {
			flag = "isJovian()"
		}

		var receipts []struct{ Status, Type string }
		second.Ask(&receipts, "eth_getBlockReceipts", quantity(number))
		for index, receipt := range receipts {
			if receipt.Type != "0x7e" || receipt.Status != "0x1" {
				t.Errorf("block %d: transaction %d: %+v", number, index, receipt)
			}
		}

		// Isthmus begins an epoch, with the deposit of a user.
		if users := len(receipts) - 1 - deposits; users != 0 && (users != 1 || number != firstOfIsthmus) {
			t.Errorf("block %d: %d transactions", number, len(receipts))
		}

		if answer := call(flag, number); answer != yes {
			t.Errorf("%s in block %d: %s", flag, number, answer)
		}
	}

	var code string
	second.Ask(&code, "eth_getCode", historyContract, "latest")
	if hash := keccak.Sum(octets(t, code)[0]); rig.Hex(hash[:]) !=
		"0x6e49e66782037c0555897870e29fa5e552daf4719552131a0abce779daec0a5d" {
		t.Errorf("the contract of EIP-2935 is %s", code)
	}

	for number := uint64(firstOfIsthmus - 1); number <= status.Safe.Number; number++ {
		checkWitness(t, files, second, number)
	}
}
