package suite

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract/spec"
)

// maxNesting bounds how deep branches of schemas are followed: they may refer to
// themselves.
const maxNesting = 8

// branch finds the schema at a pointer, or the alternative or part of it, that
// is for a type; nil: there is none.
func (s *session) branch(pointer, kind string, depth int) (string, map[string]any) {
	if pointer == "" || depth > maxNesting {
		return "", nil
	}
	pointer, schema, err := s.document.Resolve(pointer)
	if err != nil {
		return "", nil
	}
	types, _ := schema["type"].([]any)
	if schema["type"] == kind || slices.Contains(types, any(kind)) {
		return pointer, schema
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		list, _ := schema[keyword].([]any)
		for i := range list {
			if at, found := s.branch(spec.Join(pointer, keyword, strconv.Itoa(i)), kind, depth+1); found != nil {
				return at, found
			}
		}
	}
	return "", nil
}

// properties returns where the properties of the object at a pointer are
// defined, those of its allOf included.
func (s *session) properties(pointer string) map[string]string {
	all := map[string]string{}
	s.addProperties(all, pointer, 0)
	return all
}

func (s *session) addProperties(all map[string]string, pointer string, depth int) {
	if pointer == "" || depth > maxNesting {
		return
	}
	pointer, schema, err := s.document.Resolve(pointer)
	if err != nil {
		return
	}
	own, _ := schema["properties"].(map[string]any)
	for name := range own {
		all[name] = spec.Join(pointer, "properties", name)
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		parts, _ := schema[keyword].([]any)
		for i := range parts {
			s.addProperties(all, spec.Join(pointer, keyword, strconv.Itoa(i)), depth+1)
		}
	}
}

func (s *session) sorted(properties map[string]string) []string {
	return slices.Sorted(maps.Keys(properties))
}

// integer reads a whole number of a schema; 0: there is none.
func integer(v any) int {
	var text string
	switch n := v.(type) {
	case json.Number:
		text = n.String()
	case float64:
		return int(n)
	default:
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
