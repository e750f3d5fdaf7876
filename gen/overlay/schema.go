package overlay

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
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
