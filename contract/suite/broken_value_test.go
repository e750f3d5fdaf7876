package suite_test

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/suite"
)

// refuses answers 422 where a query is so.
func refuses(so func(q url.Values) bool) around {
	return instead(func(r *http.Request) *reply {
		if strings.Contains(r.Header.Get("Authorization"), "unrestricted") && so(r.URL.Query()) {
			return envelope(http.StatusUnprocessableEntity)
		}
		return nil
	})
}

// What is to be accepted.
var brokenAcceptance = []broken{
	{
		name: "refuses the maximum", around: refuses(func(q url.Values) bool { return q.Get("limit") == "1000" }),
		check: "positive_data_acceptance", cases: []string{"limit: maximum"},
	},
	{
		name: "refuses the minimum", around: refuses(func(q url.Values) bool { return q.Get("limit") == "1" }),
		check: "positive_data_acceptance", cases: []string{"limit: minimum"},
	},
	{
		name: "refuses the default when it is given", around: refuses(func(q url.Values) bool { return q.Get("limit") == "50" }),
		check: "positive_data_acceptance", cases: []string{"limit: default"},
	},
	{
		name: "refuses a value of the enum", around: refuses(func(q url.Values) bool { return q.Get("order") == "asc" }),
		check: "positive_data_acceptance", cases: []string{"order: asc"},
	},
	{
		name: "refuses the ids it gives", around: refuses(func(q url.Values) bool { return q.Has("after") }),
		check: "positive_data_acceptance", cases: []string{"after: id of an item"},
	},
	{
		name: "refuses a whole parameter", around: refuses(func(q url.Values) bool { return q.Has("page") }),
		check: "positive_data_acceptance", cases: []string{"page: minimum"},
	},
	{
		name: "fails over two parameters together",
		around: instead(func(r *http.Request) *reply {
			if q := r.URL.Query(); q.Get("order") == "asc" && q.Get("limit") == "999" {
				return envelope(http.StatusInternalServerError)
			}
			return nil
		}),
		check: "not_a_server_error",
	},
	{
		name: "answers a page with a status of its own",
		around: answered(func(r *http.Request, a *reply) {
			if r.URL.Query().Get("page") == "2" && a.status == http.StatusOK {
				a.status = http.StatusPartialContent
			}
		}),
		check: "status_code_conformance",
	},
	{
		name: "answers with an item that lacks a required property when asked for one",
		around: answered(func(r *http.Request, a *reply) {
			if r.URL.Query().Get("limit") == "1" {
				a.edit(func(body map[string]any) { items(body, func(item map[string]any) { delete(item, "creator_id") }) })
			}
		}),
		check: "response_schema_conformance",
	},
	{
		name: "breaks off when asked for all",
		around: answered(func(r *http.Request, a *reply) {
			if r.URL.Query().Get("limit") == "1000" && a.status == http.StatusOK {
				panic(http.ErrAbortHandler)
			}
		}),
		check: "response_completeness",
	},
}

