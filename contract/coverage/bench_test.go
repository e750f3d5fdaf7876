package coverage_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

const listPath = "/v1/api_key/"

// diga returns a validator of Diga's document and its one operation.
func diga(tb testing.TB) (*contract.Validator, *contract.Operation) {
	tb.Helper()
	v, err := contract.New(spectest.Seed())
	if err != nil {
		tb.Fatal(err)
	}
	return v, v.Operations()[0]
}

// pages returns the bodies of that many pages of 50 keys.
func pages(tb testing.TB, number int) [][]byte {
	tb.Helper()
	mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithKeys(50*number))
	if err != nil {
		tb.Fatal(err)
	}
	bodies := make([][]byte, number)
	for i := range bodies {
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("http://localhost%s?page=%d", listPath, i+1), nil)
		r.Header.Set("Authorization", "Bearer "+mockserver.ReadOnlyKey)
		w := httptest.NewRecorder()
		mock.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			tb.Fatalf("page %d answers %d", i+1, w.Code)
		}
		bodies[i] = w.Body.Bytes()
	}
	return bodies
}

// BenchmarkRecord shows what counting costs for a list of 50: of one body again and
// again, and of bodies that were never there before; decoded stands for what
// looking into them the plain way would cost.
func BenchmarkRecord(b *testing.B) {
	v, op := diga(b)
	const many = 2000
	bodies := pages(b, many)
	x := contract.Exchange{
		Operation: op, Request: httptest.NewRequest(http.MethodGet, listPath+"?page=1", nil), Status: http.StatusOK,
		Header: http.Header{"Content-Type": {"application/json"}},
	}
	run := func(name string, pick func(i int) []byte) {
		b.Run(name, func(b *testing.B) {
			c := coverage.New(v)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				x.Body = pick(i)
				c.Record(x)
				i++
			}
		})
	}
	run("repeated", func(int) []byte { return bodies[0] })
	run("fresh", func(i int) []byte { return bodies[i%many] }) // more than are remembered
	b.Run("decoded", func(b *testing.B) {
		for b.Loop() {
			var body any
			if err := json.Unmarshal(bodies[0], &body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("planned", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			coverage.New(v)
		}
	})
}
