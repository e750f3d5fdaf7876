package spec

import (
	"reflect"
	"slices"
	"strings"
)

// saysNothing tells that a keyword holds without being said, or applies only
// where something refers to it.
func saysNothing(k string, v any) bool {
	switch k {
	case "$defs", "definitions":
		return true
	case "deprecated", "readOnly", "writeOnly", "uniqueItems":
		return v == false
	case "minLength", "minItems", "minProperties":
		return countOf(v) == 0
	case "required", "properties", "patternProperties", "dependentSchemas", "dependentRequired":
		return empty(v)
	case "items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "propertyNames":
		return v == true || empty(v)
	}
	return false
}

func empty(v any) bool {
	return reflect.DeepEqual(v, map[string]any{}) || reflect.DeepEqual(v, []any{})
}

// together names the keywords that have their meaning together: one of each
// group cannot be taken from one schema and another from another. Those of "" are
// not made here.
func together(k string) string {
	switch k {
	case "type", "enum", "const":
		return ""
	case "properties", "patternProperties", "additionalProperties", "unevaluatedProperties":
		return "properties"
	case "items", "prefixItems", "unevaluatedItems":
		return "prefixItems"
	case "contains", "minContains", "maxContains":
		return "contains"
	case "if", "then", "else":
		return "if"
	}
	return k
}

// keywords makes the keywords of schemas that hold together. Those of which no
// one keyword can say the same stay schemas of their own, in allOf.
//
// The member "null" is true where the schema takes null besides what its other
// keywords take, and says so; type, enum and the branches of anyOf and oneOf
// then leave it out.
func (n *normaliser) keywords(parts []applied, made *Node) {
	holders := map[string][]applied{} // by group, of which each has the keywords alone
	for _, p := range parts {
		groups := map[string]map[string]any{}
		for k, v := range p.schema {
			g := together(k)
			if groups[g] == nil {
				groups[g] = map[string]any{}
			}
			groups[g][k] = v
		}
		for g, own := range groups {
			holders[g] = append(holders[g], applied{pointer: p.pointer, schema: own})
		}
	}
	delete(holders, "")
	var left []*Node
	for _, g := range sortedKeys(holders) {
		if n.merge(g, holders[g], made) {
			continue
		}
		for _, p := range holders[g] {
			left = append(left, n.take(p, newSchemaNode(p.pointer)))
		}
	}
	n.split(made.members)
	unwrap(made)
	if len(left) > 0 {
		made.members["allOf"] = newSet(Join(made.at, "allOf"), left)
	}
}

// take makes the keywords that one schema has.
func (n *normaliser) take(p applied, of *Node) *Node {
	for _, k := range sortedKeys(p.schema) {
		at := Join(p.pointer, k)
		var made *Node
		switch k {
		case "required":
			made = n.set(p.schema[k], at)
		case "anyOf", "oneOf":
			made = n.branches(k, p.schema[k], at)
		case "example":
			k, made = "examples", newArray(at, []*Node{n.value(p.schema[k], at)})
		default:
			made = n.field("schema", k, p.schema[k], at)
		}
		if of.members[k] == nil {
			of.members[k], of.uses[k] = made, at
		}
	}
	return of
}

// merge makes one of the keywords of a group that several schemas have; false
// when they cannot be one.
func (n *normaliser) merge(group string, holders []applied, made *Node) bool {
	first := holders[0]
	differs := func(p applied) bool { return !reflect.DeepEqual(p.schema, first.schema) }
	var items []*Node
	switch {
	case group == "properties":
		return n.properties(holders, made)
	case IsAnnotation(group), group == "uniqueItems", !slices.ContainsFunc(holders, differs):
		n.take(first, made) // the outermost; saysNothing has dropped false
	case slices.ContainsFunc([]string{"min", "max", "exclusive"}, func(prefix string) bool { return strings.HasPrefix(group, prefix) }):
		inward := 1
		if strings.Contains(strings.ToLower(group), "max") {
			inward = -1
		}
		var bound *Bound
		for _, p := range holders {
			if next := tighter(bound, p.schema, group, inward); next != bound {
				bound, first = next, p
			}
		}
		n.take(first, made)
	case group == "required":
		for _, p := range holders {
			items = append(items, n.list(p.schema[group], Join(p.pointer, group), n.value).items...)
		}
	case group == "pattern", group == "format", group == "multipleOf":
		for _, p := range holders {
			items = append(items, newScalar(Join(p.pointer, group), p.schema[group]))
		}
	case group == "prefixItems" && !slices.ContainsFunc(holders, func(p applied) bool { return len(p.schema) > 1 || p.schema["items"] == nil }):
		n.joined("items", holders, made)
	default:
		return false
	}
	if items != nil {
		made.members[group] = newSet(Join(first.pointer, group), items)
	}
	return true
}

