package spec

import (
	"encoding/json"
	"reflect"
	"slices"
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
		number, ok := v.(json.Number)
		return ok && plainNumber(number) == "0"
	case "required":
		list, ok := v.([]any)
		return ok && len(list) == 0
	case "properties", "patternProperties", "dependentSchemas", "dependentRequired":
		obj, ok := v.(map[string]any)
		return ok && len(obj) == 0
	case "items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "propertyNames":
		obj, ok := v.(map[string]any)
		return v == true || ok && len(obj) == 0
	}
	return false
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
func (n *normaliser) keywords(c *conjuncts, made *Node) {
	members := map[string]*Node{}
	made.members, made.uses = members, map[string]*place{}
	takes, said := n.takeNull(c)
	if takes && said != nil {
		members["null"] = newScalar(said, true)
	}
	n.values(c, members)
	holders := map[string][]conjunct{}
	for _, p := range c.list {
		groups := map[string]bool{}
		for k := range p.own {
			groups[together(k)] = true
		}
		for g := range groups {
			holders[g] = append(holders[g], p)
		}
	}
	var left []*Node
	for _, g := range sortedKeys(holders) {
		if g == "type" || g == "enum" || g == "const" {
			continue
		}
		if !n.merge(g, holders[g], made) {
			for _, p := range holders[g] {
				only := &Node{kind: object, schema: true, members: map[string]*Node{}, uses: map[string]*place{}, at: p.at}
				n.take(g, p, only)
				left = append(left, only)
			}
		}
	}
	for _, s := range c.opaque {
		left = append(left, n.all(s))
	}
	n.split(members)
	if len(left) > 0 {
		members["allOf"] = newSet(made.at.down("allOf"), left)
	}
}

