package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
)

// measureValidation compares the verdict on a response of 50 items with that of
// kin-openapi's own path, which compiles its schemas at every call.
func measureValidation(ctx context.Context) ([]row, error) {
	srv, err := mockserver.New()
	if err != nil {
		return nil, err
	}
	body := answerOf(ctx, srv, listPath, mockserver.ReadOnlyKey)
	header := http.Header{"Content-Type": {"application/json"}}
	kin, err := kinValidation(ctx, header, body)
	if err != nil {
		return nil, err
	}
	computed, err := ourValidation(header, body, contract.Memory(0))
	if err != nil {
		return nil, err
	}
	remembered, err := ourValidation(header, body)
	if err != nil {
		return nil, err
	}
	type result struct{ ns, bytes, allocs []float64 }
	results := make([]result, 3)
	for range rounds {
		for i, f := range []func() error{kin, computed, remembered} {
			r := testing.Benchmark(func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
				}
			})
			results[i].ns = append(results[i].ns, float64(r.T.Nanoseconds())/float64(r.N))
			results[i].bytes = append(results[i].bytes, float64(r.AllocedBytesPerOp()))
			results[i].allocs = append(results[i].allocs, float64(r.AllocsPerOp()))
		}
	}
	describe := func(r result) string {
		return fmt.Sprintf("%.1f µs, %.1f kB in %.0f allocations", median(r.ns)/1e3, median(r.bytes)/1e3, median(r.allocs))
	}
	faster := func(r result) float64 { return median(results[0].ns) / median(r.ns) }
	return []row{
		{what: "validating a response of 50 items, kin-openapi's own path", measured: describe(results[0])},
		{
			what:     "the same, computed anew",
			measured: fmt.Sprintf("%.0f times faster: %s", faster(results[1]), describe(results[1])),
			target:   "≥ 5", met: faster(results[1]) >= 5,
		},
		{
			what:     "the same, remembered",
			measured: fmt.Sprintf("%.0f times faster: %s", faster(results[2]), describe(results[2])),
			target:   "≥ 5", met: faster(results[2]) >= 5,
		},
	}, nil
}

func ourValidation(header http.Header, body []byte, opts ...contract.Option) (func() error, error) {
	v, err := contract.New(gen.OpenAPI(), opts...)
	if err != nil {
		return nil, err
	}
	op, _, err := v.Route(http.MethodGet, listPath)
	if err != nil {
		return nil, err
	}
	return func() error {
		if violations := v.Response(op, http.StatusOK, header, body); len(violations) > 0 {
			return errors.New(violations[0].String())
		}
		return nil
	}, nil
}

func kinValidation(ctx context.Context, header http.Header, body []byte) (func() error, error) {
	doc, err := openapi3.NewLoader().LoadFromData(gen.OpenAPI())
	if err != nil {
		return nil, err
	}
	doc.Servers = nil // it would route by host
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1"+listPath, nil)
	if err != nil {
		return nil, err
	}
	route, params, err := router.FindRoute(r)
	if err != nil {
		return nil, err
	}
	request := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route}
	return func() error {
		return openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{
			RequestValidationInput: request, Status: http.StatusOK, Header: header, Body: io.NopCloser(bytes.NewReader(body)),
		})
	}, nil
}
