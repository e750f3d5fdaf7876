package overlay

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// site is a place within a schema where a union of named schemas stands. Go has a
// type for it, which all places with the same union, the key, share.
type site struct {
	place
	key string
}

// place is where a walk over a schema is.
type place struct {
	target   string
	by       string // SCHEMA.PROPERTY, for names.yaml
	name     string // of a type made here, of the path to it; empty: oapi-codegen's own will do
	property string // the nearest
	text     bool   // a parameter's: what has no type of its own is a text
}

func (p place) in(ending string, keys ...string) place {
	p.target += strings.TrimPrefix(path(keys...), "$")
	if p.name != "" {
		p.name += ending
	}
	return p
}

// typeInside names the types that oapi-codegen makes of what stands inside a
// schema, which it would name by the schema's published name, and gives what has
// no type in Go one that it has.
func (m *maker) typeInside(p place, node any, top bool) {
	schema, ok := node.(object)
	if !ok || schema["$ref"] != nil || m.typeOdd(p, schema, top) {
		return
	}
	properties := within(schema, "properties")
	if !top && p.name != "" && (len(properties) > 0 || isEnum(schema)) {
		m.update(p.target, "x-go-type-name", m.claim(p.by, p.name))
	}
	fields := map[string]bool{}
	for _, property := range slices.Sorted(maps.Keys(properties)) {
		inner := p.in("", "properties", property)
		inner.property, inner.by = property, p.by+"."+property
		if inner.name != "" {
			inner.name = inside(p.name, property)
		}
		field := goName(property)
		name := field
		for n := 2; fields[name]; n++ {
			name = fmt.Sprint(field, n)
		}
		fields[name] = true
		// A reference takes its field's name from the schema it is to, which is now
		// another than the document's.
		to := refName(properties[property])
		if name != field || to != "" && m.Schemas[to] != goName(to) {
			m.update(inner.target, "x-go-name", name)
		}
		m.typeInside(inner, properties[property], false)
	}
	items := p.in("Item", "items")
	if !top {
		items.name = singular(p.name)
	}
	m.typeInside(items, schema["items"], false)
	m.typeInside(p.in("Value", "additionalProperties"), schema["additionalProperties"], false)
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		for i, branch := range listAt(schema, key) {
			number := ""
			if top && key != "allOf" && len(branches(schema)) > 1 {
				number = strconv.Itoa(i)
			}
			inner := p.in(number)
			inner.target += fmt.Sprintf("['%s'][%d]", key, i)
			m.typeInside(inner, branch, top && key == "allOf")
		}
	}
}

// typeOdd gives a schema that Go has no type for one that it has, and reports
// whether that settles it.
func (m *maker) typeOdd(p place, schema object, top bool) bool {
	for i, value := range slices.Backward(listAt(schema, "enum")) {
		if value == nil { // would be a constant "<nil>"
			m.remove(fmt.Sprintf("%s['enum'][%d]", p.target, i))
		}
	}
	settle := func(types string) bool {
		goType := "any"
		if p.text {
			goType = "string"
		}
		m.update(p.target, "x-go-type", goType)
		m.note("%s is of several types%s: %s in Go", p.by, types, goType)
		return true
	}
	if isMixed(schema) {
		return settle("")
	}
	union := branches(schema)
	if top || len(union) < 2 {
		return false
	}
	key := ""
	for _, branch := range union {
		name := refName(branch)
		if name == "" || p.text {
			return settle(", not all of them named")
		}
		key += " " + name
	}
	if p.name != "" {
		m.unions = append(m.unions, &site{p, key})
	}
	return true
}

// nameUnions names the unions inside schemas: one that stands in several places by
// the property they share, any other by its place.
func (m *maker) nameUnions() {
	byKey := map[string][]*site{}
	for _, s := range m.unions {
		byKey[s.key] = append(byKey[s.key], s)
	}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		same := byKey[key]
		first := same[0]
		candidates := []string{first.name}
		if shared := !slices.ContainsFunc(same, func(s *site) bool { return s.property != first.property }); shared && len(same) > 1 {
			candidates = []string{goName(singular(first.property)), first.name}
		}
		if page, ok := strings.CutSuffix(m.Schemas[strings.Split(first.by, ".")[0]], "Page"); ok {
			candidates = []string{page, first.name}
		}
		for _, s := range same {
			if name := m.names.Schemas[s.by]; name != "" {
				candidates = []string{name}
			}
		}
		name := m.claim(first.by, candidates...)
		m.update(first.target, "x-go-type-name", name)
		for _, s := range same[1:] {
			m.update(s.target, "x-go-type", name)
		}
	}
}

// typeOperation goes through what stands in an operation itself. Types made there
// are named by the operation, so only what has no type is looked for.
func (m *maker) typeOperation(op *operation) {
	p := place{target: path("paths", op.path, op.method)}
	for i, parameter := range listAt(op.node, "parameters") {
		inner := place{target: fmt.Sprintf("%s['parameters'][%d]['schema']", p.target, i), by: op.String() + " parameter " + text(parameter, "name"), text: true}
		m.typeInside(inner, at(parameter, "schema"), false)
	}
	content := within(op.node, "requestBody", "content")
	for _, media := range slices.Sorted(maps.Keys(content)) {
		inner := p.in("", "requestBody", "content", media, "schema")
		inner.by = op.String() + " body"
		m.typeInside(inner, at(content[media], "schema"), true)
	}
	responses := within(op.node, "responses")
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		inner := p.in("", "responses", status)
		inner.by = op.String() + " " + status
		m.typeAnswer(inner, responses[status])
	}
}

// typeAnswer takes the content out of an answer that may be anything: the strict
// server would declare methods on an interface, which does not compile. A client
// still has its bytes.
func (m *maker) typeAnswer(p place, answer any) {
	content := within(answer, "content")
	for _, media := range slices.Sorted(maps.Keys(content)) {
		schema, ok := within(content[media])["schema"]
		if ok && m.isAnything(schema, 0) {
			m.remove(p.in("", "content").target)
			m.note("%s may be anything: generated without a body", p.by)
			return
		}
		m.typeInside(p.in("", "content", media, "schema"), schema, true)
	}
}

// isAnything reports whether Go's type for the schema would be an interface.
func (m *maker) isAnything(schema any, depth int) bool {
	s, ok := schema.(object)
	if !ok {
		return schema == true
	}
	if name := refName(schema); name != "" && depth < 32 {
		return m.isAnything(m.schemas[name], depth+1)
	}
	if union := branches(schema); len(union) == 1 {
		return m.isAnything(union[0], depth+1)
	}
	for _, key := range []string{"$ref", "properties", "additionalProperties", "anyOf", "oneOf", "allOf"} {
		if s[key] != nil {
			return false
		}
	}
	return s["type"] == nil || s["type"] == "null" || isMixed(s)
}

// isMixed reports whether a schema has several types beside null.
func isMixed(schema object) bool {
	types := slices.Clone(listAt(schema, "type"))
	return len(slices.DeleteFunc(types, func(t any) bool { return t == "null" })) > 1
}

func isEnum(schema object) bool {
	_, isConst := schema["const"]
	return (isConst || schema["enum"] != nil) && schema["type"] != nil && schema["type"] != "array"
}
