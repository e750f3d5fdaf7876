package spec

import (
	"encoding/json"
	"slices"
	"strings"
)

// schema makes a JSON Schema in normal form.
func (n *normaliser) schema(v any, at *place) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	if len(obj) == 0 {
		return newScalar(at, true) // JSON Schema 2020-12, core 4.3.2
	}
	if ref, ok := obj["$ref"].(string); ok {
		if t := n.target("schema", ref, n.schema); t != nil {
			if len(obj) == 1 {
				return t.use()
			}
			// Its siblings apply as well: allOf of both.
			rest := n.keywords(obj, at)
			branches := []*Node{t.use()}
			if all := rest["allOf"]; all != nil && all.kind == array {
				branches = append(branches, all.items...)
			}
			rest["allOf"] = newSet(at.down("$ref"), branches)
			return n.simplify(rest, at)
		}
	}
	return n.simplify(n.keywords(obj, at), at)
}

// keywords makes the keywords of a schema, except a $ref that leads somewhere.
func (n *normaliser) keywords(obj map[string]any, at *place) map[string]*Node {
	members := map[string]*Node{}
	for _, k := range sortedKeys(obj) {
		v, below := obj[k], at.down(k)
		var made *Node
		switch k {
		case "$ref":
			if ref, ok := v.(string); ok && n.target("schema", ref, n.schema) != nil {
				continue
			}
			made = n.value(v, below)
		case "$defs", "definitions":
			continue // apply where something refers to them
		case "enum", "required":
			made = n.set(v, below)
		case "type":
			made = n.types(v, below)
		case "allOf", "anyOf", "oneOf":
			made = n.branches(v, below, k == "oneOf")
		default:
			made = n.keyword(k, v, below)
		}
		if made != nil {
			members[k] = made
		}
	}
	return members
}

// keyword makes a keyword that holds schemas, or any other.
func (n *normaliser) keyword(k string, v any, at *place) *Node {
	for _, a := range applicators() {
		if a.key != k {
			continue
		}
		switch a.shape {
		case one:
			return n.schema(v, at)
		case list:
			return n.list(v, at, n.schema)
		case mapping:
			return n.mapping(v, at, n.schema)
		}
	}
	return n.value(v, at)
}

func (n *normaliser) branches(v any, at *place, repeats bool) *Node {
	list := n.list(v, at, n.schema)
	if list.kind != array || repeats && len(newSet(at, list.items).items) < len(list.items) {
		return list // oneOf of the same twice is not oneOf of it once
	}
	return newSet(at, list.items)
}

// types is a name, or a set of two and more.
func (n *normaliser) types(v any, at *place) *Node {
	set := n.set(v, at)
	if set != nil && set.kind == array && len(set.items) == 1 {
		return set.items[0]
	}
	return set
}

// simplify gives keywords that together mean the same one form.
func (n *normaliser) simplify(members map[string]*Node, at *place) *Node {
	if c, ok := members["const"]; ok && members["enum"] == nil {
		members["enum"] = newArray(c.at, []*Node{c})
		delete(members, "const")
	}
	if e, ok := members["example"]; ok && members["examples"] == nil {
		members["examples"] = newArray(e.at, []*Node{e})
		delete(members, "example")
	}
	for _, k := range []string{"deprecated", "readOnly", "writeOnly", "uniqueItems"} {
		dropDefault(members, k, false)
	}
	for _, k := range []string{"minLength", "minItems", "minProperties"} {
		dropDefault(members, k, json.Number("0"))
	}
	for _, k := range []string{"properties", "patternProperties", "dependentSchemas", "dependentRequired"} {
		if m := members[k]; m != nil && m.kind == object && len(m.members) == 0 {
			delete(members, k)
		}
	}
	unwrapNull(members)
	for _, k := range []string{"anyOf", "oneOf"} {
		if single(members[k]) != nil && members["allOf"] == nil {
			members["allOf"] = members[k]
			delete(members, k)
		}
	}
	if only := single(members["allOf"]); only != nil {
		if len(members) == 1 {
			return only
		}
		if only.kind == object && joinable(members, "allOf", only) {
			delete(members, "allOf")
			for k, m := range only.members {
				members[k] = m
			}
			return newObject(at, members)
		}
	}
	if len(members) == 0 {
		return newScalar(at, true)
	}
	return newObject(at, members)
}

func single(branches *Node) *Node {
	if branches != nil && branches.kind == array && len(branches.items) == 1 {
		return branches.items[0]
	}
	return nil
}

// joinable tells whether what stands beside a branch can stand in it and mean
// the same: annotations it does not have itself.
func joinable(members map[string]*Node, branch string, inner *Node) bool {
	for k := range members {
		if k == branch {
			continue
		}
		if _, twice := inner.members[k]; twice || !IsAnnotation(k) {
			return false
		}
	}
	return true
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

// unwrapNull makes a type of anyOf and oneOf of a schema and null.
func unwrapNull(members map[string]*Node) {
	for _, k := range []string{"anyOf", "oneOf"} {
		branches := members[k]
		if branches == nil || branches.kind != array || len(branches.items) != 2 {
			continue
		}
		null := slices.IndexFunc(branches.items, isNull)
		if null < 0 {
			continue
		}
		inner := branches.items[1-null]
		if k == "oneOf" {
			// oneOf refuses what both accept.
			if !refusesNull(inner) {
				continue
			}
			if members["anyOf"] != nil {
				continue
			}
			delete(members, k)
			k = "anyOf"
			members[k] = branches
		}
		if inner.kind != object || !joinable(members, k, inner) || !takesNull(inner) {
			continue
		}
		delete(members, k)
		for name, m := range inner.members {
			members[name] = m
		}
		members["type"] = withNull(inner.members["type"])
		if values := members["enum"]; values != nil {
			members["enum"] = newSet(values.at, append(slices.Clone(values.items), newScalar(values.at, nil)))
		}
		return
	}
}

// isNull recognises the schema of null alone.
func isNull(n *Node) bool {
	return n.kind == object && len(n.members) == 1 && n.members["type"].Text() == "null"
}

// takesNull tells whether adding null to the type of a schema makes it accept
// null: no keyword of it is about every type of value.
func takesNull(n *Node) bool {
	t := n.members["type"]
	if t == nil {
		return false
	}
	for _, k := range []string{"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "const", "$ref", "$dynamicRef"} {
		if n.members[k] != nil {
			return false
		}
	}
	values := n.members["enum"]
	return values == nil || values.kind == array
}

// refusesNull tells whether the type of a schema leaves null out. Of a schema
// that is still being made nothing is known but its text.
func refusesNull(n *Node) bool {
	if n.kind == reference {
		return n.ref.refusesNull
	}
	if n.kind != object || n.members["type"] == nil {
		return false
	}
	return !hasNull(n.members["type"])
}

func hasNull(types *Node) bool {
	if types.kind == array {
		return slices.ContainsFunc(types.items, func(t *Node) bool { return t.Text() == "null" })
	}
	return types.Text() == "null"
}

func withNull(types *Node) *Node {
	names := []*Node{types}
	if types.kind == array {
		names = slices.Clone(types.items)
	}
	return newSet(types.at, append(names, newScalar(types.at, "null")))
}