// What is to be refused.
var brokenRejection = []broken{
	{
		name: "takes a limit that is no number for the default",
		around: changedQuery(func(q url.Values) {
			if !isNumber(q.Get("limit")) {
				q.Del("limit")
			}
		}),
		check: "negative_data_rejection", cases: []string{"limit: not a number", "limit: fraction", "limit: boolean for a number", "limit: empty"},
	},
	{
		name: "reads the digits a number begins with",
		around: changedQuery(func(q url.Values) {
			if page := q.Get("page"); page != "" && page[0] >= '1' && page[0] <= '9' && len(page) < 10 {
				q.Set("page", page[:len(page)-len(strings.TrimLeft(page, "0123456789"))])
			}
		}),
		check: "negative_data_rejection", cases: []string{"page: digits and letters", "page: fraction"},
	},
	{
		name: "cuts the limit to the maximum",
		around: changedQuery(func(q url.Values) {
			if n, err := strconv.ParseFloat(q.Get("limit"), 64); err == nil && n > 1000 {
				q.Set("limit", "1000")
			}
		}),
		check: "negative_data_rejection", cases: []string{"limit: above the maximum", "limit: far above the maximum", "limit: a number of 40 digits"},
	},
	{
		name: "takes 0 for the default",
		around: changedQuery(func(q url.Values) {
			if q.Get("limit") == "0" {
				q.Del("limit")
			}
		}),
		check: "negative_data_rejection", cases: []string{"limit: below the minimum"},
	},
	{
		name: "counts pages from 0",
		around: changedQuery(func(q url.Values) {
			if q.Get("page") == "0" {
				q.Set("page", "1")
			}
		}),
		check: "negative_data_rejection", cases: []string{"page: below the minimum"},
	},
	{
		name: "reads an enum in any case",
		around: changedQuery(func(q url.Values) {
			if q.Has("order") {
				q.Set("order", strings.ToLower(q.Get("order")))
			}
		}),
		check: "negative_data_rejection", cases: []string{"order: enum in another case: ASC", "order: enum in another case: DESC"},
	},
	{
		name: "sorts by the default when it does not know the order",
		around: changedQuery(func(q url.Values) {
			if o := q.Get("order"); o != "asc" && o != "desc" {
				q.Del("order")
			}
		}),
		check: "negative_data_rejection", cases: []string{"order: not in the enum", "order: empty"},
	},
	{
		name: "begins at the beginning after what is no id",
		around: changedQuery(func(q url.Values) {
			if len(q.Get("after")) != 36 || strings.Contains(q.Get("after"), "g") {
				q.Del("after")
			}
		}),
		check: "negative_data_rejection",
		cases: []string{"after: not a uuid", "after: uuid cut by one", "after: uuid with one digit more", "after: uuid that is not hexadecimal"},
	},
	{
		name: "takes empty values for none",
		around: changedQuery(func(q url.Values) {
			for name := range q {
				if q.Get(name) == "" {
					q.Del(name)
				}
			}
		}),
		check: "negative_data_rejection", cases: []string{"after: empty", "page: empty", "limit: empty", "order: empty"},
	},
	{
		name: "lets large numbers wrap around",
		around: changedQuery(func(q url.Values) {
			if n, err := strconv.ParseUint(q.Get("limit"), 10, 64); err == nil && n > math.MaxInt64 {
				q.Set("limit", strconv.FormatUint(n-math.MaxInt64, 10))
			}
		}),
		check: "negative_data_rejection", cases: []string{"limit: far above the maximum"},
	},
	{
		name: "refuses with a status of its own",
		around: answered(func(r *http.Request, a *reply) {
			if a.status == http.StatusUnprocessableEntity {
				a.status = http.StatusBadRequest
			}
		}),
		check: "status_code_conformance",
	},
	{
		name: "refuses in plain text",
		around: answered(func(r *http.Request, a *reply) {
			if a.status == http.StatusUnprocessableEntity {
				a.header.Set("Content-Type", "text/plain")
				a.body = []byte("no")
			}
		}),
		check: "content_type_conformance",
	},
	{
		name: "refuses with the error body of its framework",
		around: answered(func(r *http.Request, a *reply) {
			if a.status == http.StatusUnprocessableEntity {
				a.body = []byte(`{"detail":[{"loc":["query","limit"],"msg":"value is not a valid integer","type":"type_error.integer"}]}`)
			}
		}),
		check: "response_schema_conformance",
	},
	{
		name: "fails over what is no number",
		around: instead(func(r *http.Request) *reply {
			if r.URL.Query().Get("limit") == "abc" {
				return envelope(http.StatusInternalServerError)
			}
			return nil
		}),
		check: "not_a_server_error",
	},
}

// TestMistakesOfValuesAreOneFinding: a server that takes mistakes silently is told of once
// for each operation, with the other parameters and mistakes as examples; once more for
// empty values, if they are no null as is assumed.
func TestMistakesOfValuesAreOneFinding(t *testing.T) {
	t.Parallel()
	r, err := serve(t, changedQuery(func(q url.Values) { clear(q) }), func(to *suite.Target) { to.Only = "negative_data_rejection" })
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"after: not a uuid", "limit: fraction", "order: not in the enum"}, {"after: empty", "page: empty"}}
	if len(r.Findings) != len(want) {
		t.Fatalf("%d findings: %v", len(r.Findings), r.Findings)
	}
	for i, f := range r.Findings {
		for _, name := range want[i] {
			if !shows(f, name) {
				t.Errorf("%q is no example of %s", name, f.Message)
			}
		}
		if f.Count != 1+len(f.Examples) || (f.Assumption != "") != (i == 1) {
			t.Errorf("%s: %d times, with %d examples, resting on %q", f.Message, f.Count, len(f.Examples), f.Assumption)
		}
	}
}
