package spec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// errNoFragment is the cause of an [*Error] about a page that shows no OpenAPI.
var errNoFragment = errors.New("spec: no fragment")

// Loaded is what [Load] made of its sources.
type Loaded struct {
	// Document is the document, merged when there are several sources.
	Document *Document
	// Partial says that every source is a docs page: the document shows some
	// operations, and one that it lacks may well exist.
	Partial bool
	// Taken and Left say in one line each what of the sources was used and
	// what was not.
	Taken, Left []string
	// Warnings are what is questionable but no error, in document order.
	Warnings []Warning
}

// Warning says what is questionable in a document.
type Warning struct {
	Position Position
	// Pointer is the RFC 6901 pointer into the document.
	Pointer string
	// Message names the thing and the rule, HowToFix the remedy.
	Message, HowToFix string
}

// Load reads sources and merges them into one document.
//
// A source is a path or - for standard input. It holds an OpenAPI 3.0 or 3.1
// document in JSON or YAML, or a docs page in Markdown whose fences show parts
// of one. Unreadable sources are an [*Error].
func Load(ctx context.Context, sources []string, opts ...LoadOption) (*Loaded, error) {
	c, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	if len(sources) == 0 {
		return nil, errors.New("spec: no source: name a file, an address, or - for standard input")
	}
	l := &loader{config: c, budget: c.maxBytes}
	var parts []part
	loaded := &Loaded{Partial: true}
	for _, source := range sources {
		got, err := l.load(ctx, source)
		if err != nil {
			return nil, err
		}
		parts = append(parts, got.parts...)
		loaded.Left = append(loaded.Left, got.left...)
	}
	for _, p := range parts {
		loaded.Taken = append(loaded.Taken, p.describe())
		loaded.Partial = loaded.Partial && p.fragment != nil
	}
	if len(parts) > 1 {
		return nil, errors.New("spec: merging several sources is not there yet")
	}
	loaded.Document, err = newDocument(parts[0].root, parts[0].raw)
	if err != nil {
		return nil, err
	}
	loaded.Left = slices.Compact(loaded.Left)
	return loaded, nil
}

// loader reads sources within one budget of bytes.
type loader struct {
	*config
	budget int64
}

func (l *loader) load(ctx context.Context, source string) (*content, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	data, err := l.readFile(source)
	if err != nil {
		return nil, err
	}
	return readContent(source, data)
}

// readFile reads a file or standard input.
func (l *loader) readFile(source string) ([]byte, error) {
	if source == "-" {
		return l.readAll(source, l.stdin)
	}
	f, err := os.Open(source) //nolint:gosec // G304: reading what the caller names is what it is for
	if err != nil {
		return nil, unreadable(source, err)
	}
	defer f.Close()
	return l.readAll(source, f)
}

// readAll reads r, and no more than the budget has left.
func (l *loader) readAll(source string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, l.budget+1))
	if err != nil {
		return nil, unreadable(source, err)
	}
	if l.budget -= int64(len(data)); l.budget < 0 {
		return nil, &Error{Position: Position{Source: source}, Message: fmt.Sprintf("too large: the sources hold more than %d bytes", l.maxBytes),
			HowToFix: "give the document alone; no OpenAPI document needs that"}
	}
	return data, nil
}

func unreadable(source string, err error) *Error {
	return &Error{Position: Position{Source: source}, Message: "cannot be read: " + err.Error(), HowToFix: "name a readable file, an address, or - for standard input", Err: err}
}
