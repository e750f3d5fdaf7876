package spec

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// DecodeJSON reads the JSON value that a text begins with, objects as map[string]any and
// numbers as json.Number, so that no digit is lost.
func DecodeJSON(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return v, nil
}

// EncodeJSON writes a value as JSON on one line, <, > and & as they are.
func EncodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// AppendJSON is EncodeJSON behind bytes; null of what has no JSON.
func AppendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case json.Number:
		return append(b, v...)
	case string:
		if asItIs(v) {
			return append(append(append(b, '"'), v...), '"')
		}
	}
	text, err := EncodeJSON(v)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, text...)
}

// asItIs tells whether encoding/json writes a text as it is, for sure.
func asItIs(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
			return false
		}
	}
	return true
}
