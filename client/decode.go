package client

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// flaw is why a body is not what the specification describes.
type flaw struct {
	kind    ErrorKind
	pointer string // RFC 6901
	reason  string
}

// decode reads body, exactly one JSON value, into a generated model.
//
// encoding/json alone takes too much: an absent required member leaves a zero
// value, null does the same, and names match in any case. The generated structs
// say what is required (no omitempty in the tag), so that is read from there,
// and every member is decoded by itself, which also tells where a mistake is.
// Unknown members and unknown enum values are let through: a newer server may
// send them.
func decode[T any](body []byte) (*T, *flaw) {
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		return nil, malformed(err)
	}
	into := new(T)
	if f := decodeValue(whole, reflect.ValueOf(into).Elem(), ""); f != nil {
		return nil, f
	}
	return into, nil
}

func malformed(err error) *flaw {
	f := &flaw{kind: ErrMalformedJSON, reason: "the body is not JSON"}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		switch {
		case strings.Contains(syntax.Error(), "unexpected end"):
			f.reason = fmt.Sprintf("the JSON is cut off after %d bytes", syntax.Offset)
		case strings.Contains(syntax.Error(), "after top-level value"):
			f.reason = fmt.Sprintf("there is more than one JSON value: something follows at byte %d", syntax.Offset)
		default:
			f.reason = fmt.Sprintf("the body is not JSON: mistake at byte %d", syntax.Offset)
		}
	}
	return f
}

// decodeValue decodes generated structs and slices of them member by member, and
// leaves to encoding/json whatever knows how to decode itself (times, UUIDs,
// nullable values) or is plain.
func decodeValue(raw json.RawMessage, into reflect.Value, at string) *flaw {
	switch {
	case isModel(into.Type()):
		return decodeObject(raw, into, at)
	case into.Kind() == reflect.Slice && isModel(into.Type().Elem()):
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			return invalid(at, "is not an array")
		}
		list := reflect.MakeSlice(into.Type(), len(items), len(items))
		for i, item := range items {
			if f := decodeValue(item, list.Index(i), at+"/"+strconv.Itoa(i)); f != nil {
				return f
			}
		}
		into.Set(list)
		return nil
	default:
		// The error's own text would quote the value.
		if err := json.Unmarshal(raw, into.Addr().Interface()); err != nil {
			return invalid(at, "does not have the documented type or format")
		}
		return nil
	}
}

func decodeObject(raw json.RawMessage, into reflect.Value, at string) *flaw {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return invalid(at, "is not an object")
	}
	for i := range into.NumField() {
		name, options, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		required := !strings.Contains(options, "omitempty")
		value, present := members[name]
		here := at + "/" + name // no generated name holds "~" or "/"
		switch {
		case !present && required:
			return invalid(here, "is required and missing")
		case !present:
			continue
		case required && bytes.Equal(value, []byte("null")):
			return invalid(here, "is null, which is not allowed there")
		}
		if f := decodeValue(value, into.Field(i), here); f != nil {
			return f
		}
	}
	return nil
}

// isModel reports whether t is a struct that does not decode itself.
func isModel(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() == reflect.Struct &&
		!p.Implements(reflect.TypeFor[json.Unmarshaler]()) &&
		!p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func invalid(at, rule string) *flaw {
	place := strconv.Quote(at)
	if at == "" {
		place = "the body"
	}
	return &flaw{kind: ErrInvalidBody, pointer: at, reason: place + " " + rule}
}
