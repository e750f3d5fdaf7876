// Package cost bounds what judging a value by a schema may cost.
//
// A schema that contains itself below alternatives makes the engine try every
// combination: a few hundred bytes can keep it busy for hours. So before a
// value meets such a schema, what the engine would do is counted, each pair of
// schema and value once; beyond reason, the value is not judged.
package cost

import (
	"reflect"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	freeSteps    = 200_000
	stepsPerByte = 4
)

// Recursive reports whether a schema contains itself.
func Recursive(s *jsonschema.Schema) bool {
	const open, done = 1, 2
	state := map[*jsonschema.Schema]int{}
	var visit func(*jsonschema.Schema) bool
	visit = func(s *jsonschema.Schema) bool {
		if s == nil || state[s] == done {
			return false
		}
		if state[s] == open {
			return true
		}
		state[s] = open
		found := false
		inPlace(s, func(sub *jsonschema.Schema) { found = found || visit(sub) })
		for _, sub := range parts(s) {
			found = found || visit(sub)
		}
		state[s] = done
		return found
	}
	return visit(s)
}

// inPlace calls f for the schemas that apply to the same value as s.
func inPlace(s *jsonschema.Schema, f func(*jsonschema.Schema)) {
	for _, sub := range []*jsonschema.Schema{s.Ref, s.Not, s.If, s.Then, s.Else} {
		f(sub)
	}
	if s.DynamicRef != nil {
		f(s.DynamicRef.Ref)
	}
	for _, list := range [][]*jsonschema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, sub := range list {
			f(sub)
		}
	}
	for _, sub := range s.DependentSchemas {
		f(sub)
	}
}

// parts lists the schemas that apply to parts of the value.
func parts(s *jsonschema.Schema) []*jsonschema.Schema {
	list := []*jsonschema.Schema{s.UnevaluatedProperties, s.Contains, s.Items2020, s.UnevaluatedItems, s.PropertyNames}
	if sub, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
		list = append(list, sub)
	}
	list = append(list, s.PrefixItems...)
	for _, sub := range s.Properties {
		list = append(list, sub)
	}
	for _, sub := range s.PatternProperties {
		list = append(list, sub)
	}
	return list
}

// Exceeds reports whether judging v, decoded from size bytes, is beyond reason.
func Exceeds(s *jsonschema.Schema, v any, size int) bool {
	c := &counter{limit: freeSteps + stepsPerByte*size, known: map[counted]int{}}
	return c.count(s, v) > c.limit
}

type counter struct {
	limit int
	known map[counted]int
}

type counted struct {
	schema *jsonschema.Schema
	value  uintptr // of an object or array
	length int
}

// count is an upper bound of the engine's steps, cut off beyond the limit.
func (c *counter) count(s *jsonschema.Schema, v any) int {
	if s == nil {
		return 0
	}
	key := counted{schema: s}
	switch v := v.(type) {
	case map[string]any:
		key.value, key.length = reflect.ValueOf(v).Pointer(), len(v)
	case []any:
		key.value, key.length = reflect.ValueOf(v).Pointer(), len(v)
	}
	if n, ok := c.known[key]; ok {
		return n
	}
	c.known[key] = 1 // a circle of references is the engine's to report
	total := 1
	add := func(sub *jsonschema.Schema, v any) {
		if total <= c.limit {
			total += c.count(sub, v)
		}
	}
	inPlace(s, func(sub *jsonschema.Schema) { add(sub, v) })
	switch v := v.(type) {
	case map[string]any:
		additional, _ := s.AdditionalProperties.(*jsonschema.Schema)
		for name, item := range v {
			add(s.Properties[name], item)
			add(additional, item)
			add(s.UnevaluatedProperties, item)
			for _, sub := range s.PatternProperties {
				add(sub, item)
			}
		}
	case []any:
		for i, item := range v {
			if i < len(s.PrefixItems) {
				add(s.PrefixItems[i], item)
			}
			add(s.Items2020, item)
			add(s.Contains, item)
			add(s.UnevaluatedItems, item)
		}
	}
	total = min(total, c.limit+1)
	c.known[key] = total
	return total
}
