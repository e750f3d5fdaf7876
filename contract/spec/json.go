package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxDepth bounds how deeply a document may nest. Real ones stay below 50.
const maxDepth = 500

// readJSON reads JSON. Duplicate keys are errors: readers disagree on which
// one counts.
func (in *input) readJSON() (*node, error) {
	r := &jsonReader{in: in, raw: string(in.text), line: int32(in.line), column: 1 + int32(in.indent), dec: json.NewDecoder(bytes.NewReader(in.text))} //nolint:gosec // G115: sources are smaller than 2 GiB
	r.dec.UseNumber()
	root, err := r.value(r.begin(), 0)
	if err != nil {
		return nil, r.explain(err)
	}
	if _, err := r.dec.Token(); err != io.EOF {
		r.begin()
		return nil, in.fail(int(r.line), "something follows the document", "leave one JSON document in it")
	}
	return root, errors.Join(r.faults...)
}

type jsonReader struct {
	counter
	in           *input
	raw          string
	dec          *json.Decoder
	pos          int // up to where lines and columns are counted
	line, column int32
}

// begin moves to where the next token begins and returns a node for that place.
func (r *jsonReader) begin() *node {
	offset := int(r.dec.InputOffset())
	for ; r.pos < len(r.raw); r.pos++ {
		c := r.raw[r.pos]
		if r.pos >= offset && c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ',' && c != ':' {
			break
		}
		switch {
		case c == '\n':
			r.line++
			r.column = 1 + int32(r.in.indent) //nolint:gosec // G115: an indent is small
		case c&0xc0 != 0x80: // not inside a character
			r.column++
		}
	}
	return &node{line: r.line, column: r.column, source: r.in.source}
}

// value reads a value into n, whose place is known.
func (r *jsonReader) value(n *node, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, n.fail(fmt.Sprintf("nested deeper than %d levels", maxDepth), "no document needs that")
	}
	if err := r.count(n); err != nil {
		return nil, err
	}
	r.begin()
	from := r.pos
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		n.form = formObject
		return n, r.children(n, depth)
	case json.Delim('['):
		n.form = formArray
		return n, r.children(n, depth)
	}
	n.literal = r.raw[from:r.dec.InputOffset()]
	if _, ok := token.(string); ok {
		n.form = formText
		return n, nil
	}
	return n, n.checkNumber()
}

// children reads the members of an object or the items of a list.
func (r *jsonReader) children(n *node, depth int) error {
	for r.dec.More() {
		child := r.begin()
		if n.form == formObject {
			token, err := r.dec.Token()
			if err != nil {
				return err
			}
			child.key, _ = token.(string)
		}
		if _, err := r.value(child, depth+1); err != nil {
			return err
		}
		r.add(n, child)
	}
	_, err := r.dec.Token()
	return err
}

// explain gives an error of the decoder its place.
func (r *jsonReader) explain(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		last := r.in.line + bytes.Count(bytes.TrimRight(r.in.text, "\r\n"), []byte("\n"))
		return r.in.fail(last, "not valid JSON: it ends in the middle", "the text is cut short: fetch it again, whole")
	}
	line := int(r.line)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line = r.in.line + bytes.Count(r.in.text[:min(int(syntax.Offset), len(r.in.text))], []byte("\n"))
	}
	return r.in.fail(line, "not valid JSON: "+err.Error(), "mend the syntax there").because(err)
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
