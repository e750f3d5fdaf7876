package contract

import (
	"errors"
	"net/url"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// Validator says whether exchanges match an OpenAPI document. It is compiled
// once, by [New], never changes after, and is safe for concurrent use.
type Validator struct {
	document   *spec.Document
	operations []*Operation
	routes     *routes
	strict     bool
	maxBody    int64
	headers    map[string]bool // AllowHeaders
	memory     *memory         // nil: remembers nothing
}

// defaultMaxBody is the default of [MaxBody].
const defaultMaxBody = 10 << 20

// New compiles an OpenAPI 3.0 or 3.1 document, given as JSON or YAML.
//
// Nothing is left for later and nothing is skipped: a schema, pattern,
// reference, media type or parameter style that cannot be compiled is an
// error that names its place, and all of them are reported together, as are
// all bad options. A reference out of the document is an error; nothing is
// ever fetched.
func New(document []byte, opts ...Option) (*Validator, error) {
	c := config{maxBody: defaultMaxBody, memory: 4 << 20, headers: map[string]bool{}}
	for _, opt := range opts {
		opt(&c)
	}
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	doc, err := spec.Parse(document)
	if err != nil {
		return nil, errors.Join(errors.New("contract: the document cannot be used"), err)
	}
	b, err := newBuilder(doc, c.strict)
	if err != nil {
		return nil, err
	}
	v := &Validator{document: doc, strict: c.strict, maxBody: c.maxBody, headers: c.headers, memory: newMemory(c.memory)}
	if v.operations, err = b.operations(); err != nil {
		return nil, err
	}
	v.routes = newRoutes(v.operations, basePaths(doc))
	return v, nil
}

// Operations lists the documented operations in the document's order. The
// slice is the caller's, the operations are shared.
func (v *Validator) Operations() []*Operation {
	return append([]*Operation(nil), v.operations...)
}

// Document returns the document the operations were read from. It is shared:
// read it only.
func (v *Validator) Document() *spec.Document { return v.document }

// basePaths lists the paths of the document's servers. Their scheme and host
// never matter: a mock and a live server are elsewhere.
func basePaths(doc *spec.Document) []string {
	var paths []string
	servers, _ := doc.Tree["servers"].([]any)
	for _, s := range servers {
		server, _ := s.(map[string]any)
		text, _ := server["url"].(string)
		if strings.Contains(text, "{") {
			continue // a base path from a variable is not followed
		}
		if u, err := url.Parse(text); err == nil {
			if base := strings.TrimSuffix(u.EscapedPath(), "/"); base != "" {
				paths = append(paths, base)
			}
		}
	}
	return paths
}
