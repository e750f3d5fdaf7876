package spec

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"sync"
)

// Schema is what a document says of one value: the view through which everything
// else reads schemas. Get one with [Document.Schema].
//
// What applies to the value together is merged: the schema itself, what its `$ref`
// leads to, and the parts of `allOf`, however deep. Types and enums are intersected,
// the tighter of two bounds is taken, `required` is united; a property or item that
// several parts describe, if only by additionalProperties, has a Schema that merges
// these. Of title, description, default and format the first stands: the schema's
// own before what it refers to.
//
// Null is kept apart: branches of `anyOf` and `oneOf` that are null alone make it
// Nullable, and one branch that is left is merged like a part of `allOf`. Two or more
// are [Schema.Alternatives]; Types and Enum tell what all of them together allow.
//
// Keywords that have no field here, such as `not`, and alternatives of `oneOf` restrict
// values further: whatever is made to fit a Schema is to be shown to a validator. A Schema
// is safe for concurrent use and not changed; its slices are shared: read them only.
type Schema struct {
	// Pointer is the RFC 6901 pointer into Tree to where the schema stands; of
	// several merged ones the first, of an alternative its branch.
	Pointer string
	// Name is the component under /components/schemas that the schema is or refers to,
	// also by a composition that holds nothing else but null; empty when there is none.
	Name               string
	Title, Description string
	// Types are the types of JSON Schema that a value other than null may have,
	// of the enum's values where no `type` says so. Nil: any; empty: none.
	Types    []string
	Nullable bool // null is named by a type, enum or branch, and fits
	Never    bool // nothing fits: `false`, or parts that exclude each other
	// Enum are the values allowed, numbers as json.Number; a const is an enum of
	// one. Nil: any. Null may be allowed without standing here: see Nullable.
	Enum                         []any
	Minimum, Maximum             *Bound      // nil: none
	MultipleOf                   json.Number // the first of several; empty: none
	MinLength, MaxLength         int         // in characters; no MaxLength is -1
	MinItems, MaxItems           int         // no MaxItems is -1
	MinProperties, MaxProperties int         // no MaxProperties is -1
	UniqueItems                  bool
	Patterns                     []string // all of them apply
	Format                       string
	Required                     []string
	Default                      *any  // nil: none
	Examples                     []any // `examples` and `example` of all parts
	ReadOnly, WriteOnly          bool
	Deprecated                   bool

	doc    *Document
	of     conjunction
	parts  []applied
	groups []group
	inside func() *inside
	forms  func() *forms
}

// Fits tells whether a value fits each of the schemas that s merges, by what judges one
// by its pointer.
func (s *Schema) Fits(v any, fits func(pointer string, v any) bool) bool {
	return !slices.ContainsFunc(s.of.at, func(at string) bool { return !fits(at, v) })
}

// Bound is a bound of a number.
type Bound struct {
	Number    json.Number // as published
	Exclusive bool        // the number itself is beyond
}

// Rat is the number, exactly.
func (b *Bound) Rat() *big.Rat { return ratOf(b.Number) }

// Property is a property of objects, or what the names that match a pattern are.
type Property struct {
	Name     string // or the pattern
	Schema   *Schema
	Required bool
}

// Schema returns the view of the schema at an RFC 6901 pointer into Tree, always the
// same for one pointer; nil when nothing is there or it is no schema.
func (d *Document) Schema(pointer string) *Schema {
	if s, ok := d.views.Load(pointer); ok {
		return s.(*Schema) //nolint:forcetypeassert // nothing else is stored
	}
	switch v, _ := d.Lookup(pointer); v.(type) {
	case map[string]any, bool:
		s := d.view(conjunction{at: []string{pointer}})
		d.views.Store(pointer, s)
		return s
	}
	return nil
}

// conjunction is schemas that apply to one value together. Of the anyOf and
// oneOf at the pointers in chosen a branch is among them already.
type conjunction struct{ at, chosen []string }

func (c conjunction) key() string {
	key := strings.Join(c.at, "\x00")
	if len(c.chosen) > 0 {
		key += "\x00\x00" + strings.Join(c.chosen, "\x00")
	}
	return key
}

func (d *Document) view(of conjunction) *Schema {
	of.at = slices.Clone(of.at)
	for i, at := range of.at {
		of.at[i] = d.aliased(at)
	}
	key := of.key()
	if s, ok := d.views.Load(key); ok {
		return s.(*Schema) //nolint:forcetypeassert // nothing else is stored
	}
	s := newSchema(d, of)
	s.inside, s.forms = sync.OnceValue(s.lookInside), sync.OnceValue(s.choose)
	first, _ := d.views.LoadOrStore(key, s)
	return first.(*Schema) //nolint:forcetypeassert // nothing else is stored
}

// all is the view of what all the schemas at the pointers say; nil of none.
func (d *Document) all(pointers []string) *Schema {
	if len(pointers) == 0 {
		return nil
	}
	return d.view(conjunction{at: slices.Compact(pointers)})
}

// Properties are the properties that `properties` names, in document order, a schema's
// own before those of what it refers to; not those of alternatives or [Schema.Conditional].
func (s *Schema) Properties() []Property { return s.inside().properties }

