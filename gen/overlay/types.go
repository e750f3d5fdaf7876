package overlay

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// site is a place within a schema where a union of named schemas stands. Go has a
// type for it, which all places with the same union share.
type site struct {
	target, key    string
	property, name string // that of the nearest property, and the name made of the path to it
	by             string // SCHEMA.PROPERTY, for names.yaml
}

// place is where a walk over a schema is.
type place struct {
	target   string
	by       string
	name     string // of a type made here; empty: oapi-codegen's own will do
	property string
	text     bool // a parameter's: what has no type of its own is a text
}

func (p place) in(keys ...string) place {
	p.target += strings.TrimPrefix(path(keys...), "$")
	return p
}

// typeSchema goes through a named schema.
func (m *maker) typeSchema(raw string) {
	p := place{target: path("components", "schemas", raw), by: raw, name: m.Schemas[raw]}
	m.typeInside(p, m.schemas[raw], true)
}

// typeInside names the types that oapi-codegen makes of what stands inside a
// schema, which it would name by the schema's published name, and gives what has
// no type in Go one that it has.
func (m *maker) typeInside(p place, node any, top bool) {
	schema, ok := node.(object)
	if !ok || schema["$ref"] != nil {
		return
	}
	if m.typeOdd(p, schema, top) {
		return
	}
	properties := within(schema, "properties")
	if !top && p.name != "" && (len(properties) > 0 || isEnum(schema)) {
		m.update(p.target, "x-go-type-name", m.claim(p.by, p.name))
	}
	fields := map[string]string{}
	for _, property := range slices.Sorted(maps.Keys(properties)) {
		field := goName(property)
		inner := p.in("properties", property)
		inner.property, inner.by = property, p.by+"."+property
		if inner.name != "" {
			inner.name = inside(p.name, property)
		}
		name := field
		for n := 2; fields[name] != ""; n++ {
			name = fmt.Sprint(field, n)
		}
		fields[name] = property
		// A reference takes its field's name from the schema it is to, which is now
		// another than the document's.
		to := refName(properties[property])
		if name != field || to != "" && m.Schemas[to] != goName(to) {
			m.update(inner.target, "x-go-name", name)
		}
		m.typeInside(inner, properties[property], false)
	}
	if items := schema["items"]; items != nil {
		inner := p.in("items")
		if inner.name != "" && !top {
			inner.name = singular(p.name)
		} else if inner.name != "" {
			inner.name += "Item"
		}
		m.typeInside(inner, items, false)
	}
	if values := within(schema, "additionalProperties"); values != nil {
		inner := p.in("additionalProperties")
		if inner.name != "" {
			inner.name += "Value"
		}
		m.typeInside(inner, values, false)
	}
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		for i, branch := range listAt(schema, key) {
			inner := p
			inner.target += fmt.Sprintf("['%s'][%d]", key, i)
			if top && key != "allOf" && len(branches(schema)) > 1 && inner.name != "" {
				inner.name += strconv.Itoa(i)
			}
			m.typeInside(inner, branch, top && key == "allOf")
		}
	}
}

// typeOdd gives a schema that Go has no type for one that it has, and reports
// whether that settles it.
func (m *maker) typeOdd(p place, schema object, top bool) bool {
	nulls := 0
	values := listAt(schema, "enum")
	for i := len(values) - 1; i >= 0; i-- {
		if values[i] == nil { // would be a constant "<nil>"
			m.remove(fmt.Sprintf("%s['enum'][%d]", p.target, i))
			nulls++
		}
	}
	goType := "any"
	if p.text {
		goType = "string"
	}
	if isMixed(schema) {
		m.update(p.target, "x-go-type", goType)
		m.note("%s is of several types: %s in Go", p.by, goType)
		return true
	}
	union := branches(schema)
	if top || len(union) < 2 {
		return false
	}
	key := ""
	for _, branch := range union {
		name := refName(branch)
		if name == "" || p.text {
			m.update(p.target, "x-go-type", goType)
			m.note("%s is of several types, not all of them named: %s in Go", p.by, goType)
			return true
		}
		key += " " + name
	}
	if p.name == "" {
		return true
	}
	m.unions = append(m.unions, &site{target: p.target, key: key, property: p.property, name: p.name, by: p.by})
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
	for i, p := range listAt(op.node, "parameters") {
		m.typeParameter(fmt.Sprintf("%s['parameters'][%d]", path("paths", op.path, op.method), i), p, op.String())
	}
	for _, media := range slices.Sorted(maps.Keys(within(op.node, "requestBody", "content"))) {
		p := place{target: path("paths", op.path, op.method, "requestBody", "content", media, "schema"), by: op.String() + " body"}
		m.typeInside(p, at(op.node, "requestBody", "content", media, "schema"), true)
	}
	for _, status := range slices.Sorted(maps.Keys(within(op.node, "responses"))) {
		m.typeAnswer(path("paths", op.path, op.method, "responses", status), at(op.node, "responses", status), op.String()+" "+status)
	}
}

func (m *maker) typeParameter(target string, parameter any, by string) {
	p := place{target: target + "['schema']", by: by + " parameter " + text(parameter, "name"), text: true}
	m.typeInside(p, at(parameter, "schema"), false)
}

// typeAnswer takes the content out of an answer that may be anything: the strict
// server would declare methods on an interface, which does not compile. A client
// still has its bytes.
func (m *maker) typeAnswer(target string, answer any, by string) {
	content := within(answer, "content")
	for _, media := range slices.Sorted(maps.Keys(content)) {
		schema, ok := within(content[media])["schema"]
		if ok && m.isAnything(schema, 0) {
			m.remove(target + "['content']")
			m.note("%s may be anything: generated without a body", by)
			return
		}
		p := place{target: target + strings.TrimPrefix(path("content", media, "schema"), "$"), by: by}
		m.typeInside(p, schema, true)
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
	n := 0
	for _, t := range listAt(schema, "type") {
		if t != "null" {
			n++
		}
	}
	return n > 1
}

func isEnum(schema object) bool {
	_, isConst := schema["const"]
	return (isConst || schema["enum"] != nil) && schema["type"] != nil && schema["type"] != "array"
}
