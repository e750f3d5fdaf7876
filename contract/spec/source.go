package spec

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// part is an OpenAPI document, or a fragment of one, that a source holds.
type part struct {
	root     *node
	fragment *fragment // nil for a whole document
	raw      []byte    // JSON text, when the source is that
}

var (
	fenceLine = regexp.MustCompile("(?m)^[ \t]*(```|~~~)")
	htmlStart = regexp.MustCompile(`(?i)^\s*<(!doctype|html|head|body|\?xml)`)
)

// looksLikeDocument says whether the text is an OpenAPI document itself, not a
// page with such in its fences.
func (in *input) looksLikeDocument() bool {
	trimmed := bytes.TrimSpace(in.text)
	if trimmed[0] == '{' || trimmed[0] == '[' {
		return true
	}
	at := openAPIPattern.FindIndex(in.text)
	fence := fenceLine.FindIndex(in.text)
	if at != nil && (fence == nil || at[0] < fence[0]) {
		return true
	}
	name, _, _ := strings.Cut(in.source, "?")
	return slices.Contains([]string{".json", ".yaml", ".yml"}, path.Ext(strings.ToLower(name)))
}

// read takes the parts of a text: of an OpenAPI document or a docs page.
func (l *loader) read(source string, data []byte) error {
	in, err := newInput(source, data)
	if err != nil {
		return err
	}
	if htmlStart.Match(in.text) {
		return in.fail(1, "this is HTML, not an OpenAPI document", "give the address of the document itself, or of the page's Markdown (.md)").because(errNotOpenAPI)
	}
	if in.looksLikeDocument() {
		root, err := in.readDocument()
		if err == nil {
			l.parts = append(l.parts, part{root: root, raw: in.asJSON()})
		}
		return err
	}
	fragments, others, err := in.readPage()
	if err != nil {
		return err
	}
	if len(fragments) == 0 {
		remedy := "give the Markdown of an operation's reference page: it has a fence like ````yaml openapi.json get /v1/things/"
		if isIndex(in.source) {
			remedy = "an index is followed when it is fetched: give its address"
		}
		return in.fail(1, "neither an OpenAPI document nor a docs page with a fragment of one", remedy).because(errNotOpenAPI)
	}
	l.left = append(l.left, in.source+": the prose of the page")
	for _, f := range fragments {
		root, err := f.readDocument()
		if err == nil {
			err = f.check(root)
		}
		if err != nil {
			return err
		}
		l.parts = append(l.parts, part{root: root, fragment: f})
	}
	if others > 0 {
		l.left = append(l.left, fmt.Sprintf("%s: %s without OpenAPI", in.source, Count(others, "fence")))
	}
	return nil
}

// readDocument reads a tree that is an OpenAPI document.
func (in *input) readDocument() (*node, error) {
	root, err := in.read()
	if err == nil {
		_, err = versionOf(root)
	}
	return root, err
}

// Count writes a number and what it counts: 1 page, 2 pages.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// describe says in a line what the part gives.
func (p part) describe() string {
	operations := operationsOf(p.root)
	components := 0
	for _, section := range p.root.member("components").members() {
		components += len(section.members())
	}
	what := Count(len(operations), "operation")
	if len(operations) == 1 {
		what = operations[0].method + " " + operations[0].path
	}
	what += " with " + Count(components, "component")
	if p.fragment == nil {
		return fmt.Sprintf("%s: %s", p.root.source, what)
	}
	if p.fragment.file != "" {
		what += ", a fragment of " + p.fragment.file
	}
	return fmt.Sprintf("%s:%d: %s", p.root.source, p.fragment.headingLine, what)
}
