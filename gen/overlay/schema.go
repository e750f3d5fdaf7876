package overlay

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// nameSchemas names each schema, by hand or by rule: first those that keep their
// own name, then those that lose an ending, and pages last, since they are named
// by what they hold.
func (m *maker) nameSchemas() {
	turn := func(raw string) int {
		switch {
		case m.names.Schemas[raw] != "":
			return 0
		case m.page(raw) != nil:
			return 3
		case m.short(raw) != goName(raw):
			return 2
		}
		return 1
	}
	raws := slices.Sorted(maps.Keys(m.schemas))
	for n := range 4 {
		for _, raw := range raws {
			if turn(raw) == n {
				m.Schemas[raw] = m.claim("schema "+raw, m.candidates(raw)...)
			}
		}
	}
	for _, raw := range raws {
		if at(m.schemas[raw], "$ref") == nil && m.Schemas[raw] != goName(raw) {
			m.update(path("components", "schemas", raw), "x-go-name", m.Schemas[raw])
		}
	}
}

// candidates are the names a schema may have, the best first.
func (m *maker) candidates(raw string) []string {
	if name := m.names.Schemas[raw]; name != "" {
		return []string{name}
	}
	if held := m.page(raw); held != nil {
		return []string{m.pageName(raw, held)}
	}
	if id, ok := strings.CutPrefix(raw, "Body_"); ok { // FastAPI's, for the fields of a form
		for _, op := range m.operations {
			if text(op.node, "operationId") == id {
				return []string{op.name + "Body", op.name + "Form"}
			}
		}
	}
	short := m.short(raw)
	words := split(short)
	// What is named like a call, or by something it is not, says what it is for.
	role := "Result"
	if m.sent[raw] {
		role = "Request"
	}
	if len(words) > 1 && m.verbs[words[0]] && !roles[words[len(words)-1]] {
		return []string{short + role, short + role + "Body"}
	}
	return []string{short, goName(strings.TrimSuffix(raw, "Schema")), goName(raw), short + role}
}

// roles are the last words of names that say what a schema is for.
var roles = map[string]bool{"Request": true, "Result": true, "Body": true, "Error": true, "Status": true, "Type": true}

// side is what FastAPI adds when a schema is not the same sent and answered.
var side = regexp.MustCompile(`-(Input|Output)$`)

// short is the Go name of a schema without the words that say only that it is one.
func (m *maker) short(raw string) string {
	name, input := side.ReplaceAllString(raw, ""), ""
	if strings.HasSuffix(raw, "-Input") && m.schemas[name+"-Output"] != nil {
		input = "Input"
	}
	words := split(name)
	for _, ending := range []string{"Schema", "Response"} {
		if n := len(words); n > 1 && words[n-1] == ending {
			words = words[:n-1]
		}
	}
	return join(words) + input
}

// paginated is how FastAPI names a generic page, or people name one.
var paginated = regexp.MustCompile(`^(?:(?:Paginated\w*?|Page|CursorPage|LimitOffsetPage)_(.+)_|Paginated([A-Z]\w*))$`)

// page returns the schema of a page's items, nil when the schema is no page.
func (m *maker) page(raw string) object {
	if !paginated.MatchString(raw) {
		return nil
	}
	properties := within(m.schemas[raw], "properties")
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if items := within(properties[name], "items"); items != nil {
			return items
		}
	}
	return nil
}

// pageName is the name of what the page holds, with Page.
func (m *maker) pageName(raw string, held object) string {
	if name := m.Schemas[refName(held)]; name != "" {
		return name + "Page"
	}
	var shorts [][]string
	for _, branch := range branches(held) {
		if name := refName(branch); name != "" {
			shorts = append(shorts, split(m.short(name)))
		}
	}
	if tail := commonTail(shorts); len(tail) > 0 {
		return join(tail) + "Page"
	}
	for _, op := range m.operations { // the list's own noun: ListManifests gives ManifestsPage
		for _, media := range within(op.node, "responses", "200", "content") {
			if words := split(op.name); refName(at(media, "schema")) == raw && len(words) > 1 {
				return join(words[1:]) + "Page"
			}
		}
	}
	parts := paginated.FindStringSubmatch(raw)
	return goName(cmp.Or(parts[1], parts[2])) + "Page"
}

// refName is the name of the schema that a reference is to, empty when it is none.
func refName(schema any) string {
	name, ok := strings.CutPrefix(text(schema, "$ref"), "#/components/schemas/")
	if !ok {
		return ""
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
}

// branches are the schemas of an anyOf or oneOf but for null's.
func branches(schema any) []any {
	all := slices.Concat(listAt(schema, "anyOf"), listAt(schema, "oneOf"))
	return slices.DeleteFunc(all, func(branch any) bool { return text(branch, "type") == "null" })
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
// schema, by its Go name, and gives what has no type in Go one that it has.
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

// typeOdd types a schema that Go has no type for; true settles it.
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
		m.unions[key] = append(m.unions[key], p)
	}
	return true
}

// nameUnions names the unions inside schemas: one that stands in several places by
// the property they share, any other by its place.
func (m *maker) nameUnions() {
	for _, key := range slices.Sorted(maps.Keys(m.unions)) {
		same := m.unions[key]
		first := same[0]
		candidates := []string{first.name}
		if shared := !slices.ContainsFunc(same, func(s place) bool { return s.property != first.property }); shared && len(same) > 1 {
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
	typed := []string{"$ref", "properties", "additionalProperties", "anyOf", "oneOf", "allOf"}
	return !slices.ContainsFunc(typed, func(k string) bool { return s[k] != nil }) && (s["type"] == nil || s["type"] == "null" || isMixed(s))
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
