package plan_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
)

// planOf makes a document of lines and returns its plan. A line is a component:
//
//	Book = {id:uuid title:str tags?:[str] author:Author~ kind:(new,used)}
//
// or an operation, with the bodies sent and answered:
//
//	POST /books?dry:bool=false&sort:(asc,desc) {title:str} -> 201 Book, 404
//
// Types are str, int, num, bool, date (a date-time), uuid, uri, file, any, the
// name of a component, [T], {…}, A|B (oneOf) and T~ (or null). A property with ?
// may be left out.
func planOf(t *testing.T, lines string, overrides ...plan.Override) *plan.Plan {
	t.Helper()
	p, err := plan.New(documentOf(t, lines), overrides...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var operationPattern = regexp.MustCompile(`^([A-Z]+) (\S+)(?: (.*?))? -> (.*)$`)

func documentOf(t *testing.T, lines string) *spec.Document {
	t.Helper()
	schemas, paths := map[string]any{}, new(ordered)
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		if name, shape, ok := strings.Cut(line, " = "); ok {
			schemas[name] = shapeOf(t, shape)
		} else if m := operationPattern.FindStringSubmatch(line); m != nil {
			address, query, _ := strings.Cut(m[2], "?")
			paths.member(address).set(strings.ToLower(m[1]), operationOf(t, address, query, m[3], m[4]))
		} else if line != "" {
			t.Fatalf("not a line of a document: %s", line)
		}
	}
	data, err := json.Marshal(map[string]any{
		"openapi": "3.1.0", "info": map[string]any{"title": "Test", "version": "1"},
		"paths": paths, "components": map[string]any{"schemas": schemas},
	})
	if err != nil {
		t.Fatal(err)
	}
	document, err := spec.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func operationOf(t *testing.T, address, query, body, answers string) map[string]any {
	t.Helper()
	var parameters []any
	for _, m := range regexp.MustCompile(`\{([^{}]*)\}`).FindAllStringSubmatch(address, -1) {
		parameters = append(parameters, map[string]any{"name": m[1], "in": "path", "required": true, "schema": map[string]any{"type": "string"}})
	}
	for part := range strings.SplitSeq(query, "&") {
		if part != "" {
			name, shape, _ := strings.Cut(part, ":")
			shape, value, has := strings.Cut(shape, "=")
			schema, _ := shapeOf(t, shape).(map[string]any)
			if has {
				var v any
				if json.Unmarshal([]byte(value), &v) != nil {
					v = value
				}
				schema["default"] = v
			}
			parameters = append(parameters, map[string]any{"name": name, "in": "query", "schema": schema})
		}
	}
	responses := map[string]any{}
	for answer := range strings.SplitSeq(answers, ", ") {
		status, shape, _ := strings.Cut(answer, " ")
		response := map[string]any{"description": status}
		if shape != "" {
			response["content"] = jsonContent(t, shape)
		}
		responses[status] = response
	}
	o := map[string]any{"responses": responses}
	if parameters != nil {
		o["parameters"] = parameters
	}
	if body != "" {
		o["requestBody"] = map[string]any{"content": jsonContent(t, body)}
	}
	return o
}

func jsonContent(t *testing.T, shape string) map[string]any {
	t.Helper()
	return map[string]any{"application/json": map[string]any{"schema": shapeOf(t, shape)}}
}

// shapeOf makes the schema of a type.
func shapeOf(t *testing.T, text string) any {
	t.Helper()
	p := &shapeParser{rest: text}
	shape := p.union()
	if p.rest != "" {
		t.Fatalf("not a type: %q of %q", p.rest, text)
	}
	return shape
}

type shapeParser struct{ rest string }

func (p *shapeParser) take(token string) bool {
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *shapeParser) word() string {
	n := 0
	for n < len(p.rest) && !strings.ContainsRune("[]{}()|~:? ,&", rune(p.rest[n])) {
		n++
	}
	word := p.rest[:n]
	p.rest = p.rest[n:]
	return word
}

func (p *shapeParser) union() any {
	branches := []any{p.one()}
	for p.take("|") {
		branches = append(branches, p.one())
	}
	if len(branches) > 1 {
		return map[string]any{"oneOf": branches}
	}
	return branches[0]
}

func (p *shapeParser) one() any {
	var shape any
	switch {
	case p.take("["):
		shape = map[string]any{"type": "array", "items": p.union()}
		p.take("]")
	case p.take("("):
		var values []any
		for !p.take(")") {
			values = append(values, p.word())
			p.take(",")
		}
		shape = map[string]any{"type": "string", "enum": values}
	case p.take("{"):
		shape = p.object()
	default:
		shape = scalar(p.word())
	}
	if p.take("~") {
		return map[string]any{"anyOf": []any{shape, map[string]any{"type": "null"}}}
	}
	return shape
}

func (p *shapeParser) object() any {
	properties := new(ordered)
	required := []any{}
	for !p.take("}") {
		name := p.word()
		if !p.take("?") {
			required = append(required, name)
		}
		p.take(":")
		properties.set(name, p.union())
		p.take(" ")
	}
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

func scalar(word string) any {
	switch word {
	case "any":
		return map[string]any{}
	case "str":
		return map[string]any{"type": "string"}
	case "int":
		return map[string]any{"type": "integer"}
	case "num":
		return map[string]any{"type": "number"}
	case "bool":
		return map[string]any{"type": "boolean"}
	case "obj":
		return map[string]any{"type": "object"}
	case "date":
		return map[string]any{"type": "string", "format": "date-time"}
	case "uuid", "uri":
		return map[string]any{"type": "string", "format": word}
	case "file":
		return map[string]any{"type": "string", "format": "binary"}
	}
	return map[string]any{"$ref": "#/components/schemas/" + word}
}

// ordered is an object that keeps the order of its members.
type ordered struct {
	keys   []string
	values map[string]any
}

func (o *ordered) set(key string, v any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	if o.values == nil {
		o.values = map[string]any{}
	}
	o.values[key] = v
}

func (o *ordered) member(key string) *ordered {
	if _, ok := o.values[key]; !ok {
		o.set(key, new(ordered))
	}
	inner, _ := o.values[key].(*ordered)
	return inner
}

func (o *ordered) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, key := range o.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(o.values[key])
		if err != nil {
			return nil, err
		}
		name, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

// joined joins lines that go on in the next: those that are deeper within.
func joined(document string) string {
	return regexp.MustCompile(`\n\t\t\t+`).ReplaceAllString(document, " ")
}
