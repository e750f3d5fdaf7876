package spec

import (
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

	parts []part
	left  []string // what of the sources is not used
}

func newLoader(opts []LoadOption) *loader {
	l := &loader{
		stdin: os.Stdin, maxBytes: 32 << 20, maxPages: 200, timeout: 30 * time.Second, progress: func(string) {},
		http: &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: 5 * time.Second}},
		open: func(name string) (io.ReadCloser, error) { return os.Open(name) }, //nolint:gosec // G304: reading what the caller names is what it is for
	}
	for _, o := range opts {
		o(l)
	}
	l.budget = l.maxBytes
	return l
}

// LoadOption changes how [Load] works.
type LoadOption func(*loader)

// Stdin is what the source "-" reads. Default [os.Stdin].
func Stdin(r io.Reader) LoadOption { return func(l *loader) { l.stdin = r } }

// Open opens the sources that are neither an address nor "-". An [*Error] of it is
// told as it is. Default [os.Open].
func Open(open func(name string) (io.ReadCloser, error)) LoadOption {
	return func(l *loader) { l.open = open }
}

// CacheDir keeps answers that have an ETag in a directory, made when it is
// needed; what has not changed is then not sent again (RFC 9110, section 13.1.2).
// Default: nothing is kept.
func CacheDir(dir string) LoadOption { return func(l *loader) { l.cacheDir = dir } }

// SkipWarnings leaves [Loaded].Warnings empty, which takes about half the time
// for a large document. Default: they are looked for.
func SkipWarnings() LoadOption { return func(l *loader) { l.quiet = true } }

// Progress is called with a line for each address that is fetched. Default:
// nobody is told.
func Progress(tell func(line string)) LoadOption { return func(l *loader) { l.progress = tell } }
