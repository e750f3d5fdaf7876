package fault_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/mockserver/fault"
)

// pipeListener hands out in-memory connections, which work in a synctest bubble.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// ask serves one connection of a bubble until the test ends and sends a GET on it.
func ask(t *testing.T, h http.Handler) net.Conn {
	t.Helper()
	l := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Hour}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { srv.Close() })
	ours, theirs := net.Pipe()
	l.conns <- theirs
	if _, err := io.WriteString(ours, "GET "+keysPath+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	return ours
}

// arrival is a piece of a body and when it came.
type arrival struct {
	After time.Duration
	Bytes string
}

// arrivals reads a response to its end.
func arrivals(t *testing.T, conn net.Conn, start time.Time) (header time.Duration, body []arrival, err error) {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	header = time.Since(start)
	buf := make([]byte, 1<<10)
	for {
		n, err := resp.Body.Read(buf)
		if n > 0 {
			body = append(body, arrival{time.Since(start), string(buf[:n])})
		}
		if errors.Is(err, io.EOF) {
			return header, body, nil
		}
		if err != nil {
			return header, body, err
		}
	}
}

func TestDelaysAndDribbles(t *testing.T) {
	t.Parallel()
	eight := json.RawMessage(`"12345678"`)
	for _, tc := range []struct {
		name, why string
		spec      fault.Spec
		header    time.Duration
		body      []arrival
		err       error
	}{
		{"fixed", "then the operation answers", fault.Spec{FixedDelayMilliseconds: 1500}, 1500 * time.Millisecond,
			[]arrival{{1500 * time.Millisecond, page}}, nil},
		{"fixed and random", "both are waited", fault.Spec{FixedDelayMilliseconds: 1000, DelayDistribution: &fault.Distribution{Type: fault.Uniform, Lower: 500, Upper: 500}, Body: eight}, 1500 * time.Millisecond,
			[]arrival{{1500 * time.Millisecond, "12345678"}}, nil},
		{"ten minutes", "is the longest", fault.Spec{FixedDelayMilliseconds: 600_000, Body: eight}, fault.MaxDelay,
			[]arrival{{fault.MaxDelay, "12345678"}}, nil},
		{"dribble", "the header at once, each part after its share", fault.Spec{Body: eight, ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 4, TotalDuration: 1000}}, 0,
			[]arrival{{250 * time.Millisecond, "12"}, {500 * time.Millisecond, "34"}, {750 * time.Millisecond, "56"}, {time.Second, "78"}}, nil},
		{"dribble that does not divide", "all of it comes, in all of the time", fault.Spec{Body: eight, ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 3, TotalDuration: 100}}, 0,
			[]arrival{{33333333, "12"}, {66666666, "345"}, {100 * time.Millisecond, "678"}}, nil},
		{"more chunks than bytes", "there are no smaller parts", fault.Spec{Body: json.RawMessage(`"ab"`), ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 100, TotalDuration: 1000}}, 0,
			[]arrival{{500 * time.Millisecond, "a"}, {time.Second, "b"}}, nil},
		{"the operation's answer", "is dribbled as well, after the delay", fault.Spec{FixedDelayMilliseconds: 1000, ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 2, TotalDuration: 1000}}, time.Second,
			[]arrival{{1500 * time.Millisecond, page[:14]}, {2 * time.Second, page[14:]}}, nil},
		{"nothing to dribble", "is there at once", fault.Spec{Status: 204, FixedDelayMilliseconds: 1}, time.Millisecond, nil, nil},
		{"truncated dribble", "ends early", fault.Spec{Body: eight, TruncateBodyAtFraction: new(0.5), ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 2, TotalDuration: 1000}}, 0,
			[]arrival{{500 * time.Millisecond, "12"}, {time.Second, "34"}}, io.ErrUnexpectedEOF},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				set, op := diga(t)
				add(t, set, tc.spec)
				start := time.Now()
				header, body, err := arrivals(t, ask(t, inject(t, set, op)), start)
				if header != tc.header || !errors.Is(err, tc.err) {
					t.Errorf("%s: header after %s, end %v; want %s, %v", tc.why, header, err, tc.header, tc.err)
				}
				if diff := cmp.Diff(tc.body, body); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.why, diff)
				}
			})
		})
	}
}

func TestADelayedBreakWaitsFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		set, op := diga(t)
		add(t, set, fault.Spec{Kind: fault.EmptyResponse, FixedDelayMilliseconds: 2000})
		start := time.Now()
		got, err := io.ReadAll(ask(t, inject(t, set, op)))
		if len(got) > 0 || err != nil || time.Since(start) != 2*time.Second {
			t.Errorf("got %q, %v after %s", got, err, time.Since(start))
		}
	})
}

func TestAClientThatLeavesEndsTheWait(t *testing.T) {
	t.Parallel()
	for name, spec := range map[string]fault.Spec{
		"delay":   {FixedDelayMilliseconds: 600_000},
		"dribble": {ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 2, TotalDuration: 600_000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				set, op := diga(t)
				add(t, set, spec)
				start := time.Now()
				ended := make(chan error, 1)
				h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					ended <- set.Fire(fault.Request{Operation: op}).Serve(w, r, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						_, _ = io.WriteString(w, page)
					}))
				})
				conn := ask(t, h)
				go func() { _, _ = io.Copy(io.Discard, conn) }()
				synctest.Wait()
				if err := conn.Close(); err != nil {
					t.Fatal(err)
				}
				if err := <-ended; !errors.Is(err, context.Canceled) || time.Since(start) > 0 {
					t.Errorf("ended with %v after %s", err, time.Since(start))
				}
			})
		})
	}
}

// TestAClockThatStopsMakesNoAnswerUp: the client waits on, but will not get a 200.
func TestAClockThatStopsMakesNoAnswerUp(t *testing.T) {
	t.Parallel()
	stopped := errors.New("the clock stopped")
	for _, tc := range []struct {
		name, why string
		spec      fault.Spec
		want      error
	}{
		{"before the answer", "there is none", fault.Spec{FixedDelayMilliseconds: 1}, io.EOF},
		{"within it", "it is not whole", fault.Spec{ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 2, TotalDuration: 2}}, io.ErrUnexpectedEOF},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, op := diga(t, fault.WithSleep(func(context.Context, time.Duration) error { return stopped }))
			add(t, set, tc.spec)
			next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, page) })
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if err := set.Fire(fault.Request{Operation: op}).Serve(w, r, next); !errors.Is(err, stopped) {
					t.Errorf("%s: served with %v", tc.why, err)
				}
			})
			srv := httptest.NewServer(h)
			t.Cleanup(srv.Close)
			for name, client := range map[string]*http.Client{"tcp": srv.Client(), "in process": inProcess{h}.client()} {
				want := tc.want
				if name == "in process" {
					want = stopped
				}
				resp, err := client.Get(srv.URL)
				if err == nil {
					_, err = io.ReadAll(resp.Body)
					resp.Body.Close()
				}
				if !errors.Is(err, want) {
					t.Errorf("%s, %s: the client got %v, want %v", tc.why, name, err, want)
				}
			}
		})
	}
}

// waits returns what n calls are told to wait.
func waits(t testing.TB, spec fault.Spec, n int) []time.Duration {
	t.Helper()
	var list []time.Duration
	set, op := diga(t, fault.WithSleep(func(_ context.Context, d time.Duration) error {
		list = append(list, d)
		return nil
	}))
	add(t, set, spec)
	h := inject(t, set, op)
	for range n {
		record(t, h)
	}
	return list
}

