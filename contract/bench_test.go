package contract_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/gen"
)

func benchmarkPages(b *testing.B, v *contract.Validator, pages [][]byte) {
	o, header := list(b, v), jsonHeader()
	b.SetBytes(int64(len(pages[0])))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if got := v.Response(o, http.StatusOK, header, pages[i%len(pages)]); got != nil {
			b.Fatal(got)
		}
		i++
	}
}

func BenchmarkResponse50Repeated(b *testing.B) {
	benchmarkPages(b, diga(b), [][]byte{page(1, 50)})
}

// Fresh pages share no item, and there are more than the memory holds.
func BenchmarkResponse50Fresh(b *testing.B) {
	benchmarkPages(b, diga(b, contract.Memory(64<<10)), pages(1000))
}

func BenchmarkResponse50FreshStrict(b *testing.B) {
	benchmarkPages(b, diga(b, contract.Strict(), contract.Memory(64<<10)), pages(1000))
}

// The engine alone: what a schema outside the fast path costs. One escape in
// a formatted string is enough to need it.
func BenchmarkResponse50Engine(b *testing.B) {
	escaped := pages(1000)
	for i := range escaped {
		escaped[i] = bytes.Replace(escaped[i], []byte("2025-01-15"), []byte(`202\u0035-01-15`), 1)
	}
	benchmarkPages(b, diga(b, contract.Memory(64<<10)), escaped)
}

func BenchmarkResponse50EngineRemembered(b *testing.B) {
	benchmarkPages(b, diga(b), [][]byte{bytes.Replace(page(1, 50), []byte("2025-01-15"), []byte(`202\u0035-01-15`), 1)})
}

// kin-openapi's own path for the same response.
func BenchmarkResponse50Kin(b *testing.B) {
	doc, err := openapi3.NewLoader().LoadFromData(gen.OpenAPI())
	if err != nil {
		b.Fatal(err)
	}
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/v1/api_key/", nil)
	route, params, err := router.FindRoute(r)
	if err != nil {
		b.Fatal(err)
	}
	body := page(1, 50)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		in := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
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

func pages(n int) [][]byte {
	list := make([][]byte, n)
	for i := range list {
		list[i] = page(i, 50)
	}
	return list
}

// BenchmarkServer compares whole requests over loopback: an Echo handler
// alone, and behind a Middleware that refuses and replaces.
func BenchmarkServer(b *testing.B) {
	for _, c := range []struct {
		name  string
		pages [][]byte
		door  bool
	}{
		{"Bare", pages(1), false},
		{"Repeated", pages(1), true},
		{"Fresh", pages(1000), true},
	} {
		b.Run(c.name, func(b *testing.B) {
			var n atomic.Int64
			e := echo.New()
			e.GET("/v1/api_key/", func(ctx echo.Context) error {
				return ctx.Blob(http.StatusOK, "application/json", c.pages[int(n.Add(1))%len(c.pages)])
			})
			var handler http.Handler = e
			if c.door {
				handler = enforce(diga(b, contract.Memory(64<<10)), e)
			}
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
		})
	}
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
