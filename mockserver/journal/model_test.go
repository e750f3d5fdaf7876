package journal_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/journal"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// drawExchange draws an ordinary exchange, or now and then an oversized one.
func drawExchange(rt *rapid.T) journal.Exchange {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("aé\"\\{}:secret,")), 0, 30, -1)
	blob := rapid.Custom(func(rt *rapid.T) []byte {
		return []byte(strings.Repeat(text.Draw(rt, "part"), rapid.SampledFrom([]int{0, 1, 3, 100, 3000}).Draw(rt, "times")))
	})
	x := journal.Exchange{
		Time:         start.Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "second")) * time.Second),
		Request:      &http.Request{Method: "GET", URL: &url.URL{Path: "/" + text.Draw(rt, "path"), RawQuery: string(blob.Draw(rt, "query"))}},
		RequestBody:  blob.Draw(rt, "request body"),
		Status:       rapid.SampledFrom([]int{0, 200, 403, 404, 422, 500}).Draw(rt, "status"),
		ResponseBody: blob.Draw(rt, "response body"),
		Operation:    rapid.SampledFrom([]string{"", "list", "create"}).Draw(rt, "operation"),
		KeyID:        rapid.SampledFrom([]string{"", "k1", "k2"}).Draw(rt, "key"),
	}
	if rapid.IntRange(0, 14).Draw(rt, "oversized") == 14 {
		wide := strings.Repeat("\xffa", 10<<10)
		x.Request.Header = http.Header{"A": {wide, wide}, "B": slices.Repeat([]string{wide[:999]}, 50)}
		x.ResponseHeader = x.Request.Header
		x.Departure, x.Preference, x.Operation, x.FaultID, x.Request.RemoteAddr, x.Request.Method = wide, wide, wide, wide, wide, wide
		x.Violations = slices.Repeat([]contract.Violation{{Message: wide[:1000]}}, 300)
	} else if rapid.Bool().Draw(rt, "broken") {
		x.Violations = []contract.Violation{{Side: contract.SideRequest, In: "query", Message: "must be a number"}}
	}
	return x
}

// TestBoundsHoldWhateverIsRecorded: never more than allowed, the newest always
// there, ids without gaps, and Dropped counts the rest.
func TestBoundsHoldWhateverIsRecorded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		entries := rapid.IntRange(1, 8).Draw(rt, "entries")
		body := rapid.SampledFrom([]int{0, 1, 100, 64 << 10}).Draw(rt, "body")
		limit := int64(256<<10 + 2*body)
		j, err := journal.New(journal.MaxEntries(entries), journal.MaxBody(body), journal.MaxBytes(limit))
		if err != nil {
			rt.Fatal(err)
		}
		since := uint64(0) // the last id before Clear
		for range rapid.IntRange(1, 15).Draw(rt, "exchanges") {
			if rapid.IntRange(0, 9).Draw(rt, "clear") == 0 {
				j.Clear()
				since = j.Last()
				if j.Bytes() != 0 || j.Dropped() != 0 || j.Count(journal.Filter{}) != 0 {
					rt.Fatalf("cleared, but %d bytes, %d dropped, %d entries", j.Bytes(), j.Dropped(), j.Count(journal.Filter{}))
				}
			}
			id := j.Record(drawExchange(rt))
			list := j.Entries(journal.Filter{})
			if n := len(list); n == 0 || n > entries || list[n-1].ID != id || id != j.Last() {
				rt.Fatalf("%d entries of %d, newest is not %d", n, entries, id)
			}
			if j.Bytes() > limit {
				rt.Fatalf("%d bytes of %d", j.Bytes(), limit)
			}
			var text int64
			seen := map[string]bool{}
			for i, e := range list {
				if e.ID != list[0].ID+uint64(i) {
					rt.Fatalf("entry %d has id %d, the first %d", i, e.ID, list[0].ID)
				}
				text += int64(len(e.Request.Path) + len(e.Request.Query))
				for _, b := range []*journal.Body{e.Request.Body, e.Response.Body} {
					if b != nil && !seen[b.Text+string(b.JSON)] {
						seen[b.Text+string(b.JSON)] = true
						text += int64(len(b.Text) + len(b.JSON) + len(b.Base64))
					}
				}
			}
			if text > j.Bytes() {
				rt.Fatalf("counts %d bytes, but shows %d", j.Bytes(), text)
			}
			if got, want := j.Dropped(), id-since-uint64(len(list)); got != want {
				rt.Fatalf("dropped %d, want %d", got, want)
			}
		}
	})
}

