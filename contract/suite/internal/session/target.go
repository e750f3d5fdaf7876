package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
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
// ErrStopped: it answered and then did so no more; the report says so.
var (
	ErrTarget      = errors.New("suite: bad target")
	ErrUnreachable = errors.New("suite: target unreachable")
	ErrRefused     = errors.New("suite: key refused everywhere")
	ErrStopped     = errors.New("suite: target stopped answering")
)

const (
	defaultTimeout = 10 * time.Second
	politeRate     = 20
)

// base checks the target and returns its URL. All mistakes come together.
func (t *Target) base() (*url.URL, error) {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%w: "+format, append([]any{ErrTarget}, args...)...))
	}
	u, err := url.Parse(t.URL)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		bad("the URL must be http://HOST or https://HOST, perhaps with a path")
	case u.RawQuery != "" || u.Fragment != "":
		bad("the URL has a query or fragment; leave it out")
	case u.User != nil:
		bad("the URL has a user; give credentials as Key")
	}
	if _, err := path.Match(t.Only, ""); err != nil {
		bad("%q is no glob over check ids: %v", t.Only, err)
	}
	for _, given := range slices.Sorted(maps.Keys(t.Assume)) {
		all, id := Assumptions(), given
		if given == formerSlash {
			id = trailingSlash
		}
		if alternatives, known := all[id]; !known {
			bad("nothing to assume is called %q; known are %s", id, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
		} else if alternative := t.Assume[given]; !slices.Contains(alternatives, alternative) {
			bad("%s cannot be %q, only %s", id, alternative, strings.Join(alternatives, " or "))
		}
	}
	if t.Coverage != nil && t.Validator == nil {
		bad("Coverage counts nothing without the Validator it was made from; give both")
	}
	if t.Timeout < 0 {
		bad("a timeout of %v cannot be kept", t.Timeout)
	}
	if math.IsNaN(t.Rate) {
		bad("the rate is not a number")
	}
	for _, secret := range []struct{ name, value string }{{"Key", t.Key}, {"DeniedKey", t.DeniedKey}} {
		if strings.ContainsFunc(secret.value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			bad("%s holds characters that cannot stand in a header", secret.name)
		}
	}
	return u, errors.Join(errs...)
}

// Loopback tells whether a host is this machine, by its name alone.
func Loopback(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Assumptions are what Target.Assume may say: questions that the document leaves
// open, and how servers may answer them that are all as documented. The ids are
// those of profiles, so that one file tells both the mock how to behave and the
// suite what to expect.
func Assumptions() map[string][]string {
	return map[string][]string{
		"page_with_cursor":         {"reject", "page_wins", "cursor_wins"},
		"page_fields":              {"page_mode_only", "always"},
		"unknown_cursor":           {"reject", "empty"},
		"deleted_cursor":           {"as_unknown", "resume"},
		"empty_list":               {"zero", "one"},
		"unauthenticated":          {"forbidden", "unauthorized"},
		"unrestricted_permissions": {"null", "empty"},
		trailingSlash:              {"redirect", "serve", "not_found"},
		"missing_item":             {"not_found", "invalid"},
		"in_use":                   {"cascade", "refuse"},
		"repeated_parameter":       {"last", "first", "reject"},
	}
}

const (
	trailingSlash = "trailing_slash"
	formerSlash   = "no_trailing_slash" // as it was called before
)

// Assumed is the alternative the target assumes; empty when it stays open.
func (s *Session) Assumed(id string) string {
	if id == trailingSlash {
		return cmp.Or(s.Target.Assume[id], s.Target.Assume[formerSlash])
	}
	return s.Target.Assume[id]
}
