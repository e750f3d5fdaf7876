package recording

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/digakit/digakit/mockserver/journal"
)

// Errors of a replay that callers tell apart.
var (
	ErrUnreachable = errors.New("recording: the mock does not answer")
	ErrRefused     = errors.New("recording: the mock does not take the state that the run began with")
)

// Target is a mock to ask a run again.
type Target struct {
	URL       string // where its paths begin, control API included
	Transport http.RoundTripper
	Token     string // of the control API; empty: it wants none
	// Freeze lets clocks stand still while they are asked, and afterwards. Without it they
	// are set: for a mock whose time passes in no other way.
	Freeze bool
}

// answerTimeout is how long an answer may take.
const answerTimeout = time.Minute

// Replay puts the projects of the target into the state that the run began with, and sends
// each request with the clock as it was. It calls each with the answer's differences, none
// when it is as recorded, until that returns false.
func (run *Run) Replay(ctx context.Context, t Target, each func(index int, differences []Difference) bool) error {
	t.URL = strings.TrimSuffix(t.URL, "/")
	for _, shot := range run.Snapshots {
		if err := t.put(ctx, "/_mock/projects/"+shot.Project.ID.String()+"/snapshot", shot); err != nil {
			return err
		}
	}
	action := "set"
	if t.Freeze {
		action = "freeze"
	}
	for i, e := range run.Exchanges {
		if !e.Time.IsZero() {
			clock := map[string]any{"action": action, "instant": e.Time}
			if err := t.put(ctx, "/_mock/projects/"+url.PathEscape(e.Project)+"/clock", clock); err != nil {
				return err
			}
		}
		got, err := t.ask(ctx, e.Request)
		if err != nil && (ctx.Err() != nil || !errors.Is(err, ErrUnreachable)) {
			return cmp.Or(ctx.Err(), err)
		}
		if !each(i, Compare(e.Response, got)) {
			return nil
		}
	}
	return nil
}

// Request makes a request of a run once more, and its body.
func (t Target) Request(ctx context.Context, of journal.Request) (*http.Request, []byte, error) {
	body := of.Body.Bytes()
	address := t.URL + of.Path
	if of.Query != "" {
		address += "?" + of.Query
	}
	r, err := http.NewRequestWithContext(ctx, of.Method, address, bytes.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("recording: %s %s: %w", of.Method, of.Path, err)
	}
	r.Header = of.Headers.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	return r, body, nil
}

// ask returns the answer to a request; one without status, and an error, when none came.
func (t Target) ask(ctx context.Context, of journal.Request) (journal.Response, error) {
	timed, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	r, _, err := t.Request(timed, of)
	if err != nil {
		return journal.Response{}, err
	}
	if t.Token != "" && strings.HasPrefix(of.Path, "/_mock/") {
		r.Header.Set("Authorization", "Bearer "+t.Token)
	}
	resp, err := t.Transport.RoundTrip(r)
	if err != nil {
		return journal.Response{}, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody+1))
	got := journal.Response{Status: resp.StatusCode, Headers: Relevant(resp.Header), Body: journal.NewBody(body, MaxBody)}
	if err != nil && got.Body != nil {
		got.Body.Truncated = true // a fault cut it short
	}
	return got, ctx.Err()
}

// put tells the control API something.
func (t Target) put(ctx context.Context, path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	got, err := t.ask(ctx, journal.Request{
		Method: http.MethodPut, Path: path, Headers: http.Header{"Content-Type": {"application/json"}}, Body: journal.NewBody(text, len(text)),
	})
	if err != nil || got.Status < 300 {
		return err
	}
	var problem struct{ Detail string }
	_ = json.Unmarshal(got.Body.Bytes(), &problem) // what is no problem document has no detail
	return fmt.Errorf("%w: PUT %s is answered %d %s %s; ask a mock that has the project, or leave out the URL", ErrRefused, path, got.Status, http.StatusText(got.Status), problem.Detail)
}