func TestDistributions(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, tc := range []struct {
		name, why        string
		d                fault.Distribution
		least, most      time.Duration
		medianL, medianH time.Duration
	}{
		{"uniform", "as WireMock's own example", fault.Distribution{Type: fault.Uniform, Lower: 15, Upper: 25}, 15 * ms, 25 * ms, 19 * ms, 21 * ms},
		{"lognormal", "half of the delays are below the median", fault.Distribution{Type: fault.LogNormal, Median: 80, Sigma: 0.4}, 1, time.Second, 76 * ms, 84 * ms},
		{"lognormal, cut", "drawn again, so the median sinks", fault.Distribution{Type: fault.LogNormal, Median: 80, Sigma: 0.4, MaxValue: 100}, 1, 100 * ms, 60 * ms, 80 * ms},
		{"lognormal, cut in half", "the tightest cut there is", fault.Distribution{Type: fault.LogNormal, Median: 80, Sigma: 0.4, MaxValue: 80}, 1, 80 * ms, 50 * ms, 70 * ms},
		{"lognormal, wild", "bounded all the same", fault.Distribution{Type: fault.LogNormal, Median: 600_000, Sigma: 10}, 0, fault.MaxDelay, 0, fault.MaxDelay},
		{"lognormal without sigma", "is a constant", fault.Distribution{Type: fault.LogNormal, Median: 80}, 80 * ms, 80 * ms, 80 * ms, 80 * ms},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			spec := fault.Spec{DelayDistribution: &tc.d, Seed: 1}
			got := waits(t, spec, 2000)
			if !slices.Equal(got, waits(t, spec, 2000)) {
				t.Error("differs on the next run")
			}
			slices.Sort(got)
			if least, most := got[0], got[len(got)-1]; least < tc.least || most > tc.most {
				t.Errorf("%s: from %s to %s, want %s to %s", tc.why, least, most, tc.least, tc.most)
			}
			if median := got[len(got)/2]; median < tc.medianL || median > tc.medianH {
				t.Errorf("%s: the median is %s, want %s to %s", tc.why, median, tc.medianL, tc.medianH)
			}
		})
	}
}

// TestValidDelaysAreBounded: whatever Validate lets pass waits no longer than it says.
func TestValidDelaysAreBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := fault.Distribution{
			Type:   rapid.SampledFrom([]string{fault.LogNormal, fault.Uniform}).Draw(rt, "type"),
			Median: rapid.Float64Range(0, 700_000).Draw(rt, "median"), Sigma: rapid.Float64Range(0, 12).Draw(rt, "sigma"), MaxValue: rapid.Float64Range(0, 700_000).Draw(rt, "maxValue"),
			Lower: rapid.Float64Range(-1, 700_000).Draw(rt, "lower"), Upper: rapid.Float64Range(0, 700_000).Draw(rt, "upper"),
		}
		if d.Type == fault.Uniform {
			d.Median, d.Sigma, d.MaxValue = 0, 0, 0
		} else {
			d.Lower, d.Upper = 0, 0
		}
		spec := fault.Spec{DelayDistribution: &d, Seed: rapid.Uint64().Draw(rt, "seed")}
		if spec.Validate(nil) != nil {
			rt.Skip("invalid")
		}
		for _, wait := range waits(t, spec, 20) {
			if wait < 0 || wait > fault.MaxDelay {
				rt.Fatalf("waits %s", wait)
			}
		}
	})
}

func TestRecordedAnswersArriveAsTheyWere(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	add(t, set, fault.Spec{ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 3}})
	for _, tc := range []struct {
		name, why string
		next      http.HandlerFunc
	}{
		{"nothing written", "is an empty 200", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("A", "b") }},
		{"status alone", "has no body", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }},
		{"body where there is none", "is refused", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNoContent)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				t.Errorf("writing to a 204: %v", err)
			}
		}},
		{"status twice", "the first counts", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			w.WriteHeader(http.StatusAccepted)
		}},
		{"header after the status", "comes too late", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("A", "b")
			w.WriteHeader(http.StatusCreated)
			w.Header().Set("Late", "c")
			w.Header().Del("A")
		}},
		{"header taken away", "does not come", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Del("X-Before")
			_, _ = io.WriteString(w, "<html>"+strings.Repeat("a", 100))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ask := func(h http.Handler) string {
				srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Before", "yes")
					w.Header()["Date"] = nil
					h.ServeHTTP(w, r)
				}))
				srv.Config.ErrorLog = log.New(io.Discard, "", 0) // net/http complains of one of them
				srv.Start()
				defer srv.Close()
				got, err := raw(t, srv)
				if err != nil {
					t.Fatal(err)
				}
				return got
			}
			plain := ask(tc.next)
			got := ask(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if err := set.Fire(fault.Request{Operation: op}).Serve(w, r, tc.next); err != nil {
					t.Error(err)
				}
			}))
			if diff := cmp.Diff(plain, got); diff != "" {
				t.Errorf("%s (-without +with fault):\n%s", tc.why, diff)
			}
		})
	}
}
