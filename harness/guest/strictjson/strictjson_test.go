package strictjson_test

import (
	"strings"
	"testing"

	"culverin/guest/strictjson"
)

func TestCheck(t *testing.T) {
	rules := &strictjson.Rules{Values: []string{"block_time", "a.b", "all.*.code"}, Optional: []string{"later"}}
	for text, problem := range map[string]string{
		`{"block_time": 2, "later": null, "unread": null, "more": [{"a": 1}, {"a": 2}], "Other": 1}`: "",
		`7`:                                 "",
		``:                                  "unexpected end",
		`{} {}`:                             "after top-level value",
		strings.Repeat("[", 20_000):         "depth",
		`null`:                              "the JSON value is null",
		`{"block_time": null}`:              "block_time is null",
		`{"a": {"b": 1, "b": 1}}`:           "a.b is there twice",
		`{"a": 1, "A": 1}`:                  "A is there twice",
		`{"a": [{"x": 1}, {"x": 1,"x":2}]}`: "a[1].x is there twice",
		`{"Block_Time": 2}`:                 "Block_Time is to be spelled block_time",
		"{\"bloc\u212a_time\": 2}":          "is to be spelled block_time",
		`{"x": {"blocK_time": 2}}`:          "",
		`{"block_time": 2, "Later": 0}`:     "Later is to be spelled later",
	} {
		err := strictjson.Check([]byte(text), rules)
		if (problem == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}
