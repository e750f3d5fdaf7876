package contract_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
)

const problem = `{"error_code":"X","message":"m"}`

func TestJSONBodies(t *testing.T) {
	t.Parallel()
	v, strict := diga(t), diga(t, contract.Strict())
	deep := strings.Repeat("[", 600) + strings.Repeat("]", 600)
	for _, c := range []struct {
		name, why, body string
		want, strict    []string // strict when it differs
	}{
		{name: "valid", why: "the documented envelope", body: problem},
		{name: "white space", why: "around the value is nothing", body: " \n" + problem + "\r\n\t"},
		{name: "escapes", why: "names and values may be escaped", body: `{"error_c\u006fde":"\u0058","message":"m"}`},
		{name: "truncated", why: "always a violation", body: `{"error_code":"X","mess`, want: []string{"malformed_body body"}},
		{name: "truncated after a value", why: "the object is not closed", body: `{"error_code":"X","message":"m"`, want: []string{"malformed_body body"}},
		{name: "blank", why: "white space is no value", body: " ", want: []string{"malformed_body body"}},
		{name: "trailing bytes", why: "strict only", body: problem + `{}`, strict: []string{"trailing_bytes body"}},
		{name: "trailing garbage", why: "strict only", body: problem + ` oops`, strict: []string{"trailing_bytes body"}},
		{name: "invalid UTF-8", why: "JSON is UTF-8", body: "{\"error_code\":\"\xff\",\"message\":\"m\"}", want: []string{"malformed_body body"}},
		{name: "duplicate key", why: "strict only", body: `{"error_code":"X","message":"m","message":"n"}`, strict: []string{"duplicate_key body /message"}},
		{name: "duplicate key, escaped", why: "names are compared decoded", body: `{"error_code":"X","message":"m","m\u0065ssage":"n"}`, strict: []string{"duplicate_key body /message"}},
		{name: "last duplicate counts", why: "as in encoding/json", body: `{"error_code":"X","message":"m","message":1}`, want: []string{"invalid_body body /message type"},
			strict: []string{"duplicate_key body /message", "invalid_body body /message type"}},
		{name: "comment", why: "is no JSON", body: `{} // no`, want: []string{"invalid_body body required", "invalid_body body required"},
			strict: []string{"trailing_bytes body", "invalid_body body required", "invalid_body body required"}},
		{name: "NaN", why: "is no JSON", body: `NaN`, want: []string{"malformed_body body"}},
		{name: "leading zero", why: "is no JSON number", body: `{"error_code":"X","message":"m","n":01}`, want: []string{"malformed_body body"}},
		{name: "control character", why: "must be escaped", body: "{\"error_code\":\"X\",\"message\":\"\n\"}", want: []string{"malformed_body body"}},
		{name: "null", why: "is no object", body: `null`, want: []string{"invalid_body body type"}},
		{name: "several", why: "all are reported, sorted", body: `{"status":1,"message":2}`, want: []string{
			"invalid_body body required", "invalid_body body /message type", "invalid_body body /status type"}},
		{name: "undeclared", why: "strict only", body: `{"error_code":"X","message":"m","extra":{"a":1}}`, strict: []string{"undeclared_property body /extra unevaluatedProperties"}},
		{name: "undeclared with a wild name", why: "escaped and cut", body: `{"error_code":"X","message":"m","` + strings.Repeat("k/", 60) + `\u001b":1}`,
			strict: []string{"undeclared_property body /" + strings.Repeat("k~1", 32) + "... unevaluatedProperties"}},
		{name: "monstrous number", why: "never computed", body: `{"error_code":"X","message":"m","n":1e999999999}`, want: []string{"cannot_judge body"}},
		{name: "monstrous nesting", why: "never followed", body: `{"error_code":"X","message":"m","n":` + deep + `}`, want: []string{"cannot_judge body"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, brief(v.Response(list(t, v), 403, jsonHeader(), []byte(c.body)))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
			want := c.strict
			if want == nil {
				want = c.want
			}
			if diff := cmp.Diff(want, brief(strict.Response(list(t, strict), 403, jsonHeader(), []byte(c.body)))); diff != "" {
				t.Errorf("strict: %s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

func TestAnyOfWithNullReportsWhatWasMeant(t *testing.T) {
	t.Parallel()
	v := diga(t)
	for _, c := range []struct{ name, from, to, want string }{
		{"format", `"first_id":null`, `"first_id":"x"`, "response body /first_id: must match format uuid"},
		{"type", `"first_id":null`, `"first_id":5`, "response body /first_id: must be a string or null"},
		{"items", `["calls.view","api_keys.view"]`, `["calls.view","nope"]`, "response body /data/0/permissions/1: must be one of the 61 documented values"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body := strings.Replace(string(page(1, 2)), c.from, c.to, 1)
			got := v.Response(list(t, v), 200, jsonHeader(), []byte(body))
			if len(got) != 1 || got[0].String() != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func TestContentEncodings(t *testing.T) {
	t.Parallel()
	v := diga(t, contract.MaxBody(1000))
	squeeze := func(f func(io.Writer) io.WriteCloser, text string) []byte {
		var out bytes.Buffer
		w := f(&out)
		_, _ = io.WriteString(w, text)
		_ = w.Close()
		return out.Bytes()
	}
	asGzip := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	asZlib := func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }
	asBrotli := func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }
	asZstd := func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }
	asFlate := func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 5); return f }
	bomb := `{"error_code":"X","message":"` + strings.Repeat("a", 100_000) + `"}`
	for _, c := range []struct {
		name, why, coding string
		body              []byte
		want              []string
	}{
		{"gzip", "decoded and judged", "gzip", squeeze(asGzip, problem), nil},
		{"gzip bad", "decoded and judged", "GZIP", squeeze(asGzip, `{}`), []string{"invalid_body body required", "invalid_body body required"}},
		{"deflate", "zlib, as RFC 9110 says", "deflate", squeeze(asZlib, problem), nil},
		{"raw deflate", "as some send it", "deflate", squeeze(asFlate, problem), nil},
		{"twice", "undone from the last to the first", "deflate, gzip", squeeze(asGzip, string(squeeze(asZlib, problem))), nil},
		{"identity", "is nothing", "identity", []byte(problem), nil},
		{"bomb", "small on the wire, over the cap after", "gzip", squeeze(asGzip, bomb), []string{"body_too_large body"}},
		{"cut", "not whole", "gzip", squeeze(asGzip, problem)[:20], []string{"malformed_body body"}},
		{"not gzip", "says so but is not", "gzip", []byte(problem), []string{"malformed_body body"}},
		{"brotli", "decoded and judged", "br", squeeze(asBrotli, problem), nil},
		{"zstd", "decoded and judged", "zstd", squeeze(asZstd, `{}`), []string{"invalid_body body required", "invalid_body body required"}},
		{"brotli bomb", "over the cap after", "br", squeeze(asBrotli, bomb), []string{"body_too_large body"}},
		{"zstd bomb", "over the cap after", "zstd", squeeze(asZstd, bomb), []string{"body_too_large body"}},
		{"cut brotli", "not whole", "br", squeeze(asBrotli, problem)[:20], []string{"malformed_body body"}},
		{"cut zstd", "not whole", "zstd", squeeze(asZstd, problem)[:20], []string{"malformed_body body"}},
		{"brotli and zstd", "undone from the last to the first", "br, zstd", squeeze(asZstd, string(squeeze(asBrotli, problem))), nil},
		{"unknown", "cannot be judged", "compress", []byte(problem), []string{"cannot_judge header:Content-Encoding"}},
		{"too large", "over the cap on the wire", "", []byte(bomb), []string{"body_too_large body"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			header := jsonHeader()
			if c.coding != "" {
				header.Set("Content-Encoding", c.coding)
			}
			if diff := cmp.Diff(c.want, brief(v.Response(list(t, v), 403, header, c.body))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

func TestContentTypes(t *testing.T) {
	t.Parallel()
	v := diga(t)
	for _, c := range []struct {
		name, why string
		values    []string
		body      string
		want      []string
	}{
		{"charset", "parameters are the sender's business", []string{"application/json; charset=utf-8"}, problem, nil},
		{"case", "media types have none", []string{"Application/JSON"}, problem, nil},
		{"missing", "a body needs one", nil, problem, []string{"missing_content_type header:Content-Type content"}},
		{"missing, no body", "the body is what is missing", nil, "", []string{"missing_body body content"}},
		{"no body", "JSON has no empty text", []string{"application/json"}, "", []string{"missing_body body content"}},
		{"wrong", "not listed", []string{"text/html"}, problem, []string{"undocumented_content_type header:Content-Type content"}},
		{"suffix", "problem+json is not json", []string{"application/problem+json"}, problem, []string{"undocumented_content_type header:Content-Type content"}},
		{"broken", "no media type at all", []string{"json"}, problem, []string{"undocumented_content_type header:Content-Type content"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{"Content-Type": c.values}
			if c.values == nil {
				header = http.Header{}
			}
			if diff := cmp.Diff(c.want, brief(v.Response(list(t, v), 403, header, []byte(c.body)))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		string(page(1, 2)), problem, `{"kind":"box","size":[1,2,"mm"],"inside":[{"kind":"letter"}]}`, `[[[`, `{"a":1,"a":2}`,
		`{"data":[],"has_more":true}x`, `"\ud800"`, `-0.0e+1`, `{"kind":"letter","tags":{"A":"x"}}`, "\xff", `{"data":[{"id":1e400}],"has_more":1}`,
	} {
		f.Add([]byte(seed))
	}
	validators := []*contract.Validator{diga(f), diga(f, contract.Strict()), depot(f), depot(f, contract.Strict())}
	operations := []*contract.Operation{list(f, validators[0]), list(f, validators[1]),
		route(f, validators[2], "GET", "/parcels/a"), route(f, validators[3], "GET", "/parcels/a")}
	f.Fuzz(func(t *testing.T, body []byte) {
		if json.Valid(body) && contract.ProblemOfJSON(string(body)) == contract.KindMalformedBody {
			t.Fatal("valid JSON is refused")
		}
		for i, v := range validators {
			o := operations[i]
			got := v.Response(o, 200, jsonHeader(), body)
			if again := v.Response(o, 200, jsonHeader(), body); cmp.Diff(got, again) != "" {
				t.Fatalf("two verdicts for one body: %v, %v", got, again)
			}
			if len(body) == 0 {
				continue
			}
			if slow := contract.ByEngine(v, o, 200, "application/json", string(body)); cmp.Diff(got, slow) != "" {
				t.Fatalf("the engine says otherwise: %v, %v", got, slow)
			}
			if got == nil && !json.Valid(body) && i%2 == 1 {
				t.Fatal("what is not JSON passed strictly")
			}
		}
	})
}

// Documents of real use that were not understood before.
func TestDocumentsFromTheField(t *testing.T) {
	t.Parallel()
	of := func(name string) (*contract.Validator, *contract.Operation) {
		v, err := contract.New(spectest.Shared(t, "cases/field/"+name+".openapi.json"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return v, v.Operations()[0]
	}
	v, o := of("validation-charset-in-document")
	if got := v.Response(o, 200, http.Header{"Content-Type": {"application/json"}}, []byte(`{}`)); got != nil {
		t.Errorf("charset: %v", got)
	}
	v, o = of("validation-pattern-lookahead")
	for price, valid := range map[string]bool{"1.5": true, "-": false} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://h/prices", nil)
		r.Header.Set("Content-Type", "application/json")
		if got := v.Request(o, r, []byte(`{"price":"`+price+`"}`)); (got == nil) != valid {
			t.Errorf("%s: %v", price, got)
		}
	}
}

// Keys given twice far below cost no more than reading them: each has a pointer of many
// kilobytes, of which only those that are told are made.
func TestRepeatedKeysFarBelow(t *testing.T) { // not parallel: it measures the heap
	const depth, keys = 490, 20_000
	v, err := contract.New(spectest.Seed(), contract.Strict())
	if err != nil {
		t.Fatal(err)
	}
	body := strings.Repeat(`{"`+strings.Repeat("k", 90)+`":`, depth) + "{" + strings.Repeat(`"a":1,`, keys) + `"a":1}` + strings.Repeat("}", depth)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	found := v.Response(v.Operations()[0], 200, http.Header{"Content-Type": {"application/json"}}, []byte(body))
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; len(found) < 100 || took > 200<<20 {
		t.Errorf("%d violations took %d MiB", len(found), took>>20)
	}
}
