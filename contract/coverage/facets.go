package coverage

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// facets is what a schema says of a plain value, or of an array of them.
type facets struct {
	types        []string // without null: text has none
	alternatives int      // branches of anyOf and oneOf that text could mean
	properties   []string // of an object
	values       []any
	keywords     map[string]any // the first of each
	items        *facets
	seen         map[string]bool
}

func facetsOf(doc *spec.Document, pointer string) *facets {
	f := &facets{keywords: map[string]any{}, seen: map[string]bool{}}
	f.gather(doc, pointer)
	return f
}

func (f *facets) gather(doc *spec.Document, pointer string) {
	v, _ := doc.Lookup(pointer)
	schema, ok := v.(map[string]any)
	if !ok || f.seen[pointer] {
		return
	}
	f.seen[pointer] = true
	if ref, ok := schema["$ref"].(string); ok && strings.HasPrefix(ref, "#") {
		f.gather(doc, ref[1:])
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		branches, _ := schema[keyword].([]any)
		for i, branch := range branches {
			if b, _ := branch.(map[string]any); keyword != "allOf" && b["type"] != "null" {
				f.alternatives++
			}
			f.gather(doc, spec.Join(pointer, keyword, strconv.Itoa(i)))
		}
	}
	for _, t := range typesOf(schema) {
		if t != "null" && !slices.Contains(f.types, t) {
			f.types = append(f.types, t)
		}
	}
	for _, v := range valuesOf(schema) {
		if v != nil {
			f.values = append(f.values, v)
		}
	}
	f.properties = append(f.properties, keys(doc, spec.Join(pointer, "properties"))...)
	for keyword, v := range schema {
		if _, known := f.keywords[keyword]; !known {
			f.keywords[keyword] = v
		}
	}
	if _, ok := schema["items"].(map[string]any); ok && f.items == nil {
		f.items = facetsOf(doc, spec.Join(pointer, "items"))
	}
}

func (f *facets) is(name string) bool { return slices.Contains(f.types, name) }

// number returns a numeric keyword.
func (f *facets) number(keyword string) (*big.Rat, bool) {
	n, ok := f.keywords[keyword].(json.Number)
	if !ok || len(n) > 40 || strings.ContainsAny(string(n), "eE") {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

// count returns a keyword that counts characters or items; false when it says
// nothing, as minLength 0 does.
func (f *facets) count(keyword string) (int, bool) {
	n, ok := f.keywords[keyword].(json.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(string(n))
	return i, err == nil && (i > 0 || strings.HasPrefix(keyword, "max"))
}

// limit returns the last number that the keyword (minimum or maximum), or its
// exclusive form, lets pass, as text; empty when there is none. Refused is the
// keyword a value beyond it breaks.
func (f *facets) limit(keyword, exclusive string, inward int64) (at, beyond, refused string) {
	if n, ok := f.number(exclusive); ok {
		if !f.is("integer") || f.is("number") {
			return "", n.RatString(), exclusive
		}
		n.Add(whole(n, -inward), big.NewRat(inward, 1))
		return n.RatString(), n.RatString(), exclusive
	}
	n, ok := f.number(keyword)
	if !ok {
		return "", "", ""
	}
	if f.is("integer") && !f.is("number") {
		n = whole(n, inward)
	}
	text := string(f.keywords[keyword].(json.Number))
	if n.IsInt() {
		text = n.RatString()
	}
	return text, text, keyword
}

// whole rounds to an integer, up when inward is 1 and down when it is -1.
func whole(n *big.Rat, inward int64) *big.Rat {
	if n.IsInt() {
		return n
	}
	floor := new(big.Int).Div(n.Num(), n.Denom()) // Euclidean: down, for a positive divisor
	if inward > 0 {
		floor.Add(floor, big.NewInt(1))
	}
	return new(big.Rat).SetInt(floor)
}

// assertsFormat lists the formats whose breach the validator reports.
func assertsFormat(name string) bool {
	switch name {
	case "uuid", "date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6",
		"uri", "uri-reference", "uri-template", "iri", "iri-reference", "json-pointer", "relative-json-pointer":
		return true
	}
	return false
}
