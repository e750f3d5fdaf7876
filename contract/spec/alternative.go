package spec

import (
	"slices"
	"strconv"
	"strings"
)

const (
	maxInPlace      = 64  // schemas that apply to one value because one of them does, above one another
	maxAlternatives = 256 // of one schema
)

// Alternatives are the branches of `anyOf` and `oneOf`, null apart, each merged with
// what stands beside them and with the branches within it, without those that nothing
// fits; none where there are less than two. Where several anyOf and oneOf apply, each
// choice of one branch from each is an alternative, 256 at most.
func (s *Schema) Alternatives() []*Schema { return s.forms().alternatives }

// Forms are the alternatives, or the schema itself when it has none.
func (s *Schema) Forms() []*Schema {
	if len(s.groups) == 0 {
		return []*Schema{s}
	}
	return s.Alternatives()
}

// AllProperties are Properties and those that alternatives add, each name once as the
// first has it. What an alternative adds is not Required.
func (s *Schema) AllProperties() []Property {
	all := slices.Clone(s.Properties())
	for _, a := range s.Alternatives() {
		for _, p := range a.Properties() {
			if !slices.ContainsFunc(all, func(q Property) bool { return q.Name == p.Name }) {
				p.Required = false
				all = append(all, p)
			}
		}
	}
	return all
}

// Conditional are the schemas that apply to some values only, each by itself:
// `then`, `else`, and those of `dependentSchemas`.
func (s *Schema) Conditional() []*Schema { return s.forms().conditional }

// maxChosen bounds the cases of cases: with each `if` there are twice as many.
const maxChosen = 6

// Cases are the schema with the `if` and `then` of the first `if` that it has, and with
// its `else`; nil when it has no `if`, or six are chosen already. A value of the
// second may fit the `if` too: show it to a validator.
func (s *Schema) Cases() []*Schema { return s.forms().cases }

// Discriminator tells which property names the alternative; nil when the document
// names none. It changes nothing about what is valid.
func (s *Schema) Discriminator() *Discriminator { return s.forms().discriminator }

// Discriminator is the discriminator of alternatives. The property need not be
// required by any of them.
type Discriminator struct {
	Property string
	Cases    []Case // in the order of the branches
}

// Case is a value of the property with the alternative it stands for: one of the
// `mapping`, else what a const or enum of the branch's own property says, else
// the name of the branch's component.
type Case struct {
	Value   string
	Schema  *Schema
	Pointer string // to the branch, as it stands in anyOf or oneOf
}

// Branch is the alternative that a value is of: the one that a discriminator names, else
// the first of which all branches fit, by their pointers; the schema itself when there
// is none.
func (s *Schema) Branch(v any, fits func(pointer string, v any) bool) *Schema {
	if object, ok := v.(map[string]any); ok && s.Discriminator() != nil {
		for _, c := range s.Discriminator().Cases {
			if object[s.Discriminator().Property] == c.Value {
				return c.Schema.Branch(v, fits)
			}
		}
	}
	for _, a := range s.Alternatives() {
		branches := a.of.at[:len(a.of.at)-len(s.of.at)]
		if !slices.ContainsFunc(branches, func(pointer string) bool { return !fits(pointer, v) }) {
			return a
		}
	}
	return s
}

type forms struct {
	alternatives, conditional, cases []*Schema
	discriminator                    *Discriminator
}

