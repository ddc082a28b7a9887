package blockclaim_test

import (
	"bytes"
	"math/rand"
	"path/filepath"
	"testing"

	"culverin/guest/blockclaim"
	"culverin/guest/keccak"
	"culverin/guest/l1node"
)

// TestMalformedDataUnderRightHashes: a host may invent a whole state, with nodes, code and headers that hash to what
// refers to them and are malformed. The program ends by its typed failure or with a verdict, never otherwise.
func TestMalformedDataUnderRightHashes(t *testing.T) {
	seed := int64(1944)
	random := rand.New(rand.NewSource(seed))
	t.Logf("seed %d", seed)
	node := l1node.New("")
	file := read(t, filepath.Join(blockFolder(t), "block-26207960.json"))
	whole := &preimages{all: file.Boot()}
	if _, failure := decide(whole, nil, node); failure != nil {
		t.Fatal(failure)
	}

	var read [][32]byte
	for _, key := range whole.order {
		if key[0] == 2 {
			read = append(read, key)
		}
	}

	counts := map[string]int{}
	for round := 0; round < 600; round++ {
		source := &preimages{all: map[[32]byte][]byte{}}
		for key, value := range whole.all {
			source.all[key] = value
		}

		key := read[random.Intn(len(read))]
		source.replace(key, mutate(random, source.all[key]))
		switch verdict, failure := decide(source, nil, node); {
		case failure != nil:
			counts["unknown"]++
		case verdict.IsRight:
			counts["right"]++
		default:
			counts["wrong"]++
		}
	}

	t.Logf("%v", counts)
	if counts["unknown"] < 100 || counts["wrong"] < 10 {
		t.Errorf("the damages led to %v", counts)
	}

	// A change that an execution never looks at still changes the roots.
	if counts["right"] != 0 {
		t.Errorf("%d damaged blocks are right", counts["right"])
	}
}

// mutate changes a value a little, or a lot.
func mutate(random *rand.Rand, value []byte) []byte {
	changed := append([]byte(nil), value...)
	for count := random.Intn(3); count >= 0 && len(changed) > 0; count-- {
		place := random.Intn(len(changed))
		switch random.Intn(5) {
		case 0:
			changed[place] ^= 1 << uint(random.Intn(8))
		case 1:
			changed = changed[:place]
		case 2:
			changed = append(changed, byte(random.Intn(256)))
		case 3:
			changed = append(changed[:place], changed[place+1:]...)
		default:
			changed[place] = byte(random.Intn(256))
		}
	}

	if bytes.Equal(changed, value) {
		return nil
	}

	return changed
}

// replace puts another value in a value's place, and its hash wherever the old hash stands, up to the local keys.
func (source *preimages) replace(key [32]byte, value []byte) {
	old := keccak.Sum(source.all[key])
	hash := source.add(value)
	for other, holder := range source.all {
		if !bytes.Contains(holder, old[:]) {
			continue
		}

		changed := bytes.ReplaceAll(holder, old[:], hash[:])
		if other[0] == 1 {
			if other != local(blockclaim.ClaimKey) {
				source.all[other] = changed
			}

			continue
		}

		source.replace(other, changed)
	}
}
