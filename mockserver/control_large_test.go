package mockserver_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver"
)

// A snapshot has to come out and go in again, however large the project is.
func TestLargeSnapshots(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithKeys(40_000))
	const path = "/_mock/projects/demo/snapshot"
	a := call(t, http.MethodGet, srv.URL()+path, http.Header{})
	if a.status != http.StatusOK || len(a.body) < 10<<20 {
		t.Fatalf("answered %d with %d bytes: %.300s", a.status, len(a.body), a.body)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, srv.URL()+path, bytes.NewReader(a.body))
	try(t, err)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultTransport.RoundTrip(r)
	try(t, err)
	try(t, resp.Body.Close())
	if again := call(t, http.MethodGet, srv.URL()+path, http.Header{}); resp.StatusCode != http.StatusNoContent || !bytes.Equal(a.body, again.body) {
		t.Errorf("it was put back with %d, and shown as another: %t", resp.StatusCode, !bytes.Equal(a.body, again.body))
	}
}

// Of many large bodies the newest are shown; of the others what there was, and why it is
// left out.
func TestLargeBodiesInTheJournal(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithKeys(1000))
	const asked = 200
	for range asked {
		call(t, http.MethodGet, srv.URL()+keysPath+"?limit=1000", as(mockserver.UnrestrictedKey))
	}
	a := call(t, http.MethodGet, srv.URL()+"/_mock/projects/demo/requests?limit=1000", http.Header{})
	var got struct {
		Requests []struct {
			Response struct {
				Body struct {
					Size          int64
					Text, Omitted string
				}
			}
		}
	}
	try(t, json.Unmarshal(a.body, &got))
	if a.status != http.StatusOK || len(got.Requests) != asked || len(a.body) > 10<<20 {
		t.Fatalf("answered %d with %d requests in %d bytes", a.status, len(got.Requests), len(a.body))
	}
	first, last := got.Requests[0].Response.Body, got.Requests[asked-1].Response.Body
	if !strings.Contains(first.Omitted, "limit") || first.Text != "" || first.Size != last.Size || last.Text == "" {
		t.Errorf("the oldest has %d bytes, shows %d and says %q; the newest has %d and shows %d", first.Size, len(first.Text), first.Omitted, last.Size, len(last.Text))
	}
}

const notes = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/notes":{
	"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Note"}}}}}}},
	"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}}},"responses":{"201":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}}}}}}},
	"components":{"schemas":{"Note":{"type":"object","required":["id"],"properties":{"id":{"type":"string","readOnly":true},"text":{"type":"string"}}}}}}`

// A list of large items is cut, says so, and goes on where it was cut.
func TestListsOfLargeItemsAreCut(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, notes)), mockserver.WithItems(3))
	const path = "/_mock/projects/demo/collections/notes"
	for _, size := range []int{5 << 20, 5 << 20, 9 << 20, 11 << 20} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL()+path, strings.NewReader(`{"text":"`+strings.Repeat("x", size)+`"}`))
		try(t, err)
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultTransport.RoundTrip(r)
		try(t, err)
		try(t, resp.Body.Close())
		if want := map[bool]int{true: http.StatusUnprocessableEntity, false: http.StatusCreated}[size > 10<<20]; resp.StatusCode != want {
			t.Fatalf("an item of %d bytes was answered %d, want %d", size, resp.StatusCode, want)
		}
	}
	var counts []int
	for offset := 0; offset < 6; {
		a := call(t, http.MethodGet, srv.URL()+path+"?offset="+string(rune('0'+offset)), http.Header{})
		var got struct {
			Items []struct{ ID string }
			Total int
			Cut   bool
		}
		try(t, json.Unmarshal(a.body, &got))
		if offset += len(got.Items); a.status != http.StatusOK || got.Total != 6 || got.Cut != (offset < 6) || len(got.Items) == 0 {
			t.Fatalf("answered %d with %d of %d items, cut %t", a.status, len(got.Items), got.Total, got.Cut)
		}
		counts = append(counts, len(got.Items))
	}
	if d := cmp.Diff([]int{1, 1, 4}, counts); d != "" {
		t.Error(d)
	}
}

// A page is answered however large its items are, and says when it was not judged.
func TestPagesOfLargeItems(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, notes)), mockserver.WithItems(1))
	for kept := range 3 {
		a := call(t, http.MethodGet, srv.URL()+"/notes", as("any"))
		var got []struct{ Text string }
		try(t, json.Unmarshal(a.body, &got))
		if large := len(a.body) > 10<<20; a.status != http.StatusOK || len(got) != kept+1 || (a.header.Get("Contract-Departure") != "") != large || large != (kept == 2) {
			t.Fatalf("answered %d with %d items in %d bytes, departure %q", a.status, len(got), len(a.body), a.header.Get("Contract-Departure"))
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL()+"/notes", strings.NewReader(`{"text":"`+strings.Repeat("x", 6<<20)+`"}`))
		try(t, err)
		r.Header = as("any")
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultTransport.RoundTrip(r)
		try(t, err)
		try(t, resp.Body.Close())
		if resp.StatusCode != http.StatusCreated {
			t.Fatalf("a note was answered %s", resp.Status)
		}
	}
}
