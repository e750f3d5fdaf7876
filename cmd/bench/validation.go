package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
)

// measureValidation compares the verdict on a response of 50 items with that of
// kin-openapi's own path, which compiles its schemas at every call.
func measureValidation(b *bench) {
	body := answerOf(b, must(mockserver.New()), listPath, mockserver.ReadOnlyKey)
	header := http.Header{"Content-Type": {"application/json"}}
	judges := []func() error{kinValidation(b, header, body), ourValidation(header, body, contract.Memory(0)), ourValidation(header, body)}
	results := make([]struct{ ns, bytes, allocs []float64 }, len(judges))
	for range rounds {
		for i, judge := range judges {
			r, all := benchmark(judge), &results[i]
			all.ns = append(all.ns, float64(r.T.Nanoseconds())/float64(r.N))
			all.bytes = append(all.bytes, float64(r.AllocedBytesPerOp()))
			all.allocs = append(all.allocs, float64(r.AllocsPerOp()))
		}
	}
	for i, what := range []string{"validating a response of 50 items, kin-openapi's own path", "the same, computed anew", "the same, remembered"} {
		r := results[i]
		measured := fmt.Sprintf("%.1f µs, %.1f kB in %.0f allocations", median(r.ns)/1e3, median(r.bytes)/1e3, median(r.allocs))
		if i == 0 {
			b.show(what, measured)
			continue
		}
		faster := median(results[0].ns) / median(r.ns)
		b.want(what, fmt.Sprintf("%.0f times faster: %s", faster, measured), "≥ 5", faster >= 5)
	}
}

func ourValidation(header http.Header, body []byte, opts ...contract.Option) func() error {
	v := must(contract.New(gen.OpenAPI(), opts...))
	op, _, err := v.Route(http.MethodGet, listPath)
	check(err)
	return func() error {
		if violations := v.Response(op, http.StatusOK, header, body); len(violations) > 0 {
			return errors.New(violations[0].String())
		}
		return nil
	}
}

func kinValidation(ctx context.Context, header http.Header, body []byte) func() error {
	doc := must(openapi3.NewLoader().LoadFromData(gen.OpenAPI()))
	doc.Servers = nil // it would route by host
	r := must(http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1"+listPath, nil))
	route, params, err := must(gorillamux.NewRouter(doc)).FindRoute(r)
	check(err)
	request := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route}
	return func() error {
		return openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{
			RequestValidationInput: request, Status: http.StatusOK, Header: header, Body: io.NopCloser(bytes.NewReader(body)),
		})
	}
}
