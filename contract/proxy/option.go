package proxy

import (
	"errors"
	"net/http"

	"github.com/digakit/digakit/contract/report"
)

type config struct {
	enforce   bool
	transport http.RoundTripper
	found     func(report.Finding)
	errs      []error
}

// Option changes what [New] builds.
type Option func(*config)

// Enforce has the proxy refuse what breaks the document: a request with 422,
// before the upstream sees it, and a response with 502. Both are problem
// documents (RFC 9457) that list the violations without any value of the
// payload, and carry them in the sl-violations header. Bodies are held back up
// to the validator's cap and until the verdict; larger ones are refused. Of
// Accept-Encoding only what can be judged is passed on: gzip, deflate,
// br, zstd and identity. A request to switch protocols that breaks the document is refused like
// any other. Off by default.
func Enforce() Option { return func(c *config) { c.enforce = true } }

// OnFinding has f called with every finding that is not like one before. f runs
// on the goroutine of the exchange and may run concurrently with itself.
func OnFinding(f func(report.Finding)) Option { return func(c *config) { c.found = f } }

// Transport has t make the requests to the upstream, to trust another
// certificate authority for one. The default is like http.DefaultTransport, but
// never asks for compression of its own accord; it honours HTTPS_PROXY.
func Transport(t http.RoundTripper) Option {
	return func(c *config) {
		if t == nil {
			c.errs = append(c.errs, errors.New("proxy: Transport(nil): leave the option out for the default"))
			return
		}
		c.transport = t
	}
}
