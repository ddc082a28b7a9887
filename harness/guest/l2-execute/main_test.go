package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"culverin/guest/console"
	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/fixture"
)

// blockFile writes a changed copy of a real block and returns its path.
func blockFile(t *testing.T, name string, change func(form map[string]interface{})) string {
	t.Helper()
	data := fixture.Read(t, "op-sepolia-blocks.tar.xz", "op-sepolia-blocks/block-"+name+".json")
	var form map[string]interface{}
	if err := json.Unmarshal(data, &form); err != nil {
		t.Fatal(err)
	}

	change(form)
	data, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}

	path := filepath.Join(t.TempDir(), name+".json")
	if err = os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}

	return path
}

func unchanged(map[string]interface{}) {}

func expect(t *testing.T, arguments []string, code int, lines ...string) {
	t.Helper()
	var output, complaints bytes.Buffer
	if got := run(arguments, strings.NewReader(""), &output, &complaints); got != code {
		t.Errorf("%v: exit code %d: %s%s", arguments, got, output.String(), complaints.String())
	}

	for _, line := range lines {
		if !strings.Contains(output.String()+complaints.String(), line) {
			t.Errorf("%v: %q is not in %s%s", arguments, line, output.String(), complaints.String())
		}
	}
}

const smallBlock = "26207960"

func TestBlocksAreJudged(t *testing.T) {
	right := blockFile(t, smallBlock, unchanged)
	wrong := blockFile(t, smallBlock, func(form map[string]interface{}) {
		form["expected_block_hash"] = "0x" + strings.Repeat("00", 32)
	})
	missing := blockFile(t, smallBlock, func(form map[string]interface{}) {
		all := form["preimages"].([]interface{})
		form["preimages"] = all[:len(all)/2]
	})
	later := blockFile(t, smallBlock, func(form map[string]interface{}) {
		form["rollup_config"].(map[string]interface{})["karst_time"] = 1744000000
	})
	impossible := blockFile(t, smallBlock, func(form map[string]interface{}) {
		form["executing_payload"].(map[string]interface{})["gasLimit"] = "0x5208"
	})
	none := filepath.Join(t.TempDir(), "none.json")
	hash := "block 26207960 0xdb32d9ddfa5fd26c9fb0260bbfa53da88326aa2a465e34d75180564aa31b851e"
	expect(t, []string{"block", right}, exitRight, hash+" right", "1 right, 0 wrong\n")
	expect(t, []string{"block", right, wrong, right}, exitWrong, hash+" wrong, expected 0x0000", "2 right, 1 wrong\n")
	expect(t, []string{"block", missing, right}, exitUnknown, "missing", "1 right, 0 wrong, 1 unknown\n")
	expect(t, []string{"block", missing, wrong}, exitWrong, "0 right, 1 wrong, 1 unknown\n")
	expect(t, []string{"block", later}, exitUnknown, "the rules of the fork karst are not implemented")
	expect(t, []string{"block", impossible}, exitWrong, "there is no such block: the block has no room")
	expect(t, []string{"block", none}, exitUnknown, "no such file", "0 right, 0 wrong, 1 unknown\n")
}

// What a file does not say is unknown, never wrong: nothing is taken for zero.
func TestAFieldThatIsNotThereIsUnknown(t *testing.T) {
	for path, value := range map[string]interface{}{
		"expected_block_hash": nil, "parent_header": map[string]interface{}{}, "parent_header.gasUsed": nil,
		"parent_header.nonce": "0x" + strings.Repeat("00", 40), "executing_payload.transactions": nil,
		"executing_payload.gasLimit": nil, "executing_payload.prevRandao": nil, "executing_payload.eip1559Params": nil,
	} {
		parts := strings.Split(path, ".")
		file := blockFile(t, smallBlock, func(form map[string]interface{}) {
			if len(parts) > 1 {
				form = form[parts[0]].(map[string]interface{})
			}

			form[parts[len(parts)-1]] = value
		})
		expect(t, []string{"block", file}, exitUnknown, "unknown: ", path, "0 right, 0 wrong, 1 unknown\n")
	}
}

func TestPrecompilesAreAskedFromL1(t *testing.T) {
	block := blockFile(t, "26208384", unchanged)
	expect(t, []string{"block", block}, exitUnknown, "must be asked from an L1 node", "--l1 URL")
	expect(t, []string{"block", block, "--l1", "http://127.0.0.1:1"}, exitUnknown, "connection refused")
	expect(t, []string{"block", "--l1", anvil.Start(t), block}, exitRight, "1 right, 0 wrong\n")
}

func TestCommandLines(t *testing.T) {
	expect(t, nil, exitUnknown, "usage:")
	expect(t, []string{"blocks"}, exitUnknown, "usage:")
	expect(t, []string{"block"}, exitUnknown, "no file")
	expect(t, []string{"block", "--l2", "x"}, exitUnknown, "no flag --l2")
	expect(t, []string{"block", "x", "--l1"}, exitUnknown, "needs a value")
	expect(t, []string{"help"}, exitRight, "usage:")
	for _, verb := range []string{"block", "channel", "batch", "statetest"} {
		expect(t, []string{verb, "-h"}, exitRight, "usage:")
		expect(t, []string{verb, "x", "--help"}, exitRight, "usage:")
		expect(t, []string{verb, "--version"}, exitRight, "l2-execute version "+console.Version+"\n")
		expect(t, []string{verb, "--", "--help"}, exitUnknown, "--help: no such file")
	}

	expect(t, []string{"--version"}, exitRight, "l2-execute version "+console.Version+"\n")
}

func TestStandardInputIsAFile(t *testing.T) {
	path := blockFile(t, smallBlock, unchanged)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	var output bytes.Buffer
	if code := run([]string{"block", "-", "-"}, bytes.NewReader(content), &output, &output); code != exitUnknown ||
		!strings.Contains(output.String(), "-: block 26207960") ||
		!strings.Contains(output.String(), "-: unknown: standard input was read already") {
		t.Errorf("%d: %s", code, output.String())
	}

	output.Reset()
	if code := run([]string{"statetest", "-"}, strings.NewReader("[]"), &output, &output); code != exitWrong ||
		!strings.Contains(output.String(), "failed: -: malformed: ") {
		t.Errorf("%d: %s", code, output.String())
	}

	output.Reset()
	if code := run([]string{"batch", "-"}, bytes.NewReader(madeUpSpan(t)), &output, &output); code != exitRight {
		t.Errorf("%d: %s", code, output.String())
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestLostOutputIsNoSuccess(t *testing.T) {
	right := blockFile(t, smallBlock, unchanged)
	span := filepath.Join(t.TempDir(), "span")
	if err := os.WriteFile(span, madeUpSpan(t), 0o600); err != nil {
		t.Fatal(err)
	}

	for _, arguments := range [][]string{
		{"block", right}, {"batch", span}, {"statetest", exampleTest(t)}, {"help"}, {"block", "-h"}, {"--version"},
	} {
		var complaints bytes.Buffer
		code := run(arguments, strings.NewReader(""), fullDisk{}, &complaints)
		if code != exitUnknown || !strings.Contains(complaints.String(), "the output is lost: no space left") {
			t.Errorf("%v: %d, %s", arguments, code, complaints.String())
		}
	}

	// Wrong it is all the same.
	var complaints bytes.Buffer
	other := exampleTest(t, "0xe8010ce5", "0xe8010ce6")
	if code := run([]string{"statetest", other}, strings.NewReader(""), fullDisk{}, &complaints); code != exitWrong {
		t.Errorf("%d, %s", code, complaints.String())
	}
}
