package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxAliased bounds how many values YAML aliases may unfold to. Documents that
// use anchors at all stay in the hundreds.
const maxAliased = 100_000

// aliasedBytes of text count as one value more: each alias has a copy.
const aliasedBytes = 200

// readYAML reads the one YAML document of the text, keeping the digits of
// numbers.
func (in *input) readYAML() (*node, error) {
	r := &yamlReader{in: in}
	root, err := r.document()
	if err != nil {
		return nil, err
	}
	return root, errors.Join(r.faults...)
}

func (r *yamlReader) document() (*node, error) {
	in := r.in
	if err := in.checkSize(); err != nil {
		return nil, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(in.text))
	var document, next yaml.Node
	switch err := dec.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, in.fail(0, "the document is empty", "")
	case err != nil:
		return nil, in.explainYAML(err)
	}
	root, err := r.value(document.Content[0], r.place(document.Content[0]), 0)
	if err != nil {
		return nil, err
	}
	switch err := dec.Decode(&next); {
	case errors.Is(err, io.EOF):
	case err != nil:
		return nil, in.explainYAML(err)
	default:
		return nil, r.place(&next).fail("a second YAML document begins here", "leave one")
	}
	return root, nil
}

type yamlReader struct {
	counter
	in      *input
	strict  bool // reads what JSON has, not whatever YAML allows
	aliases int  // how many aliases the reader is inside
	aliased int  // values made through aliases
}

func (r *yamlReader) place(y *yaml.Node) *node {
	return &node{
		line: int32(y.Line + r.in.line - 1), column: int32(y.Column + r.in.indent), //nolint:gosec // G115: sources are smaller than 2 GiB
		source: r.in.source,
	}
}

// value reads y into n, whose place is known.
func (r *yamlReader) value(y *yaml.Node, n *node, depth int) (*node, error) {
	if r.aliases > 0 {
		r.aliased += 1 + len(y.Value)/aliasedBytes
	}
	if r.aliased > maxAliased {
		return nil, n.fail(fmt.Sprintf("too large: its aliases unfold to more than %d values", maxAliased), "write them out; an OpenAPI document has `$ref` for that")
	}
	if err := r.count(n); err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, n.tooDeep()
	}
	at := r.place(y)
	n.valueLine, n.valueColumn = at.line, at.column
	switch y.Kind {
	case yaml.AliasNode:
		r.aliases++
		defer func() { r.aliases-- }()
		return r.value(y.Alias, n, depth+1)
	case yaml.SequenceNode:
		r.checkTag(y, "!!seq")
		n.form = formArray
		n.children = make([]*node, 0, len(y.Content))
		for _, item := range y.Content {
			child, err := r.value(item, r.place(item), depth+1)
			if err != nil {
				return nil, err
			}
			n.children = append(n.children, child)
		}
		return n, nil
	case yaml.MappingNode:
		return n, r.mapping(y, n, depth)
	case yaml.ScalarNode:
		return n, r.scalar(y, n)
	case yaml.DocumentNode:
	}
	return nil, n.fail("not a value", "")
}

func (r *yamlReader) mapping(y *yaml.Node, n *node, depth int) error {
	r.checkTag(y, "!!map")
	n.form = formObject
	n.children = make([]*node, 0, len(y.Content)/2)
	var merged []*yaml.Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		if r.strict && !r.strictKey(n, key) {
			continue
		}
		child := r.place(key)
		if key.ShortTag() == "!!merge" {
			merged = append(merged, y.Content[i+1])
			continue
		}
		if key.Kind != yaml.ScalarNode {
			return child.fail("only plain keys are supported, no compound keys", "write the keys out")
		}
		// `200:` is an integer to YAML and the string "200" to OpenAPI.
		child.key = key.Value
		if _, err := r.value(y.Content[i+1], child, depth+1); err != nil {
			return err
		}
		r.add(n, child)
	}
	for _, from := range merged {
		if err := r.merge(from, n, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// merge adds what a merge key (`<<`) names, an object or several, where the
// object has no such key itself.
func (r *yamlReader) merge(y *yaml.Node, n *node, depth int) error {
	from, err := r.value(y, r.place(y), depth)
	if err != nil {
		return err
	}
	sources := []*node{from}
	if from.form == formArray {
		sources = from.children
	}
	for _, source := range sources {
		if source.form != formObject {
			return source.fail("a merge key (`<<`) names no object", "give it an alias of one, or a list of them")
		}
		for _, c := range source.children {
			if n.member(c.key) == nil {
				n.add(c)
			}
		}
	}
	return nil
}

// scalar reads a scalar with the digits of its number. Data has what JSON has; in documents,
// numbers that JSON has not (0x10, 1_000, .5) are computed, and other types are text.
func (r *yamlReader) scalar(y *yaml.Node, n *node) error {
	tag, literal := y.ShortTag(), y.Value
	switch {
	case tag == "!!str" && y.Style == 0 && beyondFloat(literal):
		tag = "!!float"
	case r.strict && (tag == "!!timestamp" || tag == "!!int" && leadingZeros(literal)):
		tag = "!!str"
	}
	n.literal = "null"
	var v any
	switch lower := strings.ToLower(literal); {
	case tag == "!!null":
		n.empty = literal == ""
	case tag == "!!bool" && (lower == "true" || lower == "false"):
		n.literal = lower
	case tag == "!!str" || !r.strict && tag != "!!bool" && tag != "!!int" && tag != "!!float":
		n.setText(literal)
	case tag != "!!int" && tag != "!!float" && r.strict:
		r.fault(y, "JSON has no such type as this", "write text, a number, true, false or null")
	case json.Valid([]byte(literal)):
		n.literal = literal
	case r.strict:
		r.fault(y, "JSON has no such number", "write it in decimal digits, such as 10 or 0.5, or put it in quotes to have text")
	default:
		err := y.Decode(&v)
		computed, beyond := json.Marshal(v)
		if err != nil || beyond != nil {
			return n.fail(fmt.Sprintf("%s is nothing JSON can hold", printable(literal)), "write a JSON number, or quote it")
		}
		n.literal = string(computed)
	}
	if n.form == formText {
		return nil
	}
	return n.checkNumber()
}

// beyondFloat says whether a plain scalar is a number that the YAML library
// takes for a string, because no float64 holds it: 1e400.
func beyondFloat(value string) bool {
	_, err := strconv.ParseFloat(value, 64)
	return errors.Is(err, strconv.ErrRange) && json.Valid([]byte(value))
}

// explainYAML gives an error of the YAML library its place in the source.
func (in *input) explainYAML(err error) error {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := in.line
	if m := regexp.MustCompile(`line (\d+): `).FindStringSubmatch(message); m != nil {
		if at, atoi := strconv.Atoi(m[1]); atoi == nil {
			line = at + in.line - 1
		}
		message = strings.Replace(message, m[0], "", 1)
		if strings.HasPrefix(message, "did not find expected ") { // the library counts lines from 0 in errors of its parser
			line = min(line+1, in.line+bytes.Count(bytes.TrimSuffix(in.text, []byte("\n")), []byte("\n")))
		}
	}
	remedy := "mend the syntax there"
	if strings.HasPrefix(message, "unknown anchor") {
		message, remedy = "an alias names an anchor that does not exist", "quote a value that begins with an asterisk"
	}
	if strings.Contains(message, "cannot start any token") && bytes.ContainsRune(in.text, '\t') {
		remedy = "indent with spaces: YAML does not allow tabs"
	}
	return in.fail(line, "neither JSON nor YAML: "+message, remedy).because(err)
}
