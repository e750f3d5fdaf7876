package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// Rules are what a vendor's words say of an API and its document cannot: a dialect.
// What they name and the document does not have is left out.
type Rules struct {
	Operations  map[string]OperationRule  // by METHOD and path
	Collections map[string]CollectionRule // by name
}

// OperationRule is about one operation. Each function may be nil.
type OperationRule struct {
	// Refuse comes before the operation does anything; nil: it does not refuse.
	Refuse func(Work) *Refusal
	// Ignore tells of items that an operation on many leaves as they are.
	Ignore func(item map[string]any) bool
	// Answer does and answers what the plan would; false: it leaves that to the plan.
	Answer func(Work) (Response, bool, error)
}

// CollectionRule is about the items of a collection. Each function may be nil.
type CollectionRule struct {
	// Begin is how many items there are at first, n but for it: below a parent, whose
	// properties it gets, or in all.
	Begin func(parent map[string]any, n int) int
	// Complete lets an item agree with the others before it is kept, whenever it is
	// written; it changes Entry.Value.
	Complete func(Work, Entry)
}

// Entry is an item that is about to be kept.
type Entry struct {
	Value   map[string]any
	Parent  map[string]any // nil: it is below none
	Ordinal int            // among those that there are at first; -1: made later, or changed
	New     bool           // it is not there yet

	schema *spec.Schema
	fits   func(*spec.Schema, any) bool
}

// Set gives the value a property, unless the document has none such or does not allow it.
func (e Entry) Set(name string, v any) {
	if p := e.schema.Property(name); p != nil && e.fits(p, v) {
		e.Value[name] = v
	}
}

// Work is the answering of a request, as a dialect sees it. It is good while the rule
// runs. The values that it gives must not be changed.
type Work struct{ t *tx }

// Owner is the project that is worked for.
func (w Work) Owner() store.Owner { return w.t.s.Owner }

// Begins is how many items a collection begins with, below no parent.
func (w Work) Begins(collection string) int { return w.t.begin(w.t.collection(collection), "") }

// Request is what was asked.
func (w Work) Request() Request { return w.t.r }

// Documents tells whether the operation documents a status itself.
func (w Work) Documents(status string) bool {
	r := w.t.line.Refusal(status)
	return r != nil && r.Status == status
}

// Refuse refuses with the documented example of a status, its ids and message replaced;
// an empty message leaves the example's.
func (w Work) Refuse(status int, message string) *Refusal {
	c := w.t.collection(w.t.line.Collection)
	if c == nil {
		c = &plan.Collection{}
	}
	r := w.t.refusal(status, c, w.t.r.Path[w.t.line.Item], message)
	var example map[string]any
	if json.Unmarshal(r.Example, &example) == nil && message != "" && example["message"] != nil {
		example["message"] = message
		r.Example, _ = json.Marshal(example) // it came from JSON
	}
	return r
}

// Item is an item by its id; nil: there is none.
func (w Work) Item(collection, id string) map[string]any {
	c := w.t.collection(collection)
	if c == nil {
		return nil
	}
	w.t.openAll(c)
	if item := w.t.s.Find(c.Name, id); item != nil {
		return item.Value
	}
	return nil
}

// Items are those of a collection, oldest first: below a parent, or in all.
func (w Work) Items(collection, parent string) (values []map[string]any) {
	c := w.t.collection(collection)
	if c == nil {
		return nil
	}
	w.t.openAll(c)
	for _, in := range w.t.s.Scopes(c.Name) {
		for _, item := range w.t.s.All(c.Name, in) {
			if parent == "" || store.Innermost(in) == parent {
				values = append(values, item.Value)
			}
		}
	}
	return values
}

// Change gives an item other properties, those that fit, past the rules of its
// collection. An id of no item is ignored.
func (w Work) Change(collection, id string, properties map[string]any) {
	c := w.t.collection(collection)
	if c == nil {
		return
	}
	item := w.t.s.Find(c.Name, id)
	if item == nil {
		return
	}
	value := clone(item.Value)
	s := w.t.branch(w.t.e.doc.Schema(c.Schema), value)
	for name, v := range properties {
		if p := s.Property(name); p != nil && w.t.fits(p, v) {
			value[name] = v
		}
	}
	w.t.count(c, item.Scope, item.ID, value)
	w.t.s.Set(c.Name, item, value, item.Views)
}

// Create makes an item below a parent, or in all, with the given properties; the rest
// is made up. It returns the item; nil: there can be none.
func (w Work) Create(collection, parent string, properties map[string]any) map[string]any {
	c := w.t.collection(collection)
	if c == nil {
		return nil
	}
	item, err := w.t.put(c, parent, properties)
	if err != nil {
		return nil
	}
	return item.Value
}

// Remove deletes the items of a collection that gone chooses.
func (w Work) Remove(collection string, gone func(map[string]any) bool) {
	c := w.t.collection(collection)
	if c == nil {
		return
	}
	w.t.openAll(c)
	for _, in := range w.t.s.Scopes(c.Name) {
		for _, item := range w.t.s.All(c.Name, in) {
			if gone(item.Value) {
				w.t.remove(c, item)
			}
		}
	}
}

