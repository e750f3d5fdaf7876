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
	"github.com/digakit/digakit/mockserver/diga"
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
	same, err := compare(ctx, bareOf(ctx, mock), mock, repeated)
	if err != nil {
		return nil, err
	}
	forgetful, err := mockserver.New(mockserver.WithoutJournal())
	if err != nil {
		return nil, err
	}
	journal, err := compare(ctx, forgetful, mock, repeated)
	if err != nil {
		return nil, err
	}
	million, err := mockserver.New(mockserver.WithKeys(diga.MaxDemoKeys))
	if err != nil {
		return nil, err
	}
	fresh, err := compare(ctx, bareOf(ctx, million), million, freshPages())
	if err != nil {
		return nil, err
	}
	return []row{
		{what: "list of 50, bare Echo handler, same bytes", measured: fmt.Sprintf("%.0f requests/s", same.base)},
		{
			what:     "list of 50, validated both ways and journalled, the same request repeated",
			measured: fmt.Sprintf("%.2f of bare (%.0f requests/s)", same.ratio(), same.ours),
			target:   "≥ 0.6", met: same.ratio() >= 0.6,
		},
		{
			what:     "the same, items never sent before",
			measured: fmt.Sprintf("%.2f of bare (%.0f requests/s)", fresh.ratio(), fresh.ours),
			target:   "≥ 0.15", met: fresh.ratio() >= 0.15,
		},
		{
			what:     "journal and faults, of the repeated list",
			measured: fmt.Sprintf("%.0f %%", 100*(1-journal.ratio())),
			target:   "≤ 10 %", met: journal.ratio() >= 0.9,
		},
	}, nil
}

// comparison is answers per second of two servers, side by side in turns.
type comparison struct{ base, ours float64 }

func (c comparison) ratio() float64 { return c.ours / c.base }

func compare(ctx context.Context, base, ours http.Handler, requests func() func() []byte) (comparison, error) {
	baseAddr, stopBase, err := serve(ctx, base)
	if err != nil {
		return comparison{}, err
	}
	defer stopBase()
	oursAddr, stopOurs, err := serve(ctx, ours)
	if err != nil {
		return comparison{}, err
	}
	defer stopOurs()
	var baseRates, oursRates []float64
	for range rounds {
		for _, m := range []struct {
			addr  string
			next  func() func() []byte
			rates *[]float64
		}{{baseAddr, repeated, &baseRates}, {oursAddr, requests, &oursRates}} {
			rate, err := load(ctx, m.addr, m.next())
			if err != nil {
				return comparison{}, err
			}
			*m.rates = append(*m.rates, rate)
		}
	}
	return comparison{median(baseRates), median(oursRates)}, nil
}

// repeated asks for the same page again and again, for one round.
func repeated() func() []byte {
	same := get(listPath+"?page=1", mockserver.ReadOnlyKey)
	end := time.Now().Add(round)
	return func() []byte {
		if time.Now().After(end) {
			return nil
		}
		return same
	}
}

// freshPages asks for each page of the largest project once, a share of them each
// round, so no item is sent twice.
func freshPages() func() func() []byte {
	const share = diga.MaxDemoKeys / 50 / rounds
	played := int64(0)
	return func() func() []byte {
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
}

func bareOf(ctx context.Context, mock http.Handler) http.Handler {
	return bareEcho(answerOf(ctx, mock, listPath+"?page=1"))
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
