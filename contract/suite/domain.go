package suite

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract/spec"
)

// Kinds of domains: the types of JSON Schema that values are made of.
const (
	integerKind = "integer"
	numberKind  = "number"
	booleanKind = "boolean"
	stringKind  = "string"
	arrayKind   = "array"
)

// maxSchemaDepth bounds how deep a schema is read: a schema may contain itself.
const maxSchemaDepth = 8

// domain is what a schema says about its values, as far as it helps to make
// some. It need not be exact: what is made of it is shown to the validator
// before it is sent.
type domain struct {
	kind                 string
	enum                 []string // as text; const is an enum of one
	examples             []value  // default, example and examples
	low, high            *big.Rat // smallest and largest bound, exclusive or not
	step                 *big.Rat
	minLength, maxLength int // -1: none
	pattern, format      string
	items                []domain // of an array
	minItems, maxItems   int      // -1: none
	unique               bool
}

// domainsAt reads a schema: one domain for each alternative, null left out.
func (s *session) domainsAt(pointer string, depth int) []domain {
	pointer, obj, err := s.document.Resolve(pointer)
	if err != nil || depth > maxSchemaDepth {
		return nil
	}
	alternatives := []map[string]any{{}}
	places := []string{""}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		branches, _ := obj[keyword].([]any)
		if len(branches) == 0 {
			continue
		}
		alternatives, places = nil, nil
		for i := range branches {
			at, branch, err := s.document.Resolve(spec.Join(pointer, keyword, strconv.Itoa(i)))
			if err == nil {
				alternatives, places = append(alternatives, branch), append(places, at)
			}
		}
	}
	for i, all := 0, slice(obj["allOf"]); i < len(all); i++ {
		at, part, err := s.document.Resolve(spec.Join(pointer, "allOf", strconv.Itoa(i)))
		if err != nil {
			continue
		}
		for j := range alternatives {
			alternatives[j] = merged(part, alternatives[j])
			if part["items"] != nil {
				places[j] = at
			}
		}
	}
	var list []domain
	for i, branch := range alternatives {
		whole := merged(branch, obj)
		for _, kind := range kinds(whole) {
			d := readDomain(kind, whole)
			if kind == arrayKind {
				at := pointer
				if obj["items"] == nil && places[i] != "" {
					at = places[i]
				}
				d.items = s.domainsAt(spec.Join(at, "items"), depth+1)
			}
			list = append(list, d)
		}
	}
	return list
}

// merged is a with what b says.
func merged(a, b map[string]any) map[string]any {
	m := make(map[string]any, len(a)+len(b))
	for _, from := range []map[string]any{a, b} {
		for k, v := range from {
			m[k] = v
		}
	}
	return m
}

func slice(v any) []any {
	list, _ := v.([]any)
	return list
}

// kinds lists the types of a schema, without null and without objects.
func kinds(obj map[string]any) []string {
	var names []string
	switch t := obj["type"].(type) {
	case string:
		names = []string{t}
	case []any:
		for _, name := range t {
			text, _ := name.(string)
			names = append(names, text)
		}
	default:
		if obj["enum"] != nil || obj["const"] != nil || obj["pattern"] != nil || obj["format"] != nil {
			names = []string{stringKind}
		}
	}
	known := []string{integerKind, numberKind, booleanKind, stringKind, arrayKind}
	return slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(known, name) })
}

func readDomain(kind string, obj map[string]any) domain {
	d := domain{
		kind: kind, step: rational(obj["multipleOf"]), minLength: count(obj["minLength"]), maxLength: count(obj["maxLength"]),
		minItems: count(obj["minItems"]), maxItems: count(obj["maxItems"]),
	}
	d.pattern, _ = obj["pattern"].(string)
	d.format, _ = obj["format"].(string)
	d.unique, _ = obj["uniqueItems"].(bool)
	for _, v := range append(slice(obj["enum"]), obj["const"]) {
		if text, ok := wireText(v); ok && v != nil {
			d.enum = append(d.enum, text)
		}
	}
	for _, keyword := range []string{"minimum", "exclusiveMinimum"} {
		if bound := rational(obj[keyword]); bound != nil {
			d.low = bound
		}
	}
	for _, keyword := range []string{"maximum", "exclusiveMaximum"} {
		if bound := rational(obj[keyword]); bound != nil {
			d.high = bound
		}
	}
	if v, ok := obj["default"]; ok {
		d.examples = appendValue(d.examples, "default", v)
	}
	if v, ok := obj["example"]; ok {
		d.examples = appendValue(d.examples, "example", v)
	}
	for _, v := range slice(obj["examples"]) {
		d.examples = appendValue(d.examples, "example", v)
	}
	return d
}

func rational(v any) *big.Rat {
	n, ok := v.(json.Number)
	if !ok || len(n) > 64 {
		return nil
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		return nil
	}
	return r
}

func count(v any) int {
	r := rational(v)
	if r == nil || !r.IsInt() || !r.Num().IsInt64() || r.Sign() < 0 {
		return -1
	}
	return int(r.Num().Int64())
}

// wireText is how a scalar of JSON stands in a URL.
func wireText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return string(v), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}