// take makes the keywords of a group that one schema has.
func (n *normaliser) take(group string, p conjunct, of *Node) {
	for _, k := range sortedKeys(p.own) {
		if together(k) != group {
			continue
		}
		at := p.at.down(k)
		made := n.keyword(k, p.own[k], at)
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
func (n *normaliser) merge(group string, holders []conjunct, made *Node) bool {
	first, members := holders[0], made.members
	switch {
	case group == "properties":
		return n.properties(holders, members)
	case IsAnnotation(group), group == "uniqueItems":
		n.take(group, first, made) // the outermost; saysNothing has dropped false
		return true
	}
	alike := func(p conjunct) bool {
		for k := range p.own {
			if together(k) == group && !reflect.DeepEqual(p.own[k], first.own[k]) {
				return false
			}
		}
		return len(p.group(group)) == len(first.group(group))
	}
	if !slices.ContainsFunc(holders[1:], func(p conjunct) bool { return !alike(p) }) && group != "required" {
		n.take(group, first, made)
		return true
	}
	bound := func(sign int) bool {
		best := first
		for _, p := range holders[1:] {
			x, okX := p.own[group].(json.Number)
			y, okY := best.own[group].(json.Number)
			if !okX || !okY {
				return false
			}
			if ratOf(x).Cmp(ratOf(y)) == sign {
				best = p
			}
		}
		n.take(group, best, made)
		return true
	}
	switch group {
	case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties":
		return bound(1)
	case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties":
		return bound(-1)
	case "required":
		var names []*Node
		for _, p := range holders {
			set := n.set(p.own[group], p.at.down(group))
			if set.kind != array {
				return false
			}
			names = append(names, set.items...)
		}
		members[group] = newSet(first.at.down(group), names)
		return true
	case "prefixItems": // and items
		for _, p := range holders {
			if len(p.group(group)) > 1 || p.own["items"] == nil {
				return false
			}
		}
		members["items"] = n.all(sourcesOf("items", holders)...)
		return true
	case "propertyNames", "contentSchema":
		members[group] = n.all(sourcesOf(group, holders)...)
		return true
	case "dependentSchemas":
		members[group] = n.merged(group, holders)
		return true
	case "pattern", "format", "multipleOf":
		var values []*Node
		for _, p := range holders {
			values = append(values, newScalar(p.at.down(group), p.own[group]))
		}
		members[group] = newSet(first.at.down(group), values)
		return true
	}
	return false
}

func (p conjunct) group(g string) []string {
	var keys []string
	for k := range p.own {
		if together(k) == g {
			keys = append(keys, k)
		}
	}
	return keys
}

func sourcesOf(k string, holders []conjunct) []source {
	var all []source
	for _, p := range holders {
		if v, ok := p.own[k]; ok {
			all = append(all, source{v: v, at: p.at.down(k)})
		}
	}
	return all
}

// merged makes a keyword that holds schemas by name.
func (n *normaliser) merged(k string, holders []conjunct) *Node {
	at := map[string][]source{}
	var where *place
	for _, p := range holders {
		named, _ := p.own[k].(map[string]any)
		for name, v := range named {
			if where == nil {
				where = p.at.down(k)
			}
			at[name] = append(at[name], source{v: v, at: p.at.down(k).down(name)})
		}
	}
	if where == nil {
		return nil
	}
	made := newObject(where, map[string]*Node{})
	made.uses = map[string]*place{}
	for _, name := range sortedKeys(at) { // in order, so that a circle is always entered at the same place
		made.members[name], made.uses[name] = n.all(at[name]...), at[name][0].at
	}
	return made
}

// properties merges what objects hold. additionalProperties of one schema hold
// for the properties that it does not name itself, also where another does.
func (n *normaliser) properties(holders []conjunct, members map[string]*Node) bool {
	closed, patterns := sourcesOf("additionalProperties", holders), sourcesOf("patternProperties", holders)
	if len(holders) > 1 && len(closed) > 0 {
		if len(patterns) > 0 {
			return false
		}
		names := map[string]bool{}
		for _, p := range holders {
			named, _ := p.own["properties"].(map[string]any)
			for name := range named {
				names[name] = true
			}
		}
		for i, p := range holders {
			limit, ok := p.own["additionalProperties"]
			if !ok {
				continue
			}
			named, _ := p.own["properties"].(map[string]any)
			completed := map[string]any{}
			for name := range names {
				completed[name] = limit
				if own, ok := named[name]; ok {
					completed[name] = own
				}
			}
			p.own = map[string]any{"properties": completed}
			holders[i] = p
		}
	}
	for _, k := range []string{"properties", "patternProperties"} {
		if made := n.merged(k, holders); made != nil {
			members[k] = made
		}
	}
	if len(closed) > 0 {
		members["additionalProperties"] = n.all(closed...)
	}
	for _, p := range holders {
		if v, ok := p.own["unevaluatedProperties"]; ok {
			members["unevaluatedProperties"] = n.schema(v, p.at.down("unevaluatedProperties"))
		}
	}
	return true
}

// keyword makes a keyword that holds schemas, or any other.
func (n *normaliser) keyword(k string, v any, at *place) *Node {
	switch k {
	case "required":
		return n.set(v, at)
	case "anyOf", "oneOf":
		return n.branches(k, v, at)
	}
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

// branches are those of anyOf or oneOf for what is not null.
func (n *normaliser) branches(k string, v any, at *place) *Node {
	list, ok := v.([]any)
	if !ok {
		return newScalar(at, v)
	}
	var all []source
	for i, b := range list {
		all = append(all, source{v: b, at: at.down(itoa(i)), null: removed})
	}
	var nodes []*Node
	repeats := false
	all = n.expanded(all, k)
	for i, b := range all {
		if !n.isNull(b) {
			made := n.all(b)
			if bare := made.members["anyOf"]; k == "anyOf" && len(n.bareTypes(b)) > 1 && bare != nil {
				nodes = append(nodes, bare.items...)
				continue
			}
			nodes = append(nodes, made)
			repeats = repeats || slices.ContainsFunc(all[:i], func(other source) bool { return reflect.DeepEqual(other.v, b.v) })
		}
	}
	if k == "oneOf" && repeats {
		return newArray(at, nodes) // oneOf of the same twice is not oneOf of it once
	}
	return newSet(at, nodes)
}
