package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// input is the text of one document and where it stands: in a source of its
// own, or inside a docs page.
type input struct {
	source string
	text   []byte
	line   int // of the source, at which the text begins; counted from 1
	indent int // columns the page indents the text by
}

// newInput takes a whole source. It refuses what cannot be text.
func newInput(source string, data []byte) (*input, error) {
	in := &input{source: source, line: 1}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, in.fail(0, "the text is UTF-16", "save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, in.fail(0, "the document is empty", "give an OpenAPI file, or a docs page that carries a fragment of one")
	}
	line := 1
	for rest := data; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == '\n':
			line++
		case r == 0 || (r == utf8.RuneError && size == 1):
			return nil, in.fail(line, "not text: a byte that UTF-8 text does not have", "give the document as JSON or YAML, uncompressed, in UTF-8").because(errNotOpenAPI)
		}
		rest = rest[size:]
	}
	in.text = data
	return in, nil
}

// fail makes an Error at a line of the source; 0 means the source as a whole.
func (in *input) fail(line int, message, howToFix string) *Error {
	e := &Error{Position: Position{Source: in.source}, Message: message, HowToFix: howToFix}
	if line > 0 {
		e.Position.Line, e.Position.Column = line, 1
	}
	return e
}

// maxValues bounds how many values a document may hold, some 15 MB of text: a
// value takes a hundred bytes and more once it is read.
const maxValues = 1_000_000

// counter counts the values of a document, and keeps what is wrong with it but
// does not keep it from being read on.
type counter struct {
	values int
	faults []error
}

func (c *counter) count(n *node) error {
	if c.values++; c.values > maxValues {
		return n.fail(fmt.Sprintf("too large: more than %d values", maxValues), "split the document")
	}
	return nil
}

// checkSize refuses YAML that would have too many values before the library
// makes them: each takes one of these characters at least.
func (in *input) checkSize() error {
	marks := 0
	for _, c := range in.text {
		if strings.IndexByte("\n,-:?[{*&", c) >= 0 {
			marks++
		}
	}
	if marks > 4*maxValues {
		return in.fail(0, fmt.Sprintf("too large: more than %d values", maxValues), "split the document")
	}
	return nil
}

// read reads JSON or YAML into a tree of nodes.
func (in *input) read() (*node, error) {
	trimmed := bytes.TrimLeft(in.text, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' {
		return in.readYAML()
	}
	root, err := in.readJSON()
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		// YAML's flow style begins like JSON.
		if flow, yamlErr := in.readYAML(); yamlErr == nil {
			return flow, nil
		}
	}
	return root, err
}

// asJSON returns the text when it is JSON, without the space around it; else
// nil.
func (in *input) asJSON() []byte {
	if trimmed := bytes.TrimSpace(in.text); json.Valid(trimmed) {
		return bytes.Clone(trimmed)
	}
	return nil
}
