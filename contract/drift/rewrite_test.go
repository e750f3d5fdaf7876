package drift_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// rewrite changes a document and not its meaning, wherever it can and a coin
// says so. It tells whether it found a place.
type rewrite struct {
	name, why string
	do        func(w *writer) bool
}

// writer holds a document that is rewritten.
type writer struct {
	doc  map[string]any
	coin *rand.Rand
	all  bool // do it wherever it can be done
}

func (w *writer) toss() bool { return w.all || w.coin.IntN(2) == 0 }

// schemas calls f for each schema that a coin picks.
func (w *writer) schemas(f func(s map[string]any) bool) bool {
	did := false
	var found []map[string]any // first, since f makes more
	spec.WalkSchemas(w.doc, func(_ string, _ spec.Place, s map[string]any) { found = append(found, s) })
	for _, s := range found {
		if w.toss() {
			did = f(s) || did
		}
	}
	return did
}

func (w *writer) operations(f func(item, op map[string]any) bool) bool {
	did := false
	paths := w.doc["paths"].(map[string]any)
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		item := paths[p].(map[string]any)
		for _, m := range spec.Methods() {
			if op, ok := item[m].(map[string]any); ok && w.toss() {
				did = f(item, op) || did
			}
		}
	}
	return did
}

// components puts v among the components and returns a reference to it.
func (w *writer) component(section string, v any) map[string]any {
	all := w.doc["components"].(map[string]any)
	if all[section] == nil {
		all[section] = map[string]any{}
	}
	in := all[section].(map[string]any)
	name := "New" + strconv.Itoa(len(in))
	in[name] = v
	return map[string]any{"$ref": "#/components/" + section + "/" + name}
}

// part moves some properties of an object to a part of it, which named makes
// what stands in allOf.
func (w *writer) part(s map[string]any, named func(part map[string]any) any) bool {
	properties, _ := s["properties"].(map[string]any)
	for _, k := range []string{"allOf", "additionalProperties", "unevaluatedProperties", "patternProperties"} {
		if s[k] != nil {
			return false
		}
	}
	if len(properties) < 2 {
		return false
	}
	moved, required, kept := map[string]any{}, []any{}, []any{}
	for i, k := range slices.Sorted(maps.Keys(properties)) {
		if i%2 == 0 {
			moved[k] = properties[k]
			delete(properties, k)
		}
	}
	names, _ := s["required"].([]any)
	for _, name := range names {
		if moved[name.(string)] != nil {
			required = append(required, name)
		} else {
			kept = append(kept, name)
		}
	}
	s["required"] = kept
	s["allOf"] = []any{named(map[string]any{"type": "object", "properties": moved, "required": required})}
	return true
}

func (w *writer) shuffle(v any) bool {
	list, _ := v.([]any)
	if len(list) < 2 {
		return false
	}
	w.coin.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return true
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for k, x := range v {
			m[k] = clone(x)
		}
		return m
	case []any:
		l := []any{}
		for _, x := range v {
			l = append(l, clone(x))
		}
		return l
	}
	return v
}

func shuffled(key string) func(w *writer) bool {
	return func(w *writer) bool { return w.schemas(func(s map[string]any) bool { return w.shuffle(s[key]) }) }
}

// nullBranch finds T in a list of T and null.
func nullBranch(v any) (map[string]any, bool) {
	list, _ := v.([]any)
	if len(list) != 2 {
		return nil, false
	}
	for i, b := range list {
		m, _ := b.(map[string]any)
		other, ok := list[1-i].(map[string]any)
		if len(m) == 1 && m["type"] == "null" && ok {
			return other, true
		}
	}
	return nil, false
}

// rewordings change the words of a document, or what it says of the bytes and
// holds anyhow: each is told, and none above info.
func rewordings() []rewrite {
	return []rewrite{
		{"references with words", "a generator writes them so", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				if s["$ref"] == nil || s["title"] != nil {
					return false
				}
				s["title"] = "Made Of The Name"
				return true
			})
		}},
		{"charset said", "JSON is UTF-8", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool {
				body, _ := op["requestBody"].(map[string]any)
				content, _ := body["content"].(map[string]any)
				m, ok := content["application/json"]
				if ok {
					delete(content, "application/json")
					content["application/json; charset=utf-8"] = m
				}
				return ok
			})
		}},
		{"security schemes renamed", "credentials are shown as before", func(w *writer) bool {
			components, _ := w.doc["components"].(map[string]any)
			schemes, _ := components["securitySchemes"].(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(schemes)) {
				schemes["Renamed"+name] = schemes[name]
				delete(schemes, name)
			}
			return len(schemes) > 0 && w.secured()
		}},
	}
}