// Property returns the schema of one of Properties; nil when it is none.
func (s *Schema) Property(name string) *Schema {
	if i := slices.IndexFunc(s.Properties(), func(p Property) bool { return p.Name == name }); i >= 0 {
		return s.Properties()[i].Schema
	}
	return nil
}

// PatternProperties are the patterns of names with what they say.
func (s *Schema) PatternProperties() []Property { return s.inside().patterns }

// Additional is what `additionalProperties` says of properties that are not
// named; nil when it says nothing. Where there must be none, it is Never.
func (s *Schema) Additional() *Schema { return s.inside().additional }

// Items is the schema of the items of an array, after PrefixItems; nil when
// nothing is said of them.
func (s *Schema) Items() *Schema { return s.inside().items }

// PrefixItems are the schemas of the first items of an array.
func (s *Schema) PrefixItems() []*Schema { return s.inside().prefix }

// Contains is what some items of an array must fit besides Items, and how many; nil
// when nothing is said of that. Of several `contains` it is the first.
func (s *Schema) Contains() (*Schema, int) { return s.inside().contains, s.inside().least }

// inside is what a schema says of the parts of a value.
type inside struct {
	properties, patterns []Property
	additional, items    *Schema
	prefix               []*Schema
	contains             *Schema
	least                int // items that fit contains
}

func (s *Schema) lookInside() *inside {
	in := &inside{}
	var additional, items []string
	for _, p := range s.parts {
		for _, name := range s.doc.names(Join(p.pointer, "properties")) {
			if !slices.ContainsFunc(in.properties, func(q Property) bool { return q.Name == name }) {
				in.properties = append(in.properties, Property{name, s.doc.all(placesOf(s.parts, "properties", name)), slices.Contains(s.Required, name)})
			}
		}
		for _, pattern := range s.doc.names(Join(p.pointer, "patternProperties")) {
			in.patterns = append(in.patterns, Property{Name: pattern, Schema: s.doc.Schema(Join(p.pointer, "patternProperties", pattern))})
		}
		if p.limits("additionalProperties") {
			additional = append(additional, Join(p.pointer, "additionalProperties"))
		}
		if p.limits("items") {
			items = append(items, Join(p.pointer, "items"))
		}
	}
	in.additional, in.items = s.doc.all(additional), s.doc.all(items)
	for _, p := range s.parts {
		if _, ok := p.schema["contains"]; !ok || in.contains != nil {
			continue
		}
		in.contains = s.doc.all(append(slices.Clone(items), Join(p.pointer, "contains")))
		if in.least = countOf(p.schema["minContains"]); in.least < 0 {
			in.least = 1
		}
	}
	for i := 0; ; i++ {
		at := s.prefix(i)
		if at == nil {
			return in
		}
		in.prefix = append(in.prefix, s.doc.all(at))
	}
}

// aliased follows references that have nothing beside them.
func (d *Document) aliased(pointer string) string {
	for range maxReferences {
		schema := d.object(pointer)
		target, ok := refersTo(schema)
		if !ok || len(schema) > 1 {
			break
		}
		pointer = target
	}
	return pointer
}

// placesOf lists where parts say something under a keyword of what has a name.
// additionalProperties of one part hold for the properties that it does not name,
// also where another does.
func placesOf(parts []applied, keyword, name string) []string {
	var at []string
	for _, p := range parts {
		named, _ := p.schema[keyword].(map[string]any)
		switch _, ok := named[name]; {
		case ok:
			at = append(at, Join(p.pointer, keyword, name))
		case keyword == "properties" && p.limits("additionalProperties") && p.schema["patternProperties"] == nil:
			at = append(at, Join(p.pointer, "additionalProperties"))
		}
	}
	return at
}

// prefix lists what the parts say of item i; nil when no prefixItems reaches it.
func (s *Schema) prefix(i int) []string {
	var at []string
	reached := false
	for _, p := range s.parts {
		first, _ := p.schema["prefixItems"].([]any)
		switch {
		case i < len(first):
			reached = true
			at = append(at, Join(p.pointer, "prefixItems", itoa(i)))
		case p.limits("items"):
			at = append(at, Join(p.pointer, "items"))
		}
	}
	if !reached {
		return nil
	}
	return at
}

// Key names the Schema within its document: no other has the same.
func (s *Schema) Key() string { return s.of.key() }

// Declares tells whether properties or patternProperties stand, were they empty, in
// the schema or in one that may apply to the same value.
func (s *Schema) Declares() bool {
	declares := func(p applied) bool { return p.schema["properties"] != nil || p.schema["patternProperties"] != nil }
	return slices.ContainsFunc(s.parts, declares) || slices.ContainsFunc(slices.Concat(s.Alternatives(), s.Conditional()), (*Schema).Declares)
}

// names lists the keys of the object at a pointer in the document's order.
func (d *Document) names(pointer string) []string {
	object := d.object(pointer)
	var names []string
	for _, name := range slices.Concat(d.Keys(pointer), sortedKeys(object)) { // the lift has added some and dropped others
		if _, there := object[name]; there {
			names = appendNew(names, name)
		}
	}
	return names
}
