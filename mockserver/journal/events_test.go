package journal_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver/journal"
)

// serveEvents serves the events of j on loopback.
func serveEvents(t *testing.T, j *journal.Journal, done <-chan struct{}) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := journal.ServeEvents(w, r, j, done); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	return srv.URL
}

func follow(t *testing.T, url, lastEventID string) (*sseReader, *http.Response) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return readSSE(resp.Body), resp
}

// wantIDs reads exchanges and compares them with what the journal shows.
func wantIDs(t *testing.T, r *sseReader, j *journal.Journal, ids ...uint64) {
	t.Helper()
	for _, id := range ids {
		got, err := r.next()
		if err != nil {
			t.Fatalf("waiting for exchange %d: %v", id, err)
		}
		entry, kept := j.Entry(id)
		want, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		if !kept || got.event != "exchange" || got.id != strconv.FormatUint(id, 10) {
			t.Fatalf("got event %q %s, want exchange %d", got.event, got.id, id)
		}
		if d := cmp.Diff(string(want), got.data); d != "" {
			t.Error(d)
		}
	}
}

func TestEventsComeOverTheWire(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	j.Record(listExchange([]byte(`{"before":true}`)))
	r, resp := follow(t, serveEvents(t, j, nil), "")
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type is %s", got)
	}
	for id, body := range []string{"{\n\"pretty\": [\n1]}", "text\nid: 9\n\ndata: x", "\xff\x00", ""} {
		j.Record(listExchange([]byte(body)))
		wantIDs(t, r, j, uint64(id)+2)
	}
}

func TestEventsResume(t *testing.T) {
	t.Parallel()
	j := newJournal(t, journal.MaxEntries(3))
	for range 5 {
		j.Record(listExchange(nil))
	}
	for _, c := range []struct {
		name, last string
		dropped    string
		ids        []uint64
	}{
		{name: "kept", last: "3", ids: []uint64{4, 5}},
		{name: "partly dropped", last: "1", dropped: `{"dropped":1}`, ids: []uint64{3, 4, 5}},
		{name: "of a journal before this", last: "77", ids: []uint64{3, 4, 5}},
		{name: "from the first", last: "0", ids: []uint64{3, 4, 5}},
		{name: "no number", last: "x"},
		{name: "the newest", last: "4", ids: []uint64{5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _ := follow(t, serveEvents(t, j, nil), c.last)
			if c.dropped != "" {
				got, err := r.next()
				if d := cmp.Diff(sse{id: "2", event: "dropped", data: c.dropped}, got, cmp.AllowUnexported(sse{})); d != "" || err != nil {
					t.Errorf("%v %s", err, d)
				}
			}
			wantIDs(t, r, j, c.ids...)
		})
	}
}

func TestEventsEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(j *journal.Journal, drain func())
	}{
		{"drain", func(_ *journal.Journal, drain func()) { drain() }},
		{"close", func(j *journal.Journal, _ func()) { j.Close(); j.Close() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(t)
			done := make(chan struct{})
			r, _ := follow(t, serveEvents(t, j, done), "")
			j.Record(listExchange(nil))
			wantIDs(t, r, j, 1)
			c.end(j, func() { close(done) })
			if _, err := r.next(); !errors.Is(err, io.EOF) {
				t.Errorf("the stream ends with %v", err)
			}
		})
	}
}

func TestEventsAreRefusedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	full, closed := newJournal(t, journal.MaxSubscribers(0)), newJournal(t)
	closed.Close()
	for _, c := range []struct {
		name string
		j    *journal.Journal
		w    http.ResponseWriter
		want error
	}{
		{"too many", full, httptest.NewRecorder(), journal.ErrTooManySubscribers},
		{"closed", closed, httptest.NewRecorder(), journal.ErrClosed},
		{"cannot flush", newJournal(t), struct{ http.ResponseWriter }{httptest.NewRecorder()}, http.ErrNotSupported},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := journal.ServeEvents(c.w, httptest.NewRequest(http.MethodGet, "/", nil), c.j, nil)
			if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "journal: ") {
				t.Errorf("got %v", err)
			}
			if h := c.w.Header(); len(h) != 0 {
				t.Errorf("it set %v", h)
			}
		})
	}
}

// pipeListener hands out in-memory connections, on which a synctest bubble's
// clock rules.
type pipeListener struct{ conns chan net.Conn }

func (l *pipeListener) Accept() (net.Conn, error) {
	c, ok := <-l.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (l *pipeListener) Close() error   { close(l.conns); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// bubble serves the events of j in memory and returns the client's end.
func bubble(t *testing.T, j *journal.Journal, ended func()) net.Conn {
	t.Helper()
	l := &pipeListener{conns: make(chan net.Conn, 1)}
	srv := &http.Server{ReadTimeout: 30 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := journal.ServeEvents(w, r, j, nil); err != nil {
			t.Error(err)
		}
		ended()
	})}
	go func() { _ = srv.Serve(l) }()
	client, server := net.Pipe()
	l.conns <- server
	t.Cleanup(func() {
		client.Close()
		srv.Close()
	})
	go func() { _, _ = io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n") }()
	return client
}

func TestHeartbeatAndReadTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal(t)
		client := bubble(t, j, func() {})
		began := time.Now()
		resp, err := http.ReadResponse(readSSE(client).lines, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := readSSE(resp.Body)
		// Far beyond the server's read timeout of 30 seconds.
		for i := 1; i <= 8; i++ {
			if e, err := r.next(); err != nil || e.comment == "" {
				t.Fatalf("got %+v, %v", e, err)
			}
			if got, want := time.Since(began), time.Duration(i)*15*time.Second; got != want {
				t.Errorf("heartbeat %d came after %s", i, got)
			}
		}
		// An event moves the next heartbeat.
		time.Sleep(10 * time.Second) //nolint:forbidigo // the bubble's clock, which takes no time
		j.Record(listExchange(nil))
		wantIDs(t, r, j, 1)
		if _, err := r.next(); err != nil || time.Since(began) != 145*time.Second {
			t.Errorf("the next heartbeat came after %s: %v", time.Since(began), err)
		}
	})
}

func TestClientThatTakesNothingIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal(t)
		ended := make(chan time.Time, 1)
		client := bubble(t, j, func() { ended <- time.Now() })
		if _, err := http.ReadResponse(readSSE(client).lines, nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		began := time.Now()
		for range 3 {
			j.Record(listExchange(page())) // nobody reads it
		}
		if took := (<-ended).Sub(began); took != 10*time.Second {
			t.Errorf("it ended after %s", took)
		}
	})
}

func TestClientThatGoesIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		client := bubble(t, newJournal(t, journal.MaxSubscribers(1)), func() { close(ended) })
		if _, err := http.ReadResponse(readSSE(client).lines, nil); err != nil {
			t.Fatal(err)
		}
		client.Close()
		<-ended
	})
}
