package spec

import "slices"

// values makes type and enum, without null.
func (n *normaliser) values(s *Schema, parts []applied, made *Node) {
	var typed, listed *place
	var values []*Node
	var fitting []any
	for _, p := range parts {
		if typed == nil && typesOf(p.schema) != nil {
			typed = n.place(Join(p.pointer, "type"))
		}
		given := valuesOf(p.schema)
		if given == nil || listed != nil {
			continue
		}
		listed = n.place(Join(p.pointer, "enum"))
		_, single := p.schema["const"]
		if single {
			listed = n.place(Join(p.pointer, "const"))
		}
		fits := func(v any) bool { return s.Types == nil || len(bothTypes(s.Types, typesOfValues([]any{v}))) > 0 }
		for i, v := range given {
			at := listed
			if !single {
				at = listed.down(itoa(i))
			}
			if v != nil && contains(s.Enum, v) && (fits(v) || !slices.ContainsFunc(given, fits)) {
				values, fitting = append(values, n.value(v, at)), append(fitting, v)
			}
		}
	}
	types := slices.Clone(s.Types)
	switch {
	case len(types) == 0:
		types = []string{"null"}
		delete(made.members, "null")
		listed = nil
	case len(fitting) > 0 && slices.ContainsFunc(fitting, func(v any) bool { return len(bothTypes(types, typesOfValues([]any{v}))) > 0 }):
		types = typesOfValues(fitting) // what is listed says which of the types there are
	case slices.Contains(types, "number"):
		types = slices.DeleteFunc(types, func(t string) bool { return t == "integer" })
	}
	if listed != nil {
		made.members["enum"] = newSet(listed, values)
	}
	if typed == nil {
		return
	}
	var names []*Node
	slices.Sort(types)
	for _, t := range types {
		names = append(names, newScalar(typed, t))
	}
	made.members["type"] = newSet(typed, names)
	if len(names) == 1 {
		made.members["type"] = names[0]
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
