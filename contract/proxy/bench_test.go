package proxy_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/proxy"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// BenchmarkProxy compares with the bare reverse proxy, over loopback, in front
// of an upstream that answers a page of 50 keys at no cost: times-bare is the
// ratio of the medians.
func BenchmarkProxy(b *testing.B) {
	mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()))
	if err != nil {
		b.Fatal(err)
	}
	rec := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/v1/api_key/?limit=50", nil)
	r.Header.Set("Authorization", "Bearer "+mockserver.ReadOnlyKey)
	r.Host = "localhost"
	if mock.ServeHTTP(rec, r); rec.Code != http.StatusOK {
		b.Fatal(rec.Code, rec.Body)
	}
	page := rec.Body.String()
	upstream := httptest.NewServer(answering("application/json", page))
	defer upstream.Close()
	target, err := url.Parse(upstream.URL)
	if err != nil {
		b.Fatal(err)
	}
	v, err := contract.New(spectest.Seed())
	if err != nil {
		b.Fatal(err)
	}
	observing, err := proxy.New(target, v)
	if err != nil {
		b.Fatal(err)
	}
	enforcing, err := proxy.New(target, v, proxy.Enforce())
	if err != nil {
		b.Fatal(err)
	}
	bare := &httputil.ReverseProxy{Rewrite: func(pr *httputil.ProxyRequest) { pr.SetURL(target) }}
	ask := func(b *testing.B, c *http.Client, front string) time.Duration {
		began := time.Now()
		resp, err := c.Get(front + "/v1/api_key/?limit=50")
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		if err != nil || n != int64(len(page)) {
			b.Fatal(n, err)
		}
		_ = resp.Body.Close()
		return time.Since(began)
	}
	plain := httptest.NewServer(bare)
	defer plain.Close()
	for _, bc := range []struct {
		name    string
		handler http.Handler
	}{{"observing", observing}, {"enforcing", enforcing}} {
		b.Run(bc.name, func(b *testing.B) {
			front := httptest.NewServer(bc.handler)
			defer front.Close()
			c := client(b)
			var without, with []time.Duration
			for b.Loop() { // in turn, so that what else the machine does touches both
				without = append(without, ask(b, c, plain.URL))
				with = append(with, ask(b, c, front.URL))
			}
			slices.Sort(without)
			slices.Sort(with)
			middle := len(with) / 2
			b.ReportMetric(float64(with[middle])/float64(without[middle]), "times-bare")
			b.ReportMetric(float64(without[middle].Nanoseconds()), "ns-bare")
		})
	}
	if f := observing.Report().Findings; len(f) > 0 {
		b.Fatal(f)
	}
}