// TestFilterLikeTheModel compares with a filter written naively on entries.
func TestFilterLikeTheModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		j := newJournal(t, journal.MaxEntries(10))
		for range rapid.IntRange(0, 15).Draw(rt, "exchanges") {
			j.Record(drawExchange(rt))
		}
		f := journal.Filter{
			Operation: rapid.SampledFrom([]string{"", "list", "none"}).Draw(rt, "operation"),
			Status:    rapid.SampledFrom([]string{"", "200", "403", "4xx", "5XX", "3xx"}).Draw(rt, "status"),
			KeyID:     rapid.SampledFrom([]string{"", "k1"}).Draw(rt, "key"),
			Limit:     rapid.IntRange(0, 4).Draw(rt, "limit"),
		}
		if rapid.Bool().Draw(rt, "with since") {
			f.Since = start.Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "since")) * time.Second)
		}
		if rapid.Bool().Draw(rt, "with violations") {
			f.Violations = new(rapid.Bool().Draw(rt, "violations"))
		}
		var want []uint64
		for _, e := range j.Entries(journal.Filter{}) {
			status := fmt.Sprint(e.Response.Status)
			class := status[:1] + "xx"
			switch {
			case f.Operation != "" && e.Operation != f.Operation:
			case f.Status != "" && status != f.Status && (e.Response.Status == 0 || class != strings.ToLower(f.Status)):
			case f.KeyID != "" && (e.Key == nil || e.Key.ID != f.KeyID):
			case f.Violations != nil && (len(e.Violations) > 0) != *f.Violations:
			case !f.Since.IsZero() && !e.Time.After(f.Since):
			default:
				want = append(want, e.ID)
			}
		}
		if got := j.Count(f); got != len(want) {
			rt.Fatalf("%+v: count is %d, want %d", f, got, len(want))
		}
		if f.Limit > 0 && len(want) > f.Limit {
			want = want[len(want)-f.Limit:]
		}
		var got []uint64
		for _, e := range j.Entries(f) {
			got = append(got, e.ID)
		}
		if d := cmp.Diff(want, got); d != "" {
			rt.Fatalf("%+v: %s", f, d)
		}
	})
}

// TestEqualBodiesCountOnce: what is shared is kept once, and gone with the last
// exchange that had it.
func TestEqualBodiesCountOnce(t *testing.T) {
	t.Parallel()
	j := newJournal(t, journal.MaxEntries(3))
	x := listExchange(page())
	j.Record(x)
	one := j.Bytes()
	j.Record(x)
	if added := j.Bytes() - one; added > 2000 {
		t.Errorf("the second exchange added %d bytes", added)
	}
	small := listExchange([]byte("{}"))
	for range 3 {
		j.Record(small)
	}
	if left := j.Bytes(); left > 6000 {
		t.Errorf("%d bytes are counted after the last large body went", left)
	}
}

func TestNothingOfTheExchangeIsHeld(t *testing.T) {
	t.Parallel()
	body := []byte(`{"name":"before"}`)
	x := listExchange(body)
	x.Request.Header = http.Header{"A": {"before"}}
	x.Violations = []contract.Violation{{Message: "before"}}
	j := newJournal(t)
	j.Record(x)
	before := j.Entries(journal.Filter{})
	copy(body, `{"name":"behind"}`)
	x.Request.Header.Set("A", "behind")
	x.Violations[0].Message = "behind"
	if d := cmp.Diff(before, j.Entries(journal.Filter{})); d != "" {
		t.Error(d)
	}
}

func TestInvalidFilters(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	j.Record(journal.Exchange{Request: httptest.NewRequest(http.MethodGet, "/", nil), Status: 200})
	for _, f := range []journal.Filter{{Status: "4x"}, {Status: "x00"}, {Status: "600"}, {Status: "099"}, {Status: "4x4"}, {Status: "20 "}, {Limit: -1}} {
		if f.Validate() == nil {
			t.Errorf("%+v is valid", f)
		}
		if j.Count(f) != 0 || len(j.Entries(f)) != 0 {
			t.Errorf("%+v chooses", f)
		}
	}
	want := `journal: status must be like "403" or "4xx", 100 to 599
journal: limit must not be negative, but is -1`
	if d := cmp.Diff(want, journal.Filter{Status: "ok", Limit: -1}.Validate().Error()); d != "" {
		t.Error(d)
	}
}

func TestInvalidOptionsAreReportedTogether(t *testing.T) {
	t.Parallel()
	_, err := journal.New(journal.MaxEntries(0), journal.MaxBytes(1), journal.MaxBody(-1), journal.MaxSubscribers(-1))
	want := `journal: entries must be 1 to 1000000, not 0
journal: the largest body must not be negative, but is -1
journal: the number of subscribers must not be negative, but is -1
journal: with bodies up to 65536 bytes at least 393216 bytes are needed, not 1`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// TestBytesAreCountedHonestly compares with what the runtime says is in use. It
// is not parallel, so that nothing else is at work.
func TestBytesAreCountedHonestly(t *testing.T) {
	for _, size := range []int{0, 200, 14_000} {
		inUse := func() int64 {
			runtime.GC()
			runtime.GC() // what a pool holds goes in two steps
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return int64(m.HeapAlloc)
		}
		x := listExchange(make([]byte, size))
		before := inUse()
		j := newJournal(t)
		for i := range 1200 {
			copy(x.ResponseBody, fmt.Sprintf("%d,", i))
			j.Record(x)
		}
		took := inUse() - before
		if counted := j.Bytes(); took > counted*13/10 {
			t.Errorf("bodies of %d bytes: %d bytes are in use, %d counted", size, took, counted)
		}
		j.Clear()
		if left := inUse() - before; left > 200_000 {
			t.Errorf("bodies of %d bytes: %d bytes are in use after Clear", size, left)
		}
		runtime.KeepAlive(j)
	}
}
