package spec

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

type config struct {
	stdin    io.Reader
	open     func(name string) (io.ReadCloser, error)
	maxBytes int64
	maxPages int
	timeout  time.Duration
	http     *http.Client
	cacheDir string
	quiet    bool
	progress func(line string)
	errs     []error
}

func newConfig(opts []LoadOption) (*config, error) {
	c := &config{
		stdin: os.Stdin, open: openFile, maxBytes: 32 << 20, maxPages: 200, timeout: 30 * time.Second,
		http: defaultClient(), progress: func(string) {},
	}
	for _, o := range opts {
		o(c)
	}
	return c, errors.Join(c.errs...)
}

// LoadOption changes how [Load] works.
type LoadOption func(*config)

// Stdin is what the source "-" reads. Default [os.Stdin].
func Stdin(r io.Reader) LoadOption { return func(c *config) { c.stdin = r } }

// Open opens the sources that are neither an address nor "-", for programs that
// read them elsewhere than in files. An [*Error] of it is told as it is. Default
// [os.Open].
func Open(open func(name string) (io.ReadCloser, error)) LoadOption {
	return func(c *config) { c.open = open }
}

func openFile(name string) (io.ReadCloser, error) { return os.Open(name) } //nolint:gosec // G304: reading what the caller names is what it is for

// MaxBytes bounds what all sources together may hold, in bytes, after
// decompression. Default 32 MiB.
func MaxBytes(n int64) LoadOption {
	return func(c *config) {
		if n < 1 {
			c.errs = append(c.errs, fmt.Errorf("spec: MaxBytes(%d): must be at least 1", n))
			return
		}
		c.maxBytes = n
	}
}

// MaxPages bounds how many pages of an llms.txt index are fetched. Default 200.
func MaxPages(n int) LoadOption {
	return func(c *config) {
		if n < 1 {
			c.errs = append(c.errs, fmt.Errorf("spec: MaxPages(%d): must be at least 1", n))
			return
		}
		c.maxPages = n
	}
}

// Timeout is how long one address may take, redirects and body included.
// Default 30 s.
func Timeout(d time.Duration) LoadOption {
	return func(c *config) {
		if d <= 0 {
			c.errs = append(c.errs, fmt.Errorf("spec: Timeout(%s): must be more than 0", d))
			return
		}
		c.timeout = d
	}
}

// HTTPClient fetches addresses; its CheckRedirect is replaced by [Load]'s own.
// Default: a client of its own that honours HTTPS_PROXY.
func HTTPClient(client *http.Client) LoadOption {
	return func(c *config) {
		if client == nil {
			c.errs = append(c.errs, errors.New("spec: HTTPClient(nil): must be a client"))
			return
		}
		c.http = client
	}
}

// CacheDir keeps answers that have an ETag in a directory, which is made when
// it is needed; what has not changed is then not sent again (RFC 9110, section
// 13.1.2). Default: nothing is kept.
func CacheDir(dir string) LoadOption { return func(c *config) { c.cacheDir = dir } }

// SkipWarnings leaves [Loaded].Warnings empty, which takes about half the time
// for a large document. Default: they are looked for.
func SkipWarnings() LoadOption { return func(c *config) { c.quiet = true } }

// Progress is called with a line for each thing that may take a while: an
// address that is fetched. Default: nobody is told.
func Progress(tell func(line string)) LoadOption { return func(c *config) { c.progress = tell } }
