package spec

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strings"
)

// applied is one schema object among those that apply to a value.
type applied struct {
	pointer  string
	schema   map[string]any
	optional bool // null need not fit it
}

// limits tells whether a keyword holds a schema that says something.
func (p applied) limits(keyword string) bool {
	object, _ := p.schema[keyword].(map[string]any)
	return len(object) > 0 || p.schema[keyword] == false
}

// group is an anyOf or oneOf of two branches or more, null apart.
type group struct {
	pointer  string
	owner    map[string]any
	branches []string
}

// newSchema merges what applies to a value.
func newSchema(d *Document, of conjunction) *Schema {
	s := &Schema{Pointer: of.at[0], doc: d, of: of, MaxLength: -1, MaxItems: -1, MaxProperties: -1}
	g := gathering{s: s, seen: map[string]bool{}}
	null := true
	for _, at := range of.at {
		if at == s.Pointer || s.Name == "" && len(of.chosen) == 0 {
			s.Name = d.componentAt(at, 0)
		}
		null = null && d.takesNull(at, of.chosen, 0)
		g.add(at, false)
	}
	for _, p := range s.parts {
		s.merge(p)
	}
	for _, one := range s.groups {
		s.mergeBranches(one)
	}
	if s.Types == nil && s.Enum != nil {
		s.Types = typesOfValues(s.Enum)
	}
	if g.none {
		s.Types = []string{}
	}
	s.Nullable = s.Nullable && null
	s.Never = !null && (s.Types != nil && len(s.Types) == 0 || s.Enum != nil && len(s.Enum) == 0)
	return s
}

// gathering finds the schema objects that apply to a value.
type gathering struct {
	s    *Schema
	seen map[string]bool
	none bool // nothing but null can fit
}

func (g *gathering) add(pointer string, optional bool) {
	if g.seen[pointer] {
		return
	}
	g.seen[pointer] = true
	v, _ := g.s.doc.Lookup(pointer)
	schema, ok := v.(map[string]any)
	if !ok {
		g.none = g.none || v == false
		return
	}
	g.s.parts = append(g.s.parts, applied{pointer, schema, optional})
	if target, ok := refersTo(schema); ok {
		g.add(target, optional)
	}
	for _, part := range branchesOf(schema, pointer, "allOf") {
		g.add(part, optional)
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		at := Join(pointer, keyword)
		branches := branchesOf(schema, pointer, keyword)
		if len(branches) == 0 || slices.Contains(g.s.of.chosen, at) {
			continue
		}
		all := len(branches)
		branches = slices.DeleteFunc(branches, g.s.doc.isNull)
		hasNull := len(branches) < all
		g.s.Nullable = g.s.Nullable || hasNull
		switch len(branches) {
		case 0:
			g.none = true
		case 1:
			g.add(branches[0], optional || hasNull)
		default:
			g.s.groups = append(g.s.groups, group{at, schema, branches})
		}
	}
}

// merge adds what one schema object says.
func (s *Schema) merge(p applied) {
	schema := p.schema
	first := func(into *string, keyword string) {
		if text, ok := schema[keyword].(string); ok && *into == "" {
			*into = text
		}
	}
	first(&s.Title, "title")
	first(&s.Description, "description")
	first(&s.Format, "format")
	if pattern, ok := schema["pattern"].(string); ok {
		s.Patterns = appendNew(s.Patterns, pattern)
	}
	if types := typesOf(schema); types != nil {
		s.Nullable = s.Nullable || slices.Contains(types, "null")
		s.Types = bothTypes(s.Types, slices.DeleteFunc(types, func(t string) bool { return t == "null" }))
	}
	values := valuesOf(schema)
	s.Nullable = s.Nullable || slices.Contains(values, nil)
	s.allow(values)
	s.Minimum = tighter(s.Minimum, schema, "minimum", 1)
	s.Maximum = tighter(s.Maximum, schema, "maximum", -1)
	if n, ok := schema["multipleOf"].(json.Number); ok && s.MultipleOf == "" {
		s.MultipleOf = n
	}
	for _, size := range []struct {
		min, max *int
		name     string
	}{{&s.MinLength, &s.MaxLength, "Length"}, {&s.MinItems, &s.MaxItems, "Items"}, {&s.MinProperties, &s.MaxProperties, "Properties"}} {
		if n := countOf(schema["min"+size.name]); n > *size.min {
			*size.min = n
		}
		if n := countOf(schema["max"+size.name]); n >= 0 && (*size.max < 0 || n < *size.max) {
			*size.max = n
		}
	}
	for _, name := range textsOf(schema["required"]) {
		s.Required = appendNew(s.Required, name)
	}
	if v, ok := schema["default"]; ok && s.Default == nil {
		s.Default = &v
	}
	examples, _ := schema["examples"].([]any)
	s.Examples = append(s.Examples, examples...)
	if v, ok := schema["example"]; ok {
		s.Examples = append(s.Examples, v)
	}
	s.UniqueItems = s.UniqueItems || schema["uniqueItems"] == true
	s.Deprecated = s.Deprecated || schema["deprecated"] == true
	s.ReadOnly = s.ReadOnly || !p.optional && schema["readOnly"] == true
	s.WriteOnly = s.WriteOnly || !p.optional && schema["writeOnly"] == true
}

