package mockserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/recording"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// steps is a time that stands still while a request is answered.
type steps struct{ at atomic.Pointer[time.Time] }

func (s *steps) to(t time.Time) { s.at.Store(new(t.UTC().Truncate(time.Microsecond))) }

// WithRecording writes what is asked and answered to w, as package recording has it, from the
// first request on: of the API, and what changes anything through the control API. So that it
// can be asked again, requests are answered one after the other, clocks stand still
// meanwhile, and secrets of new keys are as [WithKnownSecrets] says. The keys that requests
// carry are written, too.
func WithRecording(w io.Writer) Option {
	return func(c *config) {
		c.record = w
		c.store.KnownSecrets = true
		c.steps = &steps{}
		c.steps.to(time.Now())
		c.store.Now = func() time.Time { return *c.steps.at.Load() }
	}
}

// WithRun serves the world that a run began with, for [recording.Run.Replay]: its projects,
// profile, prefix and number of items. Time stands still but for clocks that are set.
func WithRun(run *recording.Run) Option {
	return func(c *config) {
		WithKnownSecrets()(c)
		if err := json.Unmarshal(run.Profile, &c.profile); err != nil {
			c.errs = append(c.errs, errors.New("mockserver: the run's profile cannot be read: record the run anew"))
		}
		c.items, c.prefix, c.created, c.store.Frozen, c.worldGiven = run.Items, run.Prefix, run.Created, run.Frozen, true
		for _, shot := range run.Snapshots {
			c.world = append(c.world, server.Seeded{ProjectSnapshot: shot.Project})
		}
		still := time.Now()
		c.store.Now = func() time.Time { return still }
	}
}

// tape writes a recording.
type tape struct {
	server *Server
	to     io.Writer
	steps  *steps     // nil: clocks are left alone
	turn   sync.Mutex // one request at a time
	writer *recording.Writer
	failed bool
}

func (s *Server) prepareTape(c config) error {
	profile, err := json.Marshal(c.profile)
	s.head = recording.Header{Document: s.api.served, Items: c.items, Prefix: c.prefix, Profile: profile, Frozen: c.store.Frozen}
	if c.record != nil {
		s.tape.Store(&tape{server: s, to: c.record, steps: c.steps})
	}
	return err
}

// open writes what the run begins with, once.
func (t *tape) open() {
	if t.writer != nil || t.failed {
		return
	}
	h := t.server.head
	h.Created = t.server.store.Created()
	for _, p := range t.server.world.Projects() {
		if shot, err := p.Snapshot(); err == nil { // or it was removed meanwhile
			h.Snapshots = append(h.Snapshots, shot)
		}
	}
	var err error
	t.writer, err = recording.NewWriter(t.to, h)
	t.told(err)
}

func (t *tape) told(err error) {
	if err != nil && !t.failed {
		t.failed = true
		t.server.log.Error("the recording could not be written; what follows is not recorded", "error", err)
	}
}

// taped is what a recording has of a request under way.
type taped struct {
	tape  *tape
	entry journal.Entry
	head  http.Header
	out   *recorder
}

// begin waits for the request's turn; nil: there is no recording. Call end.
func (t *tape) begin(r *http.Request, out *recorder) *taped {
	if t == nil {
		return nil
	}
	x := &taped{tape: t, head: r.Header, out: out, entry: journal.Entry{Violations: []contract.Violation{}}}
	x.entry.Request = journal.Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery}
	out.most = recording.MaxBody + 1
	if r.Body != nil && r.Body != http.NoBody { // what nobody reads is to be sent again, too
		sent, _ := io.ReadAll(io.LimitReader(r.Body, recording.MaxBody+1)) // the handler finds the error
		x.entry.Request.Body = journal.NewBody(sent, recording.MaxBody)
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(sent), r.Body), r.Body}
	}
	t.turn.Lock()
	if t.steps != nil {
		t.steps.to(time.Now())
	}
	t.open()
	return x
}

func (x *taped) end() { x.tape.turn.Unlock() }

// of says whose clock counts.
func (x *taped) of(p *store.Project) {
	if x != nil {
		x.entry.Project, x.entry.Time = p.Name(), p.Clock().Now()
	}
}

// askHeaders are the headers of requests that decide about answers, besides credentials and
// what an operation declares.
var askHeaders = []string{"Accept", "Content-Encoding", "Content-Type", "Prefer", "X-Mock-Member"}

