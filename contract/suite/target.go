package suite

import (
	"context"
	"net/http"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Target is the server to check, and how.
type Target struct {
	// URL is where the paths of the document begin: http://127.0.0.1:4010.
	URL string
	// Document is the OpenAPI document the server is held to.
	Document []byte
	// Key is a credential that may call every operation. DeniedKey is one the
	// server knows and refuses for lack of permission; without it that is
	// not checked.
	Key, DeniedKey string
	// Needs tells the permissions one of which a key has to have for an operation;
	// none: every key will do. Default: what the document says of 403.
	Needs func(*contract.Operation) []string
	// Assume says how the server behaves where the document leaves it open:
	// a profile's id to its alternative (see README). What is left out stays
	// open and is not checked; what departs is a warning of basis assumed.
	Assume map[string]string
	// Only is a glob over the ids of checks, as of package path; empty: all.
	Only string
	// Skip are globs of operations to leave out, by id, path, or method and path: in them
	// * is any text. Empty: none.
	Skip []string
	// Unsafe allows bodyless calls of methods the document does not have,
	// such as DELETE. Off by default.
	Unsafe bool
	// Writes allows calls that change data: items are made, marked by their names,
	// and removed again. Disposable says that the whole server may be changed as well,
	// and that what cannot be removed may stay: it is there for this run alone.
	Writes, Disposable bool
	// Rate is the highest number of requests a second. 0: unlimited on
	// loopback, 20 elsewhere. Negative: unlimited.
	Rate float64
	// Timeout is how long one answer may take, its body included. Default 10 s.
	Timeout time.Duration
	// Header is sent with every request.
	Header http.Header
	// Transport sends the requests. Default: one of its own with the proxy
	// settings of the environment, without redirects.
	Transport http.RoundTripper
	// Lab changes the data of the server; nil: what needs it is skipped.
	Lab Lab
	// Coverage, if set, records every exchange. It must have been made from
	// Validator, which must then be given, too.
	Coverage *coverage.Coverage
	// Validator is Document, compiled, which need not be given then. Default: compiled here.
	Validator *contract.Validator
	// Progress, if set, is called before each check and now and then during
	// long ones, from one goroutine.
	Progress func(Progress)
}

// Lab makes data to look at. The server must have isolated projects: what is
// done in one is not seen in another. A lab is used from one goroutine.
type Lab interface {
	// CreateProject makes a project that holds the given number of keys, at
	// least 1, and returns its id and the secret of an unrestricted one of them.
	CreateProject(ctx context.Context, keys int) (project, secret string, err error)
	// CreateKey makes a key with these permissions; nil: unrestricted. The empty
	// project is that of Target.Key, also for DeleteKey.
	CreateKey(ctx context.Context, project, name string, permissions []string) (id, secret string, err error)
	// DeleteKey deletes a key.
	DeleteKey(ctx context.Context, project, id string) error
	// DeleteProject removes a project and all that is in it.
	DeleteProject(ctx context.Context, project string) error
}

// Progress is how far a run has come.
type Progress struct {
	Check, Operation string
	Done, Total      int // checks of operations
	Requests         int // sent so far
}

// ErrTarget: the Target itself is wrong. ErrUnreachable: no answer came.
// ErrRefused: the server answers, but takes the key for no operation at all.
var (
	ErrTarget      = session.ErrTarget
	ErrUnreachable = session.ErrUnreachable
	ErrRefused     = session.ErrRefused
)

// session is the target as the rooms know it.
func (t Target) session() session.Target {
	to := session.Target{
		URL: t.URL, Document: t.Document, Key: t.Key, DeniedKey: t.DeniedKey, Needs: t.Needs, Assume: t.Assume, Only: t.Only, Skip: t.Skip,
		Unsafe: t.Unsafe, Writes: t.Writes, Disposable: t.Disposable, Rate: t.Rate, Timeout: t.Timeout, Header: t.Header,
		Transport: t.Transport, Lab: t.Lab, Coverage: t.Coverage, Validator: t.Validator,
	}
	if t.Progress != nil {
		to.Progress = func(p session.Progress) { t.Progress(Progress(p)) }
	}
	return to
}
