package coverage_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
)

// forBody is a document whose one operation answers a body of schema Root.
func forBody(root, others string) string {
	return document(`{"/a":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Root"}},
"image/png":{"schema":{"type":"string"}}}}}}}}`, `{"Root":`+root+others+`}`)
}

func TestBodies(t *testing.T) {
	t.Parallel()
	type try struct{ body, want string }
	for _, tt := range []struct {
		name, root, others string
		planned            string // without the status
		tries              []try
	}{
		{
			"properties and items", `{"type":"object","properties":{"z":{"type":"string"},"data":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"n":{"anyOf":[{"$ref":"#/components/schemas/Kind"},{"type":"null"}]}}}}}}`,
			`,"Kind":{"enum":["a","b\n"]}`, "z|data|data[].id|data[].n|data[].n=a|data[].n=\"b\\n\"|data[].n=null",
			[]try{
				{`{}`, ""},
				{`{"z":""}`, "z"},
				{"\n{ \"data\" : [ ] }", "data"},
				{`{"data":[{"id":1},{"n":"a"}],"other":{"id":[{"z":1}]}}`, "data|data[].id|data[].n|data[].n=a"},
				{`{"data":[{"n":null},{"n":"b\n"},{"n":"c"}]}`, "data|data[].n|data[].n=\"b\\n\"|data[].n=null"},
				{`{"d\u0061ta":[{"n":"\u0061"}]}`, "data|data[].n|data[].n=a"},
				{`{"data":{"id":1}}`, "data"},
				{`[{"z":1}]`, ""},
				{`{"other":"}\"]\\","z":1}`, "z"},
			},
		},
		{
			"values", `{"type":"object","properties":{"on":{"type":"boolean"},"n":{"enum":[1,2.5,"1",true,null,[1]]},"v":{"const":"x"}}}`, "",
			`on|on=true|on=false|n|n=1|n=2.5|n="1"|n=true|n=null|v|v=x`,
			[]try{{`{"on":false,"n":1.0,"v":"x"}`, "on|on=false|n|n=1|v|v=x"}, {`{"n":"1"}`, `n|n="1"`}, {`{"n":25e-1}`, "n|n=2.5"}, {`{"n":true,"on":"true"}`, "on|n|n=true"}},
		},
		{
			"put together", `{"allOf":[{"$ref":"#/components/schemas/Base"},{"oneOf":[{"properties":{"b":{"type":"string"}}},{"properties":{"c":{"type":"string"}}}]}],"if":{"properties":{"no":{}}},"then":{"properties":{"d":{}}}}`,
			`,"Base":{"properties":{"a":{"type":"string"}}}`, "a|b|c|d", []try{{`{"a":"","c":"","no":1}`, "a|c"}},
		},
		{
			"a tree", `{"$ref":"#/components/schemas/Tree"}`,
			`,"Tree":{"properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/components/schemas/Tree"}},"parent":{"anyOf":[{"$ref":"#/components/schemas/Tree"},{"type":"null"}]}}}`,
			"name|children|parent|parent=null", []try{{`{"children":[{"name":"x"}]}`, "children"}, {`{"parent":null}`, "parent|parent=null"}},
		},
		{
			"any name", `{"properties":{"a.b":{"type":"string"},"":{}},"patternProperties":{"^x":{"type":"boolean"}},"additionalProperties":{"properties":{"in":{}}}}`, "",
			`["a.b"]|[""]|*|*.in|*=true|*=false`, []try{{`{"xy":true}`, "*|*=true"}, {`{"else":{"in":1}}`, "*|*.in"}, {`{"":1,"a.b":1}`, `["a.b"]|[""]`}},
		},
		{"a list", `{"type":"array","prefixItems":[{"properties":{"a":{}}}],"items":{"properties":{"b":{}}}}`, "", "[].a|[].b", []try{{`[{},{"b":1,"a":2}]`, "[].a|[].b"}}},
		{"one value", `{"enum":["up","down"]}`, "", "=up|=down", []try{{`"up"`, "=up"}, {` "down" `, "=down"}}},
		{"what does not travel", `{"properties":{"a":{"writeOnly":true},"b":false,"c":{"readOnly":true}}}`, "", "c", []try{{`{"a":1,"c":1}`, "c"}}},
		{"nothing to count", `{"type":"string"}`, "", "", []try{{`"x"`, ""}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := validator(t, forBody(tt.root, tt.others))
			first := coverage.New(v)
			bare := func(list []string) string {
				for i := range list {
					list[i] = strings.TrimPrefix(list[i], "200 ")
				}
				slices.Sort(list)
				return strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "200" }), "|")
			}
			sorted := func(s string) string { return bare(strings.Split(s, "|")) }
			if diff := cmp.Diff(sorted(tt.planned), bare(planned(first.Report()))); diff != "" {
				t.Errorf("planned (-want +got):\n%s", diff)
			}
			for _, try := range tt.tries {
				c := first.Fresh()
				c.Record(get(t, v, "/a", http.StatusOK, try.body))
				if diff := cmp.Diff(sorted(try.want), bare(covered(c.Report()))); diff != "" {
					t.Errorf("%s covers (-want +got):\n%s", try.body, diff)
				}
			}
		})
	}
}

