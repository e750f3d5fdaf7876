package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// maxDepth bounds how deeply a document may nest. Real ones stay below 50.
const maxDepth = 500

// decodeOrdered decodes JSON and remembers the key order of every object by
// its pointer. Duplicate keys are errors: readers disagree on which one counts.
func decodeOrdered(raw []byte) (any, *orderedDecoder, error) {
	d := &orderedDecoder{
		raw: raw, dec: json.NewDecoder(bytes.NewReader(raw)),
		order: map[string][]string{}, spans: map[string]span{},
	}
	d.dec.UseNumber()
	v, err := d.value("", 0)
	if err != nil {
		return nil, nil, fmt.Errorf("spec: not valid JSON: %w", err)
	}
	if _, err := d.dec.Token(); err != io.EOF {
		return nil, nil, errors.New("spec: not valid JSON: something follows the document")
	}
	return v, d, nil
}

type orderedDecoder struct {
	raw   []byte
	dec   *json.Decoder
	order map[string][]string
	spans map[string]span
}

// span is where a value stands in the text.
type span struct{ from, to int64 }

func (d *orderedDecoder) value(pointer string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	from := d.dec.InputOffset()
	for from < int64(len(d.raw)) && bytes.IndexByte([]byte(" \t\r\n,:"), d.raw[from]) >= 0 {
		from++
	}
	token, err := d.dec.Token()
	if err != nil {
		return nil, err
	}
	var v any = token
	switch token {
	case json.Delim('{'):
		v, err = d.object(pointer, depth)
	case json.Delim('['):
		v, err = d.array(pointer, depth)
	}
	d.spans[pointer] = span{from, d.dec.InputOffset()}
	return v, err
}

func (d *orderedDecoder) object(pointer string, depth int) (any, error) {
	obj := map[string]any{}
	keys := []string{}
	for d.dec.More() {
		token, err := d.dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		if _, dup := obj[key]; dup {
			return nil, fmt.Errorf("key %s stands twice in the object at %s", printable(key), printable(pointer))
		}
		v, err := d.value(Join(pointer, key), depth+1)
		if err != nil {
			return nil, err
		}
		obj[key] = v
		keys = append(keys, key)
	}
	d.order[pointer] = keys
	_, err := d.dec.Token()
	return obj, err
}

func (d *orderedDecoder) array(pointer string, depth int) (any, error) {
	list := []any{}
	for d.dec.More() {
		v, err := d.value(Join(pointer, strconv.Itoa(len(list))), depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.dec.Token()
	return list, err
}
