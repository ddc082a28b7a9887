package blockfile

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/testkit/fixture"
)

func readAll(t *testing.T) map[uint64]*File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(
		fixture.Extract(t, "op-sepolia-blocks.tar.xz"), "op-sepolia-blocks", "*.json"))
	if err != nil || len(paths) < 5 {
		t.Fatalf("%d files, %v", len(paths), err)
	}

	files := map[uint64]*File{}
	for _, path := range paths {
		file, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}

		files[file.Parent.Number+1] = file
	}

	return files
}

func TestHeadersHaveTheHashesOfTheirBlocks(t *testing.T) {
	files := readAll(t)
	compared := 0
	for number, file := range files {
		if next, found := files[number+1]; found {
			compared++
			if hash := next.Parent.Hash(); hash != file.Expected {
				t.Errorf("block %d: 0x%x, its header hashes to 0x%x", number, file.Expected, hash)
			}
		}
	}

	if compared < 2 {
		t.Errorf("%d headers were compared", compared)
	}
}

// form is a block file of zeros, by the rules of Jovian: what every file has, and what is there by forks.
func form(t *testing.T) map[string]interface{} {
	t.Helper()
	header := forms.NewHeader(&block.Header{HasRequests: true, Number: 9, Timestamp: 20}, keccak.Hash{})
	content, err := json.Marshal(map[string]interface{}{
		"rollup_config": map[string]interface{}{
			"l2_chain_id": 10, "canyon_time": 0, "ecotone_time": 0, "fjord_time": 0, "granite_time": 0, "holocene_time": 10,
			"isthmus_time": 20, "jovian_time": 30,
		},
		"parent_header": header,
		"executing_payload": map[string]interface{}{
			"timestamp": "0x1e", "prevRandao": hexjson.Hash{}, "suggestedFeeRecipient": hexjson.Address{},
			"parentBeaconBlockRoot": hexjson.Hash{}, "gasLimit": "0x0", "eip1559Params": "0x0000000000000000",
			"minBaseFee": "0x0", "transactions": []string{"0x7e", "0x02"},
		},
		"expected_block_hash": hexjson.Hash{}, "preimages": []string{"0x", "0x00"},
	})
	if err != nil {
		t.Fatal(err)
	}

	var fields map[string]interface{}
	if err = json.Unmarshal(content, &fields); err != nil {
		t.Fatal(err)
	}

	delete(fields["parent_header"].(map[string]interface{}), "hash")
	return fields
}

// parse reads a form of which the field at a path was changed; nil deletes it.
func parse(t *testing.T, fields map[string]interface{}, path string, value interface{}) error {
	t.Helper()
	inner, parts := fields, strings.Split(path, ".")
	for _, part := range parts[:len(parts)-1] {
		inner = inner[part].(map[string]interface{})
	}

	last := parts[len(parts)-1]
	if inner[last] = value; value == nil {
		delete(inner, last)
	}

	content, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}

	_, err = Parse(content)
	return err
}

// paths are the fields of a form that must be there.
func paths(t *testing.T) (all []string) {
	t.Helper()
	for name, value := range form(t) {
		all = append(all, name)
		for inner := range asMap(value) {
			if name != "rollup_config" {
				all = append(all, name+"."+inner)
			}
		}
	}

	return append(all, "rollup_config.l2_chain_id")
}

func asMap(value interface{}) map[string]interface{} {
	fields, _ := value.(map[string]interface{})
	return fields
}

func TestEachFieldMustBeThereInItsForm(t *testing.T) {
	if err := parse(t, form(t), "unread", "x"); err != nil {
		t.Fatalf("the form itself: %v", err)
	}

	all := paths(t)
	if len(all) != 5+21+8+1 {
		t.Errorf("%d fields: %v", len(all), all)
	}

	for _, path := range all {
		for _, wrong := range []interface{}{nil, json.RawMessage("null"), 7.5, true, "word", "0x0g", "12",
			[]interface{}{nil}, "0x" + strings.Repeat("00", 40), map[string]interface{}{}} {
			isAnyLength := path == "parent_header.extraData"
			if text, isText := wrong.(string); isText && len(text) == 82 && isAnyLength {
				continue
			}

			err := parse(t, form(t), path, wrong)
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("%s as %v: %v", path, wrong, err)
			}
		}
	}
}

func TestForksSayWhatABlockHas(t *testing.T) {
	for _, one := range []struct {
		parent, time string
		without      []string
		problem      string
	}{
		{"0x8", "0x9", []string{"parent_header.requestsHash", "executing_payload.eip1559Params", "executing_payload.minBaseFee"}, ""},
		{"0x9", "0xa", []string{"parent_header.requestsHash", "executing_payload.minBaseFee"}, ""},
		{"0x9", "0xa", []string{"parent_header.requestsHash", "executing_payload.minBaseFee", "executing_payload.eip1559Params"},
			"executing_payload.eip1559Params is missing: blocks have it since holocene"},
		{"0x13", "0x14", []string{"parent_header.requestsHash", "executing_payload.minBaseFee"}, ""},
		{"0x13", "0x14", []string{"executing_payload.minBaseFee"},
			"parent_header.requestsHash is there: blocks have it since isthmus"},
		{"0x14", "0x15", []string{"executing_payload.minBaseFee"}, ""},
		{"0x14", "0x15", []string{"executing_payload.minBaseFee", "parent_header.requestsHash"},
			"parent_header.requestsHash is missing: blocks have it since isthmus"},
		{"0x1d", "0x1e", nil, ""},
		{"0x1d", "0x1e", []string{"executing_payload.minBaseFee"}, "executing_payload.minBaseFee is missing: blocks have it since jovian"},
	} {
		fields := form(t)
		for _, path := range one.without {
			_ = parse(t, fields, path, nil)
		}

		asMap(fields["parent_header"])["timestamp"] = one.parent
		err := parse(t, fields, "executing_payload.timestamp", one.time)
		if (err == nil) != (one.problem == "") || err != nil && !strings.Contains(err.Error(), one.problem) {
			t.Errorf("parent %s, block %s, without %v: %v", one.parent, one.time, one.without, err)
		}
	}
}

func TestTheParentsHashIsComparedWhereItIsThere(t *testing.T) {
	fields := form(t)
	if err := parse(t, fields, "parent_header.hash", hexjson.Hash{}); err == nil || !strings.Contains(err.Error(), "parent_header.hash") {
		t.Errorf("%v", err)
	}

	parent := block.Header{HasRequests: true, Number: 9, Timestamp: 20}
	if err := parse(t, fields, "parent_header.hash", hexjson.Hash(parent.Hash())); err != nil {
		t.Errorf("%v", err)
	}
}

func TestRefusesWhatIsNoBlock(t *testing.T) {
	for content, problem := range map[string]string{
		`{}`: "is missing", `[]`: "object", `null`: "is null", ``: "JSON", `{"a": 1} x`: "invalid character",
	} {
		if _, err := Parse([]byte(content)); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: %v", content, err)
		}
	}

	for path, value := range map[string]interface{}{
		"executing_payload.transactions[1]": []interface{}{"0x", nil}, "preimages[0]": []interface{}{"0x1"},
	} {
		err := parse(t, form(t), strings.Split(path, "[")[0], value)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
