package upgrade_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culverin/guest/testkit/fixture"
)

// TestCodeIsAsPublished: every file of code is, byte for byte, the rules' text of the same name in hex digits.
func TestCodeIsAsPublished(t *testing.T) {
	published := fixture.Path(t, "upgrade-bytecode")
	files, err := filepath.Glob(filepath.Join("bytecode", "*.bin"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no code in folder bytecode: %v", err)
	}

	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}

		text, err := os.ReadFile(filepath.Join(published, strings.TrimSuffix(filepath.Base(file), ".bin")+".txt"))
		if err != nil {
			t.Fatal(err)
		}

		want, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(string(text)), "0x"))
		if err != nil {
			t.Fatalf("%s: the published text: %v", file, err)
		}

		if !bytes.Equal(code, want) {
			t.Errorf("%s: %d bytes are not the %d published ones", file, len(code), len(want))
		}
	}
}
