package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract/spec"
)

// text is a scalar as it stands in a path or query; of anything else its JSON.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(encoded)
}

// at is the value at an RFC 6901 pointer; nil: none.
func at(v any, pointer string) any {
	v, _ = spec.At(v, spec.Tokens(pointer)...)
	return v
}

func member(v any, name string) (any, bool) {
	object, _ := v.(map[string]any)
	value, ok := object[name]
	return value, ok
}

// set is a copy of a value with another at a pointer; objects on the way are made.
func set(v any, pointer string, to any) any {
	tokens := spec.Tokens(pointer)
	if len(tokens) == 0 {
		return to
	}
	object, _ := v.(map[string]any)
	changed := make(map[string]any, len(object)+1)
	maps.Copy(changed, object)
	if len(tokens) == 1 && to == any(absent{}) {
		delete(changed, tokens[0])
		return changed
	}
	changed[tokens[0]] = set(object[tokens[0]], spec.Join("", tokens[1:]...), to)
	return changed
}

// clone copies a value with all below it.
func clone[V any](v V) V { return cloned(v).(V) } //nolint:forcetypeassert // a copy is of the same type

func cloned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		made := make(map[string]any, len(v))
		for k, one := range v {
			made[k] = cloned(one)
		}
		return made
	case []any:
		made := make([]any, len(v))
		for i, one := range v {
			made[i] = cloned(one)
		}
		return made
	}
	return v
}

// replace lets f change what stands at a pointer, at each item of an array where the
// pointer has *. It changes the value itself.
func replace(v any, pointer string, f func(any) any) {
	tokens := spec.Tokens(pointer)
	if len(tokens) == 0 {
		return
	}
	rest := spec.Join("", tokens[1:]...)
	step := func(old any) any {
		if rest == "" {
			return f(old)
		}
		replace(old, rest, f)
		return old
	}
	switch in := v.(type) {
	case map[string]any:
		if old, ok := in[tokens[0]]; ok {
			in[tokens[0]] = step(old)
		}
	case []any:
		for i := range in {
			if tokens[0] == "*" || tokens[0] == strconv.Itoa(i) {
				in[i] = step(in[i])
			}
		}
	}
}

// each calls f for what stands at a pointer's tokens, for each item of an array where
// there is *, and for each item of an array that stands there.
func each(v any, tokens []string, f func(any)) {
	if list, ok := v.([]any); ok {
		if len(tokens) > 0 && tokens[0] == "*" {
			tokens = tokens[1:]
		}
		for _, one := range list {
			each(one, tokens, f)
		}
		return
	}
	if len(tokens) == 0 {
		f(v)
		return
	}
	if object, ok := v.(map[string]any); ok {
		each(object[tokens[0]], tokens[1:], f)
	}
}

// distinct leaves out what stands in a list already.
func distinct(list []any) []any {
	var kept []any
	for _, v := range list {
		if !slices.ContainsFunc(kept, func(other any) bool { return text(other) == text(v) }) {
			kept = append(kept, v)
		}
	}
	if kept == nil {
		return list
	}
	return kept
}

// Merged is a value with a merge patch applied (RFC 7396), except that null is set
// where the schema, which may be nil, allows it. It changes neither.
func Merged(v, patch any, s *spec.Schema) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := v.(map[string]any)
	if !ok {
		return patch
	}
	made := maps.Clone(object)
	for name, change := range changes {
		var property *spec.Schema
		if s != nil {
			property = s.Property(name)
		}
		if change == nil && (property == nil || !property.Nullable) {
			delete(made, name)
			continue
		}
		made[name] = Merged(made[name], change, property)
	}
	return made
}
