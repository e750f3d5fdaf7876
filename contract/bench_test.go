package contract_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// stamp writes a number into every item of a page, so that no item of it was
// ever sent before. It returns what next does.
func stamp(page []byte) func(to []byte, number uint64) []byte {
	mark := []byte(`"last_four_digits":"a1b2"`)
	var places []int
	for at := 0; ; {
		i := bytes.Index(page[at:], mark)
		if i < 0 {
			break
		}
		at += i + len(mark)
		places = append(places, at-5)
	}
	name := []byte("CRM_Production ")
	var names []int
	for at := 0; ; {
		i := bytes.Index(page[at:], name)
		if i < 0 {
			break
		}
		names = append(names, at+i)
		at += i + len(name)
	}
	return func(to []byte, number uint64) []byte {
		to = append(to[:0], page...)
		for _, at := range places {
			copy(to[at:], strconv.FormatUint(1000+number%9000, 10))
		}
		for _, at := range names {
			for k := range 12 {
				to[at+k] = 'a' + byte(number>>(4*k)&15)
			}
		}
		return to
	}
}

func benchmarkResponse(b *testing.B, v *contract.Validator, next func(uint64) []byte) {
	o, header := list(b, v), jsonHeader()
	b.SetBytes(int64(len(next(0))))
	b.ReportAllocs()
	i := uint64(0)
	for b.Loop() {
		if got := v.Response(o, http.StatusOK, header, next(i)); got != nil {
			b.Fatal(got)
		}
		i++
	}
}

func repeated(page []byte) func(uint64) []byte {
	return func(uint64) []byte { return page }
}

func fresh(page []byte) func(uint64) []byte {
	next := stamp(page)
	var buf []byte
	return func(i uint64) []byte {
		buf = next(buf, i)
		return buf
	}
}

// escaped has one escape in a formatted string: enough to need the engine.
func escaped() []byte {
	return bytes.Replace(page(1, 50), []byte("2025-01-15"), []byte(`202\u0035-01-15`), 1)
}

func BenchmarkResponse50Repeated(b *testing.B) { benchmarkResponse(b, diga(b), repeated(page(1, 50))) }

func BenchmarkResponse50Fresh(b *testing.B) { benchmarkResponse(b, diga(b), fresh(page(1, 50))) }

func BenchmarkResponse50FreshStrict(b *testing.B) {
	benchmarkResponse(b, diga(b, contract.Strict()), fresh(page(1, 50)))
}

// The engine: what a schema outside the fast path costs.
func BenchmarkResponse50Engine(b *testing.B) { benchmarkResponse(b, diga(b), fresh(escaped())) }

func BenchmarkResponse50EngineRepeated(b *testing.B) {
	benchmarkResponse(b, diga(b), repeated(escaped()))
}

// kin-openapi's own path for the same response.
func BenchmarkResponse50Kin(b *testing.B) {
	doc, err := openapi3.NewLoader().LoadFromData(spectest.Seed())
	if err != nil {
		b.Fatal(err)
	}
	item := doc.Paths.Value(keys)
	route := &routers.Route{Spec: doc, Path: keys, PathItem: item, Method: http.MethodGet, Operation: item.Get}
	r := httptest.NewRequest(http.MethodGet, keys, nil)
	body := page(1, 50)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		in := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: route},
			Status:                 http.StatusOK, Header: jsonHeader(),
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		}
		in.SetBodyBytes(body)
		if err := openapi3filter.ValidateResponse(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	v := diga(b)
	o := list(b, v)
	r := httptest.NewRequest(http.MethodGet, "/v1/api_key/?limit=50&order=asc", nil)
	b.ReportAllocs()
	for b.Loop() {
		if got := v.Request(o, r, nil); got != nil {
			b.Fatal(got)
		}
	}
}

// BenchmarkServer compares whole requests over loopback: an Echo handler
// alone, and behind a Middleware that refuses and replaces.
func BenchmarkServer(b *testing.B) {
	static := page(1, 50)
	next := stamp(static)
	var n atomic.Uint64
	same := func(c echo.Context) error { return c.Blob(http.StatusOK, "application/json", static) }
	ever := func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/json", next(make([]byte, 0, len(static)), n.Add(1)))
	}
	for _, c := range []struct {
		name    string
		handler echo.HandlerFunc
		door    bool
	}{
		{"Bare", same, false},
		{"Repeated", same, true},
		{"BareFresh", ever, false},
		{"Fresh", ever, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			e := echo.New()
			e.GET("/v1/api_key/", c.handler)
			var handler http.Handler = e
			if c.door {
				handler = enforce(diga(b), e)
			}
			benchmarkServer(b, handler)
		})
	}
}

func benchmarkServer(b *testing.B, handler http.Handler) {
	server := httptest.NewServer(handler)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := client.Get(server.URL + "/v1/api_key/?limit=50&order=asc")
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				b.Errorf("status %d", resp.StatusCode)
				return
			}
		}
	})
}

func enforce(v *contract.Validator, next http.Handler) http.Handler {
	return v.Middleware(next,
		contract.RefuseRequests(func(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, _ []contract.Violation) {
			w.WriteHeader(http.StatusUnprocessableEntity)
		}),
		contract.ReplaceResponses(func(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, _ int, _ []contract.Violation) {
			w.WriteHeader(http.StatusInternalServerError)
		}),
	)
}