// secured names the schemes of all operations as they are called now.
func (w *writer) secured() bool {
	all := w.all
	w.all = true
	defer func() { w.all = all }()
	rename := func(of map[string]any) bool {
		alternatives, ok := of["security"].([]any)
		for i, a := range alternatives {
			renamed := map[string]any{}
			for name, scopes := range a.(map[string]any) {
				renamed["Renamed"+name] = scopes
			}
			alternatives[i] = renamed
		}
		return ok
	}
	rename(w.doc)
	return w.operations(func(_, op map[string]any) bool { return rename(op) })
}

func rewrites() []rewrite {
	plain := func(s map[string]any, k string, v any) bool {
		if _, there := s[k]; there || s["$ref"] != nil {
			return false
		}
		s[k] = v
		return true
	}
	return []rewrite{
		{"enum order", "an enum is a set", shuffled("enum")},
		{"required order", "required is a set", shuffled("required")},
		{"anyOf order", "any of them, in whatever order", shuffled("anyOf")},
		{"oneOf order", "one of them, in whatever order", shuffled("oneOf")},
		{"type order", "type is a set", shuffled("type")},
		{"type as list", "a list of one type is that type", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				name, ok := s["type"].(string)
				if ok && name != "null" {
					s["type"] = []any{name}
				}
				return ok
			})
		}},
		{"parameter order", "parameters are told by name", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool { return w.shuffle(op["parameters"]) })
		}},
		{"anyOf with null as oneOf", "a value is never both T and null", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				if _, ok := nullBranch(s["anyOf"]); !ok || s["oneOf"] != nil {
					return false
				}
				s["oneOf"] = s["anyOf"]
				delete(s, "anyOf")
				return true
			})
		}},
		{"anyOf with null as type", "type: [T, null] takes the same", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				branch, ok := nullBranch(s["anyOf"])
				name, plain := branch["type"].(string)
				if !ok || !plain || branch["enum"] != nil {
					return false
				}
				delete(s, "anyOf")
				maps.Copy(s, branch)
				s["type"] = []any{name, "null"}
				return true
			})
		}},
		{"type with null as anyOf", "anyOf of T and null takes the same", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				types, _ := s["type"].([]any)
				if len(types) != 2 || !slices.Contains(types, any("null")) || s["anyOf"] != nil || s["enum"] != nil {
					return false
				}
				branch := map[string]any{}
				for k, v := range s {
					if k != "title" && k != "description" {
						branch[k] = v
						delete(s, k)
					}
				}
				branch["type"] = types[0]
				if types[0] == "null" {
					branch["type"] = types[1]
				}
				s["anyOf"] = []any{branch, map[string]any{"type": "null"}}
				return true
			})
		}},
		{"references inlined", "a name for a schema means nothing on the wire", func(w *writer) bool {
			definitions := w.doc["components"].(map[string]any)["schemas"].(map[string]any)
			return w.schemas(func(s map[string]any) bool {
				ref, _ := s["$ref"].(string)
				for name, target := range definitions {
					if ref == "#/components/schemas/"+name && len(s) == 1 {
						copied := clone(target).(map[string]any) // first, since it may hold s
						delete(s, "$ref")
						maps.Copy(s, copied)
						return true
					}
				}
				return false
			})
		}},
		{"schemas named", "the same, the other way round", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				properties, _ := s["properties"].(map[string]any)
				for _, k := range slices.Sorted(maps.Keys(properties)) {
					properties[k] = w.component("schemas", properties[k])
				}
				return len(properties) > 0
			})
		}},
		{"references wrapped", "allOf of one schema is that schema", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				ref, ok := s["$ref"]
				if ok {
					delete(s, "$ref")
					s["allOf"] = []any{map[string]any{"$ref": ref}}
				}
				return ok
			})
		}},
		{"anyOf of one", "any of one schema is that schema", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				if s["type"] != "boolean" {
					return false
				}
				delete(s, "type")
				s["anyOf"] = []any{map[string]any{"type": "boolean"}}
				return true
			})
		}},
		{"parameters named", "as with schemas", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool {
				list, _ := op["parameters"].([]any)
				for i, p := range list {
					list[i] = w.component("parameters", p)
				}
				return len(list) > 0
			})
		}},
		{"responses named", "as with schemas", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool {
				responses := op["responses"].(map[string]any)
				for _, k := range slices.Sorted(maps.Keys(responses)) {
					responses[k] = w.component("responses", responses[k])
				}
				return true
			})
		}},
		{"request bodies named", "as with schemas", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool {
				if op["requestBody"] == nil {
					return false
				}
				op["requestBody"] = w.component("requestBodies", op["requestBody"])
				return true
			})
		}},
		{"parameters at the path", "they hold for its operations", func(w *writer) bool {
			return w.operations(func(item, op map[string]any) bool {
				list, _ := op["parameters"].([]any)
				if len(item) != 1 || len(list) == 0 {
					return false
				}
				item["parameters"] = list
				delete(op, "parameters")
				return true
			})
		}},
		{"a parameter of the path overridden", "that of the operation counts", func(w *writer) bool {
			return w.operations(func(item, op map[string]any) bool {
				if len(item) != 1 || op["parameters"] == nil {
					return false
				}
				item["parameters"] = []any{map[string]any{"name": "limit", "in": "query", "schema": map[string]any{"type": "boolean"}}}
				return true
			})
		}},
		{"security at the document", "operations without their own have it", func(w *writer) bool {
			return w.operations(func(item, op map[string]any) bool {
				if len(w.doc["paths"].(map[string]any)) > 1 || len(item) != 1 || op["security"] == nil {
					return false
				}
				w.doc["security"] = op["security"]
				delete(op, "security")
				return true
			})
		}},
		{"components nobody uses", "nothing refers to them", func(w *writer) bool {
			w.component("schemas", map[string]any{"type": "object"})
			w.component("parameters", map[string]any{"name": "x", "in": "query", "schema": map[string]any{"type": "string"}})
			w.component("responses", map[string]any{"description": "none"})
			w.component("securitySchemes", map[string]any{"type": "http", "scheme": "basic"})
			return true
		}},
		{"required: false said", "it is the default", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool {
				list, _ := op["parameters"].([]any)
				for _, p := range list {
					m := p.(map[string]any)
					if m["required"] == false {
						delete(m, "required")
					} else if m["$ref"] == nil && m["required"] == nil {
						m["required"] = false
					}
				}
				return len(list) > 0
			})
		}},
		{"deprecated: false said", "it is the default", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool { return plain(op, "deprecated", false) })
		}},
		{"style said", "form, exploded, is the default of a query", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool {
				list, _ := op["parameters"].([]any)
				for _, p := range list {
					if m := p.(map[string]any); m["in"] == "query" {
						m["style"], m["explode"] = "form", true
					}
				}
				return len(list) > 0
			})
		}},
		{"limits that limit nothing said", "they are the defaults", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				return s["type"] == "string" && plain(s, "minLength", json.Number("0")) || s["type"] == "array" && plain(s, "uniqueItems", false)
			})
		}},
		{"numbers in another form", "1.0 is 1 (JSON Schema 2020-12, core 4.2.2)", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				did := false
				for k, v := range s {
					if n, ok := v.(json.Number); ok && !strings.Contains(string(n), ".") {
						s[k], did = n+".0", true
					}
				}
				return did
			})
		}},
		{"media type in capitals", "its case does not count (RFC 9110)", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool {
				did := false
				for _, r := range op["responses"].(map[string]any) {
					content, _ := r.(map[string]any)["content"].(map[string]any)
					if m, ok := content["application/json"]; ok {
						delete(content, "application/json")
						content["Application/JSON"], did = m, true
					}
				}
				return did
			})
		}},
		{"an empty map of headers", "none is none", func(w *writer) bool {
			return w.operations(func(_, op map[string]any) bool {
				for _, r := range op["responses"].(map[string]any) {
					if m := r.(map[string]any); m["$ref"] == nil && m["headers"] == nil {
						m["headers"] = map[string]any{}
					}
				}
				return true
			})
		}},
		{"properties in a part", "an object is what its parts say together", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool { return w.part(s, func(part map[string]any) any { return part }) })
		}},
		{"properties in a parent", "the same, with a name", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				return w.part(s, func(part map[string]any) any { return w.component("schemas", part) })
			})
		}},
		{"bounds in a part", "the tighter bound counts", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				length, ok := s["maxLength"].(json.Number)
				if !ok || s["allOf"] != nil {
					return false
				}
				s["allOf"] = []any{map[string]any{"maxLength": length}, map[string]any{"maxLength": length + "0"}}
				delete(s, "maxLength")
				return true
			})
		}},
		{"branches beside null named", "a name for a schema means nothing on the wire", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				branch, ok := nullBranch(s["anyOf"])
				if !ok || branch["$ref"] != nil {
					return false
				}
				s["anyOf"] = []any{w.component("schemas", branch), map[string]any{"type": "null"}}
				return true
			})
		}},
		{"a choice of types as a list", "a list of types is a choice of them", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool {
				var types []any
				branches, _ := s["anyOf"].([]any)
				for _, b := range branches {
					m, _ := b.(map[string]any)
					if name, ok := m["type"].(string); ok && len(m) == 1 {
						types = append(types, name)
					}
				}
				if len(types) < 2 || len(types) < len(branches) || s["type"] != nil {
					return false
				}
				delete(s, "anyOf")
				s["type"] = types
				return true
			})
		}},
		{"additionalProperties: true said", "it is the default", func(w *writer) bool {
			return w.schemas(func(s map[string]any) bool { return s["type"] == "object" && plain(s, "additionalProperties", true) })
		}},
		{"a patch of OpenAPI", "3.1.1 says the same in better words", func(w *writer) bool {
			w.doc["openapi"] = "3.1.1"
			return true
		}},
	}
}
