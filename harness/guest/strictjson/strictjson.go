// Package strictjson refuses JSON that readers understand differently: an object with a name twice, a name in another
// spelling than the one that is read, null where a value belongs.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Rules are what else must hold besides that no object has a name twice, whatever its case. Each lists the paths of what is
// read: names with dots between them, * for any name. What nobody reads may be anything.
type Rules struct {
	// Values must be values where they are there.
	Values []string
	// Optional may be null, which is the same as left out.
	Optional []string
}

// Check tells what is wrong with a text, and where.
func Check(data []byte, rules *Rules) error {
	if !json.Valid(data) {
		// Unmarshal says where; it bounds the depth, too.
		var any interface{}
		if err := json.Unmarshal(data, &any); err != nil {
			return err
		}

		return errors.New("the text is not JSON")
	}

	reader := json.NewDecoder(bytes.NewReader(data))
	reader.UseNumber()
	return rules.value(reader, "")
}

// value reads one value; path says where it is.
func (rules *Rules) value(reader *json.Decoder, path string) error {
	token, err := reader.Token()
	switch {
	case err != nil:
		return err
	case token == nil && (path == "" || contains(rules.Values, path)):
		return fmt.Errorf("%s is null", place(path))
	case token == json.Delim('['):
		for index := 0; reader.More(); index++ {
			if err := rules.value(reader, fmt.Sprintf("%s[%d]", path, index)); err != nil {
				return err
			}
		}
	case token == json.Delim('{'):
		if err := rules.fields(reader, path); err != nil {
			return err
		}
	default:
		return nil
	}

	_, err = reader.Token()
	return err
}

func (rules *Rules) fields(reader *json.Decoder, path string) error {
	seen := map[string]bool{}
	for reader.More() {
		token, err := reader.Token()
		if err != nil {
			return err
		}

		name, _ := token.(string)
		inner := strings.TrimPrefix(path+"."+name, ".")
		folded := strings.ToLower(name)
		if seen[folded] {
			return fmt.Errorf("%s is there twice", inner)
		}

		seen[folded] = true
		for _, paths := range [][]string{rules.Values, rules.Optional} {
			for _, known := range paths {
				// Some readers take a name in capital letters for the same one.
				if right := known[strings.LastIndexByte(known, '.')+1:]; right != "*" && name != right && matches(known, inner) {
					return fmt.Errorf("%s is to be spelled %s", inner, right)
				}
			}
		}

		if err := rules.value(reader, inner); err != nil {
			return err
		}
	}

	return nil
}

func contains(paths []string, path string) bool {
	for _, each := range paths {
		if matches(each, path) {
			return true
		}
	}

	return false
}

// matches compares a path with a known one, whatever the case.
func matches(known, path string) bool {
	for {
		knownName, knownRest, knownGoes := strings.Cut(known, ".")
		name, rest, goes := strings.Cut(path, ".")
		if knownName != "*" && !strings.EqualFold(knownName, name) || knownGoes != goes {
			return false
		}

		if !goes {
			return true
		}

		known, path = knownRest, rest
	}
}

func place(path string) string {
	if path == "" {
		return "the JSON value"
	}

	return path
}
