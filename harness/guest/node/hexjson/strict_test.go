package hexjson

import (
	"strings"
	"testing"
)

func TestNothingIsLeftOut(t *testing.T) {
	type inner struct {
		Number Quantity `json:"number"`
	}
	type outer struct {
		Hash   Hash    `json:"hash"`
		Maybe  *Word   `json:"maybe"`
		List   []Bytes `json:"list"`
		Inner  inner   `json:"inner"`
		Plain  uint64  `json:"plain"`
		Former Hash    `json:"former"`
	}
	hash := `"0x` + strings.Repeat("01", 32) + `"`
	whole := `{"hash": ` + hash + `, "maybe": "0x5", "list": ["0x01", "0x"], "inner": {"number": "0x7"}, "plain": 3, "more": null}`
	var read outer
	err := ReadStrictly([]byte(whole), &read, "top", "former")
	if err != nil || read.Hash[0] != 1 || read.Maybe == nil || len(read.List) != 2 || read.Inner.Number != 7 || read.Plain != 3 {
		t.Fatalf("%+v, %v", read, err)
	}

	for _, one := range [][3]string{
		{`"maybe": "0x5", `, ``, ``}, {`"0x5"`, `null`, ``}, {`"0x5"`, `5`, "top.maybe: the JSON value is of the type number"},
		{`"hash": ` + hash + `,`, ``, "top.hash is missing"}, {hash, `null`, "top.hash is null"},
		{hash, `"0x01"`, "top.hash: 1 bytes where 32 belong"}, {`"0x"]`, `null]`, "top.list[1] is null"},
		{`["0x01", "0x"]`, `{}`, "top.list: the JSON value is of the type object where an array belongs"},
		{`{"number": "0x7"}`, `{}`, "top.inner.number is missing"}, {`"number"`, `"Number"`, "top.inner.number is missing"},
		{`: 3`, `: "3"`, "top.plain: the JSON value is of the type string where a uint64 belongs"},
		{`: 3`, `: -3`, "top.plain"}, {`null}`, `null} x`, "invalid character"},
	} {
		var read outer
		err := ReadStrictly([]byte(strings.Replace(whole, one[0], one[1], 1)), &read, "top", "former")
		if (err == nil) != (one[2] == "") || err != nil && !strings.Contains(err.Error(), one[2]) {
			t.Errorf("%s instead of %s: %v", one[1], one[0], err)
		}
	}
}