// mergeBranches adds what all alternatives together allow.
func (s *Schema) mergeBranches(g group) {
	types, values := []string{}, []any{}
	for _, at := range g.branches {
		branch := s.doc.Schema(at)
		if branch == nil {
			return
		}
		s.Nullable = s.Nullable || branch.Nullable
		if branch.Types == nil {
			types = nil
		} else if types != nil {
			types = append(types, branch.Types...)
		}
		if branch.Enum == nil {
			values = nil
		} else if values != nil {
			values = append(values, branch.Enum...)
		}
	}
	if types != nil {
		s.Types = bothTypes(s.Types, types)
	}
	s.allow(values)
}

// allow narrows Enum to the values given; nil allows any.
func (s *Schema) allow(values []any) {
	switch {
	case values == nil:
	case s.Enum == nil:
		s.Enum = values
	default:
		s.Enum = slices.DeleteFunc(slices.Clone(s.Enum), func(v any) bool { return !contains(values, v) })
	}
}

// valuesOf lists the values of enum, or that of const; nil when there is neither.
func valuesOf(schema map[string]any) []any {
	values, both := schema["enum"].([]any)
	c, ok := schema["const"]
	switch {
	case !ok:
		return values
	case both && !contains(values, c):
		return []any{}
	}
	return []any{c}
}

func contains(values []any, a any) bool {
	return slices.ContainsFunc(values, func(b any) bool { return equal(a, b) })
}

// typesOf lists the types that the `type` of a schema object gives, null among
// them; nil when it gives none.
func typesOf(schema map[string]any) []string {
	switch t := schema["type"].(type) {
	case string:
		return []string{t}
	case []any:
		return append([]string{}, textsOf(t)...)
	}
	return nil
}

func appendNew(to []string, s string) []string {
	if slices.Contains(to, s) {
		return to
	}
	return append(to, s)
}

// textsOf lists the strings of a list.
func textsOf(v any) []string {
	var texts []string
	list, _ := v.([]any)
	for _, one := range list {
		if text, ok := one.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// bothTypes intersects types; nil is any. An integer is a number.
func bothTypes(a, b []string) []string {
	both := []string{}
	if a == nil {
		a = b
	}
	for _, t := range a {
		if t == "number" && !slices.Contains(b, t) {
			t = "integer"
		}
		if slices.Contains(b, t) || t == "integer" && slices.Contains(b, "number") {
			both = appendNew(both, t)
		}
	}
	return both
}

// typesOfValues lists the types that values have, null apart.
func typesOfValues(values []any) []string {
	types := []string{}
	for _, v := range values {
		switch v.(type) {
		case string:
			types = appendNew(types, "string")
		case bool:
			types = appendNew(types, "boolean")
		case json.Number:
			types = appendNew(types, "number")
		case []any:
			types = appendNew(types, "array")
		case map[string]any:
			types = appendNew(types, "object")
		}
	}
	return types
}

// tighter takes the tighter of a bound and those of a schema object. Inward is
// where larger numbers lead: 1 from a minimum, -1 from a maximum.
func tighter(b *Bound, schema map[string]any, keyword string, inward int) *Bound {
	exclusive := "exclusive" + strings.ToUpper(keyword[:1]) + keyword[1:]
	for _, one := range []string{keyword, exclusive} {
		n, ok := schema[one].(json.Number)
		if !ok || ratOf(n) == nil {
			continue
		}
		next := &Bound{n, one == exclusive}
		order := 1
		if b != nil {
			order = next.Rat().Cmp(b.Rat()) * inward
		}
		if order > 0 || order == 0 && next.Exclusive {
			b = next
		}
	}
	return b
}

// ratOf is a number, exactly; nil of what is none. Parse bounds their size.
func ratOf(n json.Number) *big.Rat {
	r, _ := new(big.Rat).SetString(string(n))
	return r
}

// countOf reads a keyword that counts; -1 when it does not.
func countOf(v any) int {
	n, ok := v.(json.Number)
	if !ok {
		return -1
	}
	r := ratOf(n)
	switch {
	case r == nil || !r.IsInt() || r.Sign() < 0:
		return -1
	case !r.Num().IsInt64():
		return math.MaxInt32
	}
	return int(min(r.Num().Int64(), math.MaxInt32))
}

// branchesOf lists where the branches of a keyword stand.
func branchesOf(schema map[string]any, pointer, keyword string) []string {
	list, _ := schema[keyword].([]any)
	at := make([]string, len(list))
	for i := range list {
		at[i] = Join(pointer, keyword, itoa(i))
	}
	return at
}

// refersTo returns where the `$ref` of a schema object leads within the document.
func refersTo(schema map[string]any) (string, bool) {
	ref, _ := schema["$ref"].(string)
	return within(ref)
}
