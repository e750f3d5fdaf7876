package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Data is a YAML text that is no OpenAPI document, such as a file of settings, with
// the place of each of its values.
type Data struct{ root *node }

// ReadData reads one YAML document, or JSON, as the JSON it stands for: dates are
// text, and so are numbers with leading zeros. Merge keys, keys that are no text, and
// tags and numbers that JSON does not have are mistakes, as are keys that stand twice.
// All mistakes are returned at once; Data is nil when one of them keeps the rest from
// being read. No message holds a value or key of the text.
func ReadData(source string, text []byte) (*Data, []*Error) {
	in, err := newInput(source, text)
	if err != nil {
		return nil, errorsOf(err)
	}
	r := &yamlReader{in: in, strict: true}
	root, err := r.document()
	if err != nil {
		return nil, errorsOf(err)
	}
	return &Data{root}, errorsOf(r.faults...)
}

func errorsOf(errs ...error) []*Error {
	var list []*Error
	for _, err := range errs {
		if e, ok := errors.AsType[*Error](err); ok {
			list = append(list, e)
		}
	}
	return list
}

// Value returns the JSON value, numbers as json.Number.
func (d *Data) Value() any { return d.root.value() }

// JSON returns the JSON text: keys and numbers as they were written, in their order.
func (d *Data) JSON() json.RawMessage {
	var out bytes.Buffer
	d.root.write(&out, false)
	return out.Bytes()
}

// Position returns where the value at an RFC 6901 pointer stands and, of a member of
// an object, its key: behind an alias, where the anchor is. False when nothing is
// there.
func (d *Data) Position(pointer string) (value, key Position, ok bool) {
	n := d.root.at(pointer)
	if n == nil {
		return Position{}, Position{}, false
	}
	return Position{n.source, int(n.valueLine), int(n.valueColumn)}, n.position(), true
}

// Empty tells whether the value at a pointer is null because nothing is written there.
func (d *Data) Empty(pointer string) bool {
	n := d.root.at(pointer)
	return n != nil && n.empty
}

// fault notes a mistake at a place of the text, and lets reading go on.
func (r *yamlReader) fault(y *yaml.Node, message, howToFix string) {
	r.faults = append(r.faults, r.place(y).fail(message, howToFix))
}

// checkTag notes a tag that JSON has no type for.
func (r *yamlReader) checkTag(y *yaml.Node, tag string) {
	if r.strict && y.ShortTag() != tag {
		r.fault(y, "JSON has no such type as this", "write a mapping or a list, without a tag")
	}
}

// strictKey tells whether a key is one that JSON has.
func (r *yamlReader) strictKey(n *node, key *yaml.Node) bool {
	first := n.member(key.Value)
	switch {
	case key.Kind != yaml.ScalarNode:
		r.fault(key, "a key is no text", "write keys as text")
	case key.ShortTag() == "!!merge":
		r.fault(key, "merge keys (<<) are not supported", `write the fields out, or put "<<" in quotes for a key of that name`)
	case key.ShortTag() != "!!str":
		r.fault(key, "a key is no text", "put it in quotes")
	case first != nil:
		r.fault(key, fmt.Sprintf("this key is given twice, first with the value at line %d", first.valueLine), "keep one")
	default:
		return true
	}
	return false
}

func leadingZeros(digits string) bool {
	return len(digits) > 1 && digits[0] == '0' && strings.Trim(digits, "0123456789") == ""
}
