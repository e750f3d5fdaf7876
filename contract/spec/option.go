package spec

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// loader reads sources within one budget of bytes.
type loader struct {
	stdin    io.Reader
	open     func(name string) (io.ReadCloser, error)
	maxBytes int64
	budget   int64 // what is left of maxBytes
	maxPages int
	timeout  time.Duration
	http     *http.Client
	cacheDir string
	quiet    bool
	progress func(line string)
}

func newLoader(opts []LoadOption) (*loader, error) {
	l := &loader{
		stdin: os.Stdin, maxBytes: 32 << 20, maxPages: 200, timeout: 30 * time.Second, http: defaultClient(), progress: func(string) {},
		open: func(name string) (io.ReadCloser, error) { return os.Open(name) }, //nolint:gosec // G304: reading what the caller names is what it is for
	}
	var errs []error
	for _, o := range opts {
		errs = append(errs, o(l))
	}
	l.budget = l.maxBytes
	return l, errors.Join(errs...)
}

// LoadOption changes how [Load] works.
type LoadOption func(*loader) error

func set(change func(*loader)) LoadOption {
	return func(l *loader) error { change(l); return nil }
}

func positive[N int | int64 | time.Duration](name string, n N, of func(*loader) *N) LoadOption {
	return func(l *loader) error {
		if n <= 0 {
			return fmt.Errorf("spec: %s(%v): must be more than 0", name, n)
		}
		*of(l) = n
		return nil
	}
}

// Stdin is what the source "-" reads. Default [os.Stdin].
func Stdin(r io.Reader) LoadOption { return set(func(l *loader) { l.stdin = r }) }

// Open opens the sources that are neither an address nor "-". An [*Error] of it is
// told as it is. Default [os.Open].
func Open(open func(name string) (io.ReadCloser, error)) LoadOption {
	return set(func(l *loader) { l.open = open })
}

// MaxBytes bounds what all sources together may hold, in bytes, after
// decompression. Default 32 MiB.
func MaxBytes(n int64) LoadOption {
	return positive("MaxBytes", n, func(l *loader) *int64 { return &l.maxBytes })
}

// MaxPages bounds how many pages of an llms.txt index are fetched. Default 200.
func MaxPages(n int) LoadOption {
	return positive("MaxPages", n, func(l *loader) *int { return &l.maxPages })
}

// Timeout is how long one address may take, redirects and body included.
// Default 30 s.
func Timeout(d time.Duration) LoadOption {
	return positive("Timeout", d, func(l *loader) *time.Duration { return &l.timeout })
}

// HTTPClient fetches addresses; its CheckRedirect is replaced by [Load]'s own.
// Default: a client of its own that honours HTTPS_PROXY.
func HTTPClient(client *http.Client) LoadOption {
	return func(l *loader) error {
		if l.http = client; client == nil {
			return errors.New("spec: HTTPClient(nil): must be a client")
		}
		return nil
	}
}

// CacheDir keeps answers that have an ETag in a directory, made when it is
// needed; what has not changed is then not sent again (RFC 9110, section 13.1.2).
// Default: nothing is kept.
func CacheDir(dir string) LoadOption { return set(func(l *loader) { l.cacheDir = dir }) }

// SkipWarnings leaves [Loaded].Warnings empty, which takes about half the time
// for a large document. Default: they are looked for.
func SkipWarnings() LoadOption { return set(func(l *loader) { l.quiet = true }) }

// Progress is called with a line for each address that is fetched. Default:
// nobody is told.
func Progress(tell func(line string)) LoadOption { return set(func(l *loader) { l.progress = tell }) }
