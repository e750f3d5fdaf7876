package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/project"
)

const (
	listPath = "/v1/api_key/"
	rounds   = 7
	round    = time.Second
)

// measureList compares the mock, which validates each request and response, with
// an Echo handler that sends the same bytes and does nothing else.
func measureList(ctx context.Context) ([]row, error) {
	mock, err := mockserver.New()
	if err != nil {
		return nil, err
	}
	ours, stopOurs, err := serve(ctx, mock)
	if err != nil {
		return nil, err
	}
	defer stopOurs()
	million, err := mockserver.New(mockserver.WithKeys(project.MaxDemoKeys))
	if err != nil {
		return nil, err
	}
	large, stopLarge, err := serve(ctx, million)
	if err != nil {
		return nil, err
	}
	defer stopLarge()
	bare, stopBare, err := serve(ctx, bareEcho(answerOf(ctx, mock, listPath+"?page=1")))
	if err != nil {
		return nil, err
	}
	defer stopBare()

	same := get(listPath+"?page=1", mockserver.ReadOnlyKey)
	repeated := func() func() []byte {
		end := time.Now().Add(round)
		return func() []byte {
			if time.Now().After(end) {
				return nil
			}
			return same
		}
	}
	// Each page of the project is asked for once, so no item is sent twice.
	const share = project.MaxDemoKeys / 50 / rounds
	played := int64(0)
	fresh := func() func() []byte {
		var asked atomic.Int64
		first := 1 + played*share
		played++
		return func() []byte {
			n := asked.Add(1) - 1
			if n >= share {
				return nil
			}
			return get(listPath+"?page="+strconv.FormatInt(first+n, 10), mockserver.ReadOnlyKey)
		}
	}
	var bareRates, sameRates, freshRates []float64
	for range rounds {
		for _, m := range []struct {
			addr  string
			next  func() func() []byte
			rates *[]float64
		}{{bare, repeated, &bareRates}, {ours, repeated, &sameRates}, {large, fresh, &freshRates}} {
			rate, err := load(ctx, m.addr, m.next())
			if err != nil {
				return nil, err
			}
			*m.rates = append(*m.rates, rate)
		}
	}
	bareRate, sameRate, freshRate := median(bareRates), median(sameRates), median(freshRates)
	return []row{
		{what: "list of 50, bare Echo handler, same bytes", measured: fmt.Sprintf("%.0f requests/s", bareRate)},
		{
			what:     "list of 50, validated both ways, the same request repeated",
			measured: fmt.Sprintf("%.2f of bare (%.0f requests/s)", sameRate/bareRate, sameRate),
			target:   "≥ 0.6", met: sameRate/bareRate >= 0.6,
		},
		{
			what:     "list of 50, validated both ways, items never sent before",
			measured: fmt.Sprintf("%.2f of bare (%.0f requests/s)", freshRate/bareRate, freshRate),
			target:   "≥ 0.15", met: freshRate/bareRate >= 0.15,
		},
	}, nil
}

// bareEcho is the yardstick: a router and static bytes.
func bareEcho(body []byte) http.Handler {
	e := echo.New()
	e.GET(listPath, func(c echo.Context) error {
		c.Response().Header().Set("Content-Length", strconv.Itoa(len(body))) // as ours does; chunks would cost more
		return c.Blob(http.StatusOK, "application/json", body)
	})
	return e
}

// answerOf returns the body that h answers to a GET of path.
func answerOf(ctx context.Context, h http.Handler, path string) []byte {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+path, nil)
	r.Header.Set("Authorization", "Bearer "+mockserver.ReadOnlyKey)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.Bytes()
}

// serve puts h on a loopback port of its own.
func serve(ctx context.Context, h http.Handler) (addr string, stop func(), err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(l) }() // ends with stop
	return l.Addr().String(), func() { _ = s.Close() }, nil
}
