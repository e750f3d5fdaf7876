package spec

import (
	"bytes"
	"strings"
)

// Canonical returns the document as the one JSON text there is for it: keys in
// the document's own order, two spaces for each level, everything beyond
// ASCII escaped, numbers with the digits they had, a newline at the end. It is
// the document before the lift, and the same bytes again when it is parsed and
// written anew. Each call makes its own copy.
//
// It is what Python's json.dumps(document, indent=2) writes, and a newline.
func (d *Document) Canonical() []byte {
	var out bytes.Buffer
	d.root.indent(&out, 1)
	out.WriteByte('\n')
	return out.Bytes()
}

func (n *node) indent(out *bytes.Buffer, depth int) {
	begin, end := byte('{'), byte('}')
	switch n.form {
	case formText:
		quote(out, n.text(), true)
		return
	case formScalar:
		out.WriteString(n.literal)
		return
	case formArray:
		begin, end = '[', ']'
	case formObject:
	}
	out.WriteByte(begin)
	for i, c := range n.children {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n" + strings.Repeat("  ", depth))
		if n.form == formObject {
			quote(out, c.key, true)
			out.WriteString(": ")
		}
		c.indent(out, depth+1)
	}
	if len(n.children) > 0 {
		out.WriteString("\n" + strings.Repeat("  ", depth-1))
	}
	out.WriteByte(end)
}
