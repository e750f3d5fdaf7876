package drift_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/spec"
)

// TestEveryLeafCounts gives each scalar of the document other values: whatever
// is still a document differs, and that is told.
func TestEveryLeafCounts(t *testing.T) {
	t.Parallel()
	base, from := mutable(t)
	told := map[string]int{}
	for _, at := range placesOf(base, "", true) {
		if strings.Contains(at, "/Permission/enum/") && !strings.HasSuffix(at, "/7") {
			continue // one of 61 will do
		}
		for _, value := range others(lookup(base, at)) {
			for _, rule := range mustTell(t, from, apply(t, clone(base), set(at, value)), at+" is now "+value) {
				told[rule]++
			}
		}
	}
	if len(told) < 30 {
		t.Errorf("the mutations reached %d rules only: %v", len(told), slices.Sorted(maps.Keys(told)))
	}
}

// TestEveryPartCounts leaves out each part of the document in turn.
func TestEveryPartCounts(t *testing.T) {
	t.Parallel()
	base, from := mutable(t)
	for _, at := range placesOf(base, "", false) {
		if at == "/security" || lookup(base, at) == false || strings.Contains(at, "/Permission/enum/") {
			continue // they say what holds anyway: rewrites() removes them
		}
		mustTell(t, from, apply(t, clone(base), remove(at)), "without "+at)
	}
}

// TestRandomMutations changes several things at once.
func TestRandomMutations(t *testing.T) {
	t.Parallel()
	base, from := mutable(t)
	leaves := placesOf(base, "", true)
	rapid.Check(t, func(rt *rapid.T) {
		changed := clone(base)
		var what []string
		for range rapid.IntRange(1, 4).Draw(rt, "mutations") {
			at := rapid.SampledFrom(leaves).Draw(rt, "leaf")
			value := rapid.SampledFrom(others(lookup(base, at))).Draw(rt, "value")
			changed = apply(t, changed, set(at, value))
			what = append(what, at+" is now "+value)
		}
		mustTell(rt, from, changed, strings.Join(what, ", "))
	})
}

func mutable(t *testing.T) (any, *spec.Document) {
	t.Helper()
	base := tree(t)
	for _, e := range withCreate() {
		base = apply(t, base, e)
	}
	return base, parsed(t, text(t, base))
}

// mustTell returns the rules of what was found; none is an error. What is no
// document any more is not looked at.
func mustTell(t failer, from *spec.Document, changed any, what string) []string {
	t.Helper()
	out, err := json.Marshal(changed)
	if err != nil {
		t.Fatal(err)
	}
	to, err := spec.Parse(out)
	if err != nil {
		return nil
	}
	r, err := drift.Compare(context.Background(), from, to)
	if err != nil {
		t.Fatal(what, err)
	}
	var rules []string
	for _, f := range r.Findings {
		rules = append(rules, f.Check)
	}
	if len(rules) == 0 {
		t.Errorf("%s, and nothing is told", what)
	}
	return rules
}

func lookup(v any, pointer string) any {
	for _, token := range spec.Tokens(pointer) {
		switch node := v.(type) {
		case map[string]any:
			v = node[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil {
				return nil
			}
			v = node[i]
		}
	}
	return v
}

// placesOf are the pointers of all scalars, or of all values, but the version
// of OpenAPI, which is no part of the meaning.
func placesOf(v any, pointer string, leaves bool) []string {
	var out []string
	if pointer == "/openapi" {
		return nil
	}
	if pointer != "" && !leaves {
		out = append(out, pointer)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, placesOf(v[k], spec.Join(pointer, k), leaves)...)
		}
	case []any:
		for i, item := range v {
			out = append(out, placesOf(item, spec.Join(pointer, fmt.Sprint(i)), leaves)...)
		}
	default:
		if leaves {
			out = append(out, pointer)
		}
	}
	return out
}

// others are other values of the same type, as JSON.
func others(v any) []string {
	switch v := v.(type) {
	case bool:
		return []string{strconv.FormatBool(!v)}
	case json.Number:
		return []string{string(v) + "7", string(v) + ".5"}
	case string:
		words := []string{strconv.Quote(v + "x"), `"number"`, `"header"`}
		return slices.DeleteFunc(words, func(w string) bool { return w == strconv.Quote(v) })
	}
	return []string{`"x"`}
}
