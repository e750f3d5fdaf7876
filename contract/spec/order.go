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
func decodeOrdered(raw []byte) (any, map[string][]string, error) {
	d := &orderedDecoder{dec: json.NewDecoder(bytes.NewReader(raw)), order: map[string][]string{}}
	d.dec.UseNumber()
	v, err := d.value("", 0)
	if err != nil {
		return nil, nil, fmt.Errorf("spec: not valid JSON: %w", err)
	}
	if _, err := d.dec.Token(); err != io.EOF {
		return nil, nil, errors.New("spec: not valid JSON: something follows the document")
	}
	return v, d.order, nil
}

type orderedDecoder struct {
	dec   *json.Decoder
	order map[string][]string
}

func (d *orderedDecoder) value(pointer string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	token, err := d.dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return d.object(pointer, depth)
	case json.Delim('['):
		return d.array(pointer, depth)
	}
	return token, nil
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
