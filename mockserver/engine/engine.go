// Package engine answers the operations of an OpenAPI document as its plan says,
// from what a store keeps. It knows no HTTP server and no vendor.
package engine

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/sample"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// Config says how an engine behaves where documents leave it open.
type Config struct {
	Items int    // that each collection begins with
	Seed  uint64 // of the values that are made up
	// Fits judges a value by a schema of the document, as an answer.
	Fits func(s *spec.Schema, value any) bool
	// Judge is Fits with reasons, by a pointer to the schema; nil: none are told.
	Judge func(side contract.Side, schema string, value any) []contract.Violation
	// Elsewhere tells of collections whose items are not kept in the store; nil: none.
	Elsewhere func(c *plan.Collection) bool
	// What happens to page numbers given together with a cursor: both false, they
	// are refused.
	PageWins, CursorWins bool
	EmptyUnknownCursor   bool // an unknown cursor finds nothing, and is not refused
	ResumeDeletedCursor  bool // a deleted cursor stands where its item stood
	NumberAlways         bool // page numbers are told when no page was asked for
	OnePageWhenEmpty     bool // an empty list has one page, not none
	// InvalidWhenMissing refuses an item that is not there with 422 where no 404 is
	// documented.
	InvalidWhenMissing bool
	Rules              Rules // of a dialect
	// RefuseInUse refuses to delete what other items name, where a 409 is documented.
	RefuseInUse bool
}

// Engine answers operations. It is safe for concurrent use.
type Engine struct {
	doc       *spec.Document
	plan      *plan.Plan
	config    Config
	maker     *sample.Maker
	templates sync.Map // of answers, by line
	rules     ruled
	listed    map[string][]plan.Filter // those that list a property's values, by collection
	circular  map[[2]string]bool       // see [circles]
}

// New returns an engine for a document and its plan.
func New(doc *spec.Document, p *plan.Plan, c Config) *Engine {
	e := &Engine{doc: doc, plan: p, config: c, maker: sample.New(c.Seed, c.Fits), rules: newRuled(p, c.Rules), listed: map[string][]plan.Filter{}, circular: circles(p)}
	for _, l := range p.Lines {
		if l.List == nil {
			continue
		}
		for _, f := range l.List.Filters {
			if f.Values != "" {
				e.listed[l.Collection] = append(e.listed[l.Collection], f)
			}
		}
	}
	return e
}

// Plan is what the engine answers by.
func (e *Engine) Plan() *plan.Plan { return e.plan }

// Request is a request that the document allows.
type Request struct {
	Line  *plan.Line
	Path  map[string]string // parameters, decoded
	Query url.Values        // decoded; of repeated parameters that are no arrays one value
	URL   *url.URL          // for addresses in answers
	// Body is the decoded JSON or form: map[string]any, []any and so on, numbers as
	// json.Number. Nil is no body, or null.
	Body any
	Now  time.Time
}

// Response is an answer that the document has.
type Response struct {
	Status int
	Media  string // empty: no body
	Body   []byte
}

// Answer answers a request from a store, and changes the store as the line says.
// The error is a [*Refusal], or one of package sample when no answer can be made.
func (e *Engine) Answer(s *store.Items, r Request) (resp Response, err error) {
	t := &tx{e: e, s: s, r: r, line: r.Line}
	if reads(r.Line.Kind) {
		s.View(func() { resp, err = t.read() })
		if !t.unopened {
			return resp, err
		}
	}
	t = &tx{e: e, s: s, r: r, line: r.Line, writes: true}
	s.Change(func() { resp, err = t.answer() })
	return resp, err
}

// maxRemembered is the longest body that is kept for the next request that asks the same.
const maxRemembered = 64 << 10

// read is answer for a request that changes nothing: what was asked before is answered the
// same as long as nothing has changed.
func (t *tx) read() (Response, error) {
	if t.r.Body != nil || t.r.URL == nil || t.e.rules.lines[t.line].Refuse != nil { // by rules that may look at the clock
		return t.answer()
	}
	asked := struct {
		line      *plan.Line
		path, url string
	}{t.line, store.Scope(t.path()...), t.r.URL.String()}
	if known, ok := t.s.Recall(asked).(Response); ok {
		return known, nil
	}
	resp, err := t.answer()
	if err == nil && !t.unopened && len(resp.Body) <= maxRemembered {
		t.s.Keep(asked, resp)
	}
	return resp, err
}

func reads(k plan.Kind) bool {
	return k == plan.List || k == plan.Read || k == plan.BulkRead
}

// tx is the answering of one request.
type tx struct {
	e        *Engine
	s        *store.Items
	r        Request
	line     *plan.Line
	writes   bool // the store is locked for changes
	unopened bool // a scope was needed that is not made yet, and may not be made now
}

