package agent

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/control"
	"github.com/digakit/digakit/mockserver/recording"
)

type verifyIn struct {
	URL        string   `json:"url,omitempty" jsonschema:"where the API's paths begin; left out: this mock, in a project of the run's own where keys are bearer tokens"`
	Key        string   `json:"key,omitempty" jsonschema:"secret that may call everything; needed with url"`
	DeniedKey  string   `json:"denied_key,omitempty" jsonschema:"secret that is valid and lacks permission"`
	Only       string   `json:"only,omitempty" jsonschema:"glob over the ids of checks, such as page_*"`
	Skip       []string `json:"skip,omitempty" jsonschema:"globs of operations to leave out"`
	Writes     bool     `json:"writes,omitempty" jsonschema:"also make, change and remove items of its own"`
	MaxSeconds int      `json:"max_seconds,omitempty" jsonschema:"for the whole run; 30 when left out"`
	Limit      int      `json:"limit,omitempty" jsonschema:"findings at most; 10 when left out"`
}

type driftIn struct {
	Base     string `json:"base,omitempty" jsonschema:"file, address or REV:path in git; left out: the document that the mock serves"`
	Revision string `json:"revision" jsonschema:"the newer document, likewise"`
	BaseOnly bool   `json:"base_only,omitempty" jsonschema:"leave out additions that break nothing base has"`
	Limit    int    `json:"limit,omitempty" jsonschema:"findings at most; 10 when left out"`
}

type replayIn struct {
	File string `json:"file" jsonschema:"what digakit mock --record, or Record of a Go test, has written"`
	Here bool   `json:"here,omitempty" jsonschema:"ask this mock, whose projects of the same ids are put into the state that the run began with; left out: a fresh one of the same document"`
}

type finding struct {
	Check     string          `json:"check"`
	Severity  report.Severity `json:"severity"`
	Operation string          `json:"operation,omitempty"`
	Pointer   string          `json:"pointer,omitempty"`
	Message   string          `json:"message"`
	HowToFix  string          `json:"how_to_fix"`
	Curl      string          `json:"curl,omitempty" jsonschema:"repeats the request"`
}

type checkOut struct {
	Summary  report.Summary `json:"summary"`
	Findings []finding      `json:"findings" jsonschema:"the gravest first"`
	Notes    []string       `json:"notes,omitempty"`
	Hint     string         `json:"hint,omitempty"`
}

func (m *mock) addChecks(s *mcp.Server) {
	add(s, "verify", adds|outside, "Check whether a server does what the document says: this mock, or one that claims to be the API. It only reads unless writes is set.", m.verify)
	add(s, "drift", reads|outside, "Compare two OpenAPI documents and say what callers will notice.", m.drift)
	add(s, "replay", destroys, "Ask a recorded run of the mock again, and show the first answer that differs.", m.replay)
}

func (m *mock) replay(ctx context.Context, in replayIn) (checkOut, error) {
	run, err := recording.Open(in.File)
	if err != nil {
		return checkOut{}, err
	}
	target := recording.Target{URL: m.URL, Token: m.Token, Transport: http.DefaultTransport, Freeze: true}
	if !in.Here {
		fresh, err := mockserver.New(mockserver.WithRun(run), mockserver.WithDocument(m.document))
		if err != nil {
			return checkOut{}, err
		}
		target = recording.Target{URL: m.URL, Transport: fresh.Transport()}
	}
	r, err := run.Report(ctx, target, m.validator)
	if err != nil {
		return checkOut{}, err
	}
	if r.Empty() {
		return checkOut{}, errors.New("nothing was checked: the run has no requests")
	}
	return told(r, 1), nil
}

// errLong ends a run that takes longer than it may.
var errLong = errors.New("agent: the run took too long")

