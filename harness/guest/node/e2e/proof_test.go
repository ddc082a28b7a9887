package e2e

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/testkit/rig"
)

// walk follows a key from a root through the nodes of a proof, by the Yellow Paper's appendix D alone, and returns the
// value at its end, nil if the proof shows that there is none.
func walk(t *testing.T, root keccak.Hash, key []byte, proof [][]byte) []byte {
	t.Helper()
	hash := keccak.Sum(key)
	digits := hex.EncodeToString(hash[:])
	want := root[:]
	for index := 0; ; index++ {
		var node []byte
		if len(want) == keccak.Size {
			if index >= len(proof) {
				t.Fatalf("the proof ends after %d nodes", index)
			}

			node = proof[index]
			if found := keccak.Sum(node); !bytes.Equal(found[:], want) {
				t.Fatalf("node %d of the proof has another hash", index)
			}
		} else {
			node = want
			index--
		}

		items, err := rlp.List(node)
		if err != nil {
			t.Fatal(err)
		}

		var next rlp.Item
		if len(items) == 17 {
			place := strings.IndexByte("0123456789abcdef", digits[0])
			next, digits = items[place], digits[1:]
		} else {
			path := hex.EncodeToString(items[0].Content)
			isLeaf := path[0] == '2' || path[0] == '3'
			if path[0] == '0' || path[0] == '2' {
				path = path[2:]
			} else {
				path = path[1:]
			}

			if !strings.HasPrefix(digits, path) {
				return nil
			}

			digits = digits[len(path):]
			next = items[1]
			if isLeaf {
				if index != len(proof)-1 {
					t.Fatalf("the proof has %d nodes more than it needs", len(proof)-1-index)
				}

				return next.Content
			}
		}

		switch {
		case next.IsList:
			want = next.Raw
		case len(next.Content) == 0:
			return nil
		default:
			want = next.Content
		}
	}
}

type proofAnswer struct {
	AccountProof []string `json:"accountProof"`
	Balance      string   `json:"balance"`
	Nonce        string   `json:"nonce"`
	CodeHash     string   `json:"codeHash"`
	StorageHash  string   `json:"storageHash"`
	StorageProof []struct {
		Key   string   `json:"key"`
		Value string   `json:"value"`
		Proof []string `json:"proof"`
	} `json:"storageProof"`
}

func octets(t *testing.T, texts ...string) (all [][]byte) {
	t.Helper()
	for _, text := range texts {
		data, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
		if err != nil {
			t.Fatal(err)
		}

		all = append(all, data)
	}

	return all
}

func rootOf(t *testing.T, text string) (root keccak.Hash) {
	copy(root[:], octets(t, text)[0])
	return root
}

// TestProofs: accounts and places in storage, there or not, in old blocks and new ones.
func TestProofs(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Holocene)
	node := l1.Start(files, t.TempDir(), sequencing)
	l1.Mine(1)
	node.WaitForBlocks(l1)
	for nonce := uint64(0); nonce < 40; nonce++ {
		data := make([]byte, 64)
		data[31], data[63] = byte(nonce), byte(nonce+1)
		sendAll(t, node, signed(rig.UserKey, nonce, &rig.Store, 0, data, 1_000_000))
	}

	l1.Mine(1)
	node.WaitForBlocks(l1)
	for _, tag := range []string{"0x0", "0x3", "latest"} {
		var header struct {
			StateRoot string `json:"stateRoot"`
		}
		node.Ask(&header, "eth_getBlockByNumber", tag, false)
		for _, account := range []string{
			rig.Hex(rig.Store[:]), rig.Hex(rig.Log[:]), rig.Hex(friend[:]), "0x4200000000000000000000000000000000000015",
		} {
			keys := []string{"0x0", "0x5", "0x27", "0x28", "0x" + strings.Repeat("f", 64)}
			var answer proofAnswer
			node.Ask(&answer, "eth_getProof", account, keys, tag)
			value := walk(t, rootOf(t, header.StateRoot), octets(t, account)[0], octets(t, answer.AccountProof...))
			if value == nil {
				if answer.Nonce != "0x0" || answer.Balance != "0x0" {
					t.Errorf("%s at %s is not there and has %+v", account, tag, answer)
				}

				continue
			}

			items, err := rlp.List(value)
			if err != nil || "0x"+hex.EncodeToString(items[2].Content) != answer.StorageHash ||
				"0x"+hex.EncodeToString(items[3].Content) != answer.CodeHash {
				t.Errorf("%s at %s: %v, %+v", account, tag, err, answer)
			}

			for _, place := range answer.StorageProof {
				checkPlace(t, node, account, tag, answer.StorageHash, place.Key, place.Value, place.Proof)
			}
		}
	}
}

