package spec

import (
	"encoding/json"
	"slices"
)

// values makes type and enum, without null.
func (n *normaliser) values(c *conjuncts, members map[string]*Node) {
	var types []string
	var typed, listed *place
	var values []*Node
	limit := func(names []string, at *place) {
		if names == nil {
			return
		}
		names = slices.DeleteFunc(slices.Clone(names), func(t string) bool {
			return t == "null" || t == "integer" && slices.Contains(names, "number")
		})
		if typed == nil {
			types, typed = names, at
			return
		}
		types = bothTypes(types, names)
	}
	list := func(given []any, at *place) {
		made := n.list(given, at, n.value)
		made.seal()
		items := slices.DeleteFunc(made.items, func(v *Node) bool { return v.kind == scalar && v.leaf == nil })
		if listed != nil {
			items = slices.DeleteFunc(slices.Clone(values), func(v *Node) bool {
				return !slices.ContainsFunc(items, func(w *Node) bool { return v.digest == w.digest })
			})
		}
		values, listed = items, at
	}
	for _, p := range c.list {
		limit(typesOf(p.own), p.at.down("type"))
		if given, ok := p.own["enum"].([]any); ok {
			list(given, p.at.down("enum"))
		}
		if value, ok := p.own["const"]; ok {
			list([]any{value}, p.at.down("const"))
			if len(values) == 1 && p.own["enum"] == nil {
				values[0].at = p.at.down("const")
			}
		}
	}
	if listed != nil && len(values) > 0 {
		fitting := slices.DeleteFunc(slices.Clone(values), func(v *Node) bool {
			return typed != nil && len(bothTypes(types, []string{typeOf(v)})) == 0
		})
		if len(fitting) > 0 {
			values = fitting
			if typed != nil { // what is listed says which of the types there are
				types = nil
			}
			for _, v := range values {
				types = append(types, typeOf(v))
			}
		}
	}
	if typed != nil && len(types) == 0 && members["null"] != nil {
		types, listed = []string{"null"}, nil
		delete(members, "null")
	}
	if typed != nil {
		var names []*Node
		slices.Sort(types)
		for _, t := range slices.Compact(types) {
			names = append(names, newScalar(typed, t))
		}
		members["type"] = newSet(typed, names)
		if len(names) == 1 {
			members["type"] = names[0]
		}
	}
	if listed != nil {
		members["enum"] = newSet(listed, values)
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

func typeOf(v *Node) string {
	switch leaf := v.leaf.(type) {
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if !ratOf(leaf).IsInt() {
			return "number"
		}
		return "integer"
	}
	if v.kind == object {
		return "object"
	}
	return "array"
}
