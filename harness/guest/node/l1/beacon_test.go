package l1

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"culverin/guest/block"
	"culverin/guest/derive"
	"culverin/guest/node/client"
	"culverin/guest/pipeline"
)

// hasher names blobs by a plain hash, so that a test can make some.
type hasher struct {
	failure error
}

func (hasher hasher) HasHash(blob []byte, hash [32]byte) (bool, error) {
	return sha256.Sum256(blob) == hash, hasher.failure
}

// TestALyingBeacon: only a blob with the right hash is taken, wherever it stands in the answer.
func TestALyingBeacon(t *testing.T) {
	right := bytes.Repeat([]byte{1}, derive.BlobBytes)
	wrong := bytes.Repeat([]byte{2}, derive.BlobBytes)
	of := &pipeline.L1Block{Header: &block.Header{Number: 7, Timestamp: 1000 + 12*5}}
	list := func(blobs ...[]byte) string {
		var texts []string
		for _, each := range blobs {
			texts = append(texts, fmt.Sprintf(`"0x%x"`, each))
		}

		return `{"data":[` + strings.Join(texts, ",") + `]}`
	}
	var answer, asked string
	server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		switch request.URL.Path {
		case "/eth/v1/beacon/genesis":
			_, _ = writer.Write([]byte(`{"data":{"genesis_time":"1000"}}`))
		case "/eth/v1/config/spec":
			writer.WriteHeader(http.StatusNotFound)
		default:
			asked = request.URL.Path
			_, _ = writer.Write([]byte(answer))
		}
	}))
	defer server.Close()
	read := func(byNumber bool, verifier Verifier) ([]byte, error) {
		// An address as users write it may end with a slash.
		beacon := NewBeacon(client.New(server.URL+"/"), verifier, byNumber)
		return beacon.Blob(context.Background(), of, pipeline.BlobID{Hash: sha256.Sum256(right)})
	}
	for _, answer = range []string{list(right), list(wrong, right), list([]byte{1}, right, wrong)} {
		for byNumber, path := range map[bool]string{true: "/eth/v1/beacon/blobs/7", false: "/eth/v1/beacon/blobs/5"} {
			if found, err := read(byNumber, hasher{}); err != nil || !bytes.Equal(found, right) || asked != path {
				t.Errorf("%.40s: %v, %s", answer, err, asked)
			}
		}
	}

	for _, answer = range []string{
		list(), list(wrong), list(right[1:]), list([]byte{1}), `{}`, `[]`, `{"data":[7]}`, `{"data":"0x"}`, ``, `<html>`,
	} {
		if found, err := read(true, hasher{}); err == nil {
			t.Errorf("%.40s: %d bytes were taken", answer, len(found))
		}
	}

	answer = list(right)
	unknown := errors.New("cannot tell")
	if _, err := read(true, hasher{unknown}); !errors.Is(err, unknown) {
		t.Error(err)
	}
}
