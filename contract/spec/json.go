package spec

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// maxDepth bounds how deeply a document may nest. Real ones stay below 50.
const maxDepth = 500

// readJSON reads JSON. Duplicate keys are errors: readers disagree on which
// one counts.
func (in *input) readJSON() (*node, error) {
	if err := json.Unmarshal(in.text, new(json.RawMessage)); err != nil {
		return nil, in.explainJSON(err)
	}
	r := &jsonReader{in: in, line: int32(in.line), column: 1 + int32(in.indent)} //nolint:gosec // G115: sources are smaller than 2 GiB
	v := gjson.ParseBytes(in.text)
	root := r.place(v.Index)
	if err := r.value(v, root, 0); err != nil {
		return nil, err
	}
	return root, errors.Join(r.faults...)
}

type jsonReader struct {
	counter
	in           *input
	pos          int // up to where lines and columns are counted
	line, column int32
}

// place is a node for what stands at an offset, behind all that came before.
func (r *jsonReader) place(offset int) *node {
	for _, c := range r.in.text[r.pos:offset] {
		switch {
		case c == '\n':
			r.line++
			r.column = 1 + int32(r.in.indent) //nolint:gosec // G115: an indent is small
		case c&0xc0 != 0x80: // not inside a character
			r.column++
		}
	}
	r.pos = offset
	return &node{line: r.line, column: r.column, source: r.in.source}
}

// value reads a value into n, whose place is known.
func (r *jsonReader) value(v gjson.Result, n *node, depth int) (err error) {
	if depth > maxDepth {
		return n.tooDeep()
	}
	if err := r.count(n); err != nil {
		return err
	}
	switch {
	case v.IsObject():
		n.form = formObject
	case v.IsArray():
		n.form = formArray
	case v.Type == gjson.String:
		n.form, n.literal = formText, v.Raw
		return nil
	default:
		n.literal = v.Raw
		return n.checkNumber()
	}
	v.ForEach(func(key, item gjson.Result) bool {
		child := r.place(cmp.Or(key.Index, item.Index)) // items have no key
		if n.form == formObject {
			child.key = (&node{form: formText, literal: key.Raw}).text()
		}
		if err = r.value(item, child, depth+1); err == nil {
			r.add(n, child)
		}
		return err == nil
	})
	return err
}

// explainJSON gives an error of encoding/json its place.
func (in *input) explainJSON(err error) error {
	message, end := err.Error(), len(in.text)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		end = min(int(syntax.Offset), end)
	}
	line := in.line + bytes.Count(bytes.TrimRight(in.text[:end], "\r\n"), []byte("\n"))
	switch {
	case strings.Contains(message, "unexpected end"):
		return in.fail(line, "not valid JSON: it ends in the middle", "the text is cut short: fetch it again, whole")
	case strings.Contains(message, "after top-level value"):
		return in.fail(line, "something follows the document", "leave one JSON document in it")
	case strings.Contains(message, "max depth"):
		return (&node{source: in.source, line: int32(line), column: 1}).tooDeep() //nolint:gosec // G115: sources are smaller than 2 GiB
	}
	return in.fail(line, "not valid JSON: "+message, "mend the syntax there").because(err)
}

func (n *node) tooDeep() error {
	return n.fail(fmt.Sprintf("nested deeper than %d levels", maxDepth), "no document needs that")
}

// add adds an item to a list, or a member to an object; one that is there already
// is a fault.
func (c *counter) add(n, child *node) {
	if n.form == formArray {
		n.children = append(n.children, child)
	} else if first := n.member(child.key); first == nil {
		n.add(child)
	} else {
		c.faults = append(c.faults, child.fail(fmt.Sprintf("key %s stands twice, first at line %d", printable(child.key), first.line),
			"leave one of them: readers disagree on which one counts"))
	}
}