func TestBodiesThatAreNotLookedInto(t *testing.T) {
	t.Parallel()
	v := validator(t, forBody(`{"type":"object","properties":{"a":{}}}`, ""))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(`{"a":1}`))
	_ = z.Close()
	for _, tt := range []struct {
		name, why string
		header    http.Header
		body      string
		covers    bool
	}{
		{"JSON", "the ordinary case", http.Header{"Content-Type": {"application/json; charset=utf-8"}}, `{"a":1}`, true},
		{"a suffix", "RFC 6839", http.Header{"Content-Type": {"application/problem+json"}}, `{"a":1}`, true},
		{"by hand", "recorded traffic may come without a header", nil, `{"a":1}`, true},
		{"another type", "it is no JSON", http.Header{"Content-Type": {"image/png"}}, `{"a":1}`, false},
		{"no type", "nobody knows what it is", http.Header{}, `{"a":1}`, false},
		{"packed", "it is unpacked", http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, packed.String(), true},
		{"packed in another way", "it cannot be unpacked", http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"compress"}}, `{"a":1}`, false},
		{"broken off", "it is no JSON", http.Header{"Content-Type": {"application/json"}}, `{"a":1,`, false},
		{"nothing", "there is no body", http.Header{"Content-Type": {"application/json"}}, ``, false},
	} {
		c := coverage.New(v)
		x := get(t, v, "/a", http.StatusOK, "")
		x.Header, x.Body = tt.header, []byte(tt.body)
		x.Violations = v.Response(x.Operation, x.Status, x.Header, x.Body)
		c.Record(x)
		if r := c.Report(); (r.Totals.Properties.Covered == 1) != tt.covers || r.Totals.Statuses.Covered != 1 {
			t.Errorf("%s: covers %+v: %s", tt.name, r.Totals, tt.why)
		}
	}
}

func TestRequestBodies(t *testing.T) {
	t.Parallel()
	v := validator(t, document(`{"/a":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/New"}}}},
"responses":{"201":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/New"}}}},"204":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/New"}}}}}},
"head":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/New"}}}}}}}}`,
		`{"New":{"properties":{"id":{"readOnly":true},"secret":{"writeOnly":true},"kind":{"enum":["a","b"]}}}}`))
	c := coverage.New(v, coverage.UnsafeMethods())
	want := lines("request secret\nrequest kind\nrequest kind=a\nrequest kind=b\n201\n201 id\n201 kind\n201 kind=a\n201 kind=b\n204\n200")
	if diff := cmp.Diff(want, planned(c.Report())); diff != "" {
		t.Errorf("planned (-want +got):\n%s", diff)
	}
	r := httptest.NewRequest(http.MethodPost, "/a", nil)
	r.Header.Set("Content-Type", "application/json")
	c.Record(exchange(t, v, r, `{"secret":"x","kind":"b"}`, http.StatusCreated, `{"id":1,"kind":"a"}`))
	want = lines("request secret\nrequest kind\nrequest kind=b\n201\n201 id\n201 kind\n201 kind=a")
	if diff := cmp.Diff(want, covered(c.Report())); diff != "" {
		t.Errorf("covered (-want +got):\n%s", diff)
	}
}

func TestPlansAreBounded(t *testing.T) {
	t.Parallel()
	// Each level refers twice to the next: 2^20 properties, written in 20 schemas.
	levels := ""
	for i := range 20 {
		next := `{"$ref":"#/components/schemas/L` + strconv.Itoa(i+1) + `"}`
		levels += `,"L` + strconv.Itoa(i) + `":{"properties":{"a":` + next + `,"b":` + next + `}}`
	}
	c := coverage.New(validator(t, forBody(`{"$ref":"#/components/schemas/L0"}`, levels+`,"L20":{"type":"string"}`)))
	if r := c.Report(); !r.Operations[0].Bounded || r.Totals.Properties.Total != 5000 {
		t.Errorf("planned %d properties, bounded %v", r.Totals.Properties.Total, r.Operations[0].Bounded)
	}
	paths := ""
	for i := range 4 {
		paths += `,"/` + strconv.Itoa(i) + `":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/L0"}}}}}}}`
	}
	all := coverage.New(validator(t, document("{"+paths[1:]+"}", "{"+levels[1:]+`,"L20":{"type":"string"}}`)))
	if r := all.Report(); len(r.Missing) != 10_000 || r.Total < 20_000 {
		t.Errorf("%d of %d are listed", len(r.Missing), r.Total)
	}
	around := coverage.New(validator(t, forBody(`{"properties":{"a":{"allOf":[{"$ref":"#/components/schemas/Root"}]}}}`, "")))
	if r := around.Report(); r.Operations[0].Bounded || r.Totals.Properties.Total > 3 {
		t.Errorf("a schema inside itself is planned as %v", planned(r))
	}
}

