package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culverin/guest/block"
	"culverin/guest/derive"
)

// print writes data to a file, runs a verb on it and returns the JSON line.
func print(t *testing.T, verb string, data []byte) (code int, report map[string]interface{}) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}

	var output, complaints bytes.Buffer
	code = run([]string{verb, path}, strings.NewReader(""), &output, &complaints)
	if err := json.Unmarshal(output.Bytes(), &report); err != nil {
		t.Fatalf("%v: %s %s", err, output.String(), complaints.String())
	}

	return code, report
}

func madeUpSpan(t *testing.T) []byte {
	t.Helper()
	to := block.Address{1}
	transaction := block.Transaction{To: &to, HasChainID: true, ChainID: 10, R: [32]byte{31: 1}, S: [32]byte{31: 1}}
	data, err := derive.EncodeSpan(derive.SpanHead{RelativeTimestamp: 600, L1OriginNumber: 7},
		[]derive.SpanBlock{{IsOriginChanged: true}, {Transactions: derive.NewTransactionList(transaction.Encode())}})
	if err != nil {
		t.Fatal(err)
	}

	return data
}

func TestBatchAsBytesAsDigitsAndWrapped(t *testing.T) {
	span := madeUpSpan(t)
	for name, data := range map[string][]byte{
		"bytes":   span,
		"digits":  []byte("0x" + hex.EncodeToString(span) + "\n"),
		"wrapped": derive.NewTransactionList(span),
	} {
		code, report := print(t, "batch", data)
		batches, _ := report["batches"].([]interface{})
		if code != exitRight || report["encoded_again"] != true || len(batches) != 1 {
			t.Fatalf("%s: %d, %v", name, code, report)
		}

		batch := batches[0].(map[string]interface{})
		for field, value := range map[string]float64{
			"rel_timestamp": 600, "l1_origin_num": 7, "blocks": 2, "origin_changes": 1, "txs": 1, "creations": 0,
			"protected": 1, "malformed_txs": 0, "unread_bytes": 0,
		} {
			if batch[field] != value {
				t.Errorf("%s: %s is %v", name, field, batch[field])
			}
		}
	}
}

func TestWhatIsMalformed(t *testing.T) {
	span := madeUpSpan(t)
	for verb, all := range map[string][][]byte{
		"batch":   {nil, {2}, span[:len(span)-1], {0xc0}, {0x83, 1}},
		"channel": {nil, {0}, {0x55}, {0x78, 0x9c, 1}, {0, 1, 2}},
	} {
		for _, data := range all {
			code, report := print(t, verb, data)
			if text, _ := json.Marshal(report); code != exitWrong || !strings.Contains(string(text), `"error"`) {
				t.Errorf("%s %x: %d, %s", verb, data, code, text)
			}
		}
	}
}

func TestFramesOfTwoChannels(t *testing.T) {
	frames := []derive.Frame{{Channel: derive.ChannelID{1}, Data: []byte{0x78}}, {Channel: derive.ChannelID{2}, Data: []byte{1}}}
	code, report := print(t, "channel", derive.EncodeFrames(frames))
	channels, _ := report["channels"].([]interface{})
	if code != exitRight || report["frames_encoded_again"] != true || len(channels) != 2 {
		t.Errorf("%d, %v", code, report)
	}
}
