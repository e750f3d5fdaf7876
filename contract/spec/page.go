package spec

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// fragment is a part of an OpenAPI document that a docs page shows in a fence.
type fragment struct {
	input
	headingLine  int
	file         string // the document the page says it is from
	method, path string // the operation the heading names; empty when it names none
}

// fencePattern is a fence line of CommonMark, section 4.5, with any indent:
// docs pages put fences inside their own components.
var fencePattern = regexp.MustCompile("^([ \t]*)(`{3,}|~{3,})[ \t]*(.*?)[ \t]*\r?$")

// openAPIPattern is a line that says: here stands an OpenAPI document.
var openAPIPattern = regexp.MustCompile(`(?m)^[ \t{]*["']?(openapi|swagger)["']?[ \t]*:[ \t]*["']?[0-9]`)

// readPage finds the fragments of a docs page, and how many other fences it has. A
// fence is a fragment when its heading names an operation, as in ````yaml
// /api-reference/openapi.json get /v1/things/, or when it begins like a document.
func (in *input) readPage() (fragments []*fragment, others int, err error) {
	lines := bytes.SplitAfter(in.text, []byte("\n"))
	for i := 0; i < len(lines); i++ {
		open := fencePattern.FindSubmatch(bytes.TrimRight(lines[i], "\n"))
		if open == nil || (open[2][0] == '`' && bytes.ContainsRune(open[3], '`')) { // ```code``` in a line of prose
			continue
		}
		end := i + 1
		for end < len(lines) && !closes(lines[end], open[2]) {
			end++
		}
		f := newFragment(string(open[3]))
		f.source, f.headingLine, f.line, f.indent = in.source, in.line+i, in.line+i+1, len(open[1])
		f.text = unindent(lines[i+1:end], f.indent)
		switch {
		case f.method == "" && !openAPIPattern.Match(f.text):
			others++
		case end == len(lines):
			return nil, 0, in.fail(f.headingLine, "the fence that opens here is never closed", "the page is cut short: fetch it again, whole")
		default:
			fragments = append(fragments, f)
		}
		i = end
	}
	return fragments, others, nil
}

// closes says whether a line closes a fence: the same character, at least as
// many of them, nothing behind.
func closes(line, fence []byte) bool {
	trimmed := bytes.TrimSpace(line)
	return len(trimmed) >= len(fence) && len(bytes.Trim(trimmed, string(fence[:1]))) == 0
}

func unindent(lines [][]byte, indent int) []byte {
	var out []byte
	for _, line := range lines {
		space := len(line) - len(bytes.TrimLeft(line, " \t"))
		out = append(out, line[min(space, indent):]...)
	}
	return out
}

// newFragment reads what stands behind a fence: language, file, method, path.
func newFragment(info string) *fragment {
	words := strings.Fields(info)
	f := &fragment{}
	if len(words) == 0 || !slices.Contains([]string{"yaml", "yml", "json"}, strings.ToLower(words[0])) {
		return f
	}
	for i := 1; i+1 < len(words) && f.method == ""; i++ {
		if method := strings.ToLower(words[i]); slices.Contains(Methods(), method) && strings.HasPrefix(words[i+1], "/") {
			f.method, f.path = method, strings.Join(words[i+1:], " ")
			f.file = strings.Join(words[1:i], " ")
		}
	}
	return f
}

// check compares the heading with what the fragment holds.
func (f *fragment) check(root *node) error {
	if f.method == "" {
		return nil
	}
	fail := func(message string) error {
		return f.fail(f.headingLine, fmt.Sprintf("the heading of the fragment says %s %s, but %s", f.method, printable(f.path), message),
			"fetch the page anew; if it stays so, tell the publisher")
	}
	operations := operationsOf(root)
	if len(operations) == 0 {
		return fail("it holds no operation")
	}
	for _, o := range operations {
		if o.method != f.method || o.path != f.path {
			return fail(fmt.Sprintf("at line %d it holds %s %s", o.node.line, o.method, printable(o.path)))
		}
	}
	return nil
}
