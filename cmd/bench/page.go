package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/digakit/digakit/mockserver"
)

// measurePage compares a page from the middle of a large list with one of a small
// list, through the whole server but the network.
func measurePage(ctx context.Context) ([]row, error) {
	ofKeys, err := comparePages(ctx, listPath, func(n int) (*mockserver.Server, error) { return mockserver.New(mockserver.WithKeys(n)) })
	if err != nil {
		return nil, err
	}
	ofTrains, err := comparePages(ctx, "/v1/train/", newTrains)
	if err != nil {
		return nil, err
	}
	of := func(what string, ratio float64) row {
		return row{
			what:     "page of 50 of 1,000,000 " + what + ", against 1,000",
			measured: fmt.Sprintf("%.2f times the time", ratio),
			target:   "≤ 1.3", met: ratio <= 1.3,
		}
	}
	return []row{of("keys", ofKeys), of("items of a collection", ofTrains)}, nil
}

// comparePages returns how many times longer a page of the large list takes.
func comparePages(ctx context.Context, path string, newServer func(items int) (*mockserver.Server, error)) (float64, error) {
	const small, large = 1000, 1_000_000
	ask := map[int]func(){}
	for _, n := range []int{small, large} {
		srv, err := newServer(n)
		if err != nil {
			return 0, err
		}
		var middle struct {
			Last string `json:"last_id"`
		}
		if err := json.Unmarshal(answerOf(ctx, srv, fmt.Sprintf("%s?page=%d", path, n/100), mockserver.UnrestrictedKey), &middle); err != nil {
			return 0, err
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+path+"?after="+middle.Last, nil)
		r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey)
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			return 0, fmt.Errorf("%s is answered %d: %s", r.URL, w.Code, w.Body)
		}
		ask[n] = func() { srv.ServeHTTP(discard{}, r) }
	}
	var ratios []float64
	for range rounds {
		took := map[int]float64{}
		for n, f := range ask {
			took[n] = timeOf(f)
		}
		ratios = append(ratios, took[large]/took[small])
	}
	return median(ratios), nil
}

// timeOf is how long a thousand calls take, in milliseconds.
func timeOf(f func()) float64 {
	began := time.Now()
	for range 1000 {
		f()
	}
	return since(began)
}

// discard is a response writer that keeps nothing.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