// keep writes the exchange down.
func (x *taped) keep(s *Server, op *contract.Operation, out *recorder) {
	x.entry.Request.Headers = http.Header{}
	control := strings.HasPrefix(x.entry.Request.Path, "/_mock") // whose token is no part of the run
	for name, values := range x.head {
		declared := op != nil && slices.ContainsFunc(op.Parameters, func(p contract.Parameter) bool { return p.In == "header" && strings.EqualFold(p.Name, name) })
		if declared || slices.Contains(askHeaders, name) || s.api.validator.HoldsSecret(name) && !control {
			x.entry.Request.Headers[name] = values
		}
	}
	x.entry.Response = journal.Response{Status: out.status, Headers: http.Header{}, Body: journal.NewBody(out.body.Bytes(), recording.MaxBody)}
	if op != nil {
		x.entry.Operation = op.Name()
	}
	if out.status != 0 {
		x.entry.Response.Headers = recording.Relevant(out.Header())
	}
	if x.tape.writer != nil && !x.tape.failed {
		x.tape.told(x.tape.writer.Write(x.entry))
	}
}

// serveControl answers a request to the control API. What changes anything is recorded.
func (s *Server) serveControl(w http.ResponseWriter, r *http.Request) {
	t := s.tape.Load()
	if t == nil || r.Method == http.MethodGet || r.Method == http.MethodHead {
		s.control.ServeHTTP(w, r)
		return
	}
	out := newRecorder(w)
	defer out.release()
	x := t.begin(r, out)
	defer x.end()
	if steps := strings.Split(r.URL.Path, "/"); len(steps) > 3 && steps[2] == "projects" {
		if p, ok := s.store.Project(steps[3]); ok {
			x.of(p)
		}
	}
	s.control.ServeHTTP(out, r)
	x.keep(s, nil, out)
}

// updateRuns is the environment variable that lets [Server.Record] write files.
const updateRuns = "DIGAKIT_UPDATE"

// Record compares what the test asks from here on, and is answered, with testdata/NAME.run
// when the test ends: the first request or answer that differs fails it. With the environment
// variable DIGAKIT_UPDATE=1 the file is written in place of that, unless the test has failed.
// It is one that `digakit replay` asks again, as far as the test changes the world by requests
// alone from here on. Requests must come in the same order in every run; they are answered one
// after the other. Call it once, for a server of [Start], whose clock, ids and secrets are the
// same each time.
func (s *Server) Record(t TestingT, name string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name)+".run")
	var text bytes.Buffer
	tape := &tape{server: s, to: &text}
	tape.open()
	if !filepath.IsLocal(path) || !s.tape.CompareAndSwap(nil, tape) {
		t.Fatalf("mockserver: Record(%q): give a name below testdata, and record a server once", name)
	}
	t.Cleanup(func() {
		t.Helper()
		tape.turn.Lock()
		defer tape.turn.Unlock()
		s.tape.Store(nil)
		if os.Getenv(updateRuns) != "" {
			if t.Failed() {
				return
			}
			err := os.MkdirAll(filepath.Dir(path), 0o750)
			if err = errors.Join(err, os.WriteFile(path, text.Bytes(), 0o600)); err != nil {
				t.Errorf("mockserver: the run was not written: %v", err)
			}
			return
		}
		s.compare(t, path, &text)
	})
}

// compare fails a test whose run is not the one in a file.
func (s *Server) compare(t TestingT, path string, text io.Reader) {
	t.Helper()
	got, err := recording.Read(text)
	if err != nil {
		t.Errorf("mockserver: %v", err)
		return
	}
	expected, err := recording.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("mockserver: there is no %s to compare this run with; run the test with %s=1, and look at what it writes", path, updateRuns)
		return
	}
	if err != nil {
		t.Errorf("mockserver: %v", err)
		return
	}
	at, request, differences := recording.First(expected.Exchanges, got.Exchanges)
	if at < 0 {
		return
	}
	what, lines := "answer", ""
	if request {
		what = "request"
	}
	for _, d := range differences {
		lines += "\n  " + d.String()
	}
	if at < len(got.Exchanges) {
		asked := got.Exchanges[at].Request
		lines = " (" + asked.Method + " " + asked.Path + ")" + lines
		if r, body, err := (recording.Target{URL: s.url}).Request(context.Background(), asked); err == nil {
			lines += "\n  " + s.api.validator.Curl(r, body)
		}
	}
	t.Errorf("mockserver: %s %d of the run is not as in %s%s\n  if that is meant, run the test with %s=1", what, at+1, path, lines, updateRuns)
}
