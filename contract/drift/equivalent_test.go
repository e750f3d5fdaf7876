package drift_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// TestEquivalents rewrites the document in each way wherever that can be done.
func TestEquivalents(t *testing.T) {
	t.Parallel()
	for _, r := range rewrites() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			base := tree(t)
			for _, e := range slices.Concat(withCreate(), withUnion()) {
				base = apply(t, base, e)
			}
			if strings.Contains(r.name, "the path") || strings.Contains(r.name, "the document") {
				base = tree(t) // one operation alone
			}
			// What is to be undone must be there first.
			w := &writer{doc: clone(base).(map[string]any), coin: rand.New(rand.NewPCG(1, 1)), all: true}
			if !r.do(w) {
				t.Fatal("there was nothing to rewrite")
			}
			noDrift(t, r.why, text(t, base), text(t, w.doc))
		})
	}
}

func withUnion() []edit {
	return []edit{
		set(schemas+"/NewKey/properties/owner", `{"oneOf":[{"type":"string"},{"type":"integer"}]}`),
	}
}

// TestEquivalentDocuments are rewrites that need documents of their own.
func TestEquivalentDocuments(t *testing.T) {
	t.Parallel()
	of := func(version, paths, components string) string {
		return fmt.Sprintf(`{"openapi":%q,"info":{"title":"t","version":"1"},"paths":{%s},"components":{%s}}`, version, paths, components)
	}
	answer := func(schema string) string {
		return `"/a":{"get":{"responses":{"200":{"description":"a","content":{"application/json":{"schema":` + schema + `}}}}}}`
	}
	ref := func(name string) string { return `{"$ref":"#/components/schemas/` + name + `"}` }
	item := func(template, name string) string {
		return fmt.Sprintf(`%q:{"parameters":[{"name":%q,"in":"path","required":true,"schema":{"type":"string"}}],"get":{"responses":{"200":{"description":"a"}}}}`, template, name)
	}
	for _, c := range []struct{ name, why, base, revision string }{
		{"nullable of 3.0", "3.1 says it by type", of("3.0.3", answer(`{"type":"string","nullable":true}`), ""), of("3.1.0", answer(`{"type":["null","string"]}`), "")},
		{"nullable of 3.0 beside allOf", "it is read as meant", of("3.0.3", answer(`{"nullable":true,"allOf":[{"type":"object","properties":{"a":{"type":"string"}}}]}`), ""), of("3.1.0", answer(`{"anyOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"type":"null"}]}`), "")},
		{"nullable of 3.0, anyOf in 3.1", "the same", of("3.0.3", answer(`{"type":"integer","nullable":true,"minimum":1}`), ""), of("3.1.0", answer(`{"anyOf":[{"type":"integer","minimum":1},{"type":"null"}]}`), "")},
		{"exclusive bounds of 3.0", "3.1 has the number itself", of("3.0.3", answer(`{"type":"integer","minimum":0,"exclusiveMinimum":true}`), ""), of("3.1.0", answer(`{"type":"integer","exclusiveMinimum":0}`), "")},
		{"example of 3.0", "3.1 has examples", of("3.0.3", answer(`{"type":"integer","example":1}`), ""), of("3.1.0", answer(`{"type":"integer","examples":[1]}`), "")},
		{"names in path templates", "callers fill them in", of("3.1.0", item("/a/{id}", "id"), ""), of("3.1.0", item("/a/{key_id}", "key_id"), "")},
		{"const", "an enum of one", of("3.1.0", answer(`{"const":"x"}`), ""), of("3.1.0", answer(`{"enum":["x"]}`), "")},
		{"enum with null", "null is in both", of("3.1.0", answer(`{"type":["string","null"],"enum":["a",null]}`), ""), of("3.1.0", answer(`{"anyOf":[{"type":"null"},{"type":"string","enum":["a"]}]}`), "")},
		{"a recursion renamed", "its name is on no wire",
			of("3.1.0", answer(ref("A")), `"schemas":{"A":{"type":"object","properties":{"next":`+ref("A")+`}}}`),
			of("3.1.0", answer(ref("B")), `"schemas":{"B":{"type":"object","properties":{"next":`+ref("B")+`}}}`)},
		{"a recursion unfolded once", "it goes on the same",
			of("3.1.0", answer(ref("A")), `"schemas":{"A":{"type":"object","properties":{"next":`+ref("A")+`}}}`),
			of("3.1.0", answer(`{"type":"object","properties":{"next":`+ref("A")+`}}`), `"schemas":{"A":{"type":"object","properties":{"next":`+ref("A")+`}}}`)},
		{"a nullable recursion", "oneOf and anyOf of T and null are one",
			of("3.1.0", answer(ref("A")), `"schemas":{"A":{"type":"object","properties":{"next":{"anyOf":[`+ref("A")+`,{"type":"null"}]}}}}`),
			of("3.1.0", answer(ref("A")), `"schemas":{"A":{"type":"object","properties":{"next":{"oneOf":[{"type":"null"},`+ref("A")+`]}}}}`)},
		{"two that need each other", "entered from either",
			of("3.1.0", answer(`{"type":"array","prefixItems":[`+ref("A")+`,`+ref("B")+`]}`), `"schemas":{"A":{"type":"object","properties":{"b":`+ref("B")+`}},"B":{"type":"object","properties":{"a":`+ref("A")+`}}}`),
			of("3.1.0", answer(`{"type":"array","prefixItems":[`+ref("Z")+`,`+ref("B")+`]}`), `"schemas":{"Z":{"type":"object","properties":{"b":`+ref("B")+`}},"B":{"type":"object","properties":{"a":`+ref("Z")+`}}}`)},
		{"a reference with percent signs", "it is a URI", of("3.1.0", answer(ref("A%42")), `"schemas":{"AB":{"type":"string"}}`), of("3.1.0", answer(`{"type":"string"}`), "")},
		{"the empty schema", "it takes what true takes", of("3.1.0", answer(`{"type":"array","items":{}}`), ""), of("3.1.0", answer(`{"type":"array","items":true}`), "")},
		{"properties in parts", "an object is what its parts say together",
			of("3.1.0", answer(`{"type":"object","required":["day"],"properties":{"day":{"type":"string"},"mail":{"type":"string"}}}`), ""),
			of("3.1.0", answer(`{"allOf":[`+ref("Day")+`,{"type":"object","properties":{"mail":{"type":"string"}}}]}`), `"schemas":{"Day":{"type":"object","required":["day"],"properties":{"day":{"type":"string"}}}}`)},
		{"a property moved to the parent", "it holds either way",
			of("3.1.0", answer(`{"allOf":[`+ref("Lite")+`,{"type":"object","properties":{"b":{"type":"string"},"c":{"type":"string"}}}]}`), `"schemas":{"Lite":{"type":"object","properties":{"a":{"type":"string"}}}}`),
			of("3.1.0", answer(`{"allOf":[`+ref("Lite")+`,{"type":"object","properties":{"c":{"type":"string"}}}]}`), `"schemas":{"Lite":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}}`)},
		{"a bound beside the reference", "as with allOf",
			of("3.1.0", answer(`{"$ref":"#/components/schemas/N","maximum":5}`), `"schemas":{"N":{"type":"integer","maximum":9}}`),
			of("3.1.0", answer(`{"type":"integer","maximum":5}`), "")},
		{"a closed object and its parts", "additionalProperties of one part hold for the properties of the other",
			of("3.1.0", answer(`{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}},{"properties":{"b":{"maxLength":3}}}]}`), ""),
			of("3.1.0", answer(`{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string","maxLength":3}},"additionalProperties":{"type":"string"}}`), "")},
		{"a nullable choice", "null is told apart from the choice",
			of("3.1.0", answer(`{"anyOf":[{"oneOf":[{"type":"object","required":["a"]},{"type":"array"}]},{"type":"null"}]}`), ""),
			of("3.1.0", answer(`{"oneOf":[{"type":"object","required":["a"]},{"type":"array"},{"type":"null"}]}`), "")},
		{"a nullable recursion in a part", "null is none of the parts",
			of("3.1.0", answer(ref("A")), `"schemas":{"A":{"type":"object","properties":{"next":{"anyOf":[`+ref("A")+`,{"type":"null"}],"title":"Next"}}}}`),
			of("3.1.0", answer(ref("B")), `"schemas":{"B":{"type":"object","properties":{"next":{"oneOf":[{"type":"null"},{"allOf":[`+ref("B")+`]}],"title":"Next"}}}}`)},
		{"an enum that says its type", "there is no other type in it", of("3.1.0", answer(`{"type":["string","null"],"enum":["a","b"]}`), ""), of("3.1.0", answer(`{"type":"string","enum":["b","a"]}`), "")},
		{"integer or number", "an integer is a number", of("3.1.0", answer(`{"type":["integer","number"]}`), ""), of("3.1.0", answer(`{"type":"number"}`), "")},
		{"a choice of types", "is a list of them", of("3.1.0", answer(`{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}`), ""), of("3.1.0", answer(`{"type":["integer","null","string"]}`), "")},
		{"additionalProperties: true", "so it is without", of("3.1.0", answer(`{"type":"object","additionalProperties":true}`), ""), of("3.1.0", answer(`{"type":"object"}`), "")},
		{"templates of one shape", "one path, however its operations call the parameter",
			of("3.1.0", item("/a/{id}", "id")+`,`+strings.Replace(item("/a/{key}", "key"), `"get"`, `"delete"`, 1), ""),
			of("3.1.0", strings.Replace(item("/a/{id}", "id"), `"get"`, `"delete":{"responses":{"200":{"description":"a"}}},"get"`, 1), "")},
		{"the case of an authentication scheme", "it has none (RFC 9110)",
			of("3.1.0", `"/a":{"get":{"security":[{"K":[]}],"responses":{"200":{"description":"a"}}}}`, `"securitySchemes":{"K":{"type":"http","scheme":"Bearer"}}`),
			of("3.1.0", `"/a":{"get":{"security":[{"K":[]}],"responses":{"200":{"description":"a"}}}}`, `"securitySchemes":{"K":{"type":"http","scheme":"bearer"}}`)},
		{"header names", "their case does not count",
			of("3.1.0", `"/a":{"get":{"parameters":[{"name":"X-Key","in":"header","schema":{"type":"string"}}],"responses":{"200":{"description":"a"}}}}`, ""),
			of("3.1.0", `"/a":{"get":{"parameters":[{"name":"x-key","in":"header","schema":{"type":"string"}}],"responses":{"200":{"description":"a"}}}}`, "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			noDrift(t, c.why, []byte(c.base), []byte(c.revision))
			noDrift(t, c.why+" (the other way round)", []byte(c.revision), []byte(c.base))
		})
	}
}

