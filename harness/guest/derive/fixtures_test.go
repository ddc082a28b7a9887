package derive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"testing"

	"culverin/guest/block"
	"culverin/guest/secp256k1"
	"culverin/guest/testkit/fixture"
)

// real reads a file of real data, or says that the test did not run.
func real(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(fixture.Path(t, filepath.Join("derivation", name)))
	if err != nil {
		t.Fatal(err)
	}

	return data
}

const opMainnet = 10

// summary is what the fixtures' README says about a span batch.
type summary struct {
	time, origin                               uint64
	blocks, changes, count, creations, protect int
	types                                      [3]int
}

// summaryOf goes through the whole batch. Every signature must be somebody's; the accounts that signed are returned with
// the nonces they used.
func summaryOf(t *testing.T, span *SpanBatch) (found summary, signers map[secp256k1.Address][]uint64) {
	t.Helper()
	found = summary{
		time: span.RelativeTimestamp, origin: span.L1OriginNumber, blocks: span.BlockCount,
		changes: span.OriginChanges(), creations: span.Creations(), protect: span.Protected(),
	}
	signers = map[secp256k1.Address][]uint64{}
	blocks := span.Blocks(opMainnet)
	for each, isThere := blocks.Next(); isThere; each, isThere = blocks.Next() {
		each.Transactions.Each(func(encoded []byte) bool {
			transaction, err := block.Decode(encoded)
			if err != nil || !bytes.Equal(transaction.Encode(), encoded) {
				t.Fatalf("%x: %v", encoded, err)
			}

			signer, isSigned := secp256k1.Recover(
				transaction.SigningHash, transaction.R[:], transaction.S[:], transaction.IsOddY)
			if !isSigned {
				t.Fatalf("%x is signed by nobody", encoded)
			}

			signers[signer] = append(signers[signer], transaction.Nonce)
			found.count++
			found.types[transaction.Type]++
			return true
		})
	}

	return found, signers
}

// batchesOf reads a channel to its end.
func batchesOf(t *testing.T, channel Channel, rules ChannelRules) (batches [][]byte) {
	t.Helper()
	reader, err := NewBatchReader(channel, rules)
	if err != nil {
		t.Fatal(err)
	}

	for {
		batch, err := reader.Next()
		if err == io.EOF {
			return batches
		}

		if err != nil {
			t.Fatal(err)
		}

		batches = append(batches, batch)
	}
}

// checkRealBatch: the batch is read to its last byte and written again as it was; a signer's nonces rise one by one,
// which they would not if bits, targets or nonces were taken from other transactions.
func checkRealBatch(t *testing.T, data []byte, expected summary) {
	t.Helper()
	_, span, rest, err := DecodeBatch(data)
	if err != nil || span == nil || len(rest) > 0 {
		t.Fatalf("%v, %d bytes left", err, len(rest))
	}

	found, signers := summaryOf(t, span)
	if found != expected {
		t.Errorf("read as %+v, expected %+v", found, expected)
	}

	if len(signers)*5 > found.count*4 {
		t.Errorf("%d accounts signed %d transactions", len(signers), found.count)
	}

	for signer, nonces := range signers {
		for index := range nonces[1:] {
			if nonces[index+1] != nonces[index]+1 {
				t.Errorf("%x used the nonces %d", signer, nonces)
				break
			}
		}
	}

	if written, err := span.Encode(opMainnet); err != nil || !bytes.Equal(written, data) {
		t.Errorf("the batch is written as another: %v", err)
	}
}

func TestRealChannel(t *testing.T) {
	channel, err := hex.DecodeString(string(bytes.TrimSpace(real(t, "op-mainnet-channel.zlib.hex"))))
	if err != nil {
		t.Fatal(err)
	}

	// In pieces, as frames bring it.
	pieces := Channel{channel[:1], nil, channel[1:1000], channel[1000:]}
	batches := batchesOf(t, pieces, FjordChannels)
	if len(batches) != 1 {
		t.Fatalf("%d batches", len(batches))
	}

	decompressed := NewTransactionList(batches...)
	sum := sha256.Sum256(decompressed)
	if len(decompressed) != 1_409_463 ||
		hex.EncodeToString(sum[:]) != "f437cc78d35de8f9271cc4774f9491cabb29c73302ca233efd44d5e936786d5f" {
		t.Errorf("%d bytes, %x", len(decompressed), sum)
	}

	checkRealBatch(t, batches[0], summary{
		time: 32_295_734, origin: 20_089_770, blocks: 143, changes: 24, count: 1766, types: [3]int{454, 11, 1301},
		creations: 1, protect: 454,
	})
}

func TestRealBatcherTransaction(t *testing.T) {
	data := real(t, "op-mainnet-batcher-tx.bin")
	transaction, err := block.Decode(data)
	if err != nil || !bytes.Equal(transaction.Encode(), data) {
		t.Fatal(err)
	}

	frames, err := DecodeFrames(transaction.Data)
	if err != nil || len(frames) != 1 || len(transaction.Data) != 119_823 {
		t.Fatalf("%v, %d frames, %d bytes", err, len(frames), len(transaction.Data))
	}

	frame := frames[0]
	if hex.EncodeToString(frame.Channel[:]) != "ac329933f5efdcc35ccd284232a376d3" || frame.Number != 0 ||
		len(frame.Data) != 119_799 || !frame.IsLast {
		t.Errorf("%x %d %d %v", frame.Channel, frame.Number, len(frame.Data), frame.IsLast)
	}

	if !bytes.Equal(EncodeFrames(frames), transaction.Data) {
		t.Error("the frame is written as another")
	}

	batches := batchesOf(t, Channel{frame.Data}, BedrockChannels)
	if len(batches) != 1 || len(NewTransactionList(batches...)) != 240_308 {
		t.Fatalf("%d batches", len(batches))
	}

	checkRealBatch(t, batches[0], summary{
		time: 24_269_254, origin: 19_426_585, blocks: 27, changes: 3, count: 209, types: [3]int{36, 0, 173},
		creations: 0, protect: 36,
	})
}
