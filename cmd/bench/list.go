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

const listPath = "/v1/api_key/"

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
func measureList(b *bench) {
	of := func(what string, c comparison, least float64) {
		b.want(what, fmt.Sprintf("%.2f of bare (%.0f requests/s)", c.ratio(), c.ours), fmt.Sprintf("≥ %g", least), c.ratio() >= least)
	}
	mock := must(mockserver.New())
	same := compare(b, bareOf(b, keys, mock), mock, keys, keys.repeated)
	b.show("list of 50, bare Echo handler, same bytes", fmt.Sprintf("%.0f requests/s", same.base))
	of("list of 50, validated both ways and journalled, the same request repeated", same, 0.6)

	million := must(mockserver.New(mockserver.WithKeys(keys.items)))
	of("the same, items never sent before", compare(b, bareOf(b, keys, million), million, keys, keys.fresh()), 0.35)

	journal := 1 - compare(b, must(mockserver.New(mockserver.WithoutJournal())), mock, keys, keys.repeated).ratio()
	b.atMost("journal and faults, of the repeated list", fmt.Sprintf("%.0f %%", 100*journal), 100*journal, 10, " %")

	others := newVessels(vessels.items)
	bare := bareOf(b, vessels, others)
	fresh := compare(b, bare, others, vessels, vessels.fresh()) // first: they were never sent
	of("list of 50 of a collection of a whole document, the same request repeated", compare(b, bare, others, vessels, vessels.repeated), 0.6)
	of("the same, items never sent before", fresh, 0.35)
}

// comparison is answers per second of two servers, side by side in turns.
type comparison struct{ base, ours float64 }

func (c comparison) ratio() float64 { return c.ours / c.base }

func compare(ctx context.Context, base, ours http.Handler, l list, requests func() func() []byte) comparison {
	baseAddr, stopBase, err := serve(ctx, base)
	check(err)
	defer stopBase()
	oursAddr, stopOurs, err := serve(ctx, ours)
	check(err)
	defer stopOurs()
	return compareServers(ctx, baseAddr, oursAddr, l, requests)
}

// compareServers asks two servers in turns, the base always for the same page.
func compareServers(ctx context.Context, base, ours string, l list, requests func() func() []byte) comparison {
	var baseRates, oursRates []float64
	for range rounds {
		baseRates = append(baseRates, must(load(ctx, base, l.repeated())))
		oursRates = append(oursRates, must(load(ctx, ours, requests())))
	}
	return comparison{median(baseRates), median(oursRates)}
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
	var end int64 // of the rounds begun
	return func() func() []byte {
		var page atomic.Int64
		page.Store(end)
		end += share
		last := end
		return func() []byte {
			n := page.Add(1)
			if n > last {
				return nil
			}
			return get(l.path+strconv.FormatInt(n, 10), l.key)
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

// asking is a GET of path.
func asking(ctx context.Context, path, key string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+path, nil)
	r.Header.Set("Authorization", "Bearer "+key)
	return r
}

// answerOf returns the body that h answers to a GET of path.
func answerOf(ctx context.Context, h http.Handler, path, key string) []byte {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, asking(ctx, path, key))
	if w.Code != http.StatusOK {
		check(fmt.Errorf("%s is answered %d: %s", path, w.Code, w.Body))
	}
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
