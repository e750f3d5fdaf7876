package guard_test

import (
	"net/http"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

// discard is a ResponseWriter that costs nothing itself.
type discard http.Header

func (d discard) Header() http.Header         { return http.Header(d) }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// BenchmarkPlainRequest measures what the guard adds to a request that no
// browser sends.
func BenchmarkPlainRequest(b *testing.B) {
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	h := newGuard(b, guard.Config{AllowHosts: []string{"mock", "*.example.test"}, AllowOrigins: []string{"http://localhost:3000"}}).Wrap(nothing)
	for _, q := range []struct{ name, target, host string }{
		{"api, address", "/v1/api_key/", "127.0.0.1:4010"},
		{"api, name", "/v1/api_key/", "localhost:4010"},
		{"control", "/_mock/projects", "127.0.0.1:4010"},
	} {
		b.Run(q.name, func(b *testing.B) {
			r, w := request{target: q.target, host: q.host, header: headers("Authorization: Bearer x")}.http(), discard{}
			b.ReportAllocs()
			for b.Loop() {
				clear(w)
				h.ServeHTTP(w, r)
			}
		})
	}
}
