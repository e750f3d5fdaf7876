package session

import (
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

// Target is suite.Target, which says what each is.
type Target struct {
	URL                string
	Document           []byte
	Key, DeniedKey     string
	Needs              func(*contract.Operation) []string
	Assume             map[string]string
	Only               string
	Skip               []string
	Unsafe             bool
	Writes, Disposable bool
	Rate               float64
	Timeout            time.Duration
	Header             http.Header
	Transport          http.RoundTripper
	Lab                Lab
	Coverage           *coverage.Coverage
	Validator          *contract.Validator
	Progress           func(Progress)
}

// Lab is suite.Lab.
type Lab interface {
	CreateProject(ctx context.Context, keys int) (project, secret string, err error)
	CreateKey(ctx context.Context, project, name string, permissions []string) (id, secret string, err error)
	DeleteKey(ctx context.Context, project, id string) error
	DeleteProject(ctx context.Context, project string) error
}

// Progress is suite.Progress.
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
	for _, id := range slices.Sorted(maps.Keys(t.Assume)) {
		if err := checkAssumption(id, t.Assume[id]); err != nil {
			bad("%w", err)
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