func TestYAMLIsNoDrift(t *testing.T) {
	t.Parallel()
	noDrift(t, "JSON with a comment is YAML", spectest.Seed(), append([]byte("# the same\n"), spectest.Seed()...))
}

// TestRandomEquivalents chains rewrites at random places in random order.
func TestRandomEquivalents(t *testing.T) {
	t.Parallel()
	all := rewrites()
	rapid.Check(t, func(rt *rapid.T) {
		base := tree(t)
		if rapid.Bool().Draw(rt, "with a body") {
			for _, e := range slices.Concat(withCreate(), withUnion()) {
				base = apply(t, base, e)
			}
		}
		w := &writer{doc: clone(base).(map[string]any), coin: rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))}
		var names []string
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			r := rapid.SampledFrom(all).Draw(rt, "rewrite")
			if r.name == "media type in capitals" || r.name == "an empty map of headers" {
				if _, named := w.doc["components"].(map[string]any)["responses"]; named {
					continue
				}
			}
			r.do(w)
			names = append(names, r.name)
		}
		noDrift(rt, strings.Join(names, ", "), text(t, base), text(t, w.doc))
	})
}

// TestRefactored rewrites documents of more operations, published ones where they
// are there, and their words too: nothing above info.
func TestRefactored(t *testing.T) {
	t.Parallel()
	documents := map[string][]byte{}
	t.Run("published", func(t *testing.T) { documents = spectest.SharedFiles(t, "diga/*.json") }) // skipped where they are not
	documents["made"] = spectest.Document(30)
	var all []rewrite
	for _, r := range slices.Concat(rewrites(), rewordings()) {
		if !strings.Contains(r.name, "the path") && !strings.Contains(r.name, "the document") { // which are about one operation
			all = append(all, r)
		}
	}
	rand.New(rand.NewPCG(1, 7)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	chains := slices.Collect(slices.Chunk(all, 6))
	if testing.Short() {
		chains = [][]rewrite{all}
	}
	for name, data := range documents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := spec.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			for i, chain := range chains {
				w := &writer{doc: clone(a.Tree).(map[string]any), coin: rand.New(rand.NewPCG(uint64(i), 7))}
				var names []string
				for _, r := range chain {
					r.do(w)
					names = append(names, r.name)
				}
				b, err := spec.Parse(text(t, w.doc))
				if err != nil {
					t.Fatal(names, err)
				}
				r, err := drift.Compare(context.Background(), a, b)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range r.Findings {
					if f.Severity != report.Info || f.Check == "other-changed" {
						t.Errorf("%s: %s %s: %s", names, f.Severity, f.Check, f.Message)
					}
				}
			}
		})
	}
}

type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

func text(t testing.TB, v any) []byte {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func noDrift(t failer, why string, base, revision []byte) {
	t.Helper()
	a, err := spec.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	b, err := spec.Parse(revision)
	if err != nil {
		t.Fatal(why, err, string(revision))
	}
	if !spec.Equal(a.Normalise(), b.Normalise()) && !strings.Contains(why, "it goes on") && !strings.Contains(why, "either") {
		t.Errorf("%s: the normal forms differ", why)
	}
	r, err := drift.Compare(context.Background(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Errorf("%s: %s %s: %s", why, f.Severity, f.Check, f.Message)
	}
}