const fuzzed = `{"type":"object","properties":{"a":{"enum":["x","y","é",1,2.5,null,true]},"b":{"type":"array","items":{"$ref":"#/components/schemas/Root"}},
"c":{"type":"array","items":{"type":"array","items":{"type":["boolean","null"]}}},"d\"e":{"properties":{"a":{}}}},"additionalProperties":{"properties":{"f":{}}}}`

// FuzzRecordBody gives bodies of every sort. Whatever they are, nothing panics; of
// JSON that names nothing twice, what is covered is what a plain decoder sees.
func FuzzRecordBody(f *testing.F) {
	v := validator(f, forBody(fuzzed, ""))
	uncovered := coverage.New(v)
	for _, seed := range []string{
		`{"a":"x","b":[{"a":1}],"c":[[true,null],[]],"d\"e":{"a":2},"g":{"f":{"f":[]}}}`, `{"a":"\u00e9","\u0061":25e-1}`, `[`, `{"a":`, `{"a" "x"}`,
		`{"b":[{}{}]}`, `"\`, `{"c":[[tru]]}`, "\xff", `{"a":2.50,}`, `{"d\"e":{"a\\":1}}`, ` null `, `{"a":-0,"c":[[[[]]]]}`,
	} {
		f.Add([]byte(seed))
	}
	r := httptest.NewRequest(http.MethodGet, "/a", nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		c := uncovered.Fresh()
		x := contract.Exchange{Operation: v.Operations()[0], Request: r, Status: http.StatusOK, Body: body}
		c.Record(x)
		first := c.Report()
		c.Record(x)
		if again := c.Report(); again.Covered != first.Covered || first.Covered > first.Total {
			t.Fatalf("covered %d of %d, and %d when it came again", first.Covered, first.Total, again.Covered)
		}
		var value any
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		if !json.Valid(body) || decoder.Decode(&value) != nil || bytes.ContainsRune(body, '\uFFFD') || !bytes.Equal(body, bytes.ToValidUTF8(body, nil)) {
			return
		}
		want := map[string]bool{"200": true}
		root(value, want)
		got := map[string]bool{}
		for _, item := range covered(first) {
			got[item] = true
		}
		missing := slices.DeleteFunc(slices.Sorted(maps.Keys(want)), func(k string) bool { return got[k] })
		excess := slices.DeleteFunc(slices.Sorted(maps.Keys(got)), func(k string) bool { return want[k] })
		if len(missing) > 0 || len(excess) > 0 && !repeats(body) {
			t.Errorf("%s\nmisses %q\nhas too much %q", body, missing, excess)
		}
	})
}

// root is the oracle of fuzzed: what a decoded body covers.
func root(value any, seen map[string]bool) {
	object, _ := value.(map[string]any)
	for name, inner := range object {
		switch name {
		case "a":
			seen["200 a"] = true
			switch inner := inner.(type) {
			case nil:
				seen["200 a=null"] = true
			case bool:
				seen["200 a=true"] = seen["200 a=true"] || inner
			case string:
				if slices.Contains([]string{"x", "y", "é"}, inner) {
					seen["200 a="+inner] = true
				}
			case json.Number:
				if n, err := inner.Float64(); err == nil && (n == 1 || n == 2.5) {
					seen["200 a="+strconv.FormatFloat(n, 'g', -1, 64)] = true
				}
			}
		case "b":
			seen["200 b"] = true
		case "c":
			seen["200 c"] = true
			outer, _ := inner.([]any)
			for _, list := range outer {
				items, _ := list.([]any)
				for _, item := range items {
					if b, ok := item.(bool); ok {
						seen["200 c[][]="+strconv.FormatBool(b)] = true
					} else if item == nil {
						seen["200 c[][]=null"] = true
					}
				}
			}
		case `d"e`:
			seen[`200 ["d\"e"]`] = true
			if m, ok := inner.(map[string]any); ok && has(m, "a") {
				seen[`200 ["d\"e"].a`] = true
			}
		default:
			seen["200 *"] = true
			if m, ok := inner.(map[string]any); ok && has(m, "f") {
				seen["200 *.f"] = true
			}
		}
	}
	for key, was := range seen {
		if !was {
			delete(seen, key)
		}
	}
}

func has(m map[string]any, name string) bool {
	_, ok := m[name]
	return ok
}

// repeats tells whether an object may name something twice, of which the oracle
// sees the last alone.
func repeats(body []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(body))
	names := map[string]bool{}
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if name, ok := token.(string); ok {
			if names[name] {
				return true
			}
			names[name] = true
		}
	}
}
