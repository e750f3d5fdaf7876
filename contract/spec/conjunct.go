package spec

import (
	"encoding/json"
	"maps"
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
// group cannot be taken from one schema and another from another.
func together(k string) string {
	switch k {
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
	members := made.members
	holders := map[string][]applied{}
	for _, p := range parts {
		for k := range p.schema {
			if g := together(k); len(holders[g]) == 0 || holders[g][len(holders[g])-1].pointer != p.pointer {
				holders[g] = append(holders[g], p)
			}
		}
	}
	var left []*Node
	for _, g := range sortedKeys(holders) {
		if g == "type" || g == "enum" || g == "const" {
			continue
		}
		if !n.merge(g, holders[g], made) {
			for _, p := range holders[g] {
				only := &Node{kind: object, schema: true, members: map[string]*Node{}, uses: map[string]*place{}, at: n.place(p.pointer)}
				n.take(g, p, only)
				left = append(left, only)
			}
		}
	}
	n.split(members)
	unwrap(made)
	if len(left) > 0 {
		members["allOf"] = newSet(made.at.down("allOf"), left)
	}
}

// take makes the keywords of a group that one schema has.
func (n *normaliser) take(group string, p applied, of *Node) {
	for _, k := range sortedKeys(p.group(group)) {
		at := n.place(Join(p.pointer, k))
		made := n.keyword(k, p.schema[k], Join(p.pointer, k))
		if k == "example" {
			k, made = "examples", newArray(at, []*Node{made})
		}
		if of.members[k] == nil {
			of.members[k], of.uses[k] = made, at
		}
	}
}

// merge makes one of the keywords of a group that several schemas have; false
// when they cannot be one.
func (n *normaliser) merge(group string, holders []applied, made *Node) bool {
	first, members := holders[0], made.members
	switch {
	case group == "properties":
		return n.properties(holders, made)
	case IsAnnotation(group), group == "uniqueItems":
		n.take(group, first, made) // the outermost; saysNothing has dropped false
		return true
	}
	other := func(p applied) bool { return !reflect.DeepEqual(p.group(group), first.group(group)) }
	if group != "required" && !slices.ContainsFunc(holders, other) {
		n.take(group, first, made)
		return true
	}
	switch group {
	case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties",
		"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties":
		sign := 1
		if strings.Contains(strings.ToLower(group), "max") {
			sign = -1
		}
		for _, p := range holders[1:] {
			x, okX := p.schema[group].(json.Number)
			y, okY := first.schema[group].(json.Number)
			if !okX || !okY {
				return false
			}
			if ratOf(x).Cmp(ratOf(y)) == sign {
				first = p
			}
		}
		n.take(group, first, made)
	case "required":
		var names []*Node
		for _, p := range holders {
			set := n.set(p.schema[group], n.place(Join(p.pointer, group)))
			if set.kind != array {
				return false
			}
			names = append(names, set.items...)
		}
		members[group] = newSet(n.place(Join(first.pointer, group)), names)
	case "prefixItems": // and items
		for _, p := range holders {
			if len(p.group(group)) > 1 || p.schema["items"] == nil {
				return false
			}
		}
		members["items"] = n.all(false, pointersTo("items", holders)...)
	case "propertyNames", "contentSchema":
		members[group] = n.all(false, pointersTo(group, holders)...)
	case "dependentSchemas":
		n.named(group, holders, made)
	case "pattern", "format", "multipleOf":
		var values []*Node
		for _, p := range holders {
			values = append(values, newScalar(n.place(Join(p.pointer, group)), p.schema[group]))
		}
		members[group] = newSet(n.place(Join(first.pointer, group)), values)
	default:
		return false
	}
	return true
}

// group are the keywords of a group.
func (p applied) group(g string) map[string]any {
	all := maps.Clone(p.schema)
	maps.DeleteFunc(all, func(k string, _ any) bool { return together(k) != g })
	return all
}

// pointersTo are the places where a keyword stands.
func pointersTo(k string, holders []applied) []string {
	var all []string
	for _, p := range holders {
		if _, ok := p.schema[k]; ok {
			all = append(all, Join(p.pointer, k))
		}
	}
	return all
}

// named makes a keyword that holds schemas by name.
func (n *normaliser) named(k string, holders []applied, of *Node) {
	where := pointersTo(k, holders)
	if len(where) == 0 {
		return
	}
	names := map[string]bool{}
	for _, p := range holders {
		named, _ := p.schema[k].(map[string]any)
		for name := range named {
			names[name] = true
		}
	}
	made := newObject(n.place(where[0]), map[string]*Node{})
	made.uses = map[string]*place{}
	for _, name := range sortedKeys(names) { // in order, so that a circle is always entered at the same place
		at := placesOf(holders, k, name)
		made.members[name], made.uses[name] = n.all(false, at...), n.place(at[0])
	}
	of.members[k], of.uses[k] = made, made.at
}

// properties merges what objects hold.
func (n *normaliser) properties(holders []applied, of *Node) bool {
	closed := pointersTo("additionalProperties", holders)
	seeing := pointersTo("unevaluatedProperties", holders)
	// unevaluatedProperties of a part see that part alone.
	apart := slices.ContainsFunc(holders, func(p applied) bool {
		return p.schema["unevaluatedProperties"] != nil && n.place(p.pointer) != of.at
	})
	if len(holders) > 1 && (apart || len(closed) > 0 && len(pointersTo("patternProperties", holders)) > 0) {
		return false
	}
	n.named("properties", holders, of)
	n.named("patternProperties", holders, of)
	for k, at := range map[string][]string{"additionalProperties": closed, "unevaluatedProperties": seeing} {
		if len(at) > 0 {
			of.members[k], of.uses[k] = n.all(false, at...), n.place(at[0])
		}
	}
	return true
}

// keyword makes a keyword that holds schemas, or any other.
func (n *normaliser) keyword(k string, v any, pointer string) *Node {
	at := n.place(pointer)
	switch k {
	case "required":
		return n.set(v, at)
	case "anyOf", "oneOf":
		return n.branches(k, v, pointer)
	}
	return n.field("schema", k, v, at)
}
