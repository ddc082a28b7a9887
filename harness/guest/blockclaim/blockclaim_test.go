package blockclaim_test

import (
	"fmt"
	"math/rand"
	"path/filepath"
	"strings"
	"testing"

	"culverin/guest/blockclaim"
	"culverin/guest/blockfile"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/l1node"
	"culverin/guest/oracle"
	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/fixture"
)

// preimages is a source that notes what it is asked for.
type preimages struct {
	all   map[[32]byte][]byte
	asked map[[32]byte]bool
	order [][32]byte
}

func (source *preimages) Hint(string) {}

func (source *preimages) Get(key [32]byte) []byte {
	source.asked[key] = true
	source.order = append(source.order, key)
	return source.all[key]
}

func blockFolder(t *testing.T) string {
	t.Helper()
	return filepath.Join(fixture.Extract(t, "op-sepolia-blocks.tar.xz"), "op-sepolia-blocks")
}

func read(t *testing.T, path string) *blockfile.File {
	t.Helper()
	file, err := blockfile.Read(path)
	if err != nil {
		t.Fatal(err)
	}

	return file
}

// decide runs the program; a typed failure is returned, any other panic ends the test.
func decide(source *preimages, chain *config.Chain, node *l1node.Node) (verdict blockclaim.Verdict, failure *oracle.Failure) {
	defer oracle.Catch(&failure)
	source.asked = map[[32]byte]bool{}
	source.order = nil
	verdict = blockclaim.Decide(oracle.New(source), node, chain)
	return verdict, nil
}

func TestRealBlocksHaveTheirHashes(t *testing.T) {
	node := l1node.New(anvil.Start(t))
	paths, err := filepath.Glob(filepath.Join(blockFolder(t), "*.json"))
	if err != nil || len(paths) < 5 {
		t.Fatalf("%d blocks, %v", len(paths), err)
	}

	for _, path := range paths {
		file := read(t, path)
		for _, chain := range []*config.Chain{nil, file.Chain} {
			source := &preimages{all: file.Boot()}
			verdict, failure := decide(source, chain, node)
			if failure != nil || !verdict.IsRight || verdict.Hash != file.Expected {
				t.Errorf("%s: %+v, %v", filepath.Base(path), verdict, failure)
			}

			if last := source.order[len(source.order)-1]; last != local(blockclaim.ClaimKey) {
				t.Errorf("%s: the claim is not asked last", filepath.Base(path))
			}
		}

		source := &preimages{all: file.Boot()}
		source.all[local(blockclaim.ClaimKey)] = make([]byte, 32)
		if verdict, failure := decide(source, nil, node); failure != nil || verdict.IsRight {
			t.Errorf("%s: a wrong claim: %+v, %v", filepath.Base(path), verdict, failure)
		}
	}
}

func local(index byte) [32]byte {
	return [32]byte{0: 1, 31: index}
}

// TestChangedPreimages: a changed or missing byte anywhere makes the block unknown, and the message says where.
func TestChangedPreimages(t *testing.T) {
	seed := int64(26207960)
	random := rand.New(rand.NewSource(seed))
	node := l1node.New("")
	file := read(t, filepath.Join(blockFolder(t), "block-26207960.json"))
	whole := &preimages{all: file.Boot()}
	if verdict, failure := decide(whole, nil, node); failure != nil || !verdict.IsRight {
		t.Fatalf("the whole block: %+v, %v", verdict, failure)
	}

	read := 0
	for key := range whole.asked {
		value := whole.all[key]
		if key[0] != 2 || len(value) == 0 {
			continue
		}

		read++
		changed := append([]byte(nil), value...)
		changed[random.Intn(len(changed))] ^= 1 << uint(random.Intn(8))
		for what, replacement := range map[string][]byte{
			"changed": changed, "cut": value[:len(value)-1], "longer": append(append([]byte(nil), value...), 0), "missing": nil,
		} {
			source := &preimages{all: map[[32]byte][]byte{}}
			for other, each := range whole.all {
				source.all[other] = each
			}

			source.all[key] = replacement
			hash := keccak.Sum(value)
			verdict, failure := decide(source, nil, node)
			if failure == nil || !strings.Contains(failure.Text, fmt.Sprintf("0x%x", hash[:])) {
				t.Errorf("seed %d: 0x%x %s: %+v, %v", seed, hash, what, verdict, failure)
			}
		}
	}

	if read < 300 {
		t.Errorf("only %d pre-images were read", read)
	}
}

