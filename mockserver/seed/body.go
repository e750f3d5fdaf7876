package seed

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/mockserver/fault"
)

// maxDepth is how deep a body may be nested; an alias may stand in itself.
const maxDepth = 100

// body returns any value as JSON: what is text stays text, and mappings keep
// their order. Mistakes name no field in it, which might be a secret.
func (v value) body() (json.RawMessage, bool) {
	if v.null() && v.node.Value == "" {
		v.mistake("this is empty; write null for the null of JSON, or leave the line out")
		return nil, false
	}
	w := bodyWriter{value: v}
	if !w.write(v.node, 0) {
		return nil, false
	}
	return w.buf.Bytes(), true
}

// bodyWriter writes YAML as JSON, not much more of it than a fault may have:
// aliases make a small file large.
type bodyWriter struct {
	value // the whole
	buf   bytes.Buffer
}

// wrong notes a mistake at a node of the body.
func (w *bodyWriter) wrong(n *yaml.Node, format string, args ...any) bool {
	w.p.add(n, w.path, format, args...)
	return false
}

func (w *bodyWriter) write(n *yaml.Node, depth int) bool {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	at := value{w.p, n, w.path}
	switch {
	case depth > maxDepth:
		return w.wrong(w.node, "this is nested more than %d deep", maxDepth)
	case w.buf.Len() > fault.MaxSize:
		return w.wrong(w.node, "this has more than %d bytes as JSON; shorten it", fault.MaxSize)
	case n.Kind == yaml.MappingNode && n.ShortTag() == "!!map":
		return w.object(n, depth)
	case n.Kind == yaml.SequenceNode && n.ShortTag() == "!!seq":
		return w.array(n, depth)
	case n.Kind != yaml.ScalarNode:
		return w.wrong(n, "JSON has no such type as this; write a mapping or a list")
	}
	switch at.kind() {
	case "text", "a date": // JSON has no dates
		return w.text(n)
	case "a number":
		if !jsonNumber.MatchString(n.Value) {
			return w.wrong(n, "JSON has no such number; write it in decimal digits, such as 10 or 0.5, or put it in quotes to have text")
		}
		w.buf.WriteString(n.Value)
	case "true or false":
		word := strings.ToLower(n.Value)
		if word != "true" && word != "false" {
			return w.wrong(n, "this is neither true nor false")
		}
		w.buf.WriteString(word)
	case "empty":
		w.buf.WriteString("null")
	default:
		return w.wrong(n, "JSON has no such type as this; write text, a number, true, false or null")
	}
	return true
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

func (w *bodyWriter) text(n *yaml.Node) bool {
	if !utf8.ValidString(n.Value) {
		return w.wrong(n, "this text holds what is no character")
	}
	e := json.NewEncoder(&w.buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(n.Value); err != nil {
		return w.wrong(n, "this text cannot be JSON")
	}
	w.buf.Truncate(w.buf.Len() - 1) // the line feed
	return true
}

func (w *bodyWriter) array(n *yaml.Node, depth int) bool {
	w.buf.WriteByte('[')
	for i, item := range n.Content {
		if i > 0 {
			w.buf.WriteByte(',')
		}
		if !w.write(item, depth+1) {
			return false
		}
	}
	w.buf.WriteByte(']')
	return true
}

func (w *bodyWriter) object(n *yaml.Node, depth int) bool {
	seen := make(map[string]bool)
	w.buf.WriteByte('{')
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := value{w.p, n.Content[i], w.path}.child("", n.Content[i])
		switch {
		case k.node.Kind == yaml.ScalarNode && k.node.ShortTag() == "!!merge":
			return w.wrong(k.node, `merge keys (<<) are not supported; write the fields out, or put "<<" in quotes for a field of that name`)
		case k.kind() != "text":
			return w.wrong(k.node, "a field's name is %s; it must be text: put it in quotes", k.kind())
		case seen[k.node.Value]:
			return w.wrong(k.node, "this field is given twice in one mapping; keep one")
		}
		seen[k.node.Value] = true
		if i > 0 {
			w.buf.WriteByte(',')
		}
		if !w.text(k.node) {
			return false
		}
		w.buf.WriteByte(':')
		if !w.write(n.Content[i+1], depth+1) {
			return false
		}
	}
	w.buf.WriteByte('}')
	return true
}
