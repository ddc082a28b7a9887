package derive

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"runtime"
	"testing"

	"culverin/guest/brotli"
	"culverin/guest/rlp"
)

func deflated(t testing.TB, data []byte) []byte {
	t.Helper()
	var target bytes.Buffer
	writer := zlib.NewWriter(&target)
	if _, err := writer.Write(data); err != nil {
		t.Fatal(err)
	}

	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}

	return target.Bytes()
}

// readAll reads batches until there are no more, or the rest is malformed.
func readAll(t testing.TB, channel []byte, rules ChannelRules) (batches [][]byte, err error) {
	t.Helper()
	reader, err := NewBatchReader(Channel{channel}, rules)
	for err == nil {
		var batch []byte
		if batch, err = reader.Next(); err == nil {
			batches = append(batches, batch)
		}
	}

	return batches, err
}

func isMalformed(err error) bool {
	var failure *MalformedError
	return errors.As(err, &failure)
}

func TestBatchesOfAChannel(t *testing.T) {
	long := bytes.Repeat([]byte{7}, 70_000)
	expected := [][]byte{{1, 2, 3}, {0x7f}, {}, {0x80}, long}
	channel := deflated(t, NewTransactionList(expected...))
	batches, err := readAll(t, channel, BedrockChannels)
	if err != io.EOF || len(batches) != len(expected) {
		t.Fatalf("%v, %d batches", err, len(batches))
	}

	for index := range expected {
		if !bytes.Equal(batches[index], expected[index]) {
			t.Errorf("batch %d is %x", index, batches[index])
		}
	}
}

func TestBrotliChannel(t *testing.T) {
	if !brotli.IsAvailable {
		if _, err := readAll(t, []byte{1, 2, 3}, FjordChannels); err != ErrNoBrotli {
			t.Errorf("a channel that cannot be read gives %v", err)
		}

		t.Skip("did not run: this build is without brotli (golang-github-andybalholm-brotli-dev)")
	}

	content := NewTransactionList([]byte{1, 2, 3}, bytes.Repeat([]byte{7}, 70_000))
	channel := append([]byte{1}, brotli.Compress(content)...)
	batches, err := readAll(t, channel, FjordChannels)
	if err != io.EOF || !bytes.Equal(NewTransactionList(batches...), content) {
		t.Fatalf("%v, %d batches", err, len(batches))
	}

	if batches, err := readAll(t, channel, BedrockChannels); !isMalformed(err) || len(batches) > 0 {
		t.Errorf("before Fjord: %v, %d batches", err, len(batches))
	}

	if batches, err := readAll(t, append(channel, 0), FjordChannels); len(batches) != 2 {
		t.Errorf("with a byte behind: %v, %d batches", err, len(batches))
	}
}

func TestChannelsThatAreNone(t *testing.T) {
	good := deflated(t, NewTransactionList([]byte{1}))
	withDictionary := append([]byte(nil), good...)
	// FDICT, with a check that fits (RFC 1950, 2.2).
	withDictionary[1] = 0x20 | (good[1] & 0xc0)
	withDictionary[1] += byte(31 - (int(withDictionary[0])<<8|int(withDictionary[1]))%31)
	for name, channel := range map[string][]byte{
		"empty":                nil,
		"version 0":            {0, 1, 2},
		"version 2":            {2, 1, 2},
		"version 0x81":         {0x81, 1, 2},
		"reserved method":      {0x7f, 1, 2},
		"zlib's first byte":    {0x78},
		"zlib's check wrong":   {0x78, 0x9d, 1, 0},
		"zlib with dictionary": withDictionary,
	} {
		if batches, err := readAll(t, channel, FjordChannels); !isMalformed(err) || len(batches) > 0 {
			t.Errorf("%s: %v, %x", name, err, batches)
		}
	}
}

// TestDamageKeepsWhatCameBefore: batches before the damage count.
func TestDamageKeepsWhatCameBefore(t *testing.T) {
	first := rlp.EncodeBytes([]byte{1, 2, 3})
	for name, digits := range map[string]string{
		"a list":                     "c3010203",
		"cut in the content":         "83 0102",
		"cut in the head":            "b9 01",
		"length not minimal":         "b8 01 ff",
		"length with a leading zero": "b9 0040",
		"single byte with a head":    "81 01",
		"above the limit":            "bb 05f5e101",
		"8 bytes of length":          "bf ffffffffffffffff",
		"sign bit of 32":             "bb 80000000 00",
	} {
		content := append(append([]byte(nil), first...), unhex(t, digits)...)
		batches, err := readAll(t, deflated(t, content), FjordChannels)
		if !isMalformed(err) || len(batches) != 1 {
			t.Errorf("%s: %v, %d batches", name, err, len(batches))
		}
	}

	channel := deflated(t, append(append([]byte(nil), first...), rlp.EncodeBytes(make([]byte, 200_000))...))
	if batches, err := readAll(t, channel[:len(channel)-40], FjordChannels); !isMalformed(err) || len(batches) != 1 {
		t.Errorf("a cut stream: %v, %d batches", err, len(batches))
	}
}

