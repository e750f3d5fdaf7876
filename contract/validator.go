package contract

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"sync"

	"github.com/digakit/digakit/contract/spec"
)

// Validator says whether exchanges match an OpenAPI document. It is made
// once, by [New] or [For], means the same ever after, and is safe for concurrent
// use.
type Validator struct {
	document   *spec.Document
	operations []*Operation
	routes     *routes
	schemas    []*schema
	engines    map[Side][]*engine // as published, then strict
	strict     bool
	exact      bool
	maxBody    int64
	memory     *memory         // nil: remembers nothing
	secrets    map[string]bool // see HoldsSecret
	passwords  func() map[string]bool
}

// defaultMaxBody is the default of [MaxBody].
const defaultMaxBody = 10 << 20

// New reads an OpenAPI 3.0 or 3.1 document, given as JSON or YAML.
//
// A schema that an operation uses and that breaks the metaschema, and a reference or a
// media type that cannot be understood, are an
// error that names its place, and all of them are reported together, as are all
// bad options. What nothing uses is not looked at. A reference out of the document
// is an error; nothing is ever fetched.
//
// Schemas are compiled when something is first judged by them. What only compiling
// finds out, such as a $dynamicRef that leads nowhere, then is a violation of the
// kind [KindCannotJudge]; [Validator.CompileAll] tells it at once.
func New(document []byte, opts ...Option) (*Validator, error) {
	if _, err := newConfig(opts); err != nil {
		return nil, err
	}
	doc, err := spec.Parse(document)
	if err != nil {
		return nil, errors.Join(errors.New("contract: the document cannot be used"), err)
	}
	return For(doc, opts...)
}

// For is [New] of a document that was read already.
func For(doc *spec.Document, opts ...Option) (*Validator, error) {
	c, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	b := newBuilder(doc, c.strict)
	v := &Validator{document: doc, strict: c.strict, exact: c.exact, maxBody: c.maxBody, memory: newMemory(c.memory), secrets: secretNames(doc), passwords: sync.OnceValue(func() map[string]bool { return passwordNames(doc) })}
	if v.operations, err = b.operations(); err != nil {
		return nil, err
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	v.schemas, v.engines = b.schemas, b.engines
	v.routes = newRoutes(v.operations, basePaths(doc))
	return v, nil
}

// CompileAll compiles every schema that an operation uses and returns an error for
// each that cannot be, in the document's order. It is never needed: what it makes
// is kept for when it is judged by.
func (v *Validator) CompileAll() []error {
	var errs []error
	for _, s := range v.schemas {
		for _, e := range s.engines {
			if err := e.at(s.pointer).err; err != nil {
				errs = append(errs, err)
				break
			}
		}
	}
	return errs
}

// Fits reports whether a decoded JSON value, numbers as json.Number, is valid in an
// answer by the schema at an RFC 6901 pointer into the document. It is false too
// when nothing there compiles.
func (v *Validator) Fits(pointer string, value any) bool {
	return v.engines[SideResponse][0].at(pointer).ok(value)
}

// Judge is [Validator.Fits] with reasons, for either side: violations of the kinds
// [KindInvalidBody] and [KindCannotJudge], the first 100 in the order of their
// pointers; nil when the value is valid.
func (v *Validator) Judge(side Side, pointer string, value any) []Violation {
	f := &findings{side: side}
	c := v.engines[side][0].at(pointer)
	size := 0
	if c.recursive {
		text, _ := json.Marshal(value) // a JSON value marshals
		size = len(text)
	}
	c.judge(value, size, f, Violation{In: inBody})
	return f.result()
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
