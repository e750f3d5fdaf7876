package coverage_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/coverage"
)

// forParameter is a document whose one operation has one parameter, optional
// unless the text says more.
func forParameter(parameter string) string {
	return document(`{"/a/{id}":{"get":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string","maxLength":3}},
{"name":"p",`+parameter+`}],"responses":{"200":{"description":"d"}}}}}`, `{"Level":{"enum":["low","high"]}}`)
}

func TestParameters(t *testing.T) {
	t.Parallel()
	type try struct {
		query string
		want  string // what of p it covers
	}
	for _, tt := range []struct {
		name, parameter string
		planned         string
		tries           []try
	}{
		{
			"integer", `"in":"query","schema":{"type":"integer","minimum":1,"maximum":10,"default":3,"multipleOf":1}`,
			"query p|p: left out (default 3)|p: minimum 1|p: below minimum 1|p: maximum 10|p: above maximum 10|p: not an integer|p: not a multiple of 1",
			[]try{
				{"", "p: left out (default 3)"},
				{"p=1", "query p|p: minimum 1"},
				{"p=01", "query p|p: minimum 1"},
				{"%70=1", "query p|p: minimum 1"},
				{"p=10&q=1", "query p|p: maximum 10"},
				{"p=5", "query p"},
				{"p=0", "query p|p: below minimum 1"},
				{"p=-99999999999999999999", "query p|p: below minimum 1"},
				{"p=11", "query p|p: above maximum 10"},
				{"p=%2B1", "query p|p: not an integer"},
				{"p=1.0", "query p|p: not an integer"},
				{"p=", "query p|p: not an integer"},
				{"p=abc", "query p|p: not an integer"},
				{"p=1&p=10", "query p|p: minimum 1|p: maximum 10"},
				{"P=1", "p: left out (default 3)"},
			},
		},
		{
			"exclusive integer", `"in":"query","schema":{"type":"integer","exclusiveMinimum":0,"maximum":9.5}`,
			"query p|p: minimum 1|p: below minimum 1|p: maximum 9|p: above maximum 9|p: not an integer",
			[]try{{"p=1", "query p|p: minimum 1"}, {"p=0", "query p|p: below minimum 1"}, {"p=9", "query p|p: maximum 9"}, {"p=10", "query p|p: above maximum 9"}},
		},
		{
			"integer between integers", `"in":"query","schema":{"type":"integer","minimum":-1.5,"exclusiveMaximum":2.5}`,
			"query p|p: minimum -1|p: below minimum -1|p: maximum 2|p: above maximum 2|p: not an integer",
			[]try{{"p=-1", "query p|p: minimum -1"}, {"p=-2", "query p|p: below minimum -1"}, {"p=2", "query p|p: maximum 2"}, {"p=3", "query p|p: above maximum 2"}},
		},
		{
			"number", `"in":"query","schema":{"type":"number","minimum":0.5,"exclusiveMaximum":2}`,
			"query p|p: minimum 0.5|p: below minimum 0.5|p: not below 2|p: not a number",
			[]try{{"p=0.50", "query p|p: minimum 0.5"}, {"p=5e-1", "query p|p: minimum 0.5"}, {"p=2", "query p|p: not below 2"}, {"p=0x1", "query p|p: not a number"}},
		},
		{
			"null aside", `"in":"query","schema":{"anyOf":[{"type":"integer","minimum":1},{"type":"null"}]}`,
			"query p|p: minimum 1|p: below minimum 1|p: not an integer",
			[]try{{"p=1", "query p|p: minimum 1"}, {"p=0", "query p|p: below minimum 1"}, {"p=null", "query p|p: not an integer"}},
		},
		{
			"alternatives", `"in":"query","schema":{"oneOf":[{"type":"integer","minimum":1},{"type":"string","format":"uuid"}]}`,
			"query p|p: minimum 1|p: fits no alternative",
			[]try{{"p=1", "query p|p: minimum 1"}, {"p=0", "query p|p: fits no alternative"}, {"p=x", "query p|p: fits no alternative"}},
		},
		{
			"text", `"in":"query","required":true,"schema":{"type":"string","minLength":2,"maxLength":4,"pattern":"^[a-zé]*$"}`,
			"query p|p: left out, though required|p: shortest: 2 characters|p: shorter than 2 characters|p: longest: 4 characters|p: longer than 4 characters|p: not matching ^[a-zé]*$",
			[]try{
				{"", "p: left out, though required"},
				{"p=%C3%A9a", "query p|p: shortest: 2 characters"},
				{"p=abcd", "query p|p: longest: 4 characters"},
				{"p=a", "query p|p: shorter than 2 characters"},
				{"p=abcde", "query p|p: longer than 4 characters"},
				{"p=A+a", "query p|p: not matching ^[a-zé]*$"},
			},
		},
		{
			"values by reference", `"in":"query","schema":{"allOf":[{"$ref":"#/components/schemas/Level"}],"type":"string","default":"low"}`,
			"query p|p: left out (default low)|p: none of the values allowed|p=low|p=high",
			[]try{{"p=high", "query p|p=high"}, {"p=HIGH", "query p|p: none of the values allowed"}},
		},
		{
			"numbers as values", `"in":"query","schema":{"type":"integer","enum":[1,10]}`,
			"query p|p: not an integer|p: none of the values allowed|p=1|p=10",
			[]try{{"p=010", "query p|p=10"}, {"p=2", "query p|p: none of the values allowed"}},
		},
		{
			"boolean", `"in":"query","schema":{"type":"boolean"}`, "query p|p: neither true nor false|p=true|p=false",
			[]try{{"p=true", "query p|p=true"}, {"p=yes", "query p|p: neither true nor false"}},
		},
		{
			"list", `"in":"query","schema":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"type":"integer","maximum":9}}`,
			"query p|p: fewest items: 1|p: fewer items than 1|p: most items: 2|p: more items than 2|p: an item twice|p: item: maximum 9|p: item: above maximum 9|p: item: not an integer",
			[]try{
				{"p=9", "query p|p: fewest items: 1|p: item: maximum 9"},
				{"p=1&p=2", "query p|p: most items: 2"},
				{"p=1&p=1", "query p|p: most items: 2|p: an item twice"},
				{"p=1&p=2&p=3", "query p|p: more items than 2"},
				{"p=1&p=10", "query p|p: most items: 2|p: item: above maximum 9"},
			},
		},
		{
			"list with commas", `"in":"query","explode":false,"schema":{"type":"array","maxItems":2,"items":{"enum":["a","b,c"],"type":"string"}}`,
			"query p|p: most items: 2|p: more items than 2|p: item: none of the values allowed|p=a|p=b,c",
			[]try{{"p=a,b%2Cc", "query p|p: most items: 2|p=a|p=b,c"}, {"p=d", "query p|p: item: none of the values allowed"}},
		},
		{
			"deep object", `"in":"query","style":"deepObject","explode":true,"schema":{"type":"object","properties":{"x":{"type":"string"}}}`,
			"query p", []try{{"p[x]=1", "query p"}, {"p%5Bx%5D=1", "query p"}, {"x=1", ""}},
		},
		{
			"exploded object", `"in":"query","schema":{"type":"object","properties":{"x":{"type":"string"}}}`,
			"query p", []try{{"x=1", "query p"}, {"y=1", ""}},
		},
		{
			"by content", `"in":"query","content":{"application/json":{"schema":{"type":"integer","minimum":1}}}`,
			"query p", []try{{"p=1", "query p"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := validator(t, forParameter(tt.parameter))
			first := coverage.New(v)
			const always = "path id|id: longest: 3 characters|id: longer than 3 characters|"
			if diff := cmp.Diff(always+tt.planned+"|200", strings.Join(planned(first.Report()), "|")); diff != "" {
				t.Errorf("planned (-want +got):\n%s", diff)
			}
			for _, try := range tt.tries {
				c := first.Fresh()
				c.Record(get(t, v, "/a/1?"+try.query, http.StatusOK, ""))
				got := strings.TrimSuffix(strings.TrimPrefix(strings.Join(covered(c.Report()), "|"), "path id"), "|200")
				if got = strings.TrimPrefix(got, "|"); got != try.want {
					t.Errorf("%s covers %q, want %q", try.query, got, try.want)
				}
			}
		})
	}
}

func TestParametersOutsideOfTheQuery(t *testing.T) {
	t.Parallel()
	v := validator(t, document(`{"/a/{id}":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer"}},
{"name":"X-Level","in":"header","schema":{"type":"string"}}],
"get":{"parameters":[{"name":"X-Level","in":"header","schema":{"type":"array","items":{"$ref":"#/components/schemas/Level"}}},
{"name":"Accept","in":"header","schema":{"type":"string"}},{"name":"id","in":"path","required":true,"schema":{"type":"string","maxLength":3}},
{"name":"sort","in":"cookie","schema":{"enum":["up","down"]}}],"responses":{"200":{"description":"d"}}}}}`, `{"Level":{"enum":["low","high"]}}`))
	c := coverage.New(v)
	want := lines(`
path id
id: longest: 3 characters
id: longer than 3 characters
header X-Level
X-Level: item: none of the values allowed
X-Level=low
X-Level=high
cookie sort
sort: none of the values allowed
sort=up
sort=down
200`)
	if diff := cmp.Diff(want, planned(c.Report())); diff != "" {
		t.Errorf("planned (-want +got):\n%s", diff)
	}
	r := httptest.NewRequest(http.MethodGet, "/a/%C3%A9ab", nil)
	r.Header.Set("X-Level", "low, none")
	r.AddCookie(&http.Cookie{Name: "sort", Value: "down"})
	c.Record(exchange(t, v, r, "", http.StatusOK, ""))
	want = lines(`
path id
id: longest: 3 characters
header X-Level
X-Level: item: none of the values allowed
X-Level=low
cookie sort
sort=down
200`)
	if diff := cmp.Diff(want, covered(c.Report())); diff != "" {
		t.Errorf("covered (-want +got):\n%s", diff)
	}
}
