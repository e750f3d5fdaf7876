package contract_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
)

// kin-openapi's own request and response validation (v0.152) has nineteen
// traps, numbered K1 to K19. A test for each that could reach a user of this
// package follows; these cannot:
//
//	K4   schemas compiled at every call: compiled once in New; the benchmarks compare.
//	K6   nested messages that repeat the path: kin's messages are not used, pointers are the engine's.
//	K7   custom error functions that see the root error only: not used.
//	K12  security judged first and reported as 400: credentials are not judged here at all.
//	K16  examples of a schema left unchecked: documents' examples are not this package's business.
//	K19  behaviour that changes between kin's minor versions: only its loading and checking of documents is used.

func violations(t *testing.T, v *contract.Validator, query string) []string {
	t.Helper()
	r := httptest.NewRequest("GET", "/v1/api_key/", nil)
	r.URL.RawQuery = query
	return brief(v.Request(list(t, v), r, nil))
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// doc31 is a document with one GET /x with the given parameters and responses.
func doc31(parameters, responses string) []byte {
	return []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"servers":[{"url":"https://api.example"}],
		"paths":{"/x":{"get":{"operationId":"x","parameters":[` + parameters + `],"responses":{` + responses + `}}}}}`)
}

func compiled(t testing.TB, document []byte, opts ...contract.Option) *contract.Validator {
	t.Helper()
	v, err := contract.New(document, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A default beside anyOf [integer, null] turns an undecodable value into the default.
func TestTrapK1DefaultDoesNotHideABadValue(t *testing.T) {
	t.Parallel()
	v := compiled(t, doc31(`{"name":"limit","in":"query","schema":{"anyOf":[{"type":"integer"},{"type":"null"}],"default":20}}`, `"200":{"description":"ok"}`))
	for _, query := range []string{"limit=abc", "limit=", "limit=null"} {
		r := httptest.NewRequest("GET", "/x?"+query, nil)
		expect(t, brief(v.Request(v.Operations()[0], r, nil)), "invalid_parameter query:limit type")
		if r.URL.RawQuery != query {
			t.Errorf("the query became %s", r.URL.RawQuery)
		}
	}
}

// Without a default the same value is called empty, or the schema non-primitive.
func TestTrapK2TheRuleIsNamedRightly(t *testing.T) {
	t.Parallel()
	v := compiled(t, doc31(`{"name":"a","in":"query","schema":{"anyOf":[{"type":"integer"},{"type":"null"}]}},
		{"name":"b","in":"query","schema":{"type":["integer","null"]}}`, `"200":{"description":"ok"}`))
	for _, query := range []string{"a=abc", "b=null4", "a=", "b="} {
		got := v.Request(v.Operations()[0], httptest.NewRequest("GET", "/x?"+query, nil), nil)
		if len(got) != 1 || got[0].Message != "must be an integer" {
			t.Errorf("%s: %v", query, got)
		}
	}
}

// Only the first of several values is looked at; unknown parameters pass.
func TestTrapK3RepeatedAndUnknownParameters(t *testing.T) {
	t.Parallel()
	expect(t, violations(t, diga(t), "order=asc&order=zzz"), "invalid_parameter query:order enum")
	expect(t, violations(t, diga(t), "after="), "invalid_parameter query:after format")
	expect(t, violations(t, diga(t, contract.Strict()), "nope=1"), "undeclared_parameter query:nope")
}

// Error texts hold values of the body: secrets.
func TestTrapK5TextsHoldNoValues(t *testing.T) {
	t.Parallel()
	v := diga(t, contract.Strict())
	body := strings.ReplaceAll(string(page(1, 1)), `"2025-01-15T09:30:00.123456Z"`, `"sk-secret"`)
	body = strings.Replace(body, `"has_more":false`, `"has_more":"sk-secret"`, 1)
	got := v.Response(list(t, v), 200, jsonHeader(), []byte(body))
	expect(t, brief(got), "invalid_body body /data/0/created_date format", "invalid_body body /has_more type")
	for _, violation := range got {
		if strings.Contains(violation.String()+violation.HowToFix, "sk-secret") {
			t.Errorf("a value leaks: %+v", violation)
		}
	}
}

// Formats uuid, email, ipv4 and more are not checked by default.
func TestTrapK8FormatsAreChecked(t *testing.T) {
	t.Parallel()
	expect(t, violations(t, diga(t), "after=not-a-uuid"), "invalid_parameter query:after format")
	for _, format := range []string{"uuid", "date-time", "date", "email", "uri", "ipv4", "ipv6"} {
		v := compiled(t, doc31(`{"name":"p","in":"query","schema":{"type":"string","format":"`+format+`"}}`, `"200":{"description":"ok"}`))
		got := v.Request(v.Operations()[0], httptest.NewRequest("GET", "/x?p=~", nil), nil)
		if len(got) != 1 || got[0].Message != "must match format "+format {
			t.Errorf("%s: %v", format, got)
		}
	}
}

// Undocumented statuses pass, and HEAD, 301, 304, 307 and 308 even when asked.
func TestTrapK9UndocumentedStatuses(t *testing.T) {
	t.Parallel()
	v := diga(t)
	for _, status := range []int{0, 201, 204, 301, 304, 307, 308, 401, 404, 418, 599, 999} {
		expect(t, brief(v.Response(list(t, v), status, http.Header{}, nil)), "undocumented_status status responses")
	}
	_, _, err := v.Route("HEAD", "/v1/api_key/")
	if err == nil || err.Error() != "contract: method not documented for this path, only GET" {
		t.Errorf("HEAD: %v", err)
	}
}

// A body with 204, undeclared headers and properties, trailing bytes and
// duplicate keys all pass.
func TestTrapK10WhatStandsBesideTheSchema(t *testing.T) {
	t.Parallel()
	v := depot(t, contract.Strict())
	o := route(t, v, "POST", "/parcels")
	expect(t, brief(v.Response(o, 204, http.Header{}, []byte("x"))), "unexpected_body body")
	expect(t, brief(v.Response(o, 204, http.Header{"X-Own": {"1"}, "Date": {"now"}}, nil)), "undeclared_header header:X-Own headers")
	expect(t, brief(v.Response(o, 201, jsonHeader(), []byte(`{"kind":"letter","kind":"letter","stamp":1} x`))),
		"trailing_bytes body", "duplicate_key body /kind", "undeclared_property body /stamp unevaluatedProperties")
}

// An empty Content-Type matches only */*; gzip is not decoded.
func TestTrapK11ContentTypeAndEncoding(t *testing.T) {
	t.Parallel()
	v := diga(t)
	expect(t, brief(v.Response(list(t, v), 403, http.Header{}, []byte(problem))), "missing_content_type header:Content-Type content")
	header := jsonHeader()
	header.Set("Content-Encoding", "gzip")
	expect(t, brief(v.Response(list(t, v), 403, header, []byte(problem))), "malformed_body body")
}

// The middleware panics when the handler never writes, and cannot flush.
func TestTrapK13AHandlerThatNeverWrites(t *testing.T) {
	t.Parallel()
	v := diga(t)
	var seen contract.Exchange
	silent := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	rec := httptest.NewRecorder()
	v.Middleware(silent, contract.Observe(func(x contract.Exchange) { seen = x })).ServeHTTP(rec, httptest.NewRequest("GET", "/v1/api_key/", nil))
	if seen.Status != 200 || rec.Code != 200 {
		t.Errorf("status %d, on the wire %d", seen.Status, rec.Code)
	}
	expect(t, brief(seen.Violations), "missing_body body content")
}

// The router matches scheme and host of servers.
func TestTrapK14OtherHosts(t *testing.T) {
	t.Parallel()
	v := diga(t)
	for _, target := range []string{"http://127.0.0.1:4010/v1/api_key/", "https://api.diga.io/v1/api_key/", "http://[::1]/v1/api_key/"} {
		r := httptest.NewRequest("GET", target, nil)
		if _, _, err := v.Route(r.Method, r.URL.EscapedPath()); err != nil {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// nullable in a 3.1 document passes the check of the document and does
// nothing: null is refused, as JSON Schema says; in 3.0 it is honoured.
func TestTrapK15NullableMeansSomethingIn30Only(t *testing.T) {
	t.Parallel()
	const response = `"200":{"description":"ok","content":{"application/json":{"schema":{"type":"string","nullable":true}}}}`
	in31 := doc31("", response)
	in30 := []byte(strings.Replace(string(in31), "3.1.0", "3.0.3", 1))
	v := compiled(t, in31)
	expect(t, brief(v.Response(v.Operations()[0], 200, jsonHeader(), []byte("null"))), "invalid_body body type")
	v = compiled(t, in30)
	expect(t, brief(v.Response(v.Operations()[0], 200, jsonHeader(), []byte("null"))))
}

// Of several bad response headers only the first is reported.
func TestTrapK17AllHeadersAreReported(t *testing.T) {
	t.Parallel()
	v := compiled(t, doc31("", `"200":{"description":"ok","headers":{"X-A":{"schema":{"type":"integer"}},"X-B":{"required":true,"schema":{"type":"integer"}},"X-C":{"schema":{"type":"boolean"}}}}`))
	expect(t, brief(v.Response(v.Operations()[0], 200, http.Header{"X-A": {"a"}, "X-C": {"c"}}, nil)),
		"invalid_header header:X-A type", "missing_header header:X-B required", "invalid_header header:X-C type")
}

// Validation rewrites the query with defaults: the wire request changes.
func TestTrapK18TheRequestIsNotChanged(t *testing.T) {
	t.Parallel()
	v := diga(t)
	r := httptest.NewRequest("GET", "/v1/api_key/?order=asc", nil)
	before := r.Clone(r.Context())
	v.Request(list(t, v), r, nil)
	if r.URL.String() != before.URL.String() || cmp.Diff(r.Header, before.Header) != "" {
		t.Errorf("the request became %s", r.URL)
	}
}