func (s *Schema) choose() *forms {
	f := &forms{}
	for _, p := range s.parts {
		at := []string{Join(p.pointer, "then"), Join(p.pointer, "else")}
		for _, name := range s.doc.names(Join(p.pointer, "dependentSchemas")) {
			at = append(at, Join(p.pointer, "dependentSchemas", name))
		}
		if when := Join(p.pointer, "if"); f.cases == nil && p.schema["if"] != nil && len(s.of.chosen) < maxChosen && !slices.Contains(s.of.chosen, when) {
			chosen := append(slices.Clone(s.of.chosen), when)
			for _, more := range [][]string{{when, at[0]}, {at[1]}} {
				more = slices.DeleteFunc(more, func(one string) bool { _, there := s.doc.Lookup(one); return !there })
				f.cases = append(f.cases, s.doc.view(conjunction{at: slices.Concat(s.of.at, more), chosen: chosen}))
			}
		}
		for _, one := range at {
			if conditional := s.doc.Schema(one); conditional != nil {
				f.conditional = append(f.conditional, conditional)
			}
		}
	}
	if len(s.groups) == 0 {
		return f
	}
	g := s.groups[0]
	v, _ := At(g.owner, "discriminator", "propertyName")
	property, _ := v.(string)
	if property != "" {
		f.discriminator = &Discriminator{Property: property}
	}
	for _, at := range g.branches {
		chosen := s.doc.view(conjunction{at: append([]string{at}, s.of.at...), chosen: append(slices.Clone(s.of.chosen), g.pointer)})
		if property != "" {
			for _, value := range s.doc.discriminated(g.owner, at, property) {
				f.discriminator.Cases = append(f.discriminator.Cases, Case{value, chosen, at})
			}
		}
		for _, one := range chosen.Forms() {
			if !one.Never && len(f.alternatives) < maxAlternatives {
				f.alternatives = append(f.alternatives, one)
			}
		}
	}
	return f
}

// discriminated lists the values that stand for the branch at a pointer.
func (d *Document) discriminated(owner map[string]any, at, property string) []string {
	var values []string
	v, _ := At(owner, "discriminator", "mapping")
	mapping, _ := v.(map[string]any)
	target := d.aliased(at)
	for _, value := range sortedKeys(mapping) {
		name, _ := mapping[value].(string)
		if !strings.Contains(name, "/") {
			name = Join("#/components/schemas", name)
		}
		if pointer, ok := within(name); ok && pointer == target {
			values = append(values, value)
		}
	}
	branch := d.Schema(at)
	if branch == nil || len(values) > 0 {
		return values
	}
	if p := branch.Property(property); p != nil {
		values = textsOf(p.Enum)
	}
	if len(values) == 0 && branch.Name != "" {
		values = []string{branch.Name}
	}
	return values
}

// isNull recognises a schema of null alone.
func (d *Document) isNull(pointer string) bool {
	schema := d.object(d.aliased(pointer))
	if types := typesOf(schema); types != nil {
		return len(types) == 1 && types[0] == "null"
	}
	values := valuesOf(schema)
	return len(values) == 1 && values[0] == nil
}

// takesNull tells whether null fits the types, enums and branches of a schema,
// those at the pointers in chosen apart.
func (d *Document) takesNull(pointer string, chosen []string, depth int) bool {
	v, _ := d.Lookup(pointer)
	schema, ok := v.(map[string]any)
	if !ok || depth > maxInPlace {
		return v != false
	}
	if types := typesOf(schema); types != nil && !slices.Contains(types, "null") {
		return false
	}
	if values := valuesOf(schema); values != nil && !slices.Contains(values, nil) {
		return false
	}
	if target, ok := refersTo(schema); ok && !d.takesNull(target, chosen, depth+1) {
		return false
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		branches := branchesOf(schema, pointer, keyword)
		if len(branches) == 0 || slices.Contains(chosen, Join(pointer, keyword)) {
			continue
		}
		fitting := 0
		for _, at := range branches {
			if d.takesNull(at, chosen, depth+1) {
				fitting++
			}
		}
		if keyword == "allOf" && fitting < len(branches) || keyword == "anyOf" && fitting == 0 || keyword == "oneOf" && fitting != 1 {
			return false
		}
	}
	return true
}

// componentAt names the component that the schema at a pointer is or refers to.
func (d *Document) componentAt(pointer string, depth int) string {
	if name, ok := strings.CutPrefix(pointer, "/components/schemas/"); ok && !strings.Contains(name, "/") {
		return Tokens(pointer)[2]
	}
	schema := d.object(pointer)
	if depth > maxInPlace {
		return ""
	}
	if target, ok := refersTo(schema); ok {
		return d.componentAt(target, depth+1)
	}
	var only []string
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		only = append(only, slices.DeleteFunc(branchesOf(schema, pointer, keyword), d.isNull)...)
	}
	if len(only) != 1 || schema["properties"] != nil {
		return ""
	}
	return d.componentAt(only[0], depth+1)
}

func itoa(i int) string { return strconv.Itoa(i) }
