package rpc

import (
	"bytes"
	"encoding/json"
)

// Parameters are a call's, by position.
type Parameters []json.RawMessage

// null is how a parameter is left out in the middle.
var null = []byte("null")

// Read takes the first ones into the targets; the first required ones must be there. More than there are targets is
// refused.
func (parameters Parameters) Read(required int, targets ...interface{}) error {
	if len(parameters) > len(targets) {
		return Fail(CodeParameters, "there are %d parameters, and the method takes %d", len(parameters), len(targets))
	}

	for index, target := range targets {
		if index >= len(parameters) || bytes.Equal(parameters[index], null) {
			if index < required {
				return Fail(CodeParameters, "parameter %d is missing", index+1)
			}

			continue
		}

		if err := json.Unmarshal(parameters[index], target); err != nil {
			return Fail(CodeParameters, "parameter %d: %v", index+1, reason(err))
		}
	}

	return nil
}

// reason does not tell strangers about the types of this program.
func reason(err error) string {
	switch failure := err.(type) {
	case *json.UnmarshalTypeError:
		if failure.Field != "" {
			return "the field " + failure.Field + " is a " + failure.Value
		}

		return "a " + failure.Value + " does not belong there"
	case *json.SyntaxError:
		return "it is no JSON"
	}

	return err.Error()
}