// joined makes a keyword that holds a schema.
func (n *normaliser) joined(k string, holders []applied, of *Node) {
	var at []string
	for _, p := range holders {
		if _, ok := p.schema[k]; ok {
			at = append(at, Join(p.pointer, k))
		}
	}
	if len(at) > 0 {
		of.members[k], of.uses[k] = n.all(false, at...), at[0]
	}
}

// named makes a keyword that holds schemas by name.
func (n *normaliser) named(k string, holders []applied, of *Node) {
	for _, p := range holders {
		named, ok := p.schema[k].(map[string]any)
		if ok && of.members[k] == nil {
			at := Join(p.pointer, k)
			of.members[k], of.uses[k] = &Node{kind: object, members: map[string]*Node{}, uses: map[string]string{}, at: at}, at
		}
		for _, name := range sortedKeys(named) { // in order, so that a circle is always entered at the same place
			if made := of.members[k]; made.members[name] == nil {
				at := placesOf(holders, k, name)
				made.members[name], made.uses[name] = n.all(false, at...), at[0]
			}
		}
	}
}

// properties merges what objects hold.
func (n *normaliser) properties(holders []applied, of *Node) bool {
	has := func(k string) bool {
		return slices.ContainsFunc(holders, func(p applied) bool { return p.schema[k] != nil })
	}
	// unevaluatedProperties of a part see that part alone.
	apart := slices.ContainsFunc(holders, func(p applied) bool {
		return p.schema["unevaluatedProperties"] != nil && p.pointer != of.at
	})
	if len(holders) > 1 && (apart || has("additionalProperties") && has("patternProperties")) {
		return false
	}
	n.named("properties", holders, of)
	n.named("patternProperties", holders, of)
	n.joined("additionalProperties", holders, of)
	n.joined("unevaluatedProperties", holders, of)
	return true
}

// values makes type and enum, without null.
func (n *normaliser) values(s *Schema, parts []applied, made *Node) {
	var typed, listed string // pointers
	var values []any
	for _, p := range parts {
		if typed == "" && typesOf(p.schema) != nil {
			typed = Join(p.pointer, "type")
		}
		if given := valuesOf(p.schema); given != nil && listed == "" {
			listed, values = Join(p.pointer, "enum"), given
			if _, single := p.schema["const"]; single {
				listed = Join(p.pointer, "const")
			}
		}
	}
	types := slices.Clone(s.Types)
	values = slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil || !contains(s.Enum, v) })
	fitting := slices.DeleteFunc(slices.Clone(values), func(v any) bool { return len(bothTypes(types, typesOfValues([]any{v}))) == 0 })
	switch {
	case len(types) == 0:
		types = []string{"null"}
		delete(made.members, "null")
		listed = ""
	case len(fitting) > 0: // what is listed says which of the types there are
		values, types = fitting, typesOfValues(fitting)
	case slices.Contains(types, "number"):
		types = slices.DeleteFunc(types, func(t string) bool { return t == "integer" })
	}
	if listed != "" {
		made.members["enum"] = newSet(listed, n.list(values, listed, n.value).items)
	}
	var names []*Node
	for _, t := range types {
		names = append(names, newScalar(typed, t))
	}
	if typed != "" && len(names) == 1 {
		made.members["type"] = names[0]
	} else if typed != "" {
		made.members["type"] = newSet(typed, names)
	}
}

// unwrap joins the one branch of an anyOf with what stands beside it, where that
// says something else.
func unwrap(made *Node) {
	choice := made.members["anyOf"]
	if choice == nil || len(choice.items) != 1 {
		return
	}
	only := choice.items[0]
	for k := range only.members {
		if made.members[k] != nil && !IsAnnotation(k) {
			return
		}
	}
	delete(made.members, "anyOf")
	for k, m := range only.members {
		if made.members[k] == nil {
			made.members[k], made.uses[k] = m, only.uses[k]
		}
	}
}

// split makes anyOf of a list of types, where nothing else is said.
func (n *normaliser) split(members map[string]*Node) {
	types := members["type"]
	if !types.IsArray() || len(types.items) < 2 {
		return
	}
	for k := range members {
		if k != "type" && k != "null" && !IsAnnotation(k) {
			return
		}
	}
	var branches []*Node
	for _, t := range types.items {
		branches = append(branches, &Node{kind: object, schema: true, at: types.at, members: map[string]*Node{"type": t}})
	}
	delete(members, "type")
	members["anyOf"] = newSet(types.at, branches)
}
