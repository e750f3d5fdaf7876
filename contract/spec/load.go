package spec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// errNotOpenAPI is the cause of an [*Error] about a source that is something
// else altogether.
var errNotOpenAPI = errors.New("spec: not OpenAPI")

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
	// Warnings are what is questionable but no error: first what merging had to
	// choose between, then the rest by source and place.
	Warnings []Warning
}

// Load reads sources and merges them into one document.
//
// A source is a path, an http(s) address, or - for standard input. It holds an OpenAPI
// 3.0 or 3.1 document in JSON or YAML, or a docs page in Markdown whose fences show
// parts of one. An address that ends in llms.txt is an index of such pages; those of
// its own host are fetched. Nothing else is, least of all what a `$ref` names. At most
// five redirects are followed, none from https to http; 30 seconds, redirects and body
// included, are waited for one address, 200 pages of an index fetched, and 32 MiB read of
// all sources together, after decompression. Sources that cannot be fetched
// are [ErrUnreachable]; all errors that have a place are an [*Error].
//
// How sources become one document:
//
//   - the version: all 3.0 or all 3.1; the latest of them
//   - paths, webhooks and below one path its methods are joined, components by kind
//     and name; what two sources both have must be equal, whatever the order of keys
//   - servers are joined by url and tags by name; of the rest at the top the first
//     source's is taken, with a warning where another's differs
//   - security at the top must be equal, unless all operations of the source that
//     differs say their own
//
// What must be equal and is not is an error that names both places.
func Load(ctx context.Context, sources []string, opts ...LoadOption) (*Loaded, error) {
	l := newLoader(opts)
	if len(sources) == 0 {
		return nil, errors.New("spec: no source: name a file, an address, or - for standard input")
	}
	for _, source := range sources {
		if err := l.load(ctx, source); err != nil {
			return nil, err
		}
	}
	loaded := &Loaded{Partial: true, Left: slices.Compact(l.left)}
	for _, p := range l.parts {
		loaded.Taken = append(loaded.Taken, p.describe())
		loaded.Partial = loaded.Partial && p.fragment != nil
	}
	m, err := merge(l.parts)
	if err != nil {
		return nil, err
	}
	loaded.Document, err = newDocument(m.root, m.raw)
	if err != nil {
		return nil, err
	}
	if !l.quiet {
		loaded.Warnings = slices.Concat(m.warnings, inOrder(slices.Concat(loaded.Document.warnings, loaded.Document.Examples())))
	}
	return loaded, nil
}

// load takes the parts of a source.
func (l *loader) load(ctx context.Context, source string) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case isAddress(source):
		return l.loadAddress(ctx, source)
	case strings.Contains(source, "://"):
		return &Error{Position: Position{Source: source}, Message: "not an address to fetch from", HowToFix: "give an http or https address, or a path"}
	}
	data, err := l.readFile(source)
	if err != nil {
		return err
	}
	return l.read(source, data)
}

func (l *loader) loadAddress(ctx context.Context, source string) error {
	address, err := parseAddress(source)
	if err != nil {
		return err
	}
	data, from, err := l.fetch(ctx, address, false)
	if err != nil {
		return err
	}
	if isIndex(from.Path) {
		return l.loadIndex(ctx, from, data)
	}
	return l.read(shown(address), data)
}

// readFile reads a file or standard input.
func (l *loader) readFile(source string) (data []byte, err error) {
	f := io.NopCloser(l.stdin)
	if source != "-" {
		f, err = l.open(source)
	}
	if err == nil {
		defer f.Close()
		data, err = l.readAll(source, f)
	}
	if _, told := errors.AsType[*Error](err); told || err == nil {
		return data, err
	}
	return nil, &Error{Position: Position{Source: source}, Message: "cannot be read: " + err.Error(), HowToFix: "name a readable file, an address, or - for standard input", Err: err}
}

// readAll reads r, and no more than the budget has left.
func (l *loader) readAll(source string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, l.budget+1))
	if err != nil {
		return nil, err
	}
	if l.budget -= int64(len(data)); l.budget < 0 {
		return nil, &Error{Position: Position{Source: source}, Message: fmt.Sprintf("too large: the sources hold more than %d bytes", l.maxBytes),
			HowToFix: "give the document alone; no OpenAPI document needs that"}
	}
	return data, nil
}