// TestLimitClips: what lies behind the limit is not there; all batches that end before it count.
func TestLimitClips(t *testing.T) {
	batch := bytes.Repeat([]byte{7}, 1000)
	content := NewTransactionList(batch, batch, batch)
	size := len(content) / 3
	for limit, count := range map[int]int{3 * size: 3, 3*size - 1: 2, 2 * size: 2, 2*size + 1: 2, size: 1, size - 1: 0, 1: 0} {
		batches, err := readAll(t, deflated(t, content), ChannelRules{BytesMax: limit})
		isEnd := limit%size == 0
		if len(batches) != count || isEnd != (err == io.EOF) || !isEnd && !isMalformed(err) {
			t.Errorf("%d bytes: %v, %d batches", limit, err, len(batches))
		}
	}
}

// zeros gives a very long stream.
type zeros struct {
	head []byte
	left int
}

func (source *zeros) Read(target []byte) (int, error) {
	if len(source.head) > 0 {
		count := copy(target, source.head)
		source.head = source.head[count:]
		return count, nil
	}

	if source.left == 0 {
		return 0, io.EOF
	}

	for index := range target {
		target[index] = 0
	}

	count := min(len(target), source.left)
	source.left -= count
	return count, nil
}

// bomb makes a channel whose content begins with head and goes on with zeros.
func bomb(t *testing.T, head []byte, length int) []byte {
	t.Helper()
	var target bytes.Buffer
	writer, err := zlib.NewWriterLevel(&target, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}

	if _, err := io.CopyBuffer(writer, &zeros{head, length}, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}

	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}

	return target.Bytes()
}

// allocated is how many bytes work allocates in all; what is freed meanwhile counts.
func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestChannelBombs: a channel that inflates to gigabytes is read up to the limit at most, and nothing is allocated for
// what only is claimed.
func TestChannelBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: -short was given")
	}

	for name, one := range map[string]struct {
		head   []byte
		length int
		most   uint64
		count  int
	}{
		// Each zero is a batch of one byte.
		"small batches":     {nil, 1<<31 - 1, 1 << 20, 1000},
		"16 MiB":            {unhex(t, "ba ffffff"), 110 << 20, 30 << 20, 1},
		"claims 4 GiB":      {unhex(t, "bb ffffffff"), 110 << 20, 1 << 20, 0},
		"up to the limit":   {unhex(t, "bb 05f5e0fb"), 110 << 20, 200 << 20, 1},
		"1 above the limit": {unhex(t, "bb 05f5e0fc"), 110 << 20, 1 << 20, 0},
	} {
		channel := bomb(t, one.head, one.length)
		used := allocated(func() {
			reader, err := NewBatchReader(Channel{channel}, FjordChannels)
			count := 0
			for err == nil && count < one.count {
				if _, err = reader.Next(); err == nil {
					count++
				}
			}

			if err == nil && one.count == 0 {
				_, err = reader.Next()
			}

			if count != one.count || one.count == 0 && !isMalformed(err) {
				t.Errorf("%s: %v, %d batches", name, err, count)
			}
		})
		if used > one.most {
			t.Errorf("%s: %d bytes were allocated for %d", name, used, len(channel))
		}
	}
}

// TestSmallClaims: a short channel that claims a long batch costs little.
func TestSmallClaims(t *testing.T) {
	channel := deflated(t, unhex(t, "bb 05f5e0fb 010203"))
	used := allocated(func() {
		if _, err := readAll(t, channel, FjordChannels); !isMalformed(err) {
			t.Error(err)
		}
	})
	if used > 1<<20 {
		t.Errorf("%d bytes were allocated", used)
	}
}

func FuzzChannel(f *testing.F) {
	f.Add(deflated(f, NewTransactionList([]byte{1, 2, 3}, make([]byte, 300))))
	f.Add([]byte{1, 0x0b, 0x02, 0x80, 0x83, 1, 2, 3, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		batches, err := readAll(t, data, ChannelRules{BytesMax: 1 << 20, HasBrotli: true})
		if err != io.EOF && err != ErrNoBrotli && !isMalformed(err) {
			t.Fatal(err)
		}

		if len(NewTransactionList(batches...)) > 1<<20 {
			t.Fatal("more was read than the limit allows")
		}
	})
}