func (m *mock) verify(ctx context.Context, in verifyIn) (checkOut, error) {
	t := suite.Target{URL: in.URL, Key: in.Key, DeniedKey: in.DeniedKey, Only: in.Only, Skip: in.Skip, Writes: in.Writes, Validator: m.validator, Coverage: coverage.New(m.validator)}
	switch {
	case in.URL != "":
	case !m.bearer():
		t.URL, t.Key = m.api, m.Key
	default:
		p, err := asked[control.CreatedProject](m.control.CreateProject(ctx, control.NewProject{Keys: new(60)}))
		if err != nil {
			return checkOut{}, err
		}
		defer func() {
			_, _ = asked[any](m.control.DeleteProject(context.WithoutCancel(ctx), p.ID.String())) // only this run knows it
		}()
		k, err := asked[control.CreatedKey](m.control.CreateAPIKey(ctx, p.ID.String(), nil, control.NewKey{Name: "Verify_Denied", Permissions: &[]string{}}))
		if err != nil {
			return checkOut{}, err
		}
		t.URL, t.Key, t.DeniedKey = m.api, p.AdminKey, k.Secret
	}
	limited, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	most := time.Duration(orElse(in.MaxSeconds, 30)) * time.Second
	defer time.AfterFunc(most, func() { stop(errLong) }).Stop()
	r, err := suite.Check(limited, t)
	cut := errors.Is(context.Cause(limited), errLong)
	if r == nil || err != nil && !cut && !errors.Is(err, suite.ErrRefused) {
		return checkOut{}, err
	}
	out := told(r, in.Limit)
	switch {
	case cut:
		out.Hint = strings.Trim(out.Hint+fmt.Sprintf("; stopped after %s, and the rest was not checked: ask less with only and skip, or allow more with max_seconds", most), "; ")
	case err != nil:
		return out, fmt.Errorf("%w; give a key that may call the operations", err)
	case r.Empty():
		return out, errors.New("nothing was checked; only or skip leave nothing over")
	}
	return out, nil
}

// bearer tells whether a project's own key can be sent: the mock knows the project of a
// bearer token alone.
func (m *mock) bearer() bool {
	return !slices.ContainsFunc(m.validator.Operations(), func(o *contract.Operation) bool {
		return len(o.Security) > 0 && slices.ContainsFunc(o.Security[0], func(s contract.SecurityRequirement) bool {
			return s.Type == "apiKey" || strings.EqualFold(s.Scheme, "basic")
		})
	})
}

func (m *mock) drift(ctx context.Context, in driftIn) (checkOut, error) {
	later, err := m.Load(ctx, in.Revision)
	if err != nil {
		return checkOut{}, err
	}
	base, name := &spec.Loaded{Document: m.document}, "the document served"
	if in.Base != "" {
		if base, err = m.Load(ctx, in.Base); err != nil {
			return checkOut{}, err
		}
		name = in.Base
	}
	opts := []drift.Option{drift.Names(name, in.Revision)}
	if in.BaseOnly {
		opts = append(opts, drift.BaseOnly())
	}
	if later.Partial && !base.Partial {
		opts = append(opts, drift.Partial())
	}
	r, err := drift.Compare(ctx, base.Document, later.Document, opts...)
	if err != nil {
		return checkOut{}, err
	}
	return told(r, in.Limit), nil
}

// told is a report in short.
func told(r *report.Report, limit int) checkOut {
	r.Finish()
	limit = orElse(limit, 10)
	out := checkOut{Summary: r.Summary, Findings: []finding{}, Notes: r.Notes}
	for _, f := range r.Findings[:min(limit, len(r.Findings))] {
		operation := f.Operation
		if operation == "" && f.Path != "" {
			operation = f.Method + " " + f.Path
		}
		out.Findings = append(out.Findings, finding{f.Check, f.Severity, operation, f.Pointer, f.Message, f.HowToFix, f.Curl})
	}
	if more := len(r.Findings) - limit; more > 0 {
		out.Hint = fmt.Sprintf("%d more findings: ask with a higher limit", more)
	}
	return out
}
