package spec

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// form is what a JSON value is.
type form uint8

const (
	formScalar form = iota // null, true, false, a number
	formText
	formArray
	formObject
)

// indexFrom is how many members an object has before it gets an index.
const indexFrom = 12

// node is one value of a source, with its place: the form in which documents
// are read, merged and written. Numbers and strings stay as they were written.
type node struct {
	form         form
	empty        bool  // of YAML: null because nothing is written there
	line, column int32 // of the key for a member of an object, else of the value
	valueLine    int32 // of YAML: of the value, aliases followed
	valueColumn  int32
	source       string // what the place is in; empty when only bytes were given
	key          string // of a member of an object
	literal      string // JSON text of a scalar or text
	children     []*node
	index        map[string]int // into children; nil for small objects
}

// add appends a member to an object that has none of its key.
func (n *node) add(child *node) {
	if n.index != nil {
		n.index[child.key] = len(n.children)
	}
	n.children = append(n.children, child)
	if n.index == nil && len(n.children) >= indexFrom {
		n.index = make(map[string]int, 2*indexFrom)
		for i, c := range n.children {
			n.index[c.key] = i
		}
	}
}

// member returns the member of an object by its key; nil when there is none.
func (n *node) member(key string) *node {
	if n == nil || n.form != formObject {
		return nil
	}
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return n.children[i]
		}
		return nil
	}
	for _, c := range n.children {
		if c.key == key {
			return c
		}
	}
	return nil
}

// at follows an RFC 6901 pointer; nil when nothing is there.
func (n *node) at(pointer string) *node {
	for _, token := range Tokens(pointer) {
		switch {
		case n == nil:
			return nil
		case n.form == formArray:
			i, ok := arrayIndex(token)
			if !ok || i >= len(n.children) {
				return nil
			}
			n = n.children[i]
		default:
			n = n.member(token)
		}
	}
	return n
}

// text returns what a string says; empty for any other value.
func (n *node) text() string {
	if n == nil || n.form != formText {
		return ""
	}
	if !strings.Contains(n.literal, `\`) {
		return n.literal[1 : len(n.literal)-1]
	}
	var s string
	if json.Unmarshal([]byte(n.literal), &s) != nil {
		return "" // cannot be: the readers make nothing but JSON strings
	}
	return s
}

// value returns the JSON value, numbers as json.Number.
func (n *node) value() any {
	switch n.form {
	case formObject:
		m := make(map[string]any, len(n.children))
		for _, c := range n.children {
			m[c.key] = c.value()
		}
		return m
	case formArray:
		list := make([]any, len(n.children))
		for i, c := range n.children {
			list[i] = c.value()
		}
		return list
	case formText:
		return n.text()
	case formScalar:
	}
	switch n.literal {
	case "null":
		return nil
	case "true", "false":
		return n.literal == "true"
	}
	return json.Number(n.literal)
}

// setText makes the node a string.
func (n *node) setText(s string) {
	var out bytes.Buffer
	quote(&out, s, false)
	n.form, n.literal = formText, out.String()
}

// write appends the value as compact JSON; with ascii, all beyond it is escaped.
func (n *node) write(out *bytes.Buffer, ascii bool) {
	brackets := "[]"
	switch n.form {
	case formScalar:
		out.WriteString(n.literal)
		return
	case formText:
		if ascii {
			quote(out, n.text(), true)
		} else {
			out.WriteString(n.literal)
		}
		return
	case formObject:
		brackets = "{}"
	case formArray:
	}
	out.WriteByte(brackets[0])
	for i, c := range n.children {
		if i > 0 {
			out.WriteByte(',')
		}
		if n.form == formObject {
			quote(out, c.key, ascii)
			out.WriteByte(':')
		}
		c.write(out, ascii)
	}
	out.WriteByte(brackets[1])
}

// position returns the place of the node.
func (n *node) position() Position {
	return Position{Source: n.source, Line: int(n.line), Column: int(n.column)}
}

// arrayIndex reads a reference token as RFC 6901, section 4, has it: digits
// without leading zeros.
func arrayIndex(token string) (int, bool) {
	i, err := strconv.Atoi(token)
	return i, err == nil && i >= 0 && strconv.Itoa(i) == token
}

// members returns the members of an object; none for anything else.
func (n *node) members() []*node { return n.childrenOf(formObject) }

// items returns the items of a list; none for anything else.
func (n *node) items() []*node { return n.childrenOf(formArray) }

func (n *node) childrenOf(f form) []*node {
	if n == nil || n.form != f {
		return nil
	}
	return n.children
}
