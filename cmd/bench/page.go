package main

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/digakit/digakit/mockserver"
)

// measurePage compares a page from the middle of a large list with one of a small
// list, through the whole server but the network.
func measurePage(b *bench) {
	of := func(what, path string, newServer func(items int) *mockserver.Server) {
		small, large := middle(b, path, 1000, newServer), middle(b, path, 1_000_000, newServer)
		ratio := medianOf(rounds, func() float64 { return seconds(large) / seconds(small) })
		b.atMost("page of 50 of 1,000,000 "+what+", against 1,000", fmt.Sprintf("%.2f times the time", ratio), ratio, 1.3, "")
	}
	of("keys", listPath, func(n int) *mockserver.Server { return must(mockserver.New(mockserver.WithKeys(n))) })
	of("items of a collection", "/v1/train/", newTrains)
	measureSearch(b)
}

// measureSearch measures what the console asks while somebody types into its search.
func measureSearch(b *bench) {
	srv := must(mockserver.New(mockserver.WithKeys(100_000)))
	slowest := 0.0
	for _, text := range []string{"o", "booking", "nobody"} { // in most names, in some, in none
		path := "/_mock/projects/demo/api_keys?limit=20&offset=0&search=" + text
		slowest = max(slowest, medianOf(rounds, func() float64 {
			return 1e3 * seconds(func() { answerOf(b, srv, path, mockserver.UnrestrictedKey) })
		}))
	}
	b.atMost("the console's search in 100,000 keys, the slowest of three", fmt.Sprintf("%.1f ms", slowest), slowest, 100, " ms")
}

// middle returns what asks a thousand times for the page in the middle of a list.
func middle(b *bench, path string, items int, newServer func(items int) *mockserver.Server) func() {
	srv := newServer(items)
	var page struct {
		Last string `json:"last_id"`
	}
	check(json.Unmarshal(answerOf(b, srv, fmt.Sprintf("%s?page=%d", path, items/100), mockserver.UnrestrictedKey), &page))
	after := path + "?after=" + page.Last
	answerOf(b, srv, after, mockserver.UnrestrictedKey)
	r := asking(b, after, mockserver.UnrestrictedKey)
	return func() {
		for range 1000 {
			srv.ServeHTTP(discard{}, r)
		}
	}
}

// discard is a response writer that keeps nothing.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
