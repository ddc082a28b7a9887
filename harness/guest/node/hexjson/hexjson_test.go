package hexjson

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestValues(t *testing.T) {
	for text, value := range map[string]interface{}{
		`"0x"`: new(Bytes), `"0x00ff"`: new(Bytes), `"0x` + strings.Repeat("12", 32) + `"`: new(Hash),
		`"0x` + strings.Repeat("ab", 20) + `"`: new(Address), `"0x0"`: new(Quantity), `"0xffffffffffffffff"`: new(Quantity),
		`"0x0102030405060708"`: new(Octets), `"0x` + strings.Repeat("5a", 256) + `"`: new(Bloom),
		`"0x1"`: new(Word), `"0x` + strings.Repeat("f", 64) + `"`: new(Word),
	} {
		if err := json.Unmarshal([]byte(text), value); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}

		if again, err := json.Marshal(value); err != nil || string(again) != text {
			t.Errorf("%s: %s, %v", text, again, err)
		}
	}
}

func TestWhatIsNone(t *testing.T) {
	for _, one := range []struct {
		text  string
		value interface{}
	}{
		{`""`, new(Bytes)}, {`"12"`, new(Bytes)}, {`"0x1"`, new(Bytes)}, {`"0xzz"`, new(Bytes)}, {`7`, new(Bytes)},
		{`"0x12"`, new(Hash)}, {`"0x` + strings.Repeat("1", 65) + `"`, new(Hash)}, {`"0x"`, new(Address)},
		{`"0x00"`, new(Octets)}, {`"0x` + strings.Repeat("00", 257) + `"`, new(Bloom)},
		{`"0x"`, new(Quantity)}, {`"0x01"`, new(Quantity)}, {`"0x10000000000000000"`, new(Quantity)}, {`"7"`, new(Quantity)},
		{`"0x-1"`, new(Quantity)}, {`"0x+1"`, new(Quantity)}, {`"0x1_0"`, new(Quantity)}, {`7`, new(Quantity)},
		{`"0x1` + strings.Repeat("0", 64) + `"`, new(Word)}, {`"0x00"`, new(Word)}, {`"0xg"`, new(Word)},
	} {
		if err := json.Unmarshal([]byte(one.text), one.value); err == nil {
			t.Errorf("%s was read as a %T", one.text, one.value)
		}
	}
}
