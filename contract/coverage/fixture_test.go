package coverage_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
)

// document wraps paths and schemas.
func document(paths, schemas string) string {
	return `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":` + paths + `,"components":{"schemas":` + schemas + `}}`
}

func validator(tb testing.TB, document string) *contract.Validator {
	tb.Helper()
	v, err := contract.New([]byte(document))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// exchange is what a door would tell of a request and its answer: judged by the
// validator. Nothing in it is made up.
func exchange(tb testing.TB, v *contract.Validator, r *http.Request, requestBody string, status int, body string) contract.Exchange {
	tb.Helper()
	op, _, err := v.Route(r.Method, r.URL.EscapedPath())
	if err != nil {
		tb.Fatal(err)
	}
	header := http.Header{}
	if body != "" {
		header.Set("Content-Type", "application/json")
	}
	x := contract.Exchange{
		Operation: op, Request: r, RequestBody: []byte(requestBody), Status: status, Header: header, Body: []byte(body),
	}
	x.Violations = slices.Concat(v.Request(op, r, x.RequestBody), v.Response(op, status, header, x.Body))
	return x
}

func get(tb testing.TB, v *contract.Validator, target string, status int, body string) contract.Exchange {
	tb.Helper()
	return exchange(tb, v, httptest.NewRequest(http.MethodGet, target, nil), "", status, body)
}

// covered lists what has a count, each thing by where it stands.
func covered(r coverage.Report) []string {
	return pick(r, func(i coverage.Item) bool { return i.Count > 0 })
}

// planned lists all there is to cover.
func planned(r coverage.Report) []string { return pick(r, func(coverage.Item) bool { return true }) }

func pick(r coverage.Report, want func(coverage.Item) bool) []string {
	var list []string
	add := func(place string, items ...coverage.Item) {
		for _, i := range items {
			if want(i) {
				list = append(list, place+i.Name)
			}
		}
	}
	bodies := func(place string, properties []coverage.Item, values []coverage.Values) {
		add(place+" ", properties...)
		for _, v := range values {
			add(place+" "+v.Name+"=", v.Items...)
		}
	}
	for _, o := range r.Operations {
		for _, p := range o.Parameters {
			add(p.In+" ", p.Item)
			add(p.Name+": ", p.Boundaries...)
			add(p.Name+"=", p.Values...)
		}
		bodies("request", o.Properties, o.Values)
		for _, s := range o.Statuses {
			add("", s.Item)
			bodies(s.Name, s.Properties, s.Values)
		}
	}
	return list
}

func lines(s string) []string {
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(s), "\n"), func(line string) bool { return line == "" })
}