func TestWhatIsNotKnownIsSaid(t *testing.T) {
	node := l1node.New("")
	file := read(t, filepath.Join(blockFolder(t), "block-26207960.json"))
	for problem, change := range map[string]func(source *preimages){
		"no configuration of the chain 0x0000000000000001": func(source *preimages) {
			source.all[local(blockclaim.ChainKey)] = []byte{7: 1}
		},
		"its index is 0x02": func(source *preimages) { delete(source.all, local(blockclaim.AttributesKey)) },
		"the rules of the fork karst are not implemented": func(source *preimages) {
			later := *file.Attributes
			later.Timestamp = 1781712001
			source.attributes(later.Encode())
		},
		"the rules before the fork ecotone are not implemented": func(source *preimages) {
			earlier := *file.Attributes
			earlier.Timestamp = 1708534799
			source.attributes(earlier.Encode())
		},
		"the payload attributes are malformed": func(source *preimages) { source.attributes([]byte{0xc0}) },
		"the parent's header is malformed": func(source *preimages) {
			hash := source.add([]byte{0xc0})
			source.all[local(blockclaim.ParentKey)] = hash[:]
		},
	} {
		source := &preimages{all: file.Boot()}
		change(source)
		if verdict, failure := decide(source, nil, node); failure == nil || !strings.Contains(failure.Text, problem) {
			t.Errorf("%s: %+v, %v", problem, verdict, failure)
		}
	}
}

func (source *preimages) add(data []byte) keccak.Hash {
	hash := keccak.Sum(data)
	key := hash
	key[0] = 2
	source.all[key] = data
	return hash
}

func (source *preimages) attributes(encoded []byte) {
	hash := source.add(encoded)
	source.all[local(blockclaim.AttributesKey)] = hash[:]
}

// TestBlocksThatCannotBe: attributes that no block can be made of make every claim wrong.
func TestBlocksThatCannotBe(t *testing.T) {
	node := l1node.New("")
	file := read(t, filepath.Join(blockFolder(t), "block-26207960.json"))
	for reason, change := range map[string]func(file *blockfile.File){
		"not later than its parent": func(file *blockfile.File) { file.Attributes.Timestamp = file.Parent.Timestamp },
		"attributes have no usable parameters": func(file *blockfile.File) {
			file.Attributes.FeeParameters = [8]byte{7: 6}
		},
		"no usable parameters for the base fee": func(file *blockfile.File) { file.Attributes.HasMinBaseFee = true },
		"malformed":                             func(file *blockfile.File) { file.Attributes.Transactions[1] = []byte{1, 2, 3} },
		"nonce": func(file *blockfile.File) {
			transactions := file.Attributes.Transactions
			file.Attributes.Transactions = append(transactions[:2:2], transactions[1])
		},
		"no room":                           func(file *blockfile.File) { file.Attributes.GasLimit = 1_000_001 },
		"the parent's header has no usable": func(file *blockfile.File) { file.Parent.ExtraData = nil },
	} {
		changed := *file
		attributes, parent := *file.Attributes, *file.Parent
		attributes.Transactions = append([][]byte(nil), attributes.Transactions...)
		changed.Attributes, changed.Parent = &attributes, &parent
		change(&changed)
		verdict, failure := decide(&preimages{all: changed.Boot()}, nil, node)
		if failure != nil || verdict.IsRight || !strings.Contains(verdict.Reason, reason) {
			t.Errorf("%s: %+v, %v", reason, verdict, failure)
		}
	}
}