// Show answers the operation's success with a value; what the document has besides is
// made up.
func (w Work) Show(v any) (Response, error) {
	if given, ok := v.(map[string]any); ok && w.t.e.doc.Schema(w.t.line.Answer.Schema).Declares() {
		whole, _ := w.t.template().(map[string]any)
		merged := maps.Clone(whole)
		maps.Copy(merged, given)
		v = merged
	}
	return w.t.write(v)
}

// ruled are the rules of a dialect by what they are about.
type ruled struct {
	lines       map[*plan.Line]OperationRule
	collections map[string]CollectionRule
}

func newRuled(p *plan.Plan, r Rules) ruled {
	found := ruled{map[*plan.Line]OperationRule{}, r.Collections}
	for _, l := range p.Lines {
		if rule, ok := r.Operations[l.Method+" "+l.Path]; ok {
			found.lines[l] = rule
		}
	}
	return found
}

// Answers tells whether a dialect answers an operation in place of its plan.
func (e *Engine) Answers(l *plan.Line) bool { return e.rules.lines[l].Answer != nil }

// begin is how many items a scope begins with.
func (t *tx) begin(c *plan.Collection, in string) int {
	var parent map[string]any
	n := t.e.config.Items
	if len(c.Parents) > 0 {
		n = min(n, 8)
		if item := t.parent(c, in); item != nil {
			parent = item.Value
		}
	}
	switch {
	case c.Singleton:
		n = 1
	case len(c.Parents) > 0 && c.Creatable:
		n = 0
	}
	if rule := t.e.rules.collections[c.Name].Begin; rule != nil {
		return rule(parent, n)
	}
	return n
}

// complete lets a value agree with other items, by the dialect and by its counts.
func (t *tx) complete(c *plan.Collection, in, id string, value map[string]any, ordinal int, isNew bool) {
	if rule := t.e.rules.collections[c.Name].Complete; rule != nil {
		e := Entry{Value: value, Ordinal: ordinal, New: isNew, schema: t.branch(t.e.doc.Schema(c.Schema), value), fits: t.fits}
		if len(c.Parents) > 0 {
			if parent := t.parent(c, in); parent != nil {
				e.Parent = parent.Value
			}
		}
		rule(Work{t}, e)
	}
	t.count(c, in, id, value)
}

// keep writes an item that is there, and lets it agree with the others.
func (t *tx) keep(c *plan.Collection, item *store.Item, value map[string]any) *store.Item {
	t.complete(c, item.Scope, item.ID, value, -1, false)
	return t.s.Set(c.Name, item, value, item.Views)
}

// below lists the collections whose items belong to those of another.
func (t *tx) childrenOf(c *plan.Collection) (children []*plan.Collection) {
	for _, child := range t.e.plan.Collections {
		if n := len(child.Parents); n > 0 && child.Parents[n-1].Collection == c.Name && !child.Singleton && child.Of == "" {
			children = append(children, child)
		}
	}
	return children
}

// count fills in how many there are: of an array beside it, or of items below.
func (t *tx) count(c *plan.Collection, in, id string, value map[string]any) {
	s := t.branch(t.e.doc.Schema(c.Schema), value)
	if s == nil {
		return
	}
	for _, p := range s.Properties() {
		noun := counted(p.Name)
		if noun == "" || !slices.Contains(p.Schema.Types, "integer") {
			continue
		}
		n := -1
		for _, other := range s.Properties() {
			if list, ok := value[other.Name].([]any); ok && other.Name != p.Name && endsInNoun(other.Name, noun) {
				n = len(list)
			}
		}
		for _, child := range t.childrenOf(c) {
			if n < 0 && endsInNoun(child.Name, noun) {
				scope := id
				if in != "" {
					scope = store.Scope(in, id)
				}
				if t.s.Has(child.Name, scope) {
					n = t.s.Len(child.Name, scope)
				} else {
					n = t.begin(child, scope)
				}
			}
		}
		if v := number(n); n >= 0 && t.fits(p.Schema, v) {
			value[p.Name] = v
		}
	}
}

// recount counts anew in the item that a scope's items belong to.
func (t *tx) recount(c *plan.Collection, in string) {
	if len(c.Parents) == 0 {
		return
	}
	parent := t.collection(c.Parents[len(c.Parents)-1].Collection)
	if parent == nil {
		return
	}
	if item := t.parent(c, in); item != nil {
		value := maps.Clone(item.Value)
		t.count(parent, item.Scope, item.ID, value)
		if !maps.EqualFunc(value, item.Value, func(a, b any) bool { return text(a) == text(b) }) {
			t.s.Set(parent.Name, item, value, item.Views)
		}
	}
}

// counted is the noun of a property such as item_count or membersCount; empty: it is
// none.
func counted(name string) string {
	for _, suffix := range []string{"_count", "Count"} {
		if front, ok := strings.CutSuffix(name, suffix); ok {
			return lastWord(front)
		}
	}
	return ""
}

// endsInNoun tells whether a name, such as knowledge_item_ids, is one of several of a
// noun.
func endsInNoun(name, noun string) bool {
	for _, suffix := range []string{"_ids", "Ids"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return lastWord(name) == noun
}

// lastWord is the last word of a name, in the singular and small letters.
func lastWord(name string) string {
	name = name[strings.LastIndexAny(name, "_-/")+1:]
	for i := len(name) - 1; i > 0; i-- {
		if name[i] >= 'A' && name[i] <= 'Z' {
			name = name[i:]
			break
		}
	}
	return singular(strings.ToLower(name))
}

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }
