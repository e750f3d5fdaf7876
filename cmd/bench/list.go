package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/diga"
)

const (
	listPath = "/v1/api_key/"
	rounds   = 7
	round    = time.Second / 2
)

// list is a list of the mock, asked for in pages of 50.
type list struct {
	path  string // the number of the page follows
	key   string
	items int
}

// What is measured: keys, and a collection that no code was written for.
var (
	keys    = list{listPath + "?page=", mockserver.ReadOnlyKey, diga.MaxDemoKeys}
	vessels = list{vesselPath + "?limit=50&page=", mockserver.UnrestrictedKey, 100_000}
)

// measureList compares the mock, which validates each request and response, with
// an Echo handler that sends the same bytes and does nothing else.
func measureList(ctx context.Context) ([]row, error) {
	mock, err := mockserver.New()
	if err != nil {
		return nil, err
	}
	same, err := compare(ctx, bareOf(ctx, keys, mock), mock, keys, keys.repeated)
	if err != nil {
		return nil, err
	}
	forgetful, err := mockserver.New(mockserver.WithoutJournal())
	if err != nil {
		return nil, err
	}
	journal, err := compare(ctx, forgetful, mock, keys, keys.repeated)
	if err != nil {
		return nil, err
	}
	million, err := mockserver.New(mockserver.WithKeys(keys.items))
	if err != nil {
		return nil, err
	}
	fresh, err := compare(ctx, bareOf(ctx, keys, million), million, keys, keys.fresh())
	if err != nil {
		return nil, err
	}
	others, err := newVessels(vessels.items)
	if err != nil {
		return nil, err
	}
	bare := bareOf(ctx, vessels, others)
	freshVessels, err := compare(ctx, bare, others, vessels, vessels.fresh()) // first: they were never sent
	if err != nil {
		return nil, err
	}
	sameVessels, err := compare(ctx, bare, others, vessels, vessels.repeated)
	if err != nil {
		return nil, err
	}
	of := func(what string, c comparison, least float64) row {
		return row{
			what: what, measured: fmt.Sprintf("%.2f of bare (%.0f requests/s)", c.ratio(), c.ours),
			target: fmt.Sprintf("≥ %g", least), met: c.ratio() >= least,
		}
	}
	return []row{
		{what: "list of 50, bare Echo handler, same bytes", measured: fmt.Sprintf("%.0f requests/s", same.base)},
		of("list of 50, validated both ways and journalled, the same request repeated", same, 0.6),
		of("the same, items never sent before", fresh, 0.35),
		{
			what:     "journal and faults, of the repeated list",
			measured: fmt.Sprintf("%.0f %%", 100*(1-journal.ratio())),
			target:   "≤ 10 %", met: journal.ratio() >= 0.9,
		},
		of("list of 50 of a collection of a whole document, the same request repeated", sameVessels, 0.6),
		of("the same, items never sent before", freshVessels, 0.35),
	}, nil
}

// comparison is answers per second of two servers, side by side in turns.
type comparison struct{ base, ours float64 }

func (c comparison) ratio() float64 { return c.ours / c.base }

func compare(ctx context.Context, base, ours http.Handler, l list, requests func() func() []byte) (comparison, error) {
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
	return compareServers(ctx, baseAddr, oursAddr, l, requests)
}

// compareServers asks two servers in turns, the base always for the same page.
func compareServers(ctx context.Context, base, ours string, l list, requests func() func() []byte) (comparison, error) {
	var baseRates, oursRates []float64
	for range rounds {
		for _, m := range []struct {
			addr  string
			next  func() func() []byte
			rates *[]float64
		}{{base, l.repeated, &baseRates}, {ours, requests, &oursRates}} {
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
func (l list) repeated() func() []byte {
	same := get(l.path+"1", l.key)
	end := time.Now().Add(round)
	return func() []byte {
		if time.Now().After(end) {
			return nil
		}
		return same
	}
}

// fresh asks for each page once, a share of them each round, so no item is sent
// twice.
func (l list) fresh() func() func() []byte {
	share := int64(l.items / 50 / rounds)
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
			return get(l.path+strconv.FormatInt(first+n, 10), l.key)
		}
	}
}

// bareOf is the yardstick: a router and static bytes, those of the first page.
func bareOf(ctx context.Context, l list, mock http.Handler) http.Handler {
	body := answerOf(ctx, mock, l.path+"1", l.key)
	e := echo.New()
	path, _, _ := strings.Cut(l.path, "?")
	e.GET(path, func(c echo.Context) error {
		c.Response().Header().Set("Content-Length", strconv.Itoa(len(body))) // as ours does; chunks would cost more
		return c.Blob(http.StatusOK, "application/json", body)
	})
	return e
}

// answerOf returns the body that h answers to a GET of path.
func answerOf(ctx context.Context, h http.Handler, path, key string) []byte {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+path, nil)
	r.Header.Set("Authorization", "Bearer "+key)
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
