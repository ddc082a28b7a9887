package hexjson

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ReadStrictly reads a JSON value of which nothing may be left out: each field of a struct that has a name must be there,
// and nothing in it is null. A field that is a pointer may be left out or null, and so may those named in optional. An
// error names the field by its path, below place. Other fields of an object are passed over.
func ReadStrictly(data []byte, target interface{}, place string, optional ...string) error {
	reader := strictReader{map[string]bool{}}
	for _, name := range optional {
		reader.optional[name] = true
	}

	// The whole is looked at first: what follows a value is told, too.
	if !json.Valid(data) {
		var any interface{}
		return at(place, json.Unmarshal(data, &any))
	}

	return reader.read(data, reflect.ValueOf(target).Elem(), place)
}

type strictReader struct {
	optional map[string]bool
}

var textReader = reflect.TypeOf((*encoding.TextUnmarshaler)(nil)).Elem()

func (reader *strictReader) read(data []byte, target reflect.Value, place string) error {
	if isNull(data) {
		return fmt.Errorf("%s is null", orValue(place))
	}

	kind := target.Kind()
	switch {
	case target.Addr().Type().Implements(textReader):
		return at(place, unmarshal(data, target, "a string of hex digits"))
	case kind == reflect.Ptr:
		target.Set(reflect.New(target.Type().Elem()))
		return reader.read(data, target.Elem(), place)
	case kind == reflect.Struct:
		return reader.readFields(data, target, place)
	case target.Type() == reflect.TypeOf(json.RawMessage{}):
		target.SetBytes(data)
		return nil
	case kind == reflect.Slice:
		return reader.readList(data, target, place)
	}

	return at(place, unmarshal(data, target, "a "+kind.String()))
}

func (reader *strictReader) readFields(data []byte, target reflect.Value, place string) error {
	var fields map[string]json.RawMessage
	if err := unmarshal(data, reflect.ValueOf(&fields).Elem(), "an object"); err != nil {
		return at(place, err)
	}

	for index := 0; index < target.NumField(); index++ {
		name := strings.Split(target.Type().Field(index).Tag.Get("json"), ",")[0]
		field, isThere := fields[name]
		path := strings.TrimPrefix(place+"."+name, ".")
		mayLack := target.Field(index).Kind() == reflect.Ptr || reader.optional[name]
		switch {
		case mayLack && (!isThere || isNull(field)):
			continue
		case !isThere:
			return fmt.Errorf("%s is missing", path)
		}

		if err := reader.read(field, target.Field(index), path); err != nil {
			return err
		}
	}

	return nil
}

func (reader *strictReader) readList(data []byte, target reflect.Value, place string) error {
	var items []json.RawMessage
	if err := unmarshal(data, reflect.ValueOf(&items).Elem(), "an array"); err != nil {
		return at(place, err)
	}

	target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
	for index, item := range items {
		if err := reader.read(item, target.Index(index), fmt.Sprintf("%s[%d]", place, index)); err != nil {
			return err
		}
	}

	return nil
}

// unmarshal says of a value of another type what it is.
func unmarshal(data []byte, target reflect.Value, wanted string) error {
	err := json.Unmarshal(data, target.Addr().Interface())
	var other *json.UnmarshalTypeError
	if errors.As(err, &other) {
		return fmt.Errorf("the JSON value is of the type %s where %s belongs", strings.Fields(other.Value)[0], wanted)
	}

	return err
}

func isNull(data []byte) bool {
	return string(data) == "null"
}

func orValue(place string) string {
	if place == "" {
		return "the JSON value"
	}

	return place
}

// at puts the place before an error.
func at(place string, err error) error {
	switch {
	case err == nil:
		return nil
	case place == "":
		return err
	}

	return fmt.Errorf("%s: %w", place, err)
}
