package journal_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/digakit/digakit/mockserver/journal"
)

// page is a list of 50 keys, some 14 kB.
func page() []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	for i := range 50 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"3fa85f64-5717-4562-b3fc-2c963f66%04d","name":"CRM_Production %d","created_date":"2025-01-15T09:30:00Z",`+
			`"creator_id":"3fa85f64-5717-4562-b3fc-2c963f66afa6","last_four_digits":"a1b2","is_restricted":true,`+
			`"permissions":["api_keys.view","calls.view","workflows.view"]}`, i, i)
	}
	b.WriteString(`],"first_id":"3fa85f64-5717-4562-b3fc-2c963f660000","has_more":true}`)
	return b.Bytes()
}

func listExchange(body []byte) journal.Exchange {
	r := httptest.NewRequest(http.MethodGet, "/v1/api_key/?limit=50&order=asc", nil)
	r.Header = http.Header{
		"Authorization":   {"Bearer diga-mock-unrestricted-0001"},
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip"},
		"User-Agent":      {"Go-http-client/1.1"},
	}
	return journal.Exchange{
		Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Duration: 45 * time.Microsecond,
		Request:  r,
		Declared: func(name string) bool { return name == "limit" || name == "order" },
		Status:   http.StatusOK, ResponseBody: body,
		ResponseHeader: http.Header{"Content-Type": {"application/json"}, "Content-Length": {strconv.Itoa(len(body))}},
		Operation:      "list_api_keys", Project: "demo", KeyID: "7d9f", KeyLastFour: "0001",
	}
}

// BenchmarkRecord records into a full journal: the same answer again and again,
// sixty answers in turn, and answers that were never sent before.
func BenchmarkRecord(b *testing.B) {
	for _, kinds := range []int{1, 60, 0} {
		name := fmt.Sprintf("answers=%d", kinds)
		if kinds == 0 {
			name = "answers=new"
		}
		b.Run(name, func(b *testing.B) {
			j, err := journal.New()
			if err != nil {
				b.Fatal(err)
			}
			body := page()
			x := listExchange(body)
			n := 0
			next := func() {
				number := n
				if n++; kinds > 0 {
					number %= kinds
				}
				digits := fmt.Sprintf("%010d", uint64(number)*2_654_435_761%10_000_000_000) // like an id, different throughout
				for at := 16; at < len(body)-100; at += 275 {                               // some of every item
					copy(body[at:], digits)
				}
				j.Record(x)
			}
			for range 2000 {
				next()
			}
			b.ReportAllocs()
			for b.Loop() {
				next()
			}
		})
	}
}

func BenchmarkEntries(b *testing.B) {
	j, err := journal.New()
	if err != nil {
		b.Fatal(err)
	}
	x := listExchange(page())
	for range 1000 {
		j.Record(x)
	}
	b.ReportAllocs()
	for b.Loop() {
		if got := len(j.Entries(journal.Filter{Limit: 50})); got != 50 {
			b.Fatal(got)
		}
	}
}