func (t *tx) answer() (Response, error) {
	if refusal := t.parents(); refusal != nil {
		return Response{}, refusal
	}
	if w := t.line.Write; w != nil && len(w.Links) > 0 {
		t.r.Body = t.spelled(t.r.Body, w.Links)
	}
	rule := t.e.rules.lines[t.line]
	if rule.Refuse != nil {
		if refusal := rule.Refuse(Work{t}); refusal != nil {
			return Response{}, refusal
		}
	}
	if rule.Answer != nil {
		if resp, done, err := rule.Answer(Work{t}); done {
			return resp, err
		}
	}
	switch t.line.Kind {
	case plan.List:
		return t.list()
	case plan.Create:
		return t.create()
	case plan.Copy:
		return t.copy()
	case plan.Read, plan.Update, plan.Replace, plan.Delete, plan.Act:
		return t.one()
	case plan.Join, plan.Leave:
		return t.join(t.line.Kind == plan.Join)
	case plan.BulkDelete, plan.BulkUpdate, plan.BulkRead:
		return t.bulk()
	case plan.Singleton:
		return t.singleton()
	case plan.View, plan.Sampled:
	}
	return t.kept()
}

func (t *tx) collection(name string) *plan.Collection { return t.e.plan.Collection(name) }

// path lists the values of the path's parameters in order.
func (t *tx) path() []string {
	var values []string
	for _, name := range parameters(t.line.Path) {
		values = append(values, t.r.Path[name])
	}
	return values
}

func parameters(template string) []string {
	var names []string
	for i := 0; i < len(template); i++ {
		if template[i] != '{' {
			continue
		}
		end := i + 1
		for end < len(template) && template[end] != '}' {
			end++
		}
		names = append(names, template[i+1:min(end, len(template))])
		i = end
	}
	return names
}

// scope is what the items of a collection that the path speaks of belong to; false:
// the path does not say it all.
func (t *tx) scope(c *plan.Collection) (string, bool) {
	ids := make([]string, 0, len(c.Parents))
	values := t.path()
	for i, p := range c.Parents {
		v, ok := t.r.Path[p.Name]
		if !ok && i < len(values) && len(values) > len(c.Parents)-1 && t.line.Item != parameters(t.line.Path)[i] {
			v, ok = values[i], true
		}
		if !ok {
			return "", false
		}
		ids = append(ids, v)
	}
	return store.Scope(ids...), true
}

// parents refuses paths that go through items that are not there, and lets the path
// name those that are as they name themselves: the case of letters may differ.
func (t *tx) parents() *Refusal {
	for _, p := range t.line.Parameters {
		c, id := t.collection(p.Collection), t.r.Path[p.Name]
		named := p.Name == t.line.Item
		if p.In != "path" || p.Collection == "" || named && id == strings.ToLower(id) {
			continue
		}
		if slices.ContainsFunc(t.own(), func(i plan.Identity) bool { return i.Parameter == p.Name }) {
			continue // part of a composite id
		}
		item := t.find(c, id)
		if item == nil && !named && !t.unopened {
			return t.missing(c, id)
		}
		if item != nil && item.ID != id {
			t.r.Path = maps.Clone(t.r.Path)
			t.r.Path[p.Name] = item.ID
		}
	}
	return nil
}

// own are the parts of the identity of the line's items.
func (t *tx) own() []plan.Identity {
	if c := t.collection(t.line.Collection); c != nil && len(c.Identity) > 1 {
		return c.Identity
	}
	return nil
}

// id is the identity that the path names.
func (t *tx) id(c *plan.Collection) string {
	if len(c.Identity) < 2 {
		return t.r.Path[t.line.Item]
	}
	ids := make([]string, len(c.Identity))
	for i, part := range c.Identity {
		ids[i] = t.r.Path[part.Parameter]
	}
	return store.Scope(ids...)
}

// find returns an item by its id, in the scope that the path names if it names one.
func (t *tx) find(c *plan.Collection, id string) *store.Item {
	if c.Of != "" {
		return t.member(c, id)
	}
	if in, ok := t.scope(c); ok {
		t.open(c, in)
		return t.s.Get(c.Name, in, id)
	}
	t.openAll(c)
	return t.s.Find(c.Name, id)
}

// one answers what is about the item that the path names.
func (t *tx) one() (Response, error) {
	c := t.collection(t.line.Collection)
	id := t.id(c)
	if t.line.Item == "" && t.line.Write != nil && t.line.Write.Identity != "" {
		id = text(at(t.r.Body, "/"+t.line.Write.Identity))
	}
	item := t.find(c, id)
	if item == nil {
		return Response{}, t.missing(c, id)
	}
	switch t.line.Kind {
	case plan.Read:
		return t.respond(c, item)
	case plan.Delete:
		if refusal := t.inUse(c, item); refusal != nil {
			return Response{}, refusal
		}
		resp, err := t.respond(c, item)
		if err == nil {
			t.remove(c, item)
		}
		return resp, err
	default:
		item, err := t.change(c, item, t.line.Kind == plan.Replace)
		if err != nil {
			return Response{}, err
		}
		return t.respond(c, item)
	}
}
