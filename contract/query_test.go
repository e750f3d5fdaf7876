package contract_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract"
)

func TestQueryScalars(t *testing.T) {
	t.Parallel()
	v, strict := diga(t), diga(t, contract.Strict())
	const id = "550e8400-e29b-41d4-a716-446655440000"
	limit, page := "invalid_parameter query:limit type", "invalid_parameter query:page type"
	for _, c := range []struct {
		name, why, query string
		want             []string
		strict           []string // when it differs
	}{
		{name: "nothing", why: "no parameter is required"},
		{name: "all", why: "each of them", query: "after=" + id + "&before=" + id + "&page=1&limit=1000&order=desc"},
		{name: "empty pairs", why: "&& is nothing", query: "&&limit=5&"},
		{name: "zero", why: "minimum", query: "limit=0", want: []string{"invalid_parameter query:limit minimum"}},
		{name: "too many", why: "maximum", query: "limit=1001", want: []string{"invalid_parameter query:limit maximum"}},
		{name: "leading zeros", why: "still ASCII digits", query: "limit=0050"},
		{name: "word", why: "no integer", query: "limit=abc", want: []string{limit}},
		{name: "exponent", why: "1e2 is no run of digits", query: "limit=1e2", want: []string{limit}},
		{name: "plus", why: "+ is a space, %2B a plus; neither is a digit", query: "limit=+5&limit=%2B5", want: []string{limit},
			strict: []string{"repeated_parameter query:limit", limit}},
		{name: "space", why: "no trimming", query: "limit=%205", want: []string{limit}},
		{name: "fraction", why: "5.0 is a number, not digits", query: "limit=5.0", want: []string{limit}},
		{name: "other digits", why: "Arabic-Indic three is no ASCII digit", query: "limit=%D9%A3", want: []string{limit}},
		{name: "empty integer", why: "an empty value is no integer", query: "page=", want: []string{page}},
		{name: "no equals sign", why: "the same as empty", query: "page", want: []string{page}},
		{name: "null integer", why: "text has no null", query: "page=null", want: []string{page}},
		{name: "int64 max", why: "integers are exact", query: "page=9223372036854775807"},
		{name: "beyond int64", why: "fits the schema, but no receiver", query: "page=9223372036854775808", want: []string{"beyond_int64 query:page type"}},
		{name: "very long", why: "as above", query: "page=" + strings.Repeat("9", 400), want: []string{"beyond_int64 query:page type"}},
		{name: "absurdly long", why: "beyond 4300 digits nothing is computed", query: "page=" + strings.Repeat("9", 5000), want: []string{page}},
		{name: "minus zero", why: "is zero, below the minimum", query: "page=-0", want: []string{"invalid_parameter query:page minimum"}},
		{name: "uuid upper case", why: "either case", query: "after=" + strings.ToUpper(id)},
		{name: "uuid braces", why: "only the canonical form", query: "after=%7B" + id + "%7D", want: []string{"invalid_parameter query:after format"}},
		{name: "uuid urn", why: "only the canonical form", query: "after=urn:uuid:" + id, want: []string{"invalid_parameter query:after format"}},
		{name: "uuid empty", why: "null of anyOf is not reachable from text", query: "after=", want: []string{"invalid_parameter query:after format"}},
		{name: "uuid null", why: "nor by its name", query: "after=null", want: []string{"invalid_parameter query:after format"}},
		{name: "enum case", why: "enums are exact", query: "order=ASC", want: []string{"invalid_parameter query:order enum"}},
		{name: "bad encoding", why: "names the parameter", query: "order=%zz", want: []string{"malformed_parameter query:order"}},
		{name: "cut encoding", why: "names the parameter", query: "order=%4", want: []string{"malformed_parameter query:order"}},
		{name: "not UTF-8", why: "names the parameter", query: "order=%ff", want: []string{"malformed_parameter query:order"}},
		{name: "bad encoding elsewhere", why: "even in a name nobody declared", query: "%zz=1", want: []string{"malformed_parameter query:%zz"}},
		{name: "unknown", why: "passes unless strict", query: "colour=red", strict: []string{"undeclared_parameter query:colour"}},
		{name: "case of names", why: "names are exact", query: "Limit=0", strict: []string{"undeclared_parameter query:Limit"}},
		{name: "repeated", why: "passes unless strict", query: "limit=1&limit=2", strict: []string{"repeated_parameter query:limit"}},
		{name: "repeated, bad second", why: "every occurrence is judged", query: "limit=1&limit=zzz", want: []string{limit},
			strict: []string{"repeated_parameter query:limit", limit}},
		{name: "encoded name", why: "names are decoded first", query: "li%6Dit=0", want: []string{"invalid_parameter query:limit minimum"}},
		{name: "semicolon", why: "is data", query: "order=asc;limit=0", want: []string{"invalid_parameter query:order enum"}},
		{name: "several", why: "sorted by name", query: "page=0&limit=0&after=x", want: []string{
			"invalid_parameter query:after format", "invalid_parameter query:limit minimum", "invalid_parameter query:page minimum"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/v1/api_key/", nil)
			r.URL.RawQuery = c.query
			if diff := cmp.Diff(c.want, brief(v.Request(list(t, v), r, nil))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
			want := c.strict
			if want == nil {
				want = c.want
			}
			if strings.HasPrefix(c.query, "%zz") {
				return // in strict mode it is malformed, and that is said once
			}
			if diff := cmp.Diff(want, brief(strict.Request(list(t, strict), r, nil))); diff != "" {
				t.Errorf("strict: %s (-want +got):\n%s", c.why, diff)
			}
			if r.URL.RawQuery != c.query {
				t.Error("the query was rewritten")
			}
		})
	}
}

func TestMessagesNameRulesNotValues(t *testing.T) {
	t.Parallel()
	v := diga(t, contract.Strict())
	r := httptest.NewRequest("GET", "/v1/api_key/", nil)
	r.URL.RawQuery = "limit=sk-secret&after=sk-secret&order=sk-secret&page=0"
	want := []string{
		"request query after: must match format uuid",
		"request query limit: must be an integer",
		`request query order: must be one of "asc", "desc"`,
		"request query page: must be >= 1",
	}
	var got []string
	for _, violation := range v.Request(list(t, v), r, nil) {
		got = append(got, violation.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A scalar integer parameter is accepted exactly when it is what the rule says.
func TestQueryIntegerProperty(t *testing.T) {
	t.Parallel()
	v := diga(t)
	o := list(t, v)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[-+]?[0-9]{0,4}(\.0)?(e1)?`).Draw(t, "text")
		r := httptest.NewRequest("GET", "/v1/api_key/", nil)
		r.URL.RawQuery = "limit=" + url.QueryEscape(text)
		plain := strings.TrimLeft(text, "0")
		valid := text != "" && strings.Trim(text, "0123456789") == "" && plain != "" &&
			(len(plain) < 4 || plain == "1000")
		if got := v.Request(o, r, nil); (got == nil) != valid {
			t.Fatalf("limit=%s: %v", text, got)
		}
	})
}

func TestQueryOfArraysInsideThemselves(t *testing.T) {
	t.Parallel()
	v := compiled(t, doc31(`{"name":"a","in":"query","schema":{"type":"array","maxItems":2,"items":{"$ref":"#/paths/~1x/get/parameters/0/schema"}}}`, `"200":{"description":"d"}`))
	r := httptest.NewRequest("GET", "/x?a=1&a=2&a=3", nil)
	expect(t, brief(v.Request(v.Operations()[0], r, nil)), "invalid_parameter query:a maxItems",
		"invalid_parameter query:a /0 type", "invalid_parameter query:a /1 type", "invalid_parameter query:a /2 type")
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"", "limit=5", "limit=%", "limit=%zz&limit=1", "after=&before=null", "a=b;c=d", "&=&", "page=-0", "order=asc&order=",
		"filter[min]=1&filter[", "ids=1,2,,", "state=new&state=", "sizes=1%7C2|3", "where=%7B%22city%22:1e999999999%7D", "count=00000000000",
	} {
		f.Add(seed)
	}
	validators := []*contract.Validator{diga(f), diga(f, contract.Strict()), depot(f), depot(f, contract.Strict())}
	operations := []*contract.Operation{list(f, validators[0]), list(f, validators[1]),
		route(f, validators[2], "GET", "/parcels"), route(f, validators[3], "GET", "/parcels")}
	f.Fuzz(func(t *testing.T, query string) {
		for i, v := range validators {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL.RawQuery = query
			first := v.Request(operations[i], r, nil)
			if r.URL.RawQuery != query {
				t.Fatal("the query was rewritten")
			}
			if diff := cmp.Diff(first, v.Request(operations[i], r, nil)); diff != "" {
				t.Fatalf("two verdicts for one query:\n%s", diff)
			}
			for _, violation := range first {
				if line := violation.String(); !utf8.ValidString(line) || len(line) > 600 {
					t.Fatalf("unfit text: %q", line)
				}
			}
		}
	})
}