func checkPlace(t *testing.T, node *rig.Node, account, tag, root, key, value string, proof []string) {
	t.Helper()
	var stored string
	node.Ask(&stored, "eth_getStorageAt", account, key, tag)
	digits := strings.TrimLeft(stored[2:], "0")
	if digits == "" {
		digits = "0"
	}

	if "0x"+digits != value {
		t.Errorf("%s of %s: %s is stored, the proof says %s", key, account, stored, value)
	}

	const empty = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
	if root == empty {
		if len(proof) != 0 || value != "0x0" {
			t.Errorf("%s of %s: %v, %s", key, account, proof, value)
		}

		return
	}

	place := make([]byte, 32)
	text := strings.Repeat("0", 64-len(key)+2) + key[2:]
	copy(place, octets(t, text)[0])
	found := walk(t, rootOf(t, root), place, octets(t, proof...))
	if found == nil {
		if value != "0x0" {
			t.Errorf("%s of %s: nothing is proven, %s is said", key, account, value)
		}

		return
	}

	item, _, err := rlp.Split(found)
	if err != nil || strings.TrimLeft(hex.EncodeToString(item.Content), "0") != digits {
		t.Errorf("%s of %s: %x is proven, %s stored", key, account, item.Content, stored)
	}
}

// witness is the answer to debug_executionWitness.
type witness struct{ Headers, Codes, State []string }

// checkWitness executes a block on its witness.
func checkWitness(t *testing.T, files *rig.Files, node *rig.Node, number uint64) (witness witness) {
	t.Helper()
	node.Ask(&witness, "debug_executionWitness", quantity(number))
	source := source{}
	for _, list := range [][]string{witness.Headers, witness.Codes, witness.State} {
		for _, data := range octets(t, list...) {
			source[keccak.Sum(data)] = data
		}
	}

	if found := executeAgain(t, files, node, source, number); found != blockHash(node, number) {
		t.Errorf("block %d executed again is %s", number, found)
	}

	return witness
}

// TestAWitnessIsEnough: from what debug_executionWitness says a block can be executed by somebody who has nothing else;
// debug_dbGet has each part.
func TestAWitnessIsEnough(t *testing.T) {
	t.Parallel()
	l1 := rig.StartL1(t)
	files := l1.NewFiles(100, rig.Isthmus)
	node := l1.Start(files, t.TempDir(), sequencing)
	l1.Deposit(friend, 3, nil)
	l1.Mine(1)
	node.WaitForBlocks(l1)
	for nonce := uint64(0); nonce < 3; nonce++ {
		sendAll(t, node, signed(rig.UserKey, nonce, target(nonce), 0, make([]byte, 64), 1_000_000))
	}

	l1.Mine(1)
	last := node.WaitForBlocks(l1).Unsafe.Number
	for number := uint64(1); number <= last; number++ {
		witness := checkWitness(t, files, node, number)
		for _, data := range append(octets(t, witness.State...), octets(t, witness.Codes...)...) {
			hash := keccak.Sum(data)
			var found string
			node.Ask(&found, "debug_dbGet", rig.Hex(hash[:]))
			if found != rig.Hex(data) {
				t.Fatalf("debug_dbGet of %x: %s", hash, found)
			}
		}
	}

	var code, again string
	node.Ask(&code, "eth_getCode", rig.Hex(rig.Log[:]), "latest")
	hash := keccak.Sum(octets(t, code)[0])
	node.Ask(&again, "debug_dbGet", "0x63"+rig.Hex(hash[:])[2:])
	if again != code || len(code) < 10 {
		t.Errorf("%s, %s", code, again)
	}
}
