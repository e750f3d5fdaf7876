package spec

import (
	"reflect"
	"slices"
	"strings"
)

// schemaKey is a schema, with its null or without.
type schemaKey struct {
	of      *Schema
	notNull bool
}

// schema makes a JSON Schema in normal form.
func (n *normaliser) schema(v any, at string) *Node {
	switch v.(type) {
	case map[string]any, bool:
		return n.all(false, at)
	}
	return newScalar(at, v)
}

// all makes one schema of those at pointers, which hold together; notNull leaves
// out that null is taken.
func (n *normaliser) all(notNull bool, pointers ...string) *Node {
	s := n.doc.all(pointers)
	key := schemaKey{s, notNull}
	if known := n.schemas[key]; known != nil {
		return known
	}
	made := newSchemaNode(s.Pointer)
	n.schemas[key] = made
	if s.Never {
		*made = *newScalar(made.at, false)
		return made
	}
	var parts []applied
	for _, p := range s.parts {
		if p.schema = s.own(p); len(p.schema) > 0 {
			parts = append(parts, p)
			made.parts = append(made.parts, p.pointer)
		}
	}
	if len(parts) == 1 && !parts[0].optional {
		made.at, made.parts = parts[0].pointer, nil
	}
	if s.Nullable && !notNull && (s.Types != nil || len(s.groups) > 0) {
		made.members["null"] = newScalar(s.nullAt(), true)
	}
	n.values(s, parts, made)
	n.keywords(parts, made)
	if len(made.members) == 0 {
		*made = *newScalar(made.at, true) // JSON Schema 2020-12, core 4.3.2
	}
	return made
}

// own are the keywords of a part that say something and that no other part
// stands for.
func (s *Schema) own(p applied) map[string]any {
	own := map[string]any{}
	_, refers := refersTo(p.schema)
	for k, v := range p.schema {
		list, _ := v.([]any)
		choice := slices.ContainsFunc(s.groups, func(g group) bool { return g.pointer == Join(p.pointer, k) })
		followed := k == "$ref" && refers || len(list) > 0 && (k == "allOf" || (k == "anyOf" || k == "oneOf") && !choice)
		if !followed && !saysNothing(k, v) {
			own[k] = v
		}
	}
	return own
}

// nullAt is the pointer to what says that null is taken.
func (s *Schema) nullAt() string {
	for _, p := range s.parts {
		if slices.Contains(typesOf(p.schema), "null") {
			return Join(p.pointer, "type")
		}
		branches := append(branchesOf(p.schema, p.pointer, "anyOf"), branchesOf(p.schema, p.pointer, "oneOf")...)
		if i := slices.IndexFunc(branches, s.doc.isNull); i >= 0 {
			return branches[i]
		}
	}
	return Join(s.Pointer, "type")
}

// branches are those of anyOf or oneOf for what is not null: of an anyOf in an
// anyOf its branches, of equal ones of anyOf the first. An integer is a number.
func (n *normaliser) branches(k string, v any, at string) *Node {
	list, ok := v.([]any)
	if !ok {
		return newScalar(at, v)
	}
	var nodes []*Node
	var all []any
	numbers, repeats := false, false
	for i, b := range list {
		one := Join(at, itoa(i))
		if n.doc.isNull(one) {
			continue
		}
		twice := slices.ContainsFunc(all, func(other any) bool { return reflect.DeepEqual(other, b) })
		all, repeats = append(all, b), repeats || twice
		made := n.all(true, one)
		inner := made.Only(func(key string) bool { return !IsAnnotation(key) })
		switch {
		case k == "anyOf" && len(inner.members) == 1 && inner.members["anyOf"] != nil:
			nodes = append(nodes, inner.members["anyOf"].items...)
		case k == "oneOf" || !twice:
			nodes = append(nodes, made)
		}
		numbers = numbers || made.bareType("number")
	}
	if k == "anyOf" && numbers {
		nodes = slices.DeleteFunc(nodes, func(b *Node) bool { return b.bareType("integer") })
	}
	if k == "oneOf" && repeats {
		return newArray(at, nodes) // oneOf of the same twice is not oneOf of it once
	}
	return newSet(at, nodes)
}

// bareType recognises a schema that says a type and nothing else.
func (n *Node) bareType(name string) bool {
	return len(n.members) == 1 && n.members["type"].Text() == name
}

// IsAnnotation tells whether a keyword of a schema describes the value and does
// not constrain it.
func IsAnnotation(keyword string) bool {
	switch keyword {
	case "title", "description", "default", "deprecated", "readOnly", "writeOnly", "example", "examples",
		"externalDocs", "xml", "$comment":
		return true
	}
	return strings.HasPrefix(keyword, "x-")
}
