package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

// measurePage compares a page from the middle of a large project with one of a
// small project, through the whole server but the network.
func measurePage(ctx context.Context) ([]row, error) {
	const small, large = 1000, 1_000_000
	ask := map[int]func(){}
	for _, n := range []int{small, large} {
		srv, err := mockserver.New(mockserver.WithKeys(n))
		if err != nil {
			return nil, err
		}
		var middle struct {
			Last string `json:"last_id"`
		}
		if err := json.Unmarshal(answerOf(ctx, srv, fmt.Sprintf("%s?page=%d", listPath, n/100)), &middle); err != nil {
			return nil, err
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+listPath+"?after="+middle.Last, nil)
		r.Header.Set("Authorization", "Bearer "+mockserver.ReadOnlyKey)
		ask[n] = func() { srv.ServeHTTP(discard{}, r) }
	}
	var ratios []float64
	for range rounds {
		took := map[int]float64{}
		for n, f := range ask {
			took[n] = nanoseconds(f)
		}
		ratios = append(ratios, took[large]/took[small])
	}
	ratio := median(ratios)
	return []row{{
		what:     "page of 50 of 1,000,000 keys, against 1,000",
		measured: fmt.Sprintf("%.2f times the time", ratio),
		target:   "≤ 1.3", met: ratio <= 1.3,
	}}, nil
}

func nanoseconds(f func()) float64 {
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			f()
		}
	})
	return float64(r.T.Nanoseconds()) / float64(r.N)
}

// discard is a response writer that keeps nothing.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
